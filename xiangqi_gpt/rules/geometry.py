"""Where each piece could go on an empty board, as constant tables for the kernels.

Every table is ``int16``, indexed by square (pawns and generals by colour first), and filled with -1
behind its last entry. Advisors and elephants have moves only from the points they can reach in a
game (5 and 7 a side), so that every legal move is one of the 2,086 of the move vocabulary; one that
a set-up position puts elsewhere cannot move.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.squares import N_SQUARES, in_palace, on_own_half, square

__all__ = [
    "ADVISOR_POINTS",
    "ADVISOR_TO",
    "ELEPHANT_EYE",
    "ELEPHANT_POINTS",
    "ELEPHANT_TO",
    "FILE",
    "GENERAL_TO",
    "HORSE_LEG",
    "HORSE_TO",
    "PAWN_TO",
    "RANK",
]

Table = NDArray[np.int16]

FILE: Table = np.array([sq % 9 for sq in range(N_SQUARES)], np.int16)
RANK: Table = np.array([sq // 9 for sq in range(N_SQUARES)], np.int16)

ADVISOR_POINTS = {
    color: frozenset(square(f, r) for f, r in points)
    for color, points in (
        (True, ((3, 0), (5, 0), (4, 1), (3, 2), (5, 2))),
        (False, ((3, 9), (5, 9), (4, 8), (3, 7), (5, 7))),
    )
}
ELEPHANT_POINTS = {
    color: frozenset(square(f, r) for f, r in points)
    for color, points in (
        (True, ((2, 0), (6, 0), (0, 2), (4, 2), (8, 2), (2, 4), (6, 4))),
        (False, ((2, 9), (6, 9), (0, 7), (4, 7), (8, 7), (2, 5), (6, 5))),
    )
}

_ORTHOGONAL = ((0, 1), (0, -1), (-1, 0), (1, 0))
_DIAGONAL = ((-1, -1), (-1, 1), (1, -1), (1, 1))


def _on_board(file: int, rank: int) -> bool:
    return 0 <= file <= 8 and 0 <= rank <= 9


def _table(rows: list[list[int]], width: int) -> Table:
    return np.array([row + [-1] * (width - len(row)) for row in rows], np.int16)


def _horse() -> tuple[Table, Table]:
    targets, legs = [], []
    for sq in range(N_SQUARES):
        file, rank = sq % 9, sq // 9
        jumps = [
            (square(file + 2 * df + side * dr, rank + 2 * dr + side * df), square(file + df, rank + dr))
            for df, dr in _ORTHOGONAL
            for side in (-1, 1)
            if _on_board(file + 2 * df + side * dr, rank + 2 * dr + side * df)
        ]
        targets.append([to for to, _ in jumps])
        legs.append([leg for _, leg in jumps])
    return _table(targets, 8), _table(legs, 8)


def _diagonal(points: dict[bool, frozenset[int]], reach: int) -> tuple[Table, Table]:
    """Targets ``reach`` steps away on a diagonal among one side's points, and what lies half-way."""
    targets: list[list[int]] = [[] for _ in range(N_SQUARES)]
    middles: list[list[int]] = [[] for _ in range(N_SQUARES)]
    for side in points.values():
        for sq in side:
            file, rank = sq % 9, sq // 9
            for df, dr in _DIAGONAL:
                if not _on_board(file + reach * df, rank + reach * dr):
                    continue
                to = square(file + reach * df, rank + reach * dr)
                if to in side:
                    targets[sq].append(to)
                    middles[sq].append(square(file + df, rank + dr))
    return _table(targets, 4), _table(middles, 4)


def _general() -> Table:
    rows = []
    for red in (False, True):
        side = []
        for sq in range(N_SQUARES):
            file, rank = sq % 9, sq // 9
            steps = [(file + df, rank + dr) for df, dr in _ORTHOGONAL]
            side.append([square(f, r) for f, r in steps if _on_board(f, r) and in_palace(square(f, r), red)])
        rows.append(_table(side, 4))
    return np.stack(rows)


def _pawn() -> Table:
    rows = []
    for red in (False, True):
        forward = 1 if red else -1
        side = []
        for sq in range(N_SQUARES):
            file, rank = sq % 9, sq // 9
            steps = [(file, rank + forward)]
            if not on_own_half(sq, red):
                steps += [(file - 1, rank), (file + 1, rank)]
            side.append([square(f, r) for f, r in steps if _on_board(f, r)])
        rows.append(_table(side, 3))
    return np.stack(rows)


HORSE_TO, HORSE_LEG = _horse()  # [90, 8]: target, and the point that must be empty
ELEPHANT_TO, ELEPHANT_EYE = _diagonal(ELEPHANT_POINTS, 2)  # [90, 4]
ADVISOR_TO, _ = _diagonal(ADVISOR_POINTS, 1)  # [90, 4]
GENERAL_TO = _general()  # [2, 90, 4]
PAWN_TO = _pawn()  # [2, 90, 3]
