"""A corpus as training reads it: games by number, and an order to take them in.

>>> corpus = Corpus.open("corpora/human")                                   # doctest: +SKIP
>>> order = shuffled_order(corpus.games("train"), seed=1, epoch=0)          # doctest: +SKIP
>>> game = corpus.game("train", order[0])                                   # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.shards import Manifest, ShardArrays, Split, map_shard, read_manifest
from xiangqi_gpt.rules.fen import STARTING_FEN, parse_fen
from xiangqi_gpt.rules.position import State, new_state

__all__ = ["Candidates", "Corpus", "CorpusGame", "ShuffledOrder", "shuffled_order"]


class Candidates(NamedTuple):
    """What an engine weighed in some positions of a game (multi-PV), best first in each position.

    ``ply`` (``uint32[C]``, ascending) counts from the game's first move, 0: the position before it.
    ``move`` (``uint16[C]``) are vocabulary ids, ``eval`` (``int16[C]``) centipawns for Red.
    """

    ply: NDArray[np.uint32]
    move: NDArray[np.uint16]
    eval: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class CorpusGame:
    """One game of T plies, T >= 1. The arrays but ``start`` are views of the shard: copy before changing.

    Attributes:
        moves: ``uint16[T]``, vocabulary ids.
        start: the state row before the first move, the caller's to change.
        result: 1 Red won, 0 draw, -1 Black won, 2 unknown.
        source: index into ``corpus.manifest.sources``.
        evals: ``int16[T]``, centipawns for Red before each move; mate in n is ±(30000 - n), unknown 32767.
        best: ``uint16[T]``, what an engine would have played, vocabulary ids; unknown 65535.
        kind: index into :data:`xiangqi_gpt.corpus.metadata.KINDS`.
        red_rating: Red's rating, 0 when unknown.
        black_rating: Black's.
        red_title: index into :data:`xiangqi_gpt.corpus.metadata.TITLES`.
        black_title: likewise.
        year: when it was played, 0 when unknown.
        opening_plies: so many plies were given to an engine game, not its players' choice.
        candidates: the moves that an engine weighed, mostly none.
    """

    moves: NDArray[np.uint16]
    start: State
    result: int
    source: int
    evals: NDArray[np.int16]
    best: NDArray[np.uint16]
    kind: int
    red_rating: int
    black_rating: int
    red_title: int
    black_title: int
    year: int
    opening_plies: int
    candidates: Candidates


@dataclass(frozen=True)
class _Side:
    """The shards of one side of the split; ``before[i]`` games stand before shard i, the last is the total."""

    shards: list[ShardArrays]
    before: list[int]


class Corpus:
    """The shards of a folder, mapped into memory."""

    def __init__(self, folder: Path, manifest: Manifest, shards: list[ShardArrays]) -> None:
        """Use :meth:`open`."""
        self.folder = folder
        self.manifest = manifest
        self._shards = shards
        self._sides: dict[Split, _Side] = {}
        for split in manifest.splits:
            sizes = [entry.games for entry in manifest.shards if entry.split == split]
            mine = [shard for shard, entry in zip(shards, manifest.shards, strict=True) if entry.split == split]
            self._sides[split] = _Side(mine, [0, *accumulate(sizes)])

    @classmethod
    def open(cls, folder: Path | str, *, verify: bool = True) -> Corpus:
        """Open a corpus that ``xiangqi-gpt prepare`` made.

        Args:
            folder: the folder with ``manifest.json``.
            verify: compare the shards' checksums, which reads each file once.

        Raises:
            CorpusError: the folder is no corpus, has another format or vocabulary, or a shard is
                missing or damaged.
        """
        folder = Path(folder)
        manifest = read_manifest(folder)
        return cls(folder, manifest, [map_shard(folder, entry, verify=verify) for entry in manifest.shards])

    def shards(self, split: Split) -> Sequence[ShardArrays]:
        """The mapped shards of ``split``, in the order of their games."""
        return self._sides[split].shards

    def games(self, split: Split) -> int:
        """How many games there are in ``split``."""
        return self._sides[split].before[-1]

    def plies(self, split: Split) -> int:
        """How many plies its games have together."""
        return sum(len(shard["moves"]) for shard in self._sides[split].shards)

    def lengths(self, split: Split) -> NDArray[np.int64]:
        """The plies of each game, ``int64[games]``."""
        parts = [np.diff(shard["offsets"]) for shard in self._sides[split].shards]
        return np.concatenate([np.empty(0, np.int64), *parts])

    def sources(self, split: Split) -> NDArray[np.uint8]:
        """The source of each game, ``uint8[games]``."""
        parts = [shard["source"] for shard in self._sides[split].shards]
        return np.concatenate([np.empty(0, np.uint8), *parts])

    @cached_property
    def _usual_start(self) -> State:
        return parse_fen(STARTING_FEN)

    def game(self, split: Split, index: int) -> CorpusGame:
        """Game ``index`` of ``split``, 0 to ``games(split) - 1``.

        Raises:
            IndexError: there is no such game.
        """
        side = self._sides[split]
        if not 0 <= index < side.before[-1]:
            raise IndexError(f"game {index} of {side.before[-1]} in {split}")
        number = bisect_right(side.before, index) - 1
        shard = side.shards[number]
        row = index - side.before[number]
        first, last = shard["offsets"][row : row + 2].tolist()
        setup = int(shard["start"][row])
        if setup < 0:
            start = self._usual_start.copy()
        else:
            start = new_state(shard["starts"][setup], bool(shard["start_turn"][setup]))
        return CorpusGame(
            moves=shard["moves"][first:last],
            start=start,
            result=int(shard["result"][row]),
            source=int(shard["source"][row]),
            evals=shard["eval"][first:last],
            best=shard["best"][first:last],
            kind=int(shard["kind"][row]),
            red_rating=int(shard["red_rating"][row]),
            black_rating=int(shard["black_rating"][row]),
            red_title=int(shard["red_title"][row]),
            black_title=int(shard["black_title"][row]),
            year=int(shard["year"][row]),
            opening_plies=int(shard["opening_plies"][row]),
            candidates=_candidates(shard, first, last),
        )


def _candidates(shard: ShardArrays, first: int, last: int) -> Candidates:
    """Those of the plies ``first`` to ``last`` of a shard."""
    plies = shard["candidates_ply"]
    begin, end = np.searchsorted(plies, np.array([first, last], np.uint32)).tolist() if len(plies) else (0, 0)
    return Candidates(
        plies[begin:end] - np.uint32(first),
        shard["candidates_move"][begin:end],
        shard["candidates_eval"][begin:end],
    )


_ROUNDS = 6
_WORD = (1 << 64) - 1


class ShuffledOrder(Sequence[int]):
    """A permutation of ``range(n)`` that is computed, not stored: ``order[i]`` is the i-th to take.

    A Feistel network permutes the smallest range of 4^k numbers that holds n; a number outside
    ``range(n)`` is permuted again until it falls inside (cycle walking: Black and Rogaway, "Ciphers
    with arbitrary finite domains", 2002), which takes fewer than four turns on average.
    """

    def __init__(self, n: int, keys: tuple[int, ...]) -> None:
        """Use :func:`shuffled_order`."""
        self._n = n
        self._keys = keys
        self._half = max(1, ((n - 1).bit_length() + 1) // 2)  # bits in each half of a number
        self._mask = (1 << self._half) - 1

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> list[int]: ...

    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._n))]
        at = index + self._n if index < 0 else index
        if not 0 <= at < self._n:
            raise IndexError(f"index {index} of {self._n}")
        half, mask = self._half, self._mask
        while True:
            left, right = at >> half, at & mask
            for key in self._keys:
                # The multipliers are those of SplitMix64's finaliser.
                x = ((right ^ key) * 0xBF58476D1CE4E5B9) & _WORD
                x = ((x ^ x >> 27) * 0x94D049BB133111EB) & _WORD
                left, right = right, left ^ (x >> 32) & mask
            at = left << half | right
            if at < self._n:
                return at

    def take(self, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """``[order[i] for i in indices]``, many at once; each index is in ``range(n)``."""
        half, mask = np.uint64(self._half), np.uint64(self._mask)
        taken = indices.astype(np.uint64)
        outside = np.arange(len(taken))
        while len(outside):
            left, right = taken[outside] >> half, taken[outside] & mask
            for key in self._keys:
                x = (right ^ np.uint64(key)) * np.uint64(0xBF58476D1CE4E5B9)
                x = (x ^ x >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
                left, right = right, left ^ (x >> np.uint64(32)) & mask
            taken[outside] = left << half | right
            outside = outside[taken[outside] >= self._n]
        return taken.astype(np.int64)


def shuffled_order(n: int, seed: int, epoch: int) -> ShuffledOrder:
    """The order in which epoch ``epoch`` takes ``n`` games, the same on every machine.

    Equal arguments give equal orders, so the place in training is one integer: how many were taken.
    """
    digest = hashlib.shake_256(f"xiangqi-gpt order {seed} {epoch}".encode()).digest(8 * _ROUNDS)
    keys = tuple(int.from_bytes(digest[8 * i : 8 * i + 8], "little") for i in range(_ROUNDS))
    return ShuffledOrder(n, keys)
