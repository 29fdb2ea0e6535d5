"""XQF: where things stand in a file, and how they are hidden.

XQF is the format of XQStudio (象棋演播室). No specification was published; what follows was told by
the readers and writers of others (XQStudio's own ``XQFRW.pas``, quoted in them) and checked on real
files of the versions 10 to 18. Numbers are little-endian; a point is ``10 * file + rank``, a0 = 0.

A file is a header of 1,024 bytes and one record after another::

    0    "XQ", version, key mask, 4 bytes of product, 4 keys for bits to set, sum of keys, 3 keys
    16   the points of the 32 pieces, Red's then Black's; one that is off the board has none
    50   the side to move (0 Red, 1 Black), the result (0 unknown, 1 Red, 2 Black, 3 and 4 drawn)
    64   the kind of game (0 whole, 1 opening, 2 middle game, 3 endgame)
    80   texts: a byte for the length, then as many bytes of text in a field of fixed size

Of a record the bytes are: from + 24, to + 32, flags, filler; then, up to version 10 always and after
it where the flags say so, the length of a comment in 4 bytes, and the comment. The first record is
the start of the game: its points mean nothing. After a record comes the move that follows, if the
flags say that there is one, with all that comes after it; then the next other move in its own place.

After version 10 every byte behind the header has a key byte added, of 32 in turn, and points and
lengths have keys of their own; after version 11 the pieces stand in a rotated order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

__all__ = [
    "DRAWN",
    "FIELDS",
    "FROM_SHIFT",
    "HEADER_SIZE",
    "KEYS_AT",
    "KINDS",
    "KIND_AT",
    "LAST_VERSION",
    "MAGIC",
    "N_PIECES",
    "PIECES",
    "PIECES_AT",
    "PLAIN_VERSION",
    "RESULTS",
    "RESULT_AT",
    "TO_SHIFT",
    "TURN_AT",
    "Field",
    "Keys",
    "is_on_board",
]

MAGIC = b"XQ"
HEADER_SIZE = 1024
PLAIN_VERSION = 10  # the last one that hides nothing
LAST_VERSION = 18
_ROTATED_VERSION = 12  # the first one that rotates the pieces

KEYS_AT, PIECES_AT, TURN_AT, RESULT_AT, KIND_AT = 2, 16, 50, 51, 64

PIECES = "RNBAKABNRCCPPPPPrnbakabnrccppppp"
N_PIECES = len(PIECES)
RESULTS = ("*", "1-0", "0-1", "1/2-1/2", "1/2-1/2")
DRAWN = 3
KINDS = ("", "opening", "middlegame", "endgame")

FROM_SHIFT, TO_SHIFT = 24, 32


@dataclass(frozen=True, slots=True)
class Field:
    """A text of the header: the tag it is for, where its length stands, and the bytes it can hold."""

    tag: str
    at: int
    size: int

    def raw(self, header: bytes) -> bytes:
        """Its bytes; some programs write the length of what did not fit."""
        return header[self.at + 1 : self.at + 1 + min(header[self.at], self.size)]


# In the order of PGN's tags.
FIELDS = (
    Field("Event", 208, 63),
    Field("Site", 288, 15),
    Field("Date", 272, 15),
    Field("Red", 304, 15),
    Field("Black", 320, 15),
    Field("Title", 80, 63),
    Field("TimeControl", 336, 63),
    Field("RedTime", 400, 15),
    Field("BlackTime", 416, 15),
    Field("Annotator", 464, 15),
    Field("Author", 480, 15),
)


def is_on_board(point: int) -> bool:
    """Whether a byte is a point."""
    return point < 90


_STREAM = np.frombuffer(b"[(C) Copyright Mr. Dong Shiwei.]", np.uint8)
_BYTES = bytes(range(256)) * 2


def _spread(key: int, factor: int) -> int:
    """The byte that is made of a key of the header: XQStudio's own formula, without its brackets."""
    return (54 * key * key + 221) * factor & 0xFF


@dataclass(frozen=True, slots=True)
class Keys:
    """What was added to the numbers and bytes of a file, all 0 where nothing is hidden.

    Attributes:
        rotation: by how many places the pieces are moved down.
        points: added to the pieces' points.
        origin: added to the point a move leaves, with the constant shift.
        target: added to the point a move goes to, likewise.
        length: added to the lengths of comments.
        stream: ``uint8[32]``, added to the bytes behind the header in turn; None when nothing is.
    """

    rotation: int
    points: int
    origin: int
    target: int
    length: int
    stream: np.ndarray[tuple[int], np.dtype[np.uint8]] | None

    @staticmethod
    def of(header: bytes) -> Keys:
        """The keys that a header tells."""
        if header[2] <= PLAIN_VERSION:
            return Keys(0, 0, FROM_SHIFT, TO_SHIFT, 0, None)
        return _keys(header[KEYS_AT:PIECES_AT])

    def pieces(self, header: bytes) -> bytes:
        """The points of the pieces in the order of ``PIECES``."""
        hidden = header[PIECES_AT : PIECES_AT + N_PIECES]
        turned = hidden[-self.rotation :] + hidden[: -self.rotation] if self.rotation else hidden
        return turned.translate(_BYTES[256 - self.points : 512 - self.points])

    def records(self, data: bytes) -> bytes:
        """The bytes of a file behind its header."""
        hidden = np.frombuffer(data, np.uint8, offset=HEADER_SIZE)
        if self.stream is None:
            return hidden.tobytes()
        # The size of the header is a multiple of the stream's.
        return (hidden - np.resize(self.stream, len(hidden))).tobytes()


@lru_cache(64)
def _keys(told: bytes) -> Keys:
    """The keys of a version that hides; ``told`` are the bytes of the header up to the pieces."""
    version, mask, total, first, second, third = told[0], told[1], *told[10:14]
    points = _spread(first, first)
    origin = _spread(second, points)
    target = _spread(third, origin)
    set_bits = np.frombuffer(told[6:10], np.uint8)
    masked = (np.frombuffer(told[10:14], np.uint8) & mask) | set_bits
    return Keys(
        rotation=(points + 1) % N_PIECES if version >= _ROTATED_VERSION else 0,
        points=points,
        origin=origin + FROM_SHIFT,
        target=target + TO_SHIFT,
        length=(total * 256 + first) % 32_000 + 767,
        stream=_STREAM & np.tile(masked, 8),
    )
