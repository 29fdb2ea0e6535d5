"""``xiangqi-gpt evaluate``: how well a model foretells the moves of held-out games."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import tyro
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from xiangqi_gpt.cli.threads import set_threads
from xiangqi_gpt.corpus.held_out import HeldOut, corpus_games, file_games
from xiangqi_gpt.corpus.shards import Split
from xiangqi_gpt.messages import say
from xiangqi_gpt.records.packed import path_text
from xiangqi_gpt.training.figures import CONFIDENCE, PHASES, RESAMPLES, SEED, SIDES, Figures
from xiangqi_gpt.training.settings import TrainingError

if TYPE_CHECKING:
    from xiangqi_gpt.model.decoder import Decoder
    from xiangqi_gpt.training.figures import Tally

__all__ = ["Settings", "run"]


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt evaluate``."""

    model: tyro.conf.Positional[str] = "gpt"
    """A model folder, such as that of a training run; gpt is the model that ships."""
    games: tuple[Path, ...] = ()
    """Files of games in any format, packed or not, and folders of them; - for standard input."""
    corpus: Path | None = None
    """Games of a corpus, a folder that xiangqi-gpt prepare made."""
    split: Split = "validation"
    """Which games of the corpus."""
    json: bool = False
    """Print one JSON object instead of tables."""
    out: Path | None = None
    """Also write the JSON object to this file."""
    threads: int | None = None
    """CPU threads for the model; all cores when left out."""
    batch_positions: int = 1024
    """About how many positions are looked at together."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute. auto: a GPU when there is one."""
    precision: Literal["fp32", "bf16", "fp16", "auto"] = "fp32"
    """What matrices are multiplied in. fp32 gives the same figures on all machines; auto chooses as for training."""


