"""What engines print, read: options, scores, lines of thought. UCI and UCCI differ little here.

UCI is Stefan Meyer-Kahlen's protocol of 2000; UCCI its xiangqi cousin (xqbase.com, version 3.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.players.engine_process import EngineError

__all__ = [
    "EngineInfo",
    "EngineOption",
    "OptionValue",
    "Score",
    "last_lines",
    "parse_info",
    "parse_option",
    "read_move",
]

OptionValue = str | int | bool | None

_MATE = 30_000  # a mate in n counts as this less n centipawns, as in records.annotations


@dataclass(frozen=True, slots=True)
class Score:
    """An engine's score from one side's view: centipawns, or a mate.

    Attributes:
        cp: centipawns, or None for a mate.
        mate: moves to the mate, negative when the side is mated; None for centipawns.
    """

    cp: int | None = None
    mate: int | None = None

    def is_mate(self) -> bool:
        """Whether it is a mate."""
        return self.mate is not None

    def centipawns(self) -> int:
        """One number for both kinds: a mate in n is 30000 - n, being mated in n the negative of it."""
        if self.mate is None:
            return max(-_MATE + 1001, min(_MATE - 1001, self.cp or 0))
        return _MATE - self.mate if self.mate > 0 else -_MATE - self.mate

    def __neg__(self) -> Score:
        return Score(None if self.cp is None else -self.cp, None if self.mate is None else -self.mate)


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """One line of an engine's thought.

    Attributes:
        pv: the moves it expects, as far as they can be read; not checked.
        score: from the mover's side.
        is_bound: whether the score is only an upper or lower bound.
        multipv: its rank among the lines, from 1.
        depth: plies searched.
        nodes: positions looked at.
        nps: of these a second.
        time: seconds spent.
    """

    pv: tuple[Move, ...] = ()
    score: Score | None = None
    is_bound: bool = False
    multipv: int = 1
    depth: int | None = None
    nodes: int | None = None
    nps: int | None = None
    time: float | None = None


@dataclass(frozen=True, slots=True)
class EngineOption:
    """An option that an engine offers.

    Attributes:
        name: its name.
        type: ``check``, ``spin``, ``combo``, ``button`` or ``string``.
        default: its value at the start, as text.
        min: the least number of a ``spin``.
        max: the greatest.
        var: the choices of a ``combo``.
    """

    name: str
    type: str
    default: str | None = None
    min: int | None = None
    max: int | None = None
    var: tuple[str, ...] = ()

    def text(self, value: OptionValue, engine: str) -> str:
        """A value as the engine wants it, empty for a button.

        Raises:
            EngineError: the option does not take this value.
        """
        text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        if self.type == "check":
            text, choices = text.lower(), "true, false"
            good = text in ("true", "false")
        elif self.type == "spin":
            choices = f"{self.min} … {self.max}"
            good = (number := _number(text)) is not None and not (
                (self.min is not None and number < self.min) or (self.max is not None and number > self.max)
            )
        elif self.type == "combo" and self.var:
            choices = ", ".join(self.var)
            text = next((choice for choice in self.var if choice.lower() == text.lower()), text)
            good = text in self.var
        else:
            choices, good = "", "\n" not in text
        if not good:
            raise EngineError(
                "players.option_value", engine=engine, option=self.name, value=text, choices=choices[:200]
            )
        return text


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


_OPTION_FIELDS = ("type", "default", "min", "max", "var")


def parse_option(line: str) -> EngineOption | None:
    """The option of a line ``option name Skill Level type spin …`` (UCI) or ``option style type …`` (UCCI)."""
    fields: list[tuple[str, list[str]]] = [("name", [])]
    for word in line.split()[1:]:
        if word in _OPTION_FIELDS and (word == "type" or len(fields) > 1):
            fields.append((word, []))
        else:
            fields[-1][1].append(word)
    texts = {field: " ".join(words) for field, words in fields}
    name = texts["name"].removeprefix("name ").strip()
    if not name or "type" not in texts:
        return None
    choices = tuple(" ".join(words) for field, words in fields if field == "var")
    return EngineOption(
        name, texts["type"], texts.get("default"), _number(texts.get("min", "")), _number(texts.get("max", "")), choices
    )


@lru_cache(1 << 14)
def read_move(text: str, first_rank: int) -> Move | None:
    """The move of a text in an engine's squares, or None; a search repeats few texts many times."""
    try:
        return Move.from_uci(text, first_rank=first_rank)
    except InvalidMoveError:
        return None


