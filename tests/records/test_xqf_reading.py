from __future__ import annotations

import io
import random
from contextlib import suppress

import pytest
from test_game_tree import facts
from xqf_by_hand import ANNOTATOR, AUTHOR, BLACK, DATE, EVENT, RED, SITE, START, TIME, TITLE, Record, line, xqf_file

from xiangqi_gpt import Move
from xiangqi_gpt.records import xqf
from xiangqi_gpt.records.builder import GameBuilder
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.xqf import looks_like_xqf, visit_xqf

VERSIONS = [2, 10, 11, 12, 13, 15, 16, 18]
OFF = 0xFF
# A black general on d9, a red pawn on i8, a red general on f0.
FEW = [*[OFF] * 4, 50, *[OFF] * 6, 88, *[OFF] * 4, *[OFF] * 4, 39, *[OFF] * 11]


def read(data: bytes, name: str = "game.xqf", *, variations: bool = True) -> Game:
    (game,) = visit_xqf(io.BytesIO(data), GameBuilder(variations=variations), name)
    return game


def moves(game: Game) -> list[str]:
    return [move.uci() for move in game.mainline_moves()]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("seed", range(5))
def test_a_game_of_every_version(version: int, seed: int) -> None:
    rng = random.Random(seed)
    keys = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
    mask, set_bits = rng.randrange(256), rng.randbytes(4)
    records = [
        Record(comment="开局".encode("gbk")),
        Record("h2e2", junk=rng.randrange(32) if version > 10 else 0),
        Record("h9g7", comment="屏风马\r\n好".encode("gbk")),
        Record("h0g2", then=False),
    ]
    game = read(xqf_file(records, version=version, keys=keys, mask=mask, set_bits=set_bits, result=1))
    assert not game.errors
    assert moves(game) == ["h2e2", "h9g7", "h0g2"]
    assert game.comment == "开局"
    assert [node.comment for node in game.mainline()] == ["", "屏风马\n好", ""]
    assert game.headers == {"Result": "1-0"}


TREE = [
    Record(),
    Record("h2e2", other=True),  # or b2e2, c3c4
    Record("h9g7", other=True),  # or b9c7
    Record("h0g2", then=False, other=True),  # or b0c2
    Record("b0c2", then=False),
    Record("b9c7", comment=b"side", then=False),
    Record("b2e2", other=True),
    Record("b9c7", then=False),
    Record("c3c4"),
    Record("c6c5", then=False, other=True),  # or g6g5
    Record("g6g5", then=False),
]


@pytest.mark.parametrize("version", [10, 18])
def test_side_lines(version: int) -> None:
    expected = Game({"Result": "*"})
    cannon = expected.add_variation(_move("h2e2"))
    horse = cannon.add_variation(_move("h9g7"))
    horse.add_variation(_move("h0g2"))
    horse.add_variation(_move("b0c2"))
    cannon.add_variation(_move("b9c7"), comment="side")
    expected.add_variation(_move("b2e2")).add_variation(_move("b9c7"))
    pawn = expected.add_variation(_move("c3c4"))
    pawn.add_variation(_move("c6c5"))
    pawn.add_variation(_move("g6g5"))
    game = read(xqf_file(TREE, version=version))
    assert not game.errors
    assert facts(game) == facts(expected)
    main = read(xqf_file(TREE, version=version), variations=False)
    assert facts(main) == [[("Result", "*")], *_line_facts("h2e2", "h9g7", "h0g2")]


def _move(text: str) -> Move:
    return Move.from_uci(text)


def _line_facts(*texts: str) -> list[object]:
    return [("None", "", 1, ()), *((text, "", text != texts[-1], ("", [])) for text in texts)]


def test_side_lines_nest_deep() -> None:
    # At each of 4,000 moves the other general's step is another way to go on.
    cycle = [("f0f1", "f0e0"), ("d9d8", "d9e9"), ("f1f0", "f1e1"), ("d8d9", "d8e8")]
    chain = [cycle[ply % 4] for ply in range(4000)]
    records = [Record(), *(Record(main, other=True) for main, _ in chain[:-1]), Record(chain[-1][0], then=False)]
    records += [Record(other, then=False) for _, other in reversed(chain[:-1])]
    game = read(xqf_file(records, pieces=[*FEW[:11], 6, *FEW[12:]]))
    assert sum(1 for _ in game.mainline()) == 4000


