"""PGN: the parser, which tells a visitor what it reads.

Tag pairs, then moves with comments in ``{…}`` or behind ``;``, side lines in ``(…)``, NAGs (``$1``,
``!?``) and the result. Much of what people keep is not quite to the standard, so: the parser goes
line by line, takes what it knows and skips the rest between games; a game ends where the next one
begins, by a tag pair or by move number 1 after a blank line or a result. Words among the moves that
are no moves count as comments.

Headers come under their usual names, and ``Result`` as one of the four results
(:mod:`xiangqi_gpt.records.headers`); where neither tags nor moves say anything of a result, not even
``*``, a title may (甲 先胜 乙).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, Generic, TextIO, TypeVar

from xiangqi_gpt.records import pgn_tokens as tokens
from xiangqi_gpt.records.builder import GameBuilder
from xiangqi_gpt.records.errors import GameError, RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.headers import RESULTS, find_result, is_xiangqi, read_result, standard_name
from xiangqi_gpt.records.packed import source_name
from xiangqi_gpt.records.visitor import GameVisitor
from xiangqi_gpt.rules.fen import STARTING_FEN

__all__ = ["PGN_SUFFIXES", "looks_like_pgn", "read_game", "visit_pgn"]

T = TypeVar("T")

PGN_SUFFIXES = (".pgn",)
_LONGEST_PREFACE = 1 << 16  # characters
_TITLES = ("Event", "Title", "Game")  # headers that may tell the result
_USUAL_START = STARTING_FEN.split()[0]
_BEGINNINGS = ("Event", "Title", "Red")  # headers that begin a game where they are no tags


def looks_like_pgn(head: Iterable[str]) -> bool:
    """Whether a game begins among the first lines of a text: a tag pair, or a move numbered 1."""
    lines = map(tokens.without_comments, map(str.strip, tokens.without_comments("\n".join(head).lstrip()).split("\n")))
    return any(
        (line[:1] == "[" and tokens.tags(line)) or (tokens.is_move_one(line) and tokens.begins_moves(line))
        for line in lines
    )


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
        self._loose_headers: list[tuple[str, str, int]] = []  # those that are no tags, before the game
        self._preface = ""  # comments before the first game
        self._headers: dict[str, str] = {}
        self._depth = 0  # of side lines
        self._variation_line = 0
        self._moved = False
        self._foreign = False  # a game of something else than xiangqi
        self._said_result = "*"  # by the last words of the moves
        self._told_unknown = False  # a tag says that there is no result
        self._open_comment: list[str] | None = None
        self._comment_end = "}"
        self._comment_line = 0

    def games(self, lines: Iterable[str]) -> Iterator[T]:
        for self._line, text in enumerate(lines, 1):
            if self._open_comment is not None:
                text = text.rstrip("\n")
                if not tokens.is_next_game(text):
                    self._moves(text)
                    continue
            text = text.strip()
            if text[:1] == "<" and not (text := tokens.without_html(text)):
                continue
            if not text:
                self._after_blank = True
                continue
            if text[0] == "[" and (tags := tokens.tags(text)):
                if self._tags_begin_game(tags):
                    yield self._end()
                self._take_tags(tags)
            elif text[0] != "%" and (self._in_preface() or not self._take_loose_headers(text)):
                if self._moves_begin_game(text):
                    yield self._end()
                self._take_moves(text)
            self._after_blank = False
        if self._place is not _Place.BETWEEN:
            yield self._end()

    def _fault(self, name: str, line: int, **fields: Any) -> None:
        self._visitor.fault(GameError(f"records.{name}", file=self._file, line=line, **fields))

    def waiting_line(self) -> int | None:
        """The line of the first header that waits for a game to come; None when none does."""
        return self._loose_headers[0][2] if self._loose_headers else None

    # Where games begin and end

    def _in_preface(self) -> bool:
        """Whether a comment before the first game is not closed yet."""
        return bool(self._preface and tokens.without_comments(self._preface))

    def _tags_begin_game(self, tags: list[tuple[str, str]]) -> bool:
        if self._place is _Place.TAGS:
            return self._after_blank and standard_name(tags[0][0]) in self._headers
        return self._place is not _Place.BETWEEN

    def _moves_begin_game(self, text: str) -> bool:
        text = tokens.without_comments(text)
        if self._place is _Place.AFTER:
            return tokens.begins_moves(text)
        # Moves may go on after a blank line; they begin again at number 1.
        return self._place is _Place.MOVES and self._after_blank and self._moved and tokens.is_move_one(text)

    def _begin(self) -> None:
        self._place = _Place.TAGS
        self._headers = {}
        self._loose_headers = []
        self._preface = ""
        self._depth = 0
        self._moved = self._foreign = False
        self._said_result = "*"
        self._told_unknown = False
        self._visitor.begin_game(self._file, self._line)

    def _end(self) -> T:
        if self._open_comment is not None:
            self._fault("comment_open", self._comment_line)
            self._close_comment()
        if self._depth:
            self._fault("variation_open", self._variation_line)
        if self._headers.get("Result", "*") == "*":
            self._tell_result_in_words()
        self._place = _Place.BETWEEN
        return self._visitor.end_game()

    def _tell_result_in_words(self) -> None:
        result = self._said_result
        if result == "*" and not self._told_unknown:
            players = self._headers.get("Red", ""), self._headers.get("Black", "")
            titles = (self._headers.get(name, "") for name in _TITLES)
            found = (find_result(title, *players, is_setup=self._is_setup()) for title in titles)
            result = next((result for result in found if result != "*"), "*")
        if result != "*":
            self._visitor.result(result)

    def _is_setup(self) -> bool:
        fen = self._headers.get("FEN", "")
        return bool(fen) and not fen.startswith(_USUAL_START)

    # Headers

    def _take_tags(self, tags: list[tuple[str, str]]) -> None:
        if self._place is _Place.BETWEEN:
            self._begin()
        for name, value in tags:
            self._header(name, value, self._line)

    def _header(self, name: str, value: str, line: int) -> None:
        standard = standard_name(name)
        known = self._headers.get(standard, "")
        if standard == "Result":
            result = read_result(value)
            self._told_unknown = result == "*"
            value = result or "*"
            if value == "*" and known:
                return
        elif standard != name and known not in ("", "?"):
            return  # said twice, under two names
        elif standard == "Variant" and not is_xiangqi(value):
            self._foreign = True
            self._fault("variant_other", line, text=value)
        self._headers[standard] = value
        self._visitor.header(standard, value, line)

    def _take_loose_headers(self, text: str) -> bool:
        """Take a line like ``红方：胡荣华``; those before a game wait until it has a move or tag."""
        if not (("：" in text or ":" in text) and (found := tokens.colon_headers(text))):
            return False
        if self._place is _Place.TAGS:
            self._take_tags(found)
            return True
        if self._place is _Place.MOVES:
            if not (self._after_blank and self._depth == 0 and standard_name(found[0][0]) in _BEGINNINGS):
                return False
            self._place = _Place.AFTER
        self._loose_headers += [(name, value, self._line) for name, value in found]
        return True

    # Moves

    def _take_moves(self, text: str) -> None:
        if self._place is _Place.BETWEEN:
            text = f"{self._preface}\n{text}" if self._preface else text
            rest = tokens.without_comments(text)
            if not tokens.begins_moves(rest):
                # Only comments, the last of which may go on, belong to the game; not what people write between games.
                is_preface = (not rest or rest[0] in "{｛") and len(text) <= _LONGEST_PREFACE
                self._preface = text if is_preface else ""
                return
            loose = self._loose_headers
            self._begin()
            for name, value, line in loose:
                self._header(name, value, line)
        if self._place is _Place.TAGS:
            if tokens.is_rule(text):
                return
            self._place = _Place.MOVES
        if self._place is _Place.MOVES and self._depth == 0 and self._moved and tokens.is_rule(text):
            self._place = _Place.AFTER
            return
        self._moves(text)

    def _moves(self, text: str) -> None:
        """Take a line of moves and what stands among them, or the next line of a comment."""
        start = 0
        if self._open_comment is not None:
            end = text.find(self._comment_end)
            self._open_comment.append(text if end < 0 else text[:end])
            if end < 0:
                return
            self._close_comment()
            start = end + 1
        elif "{" in text:
            start = self._annotated(text)
        elif self._plain(text):
            return
        elif self._is_prose(text):
            self._prose(text)
            return
        while start < len(text):
            token = tokens.TOKEN.search(text, start)
            if token is None:
                return
            start = token.end()
            kind = token.lastindex
            if kind == tokens.MOVE:
                self._tell_moves([token[kind]])
            elif kind == tokens.PARENTHESIS:
                start = self._parenthesis(text, token)
            elif kind is not None:
                self._other(kind, token)

    def _plain(self, text: str) -> bool:
        """Take a line of nothing but moves and, perhaps, the result; False when there is more in it."""
        before, _, last = text.rpartition(" ")
        is_end = last in RESULTS
        plain = tokens.plain_moves(before if is_end else text)
        if plain is None:
            return False
        self._tell_moves(plain)
        if is_end:
            self._result(last)
        return True

    def _annotated(self, text: str) -> int:
        """Take moves and comments as far as there is nothing else; returns where in the line to go on."""
        start = 0
        while (opening := text.find("{", start)) >= 0 and (closing := text.find("}", opening)) >= 0:
            plain = tokens.plain_moves(text[start:opening])
            if plain is None:
                break
            self._tell_moves(plain)
            self._tell_comment(text[opening + 1 : closing])
            start = closing + 1
        return start

    def _is_prose(self, text: str) -> bool:
        """Whether a line has words only."""
        if text[0].isdecimal() or "\ufffd" in text or _MARKS.search(text):
            return False
        return not tokens.has_move(text) and any(map(str.isalpha, text))

    def _prose(self, text: str) -> None:
        """Take words that are no move."""
        if self._depth == 0 and self._moved and (result := read_result(text)):
            self._said_result = result
        elif self._place is _Place.MOVES or self._depth:
            self._tell_comment(text)

    def _tell_moves(self, texts: list[str]) -> None:
        if not texts:
            return
        if self._depth == 0:
            if self._place is not _Place.MOVES:
                return
            self._moved = True
            self._said_result = "*"
        elif not self._visitor.wants_variations:
            return
        if not self._foreign:
            self._visitor.moves(texts, self._line)

    def _other(self, kind: int, token: re.Match[str]) -> None:
        """Take a token that is neither move nor parenthesis."""
        if kind in (tokens.CLOSED, tokens.WIDE_CLOSED):
            if token[kind]:
                self._tell_comment(token[kind - 1])
            else:
                self._open_comment, self._comment_line = [token[kind - 1]], self._line
                self._comment_end = "}" if kind == tokens.CLOSED else "｝"
        elif kind in (tokens.REST, tokens.REMARK):
            self._tell_comment(token[kind])
        elif self._place is _Place.AFTER and self._depth == 0:
            return
        elif kind == tokens.RESULT:
            self._result(token[0])
        elif kind == tokens.WORD:
            self._tell_moves([token[0]]) if tokens.looks_like_move(token[0]) else self._prose(token[0])
        elif self._depth == 0 or self._visitor.wants_variations:
            plain = token[0].replace("！", "!").replace("？", "?")
            if nag := int(token[kind]) if kind == tokens.NAG else tokens.NAGS.get(plain):
                self._visitor.nag(nag)

    def _result(self, text: str) -> None:
        """Take the result behind the moves."""
        if self._depth or self._place is _Place.AFTER:
            return
        self._place = _Place.AFTER
        result = read_result(text) or "*"
        if result != "*" and self._headers.get("Result", "*") == "*":
            self._headers["Result"] = result
        self._visitor.result(result)

    def _parenthesis(self, text: str, token: re.Match[str]) -> int:
        """Take a parenthesis, or a remark in parentheses; returns where in the line to go on."""
        tell = self._visitor.wants_variations
        if token[0] in ")）":
            if self._depth:
                self._depth -= 1
                if tell:
                    self._visitor.end_variation()
            return token.end()
        if remark := _REMARK.match(text, token.start()):
            inside = remark[0][1:-1]
            if not tokens.begins_moves(inside):
                if self._place is _Place.MOVES or self._depth:
                    self._tell_comment(inside)
                return remark.end()
        if self._place is _Place.MOVES or self._depth or tokens.begins_moves(text, token.end()):
            self._depth += 1
            self._variation_line = self._line
            if tell:
                self._visitor.begin_variation(self._line)
        return token.end()

    # Comments

    def _close_comment(self) -> None:
        text = "\n".join(line.rstrip() for line in self._open_comment or ())
        self._open_comment = None
        self._tell_comment(text)

    def _tell_comment(self, text: str) -> None:
        if (self._depth == 0 or self._visitor.wants_variations) and (text := text.strip()):
            self._visitor.comment(text)


# What a line of words does not have, and what may be a remark in parentheses.
_MARKS = re.compile(r"[{}｛｝;$()（）*½【】<]|[01]\s?[-:]\s?[01]")
_REMARK = re.compile(r"[(（][^(){}（）｛｝;]*[)）]")


def read_game(handle: TextIO) -> Game | None:
    """The next game of a text stream that can be sought, None when there are no more, as in python-chess.

    :func:`xiangqi_gpt.records.read_games` is the way to read files: it finds the encoding and format.

    Raises:
        RecordFileError: ``handle`` is no stream that is open as text.
    """
    if not isinstance(handle.read(0) if hasattr(handle, "read") else None, str):
        raise RecordFileError("records.not_open_as_text", file=source_name(handle))
    places: list[int] = []  # where each line that was read begins, and the last ends

    def lines() -> Iterator[str]:
        places.append(handle.tell())
        while line := handle.readline():
            yield line
            places.append(handle.tell())

    parser = _Parser(GameBuilder(), source_name(handle))
    for game in parser.games(lines()):
        # Go on with the line that showed the game to be over, or headers before it.
        handle.seek(places[(parser.waiting_line() or len(places)) - 1])
        return game
    return None


def visit_pgn(lines: Iterable[str], visitor: GameVisitor[T], file: str) -> Iterator[T]:
    """Read games from the lines of a PGN text; ``file`` is what faults call it."""
    return _Parser(visitor, file).games(lines)
