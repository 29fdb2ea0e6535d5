from __future__ import annotations

import pytest

from xiangqi_gpt import Board
from xiangqi_gpt.rules import perft
from xiangqi_gpt.rules.fen import STARTING_FEN

# Leaf counts from depth 1 on, as the chess programming wiki publishes them
# (https://www.chessprogramming.org/Chinese_Chess_Perft_Results).
PUBLISHED = [
    (STARTING_FEN, [44, 1920, 79666, 3290240]),  # 133312995 at depth 5
    ("r1ba1a3/4kn3/2n1b4/pNp1p1p1p/4c4/6P2/P1P2R2P/1CcC5/9/2BAKAB2 w - - 0 1", [38, 1128, 43929, 1339047]),
    ("1cbak4/9/n2a5/2p1p3p/5cp2/2n2N3/6PCP/3AB4/2C6/3A1K1N1 w - - 0 1", [7, 281, 8620, 326201]),
    ("5a3/3k5/3aR4/9/5r3/5n3/9/3A1A3/5K3/2BC2B2 w - - 0 1", [25, 424, 9850, 202884, 4739553]),
    ("CRN1k1b2/3ca4/4ba3/9/2nr5/9/9/4B4/4A4/4KA3 w - - 0 1", [28, 516, 14808, 395483]),
    ("R1N1k1b2/9/3aba3/9/2nr5/2B6/9/4B4/4A4/4KA3 w - - 0 1", [21, 364, 7626, 162837, 3500505]),
    ("C1nNk4/9/9/9/9/9/n1pp5/B3C4/9/3A1K3 w - - 0 1", [28, 222, 6241, 64971, 1914306]),
    ("4ka3/4a4/9/9/4N4/p8/9/4C3c/7n1/2BK5 w - - 0 1", [23, 345, 8124, 149272, 3513104]),
    ("2b1ka3/9/b3N4/4n4/9/9/9/4C4/2p6/2BK5 w - - 0 1", [21, 195, 3883, 48060, 933096]),
    ("1C2ka3/9/C1Nab1n2/p3p3p/6p2/9/P3P3P/3AB4/3p2c2/c1BAK4 w - - 0 1", [30, 830, 22787, 649866]),
    ("CnN1k1b2/c3a4/4ba3/9/2nr5/9/9/4C4/4A4/4KA3 w - - 0 1", [19, 583, 11714, 376467]),
]


@pytest.mark.parametrize(("fen", "counts"), PUBLISHED)
def test_published_counts(fen: str, counts: list[int]) -> None:
    board = Board(fen)
    assert [perft(board, depth) for depth in range(1, len(counts) + 1)] == counts
    assert board.fen() == fen


@pytest.mark.parametrize(("fen", "counts"), PUBLISHED)
def test_published_counts_hold_for_the_other_colour_and_in_the_mirror(fen: str, counts: list[int]) -> None:
    board = Board(fen)
    for view in (board.mirror(), board.flip_horizontal(), board.mirror().flip_horizontal()):
        assert [perft(view, depth) for depth in (1, 2, 3)] == counts[:3]


def test_sum_over_first_moves_is_the_whole() -> None:
    board = Board()
    total = 0
    for move in board.legal_moves:
        board.push(move)
        total += perft(board, 2)
        board.pop()
    assert total == perft(board, 3) == 79666


def test_depths_without_moves() -> None:
    assert perft(Board(), 0) == 1
    mated = Board("3k1R3/8R/9/9/9/9/9/9/9/4K4 b - - 0 1")
    assert mated.is_checkmate()
    assert [perft(mated, depth) for depth in (0, 1, 2)] == [1, 0, 0]


def test_negative_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        perft(Board(), -1)
