"""Games on disk between the stages: one record of bytes a game, and files that such records are dealt out to.

A record is a head of fixed size (:class:`Head`), then 90 piece codes (``int16``) when the start is set
up, then the moves (``uint16``), and as the flags say evaluations (``int16``) and best moves
(``uint16``), then the candidates: their plies (``uint32``, from the game's first move), moves
(``uint16``) and evaluations (``int16``). All little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = [
    "BEST",
    "BLACK_BEGINS",
    "CANDIDATE_BYTES",
    "EVALS",
    "HEAD_DTYPE",
    "HEAD_SIZE",
    "MIRRORED",
    "SETUP",
    "SETUP_BYTES",
    "Buckets",
    "Head",
    "moves_of",
    "place_of",
    "read_record",
    "read_records",
    "record",
    "with_head",
    "with_place",
    "with_source",
]

SETUP, BLACK_BEGINS, EVALS, BEST, MIRRORED = 1, 2, 4, 8, 16  # flags

SETUP_BYTES = 2 * N_SQUARES
CANDIDATE_BYTES = 8


class Head(NamedTuple):
    """What is known of a game beside moves and labels; ``size`` is that of the whole record in bytes.

    ``family`` and ``identity`` are the keys of :mod:`xiangqi_gpt.corpus.keys`, ``place`` that of
    :mod:`xiangqi_gpt.corpus.shuffle`. ``labelled`` counts the plies that have an evaluation or a best
    move. The flag ``MIRRORED`` says that the canonical form of the moves is their mirror image.
    """

    size: int
    plies: int
    labelled: int
    candidates: int
    family: int
    identity: int
    place: int
    source: int
    opening_plies: int
    red_rating: int
    black_rating: int
    year: int
    result: int
    flags: int
    kind: int
    red_title: int
    black_title: int

    @classmethod
    def of(cls, data: bytes) -> Head:
        """The head of a record."""
        return cls._make(_HEAD.unpack_from(data))


_CODES = "IIIIQQQHHhhhbBBBB"
_HEAD = struct.Struct(f"<{_CODES}")
_NUMPY_CODES = {"I": "<u4", "Q": "<u8", "H": "<u2", "h": "<i2", "b": "i1", "B": "u1"}
HEAD_SIZE = _HEAD.size
HEAD_DTYPE = np.dtype([(name, _NUMPY_CODES[code]) for name, code in zip(Head._fields, _CODES, strict=True)])
_SIZE = struct.Struct("<I")
_PLACE = struct.Struct("<Q")
_PLACE_AT = HEAD_DTYPE.fields["place"][1]  # type: ignore[index]
_SOURCE = struct.Struct("<H")
_SOURCE_AT = HEAD_DTYPE.fields["source"][1]  # type: ignore[index]
_BLOCK = 1 << 20


def record(head: Head, *parts: bytes) -> bytes:
    """The record of a game; the size in ``head`` need not be right."""
    size = HEAD_SIZE + sum(map(len, parts))
    return b"".join((_HEAD.pack(*head._replace(size=size)), *parts))


def with_head(data: bytes, head: Head) -> bytes:
    """The record with another head."""
    return _HEAD.pack(*head) + data[HEAD_SIZE:]


def place_of(data: bytes) -> int:
    """:attr:`Head.place` of a record, without the rest."""
    place: int = _PLACE.unpack_from(data, _PLACE_AT)[0]
    return place


def with_place(data: bytes, place: int) -> bytes:
    """The record with another :attr:`Head.place`."""
    return data[:_PLACE_AT] + _PLACE.pack(place) + data[_PLACE_AT + _PLACE.size :]


def with_source(data: bytes, source: int) -> bytes:
    """The record with another :attr:`Head.source`."""
    return data[:_SOURCE_AT] + _SOURCE.pack(source) + data[_SOURCE_AT + _SOURCE.size :]


def moves_of(data: bytes, head: Head) -> NDArray[np.uint16]:
    """The moves of a record, ``uint16[T]``, not to be changed."""
    return np.frombuffer(data, np.uint16, head.plies, HEAD_SIZE + SETUP_BYTES * (head.flags & SETUP))


def read_records(path: Path) -> Iterator[bytes]:
    """The records of a file one after another; a file that is missing has none."""
    with suppress(FileNotFoundError), path.open("rb", buffering=_BLOCK) as file:
        while data := read_record(file):
            yield data


def read_record(file: BinaryIO) -> bytes:
    """The next record of a file, empty at its end."""
    start = file.read(_SIZE.size)
    return start + file.read(_SIZE.unpack(start)[0] - _SIZE.size) if start else b""


class Buckets:
    """Files that records are dealt out to, as many as one likes.

    What is added waits in memory until there is ``memory`` of it, then each file is opened in turn
    and given its share; so the number of files is not limited by what may be open at once.
    """

    def __init__(self, folder: Path, count: int, memory: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.paths = [folder / f"{number:06d}.games" for number in range(count)]
        self._memory = memory
        self._waiting: list[list[bytes]] = [[] for _ in range(count)]
        self._bytes = 0

    def add(self, key: int, data: bytes) -> None:
        """Add a record to the file whose share of the 64-bit keys has ``key``: file i's are below file i + 1's."""
        self._waiting[key * len(self._waiting) >> 64].append(data)
        self._bytes += len(data) + 40  # of Python's own
        if self._bytes >= self._memory:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        for path, waiting in zip(self.paths, self._waiting, strict=True):
            if waiting:
                with path.open("ab") as file:
                    file.writelines(waiting)
                waiting.clear()
        self._bytes = 0
