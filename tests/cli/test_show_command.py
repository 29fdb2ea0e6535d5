from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from xiangqi_gpt.cli import main

TREE = """[Event "全国赛"]
[Date "2024.01.02"]
[Red "胡荣华"]
[Black "柳大华"]
[Result "1-0"]
[Club "own tag"]
[Round "?"]

{ the game } 1. h2e2 h9g7 2. h0g2 $1 { develops&nbsp;it } ( 2. b0c2 { or so } b9c7 ( 2... i9h9 3. c3c4 ) 3. c3c4 )
2... i9h9 3. i0h0 1-0
"""
SETUP = """[Event "composition"]
[FEN "3k5/8P/9/9/9/9/9/9/9/5K3 b - - 0 1"]

1... d9d8 2. i8h8 *
"""
BAD = """[Event "bad"]

1. h2e2 a0a9 *
"""


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    Path("tree.pgn").write_text(TREE, encoding="utf-8")
    Path("three.pgn").write_text(f"{TREE}\n{SETUP}\n{BAD}", encoding="utf-8")


def show(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["show", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_game(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(capsys, "tree.pgn") == [
        "Event: 全国赛",
        "Date: 2024.01.02",
        "Red: 胡荣华",
        "Black: 柳大华",
        "Result: 1-0 (Red won)",
        "Club: own tag",
        "",
        "9 r n b a k a b r .",
        "8 . . . . . . . . .",
        "7 . c . . . . n c .",
        "6 p . p . p . p . p",
        "5 . . . . . . . . .",
        "4 . . . . . . . . .",
        "3 P . P . P . P . P",
        "2 . C . . C . N . .",
        "1 . . . . . . . . .",
        "0 R N B A K A B R .",
        "  a b c d e f g h i",
        "After ply 5, R1=2; Black to move.",
        "",
        "the game",
        "  1. C2=5       H8+7         2. H2+3!",
        "    develops it",
        "  2. …          R9=8         3. R1=2",
        "Red won",
        "There are side lines (2): --variations shows them.",
    ]


def test_side_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = show(capsys, "tree.pgn", "--variations", "--notation", "uci")
    assert lines[lines.index("the game") + 1 :] == [
        "  1. h2e2       h9g7         2. h0g2!",
        "    develops it",
        "    ( 2.b0c2 {or so} 2...b9c7",
        "        ( 2...i9h9 3.c3c4 )",
        "    3.c3c4 )",
        "  2. …          i9h9         3. i0h0",
        "Red won",
    ]


def test_in_chinese(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "zh")
    lines = show(capsys, "tree.pgn", "--ply", "1")
    assert lines[:2] == ["赛事：全国赛", "日期：2024.01.02"]
    assert "结果：1-0 (红胜)" in lines
    assert "　楚河　　　汉界　" in lines
    assert "．砲．．．．．砲．" in lines
    assert "．炮．．炮．．．．" in lines
    assert "第 1 着炮二平五之后，轮到黑方走棋。" in lines
    assert "  1. 炮二平五   马８进７     2. 马二进三!" in lines
    assert "    develops it" in lines
    assert lines[-2:] == ["红胜", "另有变着 2 处：加 --variations 显示。"]


@pytest.mark.parametrize(
    ("notation", "move"),
    [("iccs", "H2-E2"), ("wxf", "C2=5"), ("chinese", "炮二平五"), ("chinese-traditional", "馬８進７")],
)
def test_notations(notation: str, move: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert any(move in line for line in show(capsys, "tree.pgn", "--notation", notation))


def test_a_set_up_position_is_shown_first(capsys: pytest.CaptureFixture[str]) -> None:
    lines = show(capsys, "three.pgn", "--game", "2")
    assert "9 . . . k . . . . ." in lines
    assert "Start position; Black to move." in lines
    assert "  1. …          K4+1         2. P1=2" in lines
    assert lines[-1] == "no result"
    lines = show(capsys, "three.pgn", "--game", "2", "--ply", "2")
    assert "8 . . . k . . . P ." in lines
    assert "After ply 2, P1=2; Black to move." in lines


def test_the_usual_start_in_a_fen_is_not_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    usual = "rnbakabnr/9/1c5c1/p1p1p1p1p/9/9/P1P1P1P1P/1C5C1/9/RNBAKABNR w - - 0 1"
    Path("usual.pgn").write_text(f'[FEN "{usual}"]\n\n1. h2e2 *\n')
    lines = show(capsys, "usual.pgn", "--notation", "iccs")
    assert "2 . C . . C . . . ." in lines


def test_faults(capsys: pytest.CaptureFixture[str]) -> None:
    lines = show(capsys, "three.pgn", "--game", "3")
    assert "  1. C2=5" in lines
    assert "'a0a9'" in lines[-1]


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(capsys, "three.pgn") == [
        "        Result  Red          Black        plies",
        "     1  1-0     胡荣华       柳大华          5  2024.01.02  全国赛",
        "     2  *       ?            ?               2  composition",
        "     3! *       ?            ?               1  bad",
        "3 games, 1 with faults (marked !). Show one with --game NUMBER.",
    ]
    assert len(show(capsys, "tree.pgn", "--list")) == 3


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TREE.encode())))
    assert "Red won" in show(capsys, "-")


@pytest.mark.parametrize(("columns", "first"), [(40, "H9-G7"), (60, "G6-G5"), (200, "I9-H9")])
def test_as_many_columns_as_there_is_room_for(
    columns: int, first: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    Path("plain.pgn").write_text('[Event "x"]\n\n1. h2e2 h9g7 2. h0g2 g6g5 3. i0h0 i9h9 *\n', encoding="utf-8")
    lines = show(capsys, "plain.pgn", "--notation", "iccs")
    assert next(line for line in lines if line.startswith("  1. ")).endswith(first)
    assert all(line == line.rstrip() for line in lines)


def test_long_comments_are_wrapped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    game = f'[Event "x"]\n\n1. h2e2 {{ {"红方先手" * 10} }} ( 1. b2e2 {{ {"well " * 20} }} ) *\n'
    Path("long.pgn").write_text(game, encoding="utf-8")
    lines = show(capsys, "long.pgn", "--variations")
    assert [line for line in lines if "红" in line][:2] == [
        f"    {'红方先手' * 3}红",
        f"    方先手{'红方先手' * 2}红方",
    ]
    assert next(line for line in lines if "well" in line) == "    ( 1.C8=5 {well well well"


def test_side_lines_may_nest_deep(capsys: pytest.CaptureFixture[str]) -> None:
    text, cycle = "", [("h2h3", "h2h4"), ("h7h6", "h7h5"), ("h3h2", "h3h1"), ("h6h7", "h6h8")]
    for ply in reversed(range(1500)):
        main_move, other = cycle[ply % 4]
        text = f"{main_move} ( {other} ) {text}" if ply % 500 else f"{main_move} {text}"
    Path("wide.pgn").write_text(f'[Event "x"]\n\n1. {text} *\n', encoding="utf-8")
    assert sum("(" in line for line in show(capsys, "wide.pgn", "--variations")) == 1497


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["three.pgn", "--game", "4"], "three.pgn has no game 4"),
        (["three.pgn", "--game", "0"], "three.pgn has no game 0"),
        (["tree.pgn", "--ply", "6"], "give a number from 0 to 5"),
        (["tree.pgn", "--ply", "-1"], "give a number from 0 to 5"),
        (["missing.pgn"], "missing.pgn"),
    ],
)
def test_refusals(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", *arguments]) == 1
    assert told in capsys.readouterr().err
