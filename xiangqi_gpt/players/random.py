"""The random player: any legal move, each as likely as the next."""

from __future__ import annotations

import random
import threading

from xiangqi_gpt.board import Board
from xiangqi_gpt.players.base import Limit, PlayResult, ProgressCallback

__all__ = ["RandomPlayer"]


class RandomPlayer:
    """Plays any legal move, uniformly.

    Args:
        seed: makes the moves reproducible; None draws a new seed.
    """

    name = "random"

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
        return PlayResult(self._random.choice(list(board.legal_moves)))

    def close(self) -> None:
        """Nothing to let go of."""
