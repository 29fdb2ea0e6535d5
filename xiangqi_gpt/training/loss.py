"""What training minimises."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from xiangqi_gpt.encoding.batch import EncodedBatch
from xiangqi_gpt.model.tensors import to_device

__all__ = ["Answers", "policy_loss", "r_drop_loss", "to_answers", "value_loss"]


@dataclass(frozen=True)
class Answers:
    """What a batch's places are to be answered with, as tensors on the model's device.

    Attributes:
        targets: ``int64[N]``, columns of the policy's logits.
        soft_targets: ``int64[N, K]``, the same with -1 for none, or None.
        soft_weights: ``float32[N, K]``, or None.
        values: ``float32[N, 3]``, chances of win, draw, loss; zeros where unknown.
    """

    targets: Tensor
    soft_targets: Tensor | None
    soft_weights: Tensor | None
    values: Tensor


def to_answers(batch: EncodedBatch, device: torch.device) -> Answers:
    """The answers of a batch."""
    soft = batch.soft_targets.shape[1] > 0
    return Answers(
        targets=to_device(batch.targets, device),
        soft_targets=to_device(batch.soft_targets, device) if soft else None,
        soft_weights=to_device(batch.soft_weights, device) if soft else None,
        values=to_device(batch.values, device),
    )


def policy_loss(logits: Tensor, answers: Answers, smoothing: float = 0.0) -> Tensor:
    """The sum over places of the cross entropy with what is to be learnt, in nats.

    Args:
        logits: ``float32[N, L]``, minus infinity where there is no move.
        answers: what is to be learnt: the soft targets where there are any, else the moves played.
        smoothing: the share of the target that is spread over all moves there are (Szegedy et al., 2016).
    """
    logs = logits.log_softmax(-1)
    if answers.soft_targets is None or answers.soft_weights is None:
        learnt = -logs.gather(1, answers.targets[:, None])[:, 0]  # [N]
        weight = None
    else:
        # A weight of zero stands before a move that there is not: -inf must not reach the product.
        nats = -logs.gather(1, answers.soft_targets.clamp(min=0))  # [N, K]
        weighted = torch.where(answers.soft_weights > 0, answers.soft_weights * nats, 0.0)
        learnt = weighted.sum(1)
        weight = answers.soft_weights.sum(1)
    if smoothing == 0:
        return learnt.sum()
    there = torch.isfinite(logits)
    even = -torch.where(there, logs, 0.0).sum(1) / there.sum(1)
    if weight is not None:
        even = even * weight
    return ((1 - smoothing) * learnt + smoothing * even).sum()


def value_loss(logits: Tensor, values: Tensor) -> Tensor:
    """The sum over places of the cross entropy of win, draw and loss ``float32[N, 3]`` with ``values``, in nats."""
    return -(values * logits.log_softmax(-1)).sum()


def r_drop_loss(first: Tensor, second: Tensor) -> Tensor:
    """R-Drop (Wu et al., 2021): the sum over places of the symmetric divergence of two passes with other dropout.

    ``(KL(p || q) + KL(q || p)) / 2`` of the policies with logits ``first`` and ``second [N, L]``.
    """
    nowhere = torch.isinf(first)  # the difference of two infinities would spoil the gradient
    p, q = (logits.log_softmax(-1).masked_fill(nowhere, 0.0) for logits in (first, second))
    return 0.5 * ((p.exp() - q.exp()) * (p - q)).sum()
