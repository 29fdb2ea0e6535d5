"""Several processes, as torchrun starts them, train as one does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.model.checkpoint import load_model

ARGUMENTS = (
    *("--preset", "nano", "--steps", "6", "--batch-positions", "200", "--warmup-steps", "2"),
    *("--d-model", "32", "--d-ff", "32", "--context", "24", "--validate-every", "3", "--validation-positions", "1000"),
    *("--device", "cpu", "--precision", "fp32", "--compile", "off", "--optimizer", "adamw", "--ema", "0.5"),
)


def train(corpus: Corpus, run: Path, processes: int, *more: str) -> list[dict[str, float]]:
    """Train with the real command in real processes; returns the log."""
    launch = [sys.executable, "-W", "ignore", "-m"]
    if processes > 1:
        launch += ["torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", "-m"]
    command = [*launch, "xiangqi_gpt", "train", "--corpus", str(corpus.folder), "--out", str(run), *ARGUMENTS, *more]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def figures(log: list[dict[str, float]]) -> list[float]:
    return [line[key] for line in log for key in ("loss", "validation_nats", "gradient_norm") if key in line]


@pytest.fixture(scope="module")
def alone(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> list[float]:
    return figures(train(corpus, tmp_path_factory.mktemp("alone") / "run", 1))


@pytest.mark.skipif(sys.platform == "win32", reason="gloo under torchrun is made for Linux and macOS")
@pytest.mark.parametrize("more", [(), ("--shard",)], ids=["ddp", "fsdp"])
def test_two_processes_train_as_one(more: tuple[str, ...], corpus: Corpus, tmp_path: Path, alone: list[float]) -> None:
    together = figures(train(corpus, tmp_path / "run", 2, *more))
    assert together == pytest.approx(alone, abs=1e-4)
    load_model(tmp_path / "run")


@pytest.mark.skipif(sys.platform == "win32", reason="gloo under torchrun is made for Linux and macOS")
def test_a_disk_that_is_full_for_one_process_ends_none(corpus: Corpus, tmp_path: Path, alone: list[float]) -> None:
    """No checkpoint can be made in the middle (a file stands in the way): the run goes on, and all agree on it."""
    run = tmp_path / "run"
    run.mkdir()
    (run / "checkpoints").touch()
    with pytest.raises(AssertionError, match="checkpoints"):  # the last one is missed, and that is told
        train(corpus, run, 2, "--save-minutes", "0")
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert figures(log) == pytest.approx(alone, abs=1e-4)


@pytest.mark.skipif(sys.platform == "win32", reason="gloo under torchrun is made for Linux and macOS")
def test_a_run_goes_on_with_another_number_of_processes(corpus: Corpus, tmp_path: Path) -> None:
    run = tmp_path / "run"
    # A schedule by steps would differ: the first half ends as if it were a whole.
    first = train(corpus, run, 2, "--steps", "3", "--decay-fraction", "0", "--shard")
    both = train(corpus, run, 1, "--decay-fraction", "0", "--resume")
    assert figures(both)[: len(figures(first))] == figures(first)
    whole = train(corpus, tmp_path / "whole", 1, "--decay-fraction", "0")
    assert figures(both) == pytest.approx(figures(whole), abs=1e-4)
