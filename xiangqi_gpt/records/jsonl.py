"""JSON: a game an object, in lines (JSON Lines), in a list, or alone; any data set's is read, our own is written.

We write a line a game::

    {"headers": {"Red": "…"}, "result": "1-0", "fen": "…", "moves": ["h2e2", "h9g7"], …}

``fen`` only where the start is not the usual. Further keys, each only where there is something to tell:
``comment`` (of the game), ``comments`` and ``nags`` (of moves, by their number from 0), and
``variations``: a list of side lines, each with ``line`` (the line it leaves: 0 the main line, n the n-th
of the list), ``at`` (the number of the move there that it replaces), ``moves``, ``comments``, ``nags``
and ``starting_comment``. Labels stand in the comments, as in PGN: ``[%eval 0.35] [%best h2e2]``. That is
all that a game's tree has.

Read are objects with a list or text of moves under one of many names, with the other fields that
:mod:`xiangqi_gpt.records.movelists` knows; objects that hold lists of such objects; and bare lists of
moves. What has neither moves nor a position is told as a fault.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeVar

from xiangqi_gpt.records.errors import GameError, OnLoss
from xiangqi_gpt.records.game import ChildNode, Game
from xiangqi_gpt.records.json_values import read_values
from xiangqi_gpt.records.losses import tell_change, tell_stray_comment
from xiangqi_gpt.records.movelists import MoveList, are_moves, field_role
from xiangqi_gpt.records.text import read_text
from xiangqi_gpt.records.visitor import GameVisitor

__all__ = ["JSON_SUFFIXES", "json_lines", "looks_like_json", "visit_json"]

T = TypeVar("T")

JSON_SUFFIXES = (".jsonl", ".json", ".ndjson")

_DEEPEST_OBJECT = 3  # {"players": {"red": {"name": …}}}
_NAMES = {"name", "username", "player"}
_RATINGS = {"rating", "elo"}

_LOOKED_AT = re.compile(r"\s*[\[{]")
_OURS = '{"headers":{'  # the moves may be far behind
_NAME_OF_FIELD = re.compile(r'"([^"\\]{1,40})"\s*:')
_FIRST_TEXT = re.compile(r'[\s\[]*"([^"\\]*)"')


def looks_like_json(head: str) -> bool:
    """Whether a text begins as JSON with a field of moves, or with a list of moves."""
    if not _LOOKED_AT.match(head):
        return False
    if head.startswith(_OURS) or any(field_role(name) in ("moves", "move") for name in _NAME_OF_FIELD.findall(head)):
        return True
    first = _FIRST_TEXT.match(head)
    return first is not None and all(map(are_moves, first[1].split())) and bool(first[1])


# Reading


@dataclass
class _Line:
    """A line of our own: the main line or a side line; ``leaves`` are the numbers of those that leave it, by move."""

    moves: list[str]
    comments: dict[int, str]
    nags: dict[int, list[int]]
    starting_comment: str = ""
    leaves: dict[int, list[int]] = field(default_factory=dict)


def _by_number(value: Any) -> dict[int, Any]:
    """What is told of moves, as a list along with them or as an object of their numbers."""
    if isinstance(value, list):
        return {number: item for number, item in enumerate(value) if item}
    if isinstance(value, dict):
        return {int(number): item for number, item in value.items() if number.isdecimal() and len(number) < 7 and item}
    return {}


def _texts(value: Any) -> dict[int, str]:
    return {number: item.strip() for number, item in _by_number(value).items() if isinstance(item, str)}


def _nags(value: Any) -> dict[int, list[int]]:
    return {
        number: [nag for nag in item if isinstance(nag, int)]
        for number, item in _by_number(value).items()
        if isinstance(item, list)
    }


def _add_move_objects(game: MoveList, moves: list[dict[str, Any]]) -> None:
    """Add moves that are objects, such as ``{"move": "h2e2", "comment": "…"}``."""
    for number, told in enumerate(moves):
        text = ""
        for name, value in told.items():
            if not isinstance(value, str):
                continue
            role = field_role(name)
            if role in ("move", "moves"):
                text = text or value.strip()
            elif role == "comments":
                game.comments[number] = value.strip()
            elif role == "best":
                game.best[number] = value.strip()
            elif role == "after":
                game.infos[number] = value
        game.moves.append(text or f"{told.get('from', '')}{told.get('to', '')}")


def _add_moves(game: MoveList, value: Any) -> None:
    if isinstance(value, str):
        game.add_moves(value)
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        if any(" " in item for item in value):
            game.add_moves(" ".join(value))
        else:
            game.moves += value
    elif isinstance(value, list) and all(isinstance(item, dict) for item in value):
        _add_move_objects(game, value)


def _add_object(game: MoveList, told: dict[str, Any], depth: int = 1, side: str = "") -> None:
    """Add the fields of an object, and of the objects in it; ``side`` is the player that it tells of."""
    for name, value in told.items():
        role = field_role(name)
        if isinstance(value, bool) or value is None:
            continue
        if side and isinstance(value, (str, int, float)):
            kind = name.lower()
            role = side if kind in _NAMES else f"{side}Elo" if kind in _RATINGS else f"{side}{kind.title()}"
        if role == "moves" and depth == 1:
            _add_moves(game, value)
        elif isinstance(value, dict) and depth < _DEEPEST_OBJECT and role != "comments":
            _add_object(game, value, depth + 1, role if role in ("Red", "Black") else "")
        elif role == "comments" and not isinstance(value, str):
            game.comments |= _texts(value)
        elif role == "best" and depth == 1:
            game.best |= _texts(value)
        elif role == "after" and depth == 1:
            game.infos |= _texts(value)
        elif role == "game":
            game.add_field("GameID", str(value))
        elif isinstance(value, (str, int, float)):
            game.add_field(role, str(value))


def _game_of(told: dict[str, Any], line: int) -> MoveList:
    game = MoveList(line)
    headers = told.get("headers")
    if isinstance(headers, dict):  # our own, or tags of PGN
        game.headers = {name: value for name, value in headers.items() if isinstance(value, str)}
        told = {name: value for name, value in told.items() if name != "headers"}
    _add_object(game, told)
    if not game.moves and isinstance(move := told.get("move"), str):
        game.add_moves(move)
    return game


def _own_lines(game: MoveList, told: dict[str, Any], file: str) -> list[_Line]:
    """The lines of an object that has glyphs or side lines, as we write it; the first is the main line."""
    lines = [_Line(game.moves, game.comments, _nags(told.get("nags")))]
    variations = told.get("variations")
    for other in variations if isinstance(variations, list) else ():
        moves, origin, at = (
            (other.get(name) for name in ("moves", "line", "at")) if isinstance(other, dict) else 3 * [None]
        )
        here = _Line([], {}, {})
        if isinstance(moves, list) and all(isinstance(move, str) for move in moves):
            here = _Line(moves, _texts(other.get("comments")), _nags(other.get("nags")))
            here.starting_comment = str(other.get("starting_comment") or "").strip()
        lines.append(here)
        if not isinstance(origin, int) or not isinstance(at, int) or not 0 <= origin < len(lines) - 1:
            game.faults.append(GameError("records.variation_stray", file=file, line=game.line))
        elif 0 <= at < len(lines[origin].moves):
            lines[origin].leaves.setdefault(at, []).append(len(lines) - 1)
        else:
            game.faults.append(GameError("records.variation_stray", file=file, line=game.line))
    return lines


def _tell_lines(lines: list[_Line], visitor: GameVisitor[T], at_line: int) -> None:
    """Tell the main line and, each behind the move that it replaces, the side lines."""
    stack = [(0, 0)]  # the lines that are being told, and their next moves
    while stack:
        number, start = stack.pop()
        line = lines[number]
        if number and start == 0:
            visitor.begin_variation(at_line)
            if line.starting_comment:
                visitor.comment(line.starting_comment)
        for ply in range(start, len(line.moves)):
            visitor.moves(line.moves[ply : ply + 1], at_line)
            if comment := line.comments.get(ply):
                visitor.comment(comment)
            for nag in line.nags.get(ply, ()):
                visitor.nag(nag)
            if (leaves := line.leaves.get(ply)) and visitor.wants_variations:
                stack.append((number, ply + 1))
                stack += [(other, 0) for other in reversed(leaves)]
                break
        else:
            if number:
                visitor.end_variation()


def _tell_object(told: dict[str, Any], line: int, visitor: GameVisitor[T], file: str) -> T:
    game = _game_of(told, line)
    if not game.moves and "FEN" not in game.headers and not isinstance(told.get("moves"), (list, str)):
        game.faults.append(GameError("records.moves_missing", file=file, line=line))
    if "variations" not in told and "nags" not in told:
        return game.tell(visitor, file)
    lines = _own_lines(game, told, file)
    game.begin(visitor, file)
    _tell_lines(lines, visitor, line)
    return visitor.end_game()


def _lists_of_games(told: dict[str, Any]) -> list[Any]:
    """The lists of objects or lists in an object that is no game itself."""
    if any(field_role(name) in ("moves", "move", "fen") for name in told):
        return []
    return [
        value for value in told.values() if isinstance(value, list) and value and isinstance(value[0], (dict, list))
    ]


def visit_json(stream: BinaryIO, visitor: GameVisitor[T], file: str) -> Iterator[T]:
    """Read the games of a JSON text; ``file`` is what faults call it.

    Raises:
        RecordFileError: from some place on the text is no JSON.
    """
    for line, value in read_values(read_text(stream, file), file):
        waiting = deque([value])
        while waiting:
            told = waiting.popleft()
            if isinstance(told, dict):
                if lists := _lists_of_games(told):
                    waiting.extendleft(item for games in reversed(lists) for item in reversed(games))
                else:
                    yield _tell_object(told, line, visitor, file)
            elif isinstance(told, list) and told and isinstance(told[0], (dict, list)):
                waiting.extendleft(reversed(told))
            elif isinstance(told, (list, str)):
                game = MoveList(line)
                _add_moves(game, told)
                yield game.tell(visitor, file)
            elif isinstance(told, GameError):
                yield MoveList(line, faults=[told]).tell(visitor, file)


# Writing


def _set(told: dict[str, Any], name: str, value: object) -> None:
    if value:
        told[name] = value


def _comment(text: str, on_loss: OnLoss) -> str:
    tell_change(text, text.strip(), on_loss)
    return text.strip()


def _line_object(
    first: ChildNode | None, number: int, waiting: deque[tuple[ChildNode, int, int]], on_loss: OnLoss
) -> dict[str, Any]:
    """The object of a line from its first move on; adds the lines that leave it to those that wait."""
    moves: list[str] = []
    comments: dict[int, str] = {}
    nags: dict[int, list[int]] = {}
    node = first
    while node is not None:
        ply = len(moves)
        moves.append(node.move.uci())
        _set_at(comments, ply, _comment(node.comment, on_loss))
        _set_at(nags, ply, sorted(node.nags))
        tell_stray_comment(node, on_loss)
        if ply or not number:  # else the others are side lines of the line that this one leaves
            waiting.extend((other, number, ply) for other in node.parent.variations[1:])
        node = node.next()
    told: dict[str, Any] = {"moves": moves}
    _set(told, "comments", comments)
    _set(told, "nags", nags)
    return told


def _set_at(told: dict[int, Any], ply: int, value: object) -> None:
    if value:
        told[ply] = value


def _game_object(game: Game, on_loss: OnLoss) -> dict[str, Any]:
    told: dict[str, Any] = {"headers": game.headers}
    if "Result" in game.headers:
        told["result"] = game.result
    _set(told, "fen", game.headers.get("FEN"))
    _set(told, "comment", _comment(game.comment, on_loss))
    waiting: deque[tuple[ChildNode, int, int]] = deque()
    told |= _line_object(game.next(), 0, waiting, on_loss)
    variations: list[dict[str, Any]] = []
    while waiting:
        first, line, at = waiting.popleft()
        variations.append({"line": line, "at": at} | _line_object(first, len(variations) + 1, waiting, on_loss))
        _set(variations[-1], "starting_comment", _comment(first.starting_comment, on_loss))
    _set(told, "variations", variations)
    return told


def json_lines(games: Iterable[Game], on_loss: OnLoss) -> Iterator[str]:
    """The games as JSON Lines; nothing of them is lost but white space around comments."""
    for game in games:
        text = json.dumps(_game_object(game, on_loss), ensure_ascii=False, separators=(",", ":"))
        yield text.replace("\ufeff", "\\ufeff") + "\n"  # in a file it would be a byte order mark
