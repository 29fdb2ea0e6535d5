"""What is drawn on the board to help: targets, last move, check, the picked piece."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame

from xiangqi_gpt.ui.theme import JADE, MARK, Colour
from xiangqi_gpt.ui.wood import Floats, surface_of

__all__ = ["MarkArt"]

_FINE = 4
_CHECK: Colour = (224, 30, 20)
_GLOW: Colour = (255, 243, 168)


class MarkArt:
    """Pictures of marks for cells of any size, made when first asked for and kept."""

    def __init__(self) -> None:
        self._picture = lru_cache(maxsize=64)(_picture)

    def dot(self, target: pygame.Surface, middle: tuple[int, int], cell: int, near: bool) -> None:
        """A free square that the picked piece may go to; larger when the pointer is near."""
        self._draw(target, "dot_near" if near else "dot", middle, cell)

    def ring(self, target: pygame.Surface, middle: tuple[int, int], cell: int, near: bool) -> None:
        """A piece that may be taken."""
        self._draw(target, "ring_near" if near else "ring", middle, cell)

    def picked(self, target: pygame.Surface, middle: tuple[int, int], cell: int) -> None:
        """Light around the piece that is picked."""
        self._draw(target, "picked", middle, cell)

    def hover(self, target: pygame.Surface, middle: tuple[int, int], cell: int) -> None:
        """Faint light around a piece that may be picked."""
        self._draw(target, "hover", middle, cell)

    def check(self, target: pygame.Surface, middle: tuple[int, int], cell: int) -> None:
        """A red glow below a general in check."""
        self._draw(target, "check", middle, cell)

    def origin(self, target: pygame.Surface, middle: tuple[int, int], cell: int) -> None:
        """Where the last move came from."""
        self._draw(target, "origin", middle, cell)

    def arrival(self, target: pygame.Surface, middle: tuple[int, int], cell: int) -> None:
        """Where the last move went."""
        self._draw(target, "arrival", middle, cell)

    def _draw(self, target: pygame.Surface, kind: str, middle: tuple[int, int], cell: int) -> None:
        picture = self._picture(kind, cell)
        target.blit(picture, picture.get_rect(center=middle))


def _picture(kind: str, cell: int) -> pygame.Surface:
    """A mark of a kind: opacity as a function of place, in cells from the middle."""
    side = round(1.6 * cell) | 1
    n = side * _FINE
    line = ((np.arange(n) + 0.5) / n - 0.5) * side / cell
    x, y = np.meshgrid(line, line)
    r = np.hypot(x, y)
    edge = 1 / (cell * _FINE)
    colour, alpha = _shape(kind, x, y, r, edge)
    picture = surface_of(np.full((n, n, 3), colour, float), alpha)
    return pygame.transform.smoothscale(picture, (side, side))


def _disc(r: Floats, radius: float, edge: float) -> Floats:
    inside: Floats = np.clip((radius - r) / edge + 0.5, 0, 1)
    return inside


def _shape(kind: str, x: Floats, y: Floats, r: Floats, edge: float) -> tuple[Colour, Floats]:
    match kind:
        case "dot" | "dot_near":
            near = kind == "dot_near"
            return JADE, (0.92 if near else 0.74) * _disc(r, 0.19 if near else 0.135, edge)
        case "ring" | "ring_near":
            near = kind == "ring_near"
            ring = _disc(r, 0.535 if near else 0.52, edge) - _disc(r, 0.46, edge)
            return JADE, (1.0 if near else 0.82) * ring
        case "picked":
            return _GLOW, np.clip(1.0 - np.clip(r - 0.44, 0, None) / 0.2, 0, 1) ** 1.2
        case "hover":
            return (255, 240, 200), 0.7 * np.clip(1.0 - np.abs(r - 0.45) / 0.11, 0, 1)
        case "check":
            return _CHECK, 0.95 * np.clip((0.72 - r) / 0.3, 0, 1) ** 1.4
        case _:
            return MARK, _brackets(x, y, edge, kind == "arrival")


def _brackets(x: Floats, y: Floats, edge: float, wide: bool) -> Floats:
    """The four corners of a box around the square."""
    half, arm, weight = (0.475, 0.18, 0.06) if wide else (0.3, 0.14, 0.055)
    u, v = np.abs(x), np.abs(y)
    longer, shorter = np.maximum(u, v), np.minimum(u, v)
    stroke = np.clip((weight / 2 - np.abs(longer - half)) / edge + 0.5, 0, 1)
    within = np.clip((shorter - (half - arm)) / edge + 0.5, 0, 1) * np.clip(
        (half + weight / 2 - shorter) / edge + 0.5, 0, 1
    )
    corners: Floats = 0.9 * stroke * within
    return corners
