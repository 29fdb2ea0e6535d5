"""Which encoding a text is in: short texts, late texts, damaged texts, both forms of writing."""

from __future__ import annotations

import io

import pytest

from xiangqi_gpt.records import read_games
from xiangqi_gpt.records.text import detect_encoding, read_lines

SIMPLIFIED = (
    '[Event "全国象棋个人赛"]\n[Red "胡荣华"]\n[Black "许银川"]\n[Result "1-0"]\n\n1. 炮二平五 马８进７ {中炮}\n'
)
TRADITIONAL = (
    '[Event "全國象棋個人賽"]\n[Red "胡榮華"]\n[Black "許銀川"]\n[Result "1-0"]\n\n1. 炮二平五 馬８進７ {中炮}\n'
)
ENCODINGS = [
    *((SIMPLIFIED, encoding) for encoding in ("utf-8", "gb2312", "gbk", "gb18030", "utf-16-le", "utf-16-be", "utf-16")),
    *((TRADITIONAL, encoding) for encoding in ("utf-8", "big5", "big5hkscs", "cp950", "gbk", "utf-16-le", "utf-8-sig")),
]


@pytest.mark.parametrize(("text", "encoding"), ENCODINGS)
def test_one_game_tells_its_encoding(text: str, encoding: str) -> None:
    (game,) = read_games(io.BytesIO(text.encode(encoding)))
    assert not game.errors
    assert [move.uci() for move in game.mainline_moves()] == ["h2e2", "h9g7"]
    assert f'[Red "{game.headers["Red"]}"]' in text
    assert game.headers["Event"] in text
    assert game.end().comment == "中炮"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("胡荣华", "gb18030"),
        ("胡榮華 先勝 柳大華", "big5hkscs"),
        ("炮二平五", "gb18030"),
        ("炮二平五", "big5hkscs"),
        ("馬８進７ 車九平八", "big5hkscs"),
        ("車一平二 兵三進一", "gb18030"),
        ("全國象棋甲級聯賽第4輪", "big5hkscs"),
        ("José Raúl", "utf-8"),
        ("中", "utf-8"),
        ("味味味味味味味", "gb18030"),  # is good UTF-8
        ("Иванов - Пономарёв", "utf-8"),
        ("Ἀθῆναι", "utf-8"),
    ],
)
def test_few_characters_do(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert data.decode(detect_encoding(data)) == text


@pytest.mark.parametrize(("text", "encoding"), ENCODINGS[1:4] + ENCODINGS[8:11])
def test_the_encoding_may_show_late(text: str, encoding: str) -> None:
    plain = '[Event "x"]\n1. h2e2 *\n\n' * 60_000  # more than a block of a megabyte
    late = f'{plain[:-60]}[Red "{text[9:11]}"]\n\n' + plain + text
    games = list(read_games(io.BytesIO(late.encode(encoding))))
    assert games[-1].headers["Red"] in text
    assert not games[-1].errors
    assert {game.headers.get("Red", text[9:11]) for game in games[:-1]} == {text[9:11]}


def test_characters_that_only_one_form_of_big5_has() -> None:
    for name, encoding in (("石堃", "big5hkscs"), ("恒裏", "cp950"), ("鄧頴", "big5hkscs")):
        text = TRADITIONAL.replace("胡榮華", name)
        (game,) = read_games(io.BytesIO(text.encode(encoding)))
        assert game.headers["Red"] == name


@pytest.mark.parametrize(("text", "encoding"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5"), (SIMPLIFIED, "utf-8")])
def test_damage_does_not_change_the_encoding(text: str, encoding: str) -> None:
    data = bytearray((text * 5).encode(encoding))
    for at in range(50, len(data), 150):
        data[at] = 0xFF
    games = list(read_games(io.BytesIO(bytes(data))))
    assert sum(game.headers.get("Black") in ("许银川", "許銀川") for game in games) >= 3


def test_joined_files_with_marks() -> None:
    data = SIMPLIFIED.encode("utf-8-sig") * 3
    assert [game.headers["Red"] for game in read_games(io.BytesIO(data))] == ["胡荣华"] * 3


def test_zeros_alone_are_no_utf_16() -> None:
    assert detect_encoding(b"1. h2e2\0\0 h9g7" * 10) == "utf-8"
    assert list(read_lines(io.BytesIO("甲\n乙\n[Red]\n[Black]".encode("utf-16-be")), "x")) == [
        "甲",
        "乙",
        "[Red]",
        "[Black]",
    ]
