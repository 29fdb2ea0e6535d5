"""What each switch of the learner is worth: ``python benchmarks/ablations.py CORPUS --out DIR``.

Every row trains a small model for the same minutes on one core, the seeds of a row one after the other, and is then
measured on the validation games of the corpus (or of another, ``--games``). What is done already is not done again,
so that a row can be added, or the rest be left for the night. ``--list`` prints the command of each row.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# bf16 is for CPUs that multiply it; take fp32 elsewhere. Compiling would take a minute of the few there are.
SHAPE = "--context 128 --n-layer 4 --n-head 3 --d-model 192 --d-ff 768"
PLACE = "--precision bf16 --compile off --validate-every 100000 --save-minutes 60"
RECIPE = f"--preset base --no-symmetric {SHAPE} --batch-positions 4096 {PLACE}"
BLIND = "--no-value --no-conditions --no-exchanges --no-move-features"
ADAMW = "--optimizer adamw --weight-decay 0.1"


@dataclass(frozen=True)
class Row:
    """A recipe: what is changed of the first row's."""

    name: str
    flags: str = ""
    people: bool = False  # trains on the games of people alone


ROWS = [
    Row("base"),
    # What the model sees and how it answers, from the least on.
    Row("moves-iccs", f"{BLIND} --policy vocabulary --board none --tokenizer iccs"),
    Row("moves", f"{BLIND} --policy vocabulary --board none"),
    Row("board", f"{BLIND} --policy vocabulary --board bag"),
    Row("tactics", f"{BLIND} --policy vocabulary"),
    Row("legal", BLIND),
    Row("move-features", "--no-value --no-conditions --no-exchanges"),
    Row("exchanges", "--no-value --no-conditions"),
    Row("value", "--no-conditions"),
    # How it learns.
    Row("adamw-1e-3", f"{ADAMW} --learning-rate 1e-3"),
    Row("adamw-3e-3", f"{ADAMW} --learning-rate 3e-3"),
    Row("adamw-6e-3", f"{ADAMW} --learning-rate 6e-3"),
    Row("muon-0.01", "--muon-learning-rate 0.01"),
    Row("muon-0.04", "--muon-learning-rate 0.04"),
    Row("adafactor-1e-3", "--optimizer adafactor --learning-rate 1e-3"),
    Row("adafactor-4e-3", "--optimizer adafactor --learning-rate 4e-3"),
    Row("no-mirror", "--mirror 0"),
    Row("half-mirrored", "--mirror 0.5"),
    Row("ema", "--ema 0.98"),
    Row("dropout", "--dropout 0.1"),
    Row("r-drop", "--dropout 0.1 --r-drop 0.5"),
    Row("smoothing", "--label-smoothing 0.05"),
    Row("people-only", people=True),
    # The block.
    Row("deep", "--n-layer 8 --n-head 2 --d-model 136 --d-ff 544"),
    Row("wide", "--n-layer 2 --n-head 4 --d-model 272 --d-ff 1088"),
    Row("gpt2-block", "--norm layernorm --positions learned --activation gelu --no-qk-norm --no-zero-init"),
    Row("no-qk-norm", "--no-qk-norm"),
    Row("no-zero-init", "--no-zero-init"),
]


@dataclass(frozen=True)
class Plan:
    """Where things are and how long they take."""

    corpus: Path
    people: Path | None
    games: Path
    out: Path
    minutes: float

    def folder(self, row: Row, seed: int) -> Path:
        return self.out / f"{row.name}-{seed}"

    def command(self, row: Row, seed: int) -> list[str]:
        corpus = self.people if row.people and self.people else self.corpus
        places = ["--corpus", str(corpus), "--out", str(self.folder(row, seed))]
        length = ["--minutes", f"{self.minutes:g}", "--threads", "1", "--seed", str(seed)]
        return ["xiangqi-gpt", "train", *places, *length, *shlex.split(f"{RECIPE} {row.flags}")]

    def run(self, row: Row, seed: int) -> None:
        """Train and measure, unless that is done."""
        folder = self.folder(row, seed)
        if (folder / "evaluation.json").exists():
            return
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was interrupted: its minutes were others'
        log, measured = folder.with_suffix(".log"), folder / "measured.json"
        places = [str(folder), "--corpus", str(self.games), "--out", str(measured)]
        try:
            self._call(self.command(row, seed), log)
            self._call(["xiangqi-gpt", "evaluate", *places, "--threads", "1"], log)
        except subprocess.CalledProcessError:
            print(f"{row.name}, seed {seed}: failed, see {log}", file=sys.stderr)
            return
        shutil.rmtree(folder / "checkpoints")
        measured.rename(folder / "evaluation.json")
        print(f"{row.name}, seed {seed}: {self.figures(row, seed)['nats_per_ply']:.3f} nats", file=sys.stderr)

    def _call(self, command: Sequence[str], log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            subprocess.run(
                [sys.executable, "-m", "xiangqi_gpt", *command[1:]], stdout=stream, stderr=stream, check=True
            )

    def figures(self, row: Row, seed: int) -> dict[str, float]:
        """What a row's run gave."""
        folder = self.folder(row, seed)
        found = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
        steps = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
        figures = {name: found[name] for name in ("nats_per_ply", "top1")}
        figures |= {f"phase {number}": phase["top1"] for number, phase in enumerate(found["phases"].values())}
        figures["positions"] = sum(step.get("positions", 0) for step in steps)
        if "argmax_legal" in found:
            figures["argmax_legal"] = found["argmax_legal"]
        return figures

    def line(self, row: Row, seeds: Sequence[int]) -> str | None:
        """The row of the table: the nats of each seed that is done, means of the rest."""
        done = [self.figures(row, seed) for seed in seeds if (self.folder(row, seed) / "evaluation.json").exists()]
        if not done:
            return None
        mean = {name: statistics.fmean(one[name] for one in done) for name in done[0]}
        nats = ", ".join(f"{one['nats_per_ply']:.3f}" for one in done)
        phases = " / ".join(f"{100 * mean[f'phase {number}']:.1f}" for number in range(3))
        legal = f"{mean['argmax_legal']:.1%}" if "argmax_legal" in mean else ""
        positions = f"{mean['positions'] / 1e6:.2f} M"
        cells = [row.name, nats, f"{mean['top1']:.1%}", phases, positions, legal]
        return f"| {' | '.join(cells)} | `{row.flags or ('the games of people alone' if row.people else '')}` |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--people", type=Path, help="the corpus without the engine games, for the row of that name")
    parser.add_argument("--games", type=Path, help="the corpus whose validation games measure; CORPUS when left out")
    parser.add_argument("--out", type=Path, default=Path("runs/ablations"))
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time, each on one core")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rows", nargs="+", choices=[row.name for row in ROWS], default=[row.name for row in ROWS])
    parser.add_argument("--list", action="store_true", help="print the commands instead of running them")
    arguments = parser.parse_args()
    plan = Plan(
        arguments.corpus, arguments.people, arguments.games or arguments.corpus, arguments.out, arguments.minutes
    )
    rows = [row for row in ROWS if row.name in arguments.rows and not (row.people and plan.people is None)]
    if arguments.list:
        for row in rows:
            print(f"{row.name:>18}  {shlex.join(plan.command(row, arguments.seeds[0]))}")
        return
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for _ in pool.map(lambda task: plan.run(*task), [(row, seed) for seed in arguments.seeds for row in rows]):
            pass
    print("| row | nats a ply | top-1 | opening / middle / later, % | positions | argmax legal | changes |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        if (line := plan.line(row, arguments.seeds)) is not None:
            print(line)


if __name__ == "__main__":
    main()
