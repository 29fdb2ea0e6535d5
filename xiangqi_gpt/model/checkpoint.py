"""Models on disk: their folder's settings, and their weights, never a pickle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.folder import WEIGHTS_FILE, ModelFileError, load_config, save_config, write_file

__all__ = ["load_model", "mismatch", "save_model"]


def save_model(
    folder: Path, config: ModelConfig, weights: dict[str, Tensor], dtype: torch.dtype | str = torch.float32
) -> None:
    """Write a model folder.

    Args:
        folder: made when it is missing.
        config: the model's settings.
        weights: ``Decoder.state_dict()``.
        dtype: what floating-point weights are stored as, or its name in torch.

    Raises:
        ModelFileError: it cannot be written.
    """
    floating = getattr(torch, dtype) if isinstance(dtype, str) else dtype
    stored = {
        name: tensor.detach().to("cpu", floating if tensor.is_floating_point() else tensor.dtype).contiguous()
        for name, tensor in weights.items()
    }
    write_file(folder / WEIGHTS_FILE, save(stored))
    save_config(folder, config)


def mismatch(weights: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> str | None:
    """The first name in alphabetical order that only one of two sets has, or in another shape; None: they agree."""
    for name in sorted(wanted.keys() | weights.keys()):
        if name not in wanted or name not in weights or weights[name].shape != wanted[name].shape:
            return name
    return None


def load_model(folder: Path, device: torch.device | str = "cpu") -> Decoder:
    """The model of a folder, in evaluation mode, ``float32``.

    Raises:
        ModelFileError: the folder holds no model of this program, or a damaged one.
        ConfigError: its settings contradict each other.
    """
    config = load_config(folder)
    path = folder / WEIGHTS_FILE
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelFileError("model.weights_unreadable", path=path, reason=error) from error
    # Before room is made for the model: its blocks alone must fit the file.
    if config.n_layer * config.d_model * (4 * config.d_model + 2 * config.d_ff) > path.stat().st_size:
        raise ModelFileError("model.weights_mismatch", path=path, name="blocks")
    model = Decoder(config)
    if (name := mismatch(weights, model.state_dict())) is not None:
        raise ModelFileError("model.weights_mismatch", path=path, name=name)
    model.load_state_dict(weights)
    return model.to(device).eval()
