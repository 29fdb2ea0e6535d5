"""What can be wrong with a file of games, and with one game in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from xiangqi_gpt.messages import XiangqiError

__all__ = ["GameError", "LossError", "OnLoss", "RecordFileError"]


class RecordFileError(XiangqiError):
    """A file that cannot be read as games: missing, damaged, or something else."""


class GameError(XiangqiError, ValueError):
    """A fault of one game; the fields always have ``file`` and ``line``.

    The message's name (``error.reason``) tells the kind: ``move_illegal``, ``move_unreadable``,
    ``move_ambiguous`` end the line of moves they stand in, ``fen_bad``, ``position_impossible`` and
    ``variant_other`` leave no moves at all; ``move_resolved``, ``comment_open``, ``variation_open`` and
    ``variation_stray`` end nothing.
    """

    @property
    def reason(self) -> str:
        """The kind of fault, such as ``move_illegal``."""
        return self.code.partition(".")[2]

    @property
    def line(self) -> int:
        """The line of the file, from 1."""
        line: int = self.fields["line"]
        return line


class LossError(XiangqiError):
    """What a format cannot hold of a game that is written in it; told to an ``on_loss``, not raised."""


OnLoss: TypeAlias = Callable[[LossError], None]
