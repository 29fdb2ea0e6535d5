"""What a model may be told of a game beside its moves: how it ends, who plays, where it comes from.

The prefix of a game as a language model would have it ("a win by a master"), but each condition is a
row of a table, added at every place as the side to move there sees it: it takes no room in the
context, and a game longer than the context keeps it. Condition 0 says nothing; training hides
conditions at random, so that play may leave them out.

=========  ==============================================================
0          not told
1-3        the mover wins, draws, loses
4-15       the mover's strength: title (2) or rating in steps of 200 (10)
16-27      the opponent's strength
28-43      the kind of game, an index into :data:`KINDS`
=========  ==============================================================
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONDITIONS_A_SIDE", "KINDS", "NO_CONDITIONS", "N_CONDITIONS", "TITLES", "Conditions"]

# Corpora and models name these by number: add at the end only.
KINDS = ("unknown", "tournament", "online", "study", "composition", "engine", "correspondence", "exhibition")
TITLES = ("none", "master", "grandmaster")

_RESULTS_AT = 1
_OWN_AT = 4
_ENEMY_AT = 16
_KIND_AT = 28
N_CONDITIONS = 44
CONDITIONS_A_SIDE = 4

_LOWEST_STEP, _RATING_STEP, _RATING_STEPS = 900, 200, 10


def _strength(rating: int, title: int) -> int:
    """0 for unknown, 1 and 2 for a title, 3 (below 1100) to 12 (2700 and more) for a rating."""
    if title:
        return min(title, 2)
    if rating <= 0:
        return 0
    return 3 + min(max((rating - _LOWEST_STEP) // _RATING_STEP, 0), _RATING_STEPS - 1)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is told of a game.

    Attributes:
        result: 1 Red wins, 0 a draw, -1 Black wins, None: not told.
        red_rating: Red's rating, 0: not told.
        black_rating: Black's.
        red_title: Red's title, an index into :data:`TITLES`; it goes before a rating.
        black_title: Black's.
        kind: an index into :data:`KINDS`.
    """

    result: int | None = None
    red_rating: int = 0
    black_rating: int = 0
    red_title: int = 0
    black_title: int = 0
    kind: int = 0

    def rows(self) -> NDArray[np.int64]:
        """The conditions as each side to move sees them, ``int64[2, 4]``: row 0 for Black, 1 for Red."""
        red, black = _strength(self.red_rating, self.red_title), _strength(self.black_rating, self.black_title)
        rows = np.zeros((2, CONDITIONS_A_SIDE), np.int64)
        for side, own, enemy in ((0, black, red), (1, red, black)):
            if self.result is not None:
                rows[side, 0] = _RESULTS_AT + (1 - self.result if side else 1 + self.result)
            rows[side, 1] = _OWN_AT + own - 1 if own else 0
            rows[side, 2] = _ENEMY_AT + enemy - 1 if enemy else 0
            rows[side, 3] = _KIND_AT + self.kind if self.kind else 0
        return rows


NO_CONDITIONS = Conditions()
