"""What is shown while a corpus is made: a bar a stage."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from xiangqi_gpt.corpus.progress import Progress, Stage
from xiangqi_gpt.messages import say

__all__ = ["StageBars"]


class StageBars:
    """A bar for each stage, with games, games a second and time left, as long as the block is not left."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TaskProgressColumn(),
            TextColumn("{task.fields[games]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
        )
        self._bars = Bars(*columns, console=Console(stderr=True))
        self._tasks: dict[Stage, tuple[TaskID, float]] = {}

    def __call__(self, progress: Progress) -> None:
        """Show how far a stage has come."""
        now = time.perf_counter()
        if progress.stage not in self._tasks:
            self._bars.start()
            task = self._bars.add_task(say(f"corpus.stage_{progress.stage}"), total=progress.total, games="")
            self._tasks[progress.stage] = task, now
        task, started = self._tasks[progress.stage]
        rate = progress.games / max(now - started, 1e-3)
        games = say("corpus.progress_games", games=f"{progress.games:,}", rate=f"{rate:,.0f}")
        self._bars.update(task, completed=progress.done, total=progress.total, games=games)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the bars on the screen as they are, or take them away when an error is to be told."""
        if error is not None:
            self._bars.live.transient = True
            self._bars.live.stop()  # the bars' own stop() would print a line
        elif self._tasks:
            self._bars.stop()
