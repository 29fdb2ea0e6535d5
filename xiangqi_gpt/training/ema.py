"""The exponential moving average of a model's weights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

__all__ = ["EMA"]


class EMA:
    """An average of the weights over the last ``1 / (1 - decay)`` steps or so.

    In the first steps it is shorter, ``(1 + step) / (10 + step)``, so that the initial weights are soon forgotten.

    Args:
        model: the model; its weights begin the average.
        decay: 0 for none, which is then the model itself.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self._parameters = dict(model.named_parameters())
        self.weights: dict[str, Tensor] = (
            {name: parameter.detach().clone() for name, parameter in self._parameters.items()} if decay else {}
        )

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take the weights after ``step`` steps into the average."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, average in self.weights.items():
            average.lerp_(self._parameters[name], 1 - decay)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let the model have the average for its weights meanwhile."""
        with torch.no_grad():
            own = {name: self._parameters[name].detach().clone() for name in self.weights}
            for name, average in self.weights.items():
                self._parameters[name].copy_(average)
        try:
            yield
        finally:
            with torch.no_grad():
                for name, parameter in own.items():
                    self._parameters[name].copy_(parameter)
