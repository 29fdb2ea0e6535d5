"""Random openings."""

from __future__ import annotations

from itertools import islice

import pytest

from xiangqi_gpt.arena.openings import Opening, random_openings
from xiangqi_gpt.board import Board


def draw(count: int, seed: int = 1, plies: tuple[int, int] = (2, 6)) -> list[Opening]:
    return list(islice(random_openings(seed, plies), count))


def after(opening: Opening) -> Board:
    board = Board()
    for move in opening:
        assert board.is_legal(move)
        board.push(move)
    return board


def can_mate(board: Board) -> bool:
    for move in list(board.legal_moves):
        board.push(move)
        mates = not board.legal_moves
        board.pop()
        if mates:
            return True
    return False


def test_openings_have_the_asked_lengths() -> None:
    assert {len(opening) for opening in draw(100)} == {2, 3, 4, 5, 6}
    assert {len(opening) for opening in draw(5, plies=(11, 11))} == {11}
    assert draw(2, plies=(0, 0)) == [(), ()]


def test_a_seed_decides_them() -> None:
    assert draw(20, seed=8) == draw(20, seed=8)
    assert draw(20, seed=8) == draw(30, seed=8)[:20]
    assert draw(20, seed=8) != draw(20, seed=9)


def test_they_differ_while_there_are_others() -> None:
    assert len({after(opening).board_fen() for opening in draw(44, plies=(1, 1))}) == 44
    assert len(draw(50, plies=(1, 1))) == 50


@pytest.mark.parametrize("plies", [(2, 6), (30, 30)])
def test_no_side_is_lost_at_once(plies: tuple[int, int]) -> None:
    for opening in draw(30, plies=plies):
        board = after(opening)
        assert not board.is_game_over()
        assert not can_mate(board)
        answers = []
        for move in list(board.legal_moves):
            board.push(move)
            answers.append(can_mate(board))
            board.pop()
        assert not all(answers)