def test_headers() -> None:
    fields = {
        TITLE: "当头炮　对 屏风马".encode("gbk"),
        EVENT: "全国赛".encode("gbk"),
        DATE: b"1993.4.27",
        SITE: "南京".encode("gbk"),
        RED: "吉林陶汉明".encode("gbk"),
        BLACK: "解放军杨永明".encode("gbk"),
        TIME: b"10-5-0",
        ANNOTATOR: "李来群".encode("gbk"),
        AUTHOR: "某人".encode("gbk"),
    }
    game = read(xqf_file(line("h2e2"), result=3, kind=2, fields=fields))
    assert game.headers == {
        "Event": "全国赛",
        "Site": "南京",
        "Date": "1993.4.27",
        "Red": "吉林陶汉明",
        "Black": "解放军杨永明",
        "Title": "当头炮　对 屏风马",
        "TimeControl": "10-5-0",
        "Annotator": "李来群",
        "Author": "某人",
        "PlayType": "middlegame",
        "Result": "1/2-1/2",
    }


def test_a_field_that_was_cut_in_the_middle_of_a_character() -> None:
    data = bytearray(xqf_file(line("h2e2"), fields={SITE: "广州碧桂园凤凰城".encode("gbk")[:15]}))
    data[SITE] = 16  # the length that would not fit
    assert read(bytes(data)).headers["Site"] == "广州碧桂园凤凰"


@pytest.mark.parametrize(("byte", "result"), list(enumerate(["*", "1-0", "0-1", "1/2-1/2", "1/2-1/2", "*"])))
def test_results(byte: int, result: str) -> None:
    assert read(xqf_file(line("h2e2"), result=byte)).result == result


@pytest.mark.parametrize(
    ("title", "name", "result"),
    [
        ("胡荣华 先胜 柳大华", "1.xqf", "1-0"),
        ("", "games/胡荣华先负柳大华.xqf", "0-1"),
        ("中炮对屏风马", "胡荣华先和柳大华.XQF", "1/2-1/2"),
        ("中炮对屏风马", "1.xqf", "*"),
    ],
)
def test_results_in_words(title: str, name: str, result: str) -> None:
    assert read(xqf_file(line("h2e2"), fields={TITLE: title.encode("gbk")}), name).result == result


@pytest.mark.parametrize(
    ("title", "result"), [("炮兵胜士象全2", "1-0"), ("单车和车炮", "1/2-1/2"), ("双献美酒 红先和", "*")]
)
def test_the_title_of_a_set_up_position(title: str, result: str) -> None:
    data = xqf_file(line("i8h8"), pieces=FEW, fields={TITLE: title.encode("gbk")})
    assert read(data).result == result


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("told", [0, 1])
@pytest.mark.parametrize(("move", "turn"), [("i8i9", "w"), ("d9d8", "b")])
def test_the_first_move_tells_whose_turn_it_is(version: int, told: int, move: str, turn: str) -> None:
    game = read(xqf_file(line(move), version=version, pieces=FEW, turn=told))
    assert game.headers["FEN"] == f"3k5/8P/9/9/9/9/9/9/9/5K3 {turn} - - 0 1"
    assert moves(game) == [move]


def test_the_header_tells_whose_turn_it_is_where_there_are_no_moves() -> None:
    assert read(xqf_file([Record(then=False)], turn=1)).headers["FEN"].split()[1] == "b"
    assert "FEN" not in read(xqf_file([Record(then=False)])).headers


def test_pieces_that_changed_places_make_no_set_up() -> None:
    swapped = [START[8], *START[1:8], START[0], *START[9:]]
    assert "FEN" not in read(xqf_file(line("h2e2"), pieces=swapped)).headers


def test_big5() -> None:
    fields = {
        TITLE: "中炮對屏風馬".encode("big5"),
        EVENT: "全國象棋個人錦標賽".encode("big5"),
        RED: "胡榮華".encode("big5"),
        BLACK: "柳大華".encode("big5"),
    }
    records = [Record(comment="這是一盤精彩的對局，雙方都走得很好。".encode("big5")), *line("h2e2")[1:]]
    game = read(xqf_file(records, fields=fields))
    assert (game.headers["Red"], game.headers["Title"]) == ("胡榮華", "中炮對屏風馬")
    assert game.comment == "這是一盤精彩的對局，雙方都走得很好。"


