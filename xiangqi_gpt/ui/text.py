"""The font that ships, and text set with it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import pygame

from xiangqi_gpt.ui.theme import Colour

__all__ = ["Fonts"]

_FILES = {False: "XiangqiGPTKai-Regular.ttf", True: "XiangqiGPTKai-Bold.ttf"}


class Fonts:
    """Both weights of the font in every size, with the texts drawn lately kept.

    The bold weight holds the window's own words only; whatever comes from outside is set in regular.
    """

    def __init__(self) -> None:
        folder = files("xiangqi_gpt.data") / "font"
        self._bytes = {bold: (folder / name).read_bytes() for bold, name in _FILES.items()}
        self.font = lru_cache(maxsize=64)(self._font)
        self.render = lru_cache(maxsize=1024)(self._render)

    def _font(self, size: int, bold: bool = False) -> pygame.font.Font:
        return pygame.font.Font(BytesIO(self._bytes[bold]), max(6, size))

    def _render(self, text: str, size: int, colour: Colour, bold: bool = False) -> pygame.Surface:
        return self.font(size, bold).render(text, True, colour)

    def missing(self, text: str, bold: bool = False) -> str:
        """The characters of a text that the font has no glyph for."""
        metrics = self.font(16, bold).metrics(text)
        return "".join(char for char, metric in zip(text, metrics, strict=True) if metric is None)

    def fit(self, text: str, size: int, width: int, bold: bool = False) -> str:
        """The text, shortened with … where it is wider than ``width`` pixels."""
        font = self.font(size, bold)
        if font.size(text)[0] <= width:
            return text
        while text and font.size(text + "…")[0] > width:
            text = text[:-1]
        return text + "…"

    def wrap(self, text: str, size: int, width: int, lines: int) -> list[str]:
        """The text in at most ``lines`` lines: broken at spaces, and anywhere within Chinese or long words."""
        font, rows = self.font(size), [""]
        for word in _words(text):
            if font.size((rows[-1] + word).rstrip())[0] > width and rows[-1]:
                rows.append("")
            if word.isspace() and not rows[-1]:
                continue
            while font.size(word.rstrip())[0] > width and len(word) > 1:
                head = self._head(word, font, width)
                rows[-1:] = [head, ""]
                word = word[len(head) :]
            rows[-1] += word
        if len(rows) > lines:
            rows = [*rows[: lines - 1], self.fit(" ".join(rows[lines - 1 :]), size, width)]
        return [row.rstrip() for row in rows]

    @staticmethod
    def _head(word: str, font: pygame.font.Font, width: int) -> str:
        count = len(word)
        while count > 1 and font.size(word[:count])[0] > width:
            count -= 1
        return word[:count]


# What must not begin a line.
_CLOSING = "，。；：！？、）”’,.;:!?)"


def _words(text: str) -> list[str]:
    """The pieces that a line may not be broken within."""
    words = [""]
    for char in text:
        wide = char >= "\u2e80"
        if char in _CLOSING and words[-1]:
            words[-1] += char
        elif wide or char == " " or (words[-1] and (words[-1][-1] == " " or words[-1][-1] >= "\u2e80")):
            words.append(char)
        else:
            words[-1] += char
    return [word for word in words if word]
