"""What a model is told of a corpus's game, and what it shall learn from it beside the moves played."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.dataset import Candidates, CorpusGame
from xiangqi_gpt.corpus.shards import RESULT_UNKNOWN
from xiangqi_gpt.encoding.conditions import KINDS, NO_CONDITIONS, Conditions
from xiangqi_gpt.encoding.labels import Labels, policy_labels, spread_over_candidates, value_labels
from xiangqi_gpt.encoding.vocabulary import NO_MOVE
from xiangqi_gpt.rules.position import TURN

__all__ = ["DRAWS_A_GAME", "NO_LESSONS", "Lessons"]

_ENGINE = KINDS.index("engine")
DRAWS_A_GAME = 5
"""Random numbers that :meth:`Lessons.conditions` needs of each game."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """How games become lessons.

    Attributes:
        engine_share: how much of the move to learn is the engine's where a game of people has its choice;
            in a game of engines it is all, for where the two differ the move was a blunder put in.
        value: whether the outcome is to be foretold.
        conditions: whether anything is told of a game.
        hide: the share of the games of which nothing is told; of the others each condition by a coin.
    """

    engine_share: float = 0.0
    value: bool = False
    conditions: bool = False
    hide: float = 0.7

    def told(self, game: CorpusGame, draws: NDArray[np.float64]) -> Conditions:
        """What the model is told of a game, by ``DRAWS_A_GAME`` uniform random numbers."""
        if not self.conditions or draws[0] < self.hide:
            return NO_CONDITIONS
        result, red, black, kind = (draws[1:] < 0.5).tolist()
        return Conditions(
            result=game.result if result and game.result != RESULT_UNKNOWN else None,
            red_rating=game.red_rating if red else 0,
            red_title=game.red_title if red else 0,
            black_rating=game.black_rating if black else 0,
            black_title=game.black_title if black else 0,
            kind=game.kind if kind else 0,
        )

    def labels(self, game: CorpusGame, told: Conditions) -> Labels | None:
        """What the model shall learn of a game beside its moves; None when that is nothing."""
        share = 1.0 if game.kind == _ENGINE else self.engine_share
        labelled = share > 0 and bool((game.best != NO_MOVE).any())
        if not (labelled or self.value or game.opening_plies):
            return None
        best = game.best if labelled else np.full_like(game.best, NO_MOVE)
        labels = Labels(*policy_labels(game.moves, best, share), self._values(game, told))
        if labelled and len(game.candidates.ply):
            labels = self._with_candidates(labels, game.candidates, bool(game.start[TURN]))
        # Moves that were given to an engine game are nobody's choice.
        unchosen = (np.arange(len(game.moves)) < game.opening_plies) & (game.best == NO_MOVE)
        labels.weights[unchosen] = 0
        return labels

    def _values(self, game: CorpusGame, told: Conditions) -> NDArray[np.float32]:
        if not self.value or told.result is not None:  # a result that is told need not be foretold
            return np.zeros((len(game.moves), 3), np.float32)
        return value_labels(None if game.result == RESULT_UNKNOWN else game.result, game.evals)

    def _with_candidates(self, labels: Labels, candidates: Candidates, red_first: bool) -> Labels:
        """Labels with the engine's share spread over all the moves that it weighed."""
        moves, weights = spread_over_candidates(labels.moves, labels.weights, *candidates, red_first)
        return replace(labels, moves=moves, weights=weights)


NO_LESSONS = Lessons()
