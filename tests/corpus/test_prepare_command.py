"""``xiangqi-gpt prepare`` as a user meets it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from xiangqi_gpt.cli import main
from xiangqi_gpt.corpus.dataset import Corpus

GAMES = '[Event "a"]\n1. h2e2 h9g7 1-0\n\n[Event "b"]\n1. h2e2\nh2e2 *\n\n[Event "c"]\n1. b2e2 b9c7 *\n'


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    path = tmp_path / "games.pgn"
    path.write_text(GAMES)
    return path


def test_the_report(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", str(source), "--out", str(tmp_path / "out"), "--validation", "0"]) == 0
    printed = capsys.readouterr()
    row = next(line for line in printed.out.splitlines() if "games.pgn" in line)
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == ["games.pgn", "3", "1", "1", "1"]
    assert f"illegal move 1; all are listed in {tmp_path / 'out' / 'rejects.jsonl'}" in printed.out
    assert "Training: games 1, plies 2, shards 1." in printed.out
    assert f"{source}, line 6: 'h2e2' at ply 2 is against the rules" in printed.err
    assert "Reading and checking" in printed.err
    assert Corpus.open(tmp_path / "out").game("train", 0).result == 1


def test_in_chinese(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "zh")
    assert main(["prepare", str(source), "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr()
    assert "着法不合规则 1" in printed.out
    assert "第 6 行" in printed.err


def test_names_are_shown_as_they_are(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rich would take them for its markup."""
    named = source.rename(tmp_path / "[bold]:smile:[x] 棋.pgn")
    assert main(["prepare", str(named), "--out", str(tmp_path / "out")]) == 0
    assert "[bold]:smile:[x] 棋.pgn" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems take UTF-8 names only")
def test_names_that_are_no_utf8(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = source.rename(tmp_path / os.fsdecode(b"b\xc6\xe5.pgn"))
    assert main(["prepare", str(named), "--out", str(tmp_path / os.fsdecode(b"\xc6\xe5"))]) == 0
    printed = capsys.readouterr().out
    assert "b\\udcc6\\udce5.pgn" in printed
    assert f"the corpus is in {tmp_path}/\\udcc6\\udce5." in printed


def test_a_corpus_without_validation_games_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    games = tmp_path / "one.pgn"
    games.write_text("1. h2e2 h9g7 *")
    out = ["--out", str(tmp_path / "out")]
    assert main(["prepare", str(games), *out, "--validation", "0.000001"]) == 0
    assert "--validation" in capsys.readouterr().err
    assert main(["prepare", str(games), *out, "--validation", "0"]) == 0  # as one wishes
    assert "--validation" not in capsys.readouterr().err


def test_what_is_read_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    games = tmp_path / "one.pgn"
    games.write_text("1. h2e2 h9g7 *")
    assert main(["prepare", str(games), "--out", str(games)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "one.pgn is a file" in line
    assert games.read_text() == "1. h2e2 h9g7 *"


def test_errors_are_one_sentence(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    for paths in ([picture], [tmp_path / "missing.pgn"], []):
        assert main(["prepare", *map(str, paths), "--out", str(tmp_path / "out")]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1
        assert "Traceback" not in printed.err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_game_log_does_not_stop_the_others(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.doc").write_text("")
    paths = [picture, source, tmp_path / "folder"]
    assert main(["prepare", *map(str, paths), "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr()
    assert f"{picture} is no game log" in printed.err
    assert ".doc 1" in printed.err
    assert [len(entry.faults) for entry in Corpus.open(tmp_path / "out").manifest.sources] == [1, 0]


def test_filters_and_weights(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["prepare", str(source), "--out", str(tmp_path / "out"), "--validation", "0"]
    assert main([*arguments, "--results", "black", "draw"]) == 1
    assert "None of the games passes the filters" in capsys.readouterr().err
    assert main([*arguments, "--results", "red", "--max-plies", "2", "--weights", "games=0.5"]) == 0
    assert Corpus.open(tmp_path / "out").manifest.sources[0].weight == 0.5
    for more, part in (
        (["--weights", "games"], "games"),
        (["--weights", "masters=2"], "masters"),
        (["--sources", "masters"], "masters"),
        (["--min-plies", "9", "--max-plies", "8"], "9"),
        (["--since", "1990", "--until", "1980"], "1990"),
        (["--memory", "0"], "memory"),
        (["--workers", "0"], "workers"),
    ):
        capsys.readouterr()
        assert main([*arguments, *more]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1
        assert part in printed.err


def test_nothing_to_do(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["prepare", str(source), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    capsys.readouterr()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Nothing to do")
    assert printed.err == ""
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before


def test_processes_make_the_same_corpus(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiangqi_gpt.cli.prepare._WORTH_WORKERS", 0)
    for workers in ("1", "2"):
        assert main(["prepare", str(source), "--out", str(tmp_path / workers), "--workers", workers]) == 0
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("1", "2"))
    assert one == two


def test_shuffling_by_command(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", str(source), "--out", str(tmp_path / "out")]) == 0
    shuffle = ["corpus", "shuffle", str(tmp_path / "out"), "--out"]
    assert main([*shuffle, str(tmp_path / "shuffled")]) == 0
    capsys.readouterr()
    for out, part in ((tmp_path / "shuffled", "--overwrite"), (tmp_path / "out", "another folder")):
        assert main([*shuffle, str(out)]) == 1
        assert part in capsys.readouterr().err
    assert main(["corpus", "shuffle", str(tmp_path), "--out", str(tmp_path / "x")]) == 1
    assert not (tmp_path / "x").exists()
    assert Corpus.open(tmp_path / "shuffled").manifest.splits == Corpus.open(tmp_path / "out").manifest.splits
