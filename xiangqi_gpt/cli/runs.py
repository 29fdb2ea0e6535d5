"""``xiangqi-gpt runs``: training runs side by side, as a table and as curves."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Literal

import tyro
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from xiangqi_gpt.atomic import write_whole
from xiangqi_gpt.messages import XiangqiError, language, say
from xiangqi_gpt.training.curves import Curve, Panel, draw_svg, draw_text, letter
from xiangqi_gpt.training.runs import RunHistory, RunSummary, find_runs, read_run, summarise
from xiangqi_gpt.training.settings import TrainingError

__all__ = ["Settings", "run"]

_WIDEST = 110  # characters of a plot
_ENOUGH = 10_000  # for any table
_FIGURES = ("mean_loss", "validation_nats", "validation_top1", "value_loss", "positions_per_second", "utilisation")
_IN_TERMINAL = _FIGURES[:3]
_SHARES = ("validation_top1", "utilisation")


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt runs``."""

    runs: tyro.conf.Positional[tuple[Path, ...]]
    """Folders of training runs, or folders that hold such folders."""
    along: Literal["step", "positions", "minutes"] = "step"
    """What curves are drawn along."""
    svg: Path | None = None
    """Also draw the curves into this picture."""
    html: Path | None = None
    """Also write table and curves into this page, which needs no other file."""
    json: bool = False
    """Print a JSON list with an object for each run instead of table and curves."""


def _optional(form: str) -> Callable[[float | None], str]:
    return lambda value: "–" if value is None else form.format(value)


_millions, _nats, _share, _whole = map(_optional, ("{:.2f} M", "{:.4f}", "{:.2%}", "{:,.0f}"))


def _cells(number: int, run: RunSummary) -> dict[str, str]:
    """A row of the table: name of a column -> text."""
    best = "" if run.best_step is None else f" @{run.best_step:,}"
    return {
        "run": f"{letter(number)}  {run.name}",
        "parameters": _millions(None if run.parameters is None else run.parameters / 1e6),
        "steps": f"{run.steps:,}",
        "positions": _millions(run.positions / 1e6),
        "minutes": f"{run.minutes:,.1f}",
        "loss": _nats(run.loss),
        "last_nats": _nats(run.last_nats),
        "last_top1": _share(run.last_top1),
        "best_nats": _nats(run.best_nats) + best,
        "best_top1": _share(run.best_top1),
        "rate": _whole(run.positions_per_second),
        "utilisation": _share(run.utilisation),
    }


def _rows(summaries: Sequence[RunSummary]) -> list[dict[str, str]]:
    """The rows of the table; a column that no run has figures for is left out."""
    rows = [_cells(number, run) for number, run in enumerate(summaries)]
    told = [name for name in rows[0] if any(row[name] != "–" for row in rows)]
    return [{name: row[name] for name in told} for row in rows]


def _panels(runs: Sequence[RunHistory], along: str) -> dict[str, Panel]:
    """The figures that at least one run has points of."""
    panels = {}
    for figure in _FIGURES:
        curves = [Curve(letter(number), *run.curve(figure, along)) for number, run in enumerate(runs)]
        if any(len(curve.x) for curve in curves):
            title, axis = say(f"training.curve_{figure}"), say(f"training.along_{along}")
            panels[figure] = Panel(title, axis, curves, figure in _SHARES)
    return panels


def _table(rows: Sequence[dict[str, str]], *, on_side: bool) -> Table:
    """A row a run, or for a narrow terminal a column a run."""
    lines = [[say(f"training.run_{name}") for name in rows[0]], *(list(row.values()) for row in rows)]
    head, *body = [list(line) for line in zip(*lines, strict=True)] if on_side else lines
    table = Table()
    for number, name in enumerate(head):
        table.add_column(Text(name), justify="right" if number else "left", overflow="fold")
    for line in body:
        table.add_row(*map(Text, line))
    return table


def _print(rows: Sequence[dict[str, str]], panels: dict[str, Panel]) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    table = _table(rows, on_side=False)
    if Measurement.get(console, console.options.update(width=_ENOUGH), table).maximum > console.width:
        table = _table(rows, on_side=True)
    console.print(table)
    for figure in _IN_TERMINAL:
        if figure in panels:
            print()
            print("\n".join(draw_text(panels[figure], min(console.width, _WIDEST))))


def _page(rows: Sequence[dict[str, str]], svg: str) -> str:
    head = "".join(f"<th>{escape(say(f'training.run_{name}'))}</th>" for name in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row.values())}</tr>" for row in rows)
    title = escape(say("training.runs_title"))
    return f"""<!DOCTYPE html>
<html lang="{language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ color: #1f2328; font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 0 auto; max-width: 76rem;
  padding: 1rem; }}
div {{ overflow-x: auto; }} table {{ border-collapse: collapse; margin-bottom: 1.5rem; }}
th, td {{ border-bottom: 1px solid #d0d7de; padding: .2rem .6rem; text-align: right; white-space: nowrap; }}
th:first-child, td:first-child {{ text-align: left; }} svg {{ height: auto; max-width: 100%; }}
</style>
</head>
<body>
<h1>{title}</h1>
<div><table><tr>{head}</tr>{body}</table></div>
{svg}
</body>
</html>
"""


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as error:
        raise XiangqiError("corpus.cannot_write_file", file=path, detail=error.strerror or error) from None


def run(settings: Settings) -> int:
    """Read the logs and show them."""
    if not settings.runs:
        raise TrainingError("training.no_runs")
    folders = find_runs(settings.runs)
    short = len({folder.name for folder in folders}) == len(folders)
    runs = [read_run(folder, folder.name if short else str(folder)) for folder in folders]
    summaries = [summarise(history) for history in runs]
    rows, panels = _rows(summaries), _panels(runs, settings.along)
    if settings.json:
        print(json.dumps([asdict(summary) for summary in summaries], ensure_ascii=False, allow_nan=False))
    else:
        _print(rows, panels)
    # A last line that is being written, or was cut off by the end of the run, is no news.
    for history in runs:
        if history.unreadable > 1:
            told = say("training.run_lines", folder=history.folder, count=history.unreadable)
            print(told, file=sys.stderr)
    svg = draw_svg(list(panels.values()), [history.name for history in runs])
    if settings.svg is not None:
        _write(settings.svg, f"{svg}\n")
    if settings.html is not None:
        _write(settings.html, _page(rows, svg))
    return 0
