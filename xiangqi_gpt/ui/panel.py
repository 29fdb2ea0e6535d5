"""The panel beside the board: the two players, the moves, what is going on, the buttons."""

from __future__ import annotations

import pygame
from pygame import Rect

from xiangqi_gpt.messages import Language, say
from xiangqi_gpt.rules.pieces import BLACK, GENERAL, Color, piece_code
from xiangqi_gpt.ui import theme
from xiangqi_gpt.ui.layout import Layout
from xiangqi_gpt.ui.pieces import PieceArt
from xiangqi_gpt.ui.scene import Look, Scene
from xiangqi_gpt.ui.state import Table, can_undo, result_text
from xiangqi_gpt.ui.text import Fonts

__all__ = ["draw_button", "draw_panel", "move_rows", "opponent_name", "row_height", "rows_shown", "spoken"]


def opponent_name(spec: str, lang: Language) -> str:
    """How a player spec is called in the window."""
    kind, _, argument = spec.partition(":")
    if argument:
        return argument.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or argument
    return say(f"ui.player_{kind}", lang=lang) if kind in ("gpt", "greedy", "random") else spec


def draw_panel(target: pygame.Surface, scene: Scene, fonts: Fonts, pieces: PieceArt) -> None:
    """Draw everything beside the board."""
    top = scene.top_side()
    for rect, color in zip(scene.layout.cards, (top, not top), strict=True):
        _draw_card(target, scene, fonts, pieces, rect, color)
    _draw_moves(target, scene, fonts)
    _draw_notice(target, scene, fonts)
    for action, rect in scene.layout.buttons:
        enabled = {"undo": can_undo(scene.table), "resign": not scene.table.is_over}.get(action, True)
        near = scene.dialog is None and scene.pointer is not None and rect.collidepoint(scene.pointer)
        draw_button(target, rect, say(f"ui.{action}", lang=scene.look.lang), fonts, near=near, enabled=enabled)


