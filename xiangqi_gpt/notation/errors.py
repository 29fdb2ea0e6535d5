"""The three ways in which a move text can be wrong, named as in python-chess."""

from __future__ import annotations

from xiangqi_gpt.messages import XiangqiError

__all__ = ["AmbiguousMoveError", "IllegalMoveError", "InvalidMoveError"]


class InvalidMoveError(XiangqiError, ValueError):
    """The text is no move in its notation."""


class IllegalMoveError(XiangqiError, ValueError):
    """The text is a move, but not a legal one in the position."""


class AmbiguousMoveError(XiangqiError, ValueError):
    """The text could mean more than one legal move."""
