"""Which games to keep of those that are recorded more than once.

Games are compared within a family: equal starts and equal first 40 plies, mirror images included
(:mod:`xiangqi_gpt.corpus.keys`); who played them, and on which side, is left to the headers, which
are spelt in too many ways to go by. Two games of a family are records of one and the same when

- all their moves are equal (exact duplicates), or
- from where they part, the shorter one's moves all occur in the other too, but for four at most, in
  whatever order and no more than eight plies later (near duplicates): so one may go on for longer, the
  ends may differ, moves may be swapped, mistyped, left out or put in.

Games that part for good after the 40th ply, and games shorter than that and not equal, are all kept;
those of a family come to one side of the split.

The record is kept that tells most: the one with the most plies and labels together; then one with a
result; then the one with more metadata; then the first. What it does not know (result, kind, year,
both ratings, both titles) it takes from the others. It counts as a game of that of their sources which
has the greatest weight in training.

A family is compared game by game with the last :data:`WINDOW` that were kept, in alphabetical order
of the moves, so that near duplicates are near each other; this bounds time and memory whatever comes.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.keys import FAMILY_PLIES, canonical_moves
from xiangqi_gpt.corpus.shards import RESULT_UNKNOWN
from xiangqi_gpt.corpus.spool import MIRRORED, Head, moves_of, read_record, with_head
from xiangqi_gpt.encoding.vocabulary import N_MOVES

__all__ = ["FEW_PLIES", "WINDOW", "Duplicates", "drop_duplicates", "same_game", "sort_by_moves"]

FEW_PLIES = 4
WINDOW = 32

# Family and canonical moves as bytes that sort alphabetically, the number of the record, the record.
_Item = tuple[bytes, int, bytes]
_FAMILY_BYTES = 8
_RUN_HEAD = struct.Struct("<IQ")


# Sorting


def sort_by_moves(records: Iterable[bytes], folder: Path, memory: int) -> Iterator[_Item]:
    """The records with their keys in the order of family and moves, equal ones in the order of coming.

    What does not fit into ``memory`` bytes is sorted part by part; the parts wait in files in ``folder``.
    """
    runs: list[Path] = []
    items: list[_Item] = []
    held = 0
    for number, data in enumerate(records):
        head = Head.of(data)
        moves = canonical_moves(moves_of(data, head), mirrored=bool(head.flags & MIRRORED))
        key = head.family.to_bytes(_FAMILY_BYTES, "big") + moves.tobytes()
        items.append((key, number, data))
        held += len(key) + len(data) + 200  # of Python's own
        if held >= memory:
            items.sort()
            runs.append(_write_run(folder / f"run-{len(runs):06d}", items))
            items, held = [], 0
    items.sort()
    yield from merge(*map(_read_run, runs), items)
    for run in runs:
        run.unlink()


def _write_run(path: Path, items: list[_Item]) -> Path:
    with path.open("wb") as file:
        for key, number, data in items:
            file.write(_RUN_HEAD.pack(len(key), number) + key + data)
    return path


def _read_run(path: Path) -> Iterator[_Item]:
    with path.open("rb") as file:
        while start := file.read(_RUN_HEAD.size):
            size, number = _RUN_HEAD.unpack(start)
            key = file.read(size)
            yield key, number, read_record(file)


# Comparing


def same_game(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> bool:
    """Whether two lines of a family, canonical moves ``uint16[T]``, are near duplicates."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    plies = len(short)
    if plies < FAMILY_PLIES:
        return False
    differ = np.flatnonzero(short != long[:plies])
    if not len(differ) or plies - differ[0] <= FEW_PLIES:
        return True
    parted = differ[0]
    rest = np.bincount(short[parted:], minlength=N_MOVES)
    there = np.bincount(long[parted : plies + 2 * FEW_PLIES], minlength=N_MOVES)
    return int(np.maximum(rest - there, 0).sum()) <= FEW_PLIES


@dataclass(slots=True)
class _Kept:
    """The best record of a game so far."""

    line: NDArray[np.uint16]
    number: int
    head: Head
    data: bytes


def _telling(game: _Kept) -> tuple[int, bool, int, int]:
    head = game.head
    metadata = (head.kind, head.year, head.red_rating, head.black_rating, head.red_title, head.black_title)
    known = sum(value != 0 for value in metadata)
    return head.plies + head.labelled, head.result != RESULT_UNKNOWN, known, -game.number


def _merged(one: _Kept, other: _Kept, weights: Sequence[float]) -> tuple[_Kept, int]:
    """The record that tells more, with what it did not know from the other; and the source that has one less now."""
    better, worse = (one, other) if _telling(one) > _telling(other) else (other, one)
    head, more = better.head, worse.head
    if head.result == RESULT_UNKNOWN:
        head = head._replace(result=more.result)
    for name in ("kind", "year"):
        head = head._replace(**{name: getattr(head, name) or getattr(more, name)})
    if not (head.red_rating or head.black_rating):
        head = head._replace(red_rating=more.red_rating, black_rating=more.black_rating)
    if not (head.red_title or head.black_title):
        head = head._replace(red_title=more.red_title, black_title=more.black_title)
    source, dropped = head.source, more.source
    if weights and weights[dropped] > weights[source]:
        source, dropped = dropped, source
    return _Kept(better.line, better.number, head._replace(source=source), better.data), dropped


@dataclass
class Duplicates:
    """How many records were dropped, by the number of their source."""

    exact: Counter[int] = field(default_factory=Counter)
    near: Counter[int] = field(default_factory=Counter)


def drop_duplicates(items: Iterable[_Item], dropped: Duplicates, weights: Sequence[float] = ()) -> Iterator[bytes]:
    """The records to keep of those that :func:`sort_by_moves` gives; ``weights`` are those of the sources."""
    for _, family in groupby(items, key=lambda item: item[0][:_FAMILY_BYTES]):
        kept: list[_Kept] = []
        for game in _exact_ones(family, dropped, weights):
            for place, other in enumerate(kept):
                if same_game(other.line, game.line):
                    kept[place], source = _merged(other, game, weights)
                    dropped.near[source] += 1
                    break
            else:
                kept.append(game)
            if len(kept) > WINDOW:
                yield _record(kept.pop(0))
        yield from map(_record, kept)


def _exact_ones(family: Iterable[_Item], dropped: Duplicates, weights: Sequence[float]) -> Iterator[_Kept]:
    for key, equal in groupby(family, key=lambda item: item[0]):
        line = np.frombuffer(key, ">u2", offset=_FAMILY_BYTES).astype(np.uint16)
        best: _Kept | None = None
        for _, number, data in equal:
            game = _Kept(line, number, Head.of(data), data)
            if best is None:
                best = game
            else:
                best, source = _merged(best, game, weights)
                dropped.exact[source] += 1
        if best is not None:
            yield best


def _record(game: _Kept) -> bytes:
    return with_head(game.data, game.head)
