"""Game records -> a corpus: read and check, drop duplicates, split, write.

Games wait in a spool file between the stages, so memory holds a few numbers a game. Everything is
written under another name first, and the manifest last: a run that is cut short leaves no corpus,
and the next run into the same folder clears away what it left.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TextIO

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt import __version__
from xiangqi_gpt.corpus.duplicates import find_kept
from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.corpus.keys import FAMILY_PLIES, in_validation
from xiangqi_gpt.corpus.shard_builder import ShardBuilder
from xiangqi_gpt.corpus.shards import (
    FORMAT_VERSION,
    MANIFEST_NAME,
    SPLITS,
    UNFINISHED,
    CorpusError,
    Manifest,
    SourceEntry,
    Split,
    write_manifest,
)
from xiangqi_gpt.corpus.sources import InputFile, find_files, name_sources
from xiangqi_gpt.corpus.spool import Spool
from xiangqi_gpt.encoding.vocabulary import VOCABULARY_HASH
from xiangqi_gpt.records.errors import GameError, RecordFileError
from xiangqi_gpt.records.reader import visit_games
from xiangqi_gpt.records.text import path_text

__all__ = ["REJECTS_NAME", "SHARD_PLIES", "OnProgress", "Progress", "Report", "Stage", "prepare"]

SHARD_PLIES = 4_000_000
REJECTS_NAME = "rejects.jsonl"
_REPORT_EVERY = 256  # games
_SHOWN_REJECTS = 3

Stage = Literal["read", "duplicates", "write"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage has come: ``done`` of ``total`` are bytes when reading, else games."""

    stage: Stage
    done: int
    total: int
    games: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Report:
    """What :func:`prepare` did.

    Attributes:
        manifest: the corpus.
        files: how many files were read.
        file_errors: why files could not be read, or not to their ends.
        first_rejects: the first few faulty games.
    """

    manifest: Manifest
    files: int
    file_errors: list[RecordFileError]
    first_rejects: list[GameError]


@dataclass
class _Tally:
    """What has become of the games of a source so far."""

    read: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class _ReadStage:
    """Reads files into the spool and notes what it refuses."""

    def __init__(self, spool: Spool, rejects: TextIO, tallies: list[_Tally], on_progress: OnProgress) -> None:
        self._spool = spool
        self._rejects = rejects
        self._tallies = tallies
        self._on_progress = on_progress
        self._encoder = GameEncoder()
        self._games = 0
        self.file_errors: list[RecordFileError] = []
        self.first_rejects: list[GameError] = []

    def run(self, files: Sequence[InputFile], sources: Sequence[int]) -> None:
        total = sum(file.bytes for file in files)
        before = 0
        for file, source in zip(files, sources, strict=True):
            try:
                self._read(file, source, before, total)
            except RecordFileError as error:
                self.file_errors.append(error)
                self._tallies[source].faults.append(error.text("en"))
                self._reject(error.code, error.fields | {"text": error.text("en")})
            before += file.bytes
        self._on_progress(Progress("read", total, total, self._games))

    def _read(self, file: InputFile, source: int, before: int, total: int) -> None:
        tally = self._tallies[source]
        try:
            stream = file.path.open("rb")
        except OSError as error:
            name = path_text(file.path)
            raise RecordFileError("records.file_unreadable", file=name, detail=error.strerror) from None
        with stream:
            for game in visit_games(stream, self._encoder):
                tally.read += 1
                self._games += 1
                if isinstance(game, GameError):
                    tally.rejects[game.reason] += 1
                    if len(self.first_rejects) < _SHOWN_REJECTS:
                        self.first_rejects.append(game)
                    self._reject(game.code, game.fields)
                else:
                    self._spool.add(game, source)
                if self._games % _REPORT_EVERY == 0:
                    self._on_progress(Progress("read", before + stream.tell(), total, self._games))

    def _reject(self, code: str, fields: dict[str, object]) -> None:
        line = {
            "file": fields["file"],
            "line": fields.get("line"),
            "reason": code.partition(".")[2],
            "ply": fields.get("ply"),
            "text": fields.get("text", ""),
        }
        self._rejects.write(f"{json.dumps(line, ensure_ascii=False)}\n")


def _clear(out: Path) -> None:
    """Remove what an earlier run left: the manifest first, for it vouches for the rest."""
    names = [MANIFEST_NAME, REJECTS_NAME, *(f"{split}-[0-9]*.safetensors*" for split in SPLITS)]
    for name in names:
        for path in out.glob(name):
            path.unlink()


