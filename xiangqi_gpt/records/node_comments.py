"""What the comment of a node tells of the positions around its move: labels and clocks.

The comment itself holds them, as :mod:`xiangqi_gpt.records.annotations` says; so they survive in every format
that keeps comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xiangqi_gpt.board import Move
from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.records.annotations import find_time, read_data, with_best, with_candidates, with_eval, with_time

__all__ = ["CommentedNode", "Label"]


class Label(NamedTuple):
    """What an engine says of a position.

    Attributes:
        eval: in centipawns for Red, a mate in n as ``±(MATE_EVAL - n)``; None when unknown.
        best: the best move, or None.
        candidates: moves that it weighed, with their evaluations.
    """

    eval: int | None = None
    best: Move | None = None
    candidates: tuple[tuple[Move, int], ...] = ()


def _read_move(text: str | None) -> Move | None:
    """The move of a label; ranks count from 0 there."""
    try:
        return Move.from_iccs(text) if text else None
    except InvalidMoveError:
        return None


class CommentedNode:
    """The part of a node that reads and writes data in its comment."""

    __slots__ = ("comment",)

    comment: str
    variations: Sequence[CommentedNode]

    @property
    def parent(self) -> CommentedNode | None:
        """The position before the move; None at the root."""
        raise NotImplementedError

    def eval(self) -> int | None:
        """The evaluation of this position, after the move, as in python-chess; here in centipawns for Red.

        A mate in n is ``±(30000 - n)`` (:data:`xiangqi_gpt.records.annotations.MATE_EVAL`). It stands in
        this comment, or in the label in the comment of a move that follows.
        """
        value = read_data(self.comment).after
        if value is not None:
            return value
        labels = (read_data(node.comment).before for node in self.variations)
        return next((value for value in labels if value is not None), None)

    def set_eval(self, value: int | None) -> None:
        """Write (or with None take away) the ``[%eval]`` of this position, after the move.

        Raises:
            ValueError: the comment has a label, so that its ``[%eval]`` is of the position before the
                move; see :meth:`set_label`.
        """
        data = read_data(self.comment)
        if data.best is not None or data.candidates:
            raise ValueError("the comment has a label of the position before the move: use set_label")
        self.comment = with_eval(self.comment, value)

    def label(self) -> Label:
        """What an engine says of the position before the move: its evaluation, best move and candidates.

        All may be unknown. The evaluation may also stand as lichess writes it, in the comment before.
        """
        data = read_data(self.comment)
        value = data.before
        if value is None and self.parent is not None:
            value = read_data(self.parent.comment).after
        candidates = ((_read_move(text), weight) for text, weight in data.candidates)
        known = tuple((move, weight) for move, weight in candidates if move is not None)
        return Label(value, _read_move(data.best), known)

    def set_label(self, eval: int | None, best: Move | None, candidates: Iterable[tuple[Move, int]] = ()) -> None:  # noqa: A002
        """Write ``[%eval]``, ``[%best]`` and ``[%multipv]`` of the position before the move, in place of any there.

        Raises:
            ValueError: an evaluation without best move or candidates would read as that of the position
                after the move.
        """
        texts = [(move.uci(), value) for move, value in candidates]
        if eval is not None and best is None and not texts:
            raise ValueError("a label needs a best move or candidates")
        comment = with_best(with_candidates(self.comment, texts), best.uci() if best else None)
        self.comment = with_eval(comment, eval)

    def best(self) -> Move | None:
        """What an engine would have played instead of the move: the ``[%best]`` of :meth:`label`."""
        return _read_move(read_data(self.comment).best)

    def set_best(self, move: Move | None) -> None:
        """Write (or with None take away) the ``[%best]``.

        Raises:
            ValueError: the comment has an ``[%eval]`` that would change its meaning; see :meth:`set_label`.
        """
        data = read_data(self.comment)
        if data.after is not None or (move is None and data.before is not None and not data.candidates):
            raise ValueError("the comment has an evaluation that would be of another position: use set_label")
        self.comment = with_best(self.comment, move.uci() if move else None)

    def clock(self) -> float | None:
        """The ``[%clk]`` of the comment: the mover's time left after the move, in seconds."""
        return find_time(self.comment, "clk")

    def set_clock(self, seconds: float | None) -> None:
        """Write (or with None take away) the ``[%clk]``."""
        self.comment = with_time(self.comment, "clk", seconds)

    def emt(self) -> float | None:
        """The ``[%emt]`` of the comment: the time used for the move, in seconds."""
        return find_time(self.comment, "emt")

    def set_emt(self, seconds: float | None) -> None:
        """Write (or with None take away) the ``[%emt]``."""
        self.comment = with_time(self.comment, "emt", seconds)
