"""Reading games from files: which format it is, and one stream of games whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TypeVar

from xiangqi_gpt.records.builder import GameBuilder
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.pgn import PGN_SUFFIXES, looks_like_pgn, read_head, visit_pgn
from xiangqi_gpt.records.text import PACKED_SUFFIXES, Source, read_lines, source_name, unpacked
from xiangqi_gpt.records.visitor import GameVisitor

__all__ = ["has_game_suffix", "read_games", "visit_games"]

T = TypeVar("T")


def has_game_suffix(path: Path) -> bool:
    """Whether a file's name is that of a game log, packed or not."""
    name = path.name.lower()
    for suffix in PACKED_SUFFIXES:
        name = name.removesuffix(suffix)
    return name.endswith(PGN_SUFFIXES)


def visit_games(source: Source, visitor: GameVisitor[T]) -> Iterator[T]:
    """Let a visitor take the games of a file or binary stream, and yield what it makes of each.

    Raises:
        RecordFileError: the source is missing, damaged, or no game log; games before the damage have
            come by then.
    """
    name = source_name(source)
    with unpacked(source) as stream:
        lines = read_lines(stream, name)
        head = read_head(lines)
        if not looks_like_pgn(head):
            raise RecordFileError("records.not_a_game_log", file=name)
        yield from visit_pgn(chain(head, lines), visitor, name)


def read_games(source: Source, *, variations: bool = True) -> Iterator[Game]:
    """The games of a file or binary stream, packed by gzip or xz or not, one after another.

    A fault in a game is told in its ``errors``; the moves before it are there.

    Args:
        source: the file.
        variations: read side lines too.

    Raises:
        RecordFileError: as in :func:`visit_games`.
    """
    return visit_games(source, GameBuilder(variations=variations))
