"""Game records -> a corpus, in stages: read and check, drop duplicates, filter, split, shuffle, write.

==============  ==========================================================================================
read            files -> games with legal moves, their labels and metadata  (:mod:`.read_stage`)
group           games -> buckets by what may be duplicates of each other    (:mod:`.sift_stage`)
duplicates      what is recorded more than once, or not wanted, is dropped  (:mod:`.duplicates`, :mod:`.filters`)
shuffle, write  both sides of the split in random order -> shards           (:mod:`.keys`, :mod:`.shuffle`)
report          ``report.html``                                             (:mod:`.report`)
==============  ==========================================================================================

Between the stages games are on disk, in the folder ``.work`` of the corpus, so memory holds a fixed
amount of them, whatever comes. The corpus is put together there too and moved to its place at
last, the manifest last of all. A run that is cut short leaves what it has read; the next one goes on
from there. What comes out depends on files and settings alone, not on the number of processes, on
the memory allowed, or on how often it was begun.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from xiangqi_gpt import __version__
from xiangqi_gpt.atomic import write_whole
from xiangqi_gpt.corpus.filters import Filters, matching_sources
from xiangqi_gpt.corpus.inline import InlineExecutor
from xiangqi_gpt.corpus.keys import FAMILY_PLIES, in_validation
from xiangqi_gpt.corpus.parts import PartInfo
from xiangqi_gpt.corpus.progress import OnProgress, Progress
from xiangqi_gpt.corpus.read_stage import ReadPart, ReadStage, program_hash
from xiangqi_gpt.corpus.report import write_report
from xiangqi_gpt.corpus.shard_builder import ShardBuilder
from xiangqi_gpt.corpus.shards import (
    FORMAT_VERSION,
    MANIFEST_NAME,
    REJECTS_NAME,
    SHARD_PLIES,
    SPLITS,
    STATE_NAME,
    WORK_NAME,
    CorpusError,
    Manifest,
    ShardEntry,
    SourceEntry,
    Split,
    publish,
    read_manifest,
    write_manifest,
)
from xiangqi_gpt.corpus.shuffle import Shuffle
from xiangqi_gpt.corpus.sift_stage import Sieve, Sifted, group_stage, sift_stage
from xiangqi_gpt.corpus.sources import Found, find_files, find_weights, name_sources
from xiangqi_gpt.corpus.spool import Head, read_records
from xiangqi_gpt.encoding.vocabulary import VOCABULARY_HASH
from xiangqi_gpt.records.errors import GameError, RecordFileError
from xiangqi_gpt.records.packed import path_text

__all__ = ["Report", "prepare"]

_REPORT_EVERY = 1024  # games
_ALL = Filters()
_NO_WEIGHTS: Mapping[str, float] = {}
_SHOWN_REJECTS = 3


@dataclass(frozen=True)
class _Choices:
    """What one chooses of a corpus, beside the files; see :func:`prepare`."""

    validation: float
    filters: Filters
    weights: Mapping[str, float]
    seed: int
    shard_plies: int

    def __post_init__(self) -> None:
        if not 0 <= self.validation < 1:
            raise CorpusError("corpus.validation_share", share=self.validation)

    def settings(self) -> dict[str, Any]:
        """As the manifest has them."""
        fields: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return fields | {"family_plies": FAMILY_PLIES}


@dataclass(frozen=True)
class Report:
    """What :func:`prepare` did.

    Attributes:
        manifest: the corpus.
        files: how many files it is made of.
        passed_over: how many files in folders had suffixes of no format, by suffix.
        file_errors: why files could not be read, or not to their ends.
        first_rejects: the first few faulty games.
        unchanged: whether the corpus was there already, of the same files and settings, and nothing was done.
    """

    manifest: Manifest
    files: int
    passed_over: Mapping[str, int]
    file_errors: list[RecordFileError]
    first_rejects: list[GameError]
    unchanged: bool = False


def _made_of(out: Path) -> dict[str, Any]:
    """What the corpus in a folder was made of; nothing where there is none, or nobody knows."""
    try:
        state = json.loads((out / STATE_NAME).read_bytes())
        manifest = hashlib.sha256((out / MANIFEST_NAME).read_bytes()).hexdigest()
        return dict(state["made_of"]) if state["manifest"] == manifest else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _all_there(out: Path) -> bool:
    """Whether a corpus has its shards, as far as one can see without reading them."""
    try:
        return all((out / entry.file).stat().st_size == entry.bytes for entry in read_manifest(out).shards)
    except (CorpusError, OSError):
        return False


def _write_made_of(folder: Path, made_of: dict[str, Any]) -> None:
    manifest = hashlib.sha256((folder / MANIFEST_NAME).read_bytes()).hexdigest()
    write_whole(folder / STATE_NAME, json.dumps({"manifest": manifest, "made_of": made_of}).encode())


class _Preparation:
    """One run."""

    def __init__(
        self,
        found: Found,
        work: Path,
        choices: _Choices,
        memory: int,
        executor: Executor,
        workers: int,
        on_progress: OnProgress,
    ) -> None:
        self._files = found.files
        self._passed_over = found.passed_over
        self._choices = choices
        self._memory = memory
        self._executor = executor
        self._workers = workers
        self._on_progress = on_progress
        self._names, self._sources = name_sources(found.files)
        wanted = matching_sources(self._names, choices.filters.sources)
        self._weights = find_weights(self._names, choices.weights)
        self._sieve = Sieve(choices.filters, wanted, self._weights, choices.seed)
        self._work = work
        self.whole = work / "corpus"

    def run(self) -> Report:
        """All stages; the corpus is then in the folder ``whole``."""
        parts = ReadStage(self._files, self._work / "parts", self._executor, self._workers, self._on_progress).run()
        self.clear()
        self.whole.mkdir(parents=True)
        self._write_rejects(parts)
        file_errors = [error for _, info in parts for file in info.files for error in file.errors]
        first_rejects = [error for _, info in parts for error in info.first_rejects][:_SHOWN_REJECTS]
        if not any(info.checked for _, info in parts):
            first = [*file_errors, *first_rejects][0]
            if len(self._files) == len(file_errors) == 1 and not first_rejects:
                raise first
            raise CorpusError("corpus.nothing_kept", first=first, file=path_text(self.whole / REJECTS_NAME))
        buckets = group_stage(parts, self._sources, self._work / "buckets", self._memory, self._on_progress)
        kept, sifted = sift_stage(
            buckets, self._work / "kept", self._sieve, self._memory, self._executor, self._workers, self._on_progress
        )
        if not sifted.kept:
            raise CorpusError("corpus.nothing_passes")
        shards = self._shard_stage(kept, sifted.kept.total())
        manifest = Manifest(
            format=FORMAT_VERSION,
            vocabulary=VOCABULARY_HASH,
            program=__version__,
            settings=self._choices.settings(),
            sources=self._source_entries(parts, sifted),
            splits={
                split: {
                    "games": sum(entry.games for entry in shards if entry.split == split),
                    "plies": sum(entry.plies for entry in shards if entry.split == split),
                }
                for split in SPLITS
            },
            shards=shards,
        )
        write_manifest(self.whole, manifest)
        self._on_progress(Progress("report", 0, 1, sifted.kept.total()))
        write_report(self.whole)
        self._on_progress(Progress("report", 1, 1, sifted.kept.total()))
        return Report(manifest, len(self._files), self._passed_over, file_errors, first_rejects)

    def clear(self) -> None:
        """Remove all but the parts."""
        for name in ("buckets", "kept", *SPLITS, self.whole.name):
            shutil.rmtree(self._work / name, ignore_errors=True)

    def _write_rejects(self, parts: Sequence[tuple[ReadPart, PartInfo]]) -> None:
        with (self.whole / REJECTS_NAME).open("wb") as rejects:
            for part, _ in parts:
                with part.part.rejects.open("rb") as lines:
                    shutil.copyfileobj(lines, rejects)

    def _shard_stage(self, kept: Sequence[Path], total: int) -> list[ShardEntry]:
        """Split and shuffle the games of files, and write them as shards."""
        size = sum(path.stat().st_size for path in kept)
        share, done = self._choices.validation, 0
        sides: dict[Split, Shuffle] = {
            "train": Shuffle(self._work / "train", size, self._memory // 2),
            "validation": Shuffle(self._work / "validation", round(share * size), self._memory // 2),
        }
        for path in kept:
            for data in read_records(path):
                sides["validation" if in_validation(Head.of(data).family, share) else "train"].add(data)
                done += 1
                if done % _REPORT_EVERY == 0:
                    self._on_progress(Progress("shuffle", done, total, done))
            path.unlink()
        self._on_progress(Progress("shuffle", total, total, total))
        entries: list[ShardEntry] = []
        done = 0
        for split in SPLITS:
            builder = ShardBuilder(self.whole, split, self._choices.shard_plies)
            for data in sides[split].games():
                builder.add(data)
                done += 1
                if done % _REPORT_EVERY == 0:
                    self._on_progress(Progress("write", done, total, done))
            builder.flush()
            entries += builder.entries
        self._on_progress(Progress("write", total, total, total))
        return entries

    def _source_entries(self, parts: Sequence[tuple[ReadPart, PartInfo]], sifted: Sifted) -> list[SourceEntry]:
        read: Counter[int] = Counter()
        rejects: dict[int, Counter[str]] = {number: Counter() for number in range(len(self._names))}
        faults: dict[int, list[str]] = {number: [] for number in range(len(self._names))}
        for part, info in parts:
            for number, file in zip(part.files, info.files, strict=True):
                source = self._sources[number]
                read[source] += file.read
                rejects[source].update(file.rejects)
                faults[source] += [error.text("en") for error in file.errors]
        return [
            SourceEntry(
                name=name,
                read=read[source],
                kept=sifted.kept[source],
                duplicates=sifted.duplicates.exact[source],
                near_duplicates=sifted.duplicates.near[source],
                filtered=dict(sorted(sifted.filtered.get(source, {}).items())),
                rejects=dict(sorted(rejects[source].items())),
                faults=faults[source],
                weight=self._weights[source],
            )
            for source, name in enumerate(self._names)
        ]


def prepare(
    paths: Sequence[Path],
    out: Path,
    *,
    validation: float = 0.02,
    filters: Filters = _ALL,
    weights: Mapping[str, float] = _NO_WEIGHTS,
    seed: int = 0,
    shard_plies: int = SHARD_PLIES,
    overwrite: bool = False,
    keep_work: bool = False,
    memory: int = 128 << 20,
    executor: Executor | None = None,
    workers: int = 1,
    on_progress: OnProgress = lambda progress: None,
) -> Report:
    """Make a corpus in the folder ``out`` of the games in files and folders, or bring it up to date.

    A game with a fault is left out and told in ``rejects.jsonl``; a file that cannot be read (on) is told
    there and in the manifest. Which duplicates are dropped: :mod:`xiangqi_gpt.corpus.duplicates`. Which
    games are validation games depends on nothing but their start and first 40 plies.

    Where ``out`` has the corpus of the same paths, nothing is done if files and settings are what they
    were; else it is made anew, from what is kept in ``.work``.

    Args:
        paths: files, and folders to search for game files.
        out: the folder of the corpus; made when missing.
        validation: the share of games (of families, to be exact) held back for validation, 0..1.
        filters: which games are kept.
        weights: text in the names of sources -> how much their games count in training.
        seed: of the order of the games.
        shard_plies: a shard is closed when it has so many.
        overwrite: replace a corpus of other paths.
        keep_work: leave what was read in ``.work``, so that a later run reads new files only.
        memory: about how many bytes of games each process may hold.
        executor: runs the tasks, whose processes must see the same files; None: this process.
        workers: how many tasks the executor runs at a time.
        on_progress: called some hundred times.

    Raises:
        RecordFileError: a path is missing or may not be looked at, or the only file is no game log.
        CorpusError: there are no files or no usable games, a path is a pipe or a device, ``out`` has another
            corpus, or it cannot be written to.
    """
    choices = _Choices(validation, filters, weights, seed, shard_plies)
    found = find_files(paths, out)
    files = found.files
    made_of = {
        "paths": [str(path.resolve()) for path in paths],
        "files": [[str(file.real), file.bytes, file.changed] for file in files],
        "settings": choices.settings(),
        "program": program_hash(),
    }
    work = out / WORK_NAME
    try:
        before = _made_of(out)
        if before == made_of and _all_there(out):
            report = Report(read_manifest(out), len(files), found.passed_over, [], [], unchanged=True)
        elif (out / MANIFEST_NAME).exists() and not overwrite and before.get("paths") != made_of["paths"]:
            raise CorpusError("corpus.exists", folder=path_text(out))
        else:
            run = _Preparation(found, work, choices, memory, executor or InlineExecutor(), workers, on_progress)
            report = run.run()
            _write_made_of(run.whole, made_of)
            publish(run.whole, out)
            run.clear()
        if not keep_work:
            shutil.rmtree(work, ignore_errors=True)
    except RecordFileError:  # there was nothing but a file that is no game log
        shutil.rmtree(work, ignore_errors=True)
        with suppress(OSError):
            out.rmdir()  # if it was made for this
        raise
    except BrokenExecutor:
        raise CorpusError("corpus.workers_lost", folder=path_text(out)) from None
    except OSError as error:
        raise CorpusError("corpus.cannot_write", folder=path_text(out), detail=error.strerror or error) from None
    return report
