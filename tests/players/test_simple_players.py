"""The random and the greedy player, and mate in one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from xiangqi_gpt.board import Board
from xiangqi_gpt.players.base import Player
from xiangqi_gpt.players.greedy import GreedyPlayer
from xiangqi_gpt.players.mate import mate_in_one
from xiangqi_gpt.players.random import RandomPlayer

# The rook of a8 holds the eighth rank: b0-b9 mates. A black rook on a3 stands there for the taking.
MATE_OR_ROOK = "4k4/R8/9/9/9/9/r8/9/9/1R1K5 w - - 0 1"
# The file e is Red's, so the general of d9 can only go to d8: a pawn on c8 or d7 takes that away too.
STALEMATE = "3k5/9/2P6/9/9/9/9/9/9/4K4 w - - 0 1"
# Each with its mirror image for Black: the rook of e5 (d4) attacks along four lines.
CAPTURES = [
    ("3k5/9/4c4/9/2n1R1b2/9/4p4/9/9/5K3 w", {"e5e7"}),  # cannon 4.5, horse 4, elephant 2, pawn 2
    ("3k5/9/4a4/9/2n1R1b2/9/4p4/9/9/5K3 w", {"e5c5"}),
    ("3k5/9/4p4/9/4R1b2/9/4p4/9/9/5K3 w", {"e5g5", "e5e3"}),  # the pawn on e7 has not crossed the river: 1
    ("3k5/9/4p4/9/2r1R4/9/4p4/9/9/5K3 w", {"e5c5"}),
    ("5k3/9/9/4P4/9/2B1r1N2/9/4C4/9/3K5 b", {"e4e2"}),
    ("5k3/9/9/4P4/9/2B1r1N2/9/4A4/9/3K5 b", {"e4g4"}),
    ("3k5/9/9/9/9/P8/9/9/9/5K3 w", {"a4a5"}),  # crossing the river is worth a pawn
    ("3k5/9/9/9/p8/9/9/9/9/5K3 b", {"a5a4"}),
    ("rnbakabnr/9/1c5c1/p1p1p1p1p/9/9/P1P1P1P1P/1C5C1/9/RNBAKABNR w", {"b2b9", "h2h9"}),
]
PLAYERS: list[Callable[[int], Player]] = [RandomPlayer, GreedyPlayer]


def positions(count: int) -> list[Board]:
    draws = random.Random(7)
    found, board = [], Board()
    while len(found) < count:
        if not board.legal_moves or len(board.move_stack) > 120:
            board = Board()
        found.append(board.copy())
        board.push(draws.choice(list(board.legal_moves)))
    return found


@pytest.mark.parametrize("make", PLAYERS)
def test_moves_are_legal_and_leave_the_board_alone(make: Callable[[int], Player]) -> None:
    player = make(1)
    for board in positions(400):
        before, stack = board.fen(), board.move_stack
        move = player.play(board).move
        assert move in set(board.legal_moves)
        assert (board.fen(), board.move_stack) == (before, stack)
    player.close()


@pytest.mark.parametrize("make", PLAYERS)
def test_a_seed_decides_the_moves(make: Callable[[int], Player]) -> None:
    def moves(seed: int) -> list[str]:
        player = make(seed)
        return [str(player.play(Board()).move) for _ in range(40)]

    assert moves(5) == moves(5)
    assert moves(5) != moves(6)


def test_random_is_uniform() -> None:
    player = RandomPlayer(3)
    counts = Counter(player.play(Board()).move for _ in range(4400))
    assert len(counts) == 44
    # Of 100 expected each, a binomial count strays by more than 45 once in hundreds of thousands of cases.
    assert all(55 < count < 145 for count in counts.values())


def test_mate_in_one() -> None:
    assert str(mate_in_one(Board(MATE_OR_ROOK))) == "b0b9"
    assert str(mate_in_one(Board(STALEMATE))) in {"c7c8", "c7d7"}
    assert mate_in_one(Board()) is None
    assert mate_in_one(Board(CAPTURES[0][0])) is None


@pytest.mark.parametrize("fen", [MATE_OR_ROOK, STALEMATE])
def test_mate_in_one_for_black(fen: str) -> None:
    board = Board(fen).mirror()
    move = mate_in_one(board)
    assert move is not None
    board.push(move)
    assert board.legal_moves.count() == 0


def test_greedy_mates_before_it_takes() -> None:
    for seed in range(10):
        assert str(GreedyPlayer(seed).play(Board(MATE_OR_ROOK)).move) == "b0b9"
        assert str(GreedyPlayer(seed).play(Board(STALEMATE)).move) in {"c7c8", "c7d7"}


@pytest.mark.parametrize(("fen", "best"), CAPTURES)
def test_greedy_takes_the_most_and_draws_lots_between_equals(fen: str, best: set[str]) -> None:
    player = GreedyPlayer(2)
    assert {str(player.play(Board(fen)).move) for _ in range(40)} == best
