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
    """How to train a model. The defaults are those of the preset base."""

    model: ModelConfig = field(default_factory=ModelConfig)
    """The model."""
    steps: int = 1800
    """Optimiser steps."""
    batch_positions: int = 8192
    """About how many positions a batch has."""
    accumulation: int = 1
    """Batches whose gradients are added up to one step."""
    minutes: float = 0.0
    """Train for so many minutes instead of ``steps``, the learning rate falling in time for the end; 0: by steps."""
    curriculum: tuple[float, ...] = ()
    """Shares of the context by which games are cut in equal parts of the training, such as 0.125 0.25 0.5 1."""
    optimizer: Literal["muon", "adamw", "adafactor"] = "muon"
    """Muon for the matrices of the blocks and AdamW for the rest, or AdamW or Adafactor for all."""
    learning_rate: float = 4e-3
    """The highest learning rate of AdamW, or Adafactor."""
    muon_learning_rate: float = 0.02
    """The highest learning rate of Muon."""
    weight_decay: float = 0.01
    """Decay of weight matrices, decoupled."""
    warmup_steps: int = 50
    """Steps over which the learning rate rises; with ``minutes`` a twentieth of them at most."""
    schedule: Literal["linear", "cosine"] = "linear"
    """Hold the highest learning rate, then lower it along a line; or a cosine over all of the training."""
    decay_fraction: float = 0.6
    """The share of the steps, at the end, over which the linear schedule falls."""
    clip: float = 1.0
    """The largest gradient norm; what is longer is shortened to it."""
    spike: float = 20.0
    """A step whose gradient norm is more than so many times the median of the last 50 is left out."""
    ema: float = 0.0
    """Keep the average of the weights with this decay a step, and validate and save that; 0: none."""
    label_smoothing: float = 0.0
    """The share of each target that is spread over all moves."""
    r_drop: float = 0.0
    """Weight of the divergence between two passes with other dropout (R-Drop); 0: one pass."""
    value_weight: float = 0.3
    """Weight of the loss of a value head."""
    engine_share: float = 0.0
    """How much of the move to learn is the engine's choice in games of people that carry it; engine games: all."""
    hide_conditions: float = 0.7
    """The share of the games of which a model with conditions is told nothing."""
    mirror: float = 0.25
    """The share of the games that are mirrored left to right, drawn anew each time."""
    precision: Literal["auto", "bf16", "fp16", "fp32"] = "auto"
    """The autocast dtype. auto: on a GPU bf16 where it has it, else fp16; on a CPU the faster of bf16 and fp32."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to train. auto: a GPU when there is one."""
    compile: Literal["auto", "on", "off"] = "auto"
    """torch.compile. auto: where it can be done and the training is long enough to gain by it."""
    shard: bool = False
    """With several processes, spread weights and optimiser over them (FSDP2) instead of copying them (DDP)."""
    tensorboard: bool = False
    """Also write the log for TensorBoard."""
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
            "minutes": 0,
            "r_drop": 0,
            "value_weight": 0,
        }
        check_choices(self)
        for name, minimum in least.items():
            if not minimum <= getattr(self, name) < math.inf:
                raise TrainingError("training.at_least", field=name, value=getattr(self, name), least=minimum)
        for name in ("clip", "spike"):
            if not getattr(self, name) > 0:
                raise TrainingError("training.positive", field=name, value=getattr(self, name))
        for name in ("decay_fraction", "ema", "label_smoothing", "engine_share", "hide_conditions", "mirror"):
            if not 0 <= getattr(self, name) <= 1:
                raise TrainingError("training.fraction", field=name, value=getattr(self, name))
        for share in self.curriculum:
            if not 0 < share <= 1:
                raise TrainingError("training.fraction", field="curriculum", value=share)

    def check_together(self) -> None:
        """Refuse settings that do not go together.

        Raises:
            TrainingError: two of them contradict each other.
        """
        if self.r_drop and not self.model.dropout:
            raise TrainingError("training.r_drop_without_dropout")
        if self.shard and self.optimizer != "adamw":
            raise TrainingError("training.sharded_needs_adamw", optimizer=self.optimizer)
        if self.model.symmetric and not self.mirror:
            raise TrainingError("training.symmetric_needs_mirror")
