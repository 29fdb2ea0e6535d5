"""The progress bar of commands that work through games for hours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from xiangqi_gpt.messages import say

__all__ = ["work_progress"]


@contextmanager
def work_progress(total: int, done: int) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal.

    Args:
        total: games in all.
        done: how many were done before.

    Yields:
        What to call with the games done (in all) and the plies (in this run).
    """
    console = Console(stderr=True)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        started = time.perf_counter()
        task = progress.add_task("", total=total, completed=done, rate="")

        def show(games: int, plies: int) -> None:
            speed = plies / max(time.perf_counter() - started, 1e-9)
            progress.update(task, completed=games, rate=say("labels.rate", rate=f"{speed:,.0f}"))

        yield show
