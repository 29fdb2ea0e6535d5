"""``xiangqi-gpt label``: let an engine label every ply of games."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import tyro

from xiangqi_gpt.cli.inputs import GameFiles
from xiangqi_gpt.cli.work_progress import work_progress
from xiangqi_gpt.cli.workers import cores, worker_pool
from xiangqi_gpt.labels.analyst import check_engine
from xiangqi_gpt.labels.label import Labelled, LabelSettings, label_games
from xiangqi_gpt.labels.output import FILES, GameOutput
from xiangqi_gpt.messages import XiangqiError, say
from xiangqi_gpt.records.packed import path_text
from xiangqi_gpt.records.pgn_writer import pgn_text

__all__ = ["Settings", "run"]

_FAULTS_TOLD = 20


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt label``."""

    paths: Annotated[tyro.conf.Positional[tuple[Path, ...]], tyro.conf.arg(metavar="GAMES")]
    """Files of games, and folders of them."""
    engine: Annotated[str, tyro.conf.arg(metavar="SPEC")]
    """The engine: uci:PROGRAM or ucci:PROGRAM, with its options behind a question mark, as in
    'uci:/usr/games/fairy-stockfish?Hash=64'."""
    out: Path
    """The file for the labelled games: PGN, packed when its name ends in .gz, .xz or .zst. Run again, the command
    goes on where it was stopped."""
    nodes: int = 4_000
    """The nodes of the search at each ply."""
    multipv: int = 1
    """How many candidate moves to write at each ply."""
    workers: int | None = None
    """Engines that work side by side, as many as there are cores when left out; the labels are the same for any
    number."""
    overwrite: bool = False
    """Begin anew, whatever the file holds."""


def _check(settings: Settings) -> None:
    for name in ("nodes", "multipv", "workers"):
        value = getattr(settings, name)
        if value is not None and value < 1:
            raise XiangqiError("labels.too_small", option=name, value=value, least=1)
    if not settings.paths:
        raise XiangqiError("labels.no_games")


class _Report:
    """What the user is told of games that are not as they should be: the first ones, and how many in all."""

    def __init__(self) -> None:
        self.faulty = self.skipped = self.games = self.plies = 0

    def add(self, number: int, labelled: Labelled) -> None:
        """Take note of a game."""
        if labelled.error is not None:
            self.skipped += 1
            print(say("labels.skipped", number=number, error=labelled.error), file=sys.stderr)
            return
        self.games += 1
        self.plies += labelled.plies
        if labelled.game.errors:
            self.faulty += 1
            if self.faulty <= _FAULTS_TOLD:
                print(say("labels.fault", number=number, error=labelled.game.errors[0]), file=sys.stderr)


def _job(settings: Settings, name: str, files: GameFiles) -> dict[str, Any]:
    """What decides the labels: the same job can be gone on with."""
    return {
        "command": "label",
        "program": name,
        "engine": settings.engine,
        "nodes": settings.nodes,
        "multipv": settings.multipv,
        FILES: files.stamps,
    }


def _label(settings: Settings, files: GameFiles, output: GameOutput, total: int, report: _Report) -> None:
    made = LabelSettings(settings.engine, settings.nodes, settings.multipv)
    games = islice(files.games(), output.done, None)
    workers = min(settings.workers or cores(), total - output.done)
    with (
        work_progress(total, output.done) as show,
        worker_pool(workers) if workers > 1 else nullcontext() as executor,
    ):
        for labelled in label_games(games, made, executor=executor, workers=workers):
            output.add("" if labelled.error else pgn_text(labelled.game))
            report.add(output.done, labelled)
            show(output.done, report.plies)


def run(settings: Settings) -> int:
    """Label the games that the file lacks, and tell how many there are."""
    _check(settings)
    name = check_engine(settings.engine)
    files, report = GameFiles(settings.paths, settings.out), _Report()
    with GameOutput(settings.out, _job(settings, name, files), overwrite=settings.overwrite) as output:
        if "total" not in output.notes:
            output.notes["total"] = sum(1 for _ in files.games())
        total: int = output.notes["total"]
        if not total:
            output.discard()
            raise XiangqiError("labels.nothing_to_label", paths=", ".join(map(path_text, settings.paths)))
        started = time.perf_counter()
        if output.done < total:
            _label(settings, files, output, total, report)
        output.finish()
        seconds = time.perf_counter() - started
        fields = {
            "games": f"{report.games:,}",
            "plies": f"{report.plies:,}",
            "seconds": f"{seconds:,.1f}",
            "rate": f"{report.plies / max(seconds, 1e-9):,.0f}",
        }
        print(say("labels.labelled", lang=None, file=path_text(settings.out), done=f"{output.done:,}", **fields))
        if report.faulty or report.skipped:
            print(say("labels.not_whole", lang=None, faulty=report.faulty, skipped=report.skipped))
    return 0
