"""How well a model predicts the moves of games."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from xiangqi_gpt.encoding.batch import EncodedBatch
from xiangqi_gpt.model.decoder import Decoder, Inputs

__all__ = ["Prediction", "to_inputs", "validate"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Averages over positions.

    Attributes:
        positions: how many.
        nats: the mean negative log-likelihood of the move played, in nats a ply (over the policy's own
            support: the legal moves, or the whole vocabulary; with characters the four of a ply summed).
        top1: the share of positions whose most probable move (or all four characters) was played.
    """

    positions: int
    nats: float
    top1: float


def to_inputs(batch: EncodedBatch, device: torch.device) -> Inputs:
    """A batch as tensors on ``device``."""

    def tensor(array: object) -> torch.Tensor:
        made = torch.from_numpy(array)
        if device.type == "cuda":
            made = made.pin_memory()
        return made.to(device, non_blocking=True)

    board, legal = len(batch.feature_offsets) > 0, batch.legal.size > 0
    return Inputs(
        tokens=tensor(batch.tokens),
        targets=tensor(batch.targets),
        features=tensor(batch.features) if board else None,
        feature_offsets=tensor(batch.feature_offsets.astype("int32")) if board else None,
        legal=tensor(batch.legal) if legal else None,
        categories=tensor(batch.categories) if legal else None,
    )


@torch.no_grad()
def validate(model: Decoder, batches: Iterable[EncodedBatch], autocast: torch.autocast) -> Prediction:
    """Teacher-forced prediction of every position that counts."""
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    nats, hits, positions = 0.0, 0, 0
    per_ply = model.config.tokens_per_ply
    for batch in batches:
        with autocast:
            logits, targets = model.predict(to_inputs(batch, device))
        nats += F.cross_entropy(logits, targets, reduction="sum").item()
        # A ply counts as a hit when all its tokens do; the places that count come in whole plies.
        hits += int((logits.argmax(1) == targets).view(-1, per_ply).all(1).sum())
        positions += batch.positions
    model.train(was_training)
    return Prediction(positions, nats / max(positions, 1), hits / max(positions, 1))
