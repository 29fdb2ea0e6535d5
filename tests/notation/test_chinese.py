"""Chinese notation: positions and texts worked out by hand from the published conventions."""

from __future__ import annotations

import pytest

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError, InvalidMoveError
from xiangqi_gpt.rules.fen import STARTING_FEN

BLACK_FIRST = STARTING_FEN.replace("w", "b")
# Two pawns each on Red's files 4 and 6: the counted example of the computer standard for records.
TWO_PAIRS = "4k4/3P1P3/9/3P1P3/9/9/9/9/9/5K3 w"
THREE = "3k5/6P2/6P2/6P2/9/9/9/9/9/5K3 w"
FIVE_BLACK = "3k5/9/9/9/9/6p2/6p2/6p2/6p2/4K1p2 b"

# FEN, move, simplified, traditional, and other texts that mean it.
CASES = [
    (STARTING_FEN, "h2e2", "炮二平五", "炮二平五", ["砲2平5", "包２平５", "炮 二 平 五", "炮2=5", "炮二.五"]),
    (STARTING_FEN, "h0g2", "马二进三", "馬二進三", ["馬2进３", "傌二進三", "马2+3"]),
    (STARTING_FEN, "i0i2", "车一进二", "車一進二", ["俥一進二", "車1进2"]),
    (STARTING_FEN, "c3c4", "兵七进一", "兵七進一", ["卒七进一", "兵7進１"]),
    (STARTING_FEN, "g0e2", "相三进五", "相三進五", ["象3进5"]),
    (STARTING_FEN, "d0e1", "仕六进五", "仕六進五", ["士六进五"]),
    (STARTING_FEN, "e0e1", "帅五进一", "帥五進一", ["将五进一", "將5進1"]),
    (BLACK_FIRST, "h9g7", "马８进７", "馬８進７", ["马8进7", "傌八進七", "馬八进７"]),
    (BLACK_FIRST, "a9a8", "车１进１", "車１進１", ["車一進一"]),
    (BLACK_FIRST, "e9e8", "将５进１", "將５進１", ["帅5进1"]),
    (BLACK_FIRST, "c6c5", "卒３进１", "卒３進１", ["兵3进1"]),
    ("3k5/9/9/9/7C1/9/9/7C1/9/5K3 w", "h5h4", "前炮退一", "前炮退一", ["炮前退一", "前包退1", "前炮二退一"]),
    ("3k5/9/9/9/7C1/9/9/7C1/9/5K3 w", "h2e2", "后炮平五", "後炮平五", ["炮後平5"]),
    ("3k5/9/9/1c7/9/9/1c7/9/9/5K3 b", "b3b2", "前炮进１", "前炮進１", ["前砲進一"]),
    ("3k5/9/9/9/7R1/9/9/7R1/9/5K3 w", "h5h9", "前车进四", "前車進四", ["车二进四"]),
    ("3k5/9/9/9/9/2B6/9/9/9/2B1K4 w", "c0e2", "相七进五", "相七進五", ["后相进五"]),
    ("3k5/9/9/9/9/2B6/9/9/9/2B1K4 w", "c4e2", "相七退五", "相七退五", ["前相退五"]),
    (THREE, "g8f8", "前兵平四", "前兵平四", ["一兵平四", "前三平四"]),
    (THREE, "g7f7", "中兵平四", "中兵平四", ["二兵平四", "中三平四"]),
    (THREE, "g6f6", "后兵平四", "後兵平四", ["三兵平四"]),
    (TWO_PAIRS, "f8e8", "一兵平五", "一兵平五", ["前四平五", "前兵四平五", "一四平五"]),
    (TWO_PAIRS, "f6e6", "二兵平五", "二兵平五", ["后四平五"]),
    (TWO_PAIRS, "d8e8", "三兵平五", "三兵平五", ["前六平五", "1六平5"]),
    (TWO_PAIRS, "d6e6", "四兵平五", "四兵平五", ["後六平五", "后兵六平五", "二兵六平五"]),
    (TWO_PAIRS, "d8c8", "三兵平七", "三兵平七", ["前兵平七"]),
    (FIVE_BLACK, "g0f0", "一卒平６", "一卒平６", ["前卒平６", "1卒平6"]),
    (FIVE_BLACK, "g1f1", "二卒平６", "二卒平６", ["２卒平６"]),
    (FIVE_BLACK, "g2f2", "三卒平６", "三卒平６", ["中卒平6"]),
    (FIVE_BLACK, "g3f3", "四卒平６", "四卒平６", []),
    (FIVE_BLACK, "g4f4", "五卒平６", "五卒平６", ["后卒平６", "5兵平六"]),
]


@pytest.mark.parametrize(("fen", "uci", "simplified", "traditional", "others"), CASES)
def test_written_one_way_and_read_every_way(
    fen: str, uci: str, simplified: str, traditional: str, others: list[str]
) -> None:
    board, move = Board(fen), Move.from_uci(uci)
    assert board.is_legal(move)
    assert board.chinese(move) == simplified
    assert board.chinese(move, traditional=True) == traditional
    narrow = simplified.translate(str.maketrans("１２３４５６７８９", "123456789"))
    assert board.chinese(move, full_width=False) == narrow
    for other in [simplified, traditional, narrow, *others]:
        assert board.parse_chinese(other) == move, other


@pytest.mark.parametrize(
    ("fen", "text", "candidates"),
    [
        ("3k5/9/9/9/7C1/9/9/7C1/9/5K3 w", "炮二平五", ("前炮平五", "后炮平五")),
        (TWO_PAIRS, "前兵平五", ("一兵平五", "三兵平五")),
        (TWO_PAIRS, "兵四平五", ("一兵平五", "二兵平五")),
    ],
)
def test_a_text_that_means_several_moves_names_them(fen: str, text: str, candidates: tuple[str, ...]) -> None:
    with pytest.raises(AmbiguousMoveError) as caught:
        Board(fen).parse_chinese(text)
    assert caught.value.fields["candidates"] == ", ".join(candidates)


@pytest.mark.parametrize(
    "text",
    [
        *("", "炮", "炮二", "炮二平", "平五", "炮二平五五", "炮二平零", "炮〇平五", "兵兵平五", "前后平五"),
        *("C2=5", "12=5", "C二平五", "炮二平五x", "将军", "红先胜", "炮\ud800平五"),
    ],
)
def test_what_is_no_chinese_move(text: str) -> None:
    with pytest.raises(InvalidMoveError):
        Board().parse_chinese(text)
    with pytest.raises(InvalidMoveError):
        Board().parse_chinese(text + "　" * 1000)


@pytest.mark.parametrize(
    "text", ["炮二平二", "炮三平五", "马二平三", "前炮平五", "中兵进一", "一兵进一", "帅五平四", "前帅进一"]
)
def test_well_formed_but_not_legal(text: str) -> None:
    with pytest.raises(IllegalMoveError):
        Board().parse_chinese(text)


def test_push_plays_the_move() -> None:
    board = Board()
    for text in ("炮二平五", "马8进7", "馬二進三", "車９平８"):
        board.push_chinese(text)
    assert [move.uci() for move in board.move_stack] == ["h2e2", "h9g7", "h0g2", "i9h9"]


def test_more_equal_pieces_than_a_set_holds_are_counted() -> None:
    board = Board("3k5/R8/R8/9/9/R8/R8/9/9/5K3 w")
    for move in board.legal_moves:
        assert board.parse_chinese(board.chinese(move)) == move
