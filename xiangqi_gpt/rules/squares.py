"""The 90 points of the board.

A square is an integer ``file + 9 * rank`` in 0..89. Files run a-i from Red's left, ranks 0-9 from
Red's side, so ``a0`` (Red's left corner) is 0, ``i0`` is 8 and ``i9`` is 89.
"""

from __future__ import annotations

from typing import TypeAlias

__all__ = [
    "FILE_NAMES",
    "N_FILES",
    "N_RANKS",
    "N_SQUARES",
    "SQUARE_NAMES",
    "Square",
    "flip_square",
    "in_palace",
    "on_own_half",
    "parse_square",
    "rotate_square",
    "square",
    "square_file",
    "square_name",
    "square_rank",
]

Square: TypeAlias = int

N_FILES = 9
N_RANKS = 10
N_SQUARES = N_FILES * N_RANKS
FILE_NAMES = "abcdefghi"
SQUARE_NAMES = [f"{file}{rank}" for rank in range(N_RANKS) for file in FILE_NAMES]
_SQUARE_BY_NAME = {name: index for index, name in enumerate(SQUARE_NAMES)}


def square(file: int, rank: int) -> Square:
    """The square on ``file`` 0..8 (a-i) and ``rank`` 0..9."""
    return file + N_FILES * rank


def square_file(sq: Square) -> int:
    """The file of a square, 0 (a) to 8 (i)."""
    return sq % N_FILES


def square_rank(sq: Square) -> int:
    """The rank of a square, 0 (Red's back rank) to 9 (Black's)."""
    return sq // N_FILES


def square_name(sq: Square) -> str:
    """The name of a square, such as ``e0``."""
    return SQUARE_NAMES[sq]


def parse_square(name: str) -> Square:
    """The square of a name such as ``e0``.

    Raises:
        ValueError: ``name`` is not a file a-i followed by a rank 0-9.
    """
    try:
        return _SQUARE_BY_NAME[name]
    except KeyError:
        raise ValueError(f"{name!r} is not a square: a file a-i and a rank 0-9, as in e0") from None


def rotate_square(sq: Square) -> Square:
    """The square seen from the other side of the table (the board turned by 180 degrees)."""
    return N_SQUARES - 1 - sq


def flip_square(sq: Square) -> Square:
    """The square mirrored left to right: a and i change places."""
    return sq - 2 * (sq % N_FILES) + N_FILES - 1


def in_palace(sq: Square, red: bool) -> bool:
    """Whether the square is one of the nine points of that side's palace."""
    rank = square_rank(sq)
    return 3 <= square_file(sq) <= 5 and (rank <= 2 if red else rank >= 7)


def on_own_half(sq: Square, red: bool) -> bool:
    """Whether the square lies on that side's half of the board, before the river."""
    return (square_rank(sq) <= 4) == red
