"""Text to and from the system's clipboard."""

from __future__ import annotations

import pygame

from xiangqi_gpt.messages import XiangqiError

__all__ = ["ClipboardError", "get", "put"]


class ClipboardError(XiangqiError, OSError):
    """There is no clipboard, or no text in it."""


def put(text: str) -> None:
    """Put a text into the clipboard.

    Raises:
        ClipboardError: the clipboard cannot be used.
    """
    try:
        pygame.scrap.put_text(text)
    except pygame.error as error:
        raise ClipboardError("ui.clipboard_failed", reason=error) from error


def get() -> str:
    """The text in the clipboard.

    Raises:
        ClipboardError: the clipboard cannot be used, or holds no text.
    """
    try:
        text = pygame.scrap.get_text() if pygame.scrap.has_text() else ""
    except pygame.error as error:
        raise ClipboardError("ui.clipboard_failed", reason=error) from error
    if not text.strip():
        raise ClipboardError("ui.clipboard_empty")
    return text.strip()
