"""A sample of ``compare_pyffish.py``: the engine against Fairy-Stockfish."""

from __future__ import annotations

import random

import pytest

pytest.importorskip(
    "pyffish", reason="pyffish, the oracle, is not installed (the dev extra brings it where it comes compiled)"
)

import compare_pyffish
import slow_rules

from xiangqi_gpt import Board


def test_random_games() -> None:
    rng = random.Random(1)
    for _ in range(3):
        for board in compare_pyffish.random_game(rng):
            if rng.random() < 0.25:
                assert compare_pyffish.differences(board) == []


def test_near_mates() -> None:
    # Near an ending with checks and pins on every side.
    for board in compare_pyffish.neighbourhood(Board("2bak4/4a4/4b4/5N3/9/4C4/9/4B3c/3r5/2BAKA1R1 w - - 0 1"), 1):
        assert compare_pyffish.differences(board) == []


def test_random_positions() -> None:
    rng = random.Random(3)
    compared = 0
    while compared < 100:
        board = Board(slow_rules.write_fen(*slow_rules.random_position(rng)))
        if board.is_valid():
            assert compare_pyffish.differences(board) == []
            compared += 1
