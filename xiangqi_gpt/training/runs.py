"""The folders of training runs: their checkpoints, and their logs, read back: what each has come to, and its curves.

A log may be of a run that is going on, was killed in the middle of a line, or had a full disk: lines that
cannot be read are passed over, and figures that are missing are not numbers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from xiangqi_gpt.model.folder import WEIGHTS_FILE
from xiangqi_gpt.training.settings import TrainingError

__all__ = ["LOG_NAME", "RunHistory", "RunSummary", "checkpoint_folders", "find_runs", "read_run", "summarise"]

LOG_NAME = "log.jsonl"
_RECENT = 50  # steps
_VALIDATION = "validation_"

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RunHistory:
    """What the log of a run holds.

    Attributes:
        folder: where it is.
        name: how to call it among others.
        parameters: trained values of its model; None while there is no model.
        steps: name of a figure -> its value at each of S steps, ``float64[S]``; always with ``step``,
            ``positions`` (since the beginning) and ``minutes`` (of training).
        validations: the same for V validations, ``float64[V]``.
        unreadable: lines that are no figures of a step.
    """

    folder: Path
    name: str
    parameters: int | None
    steps: Mapping[str, Array]
    validations: Mapping[str, Array]
    unreadable: int

    def curve(self, figure: str, along: str) -> tuple[Array, Array]:
        """A figure and what it is drawn along (``step``, ``positions`` or ``minutes``), where both are known."""
        table = self.validations if figure.startswith(_VALIDATION) else self.steps
        if figure not in table:
            return np.empty(0), np.empty(0)
        x, y = table[along], table[figure]
        known = np.isfinite(x) & np.isfinite(y)
        return x[known], y[known]


def checkpoint_folders(run: Path) -> list[Path]:
    """The whole checkpoints of a run, oldest first."""
    return sorted((run / "checkpoints").glob("step-[0-9]*"))


def find_runs(paths: Sequence[Path]) -> list[Path]:
    """The folders of runs: those named, and of a folder without a log those in it that have one.

    Raises:
        TrainingError: a path is no run and holds none.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        folder = path.parent if path.name == LOG_NAME else path
        inner = (
            [folder] if (folder / LOG_NAME).is_file() else sorted(log.parent for log in folder.glob(f"*/{LOG_NAME}"))
        )
        if not inner:
            raise TrainingError("training.run_missing", folder=path)
        for run in inner:
            found.setdefault(run.resolve(), run)
    return list(found)


def read_run(folder: Path, name: str | None = None) -> RunHistory:
    """Read the log of a run.

    Args:
        folder: that of the run.
        name: how to call it; the folder's name when left out.

    Raises:
        TrainingError: there is no log, or it may not be read.
    """
    path = folder / LOG_NAME
    steps: dict[int, dict[str, float]] = {}
    validations: dict[int, dict[str, float]] = {}
    unreadable = 0
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                figures = _figures(line)
                if figures is None:
                    unreadable += 1
                    continue
                table = validations if any(key.startswith(_VALIDATION) for key in figures) else steps
                table[int(figures["step"])] = figures  # a step that was done twice: as it was the last time
    except OSError as error:
        raise TrainingError("training.run_unreadable", file=path, reason=error.strerror or error) from None
    columns = _columns(steps)
    positions = columns.get("positions", np.full(len(steps), math.nan))
    rate = columns.get("positions_per_second", np.full(len(steps), math.nan))
    seconds = np.where(rate > 0, positions / np.where(rate > 0, rate, 1), 0.0)
    columns["positions"] = np.cumsum(np.nan_to_num(positions))
    columns["minutes"] = np.cumsum(np.nan_to_num(seconds)) / 60
    validated = _columns(validations)
    at = np.searchsorted(columns["step"], validated["step"], side="right")
    for key in ("positions", "minutes"):
        validated[key] = np.concatenate([[0.0], columns[key]])[at]
    return RunHistory(folder, name or folder.name, _count_parameters(folder), columns, validated, unreadable)


def _figures(line: str) -> dict[str, float] | None:
    """The numbers of a line; None where it is none of a step's. What is not finite is written as null."""
    try:
        read: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(read, dict) or type(read.get("step")) is not int:
        return None
    return {
        key: math.nan if value is None else float(value)
        for key, value in read.items()
        if value is None or isinstance(value, int | float)
    }


def _columns(table: Mapping[int, Mapping[str, float]]) -> dict[str, Array]:
    """Rows by step -> arrays by name, in the order of the steps."""
    rows = [table[step] for step in sorted(table)]
    names = dict.fromkeys(["step", *(name for row in rows for name in row)])
    return {name: np.array([row.get(name, math.nan) for row in rows], np.float64) for name in names}


def _count_parameters(folder: Path) -> int | None:
    """How many values the model of a run has, by the header of its file alone."""
    try:
        with safe_open(folder / WEIGHTS_FILE, framework="numpy") as weights:
            shapes: list[list[int]] = [weights.get_slice(name).get_shape() for name in weights.keys()]  # noqa: SIM118
    except (OSError, SafetensorError):
        return None
    return sum(map(math.prod, shapes))


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run has come to; None for what its log does not tell.

    Attributes:
        name: how to call it.
        parameters: trained values of its model.
        steps: the last step.
        positions: seen in all steps.
        minutes: spent on steps.
        loss: the mean of the last 50 steps.
        last_nats: nats a ply at the last validation.
        best_nats: at the best one.
        best_step: the step of that.
        last_top1: top-1 at the last validation.
        best_top1: top-1 at the one with the best nats.
        positions_per_second: in all steps together.
        utilisation: the mean share of the machine's best rate of matrix products over the last 50 steps.
    """

    name: str
    parameters: int | None
    steps: int
    positions: int
    minutes: float
    loss: float | None
    last_nats: float | None
    best_nats: float | None
    best_step: int | None
    last_top1: float | None
    best_top1: float | None
    positions_per_second: float | None
    utilisation: float | None


def summarise(run: RunHistory) -> RunSummary:
    """What a run has come to."""
    steps, validations = run.steps, run.validations
    empty = np.empty(0)
    nats, top1 = (validations.get(f"{_VALIDATION}{name}", empty) for name in ("nats", "top1"))
    best = int(np.nanargmin(nats)) if np.isfinite(nats).any() else None
    minutes = float(steps["minutes"][-1]) if len(steps["minutes"]) else 0.0
    positions = int(steps["positions"][-1]) if len(steps["positions"]) else 0
    return RunSummary(
        name=run.name,
        parameters=run.parameters,
        steps=int(max([0.0, *steps["step"][-1:], *validations["step"][-1:]])),
        positions=positions,
        minutes=minutes,
        loss=_mean(steps.get("loss", empty)[-_RECENT:]),
        last_nats=_mean(nats[-1:]),
        best_nats=None if best is None else float(nats[best]),
        best_step=None if best is None else int(validations["step"][best]),
        last_top1=_mean(top1[-1:]),
        best_top1=None if best is None else _mean(top1[best : best + 1]),
        positions_per_second=positions / (60 * minutes) if minutes else None,
        utilisation=_mean(steps.get("utilisation", empty)[-_RECENT:]),
    )


def _mean(values: Array) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None
