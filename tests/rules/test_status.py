from __future__ import annotations

import random

import pytest
import slow_rules

from xiangqi_gpt import Board, Status
from xiangqi_gpt.rules.status import position_faults

KINGS = "Kd0 kf9"


def board_of(pieces: str, turn: str = "w") -> Board:
    placed = {("abcdefghi".index(text[1]), int(text[2])): text[0] for text in pieces.split()}
    return Board(slow_rules.write_fen(placed, turn == "w"))


@pytest.mark.parametrize(
    ("pieces", "status", "named"),
    [
        ("Kd0 kf9", Status.VALID, ""),
        ("Kc0 kf9", Status.GENERAL_OUTSIDE_PALACE, "red c0"),
        ("Kd3 kf9", Status.GENERAL_OUTSIDE_PALACE, "red d3"),
        ("Kd0 kf6", Status.GENERAL_OUTSIDE_PALACE, "black f6"),
        ("Kd0 kf2", Status.GENERAL_OUTSIDE_PALACE, "black f2"),
        (f"{KINGS} Ae1 Ad2", Status.VALID, ""),
        (f"{KINGS} Ae0", Status.ADVISOR_OFF_POINT, "red e0"),
        (f"{KINGS} ad1", Status.ADVISOR_OFF_POINT, "black d1"),
        (f"{KINGS} Ae8", Status.ADVISOR_OFF_POINT, "red e8"),
        (f"{KINGS} Ba2 bi7", Status.VALID, ""),
        (f"{KINGS} Ba0", Status.ELEPHANT_OFF_POINT, "red a0"),
        (f"{KINGS} be2", Status.ELEPHANT_OFF_POINT, "black e2"),
        (f"{KINGS} Pa3 Pc4 Pb5 Pi9 pa6 pc5 pb4 ph0", Status.VALID, ""),
        (f"{KINGS} Pa2", Status.PAWN_BEHIND_START, "red a2"),
        (f"{KINGS} Pb3", Status.PAWN_BEHIND_START, "red b3"),
        (f"{KINGS} Pb4", Status.PAWN_BEHIND_START, "red b4"),
        (f"{KINGS} pe7", Status.PAWN_BEHIND_START, "black e7"),
        (f"{KINGS} ph5", Status.PAWN_BEHIND_START, "black h5"),
        (f"{KINGS} Ra1 Ra2 Ra3", Status.TOO_MANY_PIECES, "red 3"),
        (f"{KINGS} na0 na1 na2 na3", Status.TOO_MANY_PIECES, "black 4"),
        (f"{KINGS} Pa5 Pb5 Pc5 Pd5 Pe5 Pf5", Status.TOO_MANY_PIECES, "red 6"),
        ("Ke0 ke9", Status.FACING_GENERALS, ""),
        ("Ke0 ke9 ce5", Status.VALID, ""),
        (f"{KINGS} Rf0", Status.OPPOSITE_CHECK, ""),
        (f"{KINGS} rd9", Status.VALID, ""),
    ],
)
def test_one_fault(pieces: str, status: Status, named: str) -> None:
    board = board_of(pieces)
    assert board.status() == status
    assert board.is_valid() == (status == Status.VALID)
    english, chinese = board.faults("en"), board.faults("zh")
    assert len(english) == len(chinese) == (status != Status.VALID)
    assert all(word in english[0] for word in named.split())
    for word in named.split():  # squares and counts are named in Chinese as well
        assert word in {"red": "红", "black": "黑"} or word in chinese[0]


def test_the_colours_swapped() -> None:
    for pieces, turn in (("Kc0 kf9 Ae0 Ba0 Pa2 Rf0", "w"), ("Ke0 ke9", "b"), ("Kd0 kf9 rd9", "b")):
        board = board_of(pieces, turn)
        assert board.status() == board.mirror().status() == board.flip_horizontal().status()


def test_every_fault_is_told_with_its_square() -> None:
    board = board_of("Kc0 kf9 Ae0 Ba0 Pa2 Pb3 Ra9 Rb9 Rc9")
    assert board.status() == (
        Status.GENERAL_OUTSIDE_PALACE
        | Status.ADVISOR_OFF_POINT
        | Status.ELEPHANT_OFF_POINT
        | Status.PAWN_BEHIND_START
        | Status.TOO_MANY_PIECES
        | Status.OPPOSITE_CHECK
    )
    faults = board.faults("en")
    assert len(faults) == 7
    for square in ("c0", "e0", "a0", "a2", "b3"):
        assert sum(square in fault for fault in faults) == 1
    assert [flag for flag, _ in position_faults(board.state)].count(Status.PAWN_BEHIND_START) == 2


def test_no_position_of_a_game_has_a_fault() -> None:
    rng = random.Random(1)
    for _ in range(10):
        board = Board()
        for _ in range(150):
            moves = list(board.legal_moves)
            if not moves:
                break
            board.push(rng.choice(moves))
            assert board.status() == Status.VALID
