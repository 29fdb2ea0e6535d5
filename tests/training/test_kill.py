"""A run killed without warning, at any moment, goes on as if nothing had been.

``python tests/training/test_kill.py 20 CORPUS`` kills it twenty times.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import torch

from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.model.checkpoint import load_model
from xiangqi_gpt.training.runs import checkpoint_folders

ARGUMENTS = (
    *("--preset", "nano", "--steps", "60", "--batch-positions", "200", "--d-model", "32", "--d-ff", "32"),
    *("--context", "24", "--validate-every", "10", "--validation-positions", "500", "--device", "cpu"),
    *("--precision", "fp32", "--compile", "off", "--dropout", "0.1", "--ema", "0.9", "--save-minutes", "0"),
    *("--threads", "1"),
)


def start(corpus: Path, run: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "xiangqi_gpt", "train", "--corpus", str(corpus), "--out", str(run), *ARGUMENTS]
    if checkpoint_folders(run):
        command.append("--resume")
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def train_with_kills(corpus: Path, run: Path, kills: int, seed: int) -> int:
    """Train to the end, killing the process at random moments after its first steps; returns how many kills hit."""
    rng, hits = random.Random(seed), 0
    for _ in range(kills):
        steps_before = (run / "log.jsonl").read_text().count("\n") if (run / "log.jsonl").exists() else 0
        process = start(corpus, run)
        while process.poll() is None:  # until the run moves, then for a random moment longer
            log = run / "log.jsonl"
            if log.exists() and log.read_text().count("\n") > steps_before and checkpoint_folders(run):
                break
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.15))
        hits += process.poll() is None
        process.kill()
        process.communicate()
    process = start(corpus, run)
    _, error = process.communicate(timeout=300)
    assert process.returncode == 0 or b"--steps" in error, error.decode()
    return hits


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_runs_end_with_the_same_weights(corpus: Corpus, tmp_path: Path) -> None:
    check_kills(corpus.folder, tmp_path, 2)


def check_kills(corpus: Path, folder: Path, kills: int) -> None:
    train_with_kills(corpus, folder / "whole", 0, 0)
    hits = train_with_kills(corpus, folder / "killed", kills, 1)
    assert 0 < hits <= kills
    whole, killed = (checkpoint_folders(folder / run)[-1] for run in ("whole", "killed"))
    assert whole.name == killed.name
    for name, tensor in load_model(whole).state_dict().items():
        assert torch.equal(tensor, load_model(killed).state_dict()[name]), name
    for name in ("optimizer.safetensors", "ema.safetensors"):
        assert (whole / name).read_bytes() == (killed / name).read_bytes()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        check_kills(Path(sys.argv[2]), Path(folder), int(sys.argv[1]))
