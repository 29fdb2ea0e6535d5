"""Elo differences and their intervals, against formulas and simulations that share no code with ours."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from xiangqi_gpt.arena.elo import elo_of_score, estimate_elo, score_interval

Z = 1.959964


@pytest.mark.parametrize(("score", "elo"), [(0.5, 0.0), (0.75, 190.849), (0.9, 381.697), (0.25, -190.849)])
def test_the_elo_of_a_score(score: float, elo: float) -> None:
    assert elo_of_score(score) == pytest.approx(elo, abs=0.001)


def test_a_perfect_score_has_no_finite_elo() -> None:
    assert elo_of_score(1) == math.inf
    assert elo_of_score(0) == -math.inf


def wilson(wins: int, games: int) -> tuple[float, float]:
    share = wins / games
    center = share + Z**2 / (2 * games)
    spread = Z * math.sqrt(share * (1 - share) / games + Z**2 / (4 * games**2))
    return (center - spread) / (1 + Z**2 / games), (center + spread) / (1 + Z**2 / games)


@pytest.mark.parametrize(("losses", "wins"), [(25, 75), (1, 9), (0, 1), (0, 100), (7, 0), (400, 600), (1, 999)])
def test_without_draws_the_interval_is_wilsons(losses: int, wins: int) -> None:
    assert score_interval([losses, 0, wins]) == pytest.approx(wilson(wins, losses + wins), abs=1e-6)


def tango(losses: int, draws: int, wins: int, difference: float) -> float:
    """The score statistic of Tango (1998) for a difference of paired proportions, here (wins - losses) / games.

    Its constrained estimate has a closed form, the root of a quadratic equation.
    """
    n, b, c = losses + draws + wins, wins, losses
    p, q, r = 2 * n, -b - c + (2 * n - b + c) * difference, -c * difference * (1 - difference)
    root = (math.sqrt(q * q - 4 * p * r) - q) / (2 * p)
    return (b - c - n * difference) / math.sqrt(n * (2 * root + difference * (1 - difference)))


@pytest.mark.parametrize("counts", [(3, 10, 20), (5, 30, 6), (0, 5, 5), (2, 3, 95), (40, 900, 60), (0, 20, 1)])
def test_with_draws_the_interval_is_tangos(counts: tuple[int, int, int]) -> None:
    low, high = score_interval(counts)
    assert tango(*counts, 2 * low - 1) == pytest.approx(Z, abs=1e-4)
    assert tango(*counts, 2 * high - 1) == pytest.approx(-Z, abs=1e-4)


def test_pairs_agree_with_the_bootstrap() -> None:
    counts = np.array([60, 240, 700, 640, 360])
    worths = np.linspace(0, 1, 5)
    means = np.random.default_rng(1).multinomial(counts.sum(), counts / counts.sum(), 20_000) @ worths / counts.sum()
    assert score_interval(counts.tolist()) == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=5e-4)


@pytest.mark.parametrize(
    "shares", [(0.1, 0.2, 0.4, 0.2, 0.1), (0, 0.01, 0.02, 0.07, 0.9), (0.02, 0.08, 0.8, 0.08, 0.02), (0.3, 0.4, 0.3)]
)
def test_few_units_cover_the_truth_as_often_as_promised(shares: tuple[float, ...]) -> None:
    interval = cache(score_interval)
    truth = float(np.dot(shares, np.linspace(0, 1, len(shares))))
    samples = np.random.default_rng(2).multinomial(15, shares, 250)
    intervals = [interval(tuple(sample)) for sample in samples.tolist()]
    covered = sum(low <= truth <= high for low, high in intervals) / len(samples)
    assert covered >= 0.92


def test_results_all_alike_still_leave_doubt() -> None:
    assert score_interval([0, 10, 0]) == pytest.approx((0.361234, 0.638766), abs=1e-5)  # 0.5 +- 0.5 z^2 / (n + z^2)
    won = estimate_elo([0, 0, 0, 0, 50])
    assert (won.elo, won.high) == (math.inf, math.inf)
    assert won.low == pytest.approx(400 * math.log10(50 / Z**2), abs=0.01)
    lost = estimate_elo([50, 0, 0, 0, 0])
    assert (lost.elo, lost.low, lost.high) == (-math.inf, -math.inf, pytest.approx(-won.low))


def test_the_interval_is_symmetric_and_shrinks() -> None:
    low, high = score_interval([1, 2, 3, 4, 5])
    assert score_interval([5, 4, 3, 2, 1]) == pytest.approx((1 - high, 1 - low))
    assert low < 2 / 3 < high
    more = score_interval([10, 20, 30, 40, 50])
    assert low < more[0] < 2 / 3 < more[1] < high


def test_no_result_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least one"):
        score_interval([0, 0, 0])
