"""The keys and values of the places a decoder has already seen."""

from __future__ import annotations

import torch
from torch import Tensor

from xiangqi_gpt.model.config import ModelConfig

__all__ = ["KVCache"]


class KVCache:
    """Keys and values by layer, in room for a whole context.

    Args:
        config: the model's settings.
        batch: games B.
        device: where the model is.
        dtype: the dtype of keys and values.
    """

    def __init__(
        self,
        config: ModelConfig,
        batch: int = 1,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        places = config.context * config.tokens_per_ply
        shape = (config.n_layer, 2, batch, config.n_head, places, config.d_model // config.n_head)
        self._store = torch.empty(shape, device=device, dtype=dtype)  # [layers, 2, B, H, places, D]
        self.length = 0

    def extend(self, layer: int, k: Tensor, v: Tensor, *, keep: bool = True) -> tuple[Tensor, Tensor]:
        """Put ``k, v [B, H, S, D]`` behind the places held; returns all of them, ``[B, H, T, D]`` each.

        Without ``keep`` they are returned together but not held.
        """
        if not keep:
            held = self._store[layer, :, :, :, : self.length]  # [2, B, H, T, D]
            return torch.cat([held[0], k.to(held.dtype)], 2), torch.cat([held[1], v.to(held.dtype)], 2)
        end = self.length + k.shape[2]
        self._store[layer, 0, :, :, self.length : end] = k
        self._store[layer, 1, :, :, self.length : end] = v
        return self._store[layer, 0, :, :, :end], self._store[layer, 1, :, :, :end]

    def advance(self, places: int) -> None:
        """Count ``places`` more as held, once all layers have them."""
        self.length += places

    def rollback(self, length: int) -> None:
        """Forget all but the first ``length`` places."""
        self.length = min(self.length, length)
