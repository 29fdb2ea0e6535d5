"""Training speed beside a plain loop at equal shape: ``python benchmarks/training.py``.

The plain loop is a GPT-2 as one writes it first (in the manner of nanoGPT): blocks of LayerNorm, causal
attention and a GELU network over move tokens alone, float32, eager, AdamW, sequences cut to one length
so that nothing is padding. The program's rows train with their presets' settings at the same depth and
width on games of a corpus, in each of the precisions asked for, compiled or not. Rounds take turns, so that
a noisy machine is as unkind to all. On a GPU the peak memory is told too.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from xiangqi_gpt.cli.threads import set_threads

if TYPE_CHECKING:
    from xiangqi_gpt.encoding.batch import EncodedBatch
    from xiangqi_gpt.training.settings import TrainingSettings


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


def plain_loop(layers: int, heads: int, width: int, length: int, positions: int, device: str) -> Callable[[], int]:
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
            x = self.tokens(tokens) + self.places(torch.arange(tokens.shape[1], device=tokens.device))
            for block in self.blocks:
                x = block(x)
            logits: torch.Tensor = self.head(self.norm(x))
            return logits

    model = Plain().to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=6e-4, betas=(0.9, 0.95), weight_decay=0.1)
    batch = positions // length

    def step() -> int:
        text = torch.randint(0, 2086, (batch, length + 1), device=device)
        loss = F.cross_entropy(model(text[:, :-1]).flatten(0, 1), text[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
        optimizer.step()
        return batch * length

    return step


@dataclass
class Turn:
    """Some steps: their positions and seconds, and those of them that were waited for data."""

    positions: int
    seconds: float
    waited: float = 0.0


class Row:
    """A preset in the program's loop, with batches that come as in training."""

    def __init__(self, settings: TrainingSettings, corpus: Path, folder: Path) -> None:
        from xiangqi_gpt.corpus.dataset import Corpus
        from xiangqi_gpt.training.loop import Trainer

        self.trainer = Trainer(settings, Corpus.open(corpus, verify=False), folder)
        self.trainer.model.train()

    def turn(self, steps: int) -> Turn:
        """Train for some steps. No batch for them is made while others have their turns."""
        source, waited = self.trainer._batches(0), 0.0

        def timed() -> Iterator[EncodedBatch]:
            nonlocal waited
            while True:
                started = time.perf_counter()
                batch = next(source)
                waited += time.perf_counter() - started
                yield batch

        batches = timed()
        self.trainer._step(batches)  # which waits for the first batch
        waited, started = 0.0, time.perf_counter()
        positions = sum(int(self.trainer._step(batches)["positions"]) for _ in range(steps))
        seconds = time.perf_counter() - started
        source.close()
        return Turn(positions, seconds, waited)

    def encoding(self, batches: int = 4) -> float:
        """CPU seconds that a batch takes to encode."""
        started = time.thread_time()
        for number in range(batches):
            self.trainer.order.batch(number)
        return (time.thread_time() - started) / batches


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="a corpus of games; random games of 80 plies when left out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=6, help="steps a turn")
    parser.add_argument("--positions", type=int, default=8192, help="positions a step")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--precision", nargs="+", choices=("auto", "bf16", "fp16", "fp32"), default=["auto"])
    parser.add_argument("--compile", nargs="+", choices=("on", "off"), default=["on"])
    parser.add_argument("--presets", nargs="+", default=["gpt2-move", "base"])
    arguments = parser.parse_args()
    set_threads(arguments.threads)
    import torch

    from xiangqi_gpt.training.hardware import choose_device, flops_per_position, matmul_rate
    from xiangqi_gpt.training.presets import load_preset

    device = choose_device(arguments.device)
    rates = {dtype: matmul_rate(dtype, device) for dtype in (torch.float32, torch.bfloat16, torch.float16)}
    where = torch.cuda.get_device_name() if device.type == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    print(f"{where}; matmul " + ", ".join(f"{d} {r / 1e9:,.0f} GF/s" for d, r in rates.items()))
    shape = {"n_layer": arguments.layers, "n_head": arguments.heads, "d_model": arguments.width}
    shape["d_ff"] = 4 * arguments.width
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = arguments.corpus or make_corpus(folder)
        rows: dict[str, Row] = {}
        for preset, precision, compiled in product(arguments.presets, arguments.precision, arguments.compile):
            settings = load_preset(preset)
            settings = dataclasses.replace(
                settings,
                model=dataclasses.replace(settings.model, **shape),
                batch_positions=arguments.positions,
                device=device.type,
                precision=precision,
                compile=compiled,
            )
            title = f"{preset} {precision}{', compiled' if compiled == 'on' else ''}"
            rows[title] = Row(settings, corpus, folder / title)
        order = next(iter(rows.values())).trainer.order
        length = round(order.plies / order.windows)
        plain = plain_loop(arguments.layers, arguments.heads, arguments.width, length, arguments.positions, device.type)

        def plain_turn(steps: int) -> Turn:
            started = time.perf_counter()
            positions = sum(plain() for _ in range(steps))
            return Turn(positions, time.perf_counter() - started)

        turns = {"plain": plain_turn} | {title: row.turn for title, row in rows.items()}
        memory: dict[str, float] = {}
        for title, turn in turns.items():  # compile and warm up
            if device.type == "cuda":
                torch.cuda.reset_peak_memory_stats()
            turn(2)
            memory[title] = torch.cuda.max_memory_allocated() / 2**30 if device.type == "cuda" else 0.0
        taken: dict[str, list[Turn]] = {title: [] for title in turns}
        for _ in range(arguments.rounds):
            for title, turn in turns.items():
                taken[title].append(turn(arguments.steps))
        base = statistics.median(turn.positions / turn.seconds for turn in taken["plain"])
        print(
            f"{'':>26} {'positions/s':>12} {'of plain':>9} {'of matmul':>10} {'waiting':>8} {'encoding':>9} {'GiB':>6}"
        )
        for title, own in taken.items():
            rate = statistics.median(turn.positions / turn.seconds for turn in own)
            line = f"{title:>26} {rate:>12,.0f} {rate / base:>8.2f}x"
            if title in rows:
                trainer = rows[title].trainer
                used = rate * flops_per_position(trainer.settings.model, length) / rates[trainer.dtype]
                seconds = sum(turn.seconds for turn in own)
                waiting = sum(turn.waited for turn in own) / seconds
                encoding = rows[title].encoding() / (seconds / (arguments.rounds * arguments.steps))
                line += f" {used:>9.1%} {waiting:>8.1%} {encoding:>9.1%}"
                if device.type == "cuda":
                    line += f" {memory[title]:>6.1f}"
            print(line)
        print("encoding: CPU time of one core, as a share of a step's time; it runs beside the step.")


if __name__ == "__main__":
    main()
