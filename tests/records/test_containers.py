"""Packed files, archives, folders, streams: all games come, and every broken file is told by name."""

from __future__ import annotations

import gzip
import io
import lzma
import random
import sys
import zipfile
from pathlib import Path

import pytest
from unseekable import Pipe

from xiangqi_gpt import Move
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.packed import PACKINGS
from xiangqi_gpt.records.pgn import read_game
from xiangqi_gpt.records.reader import has_game_suffix, read_games, source_bytes
from xiangqi_gpt.records.writer import write_games

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def pgn(event: str) -> str:
    return f'[Event "{event}"]\n\n1. h2e2 h9g7 *\n\n'


def events(source: object, **kwargs: object) -> list[str]:
    return [game.headers["Event"] for game in read_games(source, **kwargs)]  # type: ignore[arg-type]


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_zstandard_is_read_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "games"
    path.write_bytes(zstd.compress(pgn("packed").encode()))
    assert events(path) == ["packed"]
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(RecordFileError, match="games") as caught:
        events(path)
    assert caught.value.code == "records.file_damaged"


@pytest.mark.parametrize("packing", PACKINGS, ids=lambda packing: packing.suffix)
def test_packed_and_packed_again_is_the_same(packing: object, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_games(tmp_path / f"{name}.pgn{packing.suffix}", [Game()])  # type: ignore[attr-defined]
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 1


def test_an_archive_is_read_member_by_member(tmp_path: Path) -> None:
    members = {
        "b/second.pgn": pgn("1"),
        "first.PGN": pgn("2"),
        "b/": "",
        "__MACOSX/._first.pgn": "junk",
        "b/._second.pgn": "junk",
        "picture.png": "junk",
        "moves.csv": "moves,event\nh2e2 h9g7,3\n",
    }
    path = archive(tmp_path / "games.zip", {name: text.encode() for name, text in members.items()})
    assert events(path) == ["1", "2", "3"]
    assert has_game_suffix(path)
    with path.open("rb") as stream:
        assert events(stream) == ["1", "2", "3"]
        assert not stream.closed
    assert events(Pipe(path.read_bytes())) == ["1", "2", "3"]


def test_packed_members_are_unpacked_but_archives_in_archives_are_not(tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", {"a.pgn": pgn("inner").encode()})
    path = archive(
        tmp_path / "outer.zip", {"b.pgn.xz": lzma.compress(pgn("packed").encode()), "inner.zip": inner.read_bytes()}
    )
    errors: list[RecordFileError] = []
    assert events(path, on_error=errors.append) == ["packed"]
    assert [error.fields["file"] for error in errors] == [f"{path}/inner.zip"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_in_archives_that_do_not_tell_their_encoding(tmp_path: Path, encoding: str) -> None:
    name = "全国象棋个人赛/胡荣华.pgn"
    raw = name.encode(encoding)
    path = archive(tmp_path / "games.zip", {"x" * len(raw): b"1. h2e2 h2e2 *"})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    with zipfile.ZipFile(path) as file:
        assert file.namelist() != [name]  # as the standard library reads it
    # Only names with a known suffix are read, so the name must have been decoded.
    (game,) = read_games(path)
    assert game.errors[0].fields["file"] == f"{path}/{name}"


def test_an_encrypted_member_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "games.zip", {"a.pgn": pgn("1").encode(), "b.pgn": pgn("2").encode()})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag, in the directory
    data[6] |= 1  # and before the member
    path.write_bytes(data)
    errors: list[RecordFileError] = []
    assert events(path, on_error=errors.append) == ["2"]
    assert [(error.code, error.fields["file"]) for error in errors] == [("records.file_encrypted", f"{path}/a.pgn")]


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("a.pgn", pgn("1") * 50)
        file.filelist += file.filelist * 9  # ten names for one content
    with pytest.raises(RecordFileError) as caught:
        events(tmp_path / "a.zip")
    assert caught.value.code == "records.file_damaged"


@pytest.mark.parametrize("packing", PACKINGS, ids=lambda packing: packing.suffix)
@pytest.mark.parametrize("suffix", ["pgn", "jsonl", "csv"])
def test_games_before_the_damage_come(packing: object, suffix: str, tmp_path: Path) -> None:
    rng = random.Random(5)
    games = [Game({"Event": f"{rng.random()}" * 4}) for _ in range(3000)]
    for game in games:
        game.add_line([Move.from_uci("h2e2")])
    path = tmp_path / f"games.{suffix}{packing.suffix}"  # type: ignore[attr-defined]
    write_games(path, games)
    whole = path.read_bytes()
    told = [game.headers["Event"] for game in games]
    damage = {"end": whole[:-12], "middle": whole[: len(whole) * 3 // 4]}
    for data in damage.values():
        path.write_bytes(data)
        errors: list[RecordFileError] = []
        found = events(path, on_error=errors.append)
        assert [error.code for error in errors] == ["records.file_damaged"]
        assert len(found) > (1000 if packing.suffix == ".gz" else 0)  # type: ignore[attr-defined]
        assert found == told[: len(found)]


def test_the_encoding_is_found_before_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "games.pgn.gz"
    path.write_bytes(gzip.compress((pgn("中炮") * 5).encode("gb18030"), 0)[:-9])
    errors: list[RecordFileError] = []
    assert events(path, on_error=errors.append) == ["中炮"] * 4
    assert len(errors) == 1


def test_damage_in_a_member_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "games.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.pgn", pgn("1") * 1000)
        file.writestr("b.pgn", pgn("2"))
    path.write_bytes(path.read_bytes().replace(b"h9g7", b"h9g8", 990).replace(b"h9g8", b"h9g7", 989))
    errors: list[RecordFileError] = []
    found = events(path, on_error=errors.append)
    assert found.count("1") > 500
    assert found[-1] == "2"
    assert [error.code for error in errors] == ["records.file_damaged"]


def test_streams_of_text(tmp_path: Path) -> None:
    assert events(io.StringIO(pgn("許銀川") * 3)) == ["許銀川"] * 3
    assert events(io.StringIO(pgn("味"))) == ["味"]
    path = tmp_path / "games.pgn"
    path.write_text(pgn("许银川") * 20_000, encoding="gb18030")
    with path.open(encoding="gb18030") as file:
        file.readline()
        file.seek(0)
        assert events(file) == ["许银川"] * 20_000
        assert not file.closed
    with path.open(encoding="utf-8") as file, pytest.raises(RecordFileError) as caught:
        events(file)
    assert (caught.value.code, caught.value.fields["file"]) == ("records.text_undecodable", str(path))
    with pytest.raises(RecordFileError) as caught:
        events(io.StringIO(""))
    assert caught.value.code == "records.file_empty"


def test_read_game_needs_a_stream_of_text(tmp_path: Path) -> None:
    path = tmp_path / "games.pgn"
    path.write_text(pgn("1"))
    with path.open("rb") as file:
        for handle in (file, path, str(path)):
            with pytest.raises(RecordFileError, match=r"games\.pgn") as caught:
                read_game(handle)  # type: ignore[arg-type]
            assert caught.value.code == "records.not_open_as_text"


def test_a_folder_with_everything_in_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.pgn").write_text(pgn("3"))
    (tmp_path / "b.jsonl").write_text('{"moves": "h2e2 h9g7", "event": "2"}\n')
    archive(tmp_path / "a.zip", {"x.pgn": pgn("1").encode()})
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "._c.pgn").write_bytes(b"junk")
    assert events(tmp_path) == ["1", "2", "3"]
    assert events(str(tmp_path)) == ["1", "2", "3"]


def test_broken_files_do_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.pgn").write_text(pgn("1"))
    (tmp_path / "b.pgn").write_bytes(b"\x00\x01\x02")
    (tmp_path / "c.pgn.xz").write_bytes(lzma.compress((pgn("2") * 1000).encode())[:-40])
    (tmp_path / "d.pgn").write_bytes(b"")
    (tmp_path / "e.zip").write_bytes(b"PK\x03\x04 and so on")
    (tmp_path / "f.pgn").write_text(pgn("3"))
    errors: list[RecordFileError] = []
    found = events(tmp_path, on_error=errors.append)
    assert found[0] == "1"
    assert found[-1] == "3"
    told = [(Path(error.fields["file"]).name, error.code.partition(".")[2]) for error in errors]
    assert told == [
        ("b.pgn", "not_a_game_log"),
        ("c.pgn.xz", "file_damaged"),
        ("d.pgn", "file_empty"),
        ("e.zip", "file_damaged"),
    ]
    games = read_games(tmp_path)
    seen = []
    with pytest.raises(RecordFileError) as caught:
        seen += (game.headers["Event"] for game in games)  # all games come before the error
    assert (caught.value.code, caught.value.fields["count"]) == ("records.files_failed", 4)
    assert "b.pgn" in caught.value.text("en")


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: archive(path, {"a.png": b"x"})])
def test_nothing_to_read(tmp_path: Path, make: object) -> None:
    make(tmp_path / "games.zip")  # type: ignore[operator]
    with pytest.raises(RecordFileError) as caught:
        events(tmp_path / "games.zip")
    assert caught.value.code == "records.no_game_files"
    for format_name in ("PGN", "XQF", "JSON", "CSV"):
        assert format_name in caught.value.text("en")


@pytest.mark.parametrize("pack", [bytes, lzma.compress, lambda data: zipped(data)], ids=["plain", "xz", "zip"])
def test_standard_input(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack((pgn("1") + pgn("2")).encode())  # type: ignore[operator]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Pipe(data))))
    assert events("-") == ["1", "2"]


def zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("games.pgn", data)
    return packed.getvalue()


def test_how_far_the_reading_has_come(tmp_path: Path) -> None:
    text = "".join(pgn(str(number * 7919 % 10007)) for number in range(2000))
    (tmp_path / "a.pgn").write_text(text)
    (tmp_path / "b.pgn.xz").write_bytes(lzma.compress(text.encode()))
    (tmp_path / "c.png").write_bytes(b"not read")
    total = source_bytes(tmp_path)
    assert total == sum((tmp_path / name).stat().st_size for name in ("a.pgn", "b.pgn.xz"))
    sizes: list[int] = []
    games = read_games(tmp_path, on_read=sizes.append)
    next(games)
    assert 0 < sum(sizes) < total
    assert sum(1 for _ in games) == 3_999
    assert sum(sizes) == total
    assert source_bytes("-") is None
    assert source_bytes(io.BytesIO()) is None
    assert source_bytes(tmp_path / "missing") is None
