"""Data in comments, as lichess and this project write it.

======================================  ==================================================================
``[%eval 0.35]``, ``[%eval #-3,18]``    an evaluation: pawns for Red, or a mate for Red (``#3``) or Black
                                        (``#-3``); a depth may follow
``[%best h2e2]``                        the move that an engine would have played instead of the move
``[%multipv h2e2 0.35 b2e2 0.31]``      moves that an engine weighed instead of the move, with evaluations
``[%clk 0:01:02]``, ``[%emt 0:00:05]``  time left after the move, and time used for it
======================================  ==================================================================

**Which position an evaluation means**: alone, as lichess writes it, that after the move. In a comment
with ``[%best]`` or ``[%multipv]``, that before the move, as all three then tell of it.

Evaluations are centipawns for Red here, a mate in n ``±(MATE_EVAL - n)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "MATE_EVAL",
    "CommentData",
    "count_from_zero",
    "find_time",
    "read_data",
    "with_best",
    "with_candidates",
    "with_eval",
    "with_time",
]

MATE_EVAL = 30000  # a mate in n for Red is MATE_EVAL - n, for Black n - MATE_EVAL
_LONGEST_MATE = 1000  # evaluations below MATE_EVAL - this are no mates
_LARGEST_EVAL = MATE_EVAL - _LONGEST_MATE - 1

_VALUE = r"#?[+-]?\d{1,6}(?:\.\d{1,6})?"
_EVAL = re.compile(rf"\[%eval\s+({_VALUE})[^\]]*\] ?")
_BEST = re.compile(r"\[%best\s+([^\]\s]+)\s*\] ?")
_EVAL_AND_BEST = re.compile(rf"\[%eval ({_VALUE})\] ?\[%best ([^\]\s]+)\]")
_CANDIDATES = re.compile(r"\[%multipv\s+([^\]]*)\] ?")
_CANDIDATE = re.compile(rf"([^\]\s]+)\s+({_VALUE})(?=\s|$)")
_MOVES_OF_DATA = re.compile(r"\[%(?:best|multipv)\s[^\]]*\]")
_FROM_ONE = re.compile(r"(?<=\s)([A-Ia-i])(10|[1-9])(-?[A-Ia-i])(10|[1-9])(?=[\s\]])")
_TIMES = {
    name: re.compile(rf"\[%{name}\s+(\d{{1,4}}):(\d{{1,2}}):(\d{{1,2}}(?:\.\d{{1,6}})?)\s*\] ?")
    for name in ("clk", "emt")
}


class CommentData(NamedTuple):
    """What a comment says of the positions around its move.

    Attributes:
        before: the evaluation of the position before the move.
        after: the evaluation of the position after the move.
        best: the text of the best move in the position before the move.
        candidates: texts of moves there and their evaluations, as they stand.
    """

    before: int | None = None
    after: int | None = None
    best: str | None = None
    candidates: tuple[tuple[str, int], ...] = ()


_NOTHING = CommentData()


@lru_cache(1 << 14)
def _read_value(text: str) -> int:
    if text[0] != "#":
        return max(-_LARGEST_EVAL, min(round(float(text) * 100), _LARGEST_EVAL))
    value = MATE_EVAL - min(int(float(text.lstrip("#+-"))), _LONGEST_MATE)
    return -value if "-" in text else value


def _value_text(value: int) -> str:
    sign = "-" if value < 0 else ""
    mate = MATE_EVAL - abs(value)
    return f"#{sign}{mate}" if mate <= _LONGEST_MATE else f"{sign}{abs(value) / 100:.2f}"


def read_data(comment: str) -> CommentData:
    """The evaluations and best moves in a comment."""
    if "[%" not in comment:
        return _NOTHING
    if usual := _EVAL_AND_BEST.fullmatch(comment):  # as in games with a label at each move: one search instead of three
        return CommentData(_read_value(usual[1]), None, usual[2])
    found, best, weighed = _EVAL.search(comment), _BEST.search(comment), _CANDIDATES.search(comment)
    value = _read_value(found[1]) if found else None
    if best is None and weighed is None:
        return CommentData(after=value)
    candidates = tuple((move, _read_value(text)) for move, text in _CANDIDATE.findall(weighed[1])) if weighed else ()
    return CommentData(before=value, best=best[1] if best else None, candidates=candidates)


def _with(pattern: re.Pattern[str], comment: str, data: str) -> str:
    return f"{data} {pattern.sub('', comment).strip()}".strip()


def with_eval(comment: str, value: int | None) -> str:
    """The comment with this ``[%eval]`` in place of any it had."""
    return _with(_EVAL, comment, "" if value is None else f"[%eval {_value_text(value)}]")


def with_best(comment: str, text: str | None) -> str:
    """The comment with this ``[%best]`` in place of any it had."""
    return _with(_BEST, comment, "" if text is None else f"[%best {text}]")


def with_candidates(comment: str, candidates: Iterable[tuple[str, int]]) -> str:
    """The comment with this ``[%multipv]`` in place of any it had; without one where there are no candidates."""
    text = " ".join(f"{move} {_value_text(value)}" for move, value in candidates)
    return _with(_CANDIDATES, comment, f"[%multipv {text}]" if text else "")


def _less_one(move: re.Match[str]) -> str:
    return f"{move[1]}{int(move[2]) - 1}{move[3]}{int(move[4]) - 1}"


def count_from_zero(comment: str) -> str:
    """The comment of a game that counts ranks from 1, its ``[%best]`` and ``[%multipv]`` with ranks from 0."""
    if "[%" not in comment:
        return comment
    return _MOVES_OF_DATA.sub(lambda data: _FROM_ONE.sub(_less_one, data[0]), comment)


def find_time(comment: str, name: str) -> float | None:
    """The seconds of a ``clk`` or ``emt`` in a comment, or None."""
    found = _TIMES[name].search(comment)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None


def with_time(comment: str, name: str, seconds: float | None) -> str:
    """The comment with this ``clk`` or ``emt`` in place of any it had."""
    if seconds is None:
        return _with(_TIMES[name], comment, "")
    whole = max(round(seconds * 1000), 0)
    minutes, milliseconds = divmod(whole, 60_000)
    text = f"{milliseconds / 1000:06.3f}".removesuffix(".000").rstrip("0" if milliseconds % 1000 else "")
    return _with(_TIMES[name], comment, f"[%{name} {minutes // 60}:{minutes % 60:02}:{text}]")