def _write_stage(
    out: Path, spool: Spool, kept: NDArray[np.bool_], share: float, shard_plies: int, on_progress: OnProgress
) -> dict[Split, ShardBuilder]:
    builders = {split: ShardBuilder(out, split, shard_plies) for split in SPLITS}
    families, sources = spool.families, spool.sources
    chosen = np.flatnonzero(kept).tolist()
    for count, index in enumerate(chosen):
        split: Split = "validation" if in_validation(int(families[index]), share) else "train"
        builders[split].add(spool.game(index), int(sources[index]))
        if count % _REPORT_EVERY == 0:
            on_progress(Progress("write", count, len(chosen), count))
    for builder in builders.values():
        builder.flush()
    on_progress(Progress("write", len(chosen), len(chosen), len(chosen)))
    return builders


def _source_entries(
    names: list[str], tallies: list[_Tally], spool: Spool, kept: NDArray[np.bool_]
) -> list[SourceEntry]:
    checked = np.bincount(spool.sources, minlength=len(names)).tolist()
    keeps = np.bincount(spool.sources[kept], minlength=len(names)).tolist()
    return [
        SourceEntry(
            name=name,
            read=tally.read,
            kept=keeps[number],
            duplicates=checked[number] - keeps[number],
            rejects=dict(sorted(tally.rejects.items())),
            faults=tally.faults,
        )
        for number, (name, tally) in enumerate(zip(names, tallies, strict=True))
    ]


def prepare(
    paths: Sequence[Path],
    out: Path,
    *,
    validation: float = 0.02,
    overwrite: bool = False,
    shard_plies: int = SHARD_PLIES,
    on_progress: OnProgress = lambda progress: None,
) -> Report:
    """Make a corpus in the folder ``out`` of the games in files and folders.

    A game with a fault is left out and told in ``rejects.jsonl``; a file of a folder that cannot be
    read (on) is told there and in the manifest. Which duplicates are dropped:
    :mod:`xiangqi_gpt.corpus.duplicates`. Which games are validation games depends on nothing but
    their start and first 40 plies.

    Args:
        paths: files, and folders to search for game files.
        out: the folder of the corpus; made when missing.
        validation: the share of games (of families, to be exact) held back for validation, 0..1.
        overwrite: replace a corpus that is there.
        shard_plies: a shard is closed when it has so many.
        on_progress: called some hundred times.

    Raises:
        RecordFileError: a path is missing or may not be looked at, or a file named in ``paths`` is no
            game log.
        CorpusError: there are no files or no usable games, a path is a pipe or a device, ``out`` has a
            corpus already, or it cannot be written to.
    """
    if not 0 <= validation < 1:
        raise CorpusError("corpus.validation_share", share=validation)
    files = find_files(paths)
    names, sources = name_sources(files)
    settings = {"validation": validation, "family_plies": FAMILY_PLIES, "shard_plies": shard_plies}
    unfinished_rejects = out / f"{REJECTS_NAME}{UNFINISHED}"
    try:
        if (out / MANIFEST_NAME).exists() and not overwrite:
            raise CorpusError("corpus.exists", folder=path_text(out))
        out.mkdir(parents=True, exist_ok=True)
        with Spool(out / f"games{UNFINISHED}") as spool:
            tallies = [_Tally() for _ in names]
            with unfinished_rejects.open("w", encoding="utf-8") as rejects:
                reading = _ReadStage(spool, rejects, tallies, on_progress)
                reading.run(files, sources)
            if not len(spool):
                first = [*reading.file_errors, *reading.first_rejects][0]
                raise CorpusError("corpus.nothing_kept", first=first, file=path_text(unfinished_rejects))
            on_progress(Progress("duplicates", 0, len(spool), len(spool)))
            kept = find_kept(spool)
            on_progress(Progress("duplicates", len(spool), len(spool), int(kept.sum())))
            _clear(out)
            builders = _write_stage(out, spool, kept, validation, shard_plies, on_progress)
            unfinished_rejects.replace(out / REJECTS_NAME)
            shards = [entry for builder in builders.values() for entry in builder.entries]
            manifest = Manifest(
                format=FORMAT_VERSION,
                vocabulary=VOCABULARY_HASH,
                program=__version__,
                settings=settings,
                sources=_source_entries(names, tallies, spool, kept),
                splits={
                    split: {
                        "games": sum(entry.games for entry in builder.entries),
                        "plies": sum(entry.plies for entry in builder.entries),
                    }
                    for split, builder in builders.items()
                },
                shards=shards,
            )
            write_manifest(out, manifest)
    except OSError as error:
        raise CorpusError("corpus.cannot_write", folder=path_text(out), detail=error.strerror or error) from None
    return Report(manifest, len(files), reading.file_errors, reading.first_rejects)
