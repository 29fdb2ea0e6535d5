"""Repetitions judged by the words of the rules; every line is also played mirrored and with colours swapped."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import slow_rules
from hypothesis import given, settings
from hypothesis import strategies as st

from xiangqi_gpt import AXF, BLACK, RED, SIMPLE, Board, Move, Termination
from xiangqi_gpt.rules.pieces import PAWN, Piece
from xiangqi_gpt.rules.repetition import Conduct, Deed, conduct, judge_repetition
from xiangqi_gpt.rules.squares import N_FILES

RED_LOSES, DRAW, BLACK_LOSES = "0-1", "1/2-1/2", "1-0"
SWAPPED = {RED_LOSES: BLACK_LOSES, BLACK_LOSES: RED_LOSES, DRAW: DRAW}

# What is shown, the position, a cycle of moves, the verdict.
LINES = [
    # Perpetual check
    ("check with every move", "3k5/9/9/9/9/9/9/9/4R4/5K3 w", "e1d1 d9e9 d1e1 e9d9", RED_LOSES),
    ("one check, one idle move", "4k4/9/9/9/9/9/9/9/R8/3K5 w", "a1a9 e9e8 a9a1 e8e9", DRAW),
    (
        "one check, one chase",
        "4k4/9/9/9/9/9/9/R8/7c1/3K5 w",
        "a2a9 e9e8 a9a1 h1h2 a1a8 e8e9 a8a2 h2h1",
        DRAW,
    ),
    ("check is worse than chase", "1r2k4/9/1c7/9/3N5/9/9/3A1n3/9/4CK3 w", "d2e1 b7e7 e1d2 e7b7", RED_LOSES),
    ("checks answered by checks", "3rk4/4c4/4R4/9/9/9/9/9/9/3KC4 w", "e7d7 e8d8 d7e7 d8e8", DRAW),
    # Perpetual chase of an unprotected piece
    ("rook after cannon", "3k5/9/9/1c7/9/9/9/9/2R6/4K4 w", "c1b1 b6c6 b1c1 c6b6", RED_LOSES),
    ("the same, protected", "3k5/9/9/1c6r/9/9/9/9/2R6/4K4 w", "c1b1 b6c6 b1c1 c6b6", DRAW),
    ("protected every other time", "3k5/9/2r6/1c7/9/9/9/9/2R6/4K4 w", "c1b1 b6c6 b1c1 c6b6", DRAW),
    ("protected by a pinned rook", "4k4/9/1c2r4/9/9/9/9/9/2R1R4/3K5 w", "c1b1 b7c7 b1c1 c7b7", RED_LOSES),
    ("protection cut off each time", "2c2k3/9/3P5/9/2b6/2n5R/9/9/9/4K4 w", "d7c7 c5e7 c7d7 e7c5", RED_LOSES),
    ("two pieces in turn", "1r7/5k3/9/9/1c5c1/9/1R7/9/9/3K5 w", "b3h3 b9h9 h3b3 h9b9", DRAW),
    ("by discovery: general and horses", "5k3/9/9/9/9/9/9/3NN4/3K5/4p4 w", "d1e1 e0d0 e1d1 d0e0", RED_LOSES),
    ("by the cannon's screen", "3k5/6n2/9/n7C/9/4N4/9/9/9/4K4 w", "e4d6 g8f6 d6e4 f6g8", RED_LOSES),
    ("a chase that checks at times", "9/4Ck1Nr/9/9/9/1C7/8n/9/3K5/9 w", "h8i6 f8f7 i6h8 f7f8", RED_LOSES),
    # Who may chase, and what may be chased
    ("a pawn chases", "4k3c/7P1/9/9/9/9/9/9/9/3K5 w", "h8i8 i9h9 i8h8 h9i9", DRAW),
    ("a general chases", "5k3/9/9/9/9/9/9/9/3K5/4p4 w", "d1e1 e0d0 e1d1 d0e0", DRAW),
    ("a pawn across the river", "3k5/9/9/9/9/1p7/9/9/2R6/4K4 w", "c1b1 b4c4 b1c1 c4b4", RED_LOSES),
    ("a pawn before the river", "3k5/6n2/9/p7C/9/4N4/9/9/9/4K4 w", "e4d6 g8f6 d6e4 f6g8", DRAW),
    ("a pinned attacker", "4rk3/9/9/9/7c1/4R4/9/9/9/4K4 w", "e4e5 h5h4 e5e4 h4h5", DRAW),
    ("the same, not pinned", "1r3k3/9/9/9/7c1/4R4/9/9/9/4K4 w", "e4e5 h5h4 e5e4 h4h5", RED_LOSES),
    # Rooks
    ("cannon after protected rook", "3r1k3/9/3rb4/4p3C/9/9/9/9/9/4K4 w", "i6i7 d7d6 i7i6 d6d7", RED_LOSES),
    ("horse after protected rook", "3r1k3/9/9/3r5/4N4/9/9/9/9/4K4 w", "e5f7 d6d7 f7e5 d7d6", RED_LOSES),
    # Equals
    ("rooks face each other", "3k5/9/9/1r7/9/2R6/9/9/9/4K4 w", "c4b4 b6c6 b4c4 c6b6", DRAW),
    ("rook after a rook that is pinned", "4k4/9/9/4r4/7R1/9/9/9/4R4/3K5 w", "h5h6 e6e5 h6h5 e5e6", RED_LOSES),
    ("horses face each other", "3k5/9/9/3n5/4N4/9/9/9/9/4K4 w", "e5f7 d6c4 f7e5 c4d6", DRAW),
    # Attacks that nobody makes, or nobody answers
    ("an attack that stands", "5k3/9/9/1c7/9/9/9/1R7/9/4K4 w", "b2b3 f9f8 b3b2 f8f9", DRAW),
    ("attacks that are not answered", "5k3/9/9/1c7/9/9/9/1R7/1R7/4K4 w", "b2c2 f9f8 c2b2 f8f9", DRAW),
    (
        # The cannon protects the horse only through the rook it chases: saving the rook is no chase of the horse.
        "an answer that bares the chaser's piece",
        "4k4/9/9/9/9/6B2/9/N1r1B1nC1/9/3K5 w",
        "e2g0 g2e1 g0e2 e1g2",
        RED_LOSES,
    ),
    ("each side chases", "9/3k5/9/9/8c/8R/8n/8R/5K3/9 b", "i3g2 i4g4 g2i3 g4i4", DRAW),
    ("nobody attacks", "3k5/9/9/9/9/9/9/9/4R4/5K3 w", "e1i1 d9d8 i1e1 d8d9", DRAW),
]


def swap_sides(move: Move) -> Move:
    """The move on the board of :meth:`Board.mirror`."""
    return Move(*(sq % N_FILES + N_FILES * (9 - sq // N_FILES) for sq in (move.from_square, move.to_square)))


def play(board: Board, moves: list[Move]) -> Board:
    for move in moves:
        assert board.is_legal(move), (board.fen(), move)
        board.push(move)
    return board


@pytest.mark.parametrize(("fen", "cycle", "verdict"), [line[1:] for line in LINES], ids=[line[0] for line in LINES])
def test_verdicts(fen: str, cycle: str, verdict: str) -> None:
    board = Board(f"{fen} - - 0 1")
    moves = [Move.from_uci(text) for text in cycle.split()] * 2
    assert board.is_valid()
    for start in range(len(moves) // 2):  # the cycle is judged alike wherever it is entered
        entered = Board.from_state(play(board.copy(), moves[:start]).state)
        turned = moves[start:] + moves[:start]
        assert play(entered.copy(), turned[:-1]).outcome() is None
        assert play(entered.copy(), turned).result() == verdict
        flipped = [move.flip_horizontal() for move in turned]
        assert play(entered.flip_horizontal(), flipped).result() == verdict
        swapped = [swap_sides(move) for move in turned]
        assert play(entered.mirror(), swapped).result() == SWAPPED[verdict]


def cycle_of(fen: str, cycle: str) -> tuple[Board, list[int]]:
    return Board(f"{fen} - - 0 1"), [Move.from_uci(text).code for text in cycle.split()]


def pieces(symbols: str) -> tuple[Piece, ...]:
    return tuple(Piece.from_symbol(symbol) for symbol in symbols)


def test_conduct_names_the_pieces() -> None:
    board, moves = cycle_of("5k3/9/9/9/9/9/9/3NN4/3K5/4p4 w", "d1e1 e0d0 e1d1 d0e0")
    before = board.fen()
    assert conduct(board.state, moves) == {
        RED: Conduct(Deed.PERPETUAL_CHASE, pieces("NN"), Piece.from_symbol("p")),
        BLACK: Conduct(Deed.ALLOWED),
    }
    assert conduct(board.state, moves, chases=False) == {RED: Conduct(Deed.ALLOWED), BLACK: Conduct(Deed.ALLOWED)}
    assert board.fen() == before


def test_conduct_weighs_each_side_for_itself() -> None:
    board, moves = cycle_of("1r2k4/9/1c7/9/3N5/9/9/3A1n3/9/4CK3 w", "d2e1 b7e7 e1d2 e7b7")
    found = conduct(board.state, moves)
    assert found[RED] == Conduct(Deed.PERPETUAL_CHECK, pieces("C"))
    assert found[BLACK] == Conduct(Deed.PERPETUAL_CHASE, pieces("n"), Piece.from_symbol("C"))
    board, moves = cycle_of("9/3k5/9/9/8c/8R/8n/8R/5K3/9 b", "i3g2 i4g4 g2i3 g4i4")
    assert {side: found.deed for side, found in conduct(board.state, moves).items()} == {
        RED: Deed.PERPETUAL_CHASE,
        BLACK: Deed.PERPETUAL_CHASE,
    }


def test_simple_rules_look_at_checks_only() -> None:
    for _, fen, cycle, _ in LINES:
        board, moves = cycle_of(fen, cycle)
        axf, simple = judge_repetition(board.state, moves, AXF), judge_repetition(board.state, moves, SIMPLE)
        if axf.termination is Termination.PERPETUAL_CHASE:
            assert simple.termination is Termination.REPETITION
            assert simple.result() == DRAW
        else:
            assert simple == axf


def test_the_whole_way_since_the_first_occurrence_counts() -> None:
    """The rook chases only the second time round, so it has not chased for ever."""
    board = Board("3k5/9/9/1c7/9/9/9/9/2R6/4K4 w - - 0 1")
    idle = [Move.from_uci(text) for text in ("c1i1", "d9d8", "i1c1", "d8d9")]
    chase = [Move.from_uci(text) for text in ("c1b1", "b6c6", "b1c1", "c6b6")]
    play(board, idle + chase)
    assert board.outcome() is not None
    assert board.result() == DRAW
    play(board, chase)  # judged again from the first of the last three occurrences
    assert board.result() == RED_LOSES


def test_how_often_is_the_rule_sets_business() -> None:
    fen, cycle = LINES[0][1:3]
    board = play(Board(f"{fen} - - 0 1"), [Move.from_uci(text) for text in cycle.split()])
    assert board.outcome(replace(AXF, repetitions=2)) is not None
    assert board.outcome() is None
    assert board.is_repetition(2)
    assert not board.is_repetition(3)


def test_the_side_to_move_belongs_to_the_position() -> None:
    """The rook comes back after three moves, Black's general after two: the other side is to move."""
    board = Board("3k5/9/9/9/9/9/9/9/4R4/5K3 w - - 0 1")
    moves = [Move.from_uci(text) for text in ("e1g1", "d9d8", "g1i1", "d8d9", "i1e1", "d9d8")]
    play(board, moves[:5])
    assert not board.is_repetition(2)
    assert board.board_fen() == board.root().board_fen()
    assert board.turn == BLACK


