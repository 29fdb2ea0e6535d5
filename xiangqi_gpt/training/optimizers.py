"""Optimisers and the learning-rate schedule."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from xiangqi_gpt.training.settings import TrainingSettings

__all__ = ["learning_rate_factor", "make_optimizers"]


_LONGEST_WARMUP = 0.05  # the share of the training that warm-up takes at most, where that is so many minutes


def make_optimizers(model: nn.Module, settings: TrainingSettings) -> list[torch.optim.Optimizer]:
    """AdamW or Adafactor for all parameters, or Muon for the matrices of the blocks and AdamW for the rest.

    Muon (Jordan et al., 2024; torch's own) orthogonalises the momentum of a matrix; embeddings, heads,
    gains and biases are not for it. Each group keeps its highest rate in ``group["peak"]``.
    """
    blocks, matrices, vectors = [], [], []
    for name, parameter in model.named_parameters():
        if parameter.ndim < 2:
            vectors.append(parameter)
        elif settings.optimizer == "muon" and name.startswith("blocks."):
            blocks.append(parameter)
        else:
            matrices.append(parameter)
    groups = [
        {"params": matrices, "weight_decay": settings.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    optimizers: list[torch.optim.Optimizer] = []
    if settings.optimizer == "adafactor":
        # Steps are not scaled by the size of a parameter: those that begin at zero would stay there.
        optimizers.append(torch.optim.Adafactor(groups, lr=settings.learning_rate, eps=(None, 1.0)))
    else:
        rates: dict[str, Any] = {"lr": settings.learning_rate, "betas": (0.9, 0.95), "eps": 1e-10}
        optimizers.append(torch.optim.AdamW(groups, fused=True, **rates))
    if blocks:
        optimizers.append(
            torch.optim.Muon(blocks, lr=settings.muon_learning_rate, weight_decay=settings.weight_decay, momentum=0.95)
        )
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return optimizers


def learning_rate_factor(step: int, done: float, settings: TrainingSettings) -> float:
    """What the highest learning rate is multiplied by, in (0, 1].

    Args:
        step: the steps done.
        done: the share of the training done, 0..1; of its steps, or of its minutes.
        settings: the schedule.
    """
    warmup = (step + 1) / (settings.warmup_steps + 1)
    if settings.minutes:  # in which slow models do few steps
        warmup = max(warmup, done / _LONGEST_WARMUP)
    warmup = min(1.0, warmup)
    if settings.schedule == "cosine":
        return warmup * max(0.5 * (1 + math.cos(math.pi * min(done, 1.0))), 1e-3)
    return warmup * min(1.0, max((1 - done) / max(settings.decay_fraction, 1e-9), 1e-3))
