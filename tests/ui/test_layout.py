from __future__ import annotations

import itertools

import pytest
from pygame import Rect

from xiangqi_gpt.rules.squares import parse_square
from xiangqi_gpt.ui.layout import ACTIONS, make_layout

SIZES = [(400, 400), (480, 800), (800, 600), (1100, 800), (1600, 1000), (3840, 2160), (2000, 700)]


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_squares_and_pixels_round_trip(size: tuple[int, int], flipped: bool) -> None:
    layout = make_layout(size, flipped)
    reach = layout.cell // 2 - 1
    for sq in range(90):
        x, y = layout.point(sq)
        for dx, dy in ((0, 0), (reach, reach), (-reach, reach), (reach, -reach)):
            assert layout.square_at((x + dx, y + dy)) == sq


@pytest.mark.parametrize("size", SIZES)
def test_beside_the_board_there_is_no_square(size: tuple[int, int]) -> None:
    layout = make_layout(size)
    left, top = layout.point(parse_square("a9"))
    right, bottom = layout.point(parse_square("i0"))
    for point in ((left - layout.cell, top), (left, top - layout.cell), (right + layout.cell, bottom), (right, -5)):
        assert layout.square_at(point) is None


def test_the_sides_sit_where_they_should() -> None:
    red, black = make_layout((1000, 800)), make_layout((1000, 800), flipped=True)
    a0, a9, i0 = map(parse_square, ("a0", "a9", "i0"))
    assert red.point(a0)[1] > red.point(a9)[1]
    assert red.point(a0)[0] < red.point(i0)[0]
    assert black.point(a0)[1] < black.point(a9)[1]
    assert black.point(a0)[0] > black.point(i0)[0]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps_or_leaves_the_window(size: tuple[int, int]) -> None:
    layout = make_layout(size)
    rects = [layout.board, *layout.cards, layout.moves, layout.notice, *(rect for _, rect in layout.buttons)]
    window = Rect(0, 0, *size)
    for rect in rects:
        assert window.contains(rect)
        assert rect.w > 0
        assert rect.h > 0
    for one, other in itertools.combinations(rects, 2):
        assert not one.colliderect(other)


def test_each_button_is_found_by_its_place() -> None:
    layout = make_layout((1100, 800))
    assert [layout.action_at(rect.center) for _, rect in layout.buttons] == list(ACTIONS)
    assert layout.action_at(layout.board.center) is None
