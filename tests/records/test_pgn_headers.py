"""Headers, results, variants and start positions as people write them."""

from __future__ import annotations

import io

import pytest

from xiangqi_gpt.records import Game, read_game, read_games
from xiangqi_gpt.records.headers import find_result, read_result, standard_name


def read(text: str) -> Game:
    (game,) = read_games(io.BytesIO(text.encode()))
    return game


RED_WINS = [
    "1-0",
    "１－０",
    "1:0",
    "2-0",
    "红胜",
    "紅勝",
    "红方胜",
    "红先胜",
    "先胜",
    "先手胜",
    "黑负",
    "黑方认负",
    "红胜。",
]
BLACK_WINS = ["0-1", "0–1", "0-2", "黑胜", "黑勝", "黑方胜", "黑先胜", "先负", "先負", "后胜", "红负", "红方超时"]
DRAWS = ["1/2-1/2", "1/2", "½-½", "½", "1-1", "和", "平", "和棋", "和局", "先和", "红先和", "平局", "双方议和", "draw"]
UNKNOWN = ["", "?", "未知", "和平杯", "红方", "胜", "1-2"]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        *((text, "1-0") for text in [*RED_WINS, "Red wins", "Black resigned"]),
        *((text, "0-1") for text in BLACK_WINS),
        *((text, "1/2-1/2") for text in DRAWS),
        ("*", "*"),
        *((text, None) for text in UNKNOWN),
    ],
)
def test_results_in_marks_and_words(text: str, result: str | None) -> None:
    assert read_result(text) == result
    assert read(f'[Result "{text}"]\n1. h2e2').headers["Result"] == (result or "*")


@pytest.mark.parametrize(
    ("title", "result"),
    [
        ("胡榮華 先勝 柳大華", "1-0"),
        ("第16局 李望祥先胜聂铁文 （一）", "1-0"),
        ("开滦 杨德琪 和 黑龙江 张晓平", "1/2-1/2"),
        ("华峰论棋(月将)-和-吴越重剑(月将)", "1/2-1/2"),
        ("甲(负)乙", "0-1"),
        ("甲 先负 乙", "0-1"),
        ("第5局 黑先胜", "0-1"),
        ("第6局 红先和", "1/2-1/2"),
        ("和平杯 甲 - 乙", "*"),
        ("中和局", "*"),
        ("甲 胜 乙 和 丙", "*"),
        ("", "*"),
    ],
)
def test_results_in_titles(title: str, result: str) -> None:
    assert find_result(title) == result
    assert read(f'[Event "{title}"]\n[Result ""]\n1. h2e2 *').result == result
    assert read(f'[Title "{title}"]\n1. h2e2').result == result


def test_between_the_players_names_a_bare_character_tells_the_result() -> None:
    assert find_result("河北李来群胜上海胡荣华", "李来群", "胡荣华") == "1-0"
    assert find_result("李来群负胡荣华", "李来群", "胡荣华") == "0-1"
    assert find_result("李来群勝胡荣华", "胡荣华", "李来群") == "0-1"
    assert find_result("李来群负胡荣华") == "*"


def test_the_tag_goes_before_the_moves_and_the_moves_before_the_title() -> None:
    title = '[Event "甲 先胜 乙"]\n'
    assert read(f'{title}[Result "0-1"]\n1. h2e2 1/2').result == "0-1"
    assert read(f"{title}1. h2e2 1/2").result == "1/2-1/2"
    assert read(f"{title}1. h2e2 h9g7 红负").result == "0-1"
    assert read(f"{title}1. h2e2 *").result == "1-0"
    assert read('[结果 "红胜"]\n[Result "*"]\n1. h2e2').result == "1-0"


def test_names_of_headers() -> None:
    game = read(
        '[赛事 "全国赛"]\n[日期 "2001.1.1"]\n[地點 "北京"]\n[紅方 "甲"]\n[黑方 "乙"]\n[红方单位 "河北"]\n'
        '[结果 "黑胜"]\n[EVENT "twice"]\n[whiteelo "2400"]\n[Other "x"]\n1. h2e2'
    )
    assert game.headers == {
        "Event": "全国赛",
        "Date": "2001.1.1",
        "Site": "北京",
        "Red": "甲",
        "Black": "乙",
        "RedTeam": "河北",
        "Result": "0-1",
        "RedElo": "2400",
        "Other": "x",
    }
    assert read('[White "a"]\n[Black "b"]\n1. h2e2').headers["Red"] == "a"
    assert read('[Red "r"]\n[White "a"]\n1. h2e2').headers["Red"] == "r"
    assert read('[Red ""]\n[White "a"]\n1. h2e2').headers["Red"] == "a"
    assert standard_name("ECCO") == "ECCO"


