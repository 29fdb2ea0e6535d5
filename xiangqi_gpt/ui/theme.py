"""The colours of the window."""

from __future__ import annotations

from typing import TypeAlias

__all__ = [
    "ACCENT",
    "BACKDROP",
    "BUTTON",
    "BUTTON_HOVER",
    "CARD",
    "DANGER",
    "EDGE",
    "FACE",
    "INK_BLACK",
    "INK_RED",
    "JADE",
    "LINE",
    "LINE_LIGHT",
    "LIST",
    "MARK",
    "RIM",
    "SHADE",
    "TEXT",
    "TEXT_DIM",
    "WOOD_DARK",
    "WOOD_FRAME_DARK",
    "WOOD_FRAME_LIGHT",
    "WOOD_LIGHT",
    "Colour",
]

Colour: TypeAlias = tuple[int, int, int]

# The room and the panel: ink green, cream, brass.
BACKDROP: Colour = (29, 37, 35)
SHADE: Colour = (18, 24, 23)
CARD: Colour = (41, 52, 49)
LIST: Colour = (34, 43, 41)
EDGE: Colour = (62, 76, 71)
BUTTON: Colour = (52, 66, 62)
BUTTON_HOVER: Colour = (68, 86, 80)
TEXT: Colour = (236, 226, 205)
TEXT_DIM: Colour = (151, 161, 150)
ACCENT: Colour = (222, 172, 86)
DANGER: Colour = (240, 132, 110)

# The board: a field of light wood in a frame of dark.
WOOD_LIGHT: Colour = (236, 200, 140)
WOOD_DARK: Colour = (206, 158, 96)
WOOD_FRAME_LIGHT: Colour = (128, 78, 44)
WOOD_FRAME_DARK: Colour = (84, 48, 27)
LINE: Colour = (84, 50, 24)
LINE_LIGHT: Colour = (250, 224, 172)

# The pieces.
FACE: Colour = (249, 229, 186)
RIM: Colour = (150, 98, 52)
INK_RED: Colour = (178, 28, 22)
INK_BLACK: Colour = (30, 27, 26)

# What is drawn on the board to help.
JADE: Colour = (16, 108, 84)
MARK: Colour = (18, 92, 118)
