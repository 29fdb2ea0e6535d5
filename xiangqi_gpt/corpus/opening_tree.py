"""Building an opening tree (:mod:`xiangqi_gpt.records.opening_tree`) of games, in bounded memory.

Rows (position, move, how it ended) are sorted and added up a million at a time into runs in a
temporary file. Zobrist keys are spread evenly, so the runs are then merged by slices of the range of
keys, each of which fits in memory.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.atomic import UNFINISHED
from xiangqi_gpt.corpus.metadata import KINDS
from xiangqi_gpt.corpus.shards import RESULTS, CorpusError, ShardArrays
from xiangqi_gpt.encoding.opening_rows import opening_rows
from xiangqi_gpt.records.array_file import STORED_TYPE
from xiangqi_gpt.records.opening_tree import TREE_ARRAYS, TreeFacts
from xiangqi_gpt.records.packed import path_text
from xiangqi_gpt.rules.fen import STARTING_FEN, parse_fen

__all__ = ["build_opening_tree"]

_ROWS = 1_000_000  # in memory at once; about 150 bytes each while they are sorted
_SLICES = 1024  # of the range of keys, by its first bits

# A row: a position, a move, and what is known of the games that have both.
_ROW = np.dtype(
    [
        ("key", np.uint64),
        *((name, np.uint32) for name in RESULTS),
        ("rating_sum", np.uint64),
        ("rated", np.uint32),
        ("move", np.uint16),
        ("year", np.uint16),
    ]
)
_Rows = NDArray[Any]  # of _ROW


def build_opening_tree(
    games: Iterable[ShardArrays],
    path: Path,
    *,
    plies: int = 30,
    least: int = 2,
    mirrored: bool = True,
    kinds: Iterable[str] = KINDS,
    on_progress: Callable[[int], None] = lambda games: None,
) -> TreeFacts:
    """Write the opening tree of games to a file; those from set-up positions are passed over.

    Args:
        games: shards of a corpus, or arrays that are made like them.
        path: the file.
        plies: how deep.
        least: moves of fewer games in a position are left out.
        mirrored: take a position and its mirror image left to right for one.
        kinds: take games of these kinds (:data:`xiangqi_gpt.corpus.metadata.KINDS`) only.
        on_progress: called with the number of games taken so far.

    Raises:
        CorpusError: there are no such games from the usual start, or the file cannot be written.
    """
    if plies < 1 or least < 1:
        raise CorpusError("corpus.tree_limits", plies=plies, least=least)
    wanted = [KINDS.index(kind) for kind in kinds]
    work = path.with_name(f".{path.name}{UNFINISHED}")
    try:
        shutil.rmtree(work, ignore_errors=True)  # of a run that was killed
        work.mkdir(parents=True)
        try:
            with ExitStack() as files:
                facts = _build(games, work, files, plies, least, mirrored, wanted, on_progress)
            (work / "tree").replace(path)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise CorpusError("corpus.cannot_write_file", file=path_text(path), detail=error.strerror or error) from None
    return facts


def _build(
    games: Iterable[ShardArrays],
    work: Path,
    files: ExitStack,
    plies: int,
    least: int,
    mirrored: bool,
    kinds: list[int],
    on_progress: Callable[[int], None],
) -> TreeFacts:
    """Write the file ``tree`` to the folder ``work``."""
    runs = _Runs(files.enter_context((work / "runs").open("w+b")))
    taken = 0
    for arrays in games:
        for part in _parts(arrays, plies, kinds):
            runs.add(_sum_up(_rows_of(arrays, part, plies, mirrored)))
            taken += len(part)
            on_progress(taken)
    if not taken:
        raise CorpusError("corpus.no_openings")
    columns = {name: files.enter_context((work / name).open("w+b")) for name in TREE_ARRAYS}
    rows = positions = 0
    for merged in runs.merged():
        pruned = _pruned(merged, least)
        rows += len(pruned)
        positions += len(np.unique(pruned["key"]))
        for name, column in _columns(pruned).items():
            columns[name].write(column.astype(TREE_ARRAYS[name]).tobytes())
    facts = TreeFacts(games=taken, plies=plies, least=least, mirrored=mirrored, positions=positions)
    _assemble(work / "tree", columns, rows, facts)
    return facts


def _parts(arrays: ShardArrays, plies: int, kinds: list[int]) -> Iterator[NDArray[np.int64]]:
    """The games of these kinds from the usual start, in parts that have about ``_ROWS`` rows at most."""
    games = np.flatnonzero((arrays["start"] < 0) & np.isin(arrays["kind"], kinds))
    ends = np.cumsum(np.minimum(np.diff(arrays["offsets"])[games], plies))
    if len(games):
        cuts = np.searchsorted(ends, np.arange(_ROWS, int(ends[-1]), _ROWS)) + 1
        yield from (part for part in np.split(games, cuts) if len(part))


def _rows_of(arrays: ShardArrays, games: NDArray[np.int64], plies: int, mirrored: bool) -> _Rows:
    """A row for each move of the openings of ``games``."""
    offsets = arrays["offsets"]
    room = int(np.minimum(offsets[games + 1] - offsets[games], plies).sum())
    keys, moves = np.empty(room, np.uint64), np.empty(room, np.uint16)
    of_game, by_red = np.empty(room, np.int64), np.empty(room, np.bool_)
    start = parse_fen(STARTING_FEN)
    n = opening_rows(start, arrays["moves"], offsets, games, plies, mirrored, keys, moves, of_game, by_red)
    of_game, by_red = of_game[:n], by_red[:n]
    rows = np.zeros(n, _ROW)
    rows["key"], rows["move"] = keys[:n], moves[:n]
    result = arrays["result"][of_game]
    for name, number in RESULTS.items():
        rows[name] = result == number
    rows["rating_sum"] = np.where(by_red, arrays["red_rating"][of_game], arrays["black_rating"][of_game])
    rows["rated"] = rows["rating_sum"] > 0
    rows["year"] = arrays["year"][of_game]
    return rows


def _sum_up(rows: _Rows) -> _Rows:
    """Rows of one position and move made one, sorted by both."""
    rows = rows[np.lexsort((rows["move"], rows["key"]))]
    begins = np.ones(len(rows), bool)
    begins[1:] = (np.diff(rows["key"]) != 0) | (np.diff(rows["move"]) != 0)
    first = np.flatnonzero(begins)
    summed = rows[first]
    for name in (*RESULTS, "rating_sum", "rated"):
        summed[name] = np.add.reduceat(rows[name], first)
    summed["year"] = np.maximum.reduceat(rows["year"], first)
    return summed


class _Runs:
    """Runs of sorted rows in a file; memory holds where the slices of each begin."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._rows = 0
        self._bounds: list[NDArray[np.int64]] = []  # for each run int64[_SLICES + 1], rows of the file

    def add(self, rows: _Rows) -> None:
        slices = (rows["key"] // np.uint64(2**64 // _SLICES)).astype(np.int64)
        self._bounds.append(self._rows + np.searchsorted(slices, np.arange(_SLICES + 1)))
        self._file.write(rows.tobytes())
        self._rows += len(rows)

    def merged(self) -> Iterator[_Rows]:
        """All runs as one, cut into parts between positions."""
        ends = np.cumsum(sum(np.diff(bounds) for bounds in self._bounds))
        cuts = np.unique(np.searchsorted(ends, np.arange(_ROWS, int(ends[-1]), _ROWS)))
        for first, last in pairwise([0, *(cuts[cuts > 0]).tolist(), _SLICES]):
            parts = [self._read(*bounds[[first, last]].tolist()) for bounds in self._bounds]
            if rows := [part for part in parts if len(part)]:
                yield _sum_up(np.concatenate(rows))

    def _read(self, first: int, last: int) -> _Rows:
        self._file.seek(first * _ROW.itemsize)
        return np.frombuffer(self._file.read((last - first) * _ROW.itemsize), _ROW)


def _games(rows: _Rows) -> NDArray[np.int64]:
    games: NDArray[np.int64] = np.sum([rows[name] for name in RESULTS], axis=0, dtype=np.int64)
    return games


def _pruned(rows: _Rows, least: int) -> _Rows:
    """The rows of at least so many games; in each position those of most games first."""
    rows = rows[_games(rows) >= least]
    return rows[np.lexsort((rows["move"], -_games(rows), rows["key"]))]


def _columns(rows: _Rows) -> dict[str, NDArray[Any]]:
    """Rows as the arrays of a tree."""
    columns = {name: rows[name] for name in RESULTS}
    ratings = (rows["rating_sum"] / np.maximum(rows["rated"], 1)).round()
    return {"keys": rows["key"], **columns, "moves": rows["move"], "ratings": ratings, "years": rows["year"]}


def _assemble(path: Path, columns: Mapping[str, BinaryIO], rows: int, facts: TreeFacts) -> None:
    """Write columns that lie in files as a safetensors file; the library would want them in memory."""
    header: dict[str, Any] = {"__metadata__": facts.metadata()}
    at = 0
    for name, dtype in TREE_ARRAYS.items():
        end = at + rows * np.dtype(dtype).itemsize
        header[name] = {"dtype": STORED_TYPE[dtype], "shape": [rows], "data_offsets": [at, end]}
        at = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # so that the data is aligned
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for column in columns.values():
            column.seek(0)
            shutil.copyfileobj(column, file)
