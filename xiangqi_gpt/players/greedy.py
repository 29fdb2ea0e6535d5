"""The greedy player: mate if there is one, else the move that wins the most material."""

from __future__ import annotations

import random
import threading

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.players.base import Limit, PlayResult, ProgressCallback
from xiangqi_gpt.players.mate import mate_in_one
from xiangqi_gpt.rules.pieces import ADVISOR, CANNON, ELEPHANT, HORSE, PAWN, ROOK, piece_color, piece_type
from xiangqi_gpt.rules.squares import N_SQUARES, Square, on_own_half

__all__ = ["GreedyPlayer", "piece_value"]

_VALUES = {ROOK: 9.0, CANNON: 4.5, HORSE: 4.0, ELEPHANT: 2.0, ADVISOR: 2.0, PAWN: 1.0}


def piece_value(code: int, sq: Square) -> float:
    """The usual worth of a piece in pawns; a pawn over the river counts 2, a general nothing."""
    kind = piece_type(code)
    if kind == PAWN and not on_own_half(sq, piece_color(code)):
        return 2.0
    return _VALUES.get(kind, 0.0)


# [16][90] by piece code and square; an empty point (code 0, and 8) is worth nothing.
_TABLE = [[piece_value(code, sq) for sq in range(N_SQUARES)] for code in range(16)]


class GreedyPlayer:
    """Mates in one if it can, else takes the most material, one ply ahead; ties are drawn by lot.

    The gain of a move is the worth of what it captures, and of a pawn's crossing of the river.

    Args:
        seed: makes the moves reproducible; None draws a new seed.
    """

    name = "greedy"

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)

    def play(
        self,
        board: Board,
        limit: Limit = Limit(),
        *,
        stop: threading.Event | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> PlayResult:
        """Choose a move; answers at once, so limits do not matter."""
        return PlayResult(mate_in_one(board) or self._random.choice(self._best(board)))

    def _best(self, board: Board) -> list[Move]:
        """The moves of the highest gain."""
        pieces = board.state[:N_SQUARES].tolist()
        best, moves = -1.0, []
        for move in board.legal_moves:
            own = _TABLE[pieces[move.from_square]]
            gain = _TABLE[pieces[move.to_square]][move.to_square] + own[move.to_square] - own[move.from_square]
            if gain > best:
                best, moves = gain, [move]
            elif gain == best:
                moves.append(move)
        return moves

    def close(self) -> None:
        """Nothing to let go of."""
