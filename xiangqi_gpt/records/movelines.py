"""Plain lines: a game a line, its moves in any notation, and nothing else that is needed.

Before the moves there may be a FEN, a number, or a label, which becomes the title; behind them a result.
``#`` begins a comment. ``position startpos moves …``, as engines are told it, is such a line too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, TypeVar

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.records.movelists import MoveList, are_moves
from xiangqi_gpt.records.text import read_lines
from xiangqi_gpt.records.visitor import GameVisitor

__all__ = ["LINES_SUFFIXES", "looks_like_lines", "visit_lines"]

T = TypeVar("T")

LINES_SUFFIXES = (".txt", ".moves", ".lst")

_RANK = "[1-9KABEHNRCPkabehnrcp]{1,9}"
_FEN = re.compile(rf"(?:{_RANK}/){{9}}{_RANK}(?:\s+[wrb]\b(?:\s+-\s+-)?(?:\s+\d+\s+\d+)?)?")
_TOKEN = re.compile(r"[^\s,;|]+")
_NUMBER_BEFORE = re.compile(r"(?<!\S)\d{1,6}\s*[.．…、]+")
_DIGITS = re.compile(r"(?:[0-8][0-9]){2}(?:[0-8][0-9][0-8][0-9])*")
_OF_ENGINES = re.compile(r"\b(?:position|startpos|fen|moves)\b")
_AROUND_LABEL = " \t.,:;|()[]#-–—、：，；"
_COMMENT = re.compile(r"(?:^|\s)#(.*)")

_LOOKED_AT = 8  # lines
_LONGEST_LABEL = 200


def _moves_at(text: str) -> int:
    """Where the moves begin; -1: there are none."""
    digits = -1
    for token in _TOKEN.finditer(text):
        word = token[0]
        if number := _NUMBER_BEFORE.match(word):
            word = word[number.end() :]
        if are_moves(word):
            return token.start()
        if digits < 0 and _DIGITS.fullmatch(word):
            digits = token.start()
    return digits


def _read_line(text: str, line: int) -> MoveList | None:
    """The game in a line; None: the line is blank or a comment."""
    game = MoveList(line)
    if comment := _COMMENT.search(text):
        game.add_field("comments", comment[1])
        text = text[: comment.start()]
    if "/" in text and (fen := _FEN.search(text)):
        game.add_field("fen", fen[0])
        text = f"{text[: fen.start()]} {text[fen.end() :]}"
    if not text or text.isspace():
        return game if "FEN" in game.headers else None
    start = max(_moves_at(text), 0)
    label = _OF_ENGINES.sub("", text[:start]).strip(_AROUND_LABEL)
    if not label.isdecimal():
        game.add_field("Title", label)
    game.add_moves(text[start:])
    return game


def _is_game(text: str, game: MoveList, *, cut: bool) -> bool:
    """Whether a line is nothing but a game as we understand it; ``cut``: its end may be missing."""
    moves = game.moves[:-1] if cut else game.moves
    if not moves or not all(map(are_moves, moves)) or len(game.headers.get("Title", "")) > _LONGEST_LABEL:
        return False
    numbers = _NUMBER_BEFORE.findall(text)
    if numbers and int(re.sub(r"\D", "", numbers[0])) != 1 and (len(numbers) > 1 or len(moves) <= 2):
        return False  # a line from the middle of a game
    # Digits might be anything, so they must make sense.
    return _moves_in_letters(text) or "FEN" in game.headers or _can_be_played(moves[:4])


def _moves_in_letters(text: str) -> bool:
    return any(are_moves(_NUMBER_BEFORE.sub("", word)) for word in _TOKEN.findall(text))


def _can_be_played(moves: Sequence[str]) -> bool:
    board = Board()
    try:
        for text in moves:
            move = Move.from_uci(text)
            if not board.is_legal(move):
                return False
            board.push(move)
    except InvalidMoveError:
        return False
    return len(moves) > 1


def looks_like_lines(head: Sequence[str], *, whole: bool) -> bool:
    """Whether the first lines of a text are games and comments only; ``whole``: there are no others."""
    cut = 0 if whole else len(head) - 1
    seen = 0
    for number, text in enumerate(head[:_LOOKED_AT]):
        is_cut = not whole and number == cut
        if is_cut and seen:
            break
        game = _read_line(text, number + 1)
        if game is not None:
            if not _is_game(text, game, cut=is_cut):
                return False
            seen += 1
    return seen > 0


def visit_lines(stream: BinaryIO, visitor: GameVisitor[T], file: str) -> Iterator[T]:
    """Read a game of each line; ``file`` is what faults call it."""
    for number, text in enumerate(read_lines(stream, file), 1):
        if (game := _read_line(text, number)) is not None:
            yield game.tell(visitor, file)
