"""Wood, made of numbers: streaks along the grain, bent by slow noise."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pygame
from numpy.typing import NDArray

from xiangqi_gpt.ui.theme import Colour

__all__ = ["Floats", "surface_of", "wood"]

Floats: TypeAlias = NDArray[np.float64]


def _stretched(grid: Floats, height: int, width: int) -> Floats:
    """A small grid of numbers blown up smoothly to ``height`` x ``width``."""
    rows, columns = grid.shape
    across = np.linspace(0, columns - 1, width)
    wide = np.stack([np.interp(across, np.arange(columns), row) for row in grid])
    down = np.linspace(0, rows - 1, height)
    low = np.minimum(down.astype(int), rows - 2)
    part = (down - low)[:, None]
    tall: Floats = wide[low] * (1 - part) + wide[low + 1] * part
    return tall


def wood(size: tuple[int, int], light: Colour, dark: Colour, seed: int) -> Floats:
    """A wooden plank with upright grain, float64[height, width, 3] in 0..255; the same seed, the same plank."""
    width, height = size
    random = np.random.default_rng(seed)
    # The rings of the tree cut lengthwise: streaks of several widths, pushed sideways here and there.
    rings = sum(
        strength * np.interp(np.linspace(0, count - 1, 4096), np.arange(count), random.random(count))
        for count, strength in ((9, 0.35), (40, 0.30), (160, 0.20), (500, 0.15))
    )
    push = (
        _stretched(random.random((5, 4)), height, width) * 500 + _stretched(random.random((14, 6)), height, width) * 60
    )
    along = np.linspace(400, 3000, width)[None, :] + push
    grain = np.interp(along.ravel(), np.arange(4096), rings).reshape(height, width)
    fibre = _stretched(random.random((max(2, height // 24), max(2, width // 2))), height, width)
    tone = np.clip(0.85 * (grain - 0.22) / 0.56 + 0.15 * fibre, 0, 1)[..., None]
    plank: Floats = np.asarray(dark) * (1 - tone) + np.asarray(light) * tone
    return plank


def surface_of(colours: NDArray[Any], alpha: NDArray[Any] | None = None) -> pygame.Surface:
    """A surface of an array [height, width, 3] in 0..255, with opacity [height, width] in 0..1 or none."""
    height, width = colours.shape[:2]
    if alpha is None:
        rgb = np.clip(colours, 0, 255).astype(np.uint8)
        return pygame.image.frombuffer(rgb.tobytes(), (width, height), "RGB")
    rgba = np.dstack([np.clip(colours, 0, 255), np.clip(alpha, 0, 1) * 255]).astype(np.uint8)
    return pygame.image.frombuffer(rgba.tobytes(), (width, height), "RGBA")
