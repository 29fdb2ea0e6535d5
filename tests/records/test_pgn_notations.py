"""Moves in every notation and layout that people use, against moves known by hand."""

from __future__ import annotations

import io

import pytest

from xiangqi_gpt.records import Game, read_games

MOVES = ["h2e2", "h9g7", "h0g2", "i9h9"]
TWO_ROOKS = "4k4/9/9/9/9/9/9/R8/9/R2K5 w - - 0 1"  # on a0 and a2


def read(text: str) -> list[Game]:
    return list(read_games(io.BytesIO(text.encode())))


def moves(game: Game) -> list[str]:
    return [move.uci() for move in game.mainline_moves()]


@pytest.mark.parametrize(
    "movetext",
    [
        "1. 炮二平五 马8进7 2. 马二进三 车9平8 *",
        "1.炮二平五 马８进７\n2.马二进三 车９平８",
        "1．炮二平五馬８進７ 2．馬二進三車９平８",
        "1、炮二平五　馬8進7　2、馬二進三　車9平8",
        "  1. 砲二平五  马８进７    2. 馬二進三  車９平８",
        "1 炮二平五 马8进7\n2 马二进三 车9平8",
        "1炮二平五马8进7 2马二进三车9平8",
        "第1回合 炮二平五 马8进7\n第2回合 马二进三 车9平8",
        "第一回合：炮二平五，马8进7；第二回合：马二进三，车9平8。",
        "(1) 炮二平五 马8进7 (2) 马二进三 车9平8",
        "①炮二平五 马8进7 ②马二进三 车9平8",
        "1. 炮二平五\n1. ... 马8进7\n2. 马二进三\n2.... 车9平8",
        "1. 炮二平五 1... 马8进7 2. 马二进三 2…车9平8",
        "1. 炮 二 平 五 马 8 进 7 2. 马二进三 车9平8",
        "1. 炮二平五！ 马8进7？ 2. 马二进三 ( 马二进一 ) 车9平8",
        "1.C2.5 H8+7 2.H2+3 R9.8",
        "1. C2=5 H8+7 2. H2+3 R9=8",
        "1. c2.5 n8+7 2. N2+3 r9=8 1-0",
        "1. C25 h8+7\n2. H2+3 R98",
        "1.C2.5 H8+7. 2. H2+3, R9.8.",
        "1. H2-E2 H9-G7 2. H0-G2 I9-H9",
        "1. h3e3 h10g8 2. h1g3 i10h10",
        "1. H3-E3 H10-G8 2. H1-G3 I10-H10 *",
        "1. h2e2+ h9g7# 2. h0g2++ i9h9",
        "1. h2e2 马8进7 2. H2+3 车9平8",
    ],
)
def test_ways_to_write_the_same_moves(movetext: str) -> None:
    for text in (f'[Event "x"]\n\n{movetext}\n', movetext, f'[Event "x"]\n{movetext} {{words}}'):
        (game,) = read(text) if text[0] == "[" else read(f'[Event "x"]\n{text}')
        assert moves(game) == MOVES
        assert not game.errors


def test_a_text_without_tags_is_known_by_its_first_move() -> None:
    for move in ("炮二平五", "C2.5", "C2=5", "h2e2"):
        (game,) = read(f"\n\n  1. {move} \n")
        assert moves(game) == ["h2e2"]


def test_wxf_of_tandem_pieces() -> None:
    # Red's cannons on c4 and c2, rooks on i0; pawns of file 5 on e6, e5, e4.
    fen = "3k5/9/9/4P4/4P4/2C1P4/9/2C6/9/4K3R w - - 0 1"
    for text, move in [
        ("C+-1", "c4c3"),
        ("+C-1", "c4c3"),
        ("-C+1", "c2c3"),
        ("C-.9", "c2a2"),
        ("c+=8", "c4b4"),
        ("R1+3", "i0i3"),
        ("25=4", "e5f5"),
        ("15=6", "e6d6"),
        ("35+1", None),
    ]:
        (game,) = read(f'[FEN "{fen}"]\n1.{text} *')
        assert moves(game) == ([move] if move else [])


def test_ranks_are_counted_one_way_in_a_game() -> None:
    fen = "4k4/9/9/9/9/9/9/R8/R8/3K5 w - - 0 1"  # rooks on a1 and a2
    for text, expected in [
        ("1. a2b2 e10e9", ["a1b1", "e9e8"]),
        ("1. a2b2 e9e8", ["a2b2", "e9e8"]),
        ("1. a2b2", ["a2b2"]),
        ("1. a2b2 (1. a2c2 e10e9) 1... e10e9 2. b2b1", ["a1b1", "e9e8", "b1b0"]),
        ("1. a2b2 e9e8 2. b2b10", ["a2b2", "e9e8"]),
        ("1. a3a10 e10e9", ["a2a9", "e9e8"]),
    ]:
        (game,) = read(f'[FEN "{fen}"]\n{text} *')
        assert moves(game)[: len(expected)] == expected
    (game,) = read("1. h3e3 h10g8 (1... b10c8 2. h1g3) 2. h1g3")
    assert [node.move.uci() for node in game.variations[0].variations] == ["h9g7", "b9c7"]
    assert not game.errors


def test_what_follows_tells_which_of_two_pieces_moved() -> None:
    (game,) = read(f'[FEN "{TWO_ROOKS}"]\n1. 车九进一 将5进1 2. 后车退一 *')
    assert moves(game) == ["a0a1", "e9e8", "a1a0"]
    (fault,) = game.errors
    assert (fault.reason, fault.fields["ply"], fault.fields["text"]) == ("move_resolved", 1, "车九进一")
    assert "前车进一" in fault.text("en")
    assert "后车进一" in fault.text("zh")


@pytest.mark.parametrize(
    "movetext",
    [
        "1. 车九进一 *",
        "1. 车九进一 将5进1 2. 前车进一 *",
        "1. R9+1 *",
        "1. 车九进一 将5进9 *",
        "1. 车九进一 (1. 车九平八) 将5进1 *",
    ],
)
def test_a_text_that_stays_ambiguous_ends_the_line(movetext: str) -> None:
    (game,) = read(f'[FEN "{TWO_ROOKS}"]\n{movetext}')
    assert moves(game) == []
    (fault,) = game.errors
    assert fault.reason == "move_ambiguous"
    assert fault.fields["ply"] == 1


def test_many_ambiguous_moves_take_no_time() -> None:
    # Both rooks on the file can go up or down by one nearly all the time.
    fen = "4k4/9/9/9/R8/9/9/9/R8/3K5 w - - 0 1"
    line = " ".join(["车九进一 将5进1 车九退一 将5退1"] * 2000)
    (game,) = read(f'[FEN "{fen}"]\n{line}')
    assert [fault.reason for fault in game.errors] == ["move_ambiguous"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1. 炮二平五 马8进9 2. 车一进三", "move_illegal"),
        ("1. 炮二平五 马8�7 2. 马二进三", "move_unreadable"),
        ("1. h2e2 h9z7 2. h0g2", "move_unreadable"),
        ("1. e4 e5 2. Nf3", "move_unreadable"),
        ("1. 炮二平五 车一进三 2. 马二进三", "move_illegal"),
    ],
)
def test_a_wrong_move_ends_the_line(text: str, reason: str) -> None:
    (game,) = read(f'[Event "x"]\n{text} *')
    assert [fault.reason for fault in game.errors] == [reason]
    assert len(moves(game)) < 3
