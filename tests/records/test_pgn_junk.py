"""What else stands in files: footers, remnants of web pages, remarks, stray marks."""

from __future__ import annotations

import io

import pytest

from xiangqi_gpt.records import Game, read_game, read_games

TAGS = '[Event "x"]\n[Result "1-0"]\n'


def read(text: str, *, variations: bool = True) -> list[Game]:
    return list(read_games(io.BytesIO(text.encode()), variations=variations))


def moves(game: Game) -> list[str]:
    return [move.uci() for move in game.mainline_moves()]


FOOTERS = [
    "============================\n欢迎访问某某网站\n推荐用某某软件观赏棋谱\nhttp://www.example.org/\n1 2 3",
    "----\n炮二平五是好棋",
    "http://example.org/?h2e2",
    "www.example.org 车九进一",
]


@pytest.mark.parametrize("footer", FOOTERS)
@pytest.mark.parametrize("end", [" 1-0\n", "\n", "\n\n"])
def test_footers_are_skipped(footer: str, end: str) -> None:
    first, second = read(f"{TAGS}1. 炮二平五 马8进7{end}{footer}\n\n{TAGS}1. h2e2 h9g7 1-0\n{footer}")
    for game in (first, second):
        assert moves(game) == ["h2e2", "h9g7"]
        assert not game.errors
        assert not game.end().comment


def test_remnants_of_web_pages() -> None:
    text = (
        '[Event "x"]<br>\n<p>[Result "1-0"]</p>\n<br />\n1. 炮二平五&nbsp;马8进7<br>\n'
        '<b>2. 马二进三</b> <font color="red">车9平8</font><br/>'
    )
    (game,) = read(text)
    assert moves(game) == ["h2e2", "h9g7", "h0g2", "i9h9"]
    assert not game.errors
    assert game.headers == {"Event": "x", "Result": "1-0"}


def test_words_among_the_moves_are_comments() -> None:
    (game,) = read(
        f"{TAGS}红先胜\n1. 炮二平五 (常见的开局) 马8进7 【正着】\n这是屏风马的起手，很常见。\n"
        "2. 马二进三 妙！ 车9平8 ｛全角｝ 红优\n"
    )
    assert moves(game) == ["h2e2", "h9g7", "h0g2", "i9h9"]
    assert not game.errors
    first, second, third, fourth = game.mainline()
    assert game.comment == "红先胜"
    assert first.comment == "常见的开局"
    assert second.comment == "正着 这是屏风马的起手，很常见。"
    assert (third.comment, third.nags) == ("妙", {1})
    assert fourth.comment == "全角 红优"


def test_marks_of_evaluation_are_glyphs() -> None:
    (game,) = read("1. h2e2 +/- h9g7 -+ 2. h0g2 = i9h9 ∞ 3. i0i1 ± $7 c6c5 !?")
    assert [sorted(node.nags) for node in game.mainline()] == [[16], [19], [10], [13], [7, 16], [5]]
    assert not game.errors


def test_side_lines_behind_the_result() -> None:
    (game,) = read(f"{TAGS}1. 炮二平五 马8进7 1-0 (1... 马2进3 2. 马二进三) {{ the end }}\n(see page 3)\n(1. 车一进九)")
    assert moves(game) == ["h2e2", "h9g7"]
    assert [node.move.uci() for node in game.variations[0].variations] == ["h9g7", "b9c7"]
    assert game.end().comment == "the end"
    assert [fault.reason for fault in game.errors] == ["move_illegal"]


def test_parentheses_that_do_not_match() -> None:
    (game,) = read("1. h2e2 ) h9g7 ((1... c6c5)) 2. h0g2 ( ) i9h9 *")
    assert moves(game) == ["h2e2", "h9g7", "h0g2", "i9h9"]
    assert not game.errors
    assert len(game.variations[0].variations) == 2
    first, second = read(f"{TAGS}1. h2e2 h9g7 (1... c6c5 2. c3c4\n\n{TAGS}1. h2e2")
    assert moves(first) == ["h2e2", "h9g7"]
    assert [(fault.reason, fault.line) for fault in first.errors] == [("variation_open", 3)]
    assert not second.errors


def test_comments_of_every_kind() -> None:
    text = (
        "{before\n\n the first} 1. h2e2 {a (b) 1. h0g2} ; rest ( { \n% escaped h0g2 {\nh9g7 {two} {comments}\n"
        '({starting} 1... c6c5 {inner}) 2. h0g2 {\n[Not a tag]\n[Site "x"]\n}'
    )
    (game,) = read('[Event "x"]\n' + text)
    assert game.comment == "before\n\n the first"
    first, second, third = game.mainline()
    assert first.comment == "a (b) 1. h0g2 rest ( {"
    assert second.comment == "two comments"
    assert third.comment == '[Not a tag]\n[Site "x"]'
    side = first.variations[1]
    assert (side.starting_comment, side.comment) == ("starting", "inner")
    assert not game.errors


def test_without_side_lines_the_remarks_in_them_are_left_out_too() -> None:
    (game,) = read("1. h2e2 {kept} h9g7 (words) (1... c6c5 {no} $1 (1... g6g5) (no)) 2. h0g2", variations=False)
    assert moves(game) == ["h2e2", "h9g7", "h0g2"]
    assert [node.comment for node in game.mainline()] == ["kept", "words", ""]
    assert len(game.variations[0].variations) == 1


def test_a_file_of_many_faults_keeps_a_hundred() -> None:
    (game,) = read("1. h2e2 h9g7 " + "(1... h0g2) " * 500 + "2. h0g2")
    assert len(game.errors) == 100
    assert moves(game) == ["h2e2", "h9g7", "h0g2"]


def test_read_game_takes_one_game_after_another() -> None:
    handle = io.StringIO(f"junk\n{TAGS}\n1. h2e2 1-0\n\n{TAGS}\n1. c3c4 1-0\n{{word}}\n\n1. 兵七进一 卒7进1\n")
    games = []
    while (game := read_game(handle)) is not None:
        games.append(game)
    assert [moves(game) for game in games] == [["h2e2"], ["c3c4"], ["c3c4", "g6g5"]]
    assert games[1].end().comment == "word"
    assert read_game(io.StringIO("")) is None
