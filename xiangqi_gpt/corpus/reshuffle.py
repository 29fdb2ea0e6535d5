"""A corpus in another random order: what ``xiangqi-gpt corpus shuffle`` does, in bounded memory."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from xiangqi_gpt.corpus.progress import OnProgress, Progress, Stage
from xiangqi_gpt.corpus.shard_builder import ShardBuilder, shard_records
from xiangqi_gpt.corpus.shards import (
    MANIFEST_NAME,
    REJECTS_NAME,
    REPORT_NAME,
    SHARD_PLIES,
    SPLITS,
    WORK_NAME,
    CorpusError,
    Manifest,
    ShardEntry,
    Split,
    map_shard,
    publish,
    read_manifest,
    write_manifest,
)
from xiangqi_gpt.corpus.shuffle import Shuffle, place_of_number
from xiangqi_gpt.corpus.spool import with_place
from xiangqi_gpt.records.packed import path_text

__all__ = ["shuffle_corpus"]

_REPORT_EVERY = 1024  # games


def shuffle_corpus(
    source: Path,
    out: Path,
    *,
    seed: int,
    memory: int = 128 << 20,
    shard_plies: int = SHARD_PLIES,
    overwrite: bool = False,
    on_progress: OnProgress = lambda progress: None,
) -> Manifest:
    """Write the games of a corpus to another folder in a random order, each side of the split for itself.

    The order depends on the seed and on the order before, not on the memory. Equal seeds make of an
    order always the same one, so shuffle with another seed than before.

    Args:
        source: the corpus.
        out: the folder of the new one.
        seed: of the order.
        memory: about how many bytes of games may be held.
        shard_plies: a shard is closed when it has so many.
        overwrite: replace a corpus in ``out``.
        on_progress: hears of the two passes, ``shuffle`` and ``write``.

    Raises:
        CorpusError: ``source`` is no corpus or damaged, ``out`` is the same folder, has a corpus already, or
            cannot be written to.
    """
    manifest = read_manifest(source)
    if out.resolve() == source.resolve():
        raise CorpusError("corpus.shuffle_in_place", folder=path_text(out))
    work = out / WORK_NAME
    whole = work / "corpus"
    try:
        if (out / MANIFEST_NAME).exists() and not overwrite:
            raise CorpusError("corpus.exists", folder=path_text(out))
        shutil.rmtree(work, ignore_errors=True)
        whole.mkdir(parents=True)
        run = _Reshuffle(source, manifest, on_progress)
        sides = {split: run.first_pass(split, work / split, seed, memory // 2) for split in SPLITS}
        entries = [entry for split, side in sides.items() for entry in run.second_pass(split, side, whole, shard_plies)]
        for name in (REJECTS_NAME, REPORT_NAME):  # the order changes nothing in them
            if (source / name).exists():
                shutil.copyfile(source / name, whole / name)
        settings = manifest.settings | {"seed": seed, "shard_plies": shard_plies}
        shuffled = replace(manifest, shards=entries, settings=settings)
        write_manifest(whole, shuffled)
        publish(whole, out)
        shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise CorpusError("corpus.cannot_write", folder=path_text(out), detail=error.strerror or error) from None
    return shuffled


class _Reshuffle:
    """Both passes, and how far they are."""

    def __init__(self, source: Path, manifest: Manifest, on_progress: OnProgress) -> None:
        self._source = source
        self._shards = manifest.shards
        self._total = sum(entry.games for entry in manifest.shards)
        self._done: dict[Stage, int] = {"shuffle": 0, "write": 0}
        self._on_progress = on_progress

    def first_pass(self, split: Split, folder: Path, seed: int, memory: int) -> Shuffle:
        """Deal out the games of one side of the split."""
        entries = [entry for entry in self._shards if entry.split == split]
        side = Shuffle(folder, sum(entry.bytes for entry in entries), memory)
        number = 0
        for entry in entries:
            for data in shard_records(map_shard(self._source, entry, verify=True)):
                side.add(with_place(data, place_of_number(number, seed)))
                number += 1
                self._count("shuffle")
        return side

    def second_pass(self, split: Split, side: Shuffle, whole: Path, shard_plies: int) -> list[ShardEntry]:
        """Write them as shards to the folder ``whole``."""
        builder = ShardBuilder(whole, split, shard_plies)
        for data in side.games():
            builder.add(data)
            self._count("write")
        builder.flush()
        return builder.entries

    def _count(self, stage: Stage) -> None:
        self._done[stage] += 1
        if self._done[stage] % _REPORT_EVERY == 0 or self._done[stage] == self._total:
            self._on_progress(Progress(stage, self._done[stage], self._total, self._done[stage]))
