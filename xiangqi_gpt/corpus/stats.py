"""What a corpus holds, in figures: read off the mapped shards, one after another.

What is kept of a shard are counts by length, rating, year and opening, so memory does not grow with
the corpus.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.metadata import KINDS, TITLES
from xiangqi_gpt.corpus.shards import NO_BEST, NO_EVAL, RESULTS, ShardArrays, SourceEntry, map_shard
from xiangqi_gpt.encoding.vocabulary import FLIP_ID, MOVE_CODE
from xiangqi_gpt.messages import Language, language
from xiangqi_gpt.notation.coordinates import uci_text

__all__ = ["QUANTILES", "CorpusStats", "Opening", "Spread", "Tally", "corpus_stats", "percent", "short_names"]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_LINE_PLIES = 4
_SHOWN_OPENINGS = 20
_ID_BITS = 12  # a vocabulary id in a line that is packed into a word


def percent(part: float, whole: float) -> str:
    """A share in words; a dash of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


@dataclass
class Tally:
    """Games with their plies and results."""

    games: int = 0
    plies: int = 0
    red_wins: int = 0
    draws: int = 0
    black_wins: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class Spread:
    """How values are spread.

    Attributes:
        count: how many there are.
        mean: their mean.
        quantiles: those of :data:`QUANTILES`, by name such as ``"0.5"``, with ``"min"`` and ``"max"``.
        width: how many values a bar of the histogram covers.
        histogram: the first value of each bar that is not empty, and how many fall in it.
    """

    count: int
    mean: float
    quantiles: dict[str, int]
    width: int
    histogram: dict[int, int]

    def bars(self, width: int | None = None) -> dict[str, int]:
        """The histogram without gaps: what each bar covers, such as ``20–39``, and how many fall in it.

        Args:
            width: another width, a multiple of the spread's own.
        """
        width = width or self.width
        bars: Counter[int] = Counter()
        for value, count in self.histogram.items():
            bars[value // width * width] += count
        lows = range(min(bars), max(bars) + 1, width) if bars else ()
        return {f"{low}–{low + width - 1}" if width > 1 else str(low): bars[low] for low in lows}


@dataclass(frozen=True)
class Opening:
    """A line from the usual start, as UCI texts, and how the games went that began with it or its mirror image."""

    moves: list[str]
    games: int
    red_wins: int
    draws: int
    black_wins: int
    unknown: int

    def text(self, lang: Language | None = None) -> str:
        """The line as people write it: in Chinese, ``1. 炮二平五 马８进７``, or in WXF, ``1. C2=5 H8+7``."""
        moves = [Move.from_uci(move) for move in self.moves]
        chinese = (lang or language()) == "zh"
        return Board().variation_chinese(moves) if chinese else Board().variation_wxf(moves)


@dataclass(frozen=True)
class CorpusStats:
    """The figures of a corpus.

    Attributes:
        total: all games.
        bytes: the size of the shards.
        shards: how many there are.
        splits, sources, kinds: games by side of the split, source, and kind.
        lengths: the plies of games.
        ratings: those of the players that have one, each game counting each of its players.
        titles: players by title, likewise.
        years: games by year, of those that have one.
        evals, best, candidates: plies with an evaluation, with a best move, with moves that were weighed.
        from_setup: games from a set-up position.
        first_moves, lines: the most frequent openings of one ply and of four, mirror images together.
        inputs: what became of the games that were read, from the manifest.
    """

    total: Tally
    bytes: int
    shards: int
    splits: dict[str, Tally]
    sources: dict[str, Tally]
    kinds: dict[str, Tally]
    lengths: Spread
    ratings: Spread
    titles: dict[str, int]
    years: Spread
    evals: int
    best: int
    candidates: int
    from_setup: int
    first_moves: list[Opening]
    lines: list[Opening]
    inputs: list[SourceEntry]

    @property
    def year_width(self) -> int:
        """How many years a bar should cover: all of them make no more than some thirty bars."""
        years = self.years.quantiles
        return 10 if years and years["max"] - years["min"] > 30 else 1

    def to_json(self) -> dict[str, Any]:
        """The figures as JSON has them."""
        return asdict(self)


def short_names(sources: Iterable[str]) -> list[str]:
    """The names of sources without their folders or, to tell them apart, without the folder that all are in."""
    names = [Path(name) for name in sources]
    short = [name.name for name in names]
    if len(set(short)) == len(names):
        return short
    common = os.path.commonpath(names) if len({name.anchor for name in names}) == 1 else ""
    return [str(name.relative_to(common)) for name in names]


@dataclass
class _Counts:
    """A histogram of whole numbers that grows with them."""

    of: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def add(self, values: NDArray[Any]) -> None:
        counts = np.bincount(values)
        longer, shorter = (counts, self.of) if len(counts) > len(self.of) else (self.of, counts)
        self.of = longer.astype(np.int64)
        self.of[: len(shorter)] += shorter

    def spread(self, width: int) -> Spread:
        """The spread of the values added, with bars of ``width``."""
        values = np.flatnonzero(self.of)
        count = int(self.of.sum())
        if not count:
            return Spread(0, 0.0, {}, width, {})
        ends = np.cumsum(self.of)
        quantiles = {f"{q:g}": int(np.searchsorted(ends, q * count)) for q in QUANTILES}
        bars: Counter[int] = Counter()
        for value, n in zip(values.tolist(), self.of[values].tolist(), strict=True):
            bars[value // width * width] += n
        return Spread(
            count=count,
            mean=float(values @ self.of[values] / count),
            quantiles={"min": int(values[0]), **quantiles, "max": int(values[-1])},
            width=width,
            histogram=dict(bars),
        )


class _Lines:
    """Counts of the first ``plies`` plies of games, packed into a word each, by result."""

    def __init__(self, plies: int) -> None:
        self.plies = plies
        self._counts: Counter[tuple[int, int]] = Counter()  # (line, result) -> games

    def add(self, shard: ShardArrays) -> None:
        first = shard["offsets"][:-1]
        games = np.flatnonzero((shard["start"] < 0) & (np.diff(shard["offsets"]) >= self.plies))
        ids = shard["moves"][first[games, None] + np.arange(self.plies)]
        # Of a line and its mirror image the one that counts higher begins on Red's right, as people write it.
        packed = np.maximum(_pack(ids), _pack(FLIP_ID[ids]))
        keys, counts = np.unique(np.stack([packed, shard["result"][games]]), axis=1, return_counts=True)
        self._counts.update(dict(zip(map(tuple, keys.T.tolist()), counts.tolist(), strict=True)))

    def most_frequent(self, count: int) -> list[Opening]:
        """The lines of most games."""
        totals: Counter[int] = Counter()
        for (line, _), games in self._counts.items():
            totals[line] += games
        ranked = sorted(totals.items(), key=lambda item: (-item[1], -item[0]))[:count]
        return [
            Opening(self._moves(line), games, **{name: self._counts[line, r] for name, r in RESULTS.items()})
            for line, games in ranked
        ]

    def _moves(self, line: int) -> list[str]:
        ids = [line >> _ID_BITS * (self.plies - 1 - ply) & (1 << _ID_BITS) - 1 for ply in range(self.plies)]
        return [uci_text(int(MOVE_CODE[move])) for move in ids]


def _pack(ids: NDArray[Any]) -> NDArray[np.int64]:
    """Lines of vocabulary ids, ``[games, plies]``, as one number each."""
    packed = np.zeros(len(ids), np.int64)
    for ply in range(ids.shape[1]):
        packed = packed << _ID_BITS | ids[:, ply].astype(np.int64)
    return packed


def _add(tallies: Sequence[Tally], group: NDArray[Any], lengths: NDArray[np.int64], result: NDArray[np.int8]) -> None:
    """Count the games of a shard by their group, ``[games]``, an index into ``tallies``."""
    size = len(tallies)
    games = np.bincount(group, minlength=size)
    plies = np.bincount(group, weights=lengths, minlength=size)  # exact: far below 2**53
    by_result = {name: np.bincount(group[result == r], minlength=size) for name, r in RESULTS.items()}
    for number, tally in enumerate(tallies):
        tally.games += int(games[number])
        tally.plies += int(plies[number])
        for name, counts in by_result.items():
            setattr(tally, name, getattr(tally, name) + int(counts[number]))


def corpus_stats(corpus: Corpus) -> CorpusStats:
    """The figures of a corpus."""
    manifest = corpus.manifest
    total, splits = Tally(), {split: Tally() for split in manifest.splits}
    sources, kinds = [Tally() for _ in manifest.sources], [Tally() for _ in KINDS]
    lengths, ratings, years, titles = _Counts(), _Counts(), _Counts(), _Counts()
    first_moves, lines = _Lines(1), _Lines(_LINE_PLIES)
    evals = best = candidates = from_setup = 0
    for entry in manifest.shards:
        # Mapped anew, for the pages of one that was read stay in memory as long as the mapping.
        shard = map_shard(corpus.folder, entry, verify=False)
        of_game, result = np.diff(shard["offsets"]), shard["result"]
        nought = np.zeros(len(result), np.int64)
        for tallies, group in (
            ([total], nought),
            ([splits[entry.split]], nought),
            (sources, shard["source"]),
            (kinds, shard["kind"]),
        ):
            _add(tallies, group, of_game, result)
        lengths.add(of_game)
        years.add(shard["year"][shard["year"] > 0])
        for color in ("red", "black"):
            rating = shard[f"{color}_rating"]
            ratings.add(rating[rating > 0])
            titles.add(shard[f"{color}_title"])
        evals += int(np.count_nonzero(shard["eval"] != NO_EVAL))
        best += int(np.count_nonzero(shard["best"] != NO_BEST))
        candidates += int(np.count_nonzero(np.diff(shard["candidates_ply"], prepend=np.uint32(2**32 - 1))))
        from_setup += int(np.count_nonzero(shard["start"] >= 0))
        first_moves.add(shard)
        lines.add(shard)
    return CorpusStats(
        total=total,
        bytes=sum(entry.bytes for entry in manifest.shards),
        shards=len(manifest.shards),
        splits={str(split): tally for split, tally in splits.items()},
        sources={entry.name: tally for entry, tally in zip(manifest.sources, sources, strict=True)},
        kinds={name: tally for name, tally in zip(KINDS, kinds, strict=True) if tally.games},
        lengths=lengths.spread(10),
        ratings=ratings.spread(100),
        titles=dict(zip(TITLES, np.pad(titles.of, (0, len(TITLES)))[: len(TITLES)].tolist(), strict=True)),
        years=years.spread(1),
        evals=evals,
        best=best,
        candidates=candidates,
        from_setup=from_setup,
        first_moves=first_moves.most_frequent(_SHOWN_OPENINGS),
        lines=lines.most_frequent(_SHOWN_OPENINGS),
        inputs=manifest.sources,
    )
