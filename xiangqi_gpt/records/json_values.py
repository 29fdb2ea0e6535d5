"""JSON values one after another, from lines, from an array of any length, or from lists inside an object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from xiangqi_gpt.records.errors import GameError, RecordFileError
from xiangqi_gpt.records.text import LONGEST_LINE, split_lines

__all__ = ["read_values"]

_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[\s,]*")
_COLON = re.compile(r"\s*:\s*")
_LIST_OF_VALUES = re.compile(r"\[\s*[\[{]")
_DEEPEST = 16  # of lists in lists
_LINES_LOOKED_AT = 4


def _loads(text: str) -> Any:
    """As ``json.loads``, but every text in it can be encoded."""
    return _whole_characters(json.loads(text), text, 0, len(text))


def _whole_characters(value: Any, text: str, start: int, end: int) -> Any:
    """The value that was decoded of a part of a text, with half characters (``\\ud800``) as question marks."""
    if text.find("\\ud", start, end) < 0 and text.find("\\uD", start, end) < 0:
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _is_value(line: str) -> bool:
    try:
        return isinstance(_loads(line), (dict, list, str))
    except (ValueError, RecursionError):
        return False


def _has_lines(start: str) -> bool:
    """Whether a text has a value a line; the first may be damaged."""
    lines = start.split("\n")[:-1]
    lines = [line.strip() for line in lines if line.strip()][:_LINES_LOOKED_AT]
    if not lines:
        return False
    return _is_value(lines[0]) or (lines[0][0] + lines[0][-1] == "{}" and any(map(_is_value, lines[1:])))


def read_values(blocks: Iterator[str], file: str) -> Iterator[tuple[int, Any]]:
    """The values of a JSON text, each with its line; for a line that is no JSON a :class:`GameError`.

    Lists of objects or lists are gone into, and so are objects that are too long to be held.

    Raises:
        RecordFileError: the text is no JSON from some place on, or a value is endless.
    """
    start = next(blocks, "")
    blocks = chain([start], blocks)
    return _lines(blocks, file) if _has_lines(start) else _Stream(blocks, file).values()


def _lines(blocks: Iterable[str], file: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(split_lines(blocks, file), 1):
        if not line or line.isspace():
            continue
        try:
            yield number, _loads(line)
        except (ValueError, RecursionError) as error:
            yield number, GameError("records.json_bad", file=file, line=number, detail=_reason(error))


class _Stream:
    """The part of the text that is being read, and the lists and objects that it stands in."""

    def __init__(self, blocks: Iterable[str], file: str) -> None:
        self._blocks = iter(blocks)
        self._file = file
        self._text = ""
        self._at = 0
        self._line = 1
        self._inside: list[str] = []  # what closes each list and object

    def values(self) -> Iterator[tuple[int, Any]]:
        fields: dict[str, Any] = {}  # of the object that is gone into
        while self._skip(_BETWEEN):
            character = self._text[self._at]
            if self._inside and character == self._inside[-1]:
                self._at += 1
                self._inside.pop()
                if character == "}":
                    yield self._line, fields
                    fields = {}
                continue
            line = self._line
            key = self._key() if self._inside[-1:] == ["}"] else None
            if self._matches(_LIST_OF_VALUES):
                self._enter("]")
            elif (value := self._value()) is not None:
                if key is None:
                    yield line, value[0]
                else:
                    fields[key] = value[0]
            else:  # an object that is too long to be held
                self._enter("}")
        if self._inside:
            raise self._bad("the end is missing")

    def _bad(self, detail: object) -> RecordFileError:
        return RecordFileError("records.json_broken", file=self._file, line=self._line, detail=detail)

    def _enter(self, closing: str) -> None:
        if len(self._inside) == _DEEPEST:
            raise self._bad("nested too deeply")
        self._inside.append(closing)
        self._at += 1

    def _fill(self) -> bool:
        """Read on, and forget what has been read; False at the end."""
        block = next(filter(None, self._blocks), "")
        self._text = self._text[self._at :] + block
        self._at = 0
        return bool(block)

    def _move_to(self, at: int) -> None:
        self._line += self._text.count("\n", self._at, at)
        self._at = at

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Go over what matches, to the next character; False at the end."""
        while True:
            if match := pattern.match(self._text, self._at):
                self._move_to(match.end())
            if self._at < len(self._text):
                return True
            if not self._fill():
                return False

    def _matches(self, pattern: re.Pattern[str]) -> bool:
        if len(self._text) - self._at < 1 << 10:
            self._fill()
        return pattern.match(self._text, self._at) is not None

    def _key(self) -> str:
        value = self._value()
        if value is None or not isinstance(value[0], str) or not self._skip(_COLON):
            raise self._bad("a name is missing")
        return value[0]

    def _value(self) -> tuple[Any] | None:
        """The next value; None when it is an object that is too long."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                value = _whole_characters(value, self._text, self._at, end)
            except (ValueError, RecursionError) as error:
                if len(self._text) - self._at > LONGEST_LINE:
                    if self._text[self._at] == "{" and "}" not in self._inside:
                        return None
                    raise self._bad("a value is too long") from None
                if not self._fill():
                    raise self._bad(_reason(error)) from None
            else:
                self._move_to(end)
                return (value,)
