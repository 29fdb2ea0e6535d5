"""Colours, piece types and their letters.

A piece is coded as ``type + 8 * colour``: Black's pieces are 1..7, Red's 9..15, an empty point 0.
The codes are what the kernels store; :class:`Piece` is their Python face.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "ADVISOR",
    "BLACK",
    "CANNON",
    "COLORS",
    "ELEPHANT",
    "EMPTY",
    "GENERAL",
    "HORSE",
    "PAWN",
    "PIECE_HANZI",
    "PIECE_HANZI_TRADITIONAL",
    "PIECE_LETTERS",
    "PIECE_NAMES",
    "PIECE_TYPES",
    "RED",
    "ROOK",
    "Color",
    "Piece",
    "PieceType",
    "piece_code",
    "piece_color",
    "piece_type",
]

Color: TypeAlias = bool
RED: Color = True
BLACK: Color = False
COLORS = (RED, BLACK)

PieceType: TypeAlias = int
EMPTY = 0
PAWN = 1
ADVISOR = 2
ELEPHANT = 3
HORSE = 4
CANNON = 5
ROOK = 6
GENERAL = 7
PIECE_TYPES = (PAWN, ADVISOR, ELEPHANT, HORSE, CANNON, ROOK, GENERAL)

# FEN letters by type (Red's; Black's are the lower case), as in xqbase and Pikafish.
PIECE_LETTERS = ".PABNCRK"
PIECE_NAMES = ("empty", "pawn", "advisor", "elephant", "horse", "cannon", "rook", "general")
# Characters by piece code, as they stand on the pieces of a modern set.
PIECE_HANZI = "．卒士象马炮车将．兵仕相马炮车帅"
PIECE_HANZI_TRADITIONAL = "．卒士象馬砲車將．兵仕相傌炮俥帥"


def piece_code(piece: PieceType, color: Color) -> int:
    """The code of a piece: ``type + 8`` for Red, ``type`` for Black."""
    return piece + 8 * color


def piece_type(code: int) -> PieceType:
    """The type of a piece code, 1..7 (0 for an empty point)."""
    return code & 7


def piece_color(code: int) -> Color:
    """The colour of a piece code (meaningless for an empty point)."""
    return code >= 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece with its colour."""

    piece_type: PieceType
    color: Color

    @property
    def code(self) -> int:
        """The code that the kernels store."""
        return piece_code(self.piece_type, self.color)

    @classmethod
    def from_code(cls, code: int) -> Piece:
        """The piece of a non-zero code."""
        return cls(piece_type(code), piece_color(code))

    @classmethod
    def from_symbol(cls, symbol: str) -> Piece:
        """The piece of a FEN letter, upper case for Red; ``H`` and ``E`` are read as N and B.

        Raises:
            ValueError: no piece has that letter.
        """
        letter = {"H": "N", "E": "B"}.get(symbol.upper(), symbol.upper())
        kind = PIECE_LETTERS.find(letter) if len(letter) == 1 else -1
        if kind < 1:
            raise ValueError(f"{symbol!r} is not a piece letter: one of KABNRCP, or E and H")
        return cls(kind, symbol.isupper())

    def symbol(self) -> str:
        """The FEN letter, upper case for Red."""
        letter = PIECE_LETTERS[self.piece_type]
        return letter if self.color else letter.lower()

    def hanzi(self, *, traditional: bool = False) -> str:
        """The Chinese character on the piece."""
        return (PIECE_HANZI_TRADITIONAL if traditional else PIECE_HANZI)[self.code]
