"""Reading games: one stream of them, whatever the format, and whatever the files come in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from xiangqi_gpt.records.builder import GameBuilder
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.formats import FORMATS, HEAD_BYTES, find_format, format_names
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.packed import (
    ARCHIVE_SUFFIX,
    OnError,
    OnRead,
    Source,
    plain_files,
    plain_suffix,
    source_name,
    total_bytes,
)
from xiangqi_gpt.records.visitor import GameVisitor

__all__ = ["has_game_suffix", "read_games", "source_bytes", "visit_games"]

T = TypeVar("T")


def _wanted(name: str) -> bool:
    suffix = plain_suffix(name)
    return suffix == ARCHIVE_SUFFIX or any(suffix in form.suffixes for form in FORMATS)


def has_game_suffix(path: Path) -> bool:
    """Whether a file's name is that of a game log or an archive, packed or not."""
    return _wanted(path.name)


def source_bytes(source: Source) -> int | None:
    """The size of a source in the bytes that ``on_read`` counts; None where nobody can tell before.

    An archive's directory is read twice or so, and what is skipped in it is not read: keep to 100 %.
    """
    return total_bytes(source, _wanted)


def visit_games(
    source: Source,
    visitor: GameVisitor[T],
    *,
    on_error: OnError | None = None,
    on_read: OnRead | None = None,
) -> Iterator[T]:
    """Let a visitor take the games of a source, and yield what it makes of each.

    A source is a file, a stream, ``"-"`` for standard input, or a folder: all files below it with a
    known suffix, in order. A stream is best binary, as then the encoding is found. A file may be packed
    by gzip, xz or zstd, or be a zip archive, which is read as a folder is. Formats may be mixed.

    A file that is damaged or no game log never keeps the others from being read; games before the
    damage have come by then.

    Args:
        source: where the games are.
        visitor: takes them.
        on_error: hears of each file that could not be read (to its end).
        on_read: called with the number of bytes whenever some are read, before unpacking; see
            :func:`source_bytes`.

    Raises:
        RecordFileError: at the end, and only without ``on_error``: a file could not be read.
    """
    errors: list[RecordFileError] = []
    found = failed = False

    def tell(error: RecordFileError) -> None:
        nonlocal failed
        failed = True
        (on_error or errors.append)(error)

    for file in plain_files(source, _wanted, head_size=HEAD_BYTES, on_error=tell, on_read=on_read):
        found = True
        try:
            yield from find_format(file).visit(file.stream, visitor, file.name)
        except RecordFileError as error:
            tell(error)
    if not (found or failed):
        tell(RecordFileError("records.no_game_files", file=source_name(source), formats=format_names()))
    if len(errors) > 1:
        raise RecordFileError("records.files_failed", file=source_name(source), count=len(errors), first=errors[0])
    if errors:
        raise errors[0]


def read_games(
    source: Source,
    *,
    variations: bool = True,
    on_error: OnError | None = None,
    on_read: OnRead | None = None,
) -> Iterator[Game]:
    """The games of a source, one after another; see :func:`visit_games` for all but this:

    A fault in a game is told in its ``errors``; the moves before it are there.

    Args:
        source: where the games are.
        variations: read side lines too.
        on_error: hears of each file that could not be read (to its end).
        on_read: called with the number of bytes whenever some are read.

    Raises:
        RecordFileError: as in :func:`visit_games`.
    """
    return visit_games(source, GameBuilder(variations=variations), on_error=on_error, on_read=on_read)
