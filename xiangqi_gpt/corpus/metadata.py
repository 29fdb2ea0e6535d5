"""What is known of a game beside its moves: what kind it is, who played, when.

Headers are filled in by hand, in two languages and many ways, so most of this is a guess at the
evidence: the tag made for a thing is believed first, then the names of the players, then that of
the event. Where nothing tells, the answer is "unknown".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xiangqi_gpt.encoding.conditions import KINDS, TITLES

__all__ = ["KINDS", "NO_METADATA", "TITLES", "Metadata", "find_metadata"]

_UNKNOWN, _TOURNAMENT, _ONLINE, _STUDY, _COMPOSITION, _ENGINE, _CORRESPONDENCE, _EXHIBITION = range(len(KINDS))


@dataclass(frozen=True, slots=True)
class Metadata:
    """Facts of a game in the units of :mod:`xiangqi_gpt.corpus.shards`; 0: unknown."""

    kind: int = 0
    red_rating: int = 0
    black_rating: int = 0
    red_title: int = 0
    black_title: int = 0
    year: int = 0
    opening_plies: int = 0


NO_METADATA = Metadata()


def find_metadata(headers: Mapping[str, str], *, setup: bool) -> Metadata:
    """What the headers of a game tell.

    Args:
        headers: by their standard names (:func:`xiangqi_gpt.records.headers.standard_name`).
        setup: whether the game begins from a set-up position.
    """
    red, black = headers.get("Red", ""), headers.get("Black", "")
    event = headers.get("Event", "")
    kind = _kind(headers, f"{event} {headers.get('Title', '')}", red, black, setup)
    nicknames = kind == _ONLINE  # people call themselves masters
    return Metadata(
        kind=kind,
        red_rating=_rating(headers.get("RedElo", ""), red),
        black_rating=_rating(headers.get("BlackElo", ""), black),
        red_title=_title(headers.get("RedTitle", ""), "" if nicknames else red),
        black_title=_title(headers.get("BlackTitle", ""), "" if nicknames else black),
        year=_year(headers.get("Date", "")) or _year_in_event(event),
        opening_plies=_opening_plies(headers.get("OpeningPlies", "")),
    )


# Kinds

_ENGINES = re.compile(
    r"stockfish|pikafish|elephant\s?eye|象眼|engine|xiangqi-gpt|\bgpt|\bnnue|\bnodes\b|\bai\b|旋风|cyclone|佳佳|名手|"
    r"引擎|电脑|電腦|软件|軟件|机器人",
    re.IGNORECASE,
)
# What sites append to a name: a rank, a rating or both.
_RANK = re.compile(
    r"[(（](?:\d{1,2}[-－]?[段级級弦舵星r]|月将|月將|日帅|日帥|人王|地煞|天帝|天罡|至尊|无极|北斗|电神|风魔)|[)）]-[胜勝负負和]-"
)
_RATED = re.compile(r"[(（]\d{3,4}[)）]\s*$")
_SITES = re.compile(r"https?:|\bwww\.|\.(?:com|net|io|org|cn)\b|网络|網絡|网战|網戰|online", re.IGNORECASE)
_CORRESPONDENCES = re.compile(r"通讯赛|通信赛|通訊賽|通信賽|correspondence", re.IGNORECASE)
_EXHIBITIONS = re.compile(
    r"表演|友谊|友誼|盲棋|蒙目|车轮|車輪|让[子单双两]|讓[子單雙兩]|exhibition|simul|blindfold|handicap", re.IGNORECASE
)
_COMPETITIONS = re.compile(
    r"赛|賽|杯|盃|聯賽|大会|運動會|运动会|棋王|冠军|冠軍|錦標|锦标|甲级|甲級|团体|團體|tournament|champion|\bcup\b|league|"
    r"olympiad|\bgames\b|[^黑](?:先|后|後)[胜勝负負和]|\d{8}\w+[胜勝负負和]|\s[胜勝负負和]\s|[（(][胜勝负負和][）)]|"
    r"elephantchess reference",
    re.IGNORECASE,
)
_LESSONS = re.compile(
    r"第\s*[\d一二三四五六七八九十百零〇]+\s*[章节節局例]|布局|佈局|[炮砲马馬车車相象兵卒仕士]|变例|變例|仙人指路|opening|study|lesson",
    re.IGNORECASE,
)
_NOBODY = frozenset(("", "?", "？", "-", "红方", "紅方", "黑方", "红", "紅", "黑", "red", "black", "none", "未知"))


def _kind(headers: Mapping[str, str], event: str, red: str, black: str, setup: bool) -> int:
    if "OpeningPlies" in headers or (_ENGINES.search(red) and _ENGINES.search(black)):
        return _ENGINE
    if setup or headers.get("PlayType", "") in ("残局", "殘局", "排局"):
        return _COMPOSITION
    if "engine" in event and _ENGINES.search(event):
        return _ENGINE
    players = f"{red}\n{black}"
    if _RANK.search(players) or _RANK.search(event) or _RATED.search(red) or _RATED.search(black):
        return _ONLINE
    if _SITES.search(headers.get("Site", "")) or _SITES.search(event):
        return _ONLINE
    if _CORRESPONDENCES.search(event):
        return _CORRESPONDENCE
    if _EXHIBITIONS.search(event):
        return _EXHIBITION
    named = red.strip().lower() not in _NOBODY and black.strip().lower() not in _NOBODY
    if _COMPETITIONS.search(event):
        return _TOURNAMENT
    if not named and _LESSONS.search(event):
        return _STUDY
    return _TOURNAMENT if named and headers.get("Round", "?").strip("?- ") else _UNKNOWN


# Ratings and titles

_RATING = re.compile(r"\d{3,4}")
_RATING_IN_NAME = re.compile(r"[(（](\d{3,4})[)）]\s*$")
_RATINGS = range(100, 4500)
_GRANDMASTER = re.compile(r"特[级級]|特大|grandmaster|\b[IXW]?GM\b", re.IGNORECASE)
_MASTER = re.compile(r"大[师師]|master|\b[IXWFN]?M\b", re.IGNORECASE)
_TITLE_IN_NAME = re.compile(r"^\W*(?:国际|國際)?(?:特[级級])?大[师師]|(?:特[级級])?大[师師]\W*$|[(（\s]特大\W*$")


def _rating(tag: str, name: str) -> int:
    found = _RATING.search(tag) or _RATING_IN_NAME.search(name)
    rating = int(found[found.re.groups]) if found else 0
    return rating if rating in _RATINGS else 0


def _title(tag: str, name: str) -> int:
    text = tag if tag.strip("?- ") else "".join(_TITLE_IN_NAME.findall(name))
    if not text:
        return 0
    return 2 if _GRANDMASTER.search(text) else 1 if _MASTER.search(text) else 0


# Dates

_YEARS = range(1500, 2100)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)|(?<!\d)(\d{4})(?:0[1-9]|1[0-2])[0-3]\d")
_SHORT_DATE = re.compile(r"\s*(\d\d)[-.](\d{1,2})[-.](\d{1,2})(?!\d)")
_YEAR_IN_EVENT = re.compile(r"(?<!\d)(\d{4})(?:\s*年|(?:0[1-9]|1[0-2])[0-3]\d(?!\d))")
_CENTURY_TURNS = 50  # 49 is 2049, 50 is 1950


def _year(date: str) -> int:
    """The year of a date such as ``2004年2月27日``, ``20041023``, ``27-2-2004`` or ``04-02-27``."""
    for found in _YEAR.finditer(date):
        year = int(found[1] or found[2])
        if year in _YEARS:
            return year
    if (short := _SHORT_DATE.match(date)) and 1 <= int(short[2]) <= 12 and 1 <= int(short[3]) <= 31:
        year = int(short[1])
        return year + (2000 if year < _CENTURY_TURNS else 1900)
    return 0


def _year_in_event(event: str) -> int:
    found = _YEAR_IN_EVENT.search(event)
    return int(found[1]) if found and int(found[1]) in _YEARS else 0


def _opening_plies(tag: str) -> int:
    return min(int(tag), 65535) if tag.isdecimal() and len(tag) < 10 else 0
