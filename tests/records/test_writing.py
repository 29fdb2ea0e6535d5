"""Writing games: by the name of the file, in any encoding, with all losses told."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import tempfile
import zipfile
from pathlib import Path

import pytest
from trees import facts, random_tree

from xiangqi_gpt import Board, Move
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.records.errors import LossError, RecordFileError
from xiangqi_gpt.records.game import Game, GameNode
from xiangqi_gpt.records.pgn_writer import pgn_text
from xiangqi_gpt.records.reader import read_games
from xiangqi_gpt.records.writer import writable_suffixes, write_games

SET_UP = "2bak4/4a4/4b4/9/9/4p4/9/3A5/4N4/2BAK4 b - - 7 33"


def test_json_lines_are_simple_to_use_for_others() -> None:
    games = [random_tree(random.Random(seed), rich=True) for seed in range(20)]
    out = io.BytesIO()
    assert write_games(out, games, format="jsonl") == 20
    assert [facts(game) for game in read_games(io.BytesIO(out.getvalue()))] == [facts(game) for game in games]
    for line, game in zip(out.getvalue().decode().split("\n"), games, strict=False):
        told = json.loads(line)
        assert told["moves"] == [move.uci() for move in game.mainline_moves()]
        assert told.get("fen") == game.headers.get("FEN")


def test_long_headers_before_the_moves() -> None:
    game = Game({"Annotator": "x" * 100_000})
    game.add_line([Move.from_uci("h2e2")])
    out = io.BytesIO()
    write_games(out, [game], format="jsonl")
    (back,) = read_games(io.BytesIO(out.getvalue()))
    assert facts(back) == facts(game)


def test_side_lines_nested_deeper_than_python_recurses() -> None:
    game = Game({})
    node: GameNode = game
    board = Board()
    for _ in range(1500):
        first, second = list(board.legal_moves)[:2]
        node.add_variation(first)
        node = node.add_variation(second)
        board.push(second)
        if board.is_game_over():
            break
    out = io.BytesIO()
    write_games(out, [game], format="jsonl")
    (back,) = read_games(io.BytesIO(out.getvalue()))
    assert facts(back) == facts(game)


def test_a_stray_side_line_is_told() -> None:
    told = {
        "moves": ["h2e2"],
        "variations": [{"line": 1, "at": 0, "moves": ["b2e2"]}, "x", {"line": 0, "at": 0, "moves": []}],
    }
    (game,) = read_games(io.BytesIO(json.dumps(told).encode()))
    assert [error.reason for error in game.errors][:2] == ["variation_stray"] * 2
    assert [move.uci() for move in game.mainline_moves()] == ["h2e2"]


def test_a_table_for_others(tmp_path: Path) -> None:
    game = Game({"Red": "胡荣华", "Event": 'a "b", c', "Result": "1-0", "Annotator": "x"})
    node = game.add_line([Move.from_uci("h2e2"), Move.from_uci("h9g7")], comment="well")
    node.parent.add_variation(Move.from_uci("b9c7"))  # type: ignore[union-attr]
    node.nags.add(1)  # type: ignore[attr-defined]
    losses: list[LossError] = []
    write_games(tmp_path / "games.csv", [game], on_loss=losses.append)
    with (tmp_path / "games.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert {name: value for name, value in row.items() if value} == {
        "event": 'a "b", c',
        "red": "胡荣华",
        "result": "1-0",
        "moves": "h2e2 h9g7",
    }
    assert [loss.code for loss in losses] == [
        "records.loss_side_lines",
        "records.loss_comments",
        "records.loss_glyphs",
        "records.loss_column",
    ]
    assert "Annotator" in losses[-1].text("en")
    (back,) = read_games(tmp_path / "games.csv")
    assert (back.headers["Event"], back.result) == ('a "b", c', "1-0")


@pytest.mark.parametrize("suffix", writable_suffixes())
@pytest.mark.parametrize("packing", ["", ".gz", ".xz", ".zst", ".zip"])
def test_the_name_tells_format_and_packing(tmp_path: Path, suffix: str, packing: str) -> None:
    game = Game({"Red": "甲", "Result": "0-1"})
    game.add_line([Move.from_uci("h2e2"), Move.from_uci("h9g7")])
    path = tmp_path / f"a.b{suffix.upper()}{packing}"
    assert write_games(path, [game]) == 1
    (back,) = read_games(path)
    assert (back.headers["Red"], back.result, list(back.mainline_moves())) == ("甲", "0-1", list(game.mainline_moves()))
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_an_archive_names_its_member(tmp_path: Path) -> None:
    write_games(tmp_path / "a.zip", [Game()], format="jsonl")
    write_games(tmp_path / "b.PGN.zip", [Game()])
    members = {path.name: zipfile.ZipFile(path).namelist() for path in tmp_path.iterdir()}
    assert members == {"a.zip": ["a.jsonl"], "b.PGN.zip": ["b.PGN"]}


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    games = [Game({"Red": "胡榮華", "Event": "全國象棋個人賽"}) for _ in range(3)]
    for game in games:
        game.add_line([Move.from_uci("h2e2")], comment="這是一個很好的開局，紅方先手")
    for name in ("games.pgn", "games.jsonl"):
        write_games(tmp_path / name, games, encoding=encoding)
        assert "胡榮華" in (tmp_path / name).read_bytes().decode(encoding)
        assert [game.headers["Red"] for game in read_games(tmp_path / name)] == ["胡榮華"] * 3


def test_characters_that_an_encoding_lacks_are_told_once() -> None:
    losses: list[LossError] = []
    out = io.BytesIO()
    games = [Game({"Red": "许银川", "Black": "Ōé"}), Game({"Red": "许银川"})]
    write_games(out, games, encoding="big5", on_loss=losses.append)
    assert b'[Red "???"]' not in out.getvalue()
    assert "银".encode("gbk") not in out.getvalue()
    (loss,) = losses
    assert loss.code == "records.loss_characters"
    assert {"许", "银", "Ō", "é"} >= set(loss.fields["characters"].split()) >= {"许", "银"}


def test_streams() -> None:
    text = io.StringIO()
    assert write_games(text, [Game(), Game()]) == 2
    assert len(list(read_games(io.BytesIO(text.getvalue().encode())))) == 2
    with pytest.raises(RecordFileError) as caught:
        write_games(io.StringIO(), [Game()], format="xqf")
    assert caught.value.code == "records.not_text"


@pytest.mark.parametrize("mode", ["w", "wb"])
def test_temporary_files(mode: str) -> None:
    # whose wrapper is of none of the classes of streams
    with tempfile.NamedTemporaryFile(mode) as file:  # type: ignore[call-overload]
        assert write_games(file, [Game({"Event": "x"})]) == 1
        file.flush()
        assert [game.headers["Event"] for game in read_games(file.name)] == ["x"]


def test_a_notation_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(RecordFileError, match=r"'ucci'.*iccs, uci, wxf, chinese, traditional"):
        pgn_text(Game(), notation="ucci")
    with pytest.raises(RecordFileError, match="'ucci'"):
        write_games(tmp_path / "games.pgn", [Game()], notation="ucci")
    assert not list(tmp_path.iterdir())


def test_a_link_stays_one(tmp_path: Path) -> None:
    there, link, nowhere = tmp_path / "there", tmp_path / "link.pgn", tmp_path / "new.pgn"
    there.mkdir()
    (there / "games").write_text("old")
    link.symlink_to(there / "games")
    nowhere.symlink_to(Path("there") / "other")
    for path in (link, nowhere):
        assert write_games(path, [Game({"Event": path.name})]) == 1
        assert path.is_symlink()
    assert "link.pgn" in (there / "games").read_text()
    assert "new.pgn" in (there / "other").read_text()
    assert sorted(path.name for path in there.iterdir()) == ["games", "other"]


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "games.pgn.gz"
    write_games(path, [Game({"Event": "old"})])

    def broken() -> object:
        yield Game()
        raise XiangqiError("records.file_empty", file="x")

    with pytest.raises(XiangqiError):
        write_games(path, broken())  # type: ignore[arg-type]
    assert [file.name for file in tmp_path.iterdir()] == ["games.pgn.gz"]
    assert b"old" in gzip.decompress(path.read_bytes())
    # so games may go back into the file that they come from
    assert write_games(path, read_games(path)) == 1
    assert [game.headers["Event"] for game in read_games(path)] == ["old"]


@pytest.mark.parametrize(
    ("name", "how", "code"),
    [
        ("games.doc", {}, "suffix_unknown"),
        ("games", {}, "suffix_unknown"),
        ("games.pgn", {"format": "docx"}, "suffix_unknown"),
        ("games.pgn", {"encoding": "klingon"}, "encoding_unknown"),
        ("games.pgn", {"encoding": "rot13"}, "encoding_unknown"),
        ("games.xqf", {}, "one_game_a_file"),
        ("no/such/folder/games.pgn", {}, "cannot_write"),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, name: str, how: dict[str, str], code: str) -> None:
    with pytest.raises(RecordFileError) as caught:
        write_games(tmp_path / name, [Game(), Game()], **how)  # type: ignore[arg-type]
    assert caught.value.code == f"records.{code}"
    assert not list(tmp_path.iterdir())
    for lang in ("en", "zh"):
        assert "\n" not in caught.value.text(lang)


@pytest.mark.parametrize(
    ("notation", "encoding"), [("chinese", "big5"), ("traditional", "ascii"), ("chinese", "latin-1")]
)
def test_an_encoding_that_has_no_characters_for_the_moves(notation: str, encoding: str, tmp_path: Path) -> None:
    """Moves of question marks are no game: the file is not written."""
    game = Game()
    game.add_line(map(Move.from_uci, ["h2e2", "h9g7"]))
    path = tmp_path / "a.pgn"
    with pytest.raises(RecordFileError) as caught:
        write_games(path, [game], notation=notation, encoding=encoding)
    assert caught.value.code == "records.notation_encoding"
    assert not path.exists()
    assert write_games(path, [game], notation="traditional", encoding="big5") == 1
