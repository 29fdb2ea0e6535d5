"""The pieces: turned discs of light wood with a ring and a character cut in and inked."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
import pygame

from xiangqi_gpt.rules.pieces import Piece
from xiangqi_gpt.ui.text import Fonts
from xiangqi_gpt.ui.theme import FACE, INK_BLACK, INK_RED, RIM
from xiangqi_gpt.ui.wood import Floats, surface_of, wood

__all__ = ["PieceArt"]

_MASTER = 208  # the diameter in pixels at which pieces are computed, to be scaled from there
_MARGIN = 1.14  # the picture's side in diameters: room for the disc's thickness
_THICK = 0.075  # how far the lower rim shows, in radii
# Where the light comes from (right, down, towards the eye).
_LIGHT = np.array([-0.42, -0.55, 0.72])


class PieceArt:
    """Pictures of pieces in any size, made when first asked for and kept."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self.piece = lru_cache(maxsize=96)(self._piece)
        self.shadow = lru_cache(maxsize=8)(self._shadow)
        self._master = lru_cache(maxsize=28)(self._make_master)

    def draw(
        self,
        target: pygame.Surface,
        code: int,
        middle: tuple[float, float],
        diameter: int,
        traditional: bool,
        *,
        lift: float = 0.0,
        alpha: int = 255,
    ) -> None:
        """Draw a piece; ``lift`` (0..1) raises it off the board, which sets its shadow apart."""
        size = round(diameter * (1 + 0.09 * lift))
        x, y = round(middle[0]), round(middle[1] - 0.05 * lift * diameter)
        if alpha == 255:
            shadow = self.shadow(size)
            drop = diameter * (0.055 + 0.11 * lift)
            target.blit(
                shadow, shadow.get_rect(center=(round(x + 0.5 * drop), round(y + drop + 0.05 * lift * diameter)))
            )
        picture = self.piece(code, size, traditional)
        if alpha != 255:
            picture = picture.copy()
            picture.set_alpha(alpha)
        target.blit(picture, picture.get_rect(center=(x, y)))

    def _shadow(self, diameter: int) -> pygame.Surface:
        side = round(diameter * 1.5)
        radius = _radii(side)[2] * side / diameter
        fade = np.clip((1.24 - radius) / 0.42, 0, 1)
        return surface_of(np.full((side, side, 3), (36.0, 16.0, 4.0)), 0.58 * fade * fade * (3 - 2 * fade))

    def _piece(self, code: int, diameter: int, traditional: bool) -> pygame.Surface:
        side = round(diameter * _MARGIN)
        return pygame.transform.smoothscale(self._master(code, traditional), (side, side))

    def _make_master(self, code: int, traditional: bool) -> pygame.Surface:
        piece = Piece.from_code(code)
        n = round(_MASTER * _MARGIN)
        edge = 2 / _MASTER  # one pixel, in radii of the disc
        x, y, _ = _radii(n)
        x, y = x * _MARGIN, y * _MARGIN + _THICK / 2  # in radii of the disc, which sits a little high
        r = np.hypot(x, y)
        glyph = self._glyph(piece.hanzi(traditional=traditional), n)
        ring = np.clip((0.026 - np.abs(r - 0.82)) / edge + 0.5, 0, 1)
        ink = np.maximum(glyph, ring)
        light = _lit(_relief(r) - 0.05 * _blurred(ink, 2), edge)
        # The same plank, turned four ways.
        plank = self._plank[:: 1 if code & 1 else -1, :: 1 if code & 2 else -1][:n, :n]
        face = plank * (1.03 - 0.1 * np.clip(r, 0, 1) ** 2)[..., None]
        colour = np.asarray(INK_RED if piece.color else INK_BLACK, float)
        face = (face * (1 - ink[..., None]) + colour * ink[..., None]) * light[..., None]
        # The side of the disc, seen below the face.
        wall = np.asarray(RIM, float) * np.clip(0.95 - 0.35 * x - 0.2 * (y - 0.6), 0.4, 1.2)[..., None]
        top = np.clip((1 - r) / edge + 0.5, 0, 1)
        body = np.clip((1 - np.hypot(x, y - _THICK)) / edge + 0.5, 0, 1)
        return surface_of(face * top[..., None] + wall * (1 - top[..., None]), np.maximum(top, body))

    @cached_property
    def _plank(self) -> Floats:
        return wood((2 * _MASTER, 2 * _MASTER), FACE, (226, 192, 138), seed=3)

    def _glyph(self, hanzi: str, n: int) -> Floats:
        """Where the character is, 0..1 in [n, n], its ink centred on the disc's face."""
        ink = self._fonts.font(round(0.65 * _MASTER), True).render(hanzi, True, (255, 255, 255))
        box = ink.get_bounding_rect()
        canvas = pygame.Surface((n, n), pygame.SRCALPHA)
        up = _THICK / 4 * _MASTER
        canvas.blit(ink, (round(n / 2 - box.centerx), round(n / 2 - up - box.centery)))
        glyph: Floats = pygame.surfarray.array_alpha(canvas).T / 255.0
        return glyph


def _radii(n: int) -> tuple[Floats, Floats, Floats]:
    """x, y and distance of each pixel of [n, n] from the middle; 1 is half the side."""
    line = (np.arange(n) + 0.5) / n * 2 - 1
    x, y = np.meshgrid(line, line)
    return x, y, np.hypot(x, y)


def _relief(r: Floats) -> Floats:
    """The height of the turned disc at a distance from its middle: flat, with a rounded edge."""
    slope = np.clip((r - 0.86) / 0.14, 0, 1)
    height: Floats = -0.085 * (1 - np.sqrt(np.clip(1 - slope**2, 0, 1)))
    return height


def _blurred(mask: Floats, radius: int) -> Floats:
    """A mask with soft edges, so that what is cut in has slanting walls."""
    for axis in (0, 1):  # nothing is cut in near the picture's edges, so rolling is harmless
        mask = np.mean([np.roll(mask, shift, axis) for shift in range(-radius, radius + 1)], axis=0)
    return mask


def _lit(height: Floats, edge: float) -> Floats:
    """The brightness of a surface of a height, 1 where it is flat."""
    down, right = np.gradient(height, edge)
    normal = np.dstack([-right, -down, np.ones_like(height)])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    direct = np.clip(normal @ (_LIGHT / np.linalg.norm(_LIGHT)), 0, None) / (_LIGHT[2] / np.linalg.norm(_LIGHT))
    light: Floats = 0.42 + 0.58 * np.clip(direct, 0, 1.55)
    return light
