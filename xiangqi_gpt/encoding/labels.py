"""What training asks for at each ply beside the move played: the engine's choice, and how the game ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.vocabulary import NO_EVAL, NO_MOVE

__all__ = ["EVAL_SCALE", "Labels", "expected_score", "policy_labels", "spread_over_candidates", "value_labels"]

EVAL_SCALE = 300.0
"""Centipawns at which an engine's score expects 73 % (the logistic function of 1)."""

CANDIDATE_SCALE = 50.0
"""Centipawns by which a move must be better to be e times as likely to be learnt."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Labels of a game of P plies.

    Attributes:
        moves: ``uint16[P, K]``, vocabulary ids of moves to learn; 65535 fills up.
        weights: ``float32[P, K]``, how much of each; a ply's add up to 1, or to 0 where nothing is to be learnt.
        value: ``float32[P, 3]``, the chances that Red wins, draws, loses, as far as known; else zeros.
    """

    moves: NDArray[np.uint16]
    weights: NDArray[np.float32]
    value: NDArray[np.float32]


def expected_score(evals: NDArray[np.int16]) -> NDArray[np.float64]:
    """Red's expected score 0..1 by an engine's evaluations in centipawns (mates far beyond)."""
    return 1 / (1 + np.exp(-np.clip(evals.astype(np.float64), -6000, 6000) / EVAL_SCALE))


def policy_labels(
    moves: NDArray[np.uint16], best: NDArray[np.uint16], share: float
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """The moves to learn, ``[P, 2]``: the one played, and with weight ``share`` the engine's where it is known.

    A move that an engine's game replaced by a blunder is thus not learnt when ``share`` is 1.
    """
    known = best != NO_MOVE
    ids = np.stack([moves, np.where(known, best, NO_MOVE)], axis=1).astype(np.uint16)
    engine = np.where(known, np.float32(share), np.float32(0))
    return ids, np.stack([1 - engine, engine], axis=1)


def spread_over_candidates(
    moves: NDArray[np.uint16],
    weights: NDArray[np.float32],
    ply: NDArray[np.uint32],
    candidate: NDArray[np.uint16],
    evals: NDArray[np.int16],
    red_first: bool,
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Spread the engine's share of :func:`policy_labels` over the moves it weighed, ``[P, 1 + M]``.

    Each gets a share by the softmax of its evaluation in steps of :data:`CANDIDATE_SCALE`.

    Args:
        moves: ``uint16[P, 2]``.
        weights: ``float32[P, 2]``.
        ply: ``uint32[C]``, ascending: the ply that each candidate is of.
        candidate: ``uint16[C]``, vocabulary ids.
        evals: ``int16[C]``, centipawns for Red.
        red_first: whether Red moves at ply 0.
    """
    rows = ply.astype(np.int64)
    column = np.arange(len(rows)) - np.searchsorted(rows, rows, side="left")
    width = max(1, int(column.max(initial=0)) + 1)
    ids = np.full((len(moves), 1 + width), NO_MOVE, np.uint16)
    shares = np.zeros((len(moves), 1 + width), np.float32)
    ids[:, :2], shares[:, :2] = moves, weights
    mine = np.where((rows + red_first) % 2 == 1, 1, -1) * evals.astype(np.int64)
    score = np.full((len(moves), width), -np.inf)
    score[rows, column] = np.maximum(mine, -6000) / CANDIDATE_SCALE
    known = np.isfinite(score).any(1)
    chance = np.exp(score[known] - score[known].max(1, keepdims=True))
    ids[known, 1:] = NO_MOVE
    ids[rows, 1 + column] = candidate
    shares[known, 1:] = weights[known, 1:2] * chance / chance.sum(1, keepdims=True)
    return ids, shares


def value_labels(result: int | None, evals: NDArray[np.int16]) -> NDArray[np.float32]:
    """The chances of Red's win, draw and loss at each ply, ``float32[P, 3]``; zeros where nothing is known.

    The result is what happened; an engine's evaluation is worth half of it where both are known. The
    expected score e of an evaluation is spread as two independent halves of a point would be: e² wins,
    2e(1-e) draws, (1-e)² losses.

    Args:
        result: 1, 0, -1 as Red won, drew, lost, or None.
        evals: ``int16[P]``, centipawns for Red before each move, 32767 where unknown.
    """
    values = np.zeros((len(evals), 3), np.float32)
    known = evals != NO_EVAL
    e = expected_score(evals)
    spread = np.stack([e * e, 2 * e * (1 - e), (1 - e) ** 2], axis=1)
    if result is None:
        values[known] = spread[known]
        return values
    values[:, 1 - result] = 1
    values[known] = 0.5 * (values[known] + spread[known])
    return values