# What is not in order


def test_an_illegal_move_ends_its_line_only() -> None:
    records = [Record(), Record("h2e2", other=True), Record("h9h7", then=False), Record("b2e2", then=False)]
    game = read(xqf_file(records))
    assert [error.reason for error in game.errors] == ["move_illegal"]
    assert (game.errors[0].line, game.errors[0].fields["ply"]) == (2, 2)
    assert [node.move.uci() for node in game.variations] == ["h2e2", "b2e2"]


@pytest.mark.parametrize("version", [10, 18])
def test_cut_short(version: int) -> None:
    records = [Record(), Record("h2e2", comment=b"known"), Record("h9g7", comment=b"lost"), Record("h0g2", then=False)]
    whole = xqf_file(records, version=version)
    for variations in (True, False):
        seen = set()
        for end in range(1024, len(whole)):
            game = read(whole[:end], variations=variations)
            assert [error.reason for error in game.errors] == ["xqf_cut"]
            assert moves(game) == ["h2e2", "h9g7", "h0g2"][: len(moves(game))]
            seen.add(len(moves(game)))
        assert {0, 1, 2} <= seen


def test_bytes_behind_the_end_are_left_alone() -> None:
    game = read(xqf_file(line("h2e2", "h9g7")) + bytes(100))
    assert (moves(game), game.errors) == (["h2e2", "h9g7"], [])


def test_a_point_off_the_board() -> None:
    data = bytearray(xqf_file(line("h2e2", "h9g7", "h0g2")))
    data[1024 + 8 * 2] = 90 + 24
    game = read(bytes(data))
    assert [(error.reason, error.line) for error in game.errors] == [("xqf_record", 2)]
    assert moves(game) == ["h2e2"]
    assert "game.xqf" in str(game.errors[0])


def test_a_comment_of_negative_length() -> None:
    data = bytearray(xqf_file(line("h2e2", "h9g7")))
    data[1024 + 8 + 4 : 1024 + 8 + 8] = b"\xff\xff\xff\xff"
    assert [error.reason for error in read(bytes(data)).errors] == ["xqf_record"]


def test_a_position_without_generals() -> None:
    game = read(xqf_file(line("h2e2"), pieces=[OFF] * 32))
    assert [error.reason for error in game.errors] == ["fen_bad"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"XQ\x0a" + bytes(900), "xqf_short"),
        (b"XQ\x13" + bytes(2000), "xqf_version"),
        (b"XQ\x0a" + bytes(1 << 24), "xqf_large"),
    ],
)
def test_files_that_cannot_be_read(data: bytes, code: str) -> None:
    with pytest.raises(RecordFileError, match=r"game\.xqf") as caught:
        read(data)
    assert caught.value.code == f"records.{code}"


def test_endless_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xqf, "_MOST_MOVES", 1000)
    step = [Record("a0a1"), Record("a9a8"), Record("a1a0"), Record("a8a9")]
    for variations in (True, False):
        game = read(xqf_file([Record(), *step * 1000]), variations=variations)
        assert [(error.reason, error.line) for error in game.errors] == [("xqf_endless", 1001)]
        assert len(moves(game)) == 1000


@pytest.mark.parametrize(
    ("head", "is_xqf"),
    [(b"XQ\x0a\0", True), (b"XQ\x12\xff", True), (b"XQ", False), (b"XQ is a text", False), (b"", False)],
)
def test_what_looks_like_xqf(head: bytes, is_xqf: bool) -> None:
    assert looks_like_xqf(head) == is_xqf


@pytest.mark.parametrize("seed", range(100))
def test_damaged_files_are_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(xqf_file(TREE, version=rng.choice(VERSIONS), fields={TITLE: b"title"}))
    for _ in range(rng.randrange(1, 10)):
        at = rng.randrange(len(data))
        data[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
    for variations in (True, False):
        with suppress(RecordFileError):
            game = read(bytes(data), variations=variations)
            assert all("game.xqf" in str(error) for error in game.errors)
