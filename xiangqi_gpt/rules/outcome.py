"""How a game ends: rule sets, terminations, outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from xiangqi_gpt.messages import Language, say
from xiangqi_gpt.rules.pieces import Color

__all__ = ["SIMPLE", "Outcome", "RuleSet", "Termination"]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What ends a game beside mate and stalemate.

    Attributes:
        name: the name by which the command line and records call it.
        repetitions: how often a position must occur before the repetition is judged.
        natural_move_limit: full moves without a capture after which the game is drawn.
    """

    name: str
    repetitions: int = 3
    natural_move_limit: int = 60


SIMPLE = RuleSet("simple")
"""Perpetual check loses, every other three-fold repetition draws: what most engines and sites play."""


class Termination(Enum):
    """Why a game ended."""

    CHECKMATE = "checkmate"
    STALEMATE = "stalemate"
    INSUFFICIENT_MATERIAL = "insufficient_material"
    NATURAL_MOVE_LIMIT = "natural_move_limit"
    REPETITION = "repetition"
    PERPETUAL_CHECK = "perpetual_check"


@dataclass(frozen=True)
class Outcome:
    """The end of a game.

    Attributes:
        termination: the rule that ended it.
        winner: RED, BLACK, or None for a draw.
        code: the message that tells it, with ``fields``.
    """

    termination: Termination
    winner: Color | None
    code: str
    fields: tuple[tuple[str, Any], ...] = ()

    def result(self) -> str:
        """``1-0`` (Red wins), ``0-1`` or ``1/2-1/2``."""
        return "1/2-1/2" if self.winner is None else ("1-0" if self.winner else "0-1")

    @property
    def reason(self) -> str:
        """A sentence in the user's language."""
        return self.text()

    def text(self, lang: Language | None = None) -> str:
        """The sentence in ``lang``, or in the user's language."""
        fields = dict(self.fields)
        if self.winner is not None:
            fields["winner"] = say("rules.Red" if self.winner else "rules.Black", lang=lang)
            fields["loser"] = say("rules.Black" if self.winner else "rules.Red", lang=lang)
        return say(self.code, lang=lang, **fields)
