"""``xiangqi-gpt prepare``: turn game records into a training corpus."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import tyro
from rich.console import Console
from rich.table import Table

from xiangqi_gpt.cli.stage_progress import StageBars
from xiangqi_gpt.cli.workers import cores, worker_pool
from xiangqi_gpt.corpus.filters import Filters
from xiangqi_gpt.corpus.prepare import Report, prepare
from xiangqi_gpt.corpus.shards import REJECTS_NAME, REPORT_NAME, CorpusError, Manifest
from xiangqi_gpt.corpus.stats import short_names
from xiangqi_gpt.messages import say
from xiangqi_gpt.model.folder import MODEL_FILES
from xiangqi_gpt.records.packed import path_text
from xiangqi_gpt.records.reader import source_bytes
from xiangqi_gpt.training.runs import LOG_NAME

__all__ = ["Settings", "run"]

_WORTH_WORKERS = 4 << 20  # bytes of files


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt prepare``."""

    paths: tyro.conf.Positional[tuple[Path, ...]]
    """Files of games in any format, packed or not, archives, and folders to search for such files."""
    out: Path
    """The folder of the corpus."""
    validation: float = 0.02
    """The share of the games held back for validation."""
    filters: tyro.conf.OmitArgPrefixes[Filters] = field(default_factory=Filters)
    weights: tuple[str, ...] = ()
    """How much the games of a source count in training, as in masters=2 studies=0.5: a part of the source's name, and
    a number; 1 when left out."""
    seed: int = 0
    """Of the order of the games."""
    overwrite: bool = False
    """Replace a corpus of other files that is in the folder."""
    keep_work: bool = False
    """Leave what was read in the folder .work of the corpus, so that a later run reads only files that are new."""
    workers: int | None = None
    """Processes; as many as there are cores when left out."""
    memory: int = 128
    """About how many MiB of games each process may hold."""


def _table(manifest: Manifest) -> Table:
    columns = {
        "read": [source.read for source in manifest.sources],
        "kept": [source.kept for source in manifest.sources],
        "duplicates": [source.duplicates for source in manifest.sources],
        "near_duplicates": [source.near_duplicates for source in manifest.sources],
        "filtered": [sum(source.filtered.values()) for source in manifest.sources],
        "rejects": [sum(source.rejects.values()) for source in manifest.sources],
    }
    shown = {name: counts for name, counts in columns.items() if any(counts) or name in ("read", "kept")}
    table = Table()
    table.add_column(say("corpus.column_source"), overflow="fold")
    for name in shown:
        table.add_column(say(f"corpus.column_{name}"), justify="right")
    names = short_names(source.name for source in manifest.sources)
    for name, counts in zip(names, zip(*shown.values(), strict=True), strict=True):
        table.add_row(name, *(f"{count:,}" for count in counts))
    if len(names) > 1:
        table.add_section()
        table.add_row(say("corpus.row_total"), *(f"{sum(counts):,}" for counts in shown.values()))
    return table


def _told(prefix: str, counts: Iterable[Mapping[str, int]]) -> str:
    total: Counter[str] = Counter()
    for some in counts:
        total.update(some)
    return ", ".join(f"{say(f'corpus.{prefix}_{name}')} {count:,}" for name, count in total.most_common())


def _report(report: Report, settings: Settings, seconds: float) -> None:
    manifest, folder = report.manifest, path_text(settings.out)
    # File names may look like rich's markup.
    Console(highlight=False, markup=False, emoji=False).print(_table(manifest))
    if filtered := _told("filter_by", (source.filtered for source in manifest.sources)):
        print(say("corpus.report_filtered", reasons=filtered))
    if rejected := _told("reason", (source.rejects for source in manifest.sources)):
        print(say("corpus.report_rejects", reasons=rejected, file=path_text(settings.out / REJECTS_NAME)))
    for split, counts in manifest.splits.items():
        shards = sum(entry.split == split for entry in manifest.shards)
        games, plies = f"{counts['games']:,}", f"{counts['plies']:,}"
        print(say("corpus.report_split", split=say(f"corpus.split_{split}"), games=games, plies=plies, shards=shards))
    print(say("corpus.report_written", file=path_text(settings.out / REPORT_NAME)))
    total = sum(source.read for source in manifest.sources)
    took, rate = f"{seconds:,.1f}", f"{total / max(seconds, 1e-3):,.0f}"
    fields = {"files": report.files, "games": f"{total:,}", "seconds": took, "rate": rate, "folder": folder}
    print(say("corpus.report_time", lang=None, **fields))
    for error in (*report.first_rejects, *report.file_errors):
        print(error, file=sys.stderr)


def _passed_over(report: Report) -> None:
    if report.passed_over:
        suffixes = (
            f"{suffix or say('corpus.no_suffix')} {count:,}" for suffix, count in sorted(report.passed_over.items())
        )
        print(say("corpus.passed_over", suffixes=", ".join(suffixes)), file=sys.stderr)


def _weights(settings: Settings) -> dict[str, float]:
    weights = {}
    for text in settings.weights:
        name, _, weight = text.rpartition("=")
        try:
            weights[name] = float(weight)
        except ValueError:
            raise CorpusError("corpus.weight_form", text=text) from None
    return weights


def run(settings: Settings) -> int:
    """Make the corpus and print what became of the games."""
    for option, value in (("memory", settings.memory), ("workers", settings.workers)):
        if value is not None and value < 1:
            raise CorpusError("corpus.too_little", option=option, value=value, least=1)
    if settings.out.is_file():
        raise CorpusError("corpus.out_is_a_file", file=path_text(settings.out))
    if any((settings.out / name).exists() for name in (LOG_NAME, *MODEL_FILES)):
        raise CorpusError("corpus.out_is_a_run", folder=path_text(settings.out))
    started = time.perf_counter()
    workers = settings.workers or cores()
    size = sum(source_bytes(path) or 0 for path in settings.paths)
    pool = worker_pool(workers) if workers > 1 and size >= _WORTH_WORKERS else nullcontext()
    with StageBars() as bars, pool as executor:
        report = prepare(
            settings.paths,
            settings.out,
            validation=settings.validation,
            filters=settings.filters,
            weights=_weights(settings),
            seed=settings.seed,
            overwrite=settings.overwrite,
            keep_work=settings.keep_work,
            memory=settings.memory << 20,
            executor=executor,
            workers=workers,
            on_progress=bars,
        )
    if report.unchanged:
        print(say("corpus.unchanged", folder=path_text(settings.out), files=report.files))
    else:
        _report(report, settings, time.perf_counter() - started)
        if settings.validation and not report.manifest.splits["validation"]["games"]:
            print(say("corpus.no_validation_games"), file=sys.stderr)
    _passed_over(report)
    return 0
