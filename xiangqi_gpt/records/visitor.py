"""What a parser of games tells to whoever takes them: a tree builder, an encoder, a counter.

A format's parser reads the file once and calls a visitor for each thing it meets, as in
python-chess; it knows nothing of what becomes of the games. Whether moves are legal is for the
visitor to find out, which can do it at its own pace.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from xiangqi_gpt.records.errors import GameError

__all__ = ["GameVisitor"]

T_co = TypeVar("T_co", covariant=True)


class GameVisitor(Protocol[T_co]):
    """Takes the games of a file, one after another.

    The calls for a game: ``begin_game``, its headers, then moves, comments, NAGs and side lines in the
    order of the file, ``result``, ``end_game``. A comment or NAG belongs to the move before it.
    """

    @property
    def wants_variations(self) -> bool:
        """False: the parser leaves out side lines with all that is in them."""
        ...

    def begin_game(self, file: str, line: int) -> None:
        """A game begins on ``line`` (from 1)."""
        ...

    def header(self, name: str, value: str, line: int) -> None:
        """A tag pair, under its usual name (:func:`~xiangqi_gpt.records.headers.standard_name`)."""
        ...

    def moves(self, texts: Sequence[str], line: int) -> None:
        """The next moves, all on one line, as the file writes them, in any notation.

        See :class:`~xiangqi_gpt.records.moves.MoveReader`.
        """
        ...

    def comment(self, text: str) -> None:
        """A comment, stripped."""
        ...

    def nag(self, nag: int) -> None:
        """A numeric annotation glyph, such as 1 for ``!``."""
        ...

    def begin_variation(self, line: int) -> None:
        """A side line begins: its first move stands in place of the move before it."""
        ...

    def end_variation(self) -> None:
        """The innermost side line ends."""
        ...

    def result(self, text: str) -> None:
        """A result that is no tag: ``1-0``, ``0-1``, ``1/2-1/2`` or ``*``; a known one in the tags goes before it.

        It may be told again before ``end_game``, when words or a title tell what ``*`` left open.
        """
        ...

    def fault(self, error: GameError) -> None:
        """The parser found a fault that is not in a move; after ``variant_other`` no moves come."""
        ...

    def end_game(self) -> T_co:
        """The game is over; returns what the visitor made of it."""
        ...
