"""The formats of games, one line each: a new one adds its file and its line in :data:`FORMATS`.

Which format a file has is told by its content; where several would do, the file's suffix decides, and
then the order of the formats.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, Protocol, TypeVar

from xiangqi_gpt.records.errors import OnLoss, RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.jsonl import JSON_SUFFIXES, json_lines, looks_like_json, visit_json
from xiangqi_gpt.records.movelines import LINES_SUFFIXES, looks_like_lines, visit_lines
from xiangqi_gpt.records.packed import PlainFile, plain_suffix
from xiangqi_gpt.records.pgn import PGN_SUFFIXES, looks_like_pgn, visit_pgn
from xiangqi_gpt.records.pgn_writer import pgn_text
from xiangqi_gpt.records.tables import TABLE_SUFFIXES, looks_like_table, table_rows, visit_table
from xiangqi_gpt.records.text import read_lines, read_text
from xiangqi_gpt.records.visitor import GameVisitor
from xiangqi_gpt.records.xqf import XQF_SUFFIXES, looks_like_xqf, visit_xqf
from xiangqi_gpt.records.xqf_writer import xqf_bytes

__all__ = ["FORMATS", "HEAD_BYTES", "Format", "Head", "find_format", "format_names"]

T = TypeVar("T")

HEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Head:
    """The first :data:`HEAD_BYTES` of a file, or all where it has less.

    Attributes:
        data: the bytes.
        whole: whether there is no more of the file.
    """

    data: bytes
    whole: bool

    @cached_property
    def text(self) -> str:
        """The same as text."""
        return "".join(read_text(io.BytesIO(self.data), ""))

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines; the last may be cut short."""
        return self.text.split("\n")


class Visit(Protocol):
    """Reads the games of a file."""

    def __call__(self, stream: BinaryIO, visitor: GameVisitor[T], file: str, /) -> Iterator[T]:
        """Yield what the visitor makes of each game; ``file`` is what faults call it."""
        ...


class Write(Protocol):
    """Turns games into a file."""

    def __call__(self, games: Iterable[Game], on_loss: OnLoss, notation: str, /) -> Iterator[str] | Iterator[bytes]:
        """Yield the file piece by piece, as text or as bytes.

        Args:
            games: the games.
            on_loss: hears of what the format cannot hold.
            notation: of the moves, where the format leaves the choice.
        """
        ...


@dataclass(frozen=True)
class Format:
    """A format of games.

    Attributes:
        name: what people call it.
        suffixes: of its files, in small letters; the first is the usual one.
        recognises: whether the beginning of a file looks like it.
        visit: reads its games.
        write: writes games, or None where we only read.
        one_game: a file has room for one game only.
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Head], bool]
    visit: Visit
    write: Write | None = None
    one_game: bool = False


def _visit_pgn(stream: BinaryIO, visitor: GameVisitor[T], file: str, /) -> Iterator[T]:
    return visit_pgn(read_lines(stream, file), visitor, file)


def _write_pgn(games: Iterable[Game], on_loss: OnLoss, notation: str, /) -> Iterator[str]:
    for number, game in enumerate(games):
        yield "\n" * bool(number) + pgn_text(game, notation=notation, on_loss=on_loss)


def _write_xqf(games: Iterable[Game], on_loss: OnLoss, notation: str, /) -> Iterator[bytes]:
    return (xqf_bytes(game, on_loss=on_loss) for game in games)


def _write_json(games: Iterable[Game], on_loss: OnLoss, notation: str, /) -> Iterator[str]:
    return json_lines(games, on_loss)


def _write_table(games: Iterable[Game], on_loss: OnLoss, notation: str, /) -> Iterator[str]:
    return table_rows(games, on_loss)


FORMATS: tuple[Format, ...] = (
    Format("XQF", XQF_SUFFIXES, lambda head: looks_like_xqf(head.data), visit_xqf, _write_xqf, one_game=True),
    Format("JSON", JSON_SUFFIXES, lambda head: looks_like_json(head.text), visit_json, _write_json),
    Format("CSV", TABLE_SUFFIXES, lambda head: looks_like_table(head.lines), visit_table, _write_table),
    Format("PGN", PGN_SUFFIXES, lambda head: looks_like_pgn(head.lines), _visit_pgn, _write_pgn),
    Format("move lists", LINES_SUFFIXES, lambda head: looks_like_lines(head.lines, whole=head.whole), visit_lines),
)


def find_format(file: PlainFile) -> Format:
    """The format of a file.

    Raises:
        RecordFileError: the file is empty, or in none of the formats.
    """
    if not file.head:
        raise RecordFileError("records.file_empty", file=file.name)
    head = Head(file.head, file.whole)
    fitting = [form for form in FORMATS if form.recognises(head)]
    if not fitting:
        raise RecordFileError("records.not_a_game_log", file=file.name, formats=format_names())
    suffix = plain_suffix(file.name)
    return next((form for form in fitting if suffix in form.suffixes), fitting[0])


def format_names() -> str:
    """The formats that can be read, for messages."""
    return ", ".join(form.name for form in FORMATS)
