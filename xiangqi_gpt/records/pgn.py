"""PGN: the parser, which tells a visitor what it reads.

Tag pairs, then moves with comments in ``{…}`` or behind ``;``, side lines in ``(…)``, NAGs (``$1``,
``!?``) and the result. Much of what people keep is not quite to the standard, so: the parser goes
line by line, takes what it knows and skips the rest between games; a game ends where the next one
begins, by a tag pair or by move number 1 after a blank line or a result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Generic, TypeVar

from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.visitor import GameVisitor

__all__ = ["PGN_SUFFIXES", "SUFFIX_NAGS", "looks_like_pgn", "read_head", "visit_pgn"]

T = TypeVar("T")

PGN_SUFFIXES = (".pgn",)
SUFFIX_NAGS = {"!": 1, "?": 2, "!!": 3, "??": 4, "!?": 5, "?!": 6}

_ICCS = r"[A-Ia-i][0-9]-?[A-Ia-i][0-9](?!\w)"
_NUMBER = r"\d+\s*[.…][\s.…]*"
_TAG = re.compile(r'\[\s*([^\W\d]\w*)\s+"((?:[^"\\]|\\.)*)"\s*\]')
_LOOSE_TAG = re.compile(r'\[\s*([^\W\d]\w*)\s*"(.*)"\s*\]?$')  # quotes in the value, no last bracket
_MOVE_ONE = re.compile(r"1\s*\.(?!\d)")
_MOVES_BEGIN = re.compile(rf"1\s*\.(?!\d)|(?:{_NUMBER})?{_ICCS}")
_FIRST_ICCS = re.compile(rf"\s*1\s*[.…][\s.…]*{_ICCS}")

_MOVE, _REST, _COMMENT, _CLOSED, _NAG, _SUFFIX, _PARENTHESIS, _RESULT, _WORD = range(1, 10)
# One group a kind of token; move numbers are none. Anything that no token begins with is skipped.
_TOKEN = re.compile(
    rf"(?:{_NUMBER})?({_ICCS})"
    r"|;(.*)"
    r"|\{([^}]*)(\}?)"
    r"|\$(\d{1,3})"
    r"|([!?]{1,2})"
    r"|([()])"
    r"|(1-0|0-1|1/2(?:-1/2)?|\*)(?!\w)"
    rf"|{_NUMBER}|\d+(?![^\s(){{}};$!?])|[.…]+"
    r"|([^\s(){};$!?]+)"
)
_ESCAPED = re.compile(r'\\(["\\])')

# How far into a file the first game may begin.
_HEAD_CHARACTERS = 1 << 16


def _tags(line: str) -> list[tuple[str, str]]:
    """The tag pairs of a line that has nothing else on it; none when it is no such line."""
    pairs = _TAG.findall(line)
    if not pairs or _TAG.sub("", line).strip():
        pairs = [loose.groups()] if (loose := _LOOSE_TAG.match(line)) else []
    return [(name, _ESCAPED.sub(r"\1", value)) for name, value in pairs]


def looks_like_pgn(head: Iterable[str]) -> bool:
    """Whether a game begins among the first lines of a text: a tag pair, or a move numbered 1."""
    return any(_TAG.match(line.lstrip()) or _FIRST_ICCS.match(line) for line in head)


def read_head(lines: Iterator[str]) -> list[str]:
    """The lines that :func:`looks_like_pgn` should see, taken off ``lines``."""
    head: list[str] = []
    characters = 0
    for line in lines:
        head.append(line)
        characters += len(line) + 1
        if characters >= _HEAD_CHARACTERS:
            break
    return head


class _Place(Enum):
    """Where in a game the parser is."""

    BETWEEN = "before the first game"
    TAGS = "among the tag pairs"
    MOVES = "among the moves"
    AFTER = "behind the result"


class _Parser(Generic[T]):
    """The state between lines."""

    def __init__(self, visitor: GameVisitor[T], file: str) -> None:
        self._visitor = visitor
        self._file = file
        self._line = 0
        self._place = _Place.BETWEEN
        self._after_blank = False
        self._tags_seen: set[str] = set()
        self._depth = 0  # of side lines
        self._open_comment: list[str] | None = None
        self._comment_line = 0

    def games(self, lines: Iterable[str]) -> Iterator[T]:
        for self._line, text in enumerate(lines, 1):
            text = text.strip() if self._open_comment is None else text
            if text[:1] == "[" and (tags := _tags(text)):
                if self._open_comment is not None and not self._is_next_game(tags):
                    self._moves(text)
                    continue
                if self._tags_begin_game(tags):
                    yield self._end()
                self._take_tags(tags)
            elif self._open_comment is not None:
                self._moves(text)
            elif not text:
                self._after_blank = True
                continue
            elif text[0] != "%":
                if self._moves_begin_game(text):
                    yield self._end()
                self._take_moves(text)
            self._after_blank = False
        if self._place is not _Place.BETWEEN:
            yield self._end()

    def _is_next_game(self, tags: list[tuple[str, str]]) -> bool:
        """Whether tags inside an open comment show that its end was forgotten."""
        return tags[0][0] in ("Game", "Event")

    def _tags_begin_game(self, tags: list[tuple[str, str]]) -> bool:
        if self._place is _Place.TAGS:
            return self._after_blank and tags[0][0] in self._tags_seen
        return self._place is not _Place.BETWEEN

    def _moves_begin_game(self, text: str) -> bool:
        if self._place is _Place.AFTER:
            return _MOVES_BEGIN.match(text) is not None
        # Moves may go on after a blank line; they begin again at number 1.
        return self._place is _Place.MOVES and self._after_blank and _MOVE_ONE.match(text) is not None

    def _begin(self) -> None:
        self._place = _Place.TAGS
        self._tags_seen.clear()
        self._depth = 0
        self._visitor.begin_game(self._file, self._line)

    def _end(self) -> T:
        if self._open_comment is not None:
            self._visitor.fault(GameError("records.comment_open", file=self._file, line=self._comment_line))
            self._close_comment()
        self._place = _Place.BETWEEN
        return self._visitor.end_game()

    def _take_tags(self, tags: list[tuple[str, str]]) -> None:
        if self._place is _Place.BETWEEN:
            self._begin()
        for name, value in tags:
            self._tags_seen.add(name)
            self._visitor.header(name, value, self._line)

    def _take_moves(self, text: str) -> None:
        if self._place is _Place.BETWEEN:
            if not _MOVES_BEGIN.match(text):
                return  # what people write between games
            self._begin()
        if self._place is _Place.TAGS:
            self._place = _Place.MOVES
        self._moves(text)

    def _moves(self, text: str) -> None:
        start = 0
        if self._open_comment is not None:
            end = text.find("}")
            self._open_comment.append(text if end < 0 else text[:end])
            if end < 0:
                return
            self._close_comment()
            start = end + 1
        visitor, line = self._visitor, self._line
        skip = not visitor.wants_variations
        for token in _TOKEN.finditer(text, start):
            kind = token.lastindex
            if kind in (_MOVE, _WORD):
                if not (skip and self._depth) and self._place is _Place.MOVES:
                    visitor.move(token[kind], line)
            elif kind is not None:
                self._other(kind, token)

    def _other(self, kind: int, token: re.Match[str]) -> None:
        """Take a token that is no move."""
        if kind == _CLOSED:
            if token[_CLOSED]:
                self._tell_comment(token[_COMMENT])
            else:
                self._open_comment, self._comment_line = [token[_COMMENT]], self._line
        elif kind == _REST:
            self._tell_comment(token[_REST])
        elif self._place is _Place.AFTER:
            return
        elif kind == _PARENTHESIS:
            self._parenthesis(token[0])
        elif kind == _RESULT:
            if self._depth == 0:
                self._place = _Place.AFTER
                self._visitor.result("1/2-1/2" if token[0].startswith("1/2") else token[0])
        elif self._depth == 0 or self._visitor.wants_variations:
            self._visitor.nag(int(token[_NAG]) if kind == _NAG else SUFFIX_NAGS.get(token[0], 0))

    def _parenthesis(self, text: str) -> None:
        tell = self._visitor.wants_variations
        if text == "(":
            self._depth += 1
            if tell:
                self._visitor.begin_variation(self._line)
        elif self._depth:
            self._depth -= 1
            if tell:
                self._visitor.end_variation()

    def _close_comment(self) -> None:
        text = "\n".join(line.rstrip() for line in self._open_comment or ())
        self._open_comment = None
        self._tell_comment(text)

    def _tell_comment(self, text: str) -> None:
        if (self._depth == 0 or self._visitor.wants_variations) and (text := text.strip()):
            self._visitor.comment(text)


def visit_pgn(lines: Iterable[str], visitor: GameVisitor[T], file: str) -> Iterator[T]:
    """Read games from the lines of a PGN text; ``file`` is what faults call it."""
    return _Parser(visitor, file).games(lines)
