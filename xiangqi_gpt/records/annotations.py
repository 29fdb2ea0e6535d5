"""Data in comments: ``[%eval 0.35]``, ``[%eval #-3]``, ``[%best h2e2]``.

They tell of the position before the move that the comment follows: its evaluation, in pawns for Red
or as a mate for Red (``#3``) or Black (``#-3``), and the move that an engine would have played.
"""

from __future__ import annotations

import re

__all__ = ["MATE_EVAL", "find_best", "find_eval", "with_best", "with_eval"]

MATE_EVAL = 30000  # a mate in n for Red is MATE_EVAL - n, for Black n - MATE_EVAL
_LONGEST_MATE = 1000  # evaluations below MATE_EVAL - this are no mates

_EVAL = re.compile(r"\[%eval\s+(#?)([+-]?)(\d{1,6}(?:\.\d{1,6})?)[^\]]*\] ?")
_BEST = re.compile(r"\[%best\s+([^\]\s]+)\s*\] ?")


def find_eval(comment: str) -> int | None:
    """The evaluation in a comment in centipawns for Red, a mate in n as ``±(MATE_EVAL - n)``; or None."""
    match = _EVAL.search(comment)
    if match is None:
        return None
    if match[1]:
        size = MATE_EVAL - min(int(float(match[3])), _LONGEST_MATE)
    else:
        size = min(round(float(match[3]) * 100), MATE_EVAL - _LONGEST_MATE - 1)
    return -size if match[2] == "-" else size


def find_best(comment: str) -> str | None:
    """The text of the best move in a comment, or None."""
    match = _BEST.search(comment)
    return match[1] if match else None


def _with(pattern: re.Pattern[str], comment: str, data: str) -> str:
    return f"{data} {pattern.sub('', comment).strip()}".strip()


def with_eval(comment: str, value: int | None) -> str:
    """The comment with this evaluation in place of any it had, in the units of :func:`find_eval`."""
    if value is None:
        return _with(_EVAL, comment, "")
    sign = "-" if value < 0 else ""
    mate = MATE_EVAL - abs(value)
    text = f"#{sign}{mate}" if mate <= _LONGEST_MATE else f"{sign}{abs(value) / 100:.2f}"
    return _with(_EVAL, comment, f"[%eval {text}]")


def with_best(comment: str, text: str | None) -> str:
    """The comment with this best move in place of any it had."""
    return _with(_BEST, comment, "" if text is None else f"[%best {text}]")
