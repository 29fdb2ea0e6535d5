"""A random order of games that do not fit into memory, in two passes.

First pass: each game draws a 64-bit number, its place, and goes to one of many files, each of which
takes an equal range of places. Second pass: file by file, the games are read into memory, sorted by
their places and written out. So all orders are equally likely, memory holds one file at a time,
and each game is written and read twice, one after another.

The place is a keyed hash of a number that stands for the game, with the seed for its key. The order is
a function of games and seed alone: it does not depend on how many files there are, nor on how many
processes worked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from xiangqi_gpt.corpus.spool import Buckets, place_of, read_records

__all__ = ["Shuffle", "bucket_count", "place_of_number"]

_HELD = 4  # a file of records takes so many times its size when it is held in memory and sorted


def bucket_count(size: int, memory: int) -> int:
    """Into how many files ``size`` bytes of records must go, so that each can be sorted in ``memory``."""
    return 1 + _HELD * size // memory


def place_of_number(number: int, seed: int) -> int:
    """The place of game ``number`` (0 to 2⁶⁴ - 1), 0 to 2⁶⁴ - 1."""
    key = f"xiangqi-gpt shuffle {seed}".encode()
    return int.from_bytes(hashlib.blake2b(number.to_bytes(8, "big"), digest_size=8, key=key).digest(), "big")


class Shuffle:
    """Takes records, then gives them back in the order of their places (:attr:`Head.place`).

    Args:
        folder: for the files; they are removed as they are read.
        size: about how many bytes will come.
        memory: about how many bytes may be held at once.
    """

    def __init__(self, folder: Path, size: int, memory: int) -> None:
        self._buckets = Buckets(folder, bucket_count(size, memory), memory // _HELD)

    def add(self, data: bytes) -> None:
        """The first pass."""
        self._buckets.add(place_of(data), data)

    def games(self) -> Iterator[bytes]:
        """The second pass, once."""
        self._buckets.flush()
        for path in self._buckets.paths:
            yield from sorted(read_records(path), key=place_of)
            path.unlink(missing_ok=True)
