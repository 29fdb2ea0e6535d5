"""``xiangqi-gpt play``: play against the model in a window."""

from __future__ import annotations

import math
import os
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from xiangqi_gpt.cli.threads import set_threads
from xiangqi_gpt.messages import Language, XiangqiError, language

__all__ = ["PlaySettingError", "Settings", "run"]

_LEAST, _MOST = 400, 8192  # pixels of a window's side


class PlaySettingError(XiangqiError, ValueError):
    """A setting that no window can be opened with."""


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt play``."""

    opponent: str = "gpt"
    """Whom to play against: gpt (the model that ships), gpt:DIR, an engine (uci:PROGRAM, ucci:PROGRAM), greedy or
    random."""
    side: Literal["red", "black", "random"] = "red"
    """Your side; Red begins."""
    fen: Annotated[str | None, tyro.conf.arg(name="fen")] = None
    """The position to begin from, the usual start when left out."""
    temperature: float = 0.3
    """How freely the model plays: 0 always plays the likeliest move, 1 as freely as the people it learnt from."""
    seed: int | None = None
    """Makes the opponent's moves, and the choice of a random side, reproducible."""
    lang: Language | None = None
    """The window's language, your own when left out."""
    size: str | None = None
    """The window's size in pixels, such as 1100x800."""
    simplified: bool = False
    """Simplified characters on the pieces."""
    sound: bool = True
    """Let the moves be heard."""
    screenshot: Path | None = None
    """Draw a picture of the window into this PNG file instead of opening it; needs no display."""


def _parse_size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text.strip())
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(_LEAST <= side <= _MOST for side in size):
        raise PlaySettingError("ui.size_invalid", text=text, least=_LEAST, most=_MOST)
    return size


def run(settings: Settings) -> int:
    """Open the window, or draw the picture; the exit status."""
    lang = settings.lang or language()
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # read when pygame is imported
    try:
        return _run(settings, lang)
    except XiangqiError as error:
        print(error.text(lang), file=sys.stderr)
        return 1


def _run(settings: Settings, lang: Language) -> int:
    size = _parse_size(settings.size) if settings.size else None
    if not 0 <= settings.temperature < math.inf:
        raise PlaySettingError("ui.temperature_negative", value=settings.temperature)
    if settings.seed is not None and settings.seed < 0:
        raise PlaySettingError("ui.seed_negative", value=settings.seed)
    from xiangqi_gpt.board import Board
    from xiangqi_gpt.players.spec import parse_spec
    from xiangqi_gpt.ui import window
    from xiangqi_gpt.ui.app import App, draw_side
    from xiangqi_gpt.ui.dialog import TEMPERATURES
    from xiangqi_gpt.ui.opponent import Opponent
    from xiangqi_gpt.ui.scene import Look
    from xiangqi_gpt.ui.state import new_table, set_up

    parse_spec(settings.opponent)
    chance = random.Random(settings.seed)
    person = draw_side(settings.side, chance)
    table = set_up(settings.fen, person) if settings.fen is not None else new_table(Board(), person)
    look = Look(lang, traditional=not settings.simplified, flipped=not person)
    if settings.screenshot is not None:
        shown = table if settings.fen is not None else window.sample_table(person)
        window.screenshot(settings.screenshot, shown, look, settings.opponent, size or (1100, 800))
        return 0
    set_threads()
    window.open_window(size, lang)
    sounds = window.open_sounds(lang) if settings.sound else None
    opponent = Opponent(window.player_opener(settings.seed), settings.opponent, settings.temperature)
    app = App(
        table,
        opponent,
        look,
        side=settings.side,
        offered=tuple(dict.fromkeys((settings.opponent, "gpt", "greedy", "random"))),
        temperatures=tuple(sorted({*TEMPERATURES, settings.temperature})),
        sounds=sounds,
        chance=chance,
    )
    try:
        app.run()
    finally:
        app.close()
    return 0