def test_nothing_comes_back_after_a_capture() -> None:
    board = Board("3k5/9/9/9/9/9/9/9/p7R/4K4 w - - 0 1")
    moves = [Move.from_uci(text) for text in ("i1a1", "d9d8", "a1i1", "d8d9")]
    play(board, moves)
    assert not board.is_repetition(2)
    play(board, moves)
    assert board.is_repetition(2)
    assert not board.is_repetition(3)


def random_cycle(rng: random.Random) -> tuple[Board, list[Move]]:
    """A position, and two moves of either side that go forth and back, the second to answer the first."""
    while True:
        board = Board(slow_rules.write_fen(*slow_rules.random_position(rng)))
        if not board.is_valid():
            continue
        for _ in range(20):
            moves: list[Move] = []
            start = board.copy()
            for ply in range(4):
                if ply < 2:
                    quiet = [
                        move
                        for move in start.legal_moves
                        if not start.is_capture(move) and start.piece_at(move.from_square) != Piece(PAWN, start.turn)
                    ]
                    if not quiet:
                        break
                    move = rng.choice(quiet)
                else:
                    move = Move(moves[ply - 2].to_square, moves[ply - 2].from_square)
                    if not start.is_legal(move) or start.is_capture(move):
                        break
                moves.append(move)
                start.push(move)
            if len(moves) == 4:
                return board, moves


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_the_verdict_does_not_depend_on_side_or_colour(seed: int) -> None:
    board, moves = random_cycle(random.Random(seed))
    outcome = play(board.copy(), moves * 2).outcome()
    assert outcome is not None
    flipped = play(board.flip_horizontal(), [move.flip_horizontal() for move in moves] * 2).outcome()
    swapped = play(board.mirror(), [swap_sides(move) for move in moves] * 2).outcome()
    assert flipped == outcome
    assert swapped is not None
    assert swapped.termination == outcome.termination
    assert swapped.result() == SWAPPED[outcome.result()]
