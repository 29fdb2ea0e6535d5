"""What the formats of data sets share: names of fields, lists of moves in one text, games made of these.

Public data sets keep a game as an object or as rows with fields such as ``moves``, ``result``, ``red``
and ``fen``, under names and in spellings of their own; here they are told apart. A field that is not
known becomes a header of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from xiangqi_gpt.records.annotations import MATE_EVAL, with_best, with_eval
from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.headers import read_result, standard_name
from xiangqi_gpt.records.visitor import GameVisitor

__all__ = ["MoveList", "are_moves", "field_role", "is_black", "split_moves"]

T = TypeVar("T")

_MOST_HEADERS = 64
_LONGEST_HEADER = 1000

# What fields hold

_ROLES = {
    name: role
    for role, names in {
        "moves": "moves movelist moveslist movesuci ucimoves uci movesiccs iccsmoves iccs moveswxf gamemoves mainline"
        " movesequence pgn dhtmlxqmovelist 着法 着法列表 走法 招法 棋谱",
        "move": "move ucimove moveuci iccsmove moveiccs movetext movenotation notation",
        "game": "gameid game matchid gameno gamenumber gameindex 对局 对局号 局号",
        "index": "moveindex moveno movenumber movenum moveidx ply plyindex plynumber index idx turn step stepno"
        " halfmove 序号 步数 回合",
        "side": "side color colour player mover sidetomove turncolor",
        "fen": "fen startfen initialfen initfen startingfen initialposition startposition",
        "result": "result outcome gameresult",
        "winner": "winner winnerside winningside 胜方 胜者",
        "best": "best bestmove bestmoves",
        "comments": "comment comments annotation annotations remark remarks 注释",
        "after": "moveanalysis analysis",  # an engine's line on the position behind the move
        "Red": "red redplayer redname redusername white whiteplayer whitename",
        "Black": "black blackplayer blackname blackusername",
        "RedID": "redid",
        "BlackID": "blackid",
        "RedElo": "redelo redrating redelobefore whiteelo whiterating",
        "BlackElo": "blackelo blackrating blackelobefore",
        "Event": "event tournament competition eventname",
        "Site": "site place location venue",
        "Date": "date gamedate gamedatetime datetime playedon playedat starttime timestamp year",
        "Round": "round",
        "Title": "title name gamename gametitle",
        "Opening": "opening openingname",
        "TimeControl": "timecontrol",
        "Termination": "termination gamestatus status endreason",
    }.items()
    for name in names.split()
}
_NOT_IN_NAMES = re.compile(r"[\W_]+")


@lru_cache(1024)
def field_role(name: str) -> str:
    """What a field holds: ``moves``, ``fen``, … or, for what is only told of a game, a header's name (``Red``)."""
    plain = _NOT_IN_NAMES.sub("", name).lower()
    if role := _ROLES.get(plain):
        return role
    standard = standard_name(plain)
    if standard != plain:
        return {"FEN": "fen", "Result": "result"}.get(standard, standard)
    words = "".join(f"{word[0].upper()}{word[1:]}" for word in _NOT_IN_NAMES.split(name) if word)
    return words if words and not words[0].isdigit() else f"X{words}"


# Moves in one text

_SQUARE = r"[A-Ia-i](?:10|[0-9])"
_MAN = "KABEHNRCPkabehnrcp"
_WORD = r"[^\W_A-Za-z进退平進]"
_CHINESE = rf"{_WORD}{{2,3}}[进退平進]{_WORD}"
# A move in any of the notations, as far as that can be told without a board.
_MOVE = re.compile(rf"{_SQUARE}-?{_SQUARE}|(?:[{_MAN}][1-9+\-=.]|[1-5+\-=][{_MAN}])[+\-=.][1-9]|{_CHINESE}")
_RUN_TOGETHER = re.compile(rf"(?:{_SQUARE}-?{_SQUARE}){{2,}}|(?:{_CHINESE}){{2,}}")
_ONE_OF_RUN = re.compile(rf"{_SQUARE}-?{_SQUARE}|{_CHINESE}")
_DIGITS = re.compile(r"(?:[0-8][0-9]){2,}")
_BETWEEN = re.compile(r"""[\s,;|\[\]"'，；、]+""")
_NUMBER = re.compile(r"""(?<![^\s,;|\["'])(?:\d+\s*[.．…、]+|[.…]+)""")
_PLAIN_LIST = re.compile(r"(?:[a-i][0-9][a-i][0-9] )*[a-i][0-9][a-i][0-9]")


