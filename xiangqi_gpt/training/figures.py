"""Sums by game, phase and side, and what they amount to: means, shares, intervals.

Plies of one game are alike, so intervals come from drawing games, not plies: the bootstrap draws as many
games as there are, with replacement, :data:`RESAMPLES` times by a fixed seed, and the interval reaches
from the 2.5th to the 97.5th percentile of a figure over the draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONFIDENCE", "PHASES", "RESAMPLES", "SEED", "SIDES", "Figures", "PlyFigures", "Tally"]

PHASES = ("0-19", "20-59", "60+")
"""Plies from 0, as the board was before them; a game from a set-up position begins at ply 0 too."""
_PHASE_BEGINS = (20, 60)
SIDES = ("red", "black")

CONFIDENCE = 0.95
RESAMPLES = 1000
SEED = 1
_DRAWS_AT_ONCE = 4_000_000  # games drawn at a time, in all resamples together

Array: TypeAlias = NDArray[np.float64]
Figures: TypeAlias = dict[str, float | int | list[float | None] | None]
"""Name -> figure; ``NAME_interval`` -> [low, high]; None where there is nothing to take a mean of."""

# What is summed up of the plies of a game.
_COLUMNS: tuple[str, ...] = ("plies", "nats", "top1", "top3", "top5", "nats_raw", "argmax_legal", "illegal_mass")
_COLUMNS += ("brier", "valued", "red_wins", "draws", "black_wins", "games", "games_legal")
_C = {name: number for number, name in enumerate(_COLUMNS)}


@dataclass(frozen=True, slots=True)
class PlyFigures:
    """What a model made of N plies.

    Attributes:
        nats: ``float64[N]``, -log p(move played) over the legal moves.
        hits: ``float64[N, 3]``, whether it was among the 1, 3, 5 likeliest.
        nats_raw: ``float64[N]``, the same as ``nats`` over all that can be named; this and the next two
            are None where only legal moves can be.
        argmax_legal: ``float64[N]``, 1 where the likeliest of all is legal.
        illegal_mass: ``float64[N]``, the probability of illegal moves.
        wdl: ``float64[N, 3]``, the chances that the mover wins, draws, loses; None without a value head.
    """

    nats: Array
    hits: Array
    nats_raw: Array | None
    argmax_legal: Array | None
    illegal_mass: Array | None
    wdl: Array | None


class Tally:
    """Sums of the plies of games.

    Args:
        results: of each game: 1 Red won, 0 draw, -1 Black won, None: not known.
    """

    def __init__(self, results: Sequence[int | None]) -> None:
        self._sums = np.zeros((len(results), len(PHASES), len(SIDES), len(_COLUMNS)))
        self._results = np.array([2 if result is None else result for result in results])
        self._raw = self._valued = False

    def add(
        self, games: NDArray[np.int64], plies: NDArray[np.int64], sides: NDArray[np.int64], figures: PlyFigures
    ) -> None:
        """Add N plies.

        Args:
            games: ``int64[N]``, the number of each one's game.
            plies: ``int64[N]``, its number in the game, from 0.
            sides: ``int64[N]``, the side to move, 1 for Red.
            figures: what the model made of it.
        """
        rows = np.zeros((len(games), len(_COLUMNS)))
        rows[:, _C["plies"]] = 1
        rows[:, _C["nats"]] = figures.nats
        rows[:, _C["top1"] : _C["top5"] + 1] = figures.hits
        if figures.nats_raw is not None:
            self._raw = True
            for name in ("nats_raw", "argmax_legal", "illegal_mass"):
                rows[:, _C[name]] = getattr(figures, name)
        if figures.wdl is not None:
            self._valued = True
            self._add_wdl(rows, self._results[games], sides, figures.wdl)
        np.add.at(self._sums, (games, np.digitize(plies, _PHASE_BEGINS), 1 - sides), rows)

    def _add_wdl(self, rows: Array, results: NDArray[np.int64], sides: NDArray[np.int64], wdl: Array) -> None:
        known = np.flatnonzero(results != 2)
        for_mover = np.where(sides[known] == 1, results[known], -results[known])
        happened = np.zeros((len(known), 3))
        happened[np.arange(len(known)), 1 - for_mover] = 1
        rows[known, _C["brier"]] = ((wdl[known] - happened) ** 2).sum(1)
        rows[known, _C["valued"]] = 1
        rows[known, _C["red_wins"] + 1 - results[known]] = 1

    @property
    def plies(self) -> int:
        """How many plies have been added."""
        return int(self._sums[..., _C["plies"]].sum())

    def _groups(self) -> Iterator[tuple[str, Array]]:
        """Sums by game, ``[G, columns]``: of all plies (``""``), of each phase, of each side."""
        yield "", self._sums.sum((1, 2))
        for number, name in enumerate(PHASES):
            yield name, self._sums[:, number].sum(1)
        for number, name in enumerate(SIDES):
            yield name, self._sums[:, :, number].sum(1)

    def report(self) -> dict[str, Figures]:
        """The figures of all plies (``""``), and of those of each phase and side, by name."""
        names, tables = zip(*self._groups(), strict=True)
        sums = np.stack(tables, 1)  # [G, groups, columns]
        played = sums[..., _C["plies"]] > 0
        sums[..., _C["games"]] = played
        sums[..., _C["games_legal"]] = played & (sums[..., _C["argmax_legal"]] == sums[..., _C["plies"]])
        totals = self._figures(sums.sum(0))
        spread = self._figures(_resampled(sums))
        report = {}
        for group, name in enumerate(names):
            plies, games = (int(sums[:, group, _C[column]].sum()) for column in ("plies", "games"))
            own: Figures = {"plies": plies, "games": games}
            for figure, values in totals.items():
                own[figure] = _finite(values[group])
                if not figure.endswith("base_rates"):
                    own[f"{figure}_interval"] = _interval(spread[figure][:, group])
            report[name] = own
        return report

    def _figures(self, sums: Array) -> dict[str, Array]:
        """Sums ``[..., columns]`` -> figures ``[...]``; not a number where there are no plies."""

        def share(column: str, of: str = "plies") -> Array:
            made: Array = sums[..., _C[column]] / sums[..., _C[of]]
            return made

        with np.errstate(invalid="ignore", divide="ignore"):
            figures = {"nats_per_ply": share("nats")} | {name: share(name) for name in ("top1", "top3", "top5")}
            if self._raw:
                figures |= {name: share(name) for name in ("nats_raw", "argmax_legal", "illegal_mass")}
                figures["games_legal"] = share("games_legal", "games")
            if self._valued:
                rates = [share(name, "valued") for name in ("red_wins", "draws", "black_wins")]
                figures["value_brier"] = share("brier", "valued")
                # The distance of the rates r from result i is (1 - r_i)² + the sum of the others' squares.
                figures["value_brier_base_rates"] = 1 - np.square(rates).sum(0)
        return figures


def _resampled(sums: Array) -> Array:
    """Sums by game ``[G, groups, columns]`` -> the sums of drawn games, ``[resamples, groups, columns]``."""
    games = len(sums)
    flat = sums.reshape(games, -1)
    random = np.random.default_rng(SEED)
    drawn = np.empty((RESAMPLES, flat.shape[1]))
    at_once = max(1, min(RESAMPLES, _DRAWS_AT_ONCE // games))
    for begin in range(0, RESAMPLES, at_once):
        many = min(at_once, RESAMPLES - begin)
        picks = random.integers(0, games, (many, games)) + games * np.arange(many)[:, None]
        counts = np.bincount(picks.reshape(-1), minlength=many * games).reshape(many, games)
        drawn[begin : begin + many] = counts.astype(np.float64) @ flat
    return drawn.reshape(RESAMPLES, *sums.shape[1:])


def _interval(draws: Array) -> list[float | None]:
    """The middle of the draws that have a value; a phase that few games reach may be in none of a draw's games."""
    draws = draws[np.isfinite(draws)]
    tail = (1 - CONFIDENCE) / 2
    return [_finite(np.quantile(draws, q)) if len(draws) else None for q in (tail, 1 - tail)]


def _finite(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None
