"""Batches of positions against boards, one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from xiangqi_gpt import Board
from xiangqi_gpt.encoding.batch import View, Window, encode_batch
from xiangqi_gpt.encoding.positions import BatchMoveError, PositionBatch
from xiangqi_gpt.encoding.vocabulary import MOVE_FROM, MOVE_ID, MOVE_TO
from xiangqi_gpt.rules.terminal import BARE, CHECKMATE, GOES_ON, STALEMATE

ENDED = {
    "3k1R3/R8/9/9/9/9/9/9/9/4K4 b": CHECKMATE,
    "3k5/1R7/9/9/9/9/9/9/4R4/4K4 b": STALEMATE,
    "4k4/4a4/9/9/9/9/9/9/4A4/3K5 w": BARE,
}


@pytest.fixture(scope="module")
def boards() -> list[Board]:
    rng, boards = random.Random(1), [Board(fen) for fen in ENDED]
    board = Board()
    while len(boards) < 300:
        moves = list(board.legal_moves)
        if not moves or len(board.move_stack) == 150:
            board = Board()
            continue
        board.push(rng.choice(moves))
        boards.append(board.copy(stack=False))
    return boards


def test_masks_and_lists_are_the_legal_moves(boards: list[Board]) -> None:
    batch = PositionBatch.from_boards(boards)
    masks, lists = batch.legal_masks(), batch.legal_moves()
    assert masks.shape == (len(boards), 2086)
    assert len(lists) == len(boards)
    for row, board in enumerate(boards):
        expected = sorted((move.from_square, move.to_square) for move in board.legal_moves)
        for ids in (np.flatnonzero(masks[row]), lists[row]):
            assert sorted(zip(MOVE_FROM[ids].tolist(), MOVE_TO[ids].tolist(), strict=True)) == expected


def test_positions_with_more_moves_than_there_was_room_for() -> None:
    fen = "4k4/9/9/R1R1R1R1R/9/1R1R1R1R1/9/R1R3R1R/9/3K1C1C1 w"
    count = Board(fen).legal_moves.count()
    assert count > 64
    lists = PositionBatch.from_fens([fen] * 3).legal_moves()
    assert [len(lists[row]) for row in range(3)] == [count] * 3


def test_checks_and_ends(boards: list[Board]) -> None:
    batch = PositionBatch.from_boards(boards)
    assert batch.checks().tolist() == [board.is_check() for board in boards]
    ends = batch.ends()
    assert ends[: len(ENDED)].tolist() == list(ENDED.values())
    for board, end in zip(boards, ends.tolist(), strict=True):
        assert (end == CHECKMATE) == board.is_checkmate()
        assert (end == STALEMATE) == board.is_stalemate()
        assert end != GOES_ON or board.legal_moves


@pytest.mark.parametrize("tactics", [False, True])
def test_features_are_those_of_training(boards: list[Board], tactics: bool) -> None:
    found = PositionBatch.from_boards(boards).features(tactics=tactics)
    for row, board in enumerate(boards):
        window = Window(board.state, np.empty(0, np.uint16), 0, 1, 0)
        expected = encode_batch([window], View(board=True, tactics=tactics)).features
        assert sorted(found[row].tolist()) == sorted(expected.tolist())


def test_a_move_on_each_board() -> None:
    rng = random.Random(2)
    boards = [Board() for _ in range(20)]
    batch = PositionBatch.start(20)
    for _ in range(30):
        moves = [rng.choice(list(board.legal_moves)) for board in boards]
        batch.push(np.array([MOVE_ID[move.from_square, move.to_square] for move in moves]))
        for board, move in zip(boards, moves, strict=True):
            board.push(move)
    assert batch.fens() == [board.fen() for board in boards]


@pytest.mark.parametrize("move", [0, 2086, -1, 60_000])
def test_an_illegal_move_changes_nothing(move: int) -> None:
    batch = PositionBatch.start(3)
    before = batch.copy()
    good = int(batch.legal_moves()[0][0])
    with pytest.raises(BatchMoveError) as caught:
        batch.push(np.array([good, move, good]))
    assert caught.value.fields["row"] == 1
    assert np.array_equal(batch.states, before.states)
    with pytest.raises(ValueError, match="shape"):
        batch.push(np.array([good]))
