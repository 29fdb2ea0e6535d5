"""Corpora made by hand, without reading records: every fact of every game is the test's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from xiangqi_gpt import Board, Move, __version__
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.shards import (
    FORMAT_VERSION,
    NO_BEST,
    NO_EVAL,
    SHARD_ARRAYS,
    Manifest,
    ShardEntry,
    SourceEntry,
    Split,
    write_manifest,
    write_shard,
)
from xiangqi_gpt.encoding.vocabulary import VOCABULARY_HASH, move_id


@dataclass
class MadeGame:
    """A game; labels by ply, candidates as (ply, move, evaluation)."""

    moves: Sequence[Move]
    result: int = 2
    source: int = 0
    fen: str | None = None
    split: Split = "train"
    facts: dict[str, int] = field(default_factory=dict)
    evals: dict[int, int] = field(default_factory=dict)
    best: dict[int, Move] = field(default_factory=dict)
    candidates: Sequence[tuple[int, Move, int]] = ()


def shard_of(games: Sequence[MadeGame]) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of a shard."""
    offsets = [0, *accumulate(len(game.moves) for game in games)]
    setups = [Board(game.fen) for game in games if game.fen]
    evals, best = np.full(offsets[-1], NO_EVAL), np.full(offsets[-1], NO_BEST)
    candidates = []
    for at, game in zip(offsets, games, strict=False):
        for ply, value in game.evals.items():
            evals[at + ply] = value
        for ply, move in game.best.items():
            best[at + ply] = move_id(move.code)
        candidates += [(at + ply, move_id(move.code), value) for ply, move, value in game.candidates]
    columns: dict[str, Any] = {
        "moves": [move_id(move.code) for game in games for move in game.moves],
        "offsets": offsets,
        "start": [
            -1 if game.fen is None else sum(g.fen is not None for g in games[:n]) for n, game in enumerate(games)
        ],
        "starts": np.array([board.state[:90] for board in setups]).reshape(-1, 90),
        "start_turn": [board.turn for board in setups],
        "result": [game.result for game in games],
        "source": [game.source for game in games],
        "eval": evals,
        "best": best,
    }
    for name, column in zip(("ply", "move", "eval"), np.array(candidates).reshape(-1, 3).T, strict=True):
        columns[f"candidates_{name}"] = column
    names = SHARD_ARRAYS.keys() - columns.keys()
    columns |= {name: [game.facts.get(name, 0) for game in games] for name in names}
    return {name: np.array(columns[name]).astype(dtype) for name, (dtype, _) in SHARD_ARRAYS.items()}


def write_corpus(
    folder: Path, games: Sequence[MadeGame], sources: Sequence[SourceEntry], *, shard_games: int = 100
) -> Corpus:
    """Write a corpus with shards of so many games, and open it."""
    folder.mkdir()
    shards: list[ShardEntry] = []
    splits: dict[Split, dict[str, int]] = {}
    for split in ("train", "validation"):
        mine = [game for game in games if game.split == split]
        parts = [mine[at : at + shard_games] for at in range(0, len(mine), shard_games)]
        shards += [write_shard(folder, split, number, shard_of(part)) for number, part in enumerate(parts)]
        splits[split] = {"games": len(mine), "plies": sum(len(game.moves) for game in mine)}
    write_manifest(
        folder,
        Manifest(
            format=FORMAT_VERSION,
            vocabulary=VOCABULARY_HASH,
            program=__version__,
            settings={},
            sources=list(sources),
            splits=splits,
            shards=shards,
        ),
    )
    return Corpus.open(folder)


def made_source(name: str, **counts: Any) -> SourceEntry:
    """A source of the manifest; what is not given is nought."""
    fields: dict[str, Any] = dict.fromkeys(("read", "kept", "duplicates", "near_duplicates"), 0)
    fields |= {"filtered": {}, "rejects": {}, "faults": [], "name": name}
    return SourceEntry(**(fields | counts))
