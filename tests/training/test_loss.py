"""Losses against their formulas in float64, written out place by place."""

from __future__ import annotations

import math

import pytest
import torch

from xiangqi_gpt.training.loss import Answers, policy_loss, r_drop_loss, value_loss

N, L = 6, 5


@pytest.fixture
def logits() -> torch.Tensor:
    made = torch.randn(N, L, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for place in range(N):
        made[place, L - place % 3 :] = -torch.inf  # a place has 3 to 5 moves
    return made.requires_grad_()


def answers(soft: list[list[tuple[int, float]]] | None = None) -> Answers:
    targets = torch.tensor([0, 1, 2, 0, 1, 2])
    values = torch.zeros(N, 3)
    if soft is None:
        return Answers(targets, None, None, values)
    width = max(map(len, soft))
    columns = [[column for column, _ in row] + [-1] * (width - len(row)) for row in soft]
    weights = [[weight for _, weight in row] + [0.0] * (width - len(row)) for row in soft]
    return Answers(targets, torch.tensor(columns), torch.tensor(weights, dtype=torch.float64), values)


def log_probabilities(logits: torch.Tensor) -> list[list[float]]:
    rows = [[value for value in row if math.isfinite(value)] for row in logits.tolist()]
    return [[value - math.log(sum(map(math.exp, row))) for value in row] for row in rows]


def check(loss: torch.Tensor, expected: float, logits: torch.Tensor) -> None:
    assert loss.item() == pytest.approx(expected)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_plain_targets(logits: torch.Tensor, smoothing: float) -> None:
    logs = log_probabilities(logits)
    expected = sum(
        -(1 - smoothing) * row[target] - smoothing * sum(row) / len(row)
        for row, target in zip(logs, answers().targets.tolist(), strict=True)
    )
    check(policy_loss(logits, answers(), smoothing), expected, logits)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_soft_targets(logits: torch.Tensor, smoothing: float) -> None:
    soft = [[(0, 0.25), (1, 0.75)], [(1, 1.0)], [(2, 0.5), (0, 0.5)], [], [(0, 0.0), (1, 1.0)], [(2, 1.0)]]
    expected = 0.0
    for row, wanted in zip(log_probabilities(logits), soft, strict=True):
        share = sum(weight for _, weight in wanted)
        expected -= (1 - smoothing) * sum(weight * row[column] for column, weight in wanted)
        expected -= smoothing * share * sum(row) / len(row)
    check(policy_loss(logits, answers(soft), smoothing), expected, logits)


def test_r_drop_is_the_mean_of_both_divergences(logits: torch.Tensor) -> None:
    other = logits.detach() * 0.5 + 0.1
    expected = 0.0
    for p, q in zip(log_probabilities(logits), log_probabilities(other), strict=True):
        expected += 0.5 * sum(math.exp(a) * (a - b) + math.exp(b) * (b - a) for a, b in zip(p, q, strict=True))
    check(r_drop_loss(logits, other), expected, logits)


def test_the_value_counts_only_where_it_is_known() -> None:
    wdl = torch.randn(3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(2)).requires_grad_()
    values = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.25, 0.5, 0.25]], dtype=torch.float64)
    logs = log_probabilities(wdl)
    expected = -logs[0][0] - (0.25 * logs[2][0] + 0.5 * logs[2][1] + 0.25 * logs[2][2])
    check(value_loss(wdl, values), expected, wdl)
    assert torch.autograd.grad(value_loss(wdl, values), wdl)[0][1].tolist() == [0.0, 0.0, 0.0]
