"""Training in several processes, as torchrun starts them; one process needs none of it."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import cast

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.nn.parallel import DistributedDataParallel

from xiangqi_gpt.model.decoder import Choices, Decoder, Inputs

__all__ = ["Learner", "Ranks", "gradients_shared", "like", "whole"]


class Ranks:
    """This process among those that train together.

    Args:
        device: where this process trains, as chosen for one process; each gets a GPU of its own.

    Attributes:
        rank: its number.
        count: how many there are.
        device: where it trains.
    """

    def __init__(self, device: torch.device) -> None:
        self.rank, self.count = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
        self.device = device
        if self.count == 1:
            return
        if device.type == "cuda":
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
            torch.cuda.set_device(self.device)
        if not dist.is_initialized():
            dist.init_process_group("nccl" if device.type == "cuda" else "gloo")

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes and reports."""
        return self.rank == 0

    def sum(self, *values: float) -> list[float]:
        """The sums of values over all processes."""
        if self.count == 1:
            return list(values)
        total = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(total)
        return cast("list[float]", total.tolist())

    def any(self, value: bool) -> bool:
        """Whether it is so in any process."""
        return self.sum(float(value))[0] > 0

    def first(self, value: float) -> float:
        """The value of the first process."""
        return self.sum(value if self.is_first else 0.0)[0]

    def close(self) -> None:
        """Leave the group."""
        if self.count > 1 and dist.is_initialized():
            dist.barrier()  # one that leaves while another still talks to it would end that one
            dist.destroy_process_group()


class Learner(nn.Module):
    """A decoder as training calls it: one ``forward`` from a batch to logits, as DDP and FSDP need it."""

    def __init__(self, model: Decoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, inputs: Inputs, places: Tensor, choices: Choices) -> tuple[Tensor, Tensor | None]:
        """See :meth:`Decoder.predict`."""
        return self.model.predict(inputs, places, choices)

    def spread(self, ranks: Ranks, shard: bool) -> nn.Module:
        """The learner for several processes: with copies of the weights (DDP), or with shards of them (FSDP2)."""
        if ranks.count == 1:
            return self
        if not shard:
            devices = [ranks.device] if ranks.device.type == "cuda" else None
            return DistributedDataParallel(self, device_ids=devices, broadcast_buffers=False)  # the only ones are fixed
        mesh = init_device_mesh(ranks.device.type, (ranks.count,))
        for block in self.model.blocks:
            fully_shard(block, mesh=mesh)
        # The root, too, gives its weights back after a validation: training must see those that are then put in place.
        fully_shard(self, mesh=mesh, reshard_after_forward=True)
        return self


def gradients_shared(learner: nn.Module, now: bool) -> AbstractContextManager[None]:
    """Whether the backward pass in it adds up the gradients of all processes, or leaves that to a later one (DDP)."""
    return learner.no_sync() if isinstance(learner, DistributedDataParallel) and not now else nullcontext()


def whole(tensor: Tensor) -> Tensor:
    """A tensor, gathered where it is spread over processes; all must ask."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def like(tensor: Tensor, pattern: Tensor) -> Tensor:
    """A whole tensor, spread over processes as ``pattern`` is."""
    if isinstance(pattern, DTensor) and tensor.shape == pattern.shape:
        return distribute_tensor(tensor.to(pattern.device), pattern.device_mesh, pattern.placements)
    return tensor
