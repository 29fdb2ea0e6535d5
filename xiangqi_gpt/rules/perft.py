"""Perft: the number of leaves of the tree of legal moves, the standard test of a move generator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.movegen import MAX_MOVES, generate_legal
from xiangqi_gpt.rules.position import State, make_move, unmake_move
from xiangqi_gpt.rules.squares import N_SQUARES

if TYPE_CHECKING:
    from typing import Protocol

    class _HasState(Protocol):
        @property
        def state(self) -> State: ...


__all__ = ["count_leaves", "perft"]


@kernel
def count_leaves(state: State, depth: int) -> int:
    """Leaves of the tree of legal moves, ``depth`` plies deep; the row is left as it was."""
    if depth <= 0:
        return 1
    moves = np.empty((depth, MAX_MOVES), np.int32)
    danger = np.empty(N_SQUARES, np.uint8)
    total = np.empty(depth, np.int64)
    played = np.zeros(depth, np.int64)
    undo = np.empty(depth, np.int64)
    leaves = 0
    level = 0
    total[0] = generate_legal(state, moves[0], danger)
    while True:
        if level == depth - 1:  # the moves of the last ply need only be counted
            leaves += total[level]
            played[level] = total[level]
        if played[level] == total[level]:
            if level == 0:
                return leaves
            level -= 1
            unmake_move(state, moves[level, played[level]], undo[level])
            played[level] += 1
            continue
        undo[level] = make_move(state, moves[level, played[level]])
        level += 1
        played[level] = 0
        total[level] = generate_legal(state, moves[level], danger)


def perft(board: _HasState, depth: int) -> int:
    """The number of legal lines of ``depth`` plies from ``board``; 1 at depth 0.

    Raises:
        ValueError: ``depth`` is negative.
    """
    if depth < 0:
        raise ValueError(f"a perft depth of {depth} is negative: give 0 or more")
    return int(count_leaves(board.state.copy(), depth))
