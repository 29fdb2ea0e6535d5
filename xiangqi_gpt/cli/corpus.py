"""``xiangqi-gpt corpus shuffle``: a corpus in another random order."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from xiangqi_gpt.cli.stage_progress import StageBars
from xiangqi_gpt.corpus.reshuffle import shuffle_corpus
from xiangqi_gpt.corpus.shards import SHARD_PLIES, CorpusError
from xiangqi_gpt.messages import say
from xiangqi_gpt.records.packed import path_text

__all__ = ["Settings", "run"]


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt corpus``."""

    action: tyro.conf.Positional[Literal["shuffle"]]
    """What to do: shuffle writes the games in a random order, in two passes over files, however many there are."""
    corpus: tyro.conf.Positional[Path]
    """The corpus, a folder that xiangqi-gpt prepare made."""
    out: Path
    """The folder of the shuffled corpus."""
    seed: int = 1
    """Of the order; prepare's is 0."""
    memory: int = 128
    """About how many MiB of games may be held."""
    shard_plies: int = SHARD_PLIES
    """A shard is closed when it has so many plies."""
    overwrite: bool = False
    """Replace a corpus that is in the folder."""


def run(settings: Settings) -> int:
    """Shuffle, and print how it went."""
    for option, value in (("memory", settings.memory), ("shard-plies", settings.shard_plies)):
        if value < 1:
            raise CorpusError("corpus.too_little", option=option, value=value, least=1)
    started = time.perf_counter()
    with StageBars() as bars:
        manifest = shuffle_corpus(
            settings.corpus,
            settings.out,
            seed=settings.seed,
            memory=settings.memory << 20,
            shard_plies=settings.shard_plies,
            overwrite=settings.overwrite,
            on_progress=bars,
        )
    seconds = time.perf_counter() - started
    games = sum(entry.games for entry in manifest.shards)
    fields = {
        "games": f"{games:,}",
        "shards": len(manifest.shards),
        "seconds": f"{seconds:,.1f}",
        "rate": f"{games / max(seconds, 1e-3):,.0f}",
    }
    print(say("corpus.shuffled", lang=None, folder=path_text(settings.out), **fields))
    return 0
