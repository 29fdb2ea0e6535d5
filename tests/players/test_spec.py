"""Players by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.model.checkpoint import save_model
from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.players.greedy import GreedyPlayer
from xiangqi_gpt.players.random import RandomPlayer
from xiangqi_gpt.players.spec import CHOICES, PlayerSpec, PlayerSpecError, open_player, parse_spec
from xiangqi_gpt.players.style import Style


def test_names_open_players() -> None:
    assert isinstance(open_player("random"), RandomPlayer)
    assert isinstance(open_player(" greedy ", seed=1, temperature=0.5), GreedyPlayer)


def test_a_spec_has_a_kind_and_an_argument() -> None:
    assert parse_spec("gpt") == PlayerSpec("gpt")
    assert parse_spec("gpt:runs/a:b") == PlayerSpec("gpt", "runs/a:b")


@pytest.mark.parametrize("spec", ["", "gtp", "Random", "gpt:", "gpt DIR", ":x", "random:1", "greedy:deep"])
def test_what_names_no_player_is_told_the_choices(spec: str) -> None:
    with pytest.raises(PlayerSpecError) as error:
        open_player(spec)
    assert isinstance(error.value, XiangqiError)
    for language in ("en", "zh"):
        text = error.value.text(language)
        assert repr(spec) in text
        assert all(choice in text for choice in CHOICES)
        assert "\n" not in text


@pytest.mark.parametrize(("spec", "folder"), [("gpt", None), ("gpt:some/model", Path("some/model"))])
def test_a_model_is_loaded_with_its_settings(spec: str, folder: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    player = object()
    asked = []

    def load(path: Path | None, **settings: object) -> object:
        asked.append((path, settings))
        return player

    module = SimpleNamespace(GPTPlayer=SimpleNamespace(load=load))
    monkeypatch.setitem(sys.modules, "xiangqi_gpt.players.gpt", module)
    assert open_player(spec, seed=4, temperature=0.7) is player
    assert asked == [(folder, {"seed": 4, "temperature": 0.7, "style": Style()})]


def test_a_style_is_what_the_model_is_told() -> None:
    spec = parse_spec("gpt:runs/a?strength=1500&opponent=grandmaster&result=win&kind=online")
    assert spec == PlayerSpec("gpt", "runs/a", "strength=1500&opponent=grandmaster&result=win&kind=online")
    assert str(spec) == "gpt:runs/a?strength=1500&opponent=grandmaster&result=win&kind=online"
    style = Style.parse(str(spec.settings))
    red, black = style.conditions(True), style.conditions(False)
    assert (red.result, red.red_rating, red.black_rating, red.red_title, red.black_title) == (1, 1500, 0, 0, 2)
    assert (black.result, black.red_rating, black.black_rating, black.red_title) == (-1, 0, 1500, 2)
    assert red.kind == black.kind == 2


@pytest.mark.parametrize(
    "spec", ["gpt?strength=", "gpt?strength=0", "gpt?result=maybe", "gpt?kind=unknown", "gpt?elo=1", "gpt?x"]
)
def test_a_style_that_makes_no_sense(spec: str) -> None:
    with pytest.raises(PlayerSpecError) as error:
        parse_spec(spec)
    assert error.value.code == "players.style"


def test_settings_of_players_that_take_none() -> None:
    with pytest.raises(PlayerSpecError):
        parse_spec("random?seed=1")


def test_a_style_of_a_model_without_conditions(tmp_path: Path) -> None:
    config = ModelConfig(context=8, n_layer=1, n_head=2, d_model=16, d_ff=16, conditions=False)
    save_model(tmp_path, config, Decoder(config).state_dict())
    open_player(f"gpt:{tmp_path}").close()
    with pytest.raises(PlayerSpecError) as error:
        open_player(f"gpt:{tmp_path}?strength=master")
    assert error.value.code == "players.style_unknown"


def test_simple_players_do_not_load_torch() -> None:
    code = """
import sys
from xiangqi_gpt.players.spec import open_player, parse_spec
open_player("random"), open_player("greedy"), parse_spec("gpt")
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=300)
