"""The settings of a training run."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.model.config import ModelConfig, check_choices

__all__ = ["TrainingError", "TrainingSettings"]


class TrainingError(XiangqiError):
    """Training that cannot begin or go on."""


@dataclass(frozen=True)
class TrainingSettings:
    """How to train a model. The defaults are those of the model that ships."""

    model: ModelConfig = field(default_factory=ModelConfig)
    """The model."""
    steps: int = 1800
    """Optimiser steps."""
    batch_positions: int = 8192
    """About how many positions a batch has."""
    accumulation: int = 1
    """Batches whose gradients are added up to one step."""
    optimizer: Literal["muon", "adamw"] = "muon"
    """Muon for the matrices of the blocks and AdamW for the rest, or AdamW for all."""
    learning_rate: float = 4e-3
    """The highest learning rate of AdamW."""
    muon_learning_rate: float = 0.02
    """The highest learning rate of Muon."""
    weight_decay: float = 0.01
    """Decay of weight matrices, decoupled."""
    warmup_steps: int = 50
    """Steps over which the learning rate rises."""
    schedule: Literal["linear", "cosine"] = "linear"
    """Hold the highest learning rate, then lower it along a line; or a cosine from the warm-up on."""
    decay_fraction: float = 0.6
    """The share of the steps, at the end, over which the linear schedule falls."""
    clip: float = 1.0
    """The largest gradient norm."""
    mirror: bool = True
    """Mirror each game left to right by the toss of a coin."""
    precision: Literal["auto", "bf16", "fp16", "fp32"] = "auto"
    """The autocast dtype. auto: on a GPU bf16 where it has it, else fp16; on a CPU the faster of bf16 and fp32."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to train. auto: a GPU when there is one."""
    compile: bool = False
    """Compile the model with torch.compile."""
    seed: int = 1
    """Of weights, order and dropout."""
    validate_every: int = 150
    """Steps between validations."""
    validation_positions: int = 60_000
    """About how many positions of the validation games to look at."""
    save_minutes: float = 5.0
    """Minutes between checkpoints."""
    keep_checkpoints: int = 2
    """How many checkpoints to keep."""

    def __post_init__(self) -> None:
        least = {
            "steps": 1,
            "batch_positions": 1,
            "accumulation": 1,
            "warmup_steps": 0,
            "seed": 0,
            "learning_rate": 0,
            "muon_learning_rate": 0,
            "weight_decay": 0,
            "validate_every": 1,
            "validation_positions": 1,
            "save_minutes": 0,
            "keep_checkpoints": 1,
        }
        check_choices(self)
        for name, minimum in least.items():
            if not minimum <= getattr(self, name) < math.inf:
                raise TrainingError("training.at_least", field=name, value=getattr(self, name), least=minimum)
        if not self.clip > 0:
            raise TrainingError("training.positive", field="clip", value=self.clip)
        if not 0 <= self.decay_fraction <= 1:
            raise TrainingError("training.fraction", field="decay_fraction", value=self.decay_fraction)
