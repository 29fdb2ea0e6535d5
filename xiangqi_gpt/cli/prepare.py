"""``xiangqi-gpt prepare``: turn game records into a training corpus."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import tyro
from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from xiangqi_gpt.corpus.prepare import REJECTS_NAME, Progress, Report, Stage, prepare
from xiangqi_gpt.corpus.shards import Manifest
from xiangqi_gpt.messages import say
from xiangqi_gpt.records.text import path_text

__all__ = ["Settings", "run"]


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt prepare``."""

    paths: tyro.conf.Positional[tuple[Path, ...]]
    """Files of games, and folders to search for .pgn, .pgn.gz and .pgn.xz files."""
    out: Path
    """The folder of the corpus."""
    validation: float = 0.02
    """The share of the games held back for validation."""
    overwrite: bool = False
    """Replace a corpus that is in the folder."""


class _Display:
    """A bar for each stage, with games, games a second and time left."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[games]}"),
            TimeRemainingColumn(),
        )
        self._bars = Bars(*columns, console=Console(stderr=True))
        self._tasks: dict[Stage, tuple[TaskID, float]] = {}

    def __call__(self, progress: Progress) -> None:
        now = time.perf_counter()
        if progress.stage not in self._tasks:
            self._bars.start()
            task = self._bars.add_task(say(f"corpus.stage_{progress.stage}"), total=progress.total, games="")
            self._tasks[progress.stage] = task, now
        task, started = self._tasks[progress.stage]
        rate = progress.games / max(now - started, 1e-3)
        games = say("corpus.progress_games", games=f"{progress.games:,}", rate=f"{rate:,.0f}")
        self._bars.update(task, completed=progress.done, total=progress.total, games=games)

    def close(self) -> None:
        """Leave the bars on the screen as they are."""
        if self._tasks:
            self._bars.stop()


def _table(manifest: Manifest) -> Table:
    table = Table()
    table.add_column(say("corpus.column_source"), overflow="fold")
    for name in ("read", "kept", "duplicates", "rejects"):
        table.add_column(say(f"corpus.column_{name}"), justify="right")
    names = [Path(source.name).name for source in manifest.sources]
    if len(set(names)) < len(names):
        names = [source.name for source in manifest.sources]
    rows = [
        (name, source.read, source.kept, source.duplicates, sum(source.rejects.values()))
        for name, source in zip(names, manifest.sources, strict=True)
    ]
    for name, *counts in rows:
        table.add_row(name, *(f"{count:,}" for count in counts))
    if len(rows) > 1:
        table.add_section()
        totals = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
        table.add_row(say("corpus.row_total"), *(f"{total:,}" for total in totals))
    return table


def _report(report: Report, settings: Settings, seconds: float) -> None:
    manifest = report.manifest
    # File names may look like rich's markup.
    Console(highlight=False, markup=False, emoji=False).print(_table(manifest))
    reasons: Counter[str] = Counter()
    for source in manifest.sources:
        reasons.update(source.rejects)
    if reasons:
        told = ", ".join(f"{say(f'corpus.reason_{reason}')} {count:,}" for reason, count in reasons.most_common())
        print(say("corpus.report_rejects", reasons=told, file=path_text(settings.out / REJECTS_NAME)))
    for split, counts in manifest.splits.items():
        shards = sum(entry.split == split for entry in manifest.shards)
        games, plies = f"{counts['games']:,}", f"{counts['plies']:,}"
        print(say("corpus.report_split", split=say(f"corpus.split_{split}"), games=games, plies=plies, shards=shards))
    total = sum(source.read for source in manifest.sources)
    took, rate = f"{seconds:,.1f}", f"{total / max(seconds, 1e-3):,.0f}"
    folder = path_text(settings.out)
    fields = {"files": report.files, "games": f"{total:,}", "seconds": took, "rate": rate, "folder": folder}
    print(say("corpus.report_time", lang=None, **fields))
    for error in (*report.first_rejects, *report.file_errors):
        print(error, file=sys.stderr)


def run(settings: Settings) -> int:
    """Make the corpus and print what became of the games."""
    started = time.perf_counter()
    display = _Display()
    try:
        report = prepare(
            settings.paths,
            settings.out,
            validation=settings.validation,
            overwrite=settings.overwrite,
            on_progress=display,
        )
    finally:
        display.close()
    _report(report, settings, time.perf_counter() - started)
    return 0
