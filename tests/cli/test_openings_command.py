"""``xiangqi-gpt openings``: counting files of games, keeping the tree, looking up lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xiangqi_gpt import Board
from xiangqi_gpt.cli import main
from xiangqi_gpt.records.opening_tree import OpeningTree

GAMES = """[Event "one"]
[Result "1-0"]

1. H2-E2 H9-G7 2. C3-C4 I9-H9 1-0

[Event "the same again"]
[Result "1-0"]

1. H2-E2 H9-G7 2. C3-C4 I9-H9 1-0

[Event "mirrored, and on another way"]
[Result "1/2-1/2"]

1. G3-G4 B9-C7 2. B2-E2 A9-A8 1/2-1/2

[Event "faulty"]

1. H2-E2 H2-E2 *

[Event "another"]
[Result "*"]

1. H2-E2 H9-G7 2. C3-C4 I9-I8 *
"""


@pytest.fixture
def games(tmp_path: Path) -> Path:
    path = tmp_path / "games.pgn"
    path.write_text(GAMES, encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    assert main(["openings", *map(str, arguments), "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_games_are_counted_once(games: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, games, "--least", 1, "--line", "1. C2=5 马８进７ 2.c3c4")
    board = Board()
    for move in ("h2e2", "h9g7", "c3c4"):
        board.push_uci(move)
    assert found["fen"] == board.fen()
    nothing = {"rating": None, "last_year": None}
    assert found["moves"] == [
        {"move": "i9i8", "red_wins": 0, "draws": 1, "black_wins": 0, "unknown": 1, **nothing},
        {"move": "i9h9", "red_wins": 1, "draws": 0, "black_wins": 0, "unknown": 0, **nothing},
    ]
    tree = {"games": 3, "plies": 30, "least": 1, "mirrored": True, "positions": 6, "format": 1}
    assert found["tree"] == tree


def test_a_tree_is_kept_and_looked_into(games: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kept" / "openings.tree"
    assert main(["prepare", str(games), "--out", str(tmp_path / "corpus")]) == 0
    capsys.readouterr()
    arguments = ["--out", str(path), "--least", "1", "--plies", "2", "--no-mirrored"]
    assert main(["openings", str(tmp_path / "corpus"), *arguments]) == 0
    assert str(path) in capsys.readouterr().out
    tree = OpeningTree.open(path)
    assert {str(found.move): found.games for found in tree.moves(Board())} == {"h2e2": 2, "g3g4": 1}
    moves = asked(capsys, path)["moves"]
    assert [move["move"] for move in moves] == ["h2e2", "g3g4"]  # type: ignore[attr-defined]
    assert asked(capsys, path, "--line", "h2e2 h9g7")["moves"] == []
    fen = "rnbakab1r/9/1c4nc1/p1p1p1p1p/9/9/P1P1P1P1P/1C2C4/9/RNBAKABNR w"
    assert asked(capsys, path, "--fen", fen)["moves"] == []


def test_a_file_is_replaced_only_when_asked(games: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept.tree"
    kept.write_text("precious")
    assert main(["openings", str(games), "--out", str(kept)]) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert kept.read_text() == "precious"
    assert main(["openings", str(games), "--out", str(kept), "--overwrite"]) == 0
    assert OpeningTree.open(kept).facts.games == 3


def test_the_table(games: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    for lang, move, unknown in (("en", "C2=5", "None of the games"), ("zh", "炮二平五", "没有对局")):
        monkeypatch.setenv("XIANGQI_GPT_LANG", lang)
        assert main(["openings", str(games)]) == 0
        told = capsys.readouterr().out
        assert move in told
        assert "h2e2" in told
        assert main(["openings", str(games), "--line", "a0a1"]) == 0
        assert unknown in capsys.readouterr().out


def test_what_is_refused(games: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.tree"
    other.write_text("no tree")
    for arguments, part in (
        ([other], "other.tree"),
        ([tmp_path / "missing.tree"], "missing.tree"),
        ([tmp_path / "missing.pgn"], "missing.pgn"),
        ([games, "--line", "h2e3"], "h2e3"),
        ([games, "--fen", "x"], "FEN"),
        ([games, "--plies", 0], "0"),
        ([games, "--kinds", "engine"], "usual start"),
    ):
        assert main(["openings", *map(str, arguments)]) == 1
        told = capsys.readouterr().err
        assert part in told
        assert "Traceback" not in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["games.pgn", "other.tree"]
