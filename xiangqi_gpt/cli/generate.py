"""``xiangqi-gpt generate``: let an engine play games against itself, with labels."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import tyro

from xiangqi_gpt.cli.inputs import GameFiles
from xiangqi_gpt.cli.work_progress import work_progress
from xiangqi_gpt.cli.workers import cores, worker_pool
from xiangqi_gpt.labels.analyst import check_engine
from xiangqi_gpt.labels.generate import GenerateSettings, generate_games
from xiangqi_gpt.labels.openings import opening_lines
from xiangqi_gpt.labels.output import FILES, GameOutput
from xiangqi_gpt.messages import XiangqiError, say
from xiangqi_gpt.records.packed import path_text

__all__ = ["Settings", "run"]


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt generate``."""

    engine: Annotated[str, tyro.conf.arg(metavar="SPEC")]
    """The engine: uci:PROGRAM or ucci:PROGRAM, with its options behind a question mark, as in
    'uci:/usr/games/fairy-stockfish?Hash=64'."""
    games: int
    """How many games the file shall hold. Run again with a greater number, it goes on with the next ones."""
    out: Path
    """The file for the games: PGN, packed when its name ends in .gz, .xz or .zst."""
    openings: tuple[Path, ...] = ()
    """Files of games, and folders of them, whose first plies are the openings; left out, the program makes balanced
    ones."""
    opening_plies: int = 30
    """The most plies of an opening; each game draws a number from 0."""
    balance: float = 1.5
    """How many pawns a side may be ahead after an opening that the program makes."""
    nodes_min: int = 2_000
    """The fewest nodes that a side searches at each move; each side of each game draws a number."""
    nodes_max: int = 6_000
    """The most."""
    blunder_games: float = 0.75
    """The share of games in which some moves (5 to 20 %) are replaced by random legal ones."""
    seed: int = 1
    """Decides the games, together with the settings above."""
    workers: int | None = None
    """Engines that play side by side, as many as there are cores when left out; the games are the same for any
    number."""
    overwrite: bool = False
    """Begin anew, whatever the file holds."""


def _check(settings: Settings) -> None:
    least = {"games": 1, "opening_plies": 0, "balance": 0.3, "nodes_min": 1, "nodes_max": settings.nodes_min}
    least |= {"blunder_games": 0, "seed": 0, "workers": 1}
    for name, low in least.items():
        value = getattr(settings, name)
        if value is not None and not value >= low:
            raise XiangqiError("labels.too_small", option=name.replace("_", "-"), value=value, least=low)
    for name, high in {"blunder_games": 1, "opening_plies": 100}.items():
        value = getattr(settings, name)
        if value > high:
            raise XiangqiError("labels.too_large", option=name.replace("_", "-"), value=value, most=high)


def _openings(files: GameFiles | None, plies: int) -> list[tuple[int, ...]]:
    if files is None:
        return []
    lines = opening_lines(files.games(variations=False), plies)
    if not lines:
        raise XiangqiError("labels.no_openings")
    return lines


def run(settings: Settings) -> int:
    """Play the games that the file lacks, and tell how many there are."""
    _check(settings)
    name = check_engine(settings.engine)
    made = GenerateSettings(
        settings.engine,
        settings.seed,
        (settings.nodes_min, settings.nodes_max),
        settings.blunder_games,
        settings.opening_plies,
        settings.balance,
    )
    files = GameFiles(settings.openings, settings.out) if settings.openings else None
    job = {"command": "generate", "program": name, **asdict(made), FILES: files.stamps if files else []}
    workers = min(settings.workers or cores(), settings.games)
    started = time.perf_counter()
    games = plies = 0
    with GameOutput(settings.out, job, overwrite=settings.overwrite) as output:
        numbers = range(output.done + 1, settings.games + 1)
        try:
            openings = _openings(files, settings.opening_plies) if numbers else []
        except XiangqiError:
            if not output.done:
                output.discard()
            raise
        with (
            work_progress(settings.games, output.done) as show,
            worker_pool(workers) if workers > 1 and numbers else nullcontext() as executor,
        ):
            for game in generate_games(made, numbers, openings, executor=executor, workers=workers):
                output.add(game.text)
                if game.error is not None:
                    print(say("labels.skipped", number=game.number, error=game.error), file=sys.stderr)
                games, plies = games + (game.error is None), plies + game.plies
                show(output.done, plies)
        output.finish()
        seconds = time.perf_counter() - started
        rate = f"{3600 * games / max(seconds, 1e-9):,.0f}"
        fields = {"games": f"{games:,}", "plies": f"{plies:,}", "seconds": f"{seconds:,.1f}", "rate": rate}
        print(say("labels.generated", lang=None, file=path_text(settings.out), done=f"{output.done:,}", **fields))
    return 0
