"""``xiangqi-gpt evaluate`` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from xiangqi_gpt.cli import main
from xiangqi_gpt.model.checkpoint import save_model
from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.folder import default_model_folder

SMALL = {"context": 4, "n_layer": 1, "n_head": 2, "d_model": 16, "d_ff": 16, "zero_init": False}
TEXT = {"board": "none", "policy": "vocabulary", "move_features": False, "exchanges": False, "value": False}
CONFIGS = {
    "legal": ModelConfig(**SMALL),
    "vocabulary": ModelConfig(**SMALL, **TEXT),
    "characters": ModelConfig(tokenizer="iccs", symmetric=False, **SMALL, **TEXT),
}
LEGAL = {"nats_per_ply", "top1", "top3", "top5"}
RAW = {"nats_raw", "argmax_legal", "illegal_mass", "games_legal"}
VALUE = {"value_brier", "value_brier_base_rates"}
ABOUT = {"model", "parameters", "tokenizer", "policy", "context", "device", "precision", "bootstrap", "phases", "sides"}
ABOUT |= {"games_rejected", "games_with_result", "files_failed", "seconds", "plies_per_second", "games", "plies"}

GAMES = """[Result "1-0"]

h2e2 h9g7 h0g2 b9c7 i0h0 i9i8 1-0

[Result "0-1"]

h2e2 h9g7 h0h4 0-1

[Result "*"]

c3c4 c6c5 *
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(1)
    for name, config in CONFIGS.items():
        save_model(folder / name, config, Decoder(config).state_dict())
    return folder


@pytest.fixture
def games(tmp_path: Path) -> Path:
    (tmp_path / "games.pgn").write_text(GAMES, encoding="utf-8")
    return tmp_path / "games.pgn"


@pytest.mark.parametrize(
    ("name", "figures"), [("legal", LEGAL | VALUE), ("vocabulary", LEGAL | RAW), ("characters", LEGAL | RAW)]
)
def test_json(
    name: str, figures: set[str], models: Path, games: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "figures.json"
    assert main(["evaluate", str(models / name), "--games", str(games), "--json", "--out", str(out)]) == 0
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert json.loads(out.read_text(encoding="utf-8")) == result
    assert "h0h4" in printed.err
    own = {key for key in result if not key.endswith("_interval")}
    assert own == ABOUT | figures
    assert {key.removesuffix("_interval") for key in result if key.endswith("_interval")} == figures - {
        "value_brier_base_rates"
    }
    counts = ("plies", "games", "games_rejected", "games_with_result", "files_failed")
    assert [result[key] for key in counts] == [8, 2, 1, 1, 0]
    assert {name: group["plies"] for name, group in result["phases"].items()} == {"0-19": 8, "20-59": 0, "60+": 0}
    assert {name: group["plies"] for name, group in result["sides"].items()} == {"red": 4, "black": 4}
    assert result["phases"]["60+"]["nats_per_ply"] is None
    assert result["phases"]["0-19"]["nats_per_ply"] == result["nats_per_ply"]
    low, high = result["nats_per_ply_interval"]
    assert low <= result["nats_per_ply"] <= high
    if "nats_raw" in figures:
        assert result["nats_raw"] > result["nats_per_ply"]
        assert 0 < result["illegal_mass"] < 1


def test_batches_change_nothing(models: Path, games: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = []
    for size in ("1", "1000"):
        command = ["evaluate", str(models / "legal"), "--games", str(games), "--json", "--batch-positions", size]
        assert main(command) == 0
        results.append(json.loads(capsys.readouterr().out)["nats_per_ply"])
    assert results[0] == pytest.approx(results[1], abs=2e-6)


def test_tables_in_both_languages(
    models: Path, games: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for lang, words in (("en", ("Without a mask", "illegal", "Red", "20-59")), ("zh", ("不加", "红方", "20-59"))):
        monkeypatch.setenv("XIANGQI_GPT_LANG", lang)
        assert main(["evaluate", str(models / "characters"), "--games", str(games)]) == 0
        printed = capsys.readouterr().out
        assert all(word in printed for word in words), printed


def test_the_model_that_ships_and_a_corpus(tmp_path: Path, games: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = str(tmp_path / "corpus")
    assert main(["prepare", str(games), "--out", corpus, "--validation", "0"]) == 0
    capsys.readouterr()
    assert main(["evaluate", "--corpus", corpus, "--split", "train", "--json"]) == 0
    from_corpus = json.loads(capsys.readouterr().out)
    assert main(["evaluate", "--games", str(games), "--json"]) == 0
    from_file = json.loads(capsys.readouterr().out)
    assert from_corpus["plies"] == 8
    assert from_corpus["nats_per_ply"] == pytest.approx(from_file["nats_per_ply"], abs=2e-6)
    assert main(["evaluate", f"gpt:{default_model_folder()}", "--games", str(games), "--json"]) == 0
    named = json.loads(capsys.readouterr().out)
    assert named["nats_per_ply"] == from_file["nats_per_ply"]
    assert 0 < from_file["nats_per_ply"] < 3.6  # guessing among 44 moves or so has 3.8


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "--games"),
        (("--games", "GAMES", "--corpus", "GAMES"), "--games"),
        (("--games", "nowhere.pgn"), "nowhere.pgn"),
        (("--games", "GAMES", "--threads", "0"), "threads"),
        (("--games", "GAMES", "--batch-positions", "0"), "batch_positions"),
        (("--corpus", "nowhere"), "xiangqi-gpt prepare"),
    ],
)
def test_arguments_that_make_no_sense(
    arguments: tuple[str, ...], word: str, models: Path, games: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(games) if argument == "GAMES" else argument for argument in arguments]
    assert main(["evaluate", str(models / "legal"), *given]) == 1
    error = capsys.readouterr().err
    assert word in error
    assert len(error.strip().splitlines()) == 1


def test_no_model(tmp_path: Path, games: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path / "none"), "--games", str(games)]) == 1
    assert "config.json" in capsys.readouterr().err
