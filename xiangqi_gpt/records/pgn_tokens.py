"""What the text of a PGN is made of, in all the ways in which people write it.

Patterns only; :mod:`xiangqi_gpt.records.pgn` says what becomes of what they find.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

from xiangqi_gpt.records.headers import standard_name

__all__ = [
    "CLOSED",
    "COMMENT",
    "MOVE",
    "NAG",
    "NAGS",
    "PARENTHESIS",
    "REMARK",
    "REST",
    "RESULT",
    "SUFFIX_NAGS",
    "TOKEN",
    "WIDE_CLOSED",
    "WIDE_COMMENT",
    "WORD",
    "begins_moves",
    "colon_headers",
    "has_move",
    "is_move_one",
    "is_next_game",
    "is_rule",
    "looks_like_move",
    "plain_moves",
    "tags",
    "without_comments",
    "without_html",
]

SUFFIX_NAGS = {"!": 1, "?": 2, "!!": 3, "??": 4, "!?": 5, "?!": 6}
_SIGN_NAGS = {
    "=": 10,
    "∞": 13,
    "+/=": 14,
    "+=": 14,
    "⩲": 14,
    "=/+": 15,
    "=+": 15,
    "⩱": 15,
    "+/-": 16,
    "±": 16,
    "-/+": 17,
    "∓": 17,
    "+-": 18,
    "-+": 19,
}
NAGS = SUFFIX_NAGS | _SIGN_NAGS

# Moves. A text that only looks like one is sorted out by who reads it.
_PIECE = "车車俥伡马馬傌炮砲包礮兵卒仕士相象帅帥将將"
_HAN = "一二三四五六七八九"
_ARABIC = "1-9１-９"
_DIGIT = _HAN + _ARABIC
_SIGN = r"[-+=.–—−＋－＝．]"
_COORDINATES = r"[A-Ia-i](?:10|[0-9])-?[A-Ia-i](?:10|[0-9])(?!\w)"
_CHINESE = (
    rf"(?:[前中后後][{_PIECE}][{_DIGIT}]?|[{_PIECE}][前中后後]"
    rf"|[{_HAN}]?[{_PIECE}][ \u3000]?[{_DIGIT}]|[{_HAN}][{_PIECE}]"
    rf"|[{_ARABIC}][兵卒][{_ARABIC}]?|[前中后後][{_DIGIT}]|[{_HAN}]{{2}})"
    rf"[ \u3000]?(?:[进進退平]|{_SIGN})[ \u3000]?[{_DIGIT}]"
)
_LETTER = "[PSAEBMHNCRKGpsaebmhncrkg]"
_WXF = (
    rf"(?:[-+]?{_LETTER}[1-9]{{0,2}}(?:\+\+|--|[-+.])?{_SIGN}[1-9]|{_LETTER}[1-9][1-9]"
    rf"|(?:[1-9]{{2}}|[1-9][-+.]|\+\+|--){_SIGN}[1-9])(?!\w|[-+=.]+[1-9])"
)
_MOVE = rf"{_COORDINATES}|{_CHINESE}|{_WXF}"
_NUMBER = (
    r"\d{1,6}\s*[.．、…][\s.．、…]*"
    r"|第\s*[\d一二三四五六七八九十百]{1,4}\s*(?:回合|步|着)?\s*[:：.．、]?"
    rf"|[(（]\s*\d{{1,3}}\s*[)）]|[\u2460-\u2473]|\d{{1,3}}(?=[{_PIECE}前中后後])"
)

# The groups of TOKEN, one or two a kind of token; what no group tells is skipped: numbers of moves,
# signs of check, punctuation, HTML.
MOVE, REST, COMMENT, CLOSED, WIDE_COMMENT, WIDE_CLOSED, REMARK, NAG, RESULT, SIGN, PARENTHESIS, WORD = range(1, 13)
TOKEN = re.compile(
    rf"({_MOVE})"
    r"|;(.*)"
    r"|\{([^}]*)(\}?)|｛([^｝]*)(｝?)|【([^【】]*)】"
    r"|\$(\d{1,5})"
    r"|((?:1|１)\s?[-–—－:]\s?(?:0|０)(?!\w)|(?:0|０)\s?[-–—－:]\s?(?:1|１)(?!\w)"
    r"|(?:1/2|½)(?:[-–—](?:1/2|½))?(?!\w)|\*(?!\w))"
    rf"|{_NUMBER}|\d+(?![^\s(){{}};$!?（）！？])"
    r"|([!?！？]{1,2}|(?:\+/-|-/\+|\+/=|=/\+|\+-|-\+|\+=|=\+|[=±∓⩲⩱∞])(?![^\s)}）]))"
    r"|([()（）])"
    r"|</?[A-Za-z][^<>]{0,200}>|&(?:[A-Za-z]{1,8}|#\d{1,6});"
    r"|[-+#=.…,，。、；：:!?\\/|*]+(?![^\s(){};$])"
    r"|([^\s(){}（）｛｝【】;$!?！？，。；]+)"
)


_ANY_MOVE = re.compile(_MOVE)
_PLAIN_TOKEN = re.compile(rf"({_MOVE})|{_NUMBER}|[.．…]+")
_NUMBER_ALONE = re.compile(r"\d{1,6}")
_MOVES_BEGIN = re.compile(rf"\s*(?:(?:{_NUMBER}|\d{{1,6}}\s+)\s*)?(?:{_MOVE})(?:(?!\w)|(?={_MOVE}|{_NUMBER}))")
_NUMBER_ONE = re.compile(rf"(?:1|１)(?:\s*[.．、…](?!\d)|\s+(?={_MOVE}))|第\s*[1一１]\s*回合")
_BARE_ONE = re.compile(r"\s*(?:1|１)\s*[.．、]\s*$")
_RULE = re.compile(r"([-=_*~#—－＝─━])\1{3,}\s*|(?:https?://|www\.)\S*.*", re.IGNORECASE)
_MOVE_LIKE = re.compile(rf"[\x21-\x7e]*\d[\x21-\x7e]*|.*\ufffd.*|(?=.*[{_DIGIT}])(?=.*[{_PIECE}进進退平])\S+")
_LONGEST_MOVE = 8
_LONGEST_HEADERS = 400  # of a line without brackets

_TAG = re.compile(r'\[\s*([^\W\d]\w*)\s+"((?:[^"\\]|\\.)*)"\s*\]')
_LOOSE_TAG = re.compile(r'\[\s*([^\W\d]\w*)\s*["“](.*)["”]\s*\]?$')  # quotes in the value, no last bracket
_ESCAPED = re.compile(r'\\(["\\])')
_COMMENTS = re.compile(r"(?:\s*(?:\{[^}]*\}|｛[^｝]*｝))*\s*")
_HTML = re.compile(r"</?[A-Za-z][^<>]{0,200}>|&nbsp;")
_COLON = re.compile(
    r"(?:^|(?<=[\s　]))([\u4e00-\u9fff]{1,6})\s*[:：]\s*(.*?)\s*(?=$|[\s　]+[\u4e00-\u9fff]{1,6}\s*[:：])"
)


def tags(line: str) -> list[tuple[str, str]]:
    """The tag pairs of a line that has nothing else on it; none when it is no such line."""
    if tag := _TAG.fullmatch(line):
        return [(tag[1], _ESCAPED.sub(r"\1", tag[2]) if "\\" in tag[2] else tag[2])]
    pairs = _TAG.findall(line)
    if not pairs or _HTML.sub("", _TAG.sub("", line)).strip():
        pairs = [loose.groups()] if (loose := _LOOSE_TAG.match(_HTML.sub("", line).rstrip())) else []
    return [(name, _ESCAPED.sub(r"\1", value)) for name, value in pairs]


def without_comments(text: str) -> str:
    """A text without the comments that it begins with."""
    return _COMMENTS.sub("", text, count=1) if text[:1] in ("{", "｛") else text


def without_html(line: str) -> str:
    """A line without the marks of a web page."""
    return _HTML.sub(" ", line).strip()


def is_next_game(line: str) -> bool:
    """Whether a line inside a comment shows that the comment's end was forgotten: the first tag of a game."""
    tag = _TAG.match(line)
    return tag is not None and tag[1] in ("Game", "Event") and not _TAG.sub("", line).strip()


