"""What headers tell, in the ways in which people fill them in."""

from __future__ import annotations

import pytest

from xiangqi_gpt.corpus.metadata import KINDS, TITLES, Metadata, find_metadata
from xiangqi_gpt.encoding import conditions


def kind(setup: bool = False, **headers: str) -> str:
    return KINDS[find_metadata(headers, setup=setup).kind]


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("2004年2月27日", 2004),
        ("1982年", 1982),
        ("2010-03-26", 2010),
        ("09-06-28", 2009),
        ("98.12.5", 1998),
        ("20081022", 2008),
        ("20081022-25", 2008),
        ("28-9-1999", 1999),
        ("9/28/1999", 1999),
        ("2006.11.4 15:30", 2006),
        ("２００４年５月", 2004),
        ("????.??.??", 0),
        ("", 0),
        ("0000-00-00", 0),
        ("12/23/06", 0),  # in which order?
        ("98-13-05", 0),
        ("4.19", 0),
        ("19891年月17日", 0),
        ("清末民初", 0),
        ("9999-01-01", 0),
    ],
)
def test_years(date: str, year: int) -> None:
    assert find_metadata({"Date": date}, setup=False).year == year


def test_the_year_may_stand_in_the_name_of_the_event() -> None:
    for event, year in (
        ("1984年全国团体赛", 1984),
        ("20050417 甲和乙", 2005),
        ("第 1984 局", 0),
        ("QQ2005年轻人", 2005),
    ):
        assert find_metadata({"Event": event, "Date": "?"}, setup=False).year == year
    assert find_metadata({"Event": "1984年全国团体赛", "Date": "1985"}, setup=False).year == 1985


def test_ratings() -> None:
    known = find_metadata({"RedElo": "2467", "Red": "A(1111)", "Black": "乙(月将)(2428)"}, setup=False)
    assert (known.red_rating, known.black_rating) == (2467, 2428)
    for text in ("?", "-", "", "9999", "12", "0"):
        assert find_metadata({"RedElo": text, "Black": f"B({text})"}, setup=False) == Metadata(
            kind=KINDS.index("online") if text == "9999" else 0
        )


@pytest.mark.parametrize(
    ("headers", "title"),
    [
        ({"RedTitle": "特级大师"}, "grandmaster"),
        ({"RedTitle": "GM"}, "grandmaster"),
        ({"RedTitle": "国际大师"}, "master"),
        ({"RedTitle": "M"}, "master"),
        ({"RedTitle": "?"}, "none"),
        ({"Red": "特級大師 許銀川"}, "grandmaster"),
        ({"Red": "黃海林 (大師)"}, "master"),
        ({"Red": "象棋大师班学员"}, "none"),
        ({"Red": "大师讲棋(日帅)"}, "none"),  # a nickname
        ({"Red": "Emma"}, "none"),
    ],
)
def test_titles(headers: dict[str, str], title: str) -> None:
    assert TITLES[find_metadata(headers, setup=False).red_title] == title


def test_kinds() -> None:
    assert kind() == kind(Event="?", Red="?", Black="?") == "unknown"
    assert kind(Event="2006年全国象棋甲级联赛", Red="甲", Black="乙") == "tournament"
    assert kind(Event="甲先胜乙") == kind(Event="20061116甲勝乙") == kind(Event="甲 負 乙") == "tournament"
    assert kind(Red="甲", Black="乙", Round="3") == "tournament"
    assert kind(Event="Asian Championship") == "tournament"
    assert kind(Event="甲(月将)-胜-乙(9段)", Red="甲(月将)", Black="乙(9段)") == "online"
    assert kind(Red="K4(1008)", Black="T6(992)") == kind(Event="club.example.com rated 600+0") == "online"
    assert kind(Event="全国赛", Site="https://example.org/3") == "online"
    assert kind(Event="2013年QQ游戏杯", Red="甲", Black="乙") == "tournament"
    assert kind(Event="甲负乙(1991)") == "unknown"
    assert kind(Event="中炮对屏风马", Red="红方", Black="黑方") == kind(Event="第三章 第2节") == "study"
    assert kind(Event="第2局", setup=True) == kind(Event="适情雅趣", PlayType="残局") == "composition"
    assert kind(Event="2004年全国赛", setup=True) == "composition"
    assert kind(Red="fairy-stockfish 11.1, 2000 nodes", Black="Pikafish") == kind(OpeningPlies="4") == "engine"
    assert kind(Red="Pikafish", Black="Pikafish", setup=True) == "engine"
    assert kind(Red="甲", Black="Pikafish") != "engine"
    assert kind(Event="第五届通讯赛") == "correspondence"
    assert kind(Event="蒙目车轮战", Red="甲", Black="乙") == "exhibition"


def test_opening_plies() -> None:
    for text, plies in (("20", 20), ("0", 0), ("-1", 0), ("x", 0), ("", 0), ("99999", 65535), ("9" * 99, 0)):
        assert find_metadata({"OpeningPlies": text}, setup=False).opening_plies == plies


def test_kinds_and_titles_are_those_of_the_conditions() -> None:
    assert (KINDS, TITLES) == (conditions.KINDS, conditions.TITLES)
