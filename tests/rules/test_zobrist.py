from __future__ import annotations

import random

import numpy as np

from xiangqi_gpt import STARTING_FEN, Board
from xiangqi_gpt.rules.zobrist import ZOBRIST


def test_equal_positions_have_equal_keys_and_others_different_ones() -> None:
    rng = random.Random(1)
    positions: dict[int, str] = {}
    for _ in range(120):
        board = Board()
        for _ in range(100):
            moves = list(board.legal_moves)
            if not moves:
                break
            board.push(rng.choice(moves))
            position = f"{board.board_fen()} {board.turn}"
            assert positions.setdefault(board.zobrist_hash(), position) == position
            assert Board(board.fen()).zobrist_hash() == board.zobrist_hash()
    assert len(positions) == len(set(positions.values())) > 8_000


def test_key_depends_on_pieces_and_side_to_move_alone() -> None:
    board = Board()
    key = board.zobrist_hash()
    for move in ("b0c2", "b9c7", "c2b0", "c7b9"):
        board.push_uci(move)
        if board.turn:
            assert (board.zobrist_hash() == key) == (len(board.move_stack) == 4)
    assert board.zobrist_hash() == key
    assert board.fen() != STARTING_FEN  # the counters differ
    assert Board(STARTING_FEN.replace(" w ", " b ")).zobrist_hash() != key


def test_keys_are_those_of_the_seed() -> None:
    # SplitMix64 in plain integers; files name positions by these keys.
    mask = 2**64 - 1
    x = 20200130
    for expected in ZOBRIST.reshape(-1)[:200].tolist():
        x = x + 0x9E3779B97F4A7C15 & mask
        z = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
        assert z ^ z >> 31 == expected
    assert ZOBRIST.dtype == np.uint64
    assert np.unique(ZOBRIST).size == 16 * 90
