"""Encodings, packing, streams."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import os
import sys
from pathlib import Path

import pytest
from unseekable import Pipe

from xiangqi_gpt.records.packed import path_text
from xiangqi_gpt.records.reader import has_game_suffix, read_games
from xiangqi_gpt.records.text import detect_encoding, read_lines
from xiangqi_gpt.records.writer import write_games

GAME = '[Event "全國象棋個人賽"]\n[Red "胡榮華"]\n[Black "许银川"]\n[Result "1-0"]\n\n1. h2e2 {中炮} h9g7 1-0\n\n'

ENCODED = [
    GAME.encode("utf-8"),
    GAME.encode("utf-8-sig"),
    GAME.encode("gb18030"),
    GAME.encode("utf-16"),
    codecs.BOM_UTF16_LE + GAME.encode("utf-16-le"),
    codecs.BOM_UTF16_BE + GAME.encode("utf-16-be"),
]


@pytest.mark.parametrize("data", ENCODED, ids=["utf-8", "bom", "gb18030", "utf-16", "le", "be"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress], ids=["plain", "gz", "xz"])
def test_encodings_and_packing_are_detected(tmp_path: Path, data: bytes, pack: object) -> None:
    path = tmp_path / "games"  # by the content, not by the name
    path.write_bytes(pack(data))  # type: ignore[operator]
    (game,) = read_games(path)
    assert game.headers["Event"] == "全國象棋個人賽"
    assert (game.headers["Red"], game.headers["Black"]) == ("胡榮華", "许银川")
    assert game.variations[0].comment == "中炮"
    assert not game.errors


def test_the_encoding_is_decided_where_text_stops_being_ascii() -> None:
    plain = '[Event "plain"]\n1. h2e2 *\n\n' + f"{'junk ' * 100}\n" * 3000  # more than a block
    for encoding in ("utf-8", "gb18030"):
        games = list(read_games(io.BytesIO((plain + GAME).encode(encoding))))
        assert len(games) == 2
        assert games[-1].headers["Red"] == "胡榮華"


def test_a_text_with_one_broken_byte_keeps_its_encoding() -> None:
    for encoding in ("utf-8", "gb18030"):
        data = GAME.encode(encoding) * 3 + b"\xff"
        assert detect_encoding(data) == encoding
        assert detect_encoding(data[: len(GAME.encode(encoding)) - 1]) == encoding
    assert detect_encoding(b"1. h2e2") == "utf-8"
    assert detect_encoding("a name lost before: \ufffd\ufffd".encode()) == "utf-8"


def test_every_end_of_line_counts_once() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert list(read_lines(io.BytesIO(end.join(["a", "", "b"]).encode()), "x")) == ["a", "", "b"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress], ids=["plain", "gz", "xz"])
def test_streams_are_read_and_left_open(pack: object) -> None:
    data = pack((GAME * 20).encode("gb18030"))  # type: ignore[operator]
    for stream in (io.BytesIO(data), Pipe(data)):
        games = list(read_games(stream))  # type: ignore[arg-type]
        assert [game.headers["Black"] for game in games] == ["许银川"] * 20
        assert not stream.closed


def test_games_come_one_by_one() -> None:
    stream = io.BytesIO((GAME * 20_000).encode())
    games = read_games(stream)
    next(games)
    assert stream.tell() < len(stream.getvalue())
    games.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["games.pgn", "games.pgn.gz", "games.PGN.XZ"])
def test_written_files_are_read_again(tmp_path: Path, name: str) -> None:
    games = list(read_games(io.BytesIO((GAME * 3).encode())))
    assert write_games(tmp_path / name, games) == 3
    assert has_game_suffix(tmp_path / name)
    assert [str(game) for game in read_games(tmp_path / name)] == [str(game) for game in games]


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems take UTF-8 names only")
def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"b\xc6\xe5.pgn")  # a GB18030 name
    path.write_text("1. h2e2 h2e2 *")
    (game,) = read_games(path)
    told = game.errors[0].text("en")
    assert told.startswith(f"{tmp_path}/b\\udcc6\\udce5.pgn, line 1:")
    told.encode()  # could be written to a file
    with path.open("rb") as stream:
        assert next(read_games(stream)).errors[0].text("en") == told
    assert path_text(Path("胡榮華") / "é.pgn") == str(Path("胡榮華") / "é.pgn")


def test_other_suffixes_are_not_looked_at() -> None:
    assert not any(has_game_suffix(Path(name)) for name in ("games.png", "pgn", "games.gz", "games.pgn.bak"))
