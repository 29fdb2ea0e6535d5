"""``xiangqi-gpt export``: a run's model as a folder to give away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from xiangqi_gpt.messages import say

__all__ = ["Settings", "run"]


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt export``."""

    model: tyro.conf.Positional[str]
    """A model folder, such as that of a training run; gpt is the model that ships."""
    out: tyro.conf.Positional[Path]
    """The folder to write config.json and model.safetensors to."""
    dtype: Literal["float16", "bfloat16", "float32"] = "float16"
    """How weights are stored; they are loaded as float32 again."""
    overwrite: bool = False
    """Replace a model that is in the folder already."""


def run(settings: Settings) -> int:
    """Write the model, without what only training needs."""
    from xiangqi_gpt.model.checkpoint import load_model, save_model
    from xiangqi_gpt.model.folder import MODEL_FILES, ModelFileError, find_model

    source = find_model(settings.model)
    files = [settings.out / name for name in MODEL_FILES]
    # Over itself a run would lose the float32 weights, and there is nothing to resume from.
    same = settings.out.resolve() == source.resolve()
    if same or (not settings.overwrite and any(file.exists() for file in files)):
        raise ModelFileError("model.export_exists", folder=settings.out)
    model = load_model(source)
    save_model(settings.out, model.config, model.state_dict(), settings.dtype)
    size = sum(file.stat().st_size for file in files) / 1e6
    print(say("cli.exported", folder=settings.out, parameters=model.count_parameters() / 1e6, size=size))
    return 0
