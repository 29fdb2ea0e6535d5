"""The folder of a model: ``config.json`` and ``model.safetensors``. Its settings are read without loading torch."""

from __future__ import annotations

import dataclasses
import json
from importlib import resources
from pathlib import Path

from xiangqi_gpt.atomic import write_whole
from xiangqi_gpt.encoding.vocabulary import VOCABULARY_HASH
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.model.config import ModelConfig

__all__ = [
    "FORMAT_VERSION",
    "MODEL_FILES",
    "WEIGHTS_FILE",
    "ModelFileError",
    "default_model_folder",
    "find_model",
    "load_config",
    "save_config",
    "write_file",
]

FORMAT_VERSION = 1
_MODEL_TYPE = "xiangqi-gpt"
_CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
MODEL_FILES = (_CONFIG_FILE, WEIGHTS_FILE)


class ModelFileError(XiangqiError):
    """A model folder that cannot be read or written."""


def default_model_folder() -> Path:
    """The folder of the model that ships with the program."""
    return Path(str(resources.files("xiangqi_gpt.data") / "model"))


def find_model(name: str | Path) -> Path:
    """The folder that a model is named by: a path, or as players are named, ``gpt`` (what ships) or ``gpt:DIR``."""
    kind, colon, folder = str(name).partition(":")
    if kind != "gpt" or Path(name).exists():
        return Path(name)
    return Path(folder) if colon else default_model_folder()


def write_file(path: Path, data: bytes) -> None:
    """Write a file of a model or a run, and the folders it is in, so that it is at every moment the old or the new one.

    Raises:
        ModelFileError: it cannot be written; the old file stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise ModelFileError("model.write_failed", path=path, reason=error) from error


def save_config(folder: Path, config: ModelConfig) -> None:
    """Write the settings of a model into its folder.

    Raises:
        ModelFileError: they cannot be written.
    """
    document = {
        "model_type": _MODEL_TYPE,
        "format_version": FORMAT_VERSION,
        "vocabulary": VOCABULARY_HASH,
        "model": config.to_dict(),
    }
    write_file(folder / _CONFIG_FILE, f"{json.dumps(document, indent=2)}\n".encode())


def load_config(folder: Path) -> ModelConfig:
    """The settings of a model folder.

    Raises:
        ModelFileError: the folder is no model folder of this program, or of another version.
        ConfigError: its settings contradict each other.
    """
    path = folder / _CONFIG_FILE
    if not path.is_file() or not (folder / WEIGHTS_FILE).is_file():
        raise ModelFileError("model.not_a_model", path=folder)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileError("model.config_unreadable", path=path, reason=error) from error
    if not isinstance(document, dict) or document.get("model_type") != _MODEL_TYPE:
        raise ModelFileError("model.config_foreign", path=path)
    if document.get("format_version") != FORMAT_VERSION:
        found = document.get("format_version")
        raise ModelFileError("model.format_version", path=path, found=found, known=FORMAT_VERSION)
    if document.get("vocabulary") != VOCABULARY_HASH:
        found = document.get("vocabulary")
        raise ModelFileError("model.vocabulary", path=path, found=found, known=VOCABULARY_HASH)
    settings = document.get("model")
    known = {field.name: field for field in dataclasses.fields(ModelConfig)}
    if not isinstance(settings, dict):
        raise ModelFileError("model.config_unreadable", path=path, reason="model")
    for name, value in settings.items():
        if name not in known:
            raise ModelFileError("model.config_unknown", path=path, field=name)
        default = known[name].default
        if type(value) is not type(default) and not (type(default) is float and type(value) is int):
            raise ModelFileError("model.config_unreadable", path=path, reason=f"{name} = {value!r}")
    return ModelConfig(**settings)