def colon_headers(line: str) -> list[tuple[str, str]]:
    """The headers of a line like ``红方：胡荣华　黑方：柳大华``; none when there is more in it, or a name not known."""
    pairs = _COLON.findall(line) if len(line) <= _LONGEST_HEADERS and _COLON.match(line) else []
    return pairs if all(standard_name(name) != name for name, _ in pairs) else []


def has_move(line: str) -> bool:
    """Whether there is a move anywhere in a line."""
    return _ANY_MOVE.search(line) is not None


def begins_moves(line: str, at: int = 0) -> bool:
    """Whether a line, from ``at`` on, begins with a move, numbered or not, or is the number 1 alone."""
    return _MOVES_BEGIN.match(line, at) is not None or _BARE_ONE.match(line, at) is not None


def is_move_one(line: str) -> bool:
    """Whether a line begins with move number 1."""
    return _NUMBER_ONE.match(line) is not None


def is_rule(line: str) -> bool:
    """Whether a line is one of those that part games: ``=====``, or an address on the web."""
    return _RULE.fullmatch(line) is not None


def looks_like_move(word: str) -> bool:
    """Whether somebody who wrote this word meant a move, though it is none."""
    return len(word) <= _LONGEST_MOVE and _MOVE_LIKE.fullmatch(word) is not None


@lru_cache(1 << 16)
def _plain_word(word: str) -> tuple[str, ...] | None:
    """The moves in a word of nothing but moves and their numbers; None when there is more in it."""
    moves = []
    at = 0
    if _NUMBER_ALONE.fullmatch(word):
        return ()
    while at < len(word):
        token = _PLAIN_TOKEN.match(word, at)
        if token is None:
            return None
        if token[1]:
            moves.append(token[1])
        at = token.end()
    return tuple(moves)


def plain_moves(line: str) -> list[str] | None:
    """The moves of a line of nothing but moves and their numbers; None when there is more in it."""
    found = list(map(_plain_word, line.split()))
    return None if None in found else list(chain.from_iterable(found))  # type: ignore[arg-type]
