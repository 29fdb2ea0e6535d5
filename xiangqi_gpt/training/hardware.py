"""What the machine can do: devices, precisions, its rate of multiplying, whether models can be compiled."""

from __future__ import annotations

import time

import torch

from xiangqi_gpt.encoding.exchanges import N_EXCHANGES
from xiangqi_gpt.encoding.features import N_CATEGORIES
from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.training.settings import TrainingError

__all__ = ["can_compile", "choose_device", "choose_precision", "flops_per_position", "matmul_rate"]


def choose_device(wanted: str) -> torch.device:
    """The device of a setting ``auto``, ``cpu`` or ``cuda``.

    Raises:
        TrainingError: ``cuda`` is wanted and there is none.
    """
    if wanted == "cuda" and not torch.cuda.is_available():
        raise TrainingError("training.no_cuda")
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


def matmul_rate(dtype: torch.dtype, device: torch.device) -> float:
    """The best rate of a large matrix product in a few tries, floating-point operations a second."""
    n = 8192 if device.type == "cuda" else 1024
    a, b = torch.ones(n, n, dtype=dtype, device=device), torch.ones(n, n, dtype=dtype, device=device)
    times = []
    for _ in range(5):
        if device.type == "cuda":
            torch.cuda.synchronize()
        started = time.perf_counter()
        a @ b
        if device.type == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - started)
    return float(2 * n**3 / min(times))


def choose_precision(wanted: str, device: torch.device) -> torch.dtype:
    """The autocast dtype of a setting ``auto``, ``bf16``, ``fp16`` or ``fp32``.

    CPUs differ: with AMX or AVX512-BF16 a bf16 matmul is several times as fast as fp32, elsewhere
    slower. ``auto`` on a CPU times both, once.
    """
    if wanted == "auto":
        if device.type == "cuda":
            wanted = "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
        else:
            faster = matmul_rate(torch.bfloat16, device) > 1.25 * matmul_rate(torch.float32, device)
            wanted = "bf16" if faster else "fp32"
    return {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}[wanted]


def can_compile(device: torch.device) -> bool:
    """Whether torch.compile works here: it needs a C++ compiler, or Triton for a GPU."""

    def probe(x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x).square() + 1

    try:
        torch.compile(probe)(torch.ones(64, device=device))
    except Exception:  # whatever it is, the answer is no: models run without
        return False
    finally:
        torch.compiler.reset()
    return True


def flops_per_position(config: ModelConfig, length: float) -> float:
    """Floating-point operations of a training step for each position, forward and backward (PaLM's count).

    Two for each weight of a matrix and place, and those of causal attention over games of ``length``
    plies on average; the backward pass takes twice as many. Embeddings are looked up, not multiplied.
    """
    width = config.d_model
    head = config.n_outputs + N_CATEGORIES * config.move_features + N_EXCHANGES * config.exchanges + 3 * config.value
    matrices = config.n_layer * (4 * width * width + 2 * width * config.d_ff) + width * head
    attention = config.n_layer * 2 * width * length * config.tokens_per_ply
    return 3.0 * (2 * matrices + attention) * config.tokens_per_ply
