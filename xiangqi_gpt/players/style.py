"""How a model is asked to play: ``gpt?strength=1500``, ``gpt:DIR?result=win&kind=tournament``.

A model that was trained with conditions can be told of the game that it is in the middle of: who plays,
how strong, and how it will end. It then plays what fits: likely moves of a player of 1500, or those of
games that their player won.
"""

from __future__ import annotations

from dataclasses import dataclass

from xiangqi_gpt.encoding.conditions import KINDS, TITLES, Conditions
from xiangqi_gpt.players.spec import PlayerSpecError
from xiangqi_gpt.rules.pieces import RED, Color

__all__ = ["NO_STYLE", "Style"]

_RESULTS = {"win": 1, "draw": 0, "loss": -1}
_HIGHEST_RATING = 4000


@dataclass(frozen=True, slots=True)
class Style:
    """What a model is told when it plays one side.

    Attributes:
        result: how the game ends for it: 1, 0, -1; None: not told.
        rating: its rating, 0: not told.
        title: its title, an index into :data:`~xiangqi_gpt.encoding.conditions.TITLES`; goes before a rating.
        enemy_rating: the opponent's.
        enemy_title: the opponent's.
        kind: the kind of game, an index into :data:`~xiangqi_gpt.encoding.conditions.KINDS`.
    """

    result: int | None = None
    rating: int = 0
    title: int = 0
    enemy_rating: int = 0
    enemy_title: int = 0
    kind: int = 0

    @classmethod
    def parse(cls, text: str) -> Style:
        """The style of settings joined by ``&``: ``strength``, ``opponent`` (rating or title), ``result``, ``kind``.

        Raises:
            PlayerSpecError: one of them is no such setting, or its value makes no sense.
        """
        found: dict[str, int] = {}
        for setting in filter(None, text.split("&")):
            name, _, value = (part.strip() for part in setting.partition("="))
            if name == "result" and value in _RESULTS:
                found["result"] = _RESULTS[value]
            elif name == "kind" and value in KINDS[1:]:
                found["kind"] = KINDS.index(value)
            elif name in ("strength", "opponent") and (strength := _strength(value)):
                whose = "" if name == "strength" else "enemy_"
                found[f"{whose}{strength[0]}"] = strength[1]
            else:
                raise PlayerSpecError("players.style", given=setting, titles=_or(TITLES[1:]), kinds=_or(KINDS[1:]))
        return cls(**found)

    def conditions(self, side: Color) -> Conditions:
        """The conditions of a game in which ``side`` plays so."""
        own, enemy = (self.rating, self.title), (self.enemy_rating, self.enemy_title)
        red, black = (own, enemy) if side == RED else (enemy, own)
        result = self.result if self.result is None or side == RED else -self.result
        return Conditions(result, red[0], black[0], red[1], black[1], self.kind)


NO_STYLE = Style()


def _strength(value: str) -> tuple[str, int] | None:
    if value in TITLES[1:]:
        return "title", TITLES.index(value)
    if value.isascii() and value.isdecimal() and 0 < int(value) <= _HIGHEST_RATING:
        return "rating", int(value)
    return None


def _or(names: tuple[str, ...]) -> str:
    return ", ".join(names)