def split_moves(text: str) -> tuple[list[str], str]:
    """The moves that a text lists, and the result at their end, ``""`` where there is none.

    Between the moves stand white space, commas, semicolons, bars, quotes, brackets (a list as JSON or
    Python writes it), move numbers, or nothing (``h2e2h9g7``). Digits are read in fours as DhtmlXQ
    writes them: file and rank as seen from Red, counted from the upper left corner, ``7747`` for ``h2e2``.
    """
    if _PLAIN_LIST.fullmatch(text):
        return text.split(" "), ""
    moves: list[str] = []
    result = ""
    for token in _BETWEEN.split(_NUMBER.sub(" ", text)):
        if _MOVE.fullmatch(token):
            moves.append(token)
        elif _RUN_TOGETHER.fullmatch(token):
            moves += _ONE_OF_RUN.findall(token)
        elif len(token) % 4 == 0 and _DIGITS.fullmatch(token):
            moves += _from_digits(token)
        elif token and (found := read_result(token)) is not None:
            result = found
        elif token:
            moves.append(token)
    return moves, result


def are_moves(text: str) -> bool:
    """Whether a text without white space looks like a move, or moves run together, in letters."""
    return _MOVE.fullmatch(text) is not None or _RUN_TOGETHER.fullmatch(text) is not None


def _from_digits(digits: str) -> Iterator[str]:
    points = [f"{'abcdefghi'[int(x)]}{9 - int(y)}" for x, y in zip(digits[::2], digits[1::2], strict=True)]
    return (origin + target for origin, target in zip(points[::2], points[1::2], strict=True))


# Sides and results

_RED_WORDS = frozenset(["red", "r", "w", "white", "红", "紅", "红方", "紅方", "先手"])
_BLACK_WORDS = frozenset(["black", "b", "黑", "黑方", "后手", "後手"])
# 1 and 0 are no results: they mean different things to different people.
_OTHER_RESULTS = {"draw": "1/2-1/2", "tie": "1/2-1/2", "0.5": "1/2-1/2", "-1": "0-1"}


def is_black(word: str) -> bool | None:
    """Whether a word for a side means Black; None when it means neither."""
    word = word.strip().lower()
    return True if word in _BLACK_WORDS else False if word in _RED_WORDS else None


def _read_outcome(text: str) -> str | None:
    """The result that the field of a data set tells in its own way."""
    if (black := is_black(text)) is not None:
        return "0-1" if black else "1-0"
    plain = text.strip().lower().replace("_", " ")
    return _OTHER_RESULTS.get(plain) or read_result(plain)


# What engines say

_INFO = re.compile(rf"\bscore (cp|mate) (-?\d{{1,6}})\b(?:.*?\spv ({_SQUARE}{_SQUARE})\b)?")
_OTHER_LINE = re.compile(r"\bmultipv (?!1\b)")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


def _read_info(text: str) -> tuple[int, str | None] | None:
    """The evaluation for the side to move, in the units of ``GameNode.eval``, and the best move in an engine's line."""
    match = _INFO.search(text)
    if match is None or _OTHER_LINE.search(text):
        return None
    size = int(match[2])
    if match[1] == "mate":
        size = MATE_EVAL - size if size > 0 else -MATE_EVAL - size
    return size, match[3]


# Games


