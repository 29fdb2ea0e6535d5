"""Named settings, in TOML: those that ship, and the user's own files."""

from __future__ import annotations

import dataclasses
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.training.settings import TrainingError, TrainingSettings

__all__ = ["load_preset", "preset_names"]

_FOLDER = resources.files("xiangqi_gpt.data") / "presets"


def preset_names() -> list[str]:
    """The presets that ship."""
    return sorted(item.name.removesuffix(".toml") for item in _FOLDER.iterdir() if item.name.endswith(".toml"))


def load_preset(name: str) -> TrainingSettings:
    """The settings of a preset by its name, or of a TOML file by its path.

    Raises:
        TrainingError: there is no such preset, or it names unknown settings.
        ConfigError: its settings contradict each other.
    """
    path = Path(name)
    try:
        if name in preset_names():
            text = (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        elif path.suffix == ".toml":
            text = path.read_text(encoding="utf-8")
        else:
            raise TrainingError("training.unknown_preset", name=name, names=", ".join(preset_names()))
        values = tomllib.loads(text)
    except FileNotFoundError:
        raise TrainingError("training.preset_missing", path=name) from None
    except (OSError, ValueError) as error:
        raise TrainingError("training.preset_unreadable", path=name, reason=error) from error
    model = _checked(name, "model.", values.pop("model", {}), ModelConfig)
    if misplaced := values.keys() & {field.name for field in dataclasses.fields(ModelConfig)}:
        raise TrainingError("training.preset_place", path=name, field=min(misplaced))
    training = _checked(name, "", values, TrainingSettings)
    return TrainingSettings(model=ModelConfig(**model), **training)


def _checked(path: str, prefix: str, values: Any, kind: type) -> dict[str, Any]:
    """``values`` if every key is a setting of ``kind`` and has its type."""
    defaults = {f.name: f.default for f in dataclasses.fields(kind)}
    if not isinstance(values, dict):
        raise TrainingError("training.preset_unreadable", path=path, reason=f"[{prefix[:-1]}]")
    for name, value in values.items():
        if name not in defaults or name == "model":
            raise TrainingError("training.preset_key", path=path, field=f"{prefix}{name}")
        wanted = type(defaults[name])
        if wanted is tuple and isinstance(value, list) and all(type(item) in (int, float) for item in value):
            values[name] = tuple(map(float, value))
        elif type(value) is not wanted and not (wanted is float and type(value) is int):
            raise TrainingError("training.preset_unreadable", path=path, reason=f"{prefix}{name} = {value!r}")
    return values
