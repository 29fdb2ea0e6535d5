"""Which pieces attack each point of a board, counted by kind: what exchanges are reckoned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.geometry import (
    ADVISOR_TO,
    ELEPHANT_EYE,
    ELEPHANT_TO,
    GENERAL_TO,
    HORSE_LEG,
    HORSE_TO,
    PAWN_TO,
)
from xiangqi_gpt.rules.movegen import ray_length, ray_step
from xiangqi_gpt.rules.pieces import ADVISOR, CANNON, ELEPHANT, HORSE, PAWN, ROOK
from xiangqi_gpt.rules.position import COUNT, LIST, State
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["ONE_OF_KIND", "Attackers", "attacked_points", "count_attackers"]

Attackers = NDArray[np.int64]
"""``int64[90]``: for each point how many pieces of a side attack it, eight bits a kind, pawns lowest."""

ONE_OF_KIND = np.array([0] + [1 << 8 * kind for kind in range(7)], np.int64)
"""What one attacker of a kind (1 pawn … 7 general, as in :mod:`xiangqi_gpt.rules.pieces`) adds to a count."""


@kernel
def _attack_rays(state: State, origin: int, screens: int, found: NDArray[np.int16]) -> int:
    """The points that a slider on ``origin`` attacks: a rook's (0 screens) or a cannon's (1)."""
    n = 0
    for direction in range(4):
        step = ray_step(direction)
        at = origin
        passed = 0
        for _ in range(ray_length(origin, direction)):
            at += step
            if passed == screens:
                found[n] = at
                n += 1
            if state[at]:
                if passed == screens:
                    break
                passed += 1
    return n


@kernel
def attacked_points(state: State, origin: int, found: NDArray[np.int16]) -> int:
    """Write the points that the piece on ``origin`` attacks to ``found`` (``int16[>= 17]``); returns how many.

    A piece attacks a point when it could take an enemy piece there, its general's safety aside.
    """
    piece = state[origin]
    kind = piece & 7
    if kind == ROOK:
        return int(_attack_rays(state, origin, 0, found))
    if kind == CANNON:
        return int(_attack_rays(state, origin, 1, found))
    n = 0
    if kind in (HORSE, ELEPHANT):
        targets, blocks = (
            (HORSE_TO[origin], HORSE_LEG[origin]) if kind == HORSE else (ELEPHANT_TO[origin], ELEPHANT_EYE[origin])
        )
        for i in range(len(targets)):
            if targets[i] < 0:
                break
            if state[blocks[i]] == 0:
                found[n] = targets[i]
                n += 1
        return n
    side = int(piece >> 3)
    steps = (
        PAWN_TO[side, origin] if kind == PAWN else ADVISOR_TO[origin] if kind == ADVISOR else GENERAL_TO[side, origin]
    )
    for target in steps:
        if target < 0:
            break
        found[n] = target
        n += 1
    return n


@kernel
def count_attackers(state: State, side: int, attackers: Attackers, found: NDArray[np.int16]) -> None:
    """Count for each point (``attackers``, overwritten) the pieces of ``side`` that attack it; ``found`` is scratch."""
    for sq in range(N_SQUARES):
        attackers[sq] = 0
    for slot in range(state[COUNT + side]):
        origin = int(state[LIST + 90 * side + slot])
        one = ONE_OF_KIND[state[origin] & 7]
        for i in range(attacked_points(state, origin, found)):
            attackers[found[i]] += one
