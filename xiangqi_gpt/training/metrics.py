"""How well a model predicts the moves of games."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from xiangqi_gpt.encoding.batch import EncodedBatch
from xiangqi_gpt.model.tensors import to_choices, to_device, to_inputs
from xiangqi_gpt.training.loss import value_loss
from xiangqi_gpt.training.ranks import Ranks

__all__ = ["Prediction", "validate"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Averages over positions.

    Attributes:
        positions: how many.
        nats: the mean negative log-likelihood of the move played, in nats a ply (over the policy's own
            support: the legal moves, or the whole vocabulary; with characters the four of a ply summed).
        top1: the share of positions whose most probable move (or all four characters) was played.
        value: the mean cross entropy of the result, in nats; None without a value head.
    """

    positions: int
    nats: float
    top1: float
    value: float | None


@torch.no_grad()
def validate(
    learner: nn.Module, batches: Iterable[EncodedBatch], autocast: torch.autocast, ranks: Ranks, tokens_per_ply: int
) -> Prediction:
    """Teacher-forced prediction of every position that counts, of all processes together.

    ``learner`` is called as :class:`~xiangqi_gpt.training.ranks.Learner` is.
    """
    was_training = learner.training
    learner.eval()
    nats = hits = positions = wdl_nats = known = 0.0
    for batch in batches:
        with autocast:
            inputs, choices = to_inputs(batch, ranks.device), to_choices(batch, ranks.device)
            logits, wdl = learner(inputs, to_device(batch.places, ranks.device), choices)
        targets = to_device(batch.targets, ranks.device)
        nats += F.cross_entropy(logits, targets, reduction="sum").item()
        # A ply counts as a hit when all its tokens do; the places that count come in whole plies.
        hits += int((logits.argmax(1) == targets).view(-1, tokens_per_ply).all(1).sum())
        positions += batch.positions
        if wdl is not None:
            wdl_nats += value_loss(wdl, to_device(batch.values, ranks.device)).item()
            known += float(batch.values.sum())
    learner.train(was_training)
    nats, hits, positions, wdl_nats, known = ranks.sum(nats, hits, positions, wdl_nats, known)
    value = wdl_nats / known if known else None
    return Prediction(int(positions), nats / max(positions, 1), hits / max(positions, 1), value)
