"""Headers as people write them: names in Chinese, results in words.

Games have the names that the PGN standard for xiangqi gives its tags (``Red``, ``Black``, ``Event``,
``Result`` …), and one of four results. ``White``, which programs for chess write, is Red.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["RESULTS", "find_result", "is_xiangqi", "read_result", "standard_name"]

RESULTS = ("1-0", "0-1", "1/2-1/2", "*")

# Other names of headers, in small letters and simplified characters.
_STANDARD_NAMES = {
    alias.lower(): name
    for name, aliases in {
        "Event": "赛事 赛事名称 比赛 比赛名称 棋赛 大赛 赛会",
        "Title": "标题 题目 棋局 局名 棋谱名称 对局名称 名称",
        "Site": "地点 比赛地点 赛地 对局地点",
        "Date": "日期 比赛日期 对局日期 比赛时间 对局时间",
        "Round": "轮次 场次",
        "Red": "红方 红 红棋 红方姓名 红方棋手 先手 先手方 White RedPlayer RedName",
        "Black": "黑方 黑 黑棋 黑方姓名 黑方棋手 后手 后手方 BlackPlayer BlackName",
        "RedTeam": "红队 红方队 红方单位 红方代表队 红方团体 WhiteTeam",
        "BlackTeam": "黑队 黑方队 黑方单位 黑方代表队 黑方团体",
        "RedElo": "红方等级分 红方积分 WhiteElo RedRating",
        "BlackElo": "黑方等级分 黑方积分 BlackRating",
        "RedTitle": "红方称号 WhiteTitle",
        "BlackTitle": "黑方称号",
        "Result": "结果 比赛结果 对局结果 胜负 赛果 结局",
        "Opening": "开局 布局 开局名称 布局名称",
        "Variation": "变例",
        "Annotator": "评注 评注者 注释者 评注人 解说 讲评 RMKWriter",
        "Author": "作者 棋谱作者 记录者",
        "FEN": "局面 初始局面 开始局面 起始局面",
        "TimeControl": "用时 时限 用时规则",
        "Termination": "终局方式",
    }.items()
    for alias in (name, *aliases.split())
}

_SIMPLIFIED = str.maketrans(
    "賽紅黑後勝負敗結時間點輪隊單體題標場級積稱號開變釋講評記錄贏輸對雙議終",
    "赛红黑后胜负败结时间点轮队单体题标场级积称号开变释讲评记录赢输对双议终",
)


def standard_name(name: str) -> str:
    """The usual name of a header: ``Red`` for ``红方``, ``紅方`` or ``White``; names not known stay as they are."""
    return _STANDARD_NAMES.get(name.translate(_SIMPLIFIED).lower(), name)


# Results

_DASHES = re.compile(r"\s*[-‐-―−:：比]\s*")
_MARKS = {
    "1-0": "1-0",
    "0-1": "0-1",
    "2-0": "1-0",  # a win is worth two points in xiangqi
    "0-2": "0-1",
    "1-1": "1/2-1/2",
    "1/2-1/2": "1/2-1/2",
    "1/2": "1/2-1/2",
    "0.5-0.5": "1/2-1/2",
    ".5-.5": "1/2-1/2",
    "+--": "1-0",  # not played
    "--+": "0-1",
    "*": "*",
}
_WIN, _DRAW = "胜|赢|胜利|获胜", "和|平|和棋|平局"
_LOSS = "负|败|输|认输|认负|告负|超时|超时负|投子"
_OUTCOMES = {outcome: kind for kind, text in (("+", _WIN), ("=", _DRAW), ("-", _LOSS)) for outcome in text.split("|")}
_SIDES = {"红": "+", "先": "+", "黑": "-", "后": "-"}
_IN_WORDS = re.compile(rf"(红|黑|先|后)(?:方|先|手|棋|子)?(?:中盘)?({_WIN}|{_DRAW}|{_LOSS})(?:定|棋)?")
_DRAWN = re.compile(r"(?:双方|同意|议|弈|作|成|不变|打|握手|言|两方)*(?:和|平)(?:棋|局|手)?(?:了)?|draw|drawn|1/2")
_LONGEST_RESULT = 30
_ENGLISH = re.compile(r"(red|white|black) (won|wins|win|lost|loses|resigns|resigned)")


def _result(side: str, kind: str) -> str:
    """The result when ``side`` (``+`` Red, ``-`` Black) has won, drawn or lost (``+``, ``=``, ``-``)."""
    return "1/2-1/2" if kind == "=" else "1-0" if kind == side else "0-1"


@lru_cache(1024)
def read_result(text: str) -> str | None:
    """The result, one of :data:`RESULTS`, that marks or words (``½-½``, ``红胜``, ``先负``) tell, or None."""
    if len(text) > _LONGEST_RESULT:
        return None
    plain = unicodedata.normalize("NFKC", text).replace("\u2044", "/").translate(_SIMPLIFIED).lower()
    plain = plain.strip(" \t.,;。，；、!！()[]【】《》“”\"'")
    if mark := _MARKS.get(_DASHES.sub("-", plain)):
        return mark
    if words := _IN_WORDS.fullmatch(plain):
        return _result(_SIDES[words[1]], _OUTCOMES[words[2]])
    if words := _ENGLISH.fullmatch(plain):
        return _result("-" if words[1] == "black" else "+", "+" if words[2].startswith("w") else "-")
    return "1/2-1/2" if _DRAWN.fullmatch(plain) else None


# In a title the result stands between the players: 甲 先胜 乙, 甲 和 乙, 甲(负)乙. The bare characters
# also occur in names, so they must stand apart.
_FIRST_TO_MOVE = re.compile(r"(红|黑|)先手?(胜|和|负)")
_APART = re.compile(r"(?<=[\s\-—_(\[【『])(胜|和|负)(?=[\s\-—_)\]】』])")
_ARMY = "[单双车马炮兵卒士仕象相全缺高低底]+"
_ENDGAME = re.compile(rf"{_ARMY}(胜|和|负){_ARMY}\s*\d*")


@lru_cache(1024)
def find_result(title: str, red: str = "", black: str = "", *, is_setup: bool = False) -> str:
    """The result that a title tells, as in ``胡荣华 先胜 柳大华``; ``*`` when it tells none, or several.

    Args:
        title: of a game or event.
        red: the name of Red, who is often named first; between the two names a bare 胜 will do.
        black: the name of Black.
        is_setup: the game starts from a set-up position. Then the title may be the task that it sets,
            红先胜, which does not tell what was played: only the name of an endgame, 炮兵胜士象全, is taken.
    """
    plain = unicodedata.normalize("NFKC", title).translate(_SIMPLIFIED)
    if not any(word in plain for word in "胜和负"):
        return "*"
    if is_setup:
        endgame = _ENDGAME.fullmatch(plain)
        return _result("+", _OUTCOMES[endgame[1]]) if endgame else "*"
    red, black = (unicodedata.normalize("NFKC", name).translate(_SIMPLIFIED).strip() for name in (red, black))
    for one, mark, other in ((red, "先", black), (black, "后", red)) if red and black else ():
        between = re.search(rf"{re.escape(one)}\W*(?:{mark}手?)?(胜|和|负).{{0,8}}?{re.escape(other)}", plain)
        if between:
            return _result(_SIDES[mark], _OUTCOMES[between[1]])
    found = {_result("-" if mover == "黑" else "+", _OUTCOMES[kind]) for mover, kind in _FIRST_TO_MOVE.findall(plain)}
    if not found:
        found = {_result("+", _OUTCOMES[kind]) for kind in _APART.findall(plain)}
    return found.pop() if len(found) == 1 else "*"


# Variants

_XIANGQI = {"", "?", "cchess", "chinese chess", "chinesechess", "象棋", "中国象棋", "中國象棋", "from position"}


def is_xiangqi(variant: str) -> bool:
    """Whether the value of a ``Variant`` header means xiangqi, or nothing at all."""
    plain = unicodedata.normalize("NFKC", variant).strip().lower()
    return plain in _XIANGQI or "xiangqi" in plain
