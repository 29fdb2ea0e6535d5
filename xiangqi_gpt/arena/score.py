"""The running score of a match."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from xiangqi_gpt.arena.elo import EloEstimate, estimate_elo
from xiangqi_gpt.arena.match import MatchGame
from xiangqi_gpt.rules.pieces import COLORS, Color

__all__ = ["MatchScore", "WinsDrawsLosses"]


@dataclass
class WinsDrawsLosses:
    """Counts of A's results."""

    wins: int = 0
    draws: int = 0
    losses: int = 0

    @property
    def games(self) -> int:
        """How many games that are."""
        return self.wins + self.draws + self.losses

    @property
    def points(self) -> float:
        """A's points: 1 a win, 1/2 a draw."""
        return self.wins + self.draws / 2

    def add(self, points: float) -> None:
        """Count a game of 1, 1/2 or 0 points."""
        if points == 1:
            self.wins += 1
        elif points == 0:
            self.losses += 1
        else:
            self.draws += 1


@dataclass
class MatchScore:
    """What a match has come to so far, from A's side.

    Attributes:
        total: A's results.
        by_color: the same by A's colour.
        terminations: how often a game ended in which way.
        forfeits: the games in which a player played an illegal move or failed.
        plies: plies played in all games, openings included.
    """

    total: WinsDrawsLosses = field(default_factory=WinsDrawsLosses)
    by_color: dict[Color, WinsDrawsLosses] = field(
        default_factory=lambda: {color: WinsDrawsLosses() for color in COLORS}
    )
    terminations: Counter[str] = field(default_factory=Counter)
    forfeits: list[MatchGame] = field(default_factory=list)
    plies: int = 0
    _pairs: list[int] = field(default_factory=lambda: [0] * 5)  # by twice A's points in the pair
    _halves: dict[int, float] = field(default_factory=dict)  # A's points in the one game of a pair

    def add(self, played: MatchGame) -> None:
        """Count a game."""
        self.total.add(played.points)
        self.by_color[played.a_color].add(played.points)
        self.terminations[played.game.termination] += 1
        self.plies += len(played.game.moves)
        if played.game.note is not None:
            self.forfeits.append(played)
        pair = played.index // 2
        if pair in self._halves:
            self._pairs[round(2 * (self._halves.pop(pair) + played.points))] += 1
        else:
            self._halves[pair] = played.points

    @property
    def mean_plies(self) -> float | None:
        """Plies a game, or None before the first."""
        return self.plies / self.total.games if self.total.games else None

    @property
    def pairs(self) -> tuple[int, ...] | None:
        """How many pairs brought A 0, 1/2, 1, 3/2 and 2 points, or None while a pair is not complete."""
        return None if self._halves else tuple(self._pairs)

    def elo(self) -> EloEstimate | None:
        """A's Elo difference to B, or None before the first game.

        By pairs when all are complete, else by games: see :mod:`xiangqi_gpt.arena.elo`.
        """
        if not self.total.games:
            return None
        return estimate_elo(self.pairs or (self.total.losses, self.total.draws, self.total.wins))