@dataclass
class MoveList:
    """A game as a data set has it.

    Attributes:
        line: of the file where it begins, from 1.
        headers: by name; ``FEN`` is the start position where it is not the usual.
        moves: texts in any notation.
        lines: of the file where the moves stand; empty: all in ``line``.
        comments: by the number of the move they follow, from 0; -1 is before the first.
        best: by the number of the move, what an engine would have played in its place.
        infos: by the number of the move, what an engine says of the position behind it (a UCI ``info`` line).
        faults: what is wrong with it beside its moves.
    """

    line: int
    headers: dict[str, str] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    comments: dict[int, str] = field(default_factory=dict)
    best: dict[int, str] = field(default_factory=dict)
    infos: dict[int, str] = field(default_factory=dict)
    faults: list[GameError] = field(default_factory=list)
    _result: str = ""
    _winner: str = ""

    def add_field(self, role: str, value: str) -> None:
        """Take a field that is told once a game; of several with one role the first counts."""
        value = value.strip()
        if not value:
            return
        if role == "moves":
            self.add_moves(value)
        elif role == "result":
            self._result = self._result or value
        elif role == "winner":
            self._winner = self._winner or value
        elif role == "fen":
            if "/" in value:  # no word such as startpos
                self.headers.setdefault("FEN", value.removeprefix("fen ").strip())
        elif role == "comments":
            self.comments.setdefault(-1, value)
        elif role[:1].isupper() and len(value) <= _LONGEST_HEADER and len(self.headers) < _MOST_HEADERS:
            if role == "Date" and (match := _DATE.match(value)):
                value = f"{match[1]}.{match[2]:0>2}.{match[3]:0>2}"
            self.headers.setdefault(role, value)

    def add_moves(self, text: str) -> None:
        """Add the moves, and the result, of a text that lists them."""
        moves, result = split_moves(text)
        self.moves += moves
        self._result = self._result or result

    def _tell_result(self) -> None:
        """Make the ``Result`` header of what the fields say; what cannot be understood becomes ``Outcome``."""
        if "Result" in self.headers:
            return
        result = _read_outcome(self._result) if self._result else None
        if result is None and self._winner:
            result = self._winners_result()
        if result is not None:
            self.headers["Result"] = result
        elif unknown := self._result or self._winner:
            self.headers["Outcome"] = unknown[:_LONGEST_HEADER]

    def _winners_result(self) -> str | None:
        for side, result in (("Red", "1-0"), ("Black", "0-1")):
            if self._winner in (self.headers.get(side), self.headers.get(f"{side}ID")):
                return result
        return _read_outcome(self._winner)

    def _label(self) -> None:
        """Add what engines say to the comments, as tags.

        A line on the position behind a move is told with the next move, whose best move it begins with,
        or else as the evaluation behind that move.
        """
        comments = self.comments
        evals: dict[int, int] = {}
        best = dict(self.best)
        black_first = self.headers.get("FEN", "").split(" ")[1:2] == ["b"]
        for number, text in self.infos.items():
            if info := _read_info(text):
                black = (number + 1 + black_first) % 2 == 1
                evals[number + 1] = -info[0] if black else info[0]
                if info[1]:
                    best.setdefault(number + 1, info[1])
        last = len(self.moves) - 1
        for number in sorted(evals.keys() | best.keys()):
            value, move = evals.get(number), best.get(number)
            if move is not None and number <= last:
                at = number
            elif value is not None and number - 1 not in best:
                at, move = number - 1, None  # an evaluation alone is of the position behind the move
            else:
                continue
            comments[at] = with_eval(with_best(comments.get(at, ""), move), value)

    def begin(self, visitor: GameVisitor[T], file: str) -> None:
        """Tell a visitor all that comes before the moves."""
        visitor.begin_game(file, self.line)
        self._tell_result()
        for name, value in self.headers.items():
            visitor.header(name, value, self.line)
        for fault in self.faults:
            visitor.fault(fault)
        if self.infos or self.best:
            self._label()
        if -1 in self.comments:
            visitor.comment(self.comments[-1])

    def tell(self, visitor: GameVisitor[T], file: str) -> T:
        """Tell the whole game to a visitor; returns what that made of it."""
        self.begin(visitor, file)
        if not self.comments and not self.lines:
            visitor.moves(self.moves, self.line)
            return visitor.end_game()
        lines = self.lines or [self.line] * len(self.moves)
        for number, (text, line) in enumerate(zip(self.moves, lines, strict=True)):
            visitor.moves([text], line)
            if number in self.comments:
                visitor.comment(self.comments[number])
        return visitor.end_game()
