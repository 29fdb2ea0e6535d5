"""A corpus as batches in a fixed random order, with one integer for the place in it.

Games are cut into windows (:func:`xiangqi_gpt.encoding.batch.game_windows`), and an epoch takes windows
in a computed random order. A game of a source of weight w is taken w times as often as one of weight
1, to the letter where w is whole: windows of one weight are an endless stream, one shuffled lap after
another, of which each epoch takes the next ``w * windows``; a second permutation mixes the streams.

The epoch is cut into pools. Within a pool the windows are sorted by length and cut into batches of
about equal positions, so that little is padding; then the batches are shuffled. Batch k is thus a
function of (seed, context, k): nothing else is state, and no order is kept in memory.

Data-parallel ranks share each batch: rank r of R takes every R-th of its windows, which are of about
equal length. What a step sees, and in which mirror, does not depend on R, so a run may go on with
another number of ranks.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.dataset import Corpus, shuffled_order
from xiangqi_gpt.corpus.lessons import DRAWS_A_GAME, NO_LESSONS, Lessons
from xiangqi_gpt.corpus.shards import CorpusError, Split
from xiangqi_gpt.encoding.batch import EncodedBatch, View, Window, encode_batch, game_windows

__all__ = ["BatchOrder", "prefetch"]

_BATCHES_A_POOL = 16
_ORDER_VERSION = 2  # of what follows from seed, context and corpus; up by one when that changes

# Windows: the game of each, and which of its windows it is.
_Windows: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class _Stream:
    """The windows of games that weigh the same, from 0 to ``windows - 1``.

    Attributes:
        games: their numbers, ``int32[games]``; None: all games of the side.
        ends: ``int64[games]``, one behind the last window of each.
        taken: how many windows an epoch takes.
    """

    games: NDArray[np.int32] | None
    ends: NDArray[np.int64]
    taken: int

    @property
    def windows(self) -> int:
        return int(self.ends[-1])

    def locate(self, numbers: NDArray[np.int64]) -> _Windows:
        """The windows of these numbers."""
        rows = np.searchsorted(self.ends, numbers, side="right")
        before = np.where(rows > 0, self.ends[rows - 1], 0)
        return rows if self.games is None else self.games[rows].astype(np.int64), numbers - before

    def take(self, epoch: int, places: NDArray[np.int64], seed: int) -> _Windows:
        """The windows at ``places`` (0 to ``taken - 1``) of what an epoch takes."""
        laps, places = np.divmod(epoch * self.taken + places, self.windows)
        if self.taken % self.windows:  # whole laps need no order of their own
            for lap in np.unique(laps):
                of_lap = laps == lap
                places[of_lap] = shuffled_order(self.windows, seed, int(lap)).take(places[of_lap])
        return self.locate(places)


class BatchOrder:
    """The batches of one side of a corpus's split, or one rank's share of each.

    Args:
        corpus: the corpus.
        split: its side.
        view: what the batches hold.
        context: the longest window in plies.
        positions: about how many positions a batch has, all ranks together.
        seed: of the order and the mirroring.
        mirror: the share of the games that are mirrored left to right, drawn anew each time.
        weights: how often each source of the manifest is seen; the manifest's own when left out.
        lessons: what the model is told and shall learn beside the moves; nothing when left out.
        rank: which share of each batch to make.
        ranks: how many shares there are.

    Raises:
        CorpusError: the side has no games, or the weights make no sense.
    """

    def __init__(
        self,
        corpus: Corpus,
        split: Split,
        view: View,
        *,
        context: int,
        positions: int,
        seed: int = 0,
        mirror: float = 0.0,
        weights: Sequence[float] | None = None,
        lessons: Lessons = NO_LESSONS,
        rank: int = 0,
        ranks: int = 1,
    ) -> None:
        if not 0 <= rank < ranks:
            raise ValueError(f"rank {rank} of {ranks}")
        self.corpus, self.split, self.view = corpus, split, view
        self.context, self.seed, self.mirror = context, seed, mirror
        self.lessons = lessons
        self.rank, self.ranks = rank, ranks
        self.weights = _checked_weights(corpus, weights)
        self._positions = positions
        self._lengths = corpus.lengths(split).astype(np.int32)
        if len(self._lengths) == 0:
            raise CorpusError("corpus.empty_split", folder=corpus.folder, split=split)
        self._streams, plies = self._make_streams()
        self.windows = sum(stream.taken for stream in self._streams)
        if self.windows == 0:
            raise CorpusError("corpus.weightless", folder=corpus.folder, split=split)
        self.plies = round(plies)
        # A small corpus has fewer batches: none may be empty.
        wanted = min(self.windows, max(1, round(plies / positions)))
        self._pools = max(1, round(wanted / _BATCHES_A_POOL))
        self._batches_a_pool = max(1, min(round(wanted / self._pools), self.windows // self._pools))
        self._cut: tuple[int, int, list[_Windows]] | None = None

    @property
    def _step(self) -> int:
        """How far a window beyond a game's first moves on, as in ``game_windows``: half a context."""
        return max(self.context - self.context // 2, 1)

    def _window_counts(self) -> NDArray[np.int64]:
        """How many windows each game has."""
        return 1 + np.maximum(0, -(-(self._lengths.astype(np.int64) - self.context) // self._step))

    @cached_property
    def _all_windows(self) -> _Stream:
        ends = np.cumsum(self._window_counts())
        return _Stream(None, ends, int(ends[-1]))

    def _make_streams(self) -> tuple[list[_Stream], float]:
        """A stream for each weight, and the positions that an epoch takes of them."""
        if len(set(self.weights)) == 1:
            every, weight = self._all_windows, self.weights[0]
            taken = round(weight * every.windows)
            return [_Stream(None, every.ends, taken)], float(self._lengths.sum(dtype=np.int64) * weight)
        counts = self._window_counts()
        of_game = np.array(self.weights)[self.corpus.sources(self.split)]
        streams, plies = [], 0.0
        for weight in sorted(set(self.weights)):
            games = np.flatnonzero(of_game == weight).astype(np.int32)
            if weight > 0 and len(games):
                ends = np.cumsum(counts[games])
                streams.append(_Stream(games, ends, max(1, round(weight * int(ends[-1])))))
                plies += weight * float(self._lengths[games].sum(dtype=np.int64))
        return streams, plies

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return self._pools * self._batches_a_pool

    def identity(self) -> dict[str, int | bool | str]:
        """What decides which games a batch has: a place in one order means nothing in another.

        The ranks are not part of it, nor is mirroring, which changes no place.
        """
        shards = " ".join(entry.sha256 for entry in self.corpus.manifest.shards if entry.split == self.split)
        return {
            "order": _ORDER_VERSION,
            "corpus": hashlib.sha256(shards.encode()).hexdigest()[:16],
            "context": self.context,
            "batch_positions": self._positions,
            "seed": self.seed,
            "weights": " ".join(f"{weight:g}" for weight in self.weights),
        }

    def _take(self, epoch: int, first: int, last: int) -> _Windows:
        """The windows ``first`` to ``last - 1`` of an epoch's order."""
        slots = shuffled_order(self.windows, self.seed, epoch).take(np.arange(first, last))
        games, which = np.empty_like(slots), np.empty_like(slots)
        before = 0
        for number, stream in enumerate(self._streams):
            mine = np.flatnonzero((slots >= before) & (slots < before + stream.taken))
            # A seed of each stream's own, or its order would follow the one that mixes the streams.
            games[mine], which[mine] = stream.take(epoch, slots[mine] - before, self.seed + (number + 1 << 32))
            before += stream.taken
        return games, which

    def _sizes(self, games: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many positions a window of each game has."""
        return np.minimum(self._lengths[games], self.context).astype(np.int64)

    def _pool_batches(self, epoch: int, pool: int) -> list[_Windows]:
        """The batches of a pool, each sorted by length."""
        kept = self._cut  # read once: other threads set it too
        if kept is not None and kept[:2] == (epoch, pool):
            return kept[2]
        first, last = (self.windows * at // self._pools for at in (pool, pool + 1))
        games, which = self._take(epoch, first, last)
        by_length = np.argsort(self._sizes(games), kind="stable")
        games, which = games[by_length], which[by_length]
        ends = np.cumsum(self._sizes(games))
        parts = self._batches_a_pool
        later = np.arange(1, parts)  # part k begins where its share of the positions does, with one window at least
        begins = np.searchsorted(ends, ends[-1] * later / parts, side="left") + 1
        begins = np.minimum(np.maximum.accumulate(begins - later) + later, len(games) - parts + later)
        cut = [self._evened(*part) for part in zip(np.split(games, begins), np.split(which, begins), strict=True)]
        shuffle = np.random.default_rng((self.seed, epoch, pool)).permutation(len(cut))
        batches = [cut[k] for k in shuffle]
        self._cut = (epoch, pool, batches)
        return batches

    def _evened(self, games: NDArray[np.int64], which: NDArray[np.int64]) -> _Windows:
        """A batch in the order that gives ranks about equal shares: by length, then by the positions that count."""
        sizes = self._sizes(games)
        beyond = self._lengths[games] - self.context - (which - 1) * self._step  # of windows after a game's first
        counted = np.where(which > 0, np.minimum(beyond, self._step), sizes)
        order = np.lexsort((counted, sizes))
        return games[order], which[order]

    def batch(self, number: int) -> EncodedBatch:
        """This rank's share of batch ``number``, counted from the beginning of training through all epochs.

        A rank whose share would be empty gets a window of which no position counts.
        """
        epoch, in_epoch = divmod(number, self.batches)
        pool, k = divmod(in_epoch, self._batches_a_pool)
        windows = self._pool_batches(epoch, pool)[k]
        random = np.random.default_rng((self.seed, 1, number))
        flips = random.random(len(windows[0])) < self.mirror
        return self._encode(windows, flips, random.random((len(flips), DRAWS_A_GAME)))

    def _encode(self, windows: _Windows, flips: NDArray[np.bool_], draws: NDArray[np.float64]) -> EncodedBatch:
        """Encode this rank's share of a batch; ``draws`` decide what the model is told of each game."""
        games, which = (part.tolist() for part in windows)
        share = range(self.rank, len(games), self.ranks)
        encoded = []
        for i in share or range(1):
            game = self.corpus.game(self.split, games[i])
            first, last, count_from = game_windows(len(game.moves), self.context)[which[i]]
            told = self.lessons.told(game, draws[i])
            labels = self.lessons.labels(game, told)
            counted = count_from if share else last
            encoded.append(Window(game.start, game.moves, first, last, counted, bool(flips[i]), told, labels))
        return encode_batch(encoded, self.view)

    def in_turn(self, at_most: int | None = None) -> Iterator[EncodedBatch]:
        """Every window once, unmirrored and whatever its weight, shortest first: for validation.

        Each rank gets its share of each batch, as in :meth:`batch`.

        Args:
            at_most: stop choosing games once they have this many positions; which ones is fixed by the seed.
        """
        every = self._all_windows
        games, which = every.locate(shuffled_order(every.windows, self.seed, 0).take(np.arange(every.windows)))
        sizes = self._sizes(games)
        if at_most is not None:
            chosen = int(np.searchsorted(np.cumsum(sizes), at_most, side="left")) + 1
            games, which, sizes = games[:chosen], which[:chosen], sizes[:chosen]
        by_length = np.argsort(sizes, kind="stable")
        size = max(1, round(self._positions * every.windows / int(self._lengths.sum(dtype=np.int64))))
        for at in range(0, len(by_length), size):
            part = by_length[at : at + size]
            untold = np.zeros((len(part), DRAWS_A_GAME))
            yield self._encode((games[part], which[part]), np.zeros(len(part), bool), untold)


def _checked_weights(corpus: Corpus, weights: Sequence[float] | None) -> list[float]:
    """The weight of each source of a corpus."""
    sources = corpus.manifest.sources
    if weights is None:
        return [source.weight for source in sources]
    if len(weights) != len(sources):
        raise CorpusError("corpus.weights_count", folder=corpus.folder, count=len(weights), sources=len(sources))
    for weight, source in zip(weights, sources, strict=True):
        if not 0 <= weight < math.inf:
            raise CorpusError("corpus.weight_bad", source=source.name, weight=weight)
    return [float(weight) for weight in weights]


def prefetch(order: BatchOrder, first: int, threads: int = 1) -> Generator[EncodedBatch]:
    """Batches ``first``, ``first + 1``, … without end, encoded ahead of time in threads.

    The kernels release the GIL, so encoding runs beside the training step.
    """
    with ThreadPoolExecutor(threads, thread_name_prefix="batches") as executor:
        waiting: list[Future[EncodedBatch]] = []
        number = first
        try:
            while True:
                while len(waiting) <= threads + 1:  # one a thread, and two that are ready
                    waiting.append(executor.submit(order.batch, number))
                    number += 1
                yield waiting.pop(0).result()
        finally:
            for future in waiting:
                future.cancel()
