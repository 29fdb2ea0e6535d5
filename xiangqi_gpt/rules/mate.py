"""Mate in one."""

from __future__ import annotations

import numpy as np

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.movegen import MAX_MOVES, generate_legal, has_legal_move
from xiangqi_gpt.rules.position import State, make_move, unmake_move
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["allows_mate", "find_mate"]


@kernel
def find_mate(state: State) -> int:
    """A legal move that leaves the other side none, by checkmate or stalemate (both win); -1 if there is none."""
    moves = np.empty(MAX_MOVES, np.int32)
    count = generate_legal(state, moves, np.empty(N_SQUARES, np.uint8))
    for i in range(count):
        undo = make_move(state, moves[i])
        mates = not has_legal_move(state)
        unmake_move(state, moves[i], undo)
        if mates:
            return moves[i]
    return -1


@kernel
def allows_mate(state: State) -> bool:
    """Whether every legal move of the side to move lets the other side mate at once (true when it has none)."""
    moves = np.empty(MAX_MOVES, np.int32)
    count = generate_legal(state, moves, np.empty(N_SQUARES, np.uint8))
    for i in range(count):
        undo = make_move(state, moves[i])
        answer = find_mate(state)
        unmake_move(state, moves[i], undo)
        if answer < 0:
            return False
    return True