def test_headers_without_brackets() -> None:
    text = (
        "赛事：全国个人赛\n红方：胡荣华　黑方：柳大华\n结果：红胜\n\n1. 炮二平五 马8进7\n2. 马二进三\n\n"
        "红方：甲\n黑方：乙\n\n1. 兵七进一 和棋\n\n作者：某人\n"
    )
    first, second = read_games(io.BytesIO(text.encode()))
    assert first.headers == {"Event": "全国个人赛", "Red": "胡荣华", "Black": "柳大华", "Result": "1-0"}
    assert (second.headers["Red"], second.headers["Black"], second.result) == ("甲", "乙", "1/2-1/2")
    assert [len(list(game.mainline_moves())) for game in (first, second)] == [3, 1]


def test_read_game_keeps_headers_without_brackets() -> None:
    text = (
        "赛事：一\n红方：甲\n1. h2e2 *\n\n赛事：二\n红方：乙　黑方：丙\n\n1. c3c4 *\n\n"
        "赛事：三\n\n1. b2e2 *\n\n赛事：四\n"
    )
    handle = io.StringIO(text)
    games = []
    while (game := read_game(handle)) is not None:
        games.append(game)
    assert [str(game) for game in games] == [str(game) for game in read_games(io.BytesIO(text.encode()))]
    assert [game.headers["Event"] for game in games] == ["一", "二", "三"]
    assert (games[1].headers["Red"], games[1].headers["Black"]) == ("乙", "丙")


@pytest.mark.parametrize("variant", ["xiangqi", "Xiangqi", "Chinese Chess", "象棋", "", "?"])
def test_variants_that_are_xiangqi(variant: str) -> None:
    game = read(f'[Variant "{variant}"]\n1. h2e2')
    assert not game.errors
    assert not game.is_end()


def test_another_variant_is_told() -> None:
    first, second = read_games(io.BytesIO(b'[Variant "Standard"]\n\n1. e4 e5 2. b1c3 *\n\n[Event "x"]\n\n1. h2e2 *'))
    (fault,) = first.errors
    assert (fault.reason, fault.line) == ("variant_other", 1)
    assert "Standard" in fault.text("en")
    assert first.is_end()
    assert not second.errors


BARE = "3k5/9/9/9/9/9/9/9/4R4/4K4"


@pytest.mark.parametrize(
    ("fen", "full"),
    [
        (BARE, f"{BARE} w - - 0 1"),
        (f"{BARE} w", f"{BARE} w - - 0 1"),
        (f"{BARE} r - - 0 0", f"{BARE} w - - 0 1"),
        (f"{BARE} R", f"{BARE} w - - 0 1"),
        (f"{BARE} b", f"{BARE} b - - 0 1"),
        (f"{BARE} b - - 3 12", f"{BARE} b - - 3 12"),
        (f"{BARE} b 3 12", f"{BARE} b - - 3 12"),
        (f"{BARE} - - - - -", f"{BARE} w - - 0 1"),
        (f"{BARE} black - - 0 1", f"{BARE} b - - 0 1"),
        (f"{BARE} 黑", f"{BARE} b - - 0 1"),
        (f"{BARE} w - - 0 1 and more words", f"{BARE} w - - 0 1"),
        (f"{BARE} w - - 0 1 moves e1e2", f"{BARE} w - - 0 1"),
        (f"fen {BARE} w - - 0 1", f"{BARE} w - - 0 1"),
        ("2eak4/9/9/9/9/9/9/9/4H4/5K3 w", "2bak4/9/9/9/9/9/9/9/4N4/5K3 w - - 0 1"),
    ],
)
def test_start_positions(fen: str, full: str) -> None:
    game = read(f'[FEN "{fen}"]\n*')
    assert game.headers["FEN"] == full
    assert game.board().fen() == full
    assert not game.errors


def test_a_fen_that_is_none_is_told_and_kept() -> None:
    for fen in ("nothing", "9/9", f"{BARE} x - - 0 1"):
        game = read(f'[FEN "{fen}"]\n1. e1e2 *')
        assert [fault.reason for fault in game.errors] == ["fen_bad"]
        assert game.headers["FEN"] == fen
        assert game.is_end()
        assert str(game)
