from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

from xiangqi_gpt.cli import main
from xiangqi_gpt.records.reader import read_games

TWO_GAMES = """[Event "first"]
[Red "甲"]
[Result "1-0"]

1. h2e2 { good } ( 1. b2e2 ) 1... h9g7 1-0

[Event "second"]
[Result "*"]

1. c3c4 *
"""
FAULTY = """[Event "stops"]

1. h2e2 h9g7 2. a0a9 *

[Event "nowhere"]
[FEN "9/9 w"]

1. h2e2 *
"""


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    monkeypatch.chdir(tmp_path)
    Path("two.pgn").write_text(TWO_GAMES, encoding="utf-8")


def convert(*arguments: str) -> int:
    return main(["convert", *arguments])


def main_lines(source: str) -> list[list[str]]:
    return [[move.uci() for move in game.mainline_moves()] for game in read_games(source)]


@pytest.mark.parametrize("target", ["out.pgn", "out.pgn.gz", "out.PGN.xz", "out.pgn.zst", "out.jsonl"])
def test_one_file_of_games(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert convert("two.pgn", target) == 0
    out, told = capsys.readouterr()
    assert out == ""
    assert f"{target} is written. Games: 2; with faults, and kept up to them: 0; left out: 0" in told
    games = list(read_games(target))
    assert [game.headers["Event"] for game in games] == ["first", "second"]
    assert [node.move.uci() for node in games[0].variations] == ["h2e2", "b2e2"]
    assert games[0].variations[0].comment == "good"
    assert [path.name for path in Path().iterdir()] == ["two.pgn", target] or Path(target).exists()
    assert not list(Path().glob("*unfinished*"))


def test_a_game_a_file_in_a_folder_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert convert("two.pgn", "folder") == 0
    assert sorted(path.name for path in Path("folder").iterdir()) == ["two-0002.xqf", "two.xqf"]
    assert (Path("folder") / "two.xqf").read_bytes()[:3] == b"XQ\x0a"
    assert convert("folder", "back.pgn") == 0
    assert sorted(main_lines("back.pgn")) == [["c3c4"], ["h2e2", "h9g7"]]
    capsys.readouterr()
    assert convert("folder", "texts/", "--format", "pgn") == 0
    assert sorted(path.name for path in Path("texts").iterdir()) == ["two-0002.pgn", "two.pgn"]


def test_several_games_do_not_fit_in_one_xqf(capsys: pytest.CaptureFixture[str]) -> None:
    assert convert("two.pgn", "one.xqf") == 1
    assert "one.xqf can hold one game only" in capsys.readouterr().err
    assert [path.name for path in Path().iterdir()] == ["two.pgn"]


def test_nothing_is_overwritten_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("kept.pgn").write_text("mine", encoding="utf-8")
    folder = Path("full")
    folder.mkdir()
    (folder / "two.xqf").write_text("mine", encoding="utf-8")
    assert convert("two.pgn", "kept.pgn") == 1
    assert convert("two.pgn", "full") == 1
    told = capsys.readouterr().err
    assert "kept.pgn exists already" in told
    assert "folder full is not empty" in told
    assert Path("kept.pgn").read_text(encoding="utf-8") == "mine"
    assert [path.read_text(encoding="utf-8") for path in folder.iterdir()] == ["mine"]
    assert convert("two.pgn", "kept.pgn", "--overwrite") == 0
    assert convert("two.pgn", "full", "--overwrite") == 0
    assert len(main_lines("kept.pgn")) == 2
    assert main_lines("full/two.xqf") == [["h2e2", "h9g7"]]


def game_of(move: str) -> str:
    return f"1. {move} *\n\n"


def games_in(folder: str) -> dict[str, list[str]]:
    return {path.name: [line[0] for line in main_lines(str(path))] for path in Path(folder).iterdir()}


def test_no_file_of_a_folder_is_written_twice() -> None:
    Path("in").mkdir()
    Path("in/a-0002.pgn").write_text(game_of("h2e2"))
    Path("in/a.pgn").write_text(game_of("c3c4") + game_of("g3g4"))
    Path("in/A.moves").write_text("b2e2\n")
    assert convert("in", "out", "--format", "pgn") == 0
    found = games_in("out")
    assert sorted(move for moves in found.values() for move in moves) == ["b2e2", "c3c4", "g3g4", "h2e2"]
    assert len({name.casefold() for name in found}) == 4
    assert found["a-0002.pgn"] == ["h2e2"]
    assert (found["a-0003.pgn"], found["a-0004.pgn"]) == (["c3c4"], ["g3g4"])  # as A.pgn is taken


def test_a_folder_may_be_converted_into_itself() -> None:
    Path("in/a").mkdir(parents=True)
    Path("in/a/z.pgn").write_text(game_of("c3c4"))
    Path("in/z.pgn").write_text(game_of("h2e2"))
    assert convert("in", "in", "--format", "pgn", "--overwrite") == 0
    assert sorted(main_lines("in")) == [["c3c4"], ["c3c4"], ["h2e2"]]
    assert main_lines("in/z.pgn") == [["h2e2"]]


@pytest.mark.parametrize("out", ["in/out.pgn", "in/sub/out"])
def test_the_output_in_an_input_folder_is_not_read(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("in/sub").mkdir(parents=True)
    Path("in/a.pgn").write_text(game_of("c3c4"))
    Path("in/sub/b.pgn").write_text(game_of("h2e2"))
    for _ in range(3):
        assert convert("in", out, "--overwrite") == 0
        assert "Games: 2;" in capsys.readouterr().err
        assert sorted(main_lines(out)) == [["c3c4"], ["h2e2"]]


def test_a_file_may_be_converted_into_itself() -> None:
    assert convert("two.pgn", "two.pgn", "--overwrite", "--notation", "wxf") == 0
    assert "C2=5" in Path("two.pgn").read_text(encoding="utf-8")
    assert main_lines("two.pgn") == [["h2e2", "h9g7"], ["c3c4"]]


@pytest.mark.parametrize(
    ("notation", "encoding", "move"),
    [
        ("iccs", "utf-8", "1. H2-E2"),
        ("uci", "utf-8", "1. h2e2"),
        ("wxf", "utf-8", "1. C2=5"),
        ("chinese", "gb18030", "马８进７"),
        ("chinese-traditional", "big5", "馬８進７"),
    ],
)
def test_notations_and_encodings(notation: str, encoding: str, move: str) -> None:
    assert convert("two.pgn", "out.pgn", "--notation", notation, "--encoding", encoding) == 0
    text = Path("out.pgn").read_bytes().decode(encoding)
    assert move in text
    assert main_lines("out.pgn") == [["h2e2", "h9g7"], ["c3c4"]]


def test_standard_input_and_output(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(TWO_GAMES.encode()))))
    assert convert("-", "-", "--encoding", "gb18030") == 0
    out, told = capsysbinary.readouterr()
    assert '[Red "甲"]'.encode("gb18030") in out
    assert b"standard output is written. Games: 2" in told
    assert convert("two.pgn", "-", "--format", "jsonl") == 0
    assert capsysbinary.readouterr().out.count(b"\n") == 2


