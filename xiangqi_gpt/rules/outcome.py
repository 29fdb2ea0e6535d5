"""How a game ends: rule sets, terminations, outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from xiangqi_gpt.messages import Language, XiangqiError, language, say
from xiangqi_gpt.rules.pieces import PIECE_NAMES, Color, Piece

__all__ = ["AXF", "RULE_SETS", "SIMPLE", "Outcome", "RuleSet", "Termination", "UnknownRuleSetError", "rule_set"]


class UnknownRuleSetError(XiangqiError, ValueError):
    """No rule set has that name."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What ends a game beside mate, stalemate and bare sides.

    Attributes:
        name: the name by which the command line and records call it.
        repetitions: how often a position must occur before the repetition is judged.
        natural_move_limit: full moves without a capture after which the game is drawn.
        counted_checks: how many checks a side may count among its moves toward that limit; None: all.
        chases: whether a perpetual chase loses; a perpetual check always does.
    """

    name: str
    repetitions: int = 3
    natural_move_limit: int = 60
    counted_checks: int | None = None
    chases: bool = False


AXF = RuleSet("axf", counted_checks=10, chases=True)
"""The Asian and World federations' rules: perpetual check and perpetual chase lose."""

SIMPLE = RuleSet("simple")
"""Perpetual check loses, every other three-fold repetition draws: what many engines and sites play."""

RULE_SETS = {rules.name: rules for rules in (AXF, SIMPLE)}


def rule_set(name: str) -> RuleSet:
    """The rule set of a name, such as ``axf``.

    Raises:
        UnknownRuleSetError: there is none of that name.
    """
    try:
        return RULE_SETS[name]
    except KeyError:
        raise UnknownRuleSetError("rules.rule_set_unknown", name=name, names=", ".join(RULE_SETS)) from None


class Termination(Enum):
    """Why a game ended."""

    CHECKMATE = "checkmate"
    STALEMATE = "stalemate"
    INSUFFICIENT_MATERIAL = "insufficient_material"
    NATURAL_MOVE_LIMIT = "natural_move_limit"
    REPETITION = "repetition"
    PERPETUAL_CHECK = "perpetual_check"
    PERPETUAL_CHASE = "perpetual_chase"


def _piece_names(pieces: tuple[Piece, ...], lang: Language) -> str:
    """A list of one side's pieces in words, equal ones together: "two rooks and a cannon" """
    names = []
    for piece in dict.fromkeys(pieces):
        pair = pieces.count(piece) > 1
        if lang == "zh":
            names.append(("双" if pair else "") + piece.hanzi())
        else:
            name = say(f"rules.{PIECE_NAMES[piece.piece_type]}", lang=lang)
            names.append(f"two {name}s" if pair else name)
    if lang == "zh":
        return "、".join(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


@dataclass(frozen=True)
class Outcome:
    """The end of a game.

    Attributes:
        termination: the rule that ended it.
        winner: RED, BLACK, or None for a draw.
        code: the message that tells it, with ``fields`` (pieces as :class:`Piece` or tuples of them).
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
        lang = lang or language()
        fields = dict(self.fields)
        for name, value in fields.items():
            if isinstance(value, Piece):
                fields[name] = _piece_names((value,), lang)
            elif isinstance(value, tuple):
                fields[name] = _piece_names(value, lang)
        if self.winner is not None:
            fields["winner"] = say("rules.Red" if self.winner else "rules.Black", lang=lang)
            fields["loser"] = say("rules.Black" if self.winner else "rules.Red", lang=lang)
        return say(self.code, lang=lang, **fields)
