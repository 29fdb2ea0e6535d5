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


def test_errors_are_one_sentence(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    for paths in ([picture], [source, picture], [tmp_path / "missing.pgn"], []):
        assert main(["prepare", *map(str, paths), "--out", str(tmp_path / "out")]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1
        assert "Traceback" not in printed.err
    assert not (tmp_path / "out").exists()
