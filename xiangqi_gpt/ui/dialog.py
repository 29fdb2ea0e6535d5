"""What lies over the board: the dialog of a new game, and the banner with the result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeAlias

import pygame
from pygame import Rect

from xiangqi_gpt.messages import Language, say
from xiangqi_gpt.ui import theme
from xiangqi_gpt.ui.layout import Layout, Point
from xiangqi_gpt.ui.panel import draw_button, opponent_name
from xiangqi_gpt.ui.scene import Dialog, Scene
from xiangqi_gpt.ui.state import result_text
from xiangqi_gpt.ui.text import Fonts

__all__ = ["TEMPERATURES", "DialogButton", "banner_rect", "choose", "dialog_button_at", "draw_banner", "draw_dialog"]

_Row: TypeAlias = Literal["side", "opponent", "temperature", "do"]
DialogButton: TypeAlias = tuple[_Row, str | float]
"""A row of the dialog and a choice in it; the row ``do`` has ``cancel`` and ``start``."""

_MANNERS: dict[str | float, str] = {0.0: "ui.manner_steady", 0.3: "ui.manner_varied", 0.8: "ui.manner_lively"}
_LABELS: dict[DialogButton, str] = {
    ("side", "red"): "ui.side_red",
    ("side", "black"): "ui.side_black",
    ("side", "random"): "ui.side_random",
    ("do", "cancel"): "ui.dialog_cancel",
    ("do", "start"): "ui.dialog_start",
}
TEMPERATURES = (0.0, 0.3, 0.8)
"""The temperatures that the dialog offers."""


def _rows(dialog: Dialog) -> list[tuple[_Row, tuple[str | float, ...]]]:
    rows: list[tuple[_Row, tuple[str | float, ...]]] = [
        ("side", ("red", "black", "random")),
        ("opponent", dialog.opponents),
    ]
    if dialog.opponent.partition(":")[0] == "gpt":  # only a model's play can be made freer or stricter
        rows.append(("temperature", dialog.temperatures))
    return [*rows, ("do", ("cancel", "start"))]


def _box(layout: Layout, rows: int) -> Rect:
    cell = layout.cell
    box = Rect(0, 0, min(round(7.8 * cell), layout.board.w), round((1.1 + 1.16 * (rows - 1) + 1.0) * cell))
    box.center = layout.board.center
    return box


def _places(layout: Layout, dialog: Dialog) -> list[tuple[DialogButton, Rect]]:
    """The buttons of the dialog with their places."""
    rows, cell = _rows(dialog), layout.cell
    box = _box(layout, len(rows))
    places: list[tuple[DialogButton, Rect]] = []
    gap = round(0.14 * cell)
    for index, (row, choices) in enumerate(rows):
        y = box.y + round((1.44 + 1.16 * index) * cell)
        if row == "do":
            y = box.bottom - round(0.86 * cell)
        width = (box.w - cell - (len(choices) - 1) * gap) // len(choices)
        for place, choice in enumerate(choices):
            rect = Rect(box.x + cell // 2 + place * (width + gap), y, width, round(0.62 * cell))
            places.append(((row, choice), rect))
    return places


def dialog_button_at(layout: Layout, dialog: Dialog, point: Point) -> DialogButton | None:
    """The button of the dialog under a pixel."""
    return next((button for button, rect in _places(layout, dialog) if rect.collidepoint(point)), None)


def choose(dialog: Dialog, button: DialogButton) -> Dialog:
    """The dialog after a choice."""
    row, choice = button
    chosen: dict[str, Any] = {} if row == "do" else {row: choice}
    return replace(dialog, **chosen)


def _label(button: DialogButton, lang: Language) -> str:
    row, choice = button
    if row == "temperature":
        return say(_MANNERS[choice], lang=lang) if choice in _MANNERS else f"T = {choice:g}"
    if row == "opponent":
        return opponent_name(str(choice), lang)
    return say(_LABELS[button], lang=lang)


def _veil(target: pygame.Surface, rect: Rect, opacity: int) -> None:
    veil = pygame.Surface(rect.size, pygame.SRCALPHA)
    veil.fill((*theme.SHADE, opacity))
    target.blit(veil, rect)


def draw_dialog(target: pygame.Surface, scene: Scene, fonts: Fonts) -> None:
    """Draw the dialog of a new game over a dimmed window."""
    dialog, layout, lang = scene.dialog, scene.layout, scene.look.lang
    assert dialog is not None
    _veil(target, target.get_rect(), 120)
    cell, rows = layout.cell, _rows(dialog)
    box, radius = _box(layout, len(rows)), max(4, cell // 6)
    pygame.draw.rect(target, theme.BACKDROP, box, border_radius=radius)
    pygame.draw.rect(target, theme.ACCENT, box, max(1, cell // 40), border_radius=radius)
    title = fonts.render(say("ui.dialog_title", lang=lang), round(0.46 * cell), theme.ACCENT, True)
    target.blit(title, title.get_rect(center=(box.centerx, box.y + round(0.56 * cell))))
    chosen = {
        ("side", dialog.side),
        ("opponent", dialog.opponent),
        ("temperature", dialog.temperature),
        ("do", "start"),
    }
    labelled = set()
    for button, rect in _places(layout, dialog):
        if button[0] != "do" and button[0] not in labelled:
            labelled.add(button[0])
            label = fonts.render(say(f"ui.dialog_{button[0]}", lang=lang), layout.text, theme.TEXT_DIM)
            target.blit(label, label.get_rect(bottomleft=(rect.x, rect.y - cell // 16)))
        near = scene.pointer is not None and rect.collidepoint(scene.pointer)
        draw_button(target, rect, _label(button, lang), fonts, near=near, chosen=button in chosen)


def banner_rect(layout: Layout) -> Rect:
    """Where the result is announced: across the river."""
    rect = Rect(0, 0, layout.board.w, round(1.9 * layout.cell))
    rect.center = layout.board.center
    return rect


def draw_banner(target: pygame.Surface, scene: Scene, fonts: Fonts) -> None:
    """Draw the result of a game that is over across the board."""
    table, layout, lang = scene.table, scene.layout, scene.look.lang
    rect, cell = banner_rect(layout), layout.cell
    _veil(target, rect, 215)
    for y in (rect.y, rect.bottom - 1):
        pygame.draw.line(target, theme.ACCENT, (rect.x, y), (rect.right - 1, y), max(1, cell // 36))
    code = "drawn" if table.winner is None else "you_won" if table.winner == table.person else "you_lost"
    colour = theme.ACCENT if code != "you_lost" else theme.TEXT
    head = fonts.render(say(f"ui.{code}", lang=lang), round(0.68 * cell), colour, True)
    target.blit(head, head.get_rect(center=(rect.centerx, rect.y + round(0.66 * cell))))
    size = round(0.32 * cell)
    rows = fonts.wrap(result_text(table, lang), size, rect.w - cell, 2)
    for index, row in enumerate(rows):
        ink = fonts.render(row, size, theme.TEXT)
        y = rect.y + round(1.32 * cell) + round((index - (len(rows) - 1) / 2) * size * 1.25)
        target.blit(ink, ink.get_rect(center=(rect.centerx, y)))