def draw_button(
    target: pygame.Surface,
    rect: Rect,
    label: str,
    fonts: Fonts,
    *,
    near: bool = False,
    enabled: bool = True,
    chosen: bool = False,
) -> None:
    """Draw a button; ``near``: the pointer is over it; ``chosen``: it is the choice of its row."""
    radius = max(3, rect.h // 5)
    fill = (
        theme.ACCENT
        if chosen
        else (theme.BUTTON_HOVER if near and enabled else theme.BUTTON if enabled else theme.LIST)
    )
    pygame.draw.rect(target, fill, rect, border_radius=radius)
    if near and enabled and not chosen:
        pygame.draw.rect(target, theme.ACCENT, rect, max(1, rect.h // 28), border_radius=radius)
    colour = theme.SHADE if chosen else theme.TEXT if enabled else theme.EDGE
    size = round(rect.h * 0.42)
    while size > 8 and fonts.font(size, True).size(label)[0] > rect.w - rect.h * 0.3:
        size -= 1
    ink = fonts.render(label, size, colour, True)
    target.blit(ink, ink.get_rect(center=rect.center))


def _draw_card(target: pygame.Surface, scene: Scene, fonts: Fonts, pieces: PieceArt, rect: Rect, color: Color) -> None:
    """One player: a piece of the colour, the name, what he or she is doing."""
    table, lang, text = scene.table, scene.look.lang, scene.layout.text
    on_move = not table.is_over and table.board.turn == color
    radius = max(3, rect.h // 8)
    pygame.draw.rect(target, theme.CARD, rect, border_radius=radius)
    if on_move:
        pygame.draw.rect(target, theme.ACCENT, rect, max(1, rect.h // 34), border_radius=radius)
    size = round(rect.h * 0.74)
    pieces.draw(
        target, piece_code(GENERAL, color), (rect.x + rect.h * 0.55, rect.centery), size, scene.look.traditional
    )
    is_person = color == table.person
    name = say("ui.you", lang=lang) if is_person else opponent_name(scene.opponent, lang)
    x, width = rect.x + round(rect.h * 1.08), rect.w - round(rect.h * 1.25)
    bold = not fonts.missing(name, True)
    ink = fonts.render(fonts.fit(name, text, width, bold), text, theme.TEXT, bold)
    target.blit(ink, ink.get_rect(midleft=(x, rect.y + rect.h * 0.34)))
    detail, colour = say("ui.red_side" if color else "ui.black_side", lang=lang), theme.TEXT_DIM
    if not is_person and scene.status in ("loading", "failed"):
        detail, colour = (
            say(f"ui.{scene.status}", lang=lang),
            theme.DANGER if scene.status == "failed" else theme.ACCENT,
        )
    elif not is_person and table.is_opponents_turn:
        detail, colour = say("ui.thinking", lang=lang), theme.ACCENT
    elif table.is_over:
        detail = _result_word(table, color, detail, lang)
        colour = theme.ACCENT if table.winner == color else theme.TEXT_DIM
    ink = fonts.render(fonts.fit(detail, round(text * 0.86), width), round(text * 0.86), colour)
    target.blit(ink, ink.get_rect(midleft=(x, rect.y + rect.h * 0.69)))


def _result_word(table: Table, color: Color, side: str, lang: Language) -> str:
    points = "½" if table.winner is None else ("1" if table.winner == color else "0")
    return f"{side}  {points}"


def _draw_notice(target: pygame.Surface, scene: Scene, fonts: Fonts) -> None:
    rect, size = scene.layout.notice, scene.layout.text
    message, colour = spoken(scene)
    rows = fonts.wrap(message, size, rect.w - size // 2, 9)
    if len(rows) * round(1.36 * size) > rect.h:
        _draw_long_notice(target, scene, fonts, message, colour)
        return
    y = rect.centery - len(rows) * round(1.36 * size) // 2
    for row in rows:
        target.blit(fonts.render(row, size, colour), (rect.x + size // 4, y))
        y += round(1.36 * size)


def _draw_long_notice(target: pygame.Surface, scene: Scene, fonts: Fonts, message: str, colour: theme.Colour) -> None:
    """A notice of many lines: smaller, in a box that reaches up over what is above."""
    rect, text = scene.layout.notice, scene.layout.text
    size = max(8, round(0.86 * text))
    rows, step = fonts.wrap(message, size, rect.w - text, 12), round(1.32 * size)
    box = Rect(rect.x, 0, rect.w, len(rows) * step + text)
    box.bottom = rect.bottom
    radius = max(3, scene.layout.cell // 8)
    pygame.draw.rect(target, theme.SHADE, box, border_radius=radius)
    pygame.draw.rect(target, colour, box, max(1, text // 18), border_radius=radius)
    for index, row in enumerate(rows):
        target.blit(fonts.render(row, size, colour), (box.x + text // 2, box.y + text // 2 + index * step))


def spoken(scene: Scene) -> tuple[str, theme.Colour]:
    """What the panel says now, and in which colour."""
    table, lang = scene.table, scene.look.lang
    if table.notice is not None:
        return table.notice.text(lang), theme.DANGER if table.notice.error else theme.ACCENT
    if table.is_over:
        return result_text(table, lang), theme.ACCENT
    if scene.trouble is not None:
        return scene.trouble.text(lang), theme.DANGER
    if table.is_opponents_turn:
        if scene.status == "loading":
            code = "opponent_loading"
        else:
            code = "opponent_in_check" if table.board.is_check() else "opponent_thinking"
    elif not table.texts:
        color = say("rules.Red" if table.board.turn else "rules.Black", lang=lang)
        return say("ui.welcome", lang=lang, color=color), theme.TEXT
    else:
        code = "your_move_check" if table.board.is_check() else "your_move"
    return say(f"ui.{code}", lang=lang), theme.TEXT


# The move list


def move_rows(table: Table, look: Look) -> list[tuple[int, str, str]]:
    """The moves in rows: the move's number, Red's text, Black's text."""
    first = table.board.root()
    chinese = "traditional" if look.traditional else "simplified"
    texts = [getattr(text, chinese if look.lang == "zh" else "wxf") for text in table.texts]
    if first.turn == BLACK and texts:
        texts.insert(0, "…")
    number = first.fullmove_number
    return [
        (number + index // 2, texts[index], texts[index + 1] if index + 1 < len(texts) else "")
        for index in range(0, len(texts), 2)
    ]


def row_height(layout: Layout) -> int:
    """Pixels of a row of the move list."""
    return round(layout.text * 1.62)


def _list_area(layout: Layout) -> Rect:
    inset = layout.text // 2
    return layout.moves.inflate(-2 * inset, -2 * inset)


def rows_shown(layout: Layout) -> int:
    """How many rows of the move list fit."""
    return max(1, _list_area(layout).h // row_height(layout))


def _draw_moves(target: pygame.Surface, scene: Scene, fonts: Fonts) -> None:
    layout, lang, text = scene.layout, scene.look.lang, scene.layout.text
    pygame.draw.rect(target, theme.LIST, layout.moves, border_radius=max(3, layout.cell // 8))
    rows, shown, height = move_rows(scene.table, scene.look), rows_shown(layout), row_height(layout)
    area = _list_area(layout)
    if not rows:
        ink = fonts.render(say("ui.no_moves", lang=lang), text, theme.EDGE)
        target.blit(ink, ink.get_rect(center=layout.moves.center))
        return
    last = max(0, len(rows) - shown)
    first = last if scene.scroll is None else min(scene.scroll, last)
    columns = area.x, area.x + round(area.w * 0.16), area.x + round(area.w * 0.57)
    for place, (number, red, black) in enumerate(rows[first : first + shown]):
        y = area.y + place * height
        latest = first + place == len(rows) - 1
        size = round(text * 0.86)
        ink = fonts.render(f"{number}.", size, theme.TEXT_DIM)
        target.blit(ink, ink.get_rect(midleft=(columns[0], y + height // 2)))
        for column, move, is_last in (
            (columns[1], red, latest and not black),
            (columns[2], black, latest and bool(black)),
        ):
            if is_last:
                box = Rect(column - text // 3, y + 1, round(area.w * 0.4), height - 2)
                pygame.draw.rect(target, theme.BUTTON, box, border_radius=max(2, text // 5))
            colour = theme.ACCENT if is_last else theme.TEXT
            ink = fonts.render(fonts.fit(move, text, round(area.w * 0.4)), text, colour)
            target.blit(ink, ink.get_rect(midleft=(column, y + height // 2)))
    if last:
        _draw_scrollbar(target, layout, first / len(rows), shown / len(rows))


def _draw_scrollbar(target: pygame.Surface, layout: Layout, start: float, part: float) -> None:
    area, width = _list_area(layout), max(3, layout.text // 5)
    x = layout.moves.right - width - max(2, layout.text // 6)
    bar = Rect(x, area.y + round(start * area.h), width, max(width * 3, round(part * area.h)))
    pygame.draw.rect(target, theme.EDGE, bar, border_radius=width // 2)
