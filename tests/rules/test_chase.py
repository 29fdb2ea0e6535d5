from __future__ import annotations

import random

import numpy as np
import pytest
import slow_rules
from slow_rules import Pieces, Point

from xiangqi_gpt import Board
from xiangqi_gpt.rules.chase import SHADOWED, THREAT, find_threats, outranks, trace_line
from xiangqi_gpt.rules.pieces import PIECE_TYPES, Piece
from xiangqi_gpt.rules.position import encode_move
from xiangqi_gpt.rules.squares import N_SQUARES, parse_square, square

RANKS = {"R": 3, "N": 2, "C": 2, "A": 1, "B": 1, "P": 1}


def slow_threats(pieces: Pieces, red: bool) -> set[tuple[Point, Point, int]]:
    """The threats of a side, by the words of the rules and the slow referee's moves; nobody may be in check."""
    found = set()
    for origin, target in slow_rules.legal_moves(pieces, red):
        prey, hunter = pieces.get(target, "").upper(), pieces[origin].upper()
        uncrossed = prey == "P" and (target[1] >= 5) == red
        if not prey or hunter in "KP" or uncrossed:
            continue
        if hunter in "NCAB" and RANKS[prey] > RANKS[hunter]:
            found.add((origin, target, THREAT))
            continue
        if prey == hunter and (target, origin) in slow_rules.legal_moves(pieces, not red):
            continue  # an exchange is offered
        after = dict(pieces)
        after[target] = after.pop(origin)
        back = [taker for taker, to in slow_rules.legal_moves(after, not red) if to == target]

        def through_the_attacker(taker: Point, origin: Point = origin, target: Point = target) -> bool:
            (a, b), (x, y), (v, w) = taker, origin, target
            on_a_line = a == x == v or b == y == w
            return on_a_line and min((a, b), (v, w)) < (x, y) < max((a, b), (v, w)) and pieces[taker].upper() in "RC"

        if not back:
            found.add((origin, target, THREAT))
        elif all(through_the_attacker(taker) for taker in back):
            found.add((origin, target, SHADOWED))
    return found


def threats(board: Board, red: bool) -> set[tuple[Point, Point, int]]:
    table = np.zeros((N_SQUARES, N_SQUARES), np.uint8)
    find_threats(board.state, int(red), np.arange(N_SQUARES).astype(np.int16), table)
    return {
        ((int(a) % 9, int(a) // 9), (int(v) % 9, int(v) // 9), int(table[a, v]))
        for a, v in zip(*np.nonzero(table), strict=True)
    }


def test_threats_are_those_of_the_slow_referee() -> None:
    rng = random.Random(9)
    seen = {THREAT: 0, SHADOWED: 0}
    positions = 0
    while positions < 200:
        pieces, red = slow_rules.random_position(rng)
        if slow_rules.in_check(pieces, True) or slow_rules.in_check(pieces, False):
            continue
        positions += 1
        board = Board(slow_rules.write_fen(pieces, red))
        before = board.state.copy()
        for side in (True, False):
            found = threats(board, side)
            assert found == slow_threats(pieces, side), board.fen()
            for *_, kind in found:
                seen[kind] += 1
        assert np.array_equal(board.state, before)
    assert min(seen.values()) > 5


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [("r", "ncabp"), ("n", "abp"), ("c", "abp"), ("a", ""), ("b", ""), ("p", ""), ("k", "")],
)
def test_what_protection_does_not_save(stronger: str, weaker: str) -> None:
    """A rook from horse and cannon; rook, horse and cannon from advisor and elephant."""
    kind = Piece.from_symbol(stronger).piece_type
    below = {Piece.from_symbol(letter).piece_type for letter in weaker}
    assert {other for other in PIECE_TYPES if outranks(kind, other)} == below


def test_a_line_is_traced_by_the_pieces_of_its_first_position() -> None:
    """The rook follows the cannon from file to file; both keep the names of the squares they left."""
    board = Board("3k5/9/9/1c7/9/9/9/9/2R6/4K4 w - - 0 1")
    codes = [encode_move(parse_square(text[:2]), parse_square(text[2:])) for text in ("c1b1", "b6c6", "b1c1")]
    before = np.zeros((3, N_SQUARES, N_SQUARES), np.uint8)
    after = np.zeros_like(before)
    checkers = np.zeros((3, N_SQUARES), np.uint8)
    state = board.state.copy()
    trace_line(state, np.array(codes, np.int32), before, after, checkers)
    rook, cannon = square(2, 1), square(1, 6)
    assert after[:, rook, cannon].tolist() == [THREAT, 0, THREAT]
    assert not before.any()
    assert after.sum() == 2 * THREAT
    assert not checkers.any()
    for text in ("c1b1", "b6c6", "b1c1"):
        board.push_uci(text)
    assert np.array_equal(state, board.state)


def test_checks_are_named_by_the_piece_that_gives_them() -> None:
    board = Board("3k5/9/9/9/9/9/9/9/4R4/5K3 w - - 0 1")
    state = board.state.copy()
    codes = np.array([encode_move(square(4, 1), square(3, 1))], np.int32)
    checkers = np.zeros((1, N_SQUARES), np.uint8)
    empty = np.zeros((1, N_SQUARES, N_SQUARES), np.uint8)
    trace_line(state, codes, empty, empty.copy(), checkers)
    assert np.flatnonzero(checkers[0]).tolist() == [square(4, 1)]


def test_a_standing_check_neither_ends_an_attack_nor_protects() -> None:
    """Red, checked by the rook, still threatens the cannon: it was not the check that saved it."""
    pieces = "3k5/9/9/1c7/9/9/9/1R7/9/r3K4"
    assert ((1, 2), (1, 6), THREAT) in threats(Board(f"{pieces} w - - 0 1"), True)
