"""One game between two players."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.messages import XiangqiError, say
from xiangqi_gpt.players.base import Limit, Player
from xiangqi_gpt.rules.outcome import AXF, RuleSet
from xiangqi_gpt.rules.pieces import BLACK, RED, Color

__all__ = ["FAILURE", "ILLEGAL_MOVE", "MAX_PLIES", "RESIGNATION", "PlayedGame", "play_game"]

# Endings beside those of the rules (rules.Termination): names as they stand in records and counts.
MAX_PLIES = "max_plies"
RESIGNATION = "resignation"
ILLEGAL_MOVE = "illegal_move"
FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class PlayedGame:
    """A game that has ended.

    Attributes:
        red: the name of Red's player.
        black: the name of Black's player.
        moves: all moves from the usual start, those of the opening first.
        opening_plies: how many of the moves were given.
        winner: RED, BLACK, or None for a draw.
        termination: why it ended: the value of a ``Termination``, or one of the names above.
        note: what a player that forfeits did, in the user's language.
        seconds: how long the game took.
    """

    red: str
    black: str
    moves: tuple[Move, ...]
    opening_plies: int
    winner: Color | None
    termination: str
    note: str | None
    seconds: float

    def result(self) -> str:
        """``1-0`` (Red wins), ``0-1`` or ``1/2-1/2``."""
        return "1/2-1/2" if self.winner is None else ("1-0" if self.winner else "0-1")


@dataclass(frozen=True, slots=True)
class _End:
    winner: Color | None
    termination: str
    note: str | None = None


def _ended(board: Board, rules: RuleSet, max_plies: int) -> _End | None:
    if (outcome := board.outcome(rules)) is not None:
        return _End(outcome.winner, outcome.termination.value)
    return _End(None, MAX_PLIES) if len(board.move_stack) >= max_plies else None


def _take_turn(player: Player, board: Board, limit: Limit) -> _End | None:
    """Ask the player for its move and play it; an end when there is none to play.

    Whatever a player does wrong costs it the game and nothing else: it sees a copy of the board.
    """
    winner = not board.turn
    try:
        move = player.play(board.copy(), limit).move
        legal = move is None or board.is_legal(move)
    except Exception as error:  # a player may be anybody's code
        reason = str(error) if isinstance(error, XiangqiError) else f"{type(error).__name__}: {error}"
        return _End(winner, FAILURE, say("arena.failed", player=player.name, fen=board.fen(), reason=reason))
    if move is None:
        return _End(winner, RESIGNATION)
    if not legal:
        return _End(winner, ILLEGAL_MOVE, say("arena.illegal", player=player.name, fen=board.fen(), move=move))
    board.push(move)
    return None


def play_game(
    red: Player,
    black: Player,
    *,
    opening: Sequence[Move] = (),
    max_plies: int = 300,
    limit: Limit = Limit(),
    rules: RuleSet = AXF,
) -> PlayedGame:
    """Let two players play a game from the usual start.

    Args:
        red: plays Red.
        black: plays Black.
        opening: legal moves that are played before the players are asked.
        max_plies: a game that has not ended by itself after so many plies, those of the opening
            included, is a draw.
        limit: how long a player may think about a move.
        rules: what ends a game.
    """
    started = time.perf_counter()
    board = Board()
    for move in opening:
        board.push(move)
    players = {RED: red, BLACK: black}
    while (end := _ended(board, rules, max_plies) or _take_turn(players[board.turn], board, limit)) is None:
        pass
    return PlayedGame(
        red=red.name,
        black=black.name,
        moves=tuple(board.move_stack),
        opening_plies=len(opening),
        winner=end.winner,
        termination=end.termination,
        note=end.note,
        seconds=time.perf_counter() - started,
    )
