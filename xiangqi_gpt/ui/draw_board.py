"""The empty board: wood, lines, palaces, the marks of cannons and pawns, river and file numbers."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pygame
from pygame import Rect

from xiangqi_gpt.rules.squares import N_FILES, N_RANKS, square
from xiangqi_gpt.ui.layout import Layout
from xiangqi_gpt.ui.text import Fonts
from xiangqi_gpt.ui.theme import (
    LINE,
    LINE_LIGHT,
    WOOD_DARK,
    WOOD_FRAME_DARK,
    WOOD_FRAME_LIGHT,
    WOOD_LIGHT,
)
from xiangqi_gpt.ui.wood import surface_of, wood

__all__ = ["BoardArt"]

_FINE = 3  # lines are drawn this much larger and scaled down
_FRAME = 0.2  # cells
# Where the cannons and pawns of both sides start, (file, rank).
_MARKED = [(file, rank) for file in (1, 7) for rank in (2, 7)] + [
    (file, rank) for file in range(0, N_FILES, 2) for rank in (3, 6)
]


class BoardArt:
    """Draws the board for a layout; the planks are made once."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts

    @cached_property
    def _field(self) -> pygame.Surface:
        return surface_of(wood((760, 860), WOOD_LIGHT, WOOD_DARK, seed=11))

    @cached_property
    def _frame(self) -> pygame.Surface:
        return surface_of(wood((420, 480), WOOD_FRAME_LIGHT, WOOD_FRAME_DARK, seed=5))

    def draw(self, target: pygame.Surface, layout: Layout, traditional: bool) -> None:
        """Draw the board in its place, with its shadow."""
        self._draw_wood(target, layout)
        target.blit(self._lines(layout), layout.board)
        self._draw_river(target, layout, traditional)
        self._draw_numbers(target, layout)

    def _draw_wood(self, target: pygame.Surface, layout: Layout) -> None:
        board, cell = layout.board, layout.cell
        radius = max(2, cell // 9)
        shadow = pygame.transform.smoothscale(_soft_box(), (board.w + cell, board.h + cell))
        target.blit(shadow, (board.x - cell // 2, board.y - cell // 2 + cell // 12))
        target.blit(_rounded(pygame.transform.smoothscale(self._frame, board.size), radius), board)
        field = board.inflate(-2 * round(_FRAME * cell), -2 * round(_FRAME * cell))
        target.blit(pygame.transform.smoothscale(self._field, field.size), field)
        width = max(1, cell // 32)
        # Light falls from the upper left: on the frame's outer edge, and from the frame's inner edge onto the field.
        for rect, upper, lower in (
            (board.inflate(-width, -width), (255, 214, 160, 90), (0, 0, 0, 110)),
            (field.inflate(width, width), (20, 8, 0, 190), (255, 222, 170, 110)),
        ):
            _bevel(target, rect, width, upper, lower)
        depth = max(3, cell // 7)
        for step in range(depth):
            for size, place in (((field.w, 1), (field.x, field.y + step)), ((1, field.h), (field.x + step, field.y))):
                shade = pygame.Surface(size, pygame.SRCALPHA)
                shade.fill((50, 22, 6, round(95 * (1 - step / depth) ** 2)))
                target.blit(shade, place)

    def _lines(self, layout: Layout) -> pygame.Surface:
        """Every line of the board, as if cut into the wood: dark, with light on the far edge."""
        size = layout.board.size
        surface = pygame.Surface((size[0] * _FINE, size[1] * _FINE), pygame.SRCALPHA)
        surface.fill((*LINE, 0))
        weight = max(_FINE, round(0.026 * layout.cell * _FINE))
        shift = max(1, weight * 2 // 3)
        for offset, colour in ((shift, (*LINE_LIGHT, 150)), (0, (*LINE, 235))):
            pen = _Pen(surface, layout, offset, colour, weight)
            _draw_grid(pen)
            _draw_marks(pen)
        return pygame.transform.smoothscale(surface, size)

    def _draw_river(self, target: pygame.Surface, layout: Layout, traditional: bool) -> None:
        words = ("楚河", "漢界" if traditional else "汉界")
        size = round(0.62 * layout.cell)
        left, right = layout.origin[0], layout.origin[0] + (N_FILES - 1) * layout.cell
        y = layout.origin[1] + round(4.5 * layout.cell)
        for word, middle in zip(words, (left + 2 * layout.cell, right - 2 * layout.cell), strict=True):
            for index, char in enumerate(word):
                x = middle + round((index - 0.5) * 1.15 * layout.cell)
                self._carve(target, char, size, (x, y))

    def _draw_numbers(self, target: pygame.Surface, layout: Layout) -> None:
        cell, size = layout.cell, round(0.31 * layout.cell)
        top = layout.origin[1] - round(0.7 * cell)
        bottom = layout.origin[1] + round((N_RANKS - 1 + 0.7) * cell)
        for file in range(N_FILES):
            x = layout.point(square(file, 0))[0]
            red, black = "九八七六五四三二一"[file], str(file + 1)
            self._carve(target, red, size, (x, top if layout.flipped else bottom))
            self._carve(target, black, size, (x, bottom if layout.flipped else top))

    def _carve(self, target: pygame.Surface, text: str, size: int, middle: tuple[int, int]) -> None:
        shift = max(1, size // 26)
        for colour, offset in ((LINE_LIGHT, shift), (LINE, 0)):
            ink = self._fonts.render(text, size, colour, True)
            place = ink.get_rect(center=(middle[0] + offset, middle[1] + offset))
            target.blit(ink, place)


class _Pen:
    """Draws lines between points given in cells from the board's upper left crossing."""

    def __init__(
        self, surface: pygame.Surface, layout: Layout, offset: int, colour: tuple[int, int, int, int], weight: int
    ) -> None:
        self._surface, self._offset, self._colour, self._weight = surface, offset, colour, weight
        self._cell = layout.cell * _FINE
        self._origin = [
            (layout.origin[axis] - layout.board.topleft[axis]) * _FINE + _FINE // 2 + offset for axis in (0, 1)
        ]

    def line(self, x1: float, y1: float, x2: float, y2: float, heavy: float = 1.0) -> None:
        weight = round(self._weight * heavy)
        (ax, ay), (bx, by) = (
            (self._origin[0] + x * self._cell, self._origin[1] + y * self._cell) for x, y in ((x1, y1), (x2, y2))
        )
        if x1 == x2 or y1 == y2:
            left, top = min(ax, bx) - weight / 2, min(ay, by) - weight / 2
            # int, not round: lines of an odd weight must all fall to the same side.
            rect = Rect(int(left), int(top), int(abs(bx - ax)) + weight, int(abs(by - ay)) + weight)
            pygame.draw.rect(self._surface, self._colour, rect)
        else:
            pygame.draw.line(self._surface, self._colour, (ax, ay), (bx, by), round(weight * 1.25))


def _draw_grid(pen: _Pen) -> None:
    for rank in range(N_RANKS):
        pen.line(0, rank, N_FILES - 1, rank)
    for file in range(N_FILES):
        if file in (0, N_FILES - 1):
            pen.line(file, 0, file, N_RANKS - 1)
        else:
            pen.line(file, 0, file, 4)
            pen.line(file, 5, file, N_RANKS - 1)
    for top in (0, 7):
        pen.line(3, top, 5, top + 2)
        pen.line(5, top, 3, top + 2)
    low, right, bottom = -0.1, N_FILES - 1 + 0.1, N_RANKS - 1 + 0.1
    for line in (
        (low, low, right, low),
        (low, bottom, right, bottom),
        (low, low, low, bottom),
        (right, low, right, bottom),
    ):
        pen.line(*line, heavy=2)


def _draw_marks(pen: _Pen) -> None:
    near, far = 0.1, 0.26
    for file, rank in _MARKED:
        for side in (-1, 1):
            if not 0 <= file + side < N_FILES:
                continue
            for way in (-1, 1):
                x, y = file + side * near, rank + way * near
                pen.line(x, y, file + side * far, y)
                pen.line(x, y, x, rank + way * far)


def _soft_box() -> pygame.Surface:
    """The shadow of a board in the margin of half a cell around it, to be scaled."""
    width, height = 120, 140
    margin_x, margin_y = 0.5 * width / 10.7, 0.5 * height / 12.3  # the board is about so many cells
    across, down = (
        np.clip(np.minimum(np.arange(side) + 0.5, side - np.arange(side) - 0.5) / (1.5 * margin), 0, 1)
        for side, margin in ((width, margin_x), (height, margin_y))
    )
    fade = down[:, None] * across[None, :]
    return surface_of(np.full((height, width, 3), (8.0, 11.0, 10.0)), 0.85 * fade)


def _rounded(picture: pygame.Surface, radius: int) -> pygame.Surface:
    """A picture with its corners cut round."""
    width, height = picture.get_size()
    fine = pygame.Surface((width * _FINE, height * _FINE), pygame.SRCALPHA)
    fine.fill((255, 255, 255, 0))
    pygame.draw.rect(fine, (255, 255, 255, 255), fine.get_rect(), border_radius=radius * _FINE)
    rounded = pygame.transform.smoothscale(fine, (width, height))
    rounded.blit(picture, (0, 0), special_flags=pygame.BLEND_RGB_MULT)
    return rounded


def _bevel(
    target: pygame.Surface,
    rect: Rect,
    width: int,
    upper: tuple[int, int, int, int],
    lower: tuple[int, int, int, int],
) -> None:
    """The edge of a box lit from the upper left."""
    layer = pygame.Surface(rect.size, pygame.SRCALPHA)
    right, bottom = rect.w - 1, rect.h - 1
    for step in range(width):
        pygame.draw.lines(layer, upper, False, [(step, bottom - step), (step, step), (right - step, step)])
        pygame.draw.lines(
            layer, lower, False, [(step, bottom - step), (right - step, bottom - step), (right - step, step)]
        )
    target.blit(layer, rect)
