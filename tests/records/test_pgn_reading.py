"""What the PGN parser makes of texts whose games are known by hand."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.reader import read_games

TAGS = '[Game "Chinese Chess"]\n[Event "Test"]\n[Red "甲"]\n[Black "乙"]\n[Result "1-0"]\n'
MOVES = ["h2e2", "h9g7", "h0g2", "i9h9"]


def read(text: str, *, variations: bool = True) -> list[Game]:
    return list(read_games(io.BytesIO(text.encode()), variations=variations))


def moves(game: Game) -> list[str]:
    return [move.uci() for move in game.mainline_moves()]


@pytest.mark.parametrize(
    "movetext",
    [
        "1. H2-E2 H9-G7 2. H0-G2 I9-H9 1-0",
        "1. h2e2 h9g7 2. h0g2 i9h9 1-0",
        "1.H2E2 H9G7 2.H0G2 I9H9 1-0",
        "1.h2-e2 h9-g7\n2.h0-g2\ni9-h9",
        "1. h2e2\n1... h9g7\n2. h0g2 2... i9h9\n1-0",
        "1. h2e2 ... h9g7 2 . h0g2 2 ... i9h9 1-0",
        "h2e2 h9g7 h0g2 i9h9",
        "1. h2e2 h9g7\n\n2. h0g2 i9h9 1-0",
        "1. h2e2! {a comment} h9g7 $6 ; the rest h0g2\n% an escape h0g2\n2. h0g2 (2. h0i2 i9h9) i9h9 1-0",
        '1. h2e2 {open\n\n[Not a tag]\n[Site "a tag in a comment"]\nclosed} h9g7 2. h0g2 i9h9',
    ],
)
def test_ways_to_write_the_same_moves(movetext: str) -> None:
    for text in (TAGS + movetext, f"{TAGS}\n{movetext}\n\n", (TAGS + movetext).replace("\n", "\r\n")):
        (game,) = read(text)
        assert moves(game) == MOVES
        assert not game.errors
        assert game.result == "1-0"
        assert game.headers["Red"] == "甲"


def test_many_games_with_junk_between() -> None:
    text = (
        "Downloaded from somewhere\n\n"
        f"{TAGS}\n1. h2e2 h9g7 1-0\n{{a last word}}\n== footer ==\nhttp://example.org\n\n"
        '[Event "no moves"]\n[Result "*"]\n\n[Event "next"]\n[Result "0-1"]\n1. c3c4 0-1\n\n'
        "1. b2e2 *\n1. g3g4 1/2-1/2\n"
    )
    games = read(text)
    assert [moves(game) for game in games] == [["h2e2", "h9g7"], [], ["c3c4"], ["b2e2"], ["g3g4"]]
    assert [game.result for game in games] == ["1-0", "*", "0-1", "*", "1/2-1/2"]
    assert [game.headers.get("Event") for game in games] == ["Test", "no moves", "next", None, None]
    assert games[0].end().comment == "a last word"
    assert not any(game.errors for game in games)


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("{the cannon} 1. h2e2 h9g7 *", "the cannon"),
        ("{one}{two}\n｛三｝1. h2e2 h9g7 *", "one two 三"),
        ("{one\n红方：甲\n1. c3c4} {two} 1. h2e2 h9g7 *", "one\n红方：甲\n1. c3c4 two"),
        ("{alone}\n\n1. h2e2 h9g7 *", "alone"),
        ("{of the book}\nwords\n1. h2e2 h9g7 *", ""),
    ],
)
def test_a_comment_before_the_first_move_of_a_game_without_tags(text: str, comment: str) -> None:
    (game,) = read(text)
    assert [move.uci() for move in game.mainline_moves()] == ["h2e2", "h9g7"]
    assert game.comment == comment


def test_a_comment_begins_the_next_game_without_tags() -> None:
    first, second, third = read("1. h2e2 {a} *\n\n{b} 1. c3c4\n\n{c} 1. b2e2 *")
    assert [[*map(str, game.mainline_moves())] for game in (first, second, third)] == [["h2e2"], ["c3c4"], ["b2e2"]]
    assert (first.variations[0].comment, second.comment, third.comment) == ("a", "b", "c")


def test_a_comment_that_is_not_closed_takes_no_game() -> None:
    (game,) = read('{ words\n\n[Red "x"]\n\n1. h2e2 h9g7 *')
    assert (game.headers["Red"], len([*game.mainline_moves()]), game.comment) == ("x", 2, "")


def test_the_result_tag_outranks_the_result_behind_the_moves_unless_it_is_unknown() -> None:
    assert read('[Result "0-1"]\n1. h2e2 1-0')[0].result == "0-1"
    assert read('[Result "*"]\n1. h2e2 1-0')[0].result == "1-0"
    assert read('[Event "x"]\n1. h2e2 1/2')[0].result == "1/2-1/2"
    assert read('[Result "red won"]\n1. h2e2 *')[0].result == "1-0"
    assert read('[Result "nobody knows"]\n1. h2e2 *')[0].headers["Result"] == "*"


def test_tags() -> None:
    text = '[Event "a \\"quoted\\" \\\\ name"] [Site "x"]\n[Note "say "raw" it"]\n[赛程 "全国赛"]\n1. h2e2 *'
    (game,) = read(text)
    assert list(game.headers.items())[:4] == [
        ("Event", 'a "quoted" \\ name'),
        ("Site", "x"),
        ("Note", 'say "raw" it'),
        ("赛程", "全国赛"),
    ]


def test_side_lines_make_a_tree() -> None:
    text = (
        f"{TAGS}{{before all}} 1. h2e2 $1 {{main}} ({{instead}} 1. c3c4 {{pawn}} g6g5 (1... c6c5? 2. b0c2) 2. b0c2 $14)"
        " (1. b2e2) 1... h9g7 1-0"
    )
    (game,) = read(text)
    assert not game.errors
    assert game.comment == "before all"
    first, pawn, cannon = game.variations
    assert (first.move.uci(), first.nags, first.comment) == ("h2e2", {1}, "main")
    assert [str(node.move) for node in first.variations] == ["h9g7"]
    assert (pawn.move.uci(), pawn.starting_comment, pawn.comment) == ("c3c4", "instead", "pawn")
    assert [str(node.move) for node in pawn.variations] == ["g6g5", "c6c5"]
    assert pawn.variations[1].nags == {2}
    assert moves_from(pawn.variations[0]) == ["b0c2"]
    assert pawn.variations[0].variations[0].nags == {14}
    assert moves_from(pawn.variations[1]) == ["b0c2"]
    assert cannon.is_end()


def moves_from(node: object) -> list[str]:
    return [move.uci() for move in node.mainline_moves()]  # type: ignore[attr-defined]


def test_side_lines_can_be_left_out() -> None:
    text = f"{TAGS}1. h2e2 (1. c3c4 {{(}} g6g5 (1... c6c5 2. nonsense)) h9g7 {{kept}} 1-0"
    (game,) = read(text, variations=False)
    assert moves(game) == ["h2e2", "h9g7"]
    assert len(game.variations) == 1
    assert game.end().comment == "kept"
    assert not game.errors


def test_a_set_up_position() -> None:
    fen = "3k5/9/9/9/9/9/9/9/4R4/4K4 b - - 3 12"
    (game,) = read(f'[FEN "{fen}"]\n12... d9d8 13. e1e7 *')
    assert moves(game) == ["d9d8", "e1e7"]
    assert game.start_board().fen() == fen
    assert game.variations[0].ply() == 24
    assert game.end().board().fen() == "9/3k5/4R4/9/9/9/9/9/9/4K4 b - - 5 13"


def test_an_empty_fen_tag_means_the_usual_start() -> None:
    (game,) = read('[FEN ""]\n1. h2e2 *')
    assert moves(game) == ["h2e2"]
    assert game.end().board().ply() == 1


def test_evaluations_and_best_moves_in_comments() -> None:
    text = (
        "1. h2e2 { [%eval 0.35] [%best b2e2] } h9g7 {[%eval #-3] after it} 2. h0g2 {[%eval #2][%best H0-G2]}"
        " i9h9 {[%eval -1.5] [%best nothing]} 3. i0h0 {no data [%clk 0:01:02]}"
    )
    (game,) = read(text)
    nodes = list(game.mainline())
    assert [node.label().eval for node in nodes] == [35, None, 30000 - 2, -150, None]
    assert [node.eval() for node in (game, *nodes)] == [35, None, -(30000 - 3), -150, None, None]
    assert [str(node.best()) for node in nodes] == ["b2e2", "None", "h0g2", "None", "None"]
    assert nodes[1].comment == "[%eval #-3] after it"
    assert nodes[4].clock() == 62


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*'[]{}();"%$!?*.- \n', "1.", "h2e2", "H9-G7", "1-0", "\n\n", '[Event "x"]\n', "炮"])))
def test_no_text_stops_the_parser(parts: list[str]) -> None:
    for game in read('[Event "first"]\n' + "".join(parts)):
        board = game.start_board()
        for move in game.mainline_moves():
            assert board.is_legal(move)
            board.push(move)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_games_or_one_named_error(data: bytes) -> None:
    for stream in (data, b"\x1f\x8b" + data, b"\xfd7zXZ\x00" + data, b'[Event "x"]\n' + data):
        with contextlib.suppress(RecordFileError):
            assert list(read_games(io.BytesIO(stream)))
