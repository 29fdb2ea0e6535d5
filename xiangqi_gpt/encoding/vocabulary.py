"""The move vocabulary: one id for each of the 2,086 moves that any piece can make on an empty board.

Ids 0..2085 are the pairs (from, to) that a rook (1,530), a horse (508), an advisor (16) or an
elephant (32) can move along, sorted by from square, then by to square; generals, cannons and pawns
move along rook lines. Ids 2086..2111 are reserved for special tokens. The order is frozen: corpora
and models name moves by these ids, and :data:`VOCABULARY_HASH` in their files says which order they
mean.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.geometry import ADVISOR_TO, ELEPHANT_TO, FILE, HORSE_TO, RANK
from xiangqi_gpt.rules.squares import N_SQUARES, flip_square, rotate_square

__all__ = [
    "BOS_ID",
    "FLIP_ID",
    "MOVE_CODE",
    "MOVE_FROM",
    "MOVE_ID",
    "MOVE_TO",
    "NO_EVAL",
    "NO_MOVE",
    "N_MOVES",
    "PAD_ID",
    "ROTATE_ID",
    "VOCABULARY_HASH",
    "VOCABULARY_SIZE",
    "move_code",
    "move_id",
]

N_MOVES = 2086
PAD_ID = 2086  # behind the end of a game
BOS_ID = 2087  # before its first move
VOCABULARY_SIZE = 2112  # special ids up to 2111 are free for later; a multiple of 64
NO_MOVE = 0xFFFF  # in arrays of ids: nothing known here
NO_EVAL = 32767  # likewise in arrays of evaluations


def _pairs() -> list[tuple[int, int]]:
    pairs = []
    for origin in range(N_SQUARES):
        jumps = {int(to) for table in (HORSE_TO, ADVISOR_TO, ELEPHANT_TO) for to in table[origin] if to >= 0}
        for target in range(N_SQUARES):
            on_line = FILE[origin] == FILE[target] or RANK[origin] == RANK[target]
            if target != origin and (on_line or target in jumps):
                pairs.append((origin, target))
    return pairs


_PAIRS = _pairs()
MOVE_FROM: NDArray[np.int16] = np.array([origin for origin, _ in _PAIRS], np.int16)  # [2086]
MOVE_TO: NDArray[np.int16] = np.array([target for _, target in _PAIRS], np.int16)  # [2086]
MOVE_CODE: NDArray[np.int32] = MOVE_FROM.astype(np.int32) << 7 | MOVE_TO  # [2086], kernel moves
MOVE_ID: NDArray[np.int16] = np.full((N_SQUARES, N_SQUARES), -1, np.int16)  # [from, to], -1: no move
MOVE_ID[MOVE_FROM, MOVE_TO] = np.arange(N_MOVES)


def _mapped(squares: list[int]) -> NDArray[np.int16]:
    """The id of each move after its squares are mapped."""
    table = np.array(squares, np.int16)
    return MOVE_ID[table[MOVE_FROM], table[MOVE_TO]]


ROTATE_ID = _mapped([rotate_square(sq) for sq in range(N_SQUARES)])  # [2086], the board turned by 180 degrees
FLIP_ID = _mapped([flip_square(sq) for sq in range(N_SQUARES)])  # [2086], left and right exchanged

VOCABULARY_HASH = hashlib.sha256(MOVE_CODE.astype("<i4").tobytes()).hexdigest()[:16]


def move_id(code: int) -> int:
    """The vocabulary id of a kernel move ``from << 7 | to``; every legal move has one.

    Raises:
        ValueError: no piece could ever move so.
    """
    origin, target = code >> 7, code & 127
    found = int(MOVE_ID[origin, target]) if origin < N_SQUARES and target < N_SQUARES and code >= 0 else -1
    if found < 0:
        raise ValueError(f"no piece moves from square {origin} to square {target}")
    return found


def move_code(move: int) -> int:
    """The kernel move of a vocabulary id 0..2085."""
    return int(MOVE_CODE[move])
