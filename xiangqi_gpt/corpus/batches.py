"""A corpus as batches in a fixed random order, with one integer for the place in it.

Games are cut into windows (:func:`xiangqi_gpt.encoding.batch.game_windows`), windows are taken in a
computed random order, pool by pool. Within a pool the windows are sorted by length and cut into a
fixed number of batches of about equal positions, so that little is padding; then the batches are
shuffled. Batch k of an epoch is thus a function of (seed, epoch, k): nothing else is state, and
data-parallel ranks that take every n-th batch see disjoint parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.dataset import Corpus, shuffled_order
from xiangqi_gpt.corpus.shards import CorpusError, Split
from xiangqi_gpt.encoding.batch import EncodedBatch, View, Window, encode_batch, game_windows

__all__ = ["BatchOrder", "prefetch"]

_BATCHES_A_POOL = 16


class BatchOrder:
    """The batches of one side of a corpus's split.

    Args:
        corpus: the corpus.
        split: its side.
        view: what the batches hold.
        context: the longest window in plies.
        positions: about how many positions a batch has.
        seed: of the order and the mirroring.
        mirror: whether each game is mirrored left to right by the toss of a coin.
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
        mirror: bool = True,
    ) -> None:
        self.corpus, self.split, self.view = corpus, split, view
        self.context, self.seed, self.mirror = context, seed, mirror
        self._lengths = lengths = corpus.lengths(split)
        if len(lengths) == 0:
            raise CorpusError("corpus.empty_split", folder=corpus.folder, split=split)
        # A window beyond a game's first moves it on by half a context.
        step = max(context - context // 2, 1)
        counts = 1 + np.maximum(0, -(-(lengths - context) // step))
        self._window_ends = np.cumsum(counts)  # [games]
        self.windows = int(self._window_ends[-1])
        self.plies = int(lengths.sum())
        mean = self.plies / self.windows
        self._pool = min(self.windows, max(_BATCHES_A_POOL, round(_BATCHES_A_POOL * positions / mean)))
        # A small corpus has fewer batches: none may be empty.
        self._batches_a_pool = max(1, min(_BATCHES_A_POOL, self._pool, round(self._pool * mean / positions)))
        self._positions = positions
        self._pools = max(1, self.windows // self._pool)
        self._cut: tuple[int, int, list[list[tuple[int, int]]]] | None = None

    @property
    def batches(self) -> int:
        """How many batches an epoch has; the last windows of its order, less than a pool, are left out."""
        return self._pools * self._batches_a_pool

    def identity(self) -> dict[str, int | bool | str]:
        """What decides which games a batch has: a place in one order means nothing in another."""
        shards = " ".join(entry.sha256 for entry in self.corpus.manifest.shards if entry.split == self.split)
        return {
            "corpus": hashlib.sha256(shards.encode()).hexdigest()[:16],
            "context": self.context,
            "batch_positions": self._positions,
            "seed": self.seed,
            "mirror": self.mirror,
        }

    def _window(self, number: int) -> tuple[int, int]:
        """The game of a window, and which of its windows it is."""
        game = int(np.searchsorted(self._window_ends, number, side="right"))
        return game, number - (int(self._window_ends[game - 1]) if game else 0)

    def _pool_batches(self, epoch: int, pool: int) -> list[list[tuple[int, int]]]:
        """The (game, window) pairs of each batch of a pool."""
        if self._cut is not None and self._cut[:2] == (epoch, pool):
            return self._cut[2]
        order = shuffled_order(self.windows, self.seed, epoch)
        members = [self._window(order[i]) for i in range(pool * self._pool, (pool + 1) * self._pool)]
        sizes = np.array([min(int(self._lengths[game]), self.context) for game, _ in members])
        by_length = np.argsort(sizes, kind="stable")
        ends = np.cumsum(sizes[by_length])
        parts = self._batches_a_pool
        later = np.arange(1, parts)  # part k begins where its share of the positions does, with one window at least
        begins = np.searchsorted(ends, ends[-1] * later / parts, side="left") + 1
        begins = np.minimum(np.maximum.accumulate(begins - later) + later, len(members) - parts + later)
        cut = [[members[i] for i in part] for part in np.split(by_length, begins)]
        shuffle = np.random.default_rng((self.seed, epoch, pool)).permutation(len(cut))
        self._cut = (epoch, pool, [cut[k] for k in shuffle])
        return self._cut[2]

    def batch(self, number: int) -> EncodedBatch:
        """Batch ``number`` counted from the beginning of training, through all epochs."""
        epoch, in_epoch = divmod(number, self.batches)
        pool, k = divmod(in_epoch, self._batches_a_pool)
        members = self._pool_batches(epoch, pool)[k]
        flips = np.random.default_rng((self.seed, 1, number)).integers(0, 2, len(members)).astype(bool)
        return self._encode(members, flips if self.mirror else np.zeros(len(members), bool))

    def _encode(self, members: list[tuple[int, int]], flips: NDArray[np.bool_]) -> EncodedBatch:
        windows = []
        for (number, which), flip in zip(members, flips, strict=True):
            game = self.corpus.game(self.split, number)
            first, last, count_from = game_windows(len(game.moves), self.context)[which]
            windows.append(Window(game.start, game.moves, first, last, count_from, bool(flip)))
        return encode_batch(windows, self.view)

    def in_turn(self, at_most: int | None = None) -> Iterator[EncodedBatch]:
        """Every window once, unmirrored, shortest first, in batches: for validation.

        Args:
            at_most: stop choosing games once they have this many positions; which ones is fixed by the seed.
        """
        order = shuffled_order(self.windows, self.seed, 0)
        members, total = [], 0
        for i in range(self.windows):
            if at_most is not None and total >= at_most:
                break
            members.append(self._window(order[i]))
            total += min(int(self._lengths[members[-1][0]]), self.context)
        members.sort(key=lambda member: min(int(self._lengths[member[0]]), self.context))
        size = max(1, self._pool // self._batches_a_pool)
        for at in range(0, len(members), size):
            some = members[at : at + size]
            yield self._encode(some, np.zeros(len(some), bool))


def prefetch(order: BatchOrder, first: int, ahead: int = 2, *, stride: int = 1) -> Iterator[EncodedBatch]:
    """Batches ``first``, ``first + stride``, … without end, encoded ahead of time in a thread.

    The kernels release the GIL, so encoding runs beside the training step.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as executor:
        waiting: list[Future[EncodedBatch]] = []
        number = first
        try:
            while True:
                while len(waiting) <= ahead:
                    waiting.append(executor.submit(order.batch, number))
                    number += stride
                yield waiting.pop(0).result()
        finally:
            for future in waiting:
                future.cancel()