def _check(settings: Settings) -> None:
    """Refuse settings that make no sense, before anything is loaded."""
    if bool(settings.games) == (settings.corpus is not None):
        raise TrainingError("training.evaluate_what")
    for field in ("threads", "batch_positions"):
        value = getattr(settings, field)
        if value is not None and value < 1:
            raise TrainingError("training.at_least", field=field, value=value, least=1)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int | None, str], None]]:
    """Bars on standard error, where that is a terminal: call with a message's name, done, total and a rate."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks = {}

        def show(name: str, done: int, total: int | None, rate: str) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(say(name), total=total, rate="")
            bars.update(tasks[name], completed=done, total=total, rate=rate)

        yield show


def _read(settings: Settings, show: Callable[[str, int, int | None, str], None]) -> HeldOut:
    if settings.corpus is not None:
        return corpus_games(settings.corpus, settings.split)

    def on_reading(read: int, total: int | None, games: int) -> None:
        show("training.evaluate_reading", read, total, say("training.evaluate_games", games=games))

    return file_games(settings.games, on_reading)


def _score(
    settings: Settings, model: Decoder, held: HeldOut, show: Callable[[str, int, int | None, str], None]
) -> tuple[Tally, str]:
    """The tally of all games, and the precision it was made in."""
    from xiangqi_gpt.training.evaluation import score_games
    from xiangqi_gpt.training.hardware import choose_precision

    dtype = choose_precision(settings.precision, next(model.parameters()).device)
    total = sum(len(game.moves) for game in held.games)
    started, done = time.perf_counter(), 0

    def on_scored(plies: int) -> None:
        nonlocal done
        done += plies
        rate = done / max(time.perf_counter() - started, 1e-9)
        show("training.evaluate_scoring", done, total, say("training.evaluate_rate", rate=rate))

    tally = score_games(model, held.games, batch_positions=settings.batch_positions, dtype=dtype, on_scored=on_scored)
    return tally, str(dtype).removeprefix("torch.")


def run(settings: Settings) -> int:
    """Evaluate the model and print its figures."""
    _check(settings)
    set_threads(settings.threads)
    from xiangqi_gpt.model.checkpoint import load_model
    from xiangqi_gpt.model.folder import find_model, write_file
    from xiangqi_gpt.training.hardware import choose_device

    folder = find_model(settings.model)
    device = choose_device(settings.device)
    model = load_model(folder, device)
    with _progress() as show:
        held = _read(settings, show)
        started = time.perf_counter()
        tally, precision = _score(settings, model, held, show)
        seconds = time.perf_counter() - started
    report = tally.report()
    config = model.config
    result: dict[str, Any] = {
        "model": path_text(folder),
        "parameters": model.count_parameters(),
        "tokenizer": config.tokenizer,
        "policy": config.policy,
        "context": config.context,
        "device": str(device),
        "precision": precision,
        "games_rejected": held.rejected,
        "games_with_result": sum(game.result is not None for game in held.games),
        "files_failed": len(held.file_errors),
        **report[""],
        "phases": {name: report[name] for name in PHASES},
        "sides": {name: report[name] for name in SIDES},
        "bootstrap": {"by": "game", "confidence": CONFIDENCE, "resamples": RESAMPLES, "seed": SEED},
        "seconds": round(seconds, 3),
        "plies_per_second": round(tally.plies / max(seconds, 1e-9), 1),
    }
    text = json.dumps(result, ensure_ascii=False, allow_nan=False)
    if settings.json:
        print(text)
    else:
        _print(result, report)
    _tell_faults(held)
    if settings.out is not None:
        write_file(settings.out, f"{text}\n".encode())
    return 0


def _tell_faults(held: HeldOut) -> None:
    """What could not be used, on standard error."""
    for error in (*held.file_errors, *held.first_rejects):
        print(error, file=sys.stderr)
    if held.rejected:
        print(say("training.evaluate_rejected", count=held.rejected), file=sys.stderr)


# Tables: the figures of each, and how they are written.
_NATS, _SHARE, _SCORE = "{:.4f}", "{:.2%}", "{:.4f}"
_TABLES: Mapping[str, Mapping[str, str]] = {
    "legal": {"nats_per_ply": _NATS, "top1": _SHARE, "top3": _SHARE, "top5": _SHARE},
    "raw": {"nats_raw": _NATS, "argmax_legal": _SHARE, "illegal_mass": _SHARE, "games_legal": _SHARE},
    "value": {"value_brier": _SCORE, "value_brier_base_rates": _SCORE},
}


def _text(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _interval(bounds: Iterable[float | None] | None, form: str) -> str:
    return "" if bounds is None else " – ".join(_text(bound, form) for bound in bounds)


def _table(name: str, forms: Mapping[str, str], report: Mapping[str, Figures]) -> Table:
    table = Table(title=say(f"training.figures_{name}"), title_justify="left")
    table.add_column("")
    for column in ("games", "plies"):
        table.add_column(say(f"training.figure_{column}"), justify="right")
    for figure in forms:
        table.add_column(say(f"training.figure_{figure}"), justify="right")
    for group, figures in report.items():
        label = say(f"training.side_{group}") if group in SIDES else group or say("training.figures_all")
        counts = (f"{figures['games']:,}", f"{figures['plies']:,}")
        values: dict[str, Any] = figures
        table.add_row(Text(label), *counts, *(_text(values[figure], form) for figure, form in forms.items()))
        if group == "":
            told = (_interval(values.get(f"{figure}_interval"), form) for figure, form in forms.items())
            table.add_row(Text(f"{CONFIDENCE:.0%}"), "", "", *told, end_section=True)
        elif group == PHASES[-1]:
            table.add_section()
    return table


def _print(result: Mapping[str, Any], report: Mapping[str, Figures]) -> None:
    """The figures for people."""
    console = Console(highlight=False, markup=False, emoji=False)
    fields = {name: result[name] for name in ("model", "device", "precision", "games", "plies", "seconds")}
    rate = say("training.evaluate_rate", rate=result["plies_per_second"])
    console.print(say("training.evaluated", lang=None, parameters=result["parameters"] / 1e6, rate=rate, **fields))
    for name, forms in _TABLES.items():
        if all(figure in report[""] for figure in forms):
            console.print(_table(name, forms, report))
