"""Training speed beside a plain loop at equal shape: ``python benchmarks/training.py``.

The plain loop is a GPT-2 as one writes it first (in the manner of nanoGPT): blocks of LayerNorm, causal
attention and a GELU network over move tokens alone, float32, eager, AdamW, sequences cut to one length
so that nothing is padding. The program's rows train with their presets' settings at the same depth,
width and context on games of the same corpus. Rounds take turns, so that a noisy machine is as unkind to all.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from xiangqi_gpt.cli.threads import set_threads


def make_corpus(folder: Path, games: int = 600, plies: int = 80) -> Path:
    """A corpus of random games, for those who have none at hand."""
    from xiangqi_gpt import Board
    from xiangqi_gpt.corpus.prepare import prepare

    rng, texts = random.Random(1), []
    for _ in range(games):
        board = Board()
        while len(board.move_stack) < plies and (moves := list(board.legal_moves)):
            board.push(rng.choice(moves))
        texts.append(f'[Result "*"]\n\n{" ".join(move.iccs() for move in board.move_stack)} *\n')
    (folder / "games.pgn").write_text("\n".join(texts), encoding="utf-8")
    prepare([folder / "games.pgn"], folder / "corpus", validation=0.05)
    return folder / "corpus"


def plain_loop(layers: int, heads: int, width: int, length: int, positions: int) -> Callable[[], int]:
    """One step of the plain loop; returns how many positions it trained on."""
    import torch
    import torch.nn.functional as F
    from torch import nn

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            batch, places, _ = x.shape
            q, k, v = self.qkv(self.norm1(x)).split(width, dim=2)
            q, k, v = (y.view(batch, places, heads, -1).transpose(1, 2) for y in (q, k, v))
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(y.transpose(1, 2).reshape(batch, places, width))
            return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))

    class Plain(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tokens, self.places = nn.Embedding(2112, width), nn.Embedding(length, width)
            self.blocks = nn.ModuleList(Block() for _ in range(layers))
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 2112, bias=False)
            self.head.weight = self.tokens.weight

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            x = self.tokens(tokens) + self.places(torch.arange(tokens.shape[1]))
            for block in self.blocks:
                x = block(x)
            logits: torch.Tensor = self.head(self.norm(x))
            return logits

    model = Plain()
    optimizer = torch.optim.AdamW(model.parameters(), lr=6e-4, betas=(0.9, 0.95), weight_decay=0.1)
    batch = positions // length

    def step() -> int:
        text = torch.randint(0, 2086, (batch, length + 1))
        loss = F.cross_entropy(model(text[:, :-1]).flatten(0, 1), text[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return batch * length

    return step


class Row:
    """A preset in the program's loop: its trainer, and batches that come as in training."""

    def __init__(self, preset: str, corpus: Path, folder: Path, changes: dict[str, object], model: dict[str, object]):
        from xiangqi_gpt.corpus.batches import prefetch
        from xiangqi_gpt.corpus.dataset import Corpus
        from xiangqi_gpt.training.loop import Trainer
        from xiangqi_gpt.training.presets import load_preset

        settings = load_preset(preset)
        settings = dataclasses.replace(settings, model=dataclasses.replace(settings.model, **model), **changes)
        self.trainer = Trainer(settings, Corpus.open(corpus, verify=False), folder)
        self.trainer.model.train()
        self.waiting = 0.0
        self.batches = self._timed(prefetch(self.trainer.order, 0))

    def _timed(self, batches: Iterator[object]) -> Iterator[object]:
        while True:
            started = time.perf_counter()
            batch = next(batches)
            self.waiting += time.perf_counter() - started
            yield batch

    def step(self) -> int:
        return int(self.trainer._step(self.batches)["positions"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="a corpus of games; random games of 80 plies when left out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--positions", type=int, default=8192, help="positions a step")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--compile", choices=("on", "off"), default="on")
    parser.add_argument("--presets", nargs="+", default=["gpt2-move", "base"])
    arguments = parser.parse_args()
    set_threads(arguments.threads)
    import torch

    from xiangqi_gpt.training.hardware import flops_per_position, matmul_rate

    cpu = torch.device("cpu")
    rates = {dtype: matmul_rate(dtype, cpu) for dtype in (torch.float32, torch.bfloat16)}
    print(
        f"{torch.get_num_threads()} threads; matmul " + ", ".join(f"{d} {r / 1e9:.0f} GF/s" for d, r in rates.items())
    )
    shape = {"n_layer": 6, "n_head": 4, "d_model": 256, "d_ff": 1024}
    changes = {"batch_positions": arguments.positions, "device": "cpu", "compile": arguments.compile}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = arguments.corpus or make_corpus(folder)
        rows = {preset: Row(preset, corpus, folder / preset, changes, shape) for preset in arguments.presets}
        mean = next(iter(rows.values())).trainer.order
        length = round(mean.plies / mean.windows)
        steps: dict[str, Callable[[], int]] = {"plain": plain_loop(6, 4, 256, length, arguments.positions)}
        steps |= {preset: row.step for preset, row in rows.items()}
        for step in steps.values():  # compile and warm up
            step()
            step()
        for row in rows.values():
            row.waiting = 0.0
        speeds: dict[str, list[float]] = {name: [] for name in steps}
        seconds = dict.fromkeys(steps, 0.0)
        for _ in range(arguments.rounds):
            for name, step in steps.items():
                started = time.perf_counter()
                positions = step() + step()
                took = time.perf_counter() - started
                seconds[name] += took
                speeds[name].append(positions / took)
        plain = statistics.median(speeds["plain"])
        print(f"{'':>12} {'positions/s':>12} {'of plain':>9} {'of matmul':>10} {'waiting for data':>17}")
        for name, own in speeds.items():
            rate = statistics.median(own)
            line = f"{name:>12} {rate:>12,.0f} {rate / plain:>8.2f}x"
            if name in rows:
                trainer = rows[name].trainer
                used = rate * flops_per_position(trainer.settings.model, length) / rates.get(trainer.dtype, 1.0)
                line += f" {used:>9.1%} {rows[name].waiting / seconds[name]:>16.1%}"
            print(line)


if __name__ == "__main__":
    main()
