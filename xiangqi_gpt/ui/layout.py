"""Where everything stands in the window, computed from its size alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pygame import Rect

from xiangqi_gpt.rules.squares import N_FILES, N_RANKS, Square, square, square_file, square_rank

__all__ = ["ACTIONS", "Action", "Layout", "Point", "make_layout"]

Point: TypeAlias = tuple[int, int]
Action: TypeAlias = Literal["new", "undo", "resign", "flip", "script", "language"]
ACTIONS: tuple[Action, ...] = ("new", "undo", "resign", "flip", "script", "language")

# In cells: the board with its frame, and the panel beside or below it.
_MARGIN_X, _MARGIN_Y = 0.86, 1.16
_BOARD_W, _BOARD_H = N_FILES - 1 + 2 * _MARGIN_X, N_RANKS - 1 + 2 * _MARGIN_Y
_SIDE_LEAST, _SIDE_MOST = 4.6, 5.8
_BELOW = 4.4
_LEAST_CELL = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of things in a window.

    Attributes:
        size: width and height of the window in pixels.
        flipped: whether Black sits at the bottom.
        cell: pixels between two lines of the board.
        board: the board with its frame.
        origin: the crossing of lines at the top left.
        cards: the players' cards, that of the side at the top first.
        moves: the move list.
        notice: the text that says what is going on; a long one covers what is above.
        buttons: the buttons by action.
        text: the size of text in pixels.
    """

    size: tuple[int, int]
    flipped: bool
    cell: int
    board: Rect
    origin: Point
    cards: tuple[Rect, Rect]
    moves: Rect
    notice: Rect
    buttons: tuple[tuple[Action, Rect], ...]
    text: int

    def point(self, sq: Square) -> Point:
        """The pixel at the middle of a square."""
        file, rank = square_file(sq), square_rank(sq)
        column, row = (N_FILES - 1 - file, rank) if self.flipped else (file, N_RANKS - 1 - rank)
        return self.origin[0] + column * self.cell, self.origin[1] + row * self.cell

    def square_at(self, point: Point) -> Square | None:
        """The square whose crossing is nearest to a pixel, or None off the board."""
        column = (point[0] - self.origin[0] + self.cell // 2) // self.cell
        row = (point[1] - self.origin[1] + self.cell // 2) // self.cell
        if not (0 <= column < N_FILES and 0 <= row < N_RANKS):
            return None
        return square(N_FILES - 1 - column, row) if self.flipped else square(column, N_RANKS - 1 - row)

    def action_at(self, point: Point) -> Action | None:
        """The button under a pixel."""
        return next((action for action, rect in self.buttons if rect.collidepoint(point)), None)


def make_layout(size: tuple[int, int], flipped: bool = False) -> Layout:
    """Lay out a window: the panel on the right, or below the board in a tall window."""
    width, height = size
    pad = max(6, min(size) // 50)
    beside = min((width - 3 * pad) / (_BOARD_W + _SIDE_LEAST), (height - 2 * pad) / _BOARD_H)
    below = min((width - 2 * pad) / _BOARD_W, (height - 3 * pad) / (_BOARD_H + _BELOW))
    cell = max(_LEAST_CELL, int(max(beside, below)))
    board = Rect(0, 0, round(_BOARD_W * cell), round(_BOARD_H * cell))
    if beside >= below:
        panel = Rect(0, 0, min(width - board.w - 3 * pad, round(_SIDE_MOST * cell)), board.h)
        board.topleft = ((width - board.w - panel.w - pad) // 2, (height - board.h) // 2)
        panel.topleft = (board.right + pad, board.y)
        arrange = _beside
    else:
        panel = Rect(0, 0, board.w, max(height - board.h - 3 * pad, round(_BELOW * cell)))
        panel.h = min(panel.h, round(1.5 * _BELOW * cell))
        board.topleft = ((width - board.w) // 2, (height - board.h - panel.h - pad) // 2)
        panel.topleft = (board.x, board.bottom + pad)
        arrange = _below
    origin = (board.x + round(_MARGIN_X * cell), board.y + round(_MARGIN_Y * cell))
    text = max(9, round(0.29 * cell))
    cards, moves, notice, buttons = arrange(panel, cell, text)
    return Layout(size, flipped, cell, board, origin, cards, moves, notice, buttons, text)


_Places: TypeAlias = tuple[tuple[Rect, Rect], Rect, Rect, tuple[tuple[Action, Rect], ...]]


def _beside(panel: Rect, cell: int, text: int) -> _Places:
    gap, card = round(0.16 * cell), round(1.02 * cell)
    button = round(0.6 * cell)
    grid = Rect(panel.x, panel.bottom - 2 * button - gap, panel.w, 2 * button + gap)
    top = Rect(panel.x, panel.y, panel.w, card)
    bottom = Rect(panel.x, grid.y - round(1.5 * gap) - card, panel.w, card)
    notice = Rect(panel.x, 0, panel.w, round(3.1 * text))
    notice.bottom = bottom.y - gap // 2
    moves = Rect(panel.x, top.bottom + gap, panel.w, notice.y - gap // 2 - top.bottom - gap)
    return (top, bottom), moves, notice, _grid(grid, 3, gap)


def _below(panel: Rect, cell: int, text: int) -> _Places:
    gap, card = round(0.16 * cell), round(0.98 * cell)
    button = round(0.7 * cell)
    grid = Rect(panel.x, panel.bottom - button, panel.w, button)
    left, right = Rect(panel), Rect(panel)
    left.w = right.w = (panel.w - gap) // 2
    right.x = left.right + gap
    top = Rect(left.x, left.y, left.w, card)
    bottom = Rect(left.x, top.bottom + gap, left.w, card)
    notice = Rect(left.x, bottom.bottom + gap, left.w, grid.y - bottom.bottom - 2 * gap)
    moves = Rect(right.x, right.y, right.w, grid.y - gap - right.y)
    return (top, bottom), moves, notice, _grid(grid, 6, gap)


def _grid(area: Rect, columns: int, gap: int) -> tuple[tuple[Action, Rect], ...]:
    rows = -(-len(ACTIONS) // columns)
    width, height = (area.w + gap) / columns, (area.h + gap) / rows
    return tuple(
        (
            action,
            Rect(
                area.x + round(index % columns * width),
                area.y + round(index // columns * height),
                round(width) - gap,
                round(height) - gap,
            ),
        )
        for index, action in enumerate(ACTIONS)
    )
