"""Batched kernels for the learner, positions a second on one core: ``python benchmarks/positions.py``.

The positions are those of random games of 60 plies and of the games of ``--games FILE``, if given.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from xiangqi_gpt import Board
from xiangqi_gpt.encoding.batch import View, Window, encode_batch
from xiangqi_gpt.encoding.positions import PositionBatch
from xiangqi_gpt.encoding.vocabulary import MOVE_ID, N_MOVES


def random_game(seed: int, plies: int = 60) -> Board:
    rng, board = random.Random(seed), Board()
    while len(board.move_stack) < plies and (moves := list(board.legal_moves)):
        board.push(rng.choice(moves))
    return board


def record_games(file: Path, at_most: int) -> list[Board]:
    from itertools import islice

    from xiangqi_gpt.records.reader import read_games

    return [game.end().board() for game in islice(read_games(file), at_most)]


def best_rate(positions: int, call: Callable[[], object], seconds: float) -> float:
    """Positions a second of the fastest of the calls made in ``seconds``."""
    call()
    fastest, ends = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < ends:
        started = time.perf_counter()
        call()
        fastest = min(fastest, time.perf_counter() - started)
    return positions / fastest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--games", type=Path, help="take the positions of this file of games")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long to measure each figure")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    boards = [random_game(seed) for seed in range(100)]
    if arguments.games:
        boards = record_games(arguments.games, 100)
    windows = []
    for board in boards:
        ids = np.array([MOVE_ID[move.from_square, move.to_square] for move in board.move_stack], np.uint16)
        windows.append(Window(board.root().state, ids, 0, len(ids), 0))
    rows = []
    for board in boards:
        replay = board.copy()
        while replay.move_stack:
            replay.pop()
            rows.append(replay.state.copy())
    batch = PositionBatch(np.stack(rows))
    masks = np.empty((len(batch), N_MOVES), np.bool_)
    whole = View(board=True, tactics=True, legal=True)
    figures: dict[str, Callable[[], object]] = {
        "legal masks bool[B, 2086]": lambda: batch.legal_masks(masks),
        "legal move lists": batch.legal_moves,
        "board bag": lambda: batch.features(tactics=False),
        "board and tactical bag": batch.features,
        "ends (mate, stalemate, bare)": batch.ends,
        "training windows, all features": lambda: encode_batch(windows, whole),
    }
    print(f"{len(batch)} positions, one core")
    for name, call in figures.items():
        print(f"{name:<32} {best_rate(len(batch), call, arguments.seconds):>12,.0f} positions/s")


if __name__ == "__main__":
    main()
