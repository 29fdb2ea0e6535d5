"""The log of a run: a line of JSON for each step and each validation, and TensorBoard's files if asked for."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from xiangqi_gpt.atomic import UNFINISHED
from xiangqi_gpt.model.folder import ModelFileError, write_file
from xiangqi_gpt.training.runs import LOG_NAME
from xiangqi_gpt.training.settings import TrainingError

__all__ = ["RunLog"]


def _step_of(line: str) -> int | None:
    """The step of a line; None for what is no line of a log, such as the half of one that a full disk left."""
    try:
        return int(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        return None


def _rounded(value: float) -> float | None:
    """A figure in seven digits; None when it is not finite."""
    if isinstance(value, int):
        return value
    return float(f"{value:.7g}") if math.isfinite(value) else None


class RunLog:
    """Makes the run's folder and opens its log; one that went on after the checkpoint is cut back to it.

    Args:
        run: the folder.
        step: the step of the checkpoint, 0 for a new run.
        tensorboard: also write for TensorBoard.

    Raises:
        ModelFileError: the folder or its log cannot be written.
        TrainingError: TensorBoard is not installed.
    """

    def __init__(self, run: Path, step: int, *, tensorboard: bool) -> None:
        self._path = run / LOG_NAME
        self._board: Any = None
        self._before = ""  # an end of line, where the last line may be the half of one
        try:
            run.mkdir(parents=True, exist_ok=True)
            for unfinished in run.glob(f"*{UNFINISHED}"):  # of a run that was killed while it wrote
                unfinished.unlink()
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines() if self._path.exists() else []
            kept = "".join(f"{line}\n" for line in lines if (at := _step_of(line)) is not None and at <= step)
            write_file(self._path, kept.encode())
        except OSError as error:
            raise ModelFileError("model.write_failed", path=self._path, reason=error) from error
        if tensorboard:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError:
                raise TrainingError("training.no_tensorboard") from None
            self._board = SummaryWriter(str(run), purge_step=step + 1)

    def write(self, line: dict[str, float]) -> None:
        """Add a line with its ``step``; figures that are not finite are null.

        Raises:
            OSError: the disk is full.
        """
        self._before, before = "\n", self._before
        rounded = {key: _rounded(value) for key, value in line.items()}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{before}{json.dumps(rounded)}\n")
        self._before = ""
        if self._board is not None:
            for key, value in line.items():
                if key != "step":
                    self._board.add_scalar(key, value, line["step"])

    def close(self) -> None:
        """Finish TensorBoard's files."""
        if self._board is not None:
            self._board.close()
