"""Draws a scene: the board with its pieces and marks; the panel and dialogs are drawn by their own files."""

from __future__ import annotations

import pygame

from xiangqi_gpt.rules.squares import Square
from xiangqi_gpt.ui import theme
from xiangqi_gpt.ui.animation import placement
from xiangqi_gpt.ui.dialog import draw_banner, draw_dialog
from xiangqi_gpt.ui.draw_board import BoardArt
from xiangqi_gpt.ui.layout import Layout, Point
from xiangqi_gpt.ui.marks import MarkArt
from xiangqi_gpt.ui.panel import draw_panel
from xiangqi_gpt.ui.pieces import PieceArt
from xiangqi_gpt.ui.scene import Scene
from xiangqi_gpt.ui.text import Fonts

__all__ = ["Painter"]

_PIECE = 0.9  # diameter in cells


class Painter:
    """Draws scenes; keeps the pictures of board, pieces, marks and texts between them."""

    def __init__(self) -> None:
        self.fonts = Fonts()
        self._board = BoardArt(self.fonts)
        self._pieces = PieceArt(self.fonts)
        self._marks = MarkArt()
        self._ground: pygame.Surface | None = None
        self._ground_of: tuple[Layout, bool] | None = None

    def draw(self, target: pygame.Surface, scene: Scene) -> None:
        """Draw the whole window."""
        target.blit(self._background(scene), (0, 0))
        self._draw_marks(target, scene)
        self._draw_pieces(target, scene)
        draw_panel(target, scene, self.fonts, self._pieces)
        if scene.announced:
            draw_banner(target, scene, self.fonts)
        if scene.dialog is not None:
            draw_dialog(target, scene, self.fonts)

    def _background(self, scene: Scene) -> pygame.Surface:
        key = (scene.layout, scene.look.traditional)
        if self._ground is None or self._ground_of != key:
            self._ground = pygame.Surface(scene.layout.size)
            self._ground.fill(theme.BACKDROP)
            self._board.draw(self._ground, scene.layout, scene.look.traditional)
            self._ground_of = key
        return self._ground

    def _draw_marks(self, target: pygame.Surface, scene: Scene) -> None:
        table, layout = scene.table, scene.layout
        if table.board.move_stack:
            last = table.board.peek()
            self._marks.origin(target, layout.point(last.from_square), layout.cell)
            self._marks.arrival(target, layout.point(last.to_square), layout.cell)
        if table.board.is_check():
            self._marks.check(target, layout.point(table.board.general(table.board.turn)), layout.cell)

    def _draw_pieces(self, target: pygame.Surface, scene: Scene) -> None:
        table, layout, motion = scene.table, scene.layout, scene.motion
        size = round(_PIECE * layout.cell)
        moving = {slide.target: slide for slide in motion.slides} if motion.is_running(scene.now) else {}
        done = motion.done(scene.now)
        hover = None if scene.pointer is None or scene.dialog else layout.square_at(scene.pointer)
        if moving or motion.is_running(scene.now):
            for sq, code in motion.fades:
                self._draw_piece(target, scene, code, layout.point(sq), alpha=round(255 * (1 - done)))
        for sq, code in enumerate(placement(table.board)):
            if not code or sq in moving or (sq == table.selected and table.held):
                continue
            if sq == table.selected:
                self._marks.picked(target, layout.point(sq), layout.cell)
            elif sq == hover and self._may_pick(scene, sq):
                self._marks.hover(target, layout.point(sq), layout.cell)
            self._draw_piece(target, scene, code, layout.point(sq), lift=0.6 if sq == table.selected else 0.0)
        for slide in moving.values():
            (ax, ay), (bx, by) = layout.point(slide.origin), layout.point(slide.target)
            middle = ax + (bx - ax) * done, ay + (by - ay) * done
            self._draw_piece(target, scene, slide.code, middle, lift=0.5 * (1 - done))
        self._draw_targets(target, scene, hover)
        if table.held and table.selected is not None:
            code = int(table.board.state[table.selected])
            home = layout.point(table.selected)
            self._marks.picked(target, home, layout.cell)
            self._pieces.draw(target, code, home, size, scene.look.traditional, alpha=90)
            self._draw_piece(target, scene, code, self._held_at(scene, home), lift=1.0)

    def _draw_piece(
        self,
        target: pygame.Surface,
        scene: Scene,
        code: int,
        middle: tuple[float, float],
        lift: float = 0.0,
        alpha: int = 255,
    ) -> None:
        size = round(_PIECE * scene.layout.cell)
        self._pieces.draw(target, code, middle, size, scene.look.traditional, lift=lift, alpha=alpha)

    def _draw_targets(self, target: pygame.Surface, scene: Scene, hover: Square | None) -> None:
        table, layout = scene.table, scene.layout
        for sq in table.targets:
            mark = self._marks.ring if table.board.piece_at(sq) else self._marks.dot
            mark(target, layout.point(sq), layout.cell, sq == hover)

    @staticmethod
    def _held_at(scene: Scene, home: Point) -> Point:
        return scene.pointer or home

    @staticmethod
    def _may_pick(scene: Scene, sq: Square) -> bool:
        piece = scene.table.board.piece_at(sq)
        return scene.table.is_persons_turn and piece is not None and piece.color == scene.table.person
