"""From wins, draws and losses to an Elo difference with its confidence interval.

A player that scores ``s`` points a game (win 1, draw 1/2) is ``400 log10(s / (1 - s))`` Elo stronger
than its opponent: the logistic curve of Elo's system.

The 95 % interval of ``s`` holds every score that a score test does not reject. What is counted are
units that do not depend on each other: pairs of games from one opening with colours swapped, worth
0, 1/4, 1/2, 3/4 or 1 a game ("pentanomial"), or single games worth 0, 1/2 or 1 ("trinomial"). Of
``n`` units with the mean ``m``, a score ``s`` is in the interval when

    n (m - s)^2 <= z^2 V(s),    z = 1.96,

where ``V(s)`` is the variance of the distribution with mean ``s`` that makes the results the most
likely. Of games without draws this is Wilson's interval for a proportion, n / (n + z^2) .. 1 after n
wins (https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval). Unlike the usual
``m +- z sd / sqrt(n)`` it never leaves 0..1 and is never empty when all results are alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["EloEstimate", "elo_of_score", "estimate_elo", "score_interval"]

_Z = 1.959963984540054  # the normal distribution's 97.5 % quantile
_BISECTIONS = 40  # to within 1e-12


def elo_of_score(score: float) -> float:
    """The Elo difference at which a player expects ``score`` (0..1) points a game; infinite at 0 and 1."""
    if score <= 0:
        return -math.inf
    if score >= 1:
        return math.inf
    return 400 * math.log10(score / (1 - score))


def _mean(counts: Sequence[int]) -> float:
    """The mean worth 0..1 of units whose worths are evenly spaced, ``counts[0]`` of them worth 0."""
    return sum(i * count for i, count in enumerate(counts)) / (sum(counts) * (len(counts) - 1))


def _variance_at(counts: Sequence[int], score: float) -> float:
    """The variance of the likeliest distribution with the mean ``score``, below that of the counts.

    With shares f_i and worths a_i the likelihood is greatest at p_i = f_i / (1 + x (a_i - score)), x
    being the multiplier at which the p_i have the mean ``score``; the higher x, the lower the mean. x
    cannot pass 1 / score: there the worth 0 gets what the others leave, though it never occurred.
    """
    total, step = sum(counts), 1 / (len(counts) - 1)
    units = [(i * step, count / total) for i, count in enumerate(counts) if count]
    low, high = 0.0, 1 / score
    for _ in range(_BISECTIONS):
        x = (low + high) / 2
        if sum(share * (worth - score) / (1 + x * (worth - score)) for worth, share in units) > 0:
            low = x
        else:
            high = x
    shares = [(worth, share / (1 + low * (worth - score))) for worth, share in units]
    rest = max(0.0, 1 - sum(share for _, share in shares))
    return rest * score**2 + sum(share * (worth - score) ** 2 for worth, share in shares)


def _lower_bound(counts: Sequence[int]) -> float:
    mean = _mean(counts)
    low, high = 0.0, mean
    for _ in range(_BISECTIONS):
        score = (low + high) / 2
        if score > 0 and sum(counts) * (mean - score) ** 2 <= _Z**2 * _variance_at(counts, score):
            high = score
        else:
            low = score
    return high


def score_interval(counts: Sequence[int]) -> tuple[float, float]:
    """The 95 % confidence interval of the expected score 0..1.

    Args:
        counts: how many units had each worth, from 0 to 1 in equal steps: ``[losses, draws, wins]``
            of games, or the five counts of pairs. At least one unit.

    Raises:
        ValueError: the counts are all 0.
    """
    if not sum(counts):
        raise ValueError("an interval needs at least one result")
    return _lower_bound(counts), 1 - _lower_bound(counts[::-1])


@dataclass(frozen=True, slots=True)
class EloEstimate:
    """An Elo difference and its 95 % confidence interval; ends may be infinite.

    Attributes:
        elo: the difference at which the score is the expected one.
        low: the interval's lower end.
        high: the interval's upper end.
    """

    elo: float
    low: float
    high: float


def estimate_elo(counts: Sequence[int]) -> EloEstimate:
    """The Elo difference of the counts of :func:`score_interval`.

    Raises:
        ValueError: the counts are all 0.
    """
    low, high = score_interval(counts)
    return EloEstimate(elo_of_score(_mean(counts)), elo_of_score(low), elo_of_score(high))
