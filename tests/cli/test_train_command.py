"""``xiangqi-gpt train`` and ``export`` from end to end, as a user calls them."""

from __future__ import annotations

import dataclasses
import random
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from xiangqi_gpt import Board
from xiangqi_gpt.cli import main
from xiangqi_gpt.model.checkpoint import load_model
from xiangqi_gpt.training.loop import Trainer
from xiangqi_gpt.training.runs import checkpoint_folders

SMALL = ("--preset", "nano", "--steps", "3", "--batch-positions", "100", "--d-model", "16", "--d-ff", "16")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, rng = tmp_path_factory.mktemp("games"), random.Random(4)
    texts = []
    for _ in range(40):
        board = Board()
        for _ in range(20):
            board.push(rng.choice(list(board.legal_moves)))
        texts.append(f'[Result "*"]\n\n{" ".join(move.iccs() for move in board.move_stack)} *\n')
    (folder / "games.pgn").write_text("\n".join(texts))
    assert main(["prepare", str(folder / "games.pgn"), "--out", str(folder / "corpus"), "--validation", "0.2"]) == 0
    return folder / "corpus"


def test_train_resume_and_export(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(tmp_path / "run")
    assert main(["train", "--corpus", str(corpus), "--out", run, *SMALL]) == 0
    assert f"gpt:{run}" in capsys.readouterr().out
    assert main(["train", "--corpus", str(corpus), "--out", run, *SMALL]) == 1
    assert "--resume" in capsys.readouterr().err
    assert main(["train", "--corpus", str(corpus), "--out", run, *SMALL, "--steps", "5", "--resume"]) == 0
    assert main(["export", run, str(tmp_path / "small")]) == 0
    assert main(["match", f"gpt:{tmp_path / 'small'}", "random", "--games", "1", "--max-plies", "20", "--json"]) == 0
    capsys.readouterr()
    weights = (tmp_path / "small" / "model.safetensors").read_bytes()
    for source, target in ((run, run), (run, str(tmp_path / "small"))):
        assert main(["export", source, target]) == 1
        assert "--overwrite" in capsys.readouterr().err
    assert (tmp_path / "small" / "model.safetensors").read_bytes() == weights


def test_a_model_is_trained_further(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    assert main(["train", "--corpus", str(corpus), "--out", str(first), *SMALL]) == 0
    further = ["train", "--corpus", str(corpus), "--steps", "2", "--init-from", str(first)]
    resting = ["--learning-rate", "0", "--muon-learning-rate", "0"]
    assert main([*further, "--out", str(second), "--dropout", "0.5", *resting]) == 0
    before, after = (load_model(folder) for folder in (first, second))
    assert after.config == dataclasses.replace(before.config, dropout=0.5)  # its own settings, but for the flags
    for name, tensor in before.state_dict().items():
        assert torch.equal(tensor, after.state_dict()[name]), name
    capsys.readouterr()
    assert main([*further, "--out", str(third), "--learning-rate", "1000"]) == 0
    assert torch.equal(load_model(third).policy.weight, before.policy.weight)  # the best is what it began with
    told = capsys.readouterr().err
    assert told.index("before ") < told.index("step  ")
    last = checkpoint_folders(third)[-1]
    assert not torch.equal(load_model(last).policy.weight, before.policy.weight)
    shutil.rmtree(first)
    assert main([*further, "--out", str(third), "--steps", "3", "--resume"]) == 0  # as it was begun, without the model
    assert len(checkpoint_folders(third)) == 2
    capsys.readouterr()
    further[-1] = str(third)
    assert main([*further, "--out", str(tmp_path / "other"), "--d-ff", "32"]) == 1
    assert "blocks" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()
    assert main(["train", "--corpus", str(corpus), "--out", str(tmp_path / "other"), "--init-from", "nowhere"]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_ctrl_c_saves_and_says_how_to_go_on(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    step = Trainer._step

    def interrupted(trainer: Trainer, batches: Any) -> dict[str, float]:
        if trainer.progress.step == 1:
            signal.raise_signal(signal.SIGINT)
        return step(trainer, batches)

    run = str(tmp_path / "run")
    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "_step", interrupted)
        assert main(["train", "--corpus", str(corpus), "--out", run, *SMALL]) == 130
    assert "--resume" in capsys.readouterr().err
    assert [folder.name for folder in checkpoint_folders(tmp_path / "run")] == ["step-00000002"]
    assert main(["train", "--corpus", str(corpus), "--out", run, *SMALL, "--resume"]) == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--preset", "huge"), "nano"),
        (("--threads", "0"), "threads"),
        (("--seed", "-1"), "seed"),
        (("--n-layer", "0"), "n_layer"),
        (("--tokenizer", "iccs"), "iccs"),
        (("--learning-rate", "inf"), "learning_rate"),
    ],
)
def test_settings_that_make_no_sense(
    arguments: tuple[str, ...], word: str, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--corpus", str(corpus), "--out", str(tmp_path / "run"), *arguments]) == 1
    error = capsys.readouterr().err
    assert word in error
    assert len(error.strip().splitlines()) == 1


def test_a_corpus_and_a_run_have_folders_of_their_own(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--corpus", str(corpus), "--out", str(corpus), *SMALL]) == 1
    assert "--out" in capsys.readouterr().err
    run = tmp_path / "run"
    assert main(["train", "--corpus", str(corpus), "--out", str(run), *SMALL]) == 0
    before = sorted(run.iterdir())
    capsys.readouterr()
    assert main(["prepare", str(corpus.parent / "games.pgn"), "--out", str(run)]) == 1
    assert "--out" in capsys.readouterr().err
    assert sorted(run.iterdir()) == before


@pytest.mark.parametrize(("text", "word"), [(None, "own.toml"), ("n_layer = 2\n", "[model]")])
def test_presets_of_ones_own_that_are_wrong(
    text: str | None, word: str, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    preset = tmp_path / "own.toml"
    if text is not None:
        preset.write_text(text)
    assert main(["train", "--corpus", str(corpus), "--out", str(tmp_path / "run"), "--preset", str(preset)]) == 1
    assert word in capsys.readouterr().err


def test_no_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--corpus", str(tmp_path), "--out", str(tmp_path / "run"), *SMALL]) == 1
    assert "xiangqi-gpt prepare" in capsys.readouterr().err
