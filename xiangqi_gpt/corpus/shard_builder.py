"""Games of one side of the split, gathered until they fill a shard; and a shard as such games."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.shards import (
    NO_BEST,
    NO_EVAL,
    OF_GAMES,
    SHARD_ARRAYS,
    ShardArrays,
    ShardEntry,
    Split,
    write_shard,
)
from xiangqi_gpt.corpus.spool import (
    BEST,
    BLACK_BEGINS,
    CANDIDATE_BYTES,
    EVALS,
    HEAD_DTYPE,
    HEAD_SIZE,
    SETUP,
    SETUP_BYTES,
    Head,
    record,
)
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["ShardBuilder", "shard_records"]

_NO_EVAL = np.int16(NO_EVAL).tobytes()
_NO_BEST = np.uint16(NO_BEST).tobytes()
_OF_HEADS = OF_GAMES[1:]  # a record says otherwise where its game begins


class ShardBuilder:
    """Takes records and writes a shard whenever there are ``shard_plies`` plies; ``entries`` lists the shards."""

    def __init__(self, folder: Path, split: Split, shard_plies: int) -> None:
        self._folder = folder
        self._split: Split = split
        self._shard_plies = shard_plies
        self.entries: list[ShardEntry] = []
        self._begin()

    def _begin(self) -> None:
        self._heads: list[bytes] = []
        self._starts: dict[bytes, int] = {}  # pieces and side to move -> row of `starts`
        self._start: list[int] = []
        self._moves: list[bytes] = []
        self._evals: list[bytes] = []
        self._best: list[bytes] = []
        self._candidates: tuple[list[NDArray[np.uint32]], list[bytes], list[bytes]] = ([], [], [])
        self._plies = 0

    def add(self, data: bytes) -> None:
        """Take the record of a game."""
        head = Head.of(data)
        at, size = HEAD_SIZE, 2 * head.plies
        start = -1
        if head.flags & SETUP:
            key = data[at : at + SETUP_BYTES] + (b"\0" if head.flags & BLACK_BEGINS else b"\1")
            start = self._starts.setdefault(key, len(self._starts))
            at += SETUP_BYTES
        self._heads.append(data[:HEAD_SIZE])
        self._start.append(start)
        self._moves.append(data[at : at + size])
        at += size
        for labels, flag, unknown in ((self._evals, EVALS, _NO_EVAL), (self._best, BEST, _NO_BEST)):
            if head.flags & flag:
                labels.append(data[at : at + size])
                at += size
            else:
                labels.append(unknown * head.plies)
        if count := head.candidates:
            plies, moves, evals = self._candidates
            plies.append(np.frombuffer(data, np.uint32, count, at) + np.uint32(self._plies))
            moves.append(data[at + 4 * count : at + 6 * count])
            evals.append(data[at + 6 * count : at + CANDIDATE_BYTES * count])
        self._plies += head.plies
        if self._plies >= self._shard_plies:
            self.flush()

    def flush(self) -> None:
        """Write the games that are waiting, if there are any."""
        if self._heads:
            arrays = self._arrays()
            self._begin()
            self.entries.append(write_shard(self._folder, self._split, len(self.entries), arrays))

    def _arrays(self) -> ShardArrays:
        heads = np.frombuffer(b"".join(self._heads), HEAD_DTYPE)
        starts = np.frombuffer(b"".join(key[:-1] for key in self._starts), np.int16)
        plies, moves, evals = self._candidates
        return {
            "moves": np.frombuffer(b"".join(self._moves), np.uint16),
            "offsets": np.array([0, *accumulate(heads["plies"].tolist())], np.int64),
            "start": np.array(self._start, np.int32),
            "starts": starts.reshape(-1, N_SQUARES),
            "start_turn": np.array([key[-1] for key in self._starts], np.int8),
            **{name: heads[name].astype(SHARD_ARRAYS[name][0]) for name in _OF_HEADS},
            "eval": np.frombuffer(b"".join(self._evals), np.int16),
            "best": np.frombuffer(b"".join(self._best), np.uint16),
            "candidates_ply": np.concatenate([np.empty(0, np.uint32), *plies]),
            "candidates_move": np.frombuffer(b"".join(moves), np.uint16),
            "candidates_eval": np.frombuffer(b"".join(evals), np.int16),
        }


def shard_records(shard: ShardArrays) -> Iterator[bytes]:
    """The games of a shard as records, without what only the stages need (labels counted, keys, place)."""
    columns = [shard[name].tolist() for name in ("start", *_OF_HEADS)]
    offsets = shard["offsets"].tolist()
    edges = np.searchsorted(shard["candidates_ply"], np.array(offsets, np.uint32)).tolist()
    for game, (start, *facts) in enumerate(zip(*columns, strict=True)):
        first, last = offsets[game : game + 2]
        begin, end = edges[game : game + 2]
        evals, best = shard["eval"][first:last], shard["best"][first:last]
        flags = EVALS * bool((evals != NO_EVAL).any()) | BEST * bool((best != NO_BEST).any())
        if start >= 0:
            flags |= SETUP | (0 if shard["start_turn"][start] else BLACK_BEGINS)
        known = dict(zip(_OF_HEADS, facts, strict=True))
        yield record(
            _NO_HEAD._replace(plies=last - first, candidates=end - begin, flags=flags, **known),
            shard["starts"][start].tobytes() if start >= 0 else b"",
            shard["moves"][first:last].tobytes(),
            evals.tobytes() if flags & EVALS else b"",
            best.tobytes() if flags & BEST else b"",
            (shard["candidates_ply"][begin:end] - np.uint32(first)).tobytes(),
            shard["candidates_move"][begin:end].tobytes(),
            shard["candidates_eval"][begin:end].tobytes(),
        )


_NO_HEAD = Head._make([0] * len(Head._fields))
