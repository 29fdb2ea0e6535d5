"""Encoded batches as tensors on the model's device."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from xiangqi_gpt.encoding.batch import EncodedBatch
from xiangqi_gpt.model.decoder import Choices, Inputs

__all__ = ["to_choices", "to_device", "to_inputs"]


def to_device(array: NDArray[Any], device: torch.device) -> Tensor:
    """An array as a tensor on ``device``; to a GPU it goes while the CPU works on."""
    made = torch.from_numpy(array)
    if device.type == "cuda":
        return made.pin_memory().to(device, non_blocking=True)
    return made.to(device)


def to_inputs(batch: EncodedBatch, device: torch.device) -> Inputs:
    """What the decoder reads of a batch."""
    board = len(batch.feature_offsets) > 0
    return Inputs(
        tokens=to_device(batch.tokens, device),
        features=to_device(batch.features, device) if board else None,
        feature_offsets=to_device(batch.feature_offsets.astype(np.int32), device) if board else None,
        conditions=to_device(batch.conditions, device),
    )


def to_choices(batch: EncodedBatch, device: torch.device) -> Choices:
    """The legal moves at the places of a batch that count."""
    rows = (batch.legal, batch.categories, batch.exchanges)
    return Choices(*(to_device(array, device) if array.shape[1] else None for array in rows))
