"""``xiangqi-gpt perft [FEN] DEPTH``: count the leaves of the tree of legal moves."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import tyro
from rich.console import Console
from rich.progress import Progress

from xiangqi_gpt.board import Board
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.rules.fen import STARTING_FEN
from xiangqi_gpt.rules.perft import perft
from xiangqi_gpt.rules.status import require_playable

__all__ = ["Settings", "run"]

_DEEPEST = 20  # far beyond what a lifetime allows from any usual position
_BURST = 4  # plies that the engine counts in one go, a fraction of a second: between two it can be interrupted


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt perft``."""

    words: Annotated[tyro.conf.Positional[tuple[str, ...]], tyro.conf.arg(metavar="[FEN] DEPTH", help_behavior_hint="")]
    """The position, the usual start when left out, and the plies to look ahead."""
    divide: bool = False
    """Show the count below each first move."""


def _position_and_depth(words: tuple[str, ...]) -> tuple[Board, int]:
    """The arguments; a FEN may come without quotes around it."""
    *fen, depth = words or ("",)
    if "/" in depth:
        raise XiangqiError("cli.perft_no_depth", fen=depth)
    if not (depth.isascii() and depth.isdecimal() and len(depth) <= 4 and int(depth) <= _DEEPEST):
        raise XiangqiError("cli.perft_depth", depth=depth, most=_DEEPEST)
    board = Board(" ".join(fen) if fen else STARTING_FEN)
    require_playable(board.state)
    return board, int(depth)


def _bursts(board: Board, depth: int) -> Iterator[int]:
    """Counts that add up to the perft of ``depth``."""
    if depth <= _BURST:
        yield perft(board, depth)
        return
    for move in board.legal_moves:
        board.push(move)
        yield from _bursts(board, depth - 1)
        board.pop()


def _speed(nodes: int, started: float) -> str:
    seconds = time.perf_counter() - started
    return f"{nodes} ({seconds:.3f} s, {nodes / max(seconds, 1e-9) / 1e6:.1f} M/s)"


def _divide(board: Board, depth: int) -> int:
    """Print the count below each first move; returns their sum."""
    total = 0
    for move in sorted(board.legal_moves, key=str):
        board.push(move)
        leaves = sum(_bursts(board, depth - 1))
        board.pop()
        total += leaves
        print(f"{move}: {leaves}", flush=True)
    print()
    return total


def _count(board: Board, depth: int, started: float) -> int:
    """The count, with a line on the terminal while it takes its time."""
    total = 0
    with Progress(
        "{task.description}",
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        disable=not sys.stderr.isatty(),
    ) as progress:
        task = progress.add_task("", total=None)
        for leaves in _bursts(board, depth):
            total += leaves
            progress.update(task, description=_speed(total, started))
    return total


def _warm_up() -> None:
    """Load or compile the kernels: that is not counting."""
    board = Board()
    for move in board.legal_moves:
        board.push(move)
        perft(board, 1)
        board.pop()


def run(settings: Settings) -> int:
    """Print the count with the time it took and nodes a second; before it the parts of it, when asked for."""
    board, depth = _position_and_depth(settings.words)
    _warm_up()
    started = time.perf_counter()
    total = _divide(board, depth) if settings.divide and depth > 0 else _count(board, depth, started)
    print(_speed(total, started))
    return 0
