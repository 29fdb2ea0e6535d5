"""``xiangqi-gpt perft``: count the leaves of the tree of legal moves."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated

import tyro

from xiangqi_gpt.board import Board
from xiangqi_gpt.rules.fen import STARTING_FEN
from xiangqi_gpt.rules.perft import perft

__all__ = ["Settings", "run"]


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt perft``."""

    depth: tyro.conf.Positional[int]
    """Plies to look ahead."""
    fen: Annotated[str, tyro.conf.arg(name="fen")] = STARTING_FEN
    """The position, the usual start when left out."""
    divide: bool = False
    """Show the count below each first move."""


def run(settings: Settings) -> int:
    """Print the count, and below it nodes a second."""
    board = Board(settings.fen)
    started = time.perf_counter()
    if settings.divide and settings.depth > 0:
        total = 0
        for move in sorted(board.legal_moves, key=str):
            board.push(move)
            leaves = perft(board, settings.depth - 1)
            board.pop()
            total += leaves
            print(f"{move}: {leaves}")
        print()
    else:
        total = perft(board, settings.depth)
    seconds = time.perf_counter() - started
    print(f"{total} ({seconds:.3f} s, {total / max(seconds, 1e-9) / 1e6:.1f} M/s)")
    return 0