def _pv(words: Iterable[str], first_rank: int) -> tuple[Move, ...]:
    moves = []
    for word in words:
        if (move := read_move(word, first_rank)) is None:
            break
        moves.append(move)
    return tuple(moves)


def _score(kind: str, value: str) -> Score | None:
    if (number := _number(value)) is None:
        return None
    return Score(mate=number) if kind == "mate" else Score(cp=number)


def parse_info(line: str, first_rank: int) -> EngineInfo | None:
    """The thought of an ``info`` line; None when it tells of none, as ``info string …``.

    ``score cp 35``, ``score mate -3`` and UCCI's ``score 35`` are read.
    """
    words = line.split()
    numbers: dict[str, int] = {}
    score: Score | None = None
    pv: tuple[Move, ...] = ()
    is_bound, at = False, 1
    while at < len(words):
        word, value = words[at], words[at + 1] if at + 1 < len(words) else ""
        at += 2
        if word == "pv":
            pv = _pv(words[at - 1 :], first_rank)
            break
        if word in ("string", "message", "refutation", "currline"):
            break
        if word == "score":
            if value in ("cp", "mate"):
                score = _score(value, words[at] if at < len(words) else "")
                at += 1
            else:
                score = _score("cp", value)
        elif word in ("lowerbound", "upperbound"):
            is_bound = True
            at -= 1
        elif (number := _number(value)) is not None:
            numbers[word] = number
    if score is None and not pv:
        return None
    milliseconds = numbers.get("time")
    return EngineInfo(
        pv,
        score,
        is_bound,
        numbers.get("multipv", 1),
        numbers.get("depth"),
        numbers.get("nodes"),
        numbers.get("nps"),
        None if milliseconds is None else milliseconds / 1000,
    )


def _last_rounds(board: Board, lines: Sequence[str], first_rank: int) -> tuple[list[EngineInfo], list[EngineInfo]]:
    """The last round of ranked lines, and the one before; lines without a score or a legal move are left out."""
    rounds: list[list[EngineInfo]] = [[]]
    for line in reversed(lines):  # a search prints many rounds and only the last ones are worth reading
        info = parse_info(line, first_rank)
        if info is None or info.score is None or not info.pv or not board.is_legal(info.pv[0]):
            continue
        if rounds[-1] and info.multipv >= rounds[-1][0].multipv:
            if len(rounds) == 2:
                break
            rounds.append([])
        rounds[-1].insert(0, info)
    return rounds[0], rounds[1] if len(rounds) == 2 else []


def last_lines(board: Board, lines: Sequence[str], first_rank: int) -> list[EngineInfo]:
    """What a search has come to: its last lines of thought, best first, each with another first move.

    Where the last round of lines is not complete, those of the round before fill it up; a bound gives
    way to the exact score that the move had there. Moves from the first illegal one on are left out.

    Args:
        board: the position that was searched; left as it is.
        lines: the ``info`` lines, in their order.
        first_rank: the number of the engine's first rank.
    """
    last, before = _last_rounds(board, lines, first_rank)
    exact = {info.pv[0]: info for info in before if not info.is_bound}
    found: dict[Move, EngineInfo] = {}
    for info in (*last, *before):
        move = info.pv[0]
        if move not in found and len(found) < max(len(last), len(before)):
            found[move] = exact.get(move, info) if info.is_bound else info
    return [replace(info, pv=_legal_part(board, info.pv)) for info in found.values()]


def _legal_part(board: Board, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    replay = board.copy(stack=False)
    for number, move in enumerate(moves):
        if not replay.is_legal(move):
            return moves[:number]
        replay.push(move)
    return moves
