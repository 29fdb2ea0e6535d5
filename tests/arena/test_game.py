"""One game: how it ends, and that no player can spoil it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from xiangqi_gpt.arena.game import PlayedGame, play_game
from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.base import PlayResult
from xiangqi_gpt.players.random import RandomPlayer
from xiangqi_gpt.rules.pieces import BLACK, RED


class Scripted:
    """Answers with what a function makes of the board."""

    def __init__(self, name: str, answer: Callable[[Board], object]) -> None:
        self.name = name
        self._answer = answer

    def play(self, board: Board, *args: object, **kwargs: object) -> PlayResult:
        return self._answer(board)  # type: ignore[return-value]

    def close(self) -> None:
        pass


def line(name: str, moves: str) -> Scripted:
    """Plays the moves of a line, those of its own side among them."""
    plies = [Move.from_uci(text) for text in moves.split()]
    return Scripted(name, lambda board: PlayResult(plies[len(board.move_stack)]))


def played(moves: str) -> PlayedGame:
    return play_game(line("Red", moves), line("Black", moves))


def opening(moves: str) -> list[Move]:
    return [Move.from_uci(text) for text in moves.split()]


# Two cannons on the file of the general: whatever steps between serves the front one as a screen.
MATE = "h2e2 a9a8 e2e6 a8a9 b2b4 a9a8 b4e4"


def fail(board: Board) -> object:
    raise RuntimeError("out of order")


def fail_politely(board: Board) -> object:
    raise XiangqiError("cli.interrupted")


def spoil(board: Board) -> object:
    for move in list(board.legal_moves)[:1]:
        board.push(move)
    board.set_fen("4k4/9/9/9/9/9/9/9/9/3K5 w")
    return PlayResult(Move.from_uci("d0d1"))


@pytest.mark.parametrize(
    ("answer", "termination", "word"),
    [
        (lambda board: PlayResult(Move.from_uci("e0e9")), "illegal_move", "e0e9"),
        (lambda board: PlayResult(Move.from_uci("h9g7")), "illegal_move", "h9g7"),  # the other side's
        (lambda board: PlayResult(Move(1000, 10**30)), "failure", ""),
        (lambda board: PlayResult("h2e2"), "failure", ""),
        (lambda board: None, "failure", "NoneType"),
        (fail, "failure", "RuntimeError: out of order"),
        (fail_politely, "failure", "Interrupted."),
        (spoil, "illegal_move", "d0d1"),
    ],
)
def test_what_a_player_does_wrong_costs_it_the_game(
    answer: Callable[[Board], object], termination: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    game = play_game(Scripted("cheat", answer), RandomPlayer(1))
    assert (game.winner, game.termination, game.result(), game.moves) == (BLACK, termination, "0-1", ())
    assert game.note is not None
    assert "cheat" in game.note
    assert Board().fen() in game.note
    assert word in game.note
    # From a position with Black to move the same player is Black.
    if termination == "failure":
        other = play_game(RandomPlayer(1), Scripted("cheat", answer), opening=opening("a3a4"))
        assert (other.winner, other.termination, other.moves) == (RED, termination, tuple(opening("a3a4")))


def test_a_player_may_resign() -> None:
    game = play_game(RandomPlayer(1), Scripted("weak", lambda board: PlayResult(None)))
    assert (game.winner, game.termination, game.note, len(game.moves)) == (RED, "resignation", None, 1)


def test_the_ply_cap_draws() -> None:
    game = play_game(RandomPlayer(1), RandomPlayer(2), opening=opening("a3a4 a6a5"), max_plies=9)
    assert (game.winner, game.termination, game.result(), len(game.moves)) == (None, "max_plies", "1/2-1/2", 9)
    assert (game.red, game.black, game.opening_plies, game.note) == ("random", "random", 2, None)


def test_mate_ends_the_game() -> None:
    game = played(MATE)
    assert (game.winner, game.termination, game.result()) == (RED, "checkmate", "1-0")
    assert " ".join(map(str, game.moves)) == MATE
    # At the cap, what the rules say comes first.
    moves = opening(MATE)
    assert play_game(RandomPlayer(1), RandomPlayer(1), opening=moves, max_plies=7).termination == "checkmate"
    assert play_game(RandomPlayer(1), RandomPlayer(1), opening=moves[:6], max_plies=6).termination == "max_plies"


def test_repetition_ends_the_game() -> None:
    game = played("a0a1 a9a8 a1a0 a8a9 " * 3)
    assert (game.winner, game.termination, len(game.moves)) == (None, "repetition", 8)