def test_many_sources_in_their_order() -> None:
    Path("one.pgn").write_text('[Event "x"]\n\n1. b2e2 *\n', encoding="utf-8")
    assert convert("one.pgn", "two.pgn", "out.pgn") == 0
    assert main_lines("out.pgn") == [["b2e2"], ["h2e2", "h9g7"], ["c3c4"]]


def test_faults_are_told_and_games_kept_up_to_them(capsys: pytest.CaptureFixture[str]) -> None:
    Path("faulty.pgn").write_text(FAULTY, encoding="utf-8")
    assert convert("faulty.pgn", "missing.pgn", "two.pgn", "out.pgn") == 0
    told = capsys.readouterr().err
    assert "faulty.pgn, line 3: 'a0a9'" in told
    assert "faulty.pgn, line 6:" in told
    assert "missing.pgn" in told
    assert "Games: 3; with faults, and kept up to them: 2; left out: 1; unreadable files: 1" in told
    assert main_lines("out.pgn") == [["h2e2", "h9g7"], ["h2e2", "h9g7"], ["c3c4"]]


def test_many_faults_are_not_all_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("faulty.pgn").write_text('[Event "x"]\n\n1. a0a9 *\n\n' * 50, encoding="utf-8")
    assert convert("faulty.pgn", "out.pgn") == 0
    told = capsys.readouterr().err
    assert told.count("'a0a9'") == 20
    assert "further faults" in told
    assert "kept up to them: 50" in told


def test_losses_are_counted_by_their_kind(capsys: pytest.CaptureFixture[str]) -> None:
    games = '[Event "x"]\n[Round "1"]\n\n1. h2e2! *\n\n[Event "y"]\n[Round "2"]\n\n1. h2e2 *\n'
    Path("rounds.pgn").write_text(games, encoding="utf-8")
    assert convert("rounds.pgn", "folder") == 0
    told = capsys.readouterr().err
    assert "Not kept (2): The tag Round ('1')" in told
    assert "Not kept (1): Move glyphs" in told


def test_a_position_that_xqf_cannot_hold(capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.pgn").write_text('[FEN "3k5/9/9/9/9/9/RRR6/9/9/5K3 w - - 0 1"]\n\n1. a3a4 *\n', encoding="utf-8")
    assert convert("odd.pgn", "two.pgn", "folder") == 0
    told = capsys.readouterr().err
    assert "more pieces than a set" in told
    assert "Games: 2; with faults, and kept up to them: 0; left out: 1" in told
    assert sorted(path.name for path in Path("folder").iterdir()) == ["two-0002.xqf", "two.xqf"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["two.pgn"], "What to write is missing behind 'two.pgn'"),
        (["missing.pgn", "out.pgn"], "nothing was written"),
        (["two.pgn", "out.doc"], "does not tell what format"),
        (["two.pgn", "missing/out.pgn"], "cannot be written"),
        (["two.pgn", "two.pgn/out"], "cannot be written"),
    ],
)
def test_refusals(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert convert(*arguments) == 1
    assert told in capsys.readouterr().err
    assert [path.name for path in Path().iterdir()] == ["two.pgn"]


def test_in_chinese(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "zh")
    assert convert("two.pgn", "out.pgn") == 0
    assert "已写入 out.pgn。棋局 2 局" in capsys.readouterr().err
