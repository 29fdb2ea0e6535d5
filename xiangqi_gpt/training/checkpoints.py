"""Checkpoints of a run: everything that going on exactly needs.

A checkpoint is a folder ``checkpoints/step-00001000`` with the model (as any model folder),
``optimizer.safetensors``, ``ema.safetensors`` where weights are averaged, and ``training.json``.
It is written under another name and renamed when it is whole, so that a run killed at any moment
finds only whole ones.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from xiangqi_gpt.model.checkpoint import mismatch, save_model
from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.folder import WEIGHTS_FILE, ModelFileError, load_config, write_file
from xiangqi_gpt.training.ema import EMA
from xiangqi_gpt.training.ranks import like, whole
from xiangqi_gpt.training.runs import checkpoint_folders
from xiangqi_gpt.training.settings import TrainingError

__all__ = ["Progress", "load_checkpoint", "save_checkpoint"]


@dataclass
class Progress:
    """How far a run has come.

    Attributes:
        step: optimiser steps done.
        batch: batches taken, through all epochs: the place in the data.
        best_nats: the best validation so far.
        best_top1: its top-1.
        skipped: steps left out because their gradients were not finite, or a spike.
        seconds: time spent training.
        losses: those of the last steps.
        norms: the lengths of the last gradients.
    """

    step: int = 0
    batch: int = 0
    best_nats: float = float("inf")
    best_top1: float = 0.0
    skipped: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)
    norms: list[float] = field(default_factory=list)


def _flatten(optimizers: list[torch.optim.Optimizer]) -> dict[str, Tensor]:
    """The state of optimisers as named tensors: ``optimizer.parameter.key``."""
    flat = {}
    for i, optimizer in enumerate(optimizers):
        for parameter, state in optimizer.state_dict()["state"].items():
            for key, value in state.items():
                flat[f"{i}.{parameter}.{key}"] = whole(torch.as_tensor(value).detach()).cpu().contiguous()
    return flat


def _unflatten(optimizers: list[torch.optim.Optimizer], flat: dict[str, Tensor]) -> None:
    """Put named tensors back; the groups' settings stay those of the optimisers."""
    states: list[dict[int, dict[str, Any]]] = [{} for _ in optimizers]
    patterns = [[p for group in optimizer.param_groups for p in group["params"]] for optimizer in optimizers]
    for name, tensor in flat.items():
        i, parameter, key = name.split(".", 2)
        spread = like(tensor, patterns[int(i)][int(parameter)])
        states[int(i)].setdefault(int(parameter), {})[key] = spread
    for optimizer, state in zip(optimizers, states, strict=True):
        optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _load_weights(into: Mapping[str, Tensor], weights: dict[str, Tensor]) -> None:
    """Put weights in place, each process its part.

    Raises:
        ValueError: there are others than wanted, or one has another shape.
    """
    if (name := mismatch(weights, into)) is not None:
        raise ValueError(name)
    with torch.no_grad():
        for name, tensor in into.items():
            tensor.copy_(like(weights[name], tensor))


def save_checkpoint(
    run: Path,
    config: ModelConfig,
    weights: dict[str, Tensor],
    optimizers: list[torch.optim.Optimizer],
    ema: EMA,
    scaler: torch.amp.GradScaler,
    progress: Progress,
    identity: dict[str, Any],
    keep: int,
    *,
    write: bool = True,
) -> None:
    """Write a checkpoint and delete all but the last ``keep``.

    ``identity`` has the settings that a run keeps: the order of batches in which ``progress.batch`` is a place,
    and what the other files are the state of. Of several processes all call this, for it gathers what is spread
    over them, and one has ``write`` set. The random state is that process's.

    Raises:
        ModelFileError: it cannot be written; earlier checkpoints stay as they were.
    """
    final = run / "checkpoints" / f"step-{progress.step:08d}"
    unfinished = run / "checkpoints" / ".unfinished"
    tensors = {f"optimizer.{name}": tensor for name, tensor in _flatten(optimizers).items()}
    averaged = {name: whole(tensor).cpu().contiguous() for name, tensor in ema.weights.items()}
    if not write or final.exists():  # it does when a run is stopped again before the next step
        return
    tensors["random.cpu"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors |= {f"random.cuda.{i}": state for i, state in enumerate(torch.cuda.get_rng_state_all())}
    document = {"progress": vars(progress), "identity": identity, "scaler": scaler.state_dict()}
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        save_model(unfinished, config, weights)
        write_file(unfinished / "optimizer.safetensors", save(tensors))
        if averaged:
            write_file(unfinished / "ema.safetensors", save(averaged))
        write_file(unfinished / "training.json", json.dumps(document, indent=2).encode())
        unfinished.rename(final)
    except OSError as error:
        raise ModelFileError("model.write_failed", path=final, reason=error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for old in checkpoint_folders(run)[:-keep]:
        shutil.rmtree(old, ignore_errors=True)


def load_checkpoint(
    run: Path,
    model: Decoder,
    optimizers: list[torch.optim.Optimizer],
    ema: EMA,
    scaler: torch.amp.GradScaler,
    identity: dict[str, Any],
) -> Progress:
    """Load the last checkpoint of a run into a model, its optimisers and average, and the random state.

    Raises:
        TrainingError: there is none, it is damaged, or it is of another model or of a run with another identity.
    """
    folders = checkpoint_folders(run)
    if not folders:
        raise TrainingError("training.nothing_to_resume", folder=run)
    folder = folders[-1]
    saved, wanted = load_config(folder).to_dict(), model.config.to_dict()
    for name, value in wanted.items():
        if saved[name] != value and name != "symmetric":  # training has no part in that
            raise TrainingError("training.other_model", folder=folder, field=name, found=saved[name], wanted=value)
    try:
        document = json.loads((folder / "training.json").read_text(encoding="utf-8"))
        for name, value in identity.items():
            if (found := document["identity"][name]) != value:
                raise TrainingError("training.other_model", folder=folder, field=name, found=found, wanted=value)
        _load_weights(dict(model.named_parameters()), load_file(folder / WEIGHTS_FILE))
        if ema.weights:
            _load_weights(ema.weights, load_file(folder / "ema.safetensors"))
        tensors = load_file(folder / "optimizer.safetensors")
        prefix = "optimizer."
        _unflatten(optimizers, {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)})
        if document["scaler"]:  # empty where the run was not in fp16 before
            scaler.load_state_dict(document["scaler"])
        torch.set_rng_state(tensors["random.cpu"])
        if torch.cuda.is_available():
            names = [f"random.cuda.{i}" for i in range(torch.cuda.device_count())]
            torch.cuda.set_rng_state_all([tensors[name] for name in names if name in tensors])
        return Progress(**document["progress"])
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise TrainingError("training.checkpoint_damaged", folder=folder, reason=error) from error
