"""Zobrist keys: 64-bit hashes by which equal positions are found.

Two positions are equal when the same pieces stand on the same points and the same side is to move;
counters do not matter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.position import COUNT, LIST, TURN, State
from xiangqi_gpt.rules.squares import N_SQUARES, flip_square

__all__ = ["MIRRORED_ZOBRIST", "RED_TO_MOVE_KEY", "ZOBRIST", "mirrored_key", "zobrist_key"]


def _splitmix64(count: int, seed: int) -> NDArray[np.uint64]:
    """The first ``count`` values of the SplitMix64 generator (Steele, Lea and Flood, 2014)."""
    with np.errstate(over="ignore"):
        x = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


# [16, 90] by piece code and square. Keys are stored in corpora and books: never change the seed.
ZOBRIST: NDArray[np.uint64] = _splitmix64(16 * N_SQUARES, 20200130).reshape(16, N_SQUARES)
RED_TO_MOVE_KEY = ZOBRIST[0, 0]  # code 0 is the empty point, whose keys are free
MIRRORED_ZOBRIST: NDArray[np.uint64] = ZOBRIST[:, [flip_square(sq) for sq in range(N_SQUARES)]].copy()


@kernel
def _key(state: State, table: NDArray[np.uint64]) -> np.uint64:
    key = RED_TO_MOVE_KEY if state[TURN] else np.uint64(0)
    for side in range(2):
        for slot in range(state[COUNT + side]):
            sq = state[LIST + 90 * side + slot]
            key ^= table[state[sq], sq]
    return key


@kernel
def zobrist_key(state: State) -> np.uint64:
    """The key of a position."""
    return _key(state, ZOBRIST)


@kernel
def mirrored_key(state: State) -> np.uint64:
    """The key of the position mirrored left to right; equal to its own where it is its own mirror image."""
    return _key(state, MIRRORED_ZOBRIST)
