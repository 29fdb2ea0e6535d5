"""Mate in one: what every player takes when it sees it."""

from __future__ import annotations

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.rules.mate import find_mate

__all__ = ["mate_in_one"]


def mate_in_one(board: Board) -> Move | None:
    """A move that wins at once, by checkmate or by leaving the other side no legal move, or None."""
    code = int(find_mate(board.state.copy()))
    return Move.from_code(code) if code >= 0 else None
