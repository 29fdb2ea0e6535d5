"""Players by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.greedy import GreedyPlayer
from xiangqi_gpt.players.random import RandomPlayer
from xiangqi_gpt.players.spec import CHOICES, PlayerSpec, PlayerSpecError, open_player, parse_spec


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
    assert asked == [(folder, {"seed": 4, "temperature": 0.7})]


def test_simple_players_do_not_load_torch() -> None:
    code = """
import sys
from xiangqi_gpt.players.spec import open_player, parse_spec
open_player("random"), open_player("greedy"), parse_spec("gpt")
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=300)
