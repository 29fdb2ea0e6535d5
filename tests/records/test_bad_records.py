"""Faulty games are told with file and line and never stop a file; other files are refused by name."""

from __future__ import annotations

import gzip
import lzma
import pickle
from pathlib import Path

import pytest

from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.reader import read_games

GOOD = '[Event "good"]\n[Result "1-0"]\n\n1. h2e2 h9g7\n2. h0g2 1-0\n\n'


def read(path: Path) -> list[Game]:
    return list(read_games(path))


@pytest.mark.parametrize(
    ("bad", "kept", "reason", "line", "ply", "text"),
    [
        ('[Event "b"]\n\n1. h2e2 h9g7\n2. h0g3 i9h9 *\n', 2, "move_illegal", 10, 3, "h0g3"),
        ('[Event "b"]\n\n1. h2e2 h9g7 2. \nh0h0 *\n', 2, "move_unreadable", 10, 3, "h0h0"),
        ('[Event "b"]\n\n1. h2e2\n{long\ncomment} 炮0平5 2. h0g2 *\n', 1, "move_unreadable", 11, 2, "炮0平5"),
        # The general in check must be saved: e9-e8 stays on the cannons' file.
        ('[FEN "4k4/9/9/9/4R4/9/9/9/9/3K5 b - - 0 1"]\n1... e9e8 2. e5e6\n', 0, "move_illegal", 8, 1, "e9e8"),
        ('[Event "b"]\n[FEN "4k4/9/9/9/9/9/9/9/9/3KK4 w"]\n1. d0d1 *\n', 0, "fen_bad", 8, None, None),
        ('[Event "b"]\n[FEN "no position"]\n1. d0d1 *\n', 0, "fen_bad", 8, None, None),
        ('[FEN "4k4/9/9/9/9/9/9/9/9/4K4 w - - 0 1"]\n1. e0e1 *\n', 0, "position_impossible", 7, None, None),
        ('[Event "b"]\n(1. h2e2) 1. h2e2 h9g7 *\n', 2, "variation_stray", 8, None, None),
        ('[Event "b"]\n1. h2e2 h9g7 {not closed\n2. h0g2\n', 2, "comment_open", 8, None, None),
    ],
)
def test_a_bad_game_is_told_and_the_next_is_read(
    tmp_path: Path, bad: str, kept: int, reason: str, line: int, ply: int | None, text: str | None
) -> None:
    path = tmp_path / "games.pgn"
    path.write_text(f"{GOOD}{bad}\n{GOOD}", encoding="utf-8")
    before, game, after = read(path)
    for other in (before, after):
        assert not other.errors
        assert len(list(other.mainline_moves())) == 3
    (error,) = game.errors
    assert (error.reason, error.line) == (reason, line)
    assert error.fields["file"] == str(path)
    if ply is not None:
        assert (error.fields["ply"], error.fields["text"]) == (ply, text)
    assert len(list(game.mainline_moves())) == kept
    for message in (error.text("en"), error.text("zh")):
        assert str(path) in message
        assert str(line) in message


@pytest.mark.parametrize("users", ["en", "zh"])
def test_a_fault_within_a_fault_speaks_the_same_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, users: str
) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", users)
    path = tmp_path / "games.pgn"
    path.write_text('[FEN "4k4/9/9/9/9/9/9/9/9/3KK4 w"]\n1. d0d1 *')
    (error,) = read(path)[0].errors
    for told in (error, pickle.loads(pickle.dumps(error))):
        english, chinese = (told.text(lang).removeprefix(f"{path}") for lang in ("en", "zh"))
        assert english.isascii()
        assert english.startswith(", line 1: ")
        assert chinese.startswith(" 第 1 行：")
        assert not chinese.removeprefix(" 第 1 行：").isascii()
        assert str(told) == told.text("zh" if users == "zh" else "en")


def test_a_fault_in_a_side_line_leaves_the_main_line_whole(tmp_path: Path) -> None:
    path = tmp_path / "games.pgn"
    path.write_text("1. h2e2 h9g7 (1... h9h8 2. c3c4) (1... c6c5 2. c3c9 (2. g3g4) c5c4) 2. h0g2 i9h9 *")
    (game,) = read(path)
    assert [move.uci() for move in game.mainline_moves()] == ["h2e2", "h9g7", "h0g2", "i9h9"]
    assert [(error.reason, error.fields["text"]) for error in game.errors] == [
        ("move_illegal", "h9h8"),
        ("move_illegal", "c3c9"),
    ]
    first = game.variations[0]
    assert [str(node.move) for node in first.variations] == ["h9g7", "c6c5"]
    assert first.variations[1].is_end()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300, "records.not_a_game_log"),
        ("program.py", b'"""Text."""\nimport re\nx = [i for i in y]\n[print("a")]\n', "records.not_a_game_log"),
        ("chess.pgn.zip", b"PK\x03\x04" + bytes(100), "records.file_damaged"),
        ("letter.txt", "亲爱的朋友：\n1. 你好\n2. 再见\n".encode("gb18030"), "records.not_a_game_log"),
        ("empty.pgn", b"", "records.file_empty"),
        ("empty.pgn.gz", gzip.compress(b""), "records.file_empty"),
        ("endless.pgn", b'[Event "x"]\n' + b"x" * 5_000_000, "records.line_too_long"),
    ],
)
def test_a_file_that_is_no_game_log(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RecordFileError) as caught:
        read(path)
    assert caught.value.code == code
    for lang in ("en", "zh"):
        message = caught.value.text(lang)
        assert str(path) in message
        assert "\n" not in message


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_packed_data_that_is_cut_short_or_damaged(tmp_path: Path, suffix: str, pack: object) -> None:
    lines = [f'[Event "{number * 7919 % 10007}"]\n1. h2e2 h9g7 *\n\n' for number in range(3000)]
    data = pack("".join(lines).encode())  # type: ignore[operator]
    damaged = bytearray(data)
    damaged[len(data) // 2 : len(data) // 2 + 20] = b"\xff" * 20
    for name, content in (("short", data[:-30]), ("damaged", bytes(damaged)), ("stub", data[:8])):
        path = tmp_path / f"{name}.pgn{suffix}"
        path.write_bytes(content)
        with pytest.raises(RecordFileError, match=name) as caught:
            read(path)
        assert caught.value.code == "records.file_damaged"


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(RecordFileError, match=r"nothing\.pgn") as caught:
        read(tmp_path / "nothing.pgn")
    assert caught.value.code == "records.file_missing"
    with pytest.raises(RecordFileError) as caught:
        read(tmp_path)
    assert caught.value.code == "records.no_game_files"
