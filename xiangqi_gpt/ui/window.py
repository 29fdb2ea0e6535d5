"""Opens the window and plays in it, or draws a picture of it without a display."""

from __future__ import annotations

import os
import sys
from functools import partial
from io import BytesIO
from pathlib import Path

import pygame

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.messages import Language, XiangqiError, say
from xiangqi_gpt.players.remote import RemotePlayer
from xiangqi_gpt.players.spec import open_player
from xiangqi_gpt.rules.pieces import BLACK, RED, Color
from xiangqi_gpt.rules.squares import parse_square
from xiangqi_gpt.ui.layout import make_layout
from xiangqi_gpt.ui.opponent import OpenPlayer
from xiangqi_gpt.ui.pieces import PieceArt
from xiangqi_gpt.ui.scene import Look, Scene
from xiangqi_gpt.ui.sound import Sounds
from xiangqi_gpt.ui.state import Table, new_table, play, press, release
from xiangqi_gpt.ui.text import Fonts
from xiangqi_gpt.ui.view import Painter

__all__ = [
    "NoDisplayError",
    "ScreenshotError",
    "open_sounds",
    "open_window",
    "player_opener",
    "sample_table",
    "screenshot",
]

# A well-known opening for the picture, the central cannon with a rook over the river against the screen
# horses, and a piece to pick afterwards; for Black it stops a ply earlier.
_SAMPLE = "h2e2 h9g7 h0g2 i9h9 i0h0 b9c7 c3c4 g6g5 h0h6 h7i7 h6g6 i7i8 b0c2 d9e8 b2a2 i8g8 g6f6 g7h5"
_SAMPLE_PICK = {RED: "e2", BLACK: "g8"}


class NoDisplayError(XiangqiError, OSError):
    """No window can be opened."""


class ScreenshotError(XiangqiError, OSError):
    """The picture cannot be written."""


def open_window(size: tuple[int, int] | None, lang: Language) -> None:
    """Open the window of a size in pixels, by default one that fits the screen well.

    Raises:
        NoDisplayError: there is no display.
    """
    if sys.platform.startswith("linux") and not any(
        map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"))
    ):
        raise NoDisplayError("ui.no_display", reason=say("ui.no_display_variable", lang=lang))
    try:
        pygame.display.init()
        # Where SDL finds no screen, it takes a driver that shows nothing.
        if pygame.display.get_driver() in ("offscreen", "dummy") and not os.environ.get("SDL_VIDEODRIVER"):
            raise pygame.error(f"SDL: {pygame.display.get_driver()}")
        pygame.display.set_caption(say("ui.title", lang=lang))
        pygame.font.init()
        pygame.display.set_icon(PieceArt(Fonts()).piece(15, 56, True))
        pygame.display.set_mode(size or _fitting_size(), pygame.RESIZABLE)
    except pygame.error as error:
        raise NoDisplayError("ui.no_display", reason=error) from error


def _fitting_size() -> tuple[int, int]:
    """Most of the screen's height, in the shape of board and panel."""
    width, height = pygame.display.get_desktop_sizes()[0]
    side = min(0.84 * height, 0.9 * width / 1.34)
    return round(1.34 * side), round(side)


def open_sounds(lang: Language) -> Sounds | None:
    """The sounds, or None and one sentence on standard error when there is no audio device."""
    try:
        return Sounds()
    except pygame.error as error:
        print(say("ui.no_sound", lang=lang, reason=error), file=sys.stderr)
        return None


def player_opener(seed: int | None) -> OpenPlayer:
    """Starts players in processes of their own, with the command line's seed."""

    def open_remote(spec: str, temperature: float) -> RemotePlayer:
        return RemotePlayer(partial(open_player, spec, seed=seed, temperature=temperature), spec)

    return open_remote


# Screenshots


def sample_table(person: Color) -> Table:
    """A game some moves old, the person to move with a piece picked: for the picture."""
    table = new_table(Board(), person)
    for text in _SAMPLE.split()[: None if person == RED else -1]:
        table = play(table, Move.from_uci(text))
    sq = parse_square(_SAMPLE_PICK[person])
    return release(press(table, sq), sq)


def screenshot(path: Path, table: Table, look: Look, opponent: str, size: tuple[int, int]) -> None:
    """Write a picture of the window as PNG; needs neither display nor opponent.

    Raises:
        ScreenshotError: the file cannot be written.
    """
    if path.suffix.lower() != ".png":
        raise ScreenshotError("ui.screenshot_suffix", path=path)
    pygame.font.init()
    surface = pygame.Surface(size)
    Painter().draw(surface, Scene(table, look, make_layout(size, look.flipped), opponent))
    png = BytesIO()
    pygame.image.save(surface, png, "screenshot.png")
    try:
        path.write_bytes(png.getvalue())
    except OSError as error:
        raise ScreenshotError("ui.screenshot_unwritable", path=path, reason=error.strerror) from error
