"""``xiangqi-gpt label`` and ``xiangqi-gpt generate``, with an engine that is a script."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xiangqi_gpt.cli import main
from xiangqi_gpt.records.reader import read_games

FAKE = Path(__file__).parents[1] / "players" / "fake_engine.py"
GAMES = """[Game "Chinese Chess"]
[Event "First"]

1. h2e2 h9g7 2. h0g2 1-0

[Game "Chinese Chess"]
[Event "Second"]

1. c3c4 h7e7 2. h0h9 0-1
"""


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    monkeypatch.setenv("COLUMNS", "120")


def engine(**script: Any) -> str:
    script.setdefault("options", ["option name MultiPV type spin default 1 min 1 max 9"])
    return f"uci:{sys.executable} {FAKE} '{json.dumps(script)}'"


def scripted(**script: Any) -> str:
    """An engine for the five plies of ``GAMES``: two moves that both sides have in all of them."""
    red, black = (
        [f"info multipv {rank} score cp {10 * rank} pv {move}" for rank, move in enumerate(moves, 1)]
        + [f"bestmove {moves[0]}"]
        for moves in (("i0i1", "a0a1"), ("a9a8", "i9i8"))
    )
    return engine(go=[red, black, red, red, black], **script)


def generate(out: Path, spec: str, games: int, *more: str) -> list[str]:
    limits = ["--nodes-min", "3", "--nodes-max", "5", "--opening-plies", "4", "--balance", "3", "--workers", "1"]
    return ["generate", "--engine", spec, "--games", str(games), "--out", str(out), *limits, *more]


def test_generate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "games.pgn"
    assert main(generate(file, engine(), 2)) == 0
    assert f"{file} holds 2 games; 2 of them were made now" in capsys.readouterr().out
    two = file.read_text()
    assert main(generate(file, engine(), 3)) == 0
    assert f"{file} holds 3 games; 1 of them were made now" in capsys.readouterr().out
    assert file.read_text().startswith(two)
    games = list(read_games(file))
    assert [game.headers["Round"] for game in games] == ["1", "2", "3"]
    assert all(game.headers["Red"].startswith("Fake 1.0, ") for game in games)
    # The openings of given games
    again = tmp_path / "again.pgn.gz"
    assert main(generate(again, engine(), 1, "--openings", str(file), "--seed", "5", "--opening-plies", "2")) == 0
    (game,) = read_games(again)
    begun = int(game.headers["OpeningPlies"])
    assert begun <= 2
    lines = [list(other.mainline_moves()) for other in games]
    assert list(game.mainline_moves())[:begun] in [line[:begun] for line in lines]


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_run_is_gone_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, killed = tmp_path / "whole.pgn", tmp_path / "killed.pgn"
    spec = engine()
    assert main(generate(whole, spec, 4)) == 0
    run = subprocess.Popen([sys.executable, "-m", "xiangqi_gpt", *generate(killed, spec, 1000)])
    while not (killed.exists() and killed.read_text().count("[Round") > 1):
        assert run.poll() is None
    run.send_signal(signal.SIGKILL)
    run.wait()
    with killed.open("a") as stream:
        stream.write("\n[Game ")  # as if it had been writing
    assert main(generate(killed, spec, 4)) == 0
    assert killed.read_text() == whole.read_text() or killed.read_text().startswith(whole.read_text() + "\n")


def label(out: Path, spec: str, *more: str) -> list[str]:
    return ["label", str(out.with_name("in.pgn")), "--engine", spec, "--nodes", "9", "--out", str(out), *more]


def test_label(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.pgn").write_text(GAMES)
    file = tmp_path / "out.pgn"
    # It dies in the first search; the game is tried again.
    spec = scripted(die_at="go", only_once=str(tmp_path / "died"))
    assert main(label(file, spec, "--workers", "1", "--multipv", "2")) == 0
    printed = capsys.readouterr()
    assert "number 2; 2 of them were labelled now, 5 plies" in printed.out
    assert "games with a fault: 1; games left out: 0" in printed.out
    (told,) = printed.err.splitlines()
    assert "Game 2" in told
    assert "h0h9" in told
    games = list(read_games(file))
    assert [game.headers["Event"] for game in games] == ["First", "Second"]
    assert [len(list(game.mainline())) for game in games] == [3, 2]
    labels = [node.label() for game in games for node in game.mainline()]
    assert [label.eval for label in labels] == [10, -10, 10, 10, -10]
    assert [str(label.best) for label in labels] == ["i0i1", "a9a8", "i0i1", "i0i1", "a9a8"]
    assert all(len(label.candidates) == 2 for label in labels)
    assert games[0].headers["Labels"] == "Fake 1.0, 9 nodes"
    before = file.read_bytes()
    assert main(label(file, spec, "--workers", "1", "--multipv", "2")) == 0
    assert "0 of them were labelled now" in capsys.readouterr().out
    assert file.read_bytes() == before
    assert main(label(file, spec, "--workers", "1")) == 1
    assert "multipv" in capsys.readouterr().err
    packed = tmp_path / "out.pgn.xz"
    assert main(label(packed, spec, "--workers", "2", "--multipv", "2")) == 0
    assert [str(game) for game in read_games(packed)] == [str(game) for game in games]


def test_what_is_read_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    games = tmp_path / "in.pgn"
    games.write_text(GAMES)
    assert main(["label", str(games), "--engine", engine(), "--nodes", "9", "--out", str(games)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "both" in line
    assert games.read_text() == GAMES


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["label", "in.pgn", "--engine", "uci:/no/such/engine", "--out", "out.pgn"], ["/no/such/engine"]),
        (["label", "in.pgn", "--engine", "random", "--out", "out.pgn"], ["'random'", "uci:PROGRAM"]),
        (["label", "in.pgn", "--engine", "uci:x?nodes=5", "--out", "out.pgn"], ["'uci:x?nodes=5'", "--nodes"]),
        (["label", "--engine", "uci:x", "--out", "out.pgn"], ["No games"]),
        (["label", "in.pgn", "--engine", "uci:x", "--out", "out.pgn", "--nodes", "0"], ["--nodes is 0"]),
        (["label", "in.pgn", "--engine", "uci:x", "--out", "out.pgn", "--multipv", "0"], ["--multipv is 0"]),
        (["generate", "--engine", "uci:x", "--games", "0", "--out", "out.pgn"], ["--games is 0"]),
        (["generate", "--engine", "uci:x", "--games", "1", "--out", "o.pgn", "--nodes-max", "5"], ["--nodes-max is 5"]),
        (["generate", "--engine", "uci:x", "--games", "1", "--out", "o.pgn", "--blunder-games", "2"], ["1 or less"]),
        (["generate", "--engine", "uci:x", "--games", "1", "--out", "o.pgn", "--workers", "0"], ["--workers is 0"]),
        (["generate", "--engine", "uci:x", "--games", "1", "--out", "o.pgn", "--balance", "nan"], ["--balance is nan"]),
    ],
)
def test_errors_are_one_sentence(
    arguments: list[str],
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert all(word in line for word in words)
    assert not list(tmp_path.iterdir())


def of_folder(tmp_path: Path, *more: str) -> list[str]:
    arguments = label(tmp_path / "out.pgn", scripted(), "--workers", "1", *more)
    return [arguments[0], str(tmp_path / "in"), *arguments[2:]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.pgn").write_text(GAMES)
    return tmp_path / "in"


@pytest.mark.parametrize("change", ["added", "gone", "written to"])
def test_files_that_have_changed(
    change: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.pgn").write_text('[Event "x"]\n\n1. c3c4 *\n')
    assert main(of_folder(tmp_path)) == 0
    before = (tmp_path / "out.pgn").read_bytes()
    # The same files, called otherwise.
    monkeypatch.chdir(tmp_path)
    arguments = of_folder(tmp_path)
    arguments[1] = "in"
    assert main(arguments) == 0
    capsys.readouterr()
    if change == "added":
        (folder / "c.pgn").write_text(GAMES)
    elif change == "gone":
        (folder / "a.pgn").unlink()
    else:
        (folder / "a.pgn").write_text('[Event "x"]\n\n1. g3g4 *\n')
    assert main(of_folder(tmp_path)) == 1
    assert "some are new, gone or changed" in capsys.readouterr().err
    assert (tmp_path / "out.pgn").read_bytes() == before
    assert main(of_folder(tmp_path, "--overwrite")) == 0


def test_openings_that_have_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    openings = tmp_path / "openings.pgn"
    openings.write_text(GAMES)
    more = ("--openings", str(openings))
    assert main(generate(tmp_path / "out.pgn", engine(), 1, *more)) == 0
    openings.write_text(f"{GAMES}\n{GAMES}")
    assert main(generate(tmp_path / "out.pgn", engine(), 2, *more)) == 1
    assert "some are new, gone or changed" in capsys.readouterr().err


def test_files_that_are_no_games_are_passed_over(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "README.txt").write_text("No games are in here.")
    assert main(of_folder(tmp_path)) == 0
    (told, fault) = capsys.readouterr().err.splitlines()
    assert "README.txt" in told
    assert "h0h9" in fault
    assert len(list(read_games(tmp_path / "out.pgn"))) == 2
    assert main(generate(tmp_path / "made.pgn", engine(), 1, "--openings", str(folder))) == 0
    assert "README.txt" in capsys.readouterr().err
    # Its own output in the folder is none of its input.
    arguments = of_folder(tmp_path)
    arguments[arguments.index("--out") + 1] = str(folder / "z.pgn")
    for _ in range(2):
        assert main(arguments) == 0
    assert len(list(read_games(folder / "z.pgn"))) == 2


def test_no_empty_file_where_nothing_could_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "README.txt").write_text("No games are in here.")
    for arguments in (
        of_folder(tmp_path),
        generate(tmp_path / "out.pgn.gz", engine(), 1, "--openings", str(tmp_path / "in")),
    ):
        assert main(arguments) == 1
        assert "README.txt" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("text", [None, "no games here"])
def test_files_without_games(text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if text is not None:
        (tmp_path / "in.pgn").write_text(text)
    assert main(label(tmp_path / "out.pgn", scripted())) == 1
    assert "in.pgn" in capsys.readouterr().err
    (tmp_path / "in.pgn").write_text(GAMES)
    assert main(label(tmp_path / "out.pgn", scripted(), "--workers", "1")) == 0
