"""``xiangqi-gpt match``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from xiangqi_gpt.arena.match import MatchGame, play_match
from xiangqi_gpt.cli import main
from xiangqi_gpt.cli import match as command
from xiangqi_gpt.players.base import PlayResult
from xiangqi_gpt.players.greedy import GreedyPlayer
from xiangqi_gpt.records.reader import read_games


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    monkeypatch.setenv("COLUMNS", "120")
    # The command sets these where the user has not; the tests that come after shall not see it.
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")


def play(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> dict[str, Any]:
    assert main(["match", *arguments, "--json"]) == status
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = play(capsys, "greedy", "random", "--games", "10", "--seed", "1")
    assert found["players"] == ["greedy", "random"]
    assert found["games"] == found["wins"] + found["draws"] + found["losses"] == 10
    assert sum(found["terminations"].values()) == 10
    for name in ("wins", "draws", "losses"):
        assert found["by_color"]["red"][name] + found["by_color"]["black"][name] == found[name]
    assert sum(found["pairs"]) == 5
    assert (found["seed"], found["forfeits"], found["interrupted"]) == (1, [], False)
    assert found["seconds"] > 0
    assert found["mean_plies"] > 10


def test_infinite_differences_are_null(capsys: pytest.CaptureFixture[str]) -> None:
    found = play(capsys, "greedy", "random", "--games", "6", "--seed", "1")
    assert (found["wins"], found["elo"]) == (6, None)
    low, high = found["elo_interval"]
    assert isinstance(low, float)
    assert high is None
    lost = play(capsys, "random", "greedy", "--games", "6", "--seed", "1")
    assert lost["losses"] == 6
    assert lost["elo"] is None
    assert lost["elo_interval"] == [None, -low]


def test_options_reach_the_games(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "games.pgn"
    options = ["--games", "3", "--max-plies", "12", "--opening-plies", "5", "--pgn", str(file)]
    first = play(capsys, "random", "random", *options, "--seed", "7")
    assert (first["games"], first["pairs"], first["draws"], first["mean_plies"]) == (3, None, 3, 12)
    assert first["terminations"] == {"max_plies": 3}
    play(capsys, "random", "random", *options, "--seed", "7")
    games = list(read_games(file))
    assert [game.headers["Round"] for game in games] == ["1", "2", "3"] * 2
    assert all(game.headers["OpeningPlies"] == "5" and not game.errors for game in games)
    moves = [list(game.mainline_moves()) for game in games]
    assert moves[:3] == moves[3:]
    assert {len(line) for line in moves} == {12}
    assert moves[0][:5] == moves[1][:5] != moves[2][:5]


def test_a_seed_is_drawn_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (play(capsys, "random", "random", "--games", "1", "--max-plies", "8") for _ in range(2))
    assert first["seed"] != second["seed"]


def test_workers_play_the_same_match(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pools = []

    def pool(workers: int) -> ThreadPoolExecutor:  # real processes have their test in the arena
        pools.append(workers)
        return ThreadPoolExecutor(workers)

    monkeypatch.setattr(command, "worker_pool", pool)
    arguments = ["greedy", "random", "--games", "8", "--seed", "2", "--max-plies", "80"]
    alone, together = (play(capsys, *arguments, "--workers", count) for count in ("1", "3"))
    assert pools == [3]
    del alone["seconds"], together["seconds"]
    assert alone == together


def test_report(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["match", "greedy", "random", "--games", "6", "--seed", "1"]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    words = ("greedy – random", "greedy as Red", "greedy as Black", "100.0 %", "∞", "> ", "pairs of games: 3", "Seed 1")
    for part in words:
        assert part in text
    monkeypatch.setenv("XIANGQI_GPT_LANG", "zh")
    assert main(arguments) == 0
    text = capsys.readouterr().out
    for part in ("greedy 执红", "得分率", "Elo 差", "终局方式", "随机种子 1"):
        assert part in text


def test_engines_get_their_limits(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    fake = Path(__file__).parents[1] / "players" / "fake_engine.py"
    for limits, own, told in [
        (["--nodes", "50", "--depth", "3", "--movetime", "200"], "", "go movetime 200 nodes 50 depth 3"),
        (["--nodes", "50"], "?nodes=70", "go nodes 70"),
        ([], "", "go movetime 1000"),
    ]:
        log = tmp_path / "log"
        script = json.dumps({"log": str(log), "go": [["bestmove (none)"]]})
        spec = f"uci:{sys.executable} {fake} '{script}'{own}"
        found = play(capsys, spec, "random", "--games", "1", "--opening-plies", "0", *limits)
        assert found["terminations"] == {"resignation": 1}
        assert log.read_text().splitlines()[-2] == told
        log.unlink()


class Failing(GreedyPlayer):
    def play(self, *args: object, **kwargs: object) -> PlayResult:
        raise RuntimeError("no more ink")


def test_forfeits_are_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "open_player", lambda spec, **settings: Failing())
    found = play(capsys, "greedy", "greedy", "--games", "2", "--seed", "1")
    assert found["terminations"] == {"failure": 2}
    assert [forfeit["game"] for forfeit in found["forfeits"]] == [1, 2]
    assert "no more ink" in found["forfeits"][0]["reason"]
    assert main(["match", "greedy", "greedy", "--games", "12", "--seed", "1"]) == 0
    text = capsys.readouterr().out
    assert "Game 10: greedy failed in the position" in text
    assert "… further forfeits: 2" in text


@pytest.mark.parametrize(("games", "pairs"), [(0, [0] * 5), (3, None), (4, [0, 0, 0, 0, 2])])
def test_ctrl_c_prints_what_there_is(
    games: int, pairs: list[int] | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: Any, **settings: Any) -> Iterator[MatchGame]:
        yield from islice(play_match(*arguments, **settings), games)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "play_match", interrupted)
    found = play(capsys, "greedy", "random", "--games", "100", "--seed", "1", status=130)
    assert (found["games"], found["pairs"], found["interrupted"]) == (games, pairs, True)
    assert main(["match", "greedy", "random", "--seed", "1"]) == 130
    assert ("No game was finished." in capsys.readouterr().out) == (games == 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody", "random"], ["'nobody'", "random, greedy, gpt, gpt:DIR"]),
        (["random", "random:x"], ["'random:x'"]),
        (["random", "random", "--games", "0"], ["--games is 0", "1 or more"]),
        (["random", "random", "--seed", "-1"], ["--seed is -1"]),
        (["random", "random", "--workers", "0"], ["--workers is 0"]),
        (["random", "random", "--max-plies", "0"], ["--max-plies is 0"]),
        (["random", "random", "--opening-plies", "-2"], ["--opening-plies is -2"]),
        (["random", "random", "--opening-plies", "41"], ["--opening-plies is 41", "40 or less"]),
        (["random", "random", "--max-plies", "1", "--opening-plies", "3"], ["--max-plies 1 ", "length 3"]),
        (["random", "random", "--max-plies", "3", "--opening-plies", "3"], ["--max-plies 3 ", "length 3"]),
        (["random", "random", "--max-plies", "6"], ["--max-plies 6 ", "--opening-plies", "length 6"]),
        (["random", "random", "--nodes", "0"], ["--nodes is 0"]),
        (["random", "uci:"], ["'uci:'", "uci:PROGRAM"]),
        (["random", "uci:/no/such/engine"], ["/no/such/engine"]),
        (["random", "random", "--temperature", "nan"], ["--temperature is nan"]),
        (["random", "random", "--pgn", "no/such/folder/games.pgn"], ["no/such/folder/games.pgn", "--pgn"]),
    ],
)
def test_errors_are_one_sentence(arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert all(word in line for word in words)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_is_told_after_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "greedy", "random", "--games", "4", "--seed", "1", "--json", "--pgn", "/dev/full"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["games"] == 1
    (line,) = printed.err.splitlines()
    assert "/dev/full" in line
