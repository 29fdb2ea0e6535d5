"""Games made for the tests of the corpus, and PGN of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from xiangqi_gpt import Board, Move

WritePgn = Callable[[Iterable[Sequence[Move]]], Path]
RandomLine = Callable[[int], list[Move]]


@pytest.fixture
def random_line() -> RandomLine:
    """Legal moves at random, another line at each call, the same in each run."""
    rng = random.Random(20)

    def line(plies: int) -> list[Move]:
        board = Board()
        while len(board.move_stack) < plies and (legal := list(board.legal_moves)):
            board.push(rng.choice(legal))
        return board.move_stack

    return line


@pytest.fixture
def write_pgn(tmp_path: Path) -> WritePgn:
    """Writes lines of moves as games of one file."""
    written: list[Path] = []

    def write(lines: Iterable[Sequence[Move]]) -> Path:
        path = tmp_path / f"games{len(written)}.pgn"
        games = [f'[Event "{n}"]\n\n{" ".join(m.iccs() for m in line)} *\n' for n, line in enumerate(lines)]
        path.write_text("\n".join(games), encoding="utf-8")
        written.append(path)
        return path

    return write
