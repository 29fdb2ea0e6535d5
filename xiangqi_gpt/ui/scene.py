"""All that one picture of the window shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from xiangqi_gpt.messages import Language, XiangqiError
from xiangqi_gpt.rules.pieces import Color
from xiangqi_gpt.ui.animation import Motion
from xiangqi_gpt.ui.layout import Layout, Point
from xiangqi_gpt.ui.state import Table

__all__ = ["Dialog", "Look", "OpponentStatus", "Scene", "SideChoice"]

OpponentStatus: TypeAlias = Literal["loading", "ready", "thinking", "failed"]
SideChoice: TypeAlias = Literal["red", "black", "random"]


@dataclass(frozen=True, slots=True)
class Look:
    """How the person likes the window.

    Attributes:
        lang: the language of texts and of the move list.
        traditional: traditional characters on the pieces, else simplified ones.
        flipped: whether Black sits at the bottom.
    """

    lang: Language
    traditional: bool = True
    flipped: bool = False


@dataclass(frozen=True, slots=True)
class Dialog:
    """What has been chosen in the dialog of a new game.

    Attributes:
        side: the person's side.
        opponent: the spec of the opponent, one of ``opponents``.
        temperature: how freely a model plays, one of ``temperatures``.
        opponents: the specs offered.
        temperatures: the temperatures offered.
    """

    side: SideChoice
    opponent: str
    temperature: float
    opponents: tuple[str, ...]
    temperatures: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture of the window.

    Attributes:
        table: the game.
        look: the person's preferences.
        layout: where things stand.
        opponent: the opponent's spec or name.
        status: what the opponent is doing.
        trouble: why the opponent cannot play, or None.
        pointer: where the pointer is, or None.
        motion: the pieces that are moving.
        scroll: the first row of the move list that is shown, or None to show the end.
        dialog: the dialog that is open, or None.
        announced: whether the banner with the result is shown.
        now: the time in seconds, for what moves.
    """

    table: Table
    look: Look
    layout: Layout
    opponent: str
    status: OpponentStatus = "ready"
    trouble: XiangqiError | None = None
    pointer: Point | None = None
    motion: Motion = field(default_factory=Motion)
    scroll: int | None = None
    dialog: Dialog | None = None
    announced: bool = False
    now: float = 0.0

    def top_side(self) -> Color:
        """The colour that sits at the top."""
        return self.look.flipped
