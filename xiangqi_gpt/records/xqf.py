"""XQF: the parser, which tells a visitor what it reads.

The format is described in :mod:`xiangqi_gpt.records.xqf_layout`. A file is one game. Faults name as
their ``line`` the number of the move's record, from 1; along the main line that is the ply.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import PurePath
from typing import BinaryIO, NamedTuple, TypeVar

from xiangqi_gpt.records.errors import GameError, RecordFileError
from xiangqi_gpt.records.headers import find_result
from xiangqi_gpt.records.text import detect_encoding
from xiangqi_gpt.records.visitor import GameVisitor
from xiangqi_gpt.records.xqf_layout import (
    FIELDS,
    HEADER_SIZE,
    KIND_AT,
    KINDS,
    LAST_VERSION,
    MAGIC,
    N_PIECES,
    PIECES,
    PLAIN_VERSION,
    RESULT_AT,
    RESULTS,
    TURN_AT,
    Keys,
    is_on_board,
)
from xiangqi_gpt.rules.fen import STARTING_FEN
from xiangqi_gpt.rules.squares import FILE_NAMES, N_FILES, N_RANKS

__all__ = ["XQF_SUFFIXES", "looks_like_xqf", "visit_xqf"]

T = TypeVar("T")

XQF_SUFFIXES = (".xqf",)

# Far beyond what people keep: the largest are libraries of openings of a few million bytes.
_LARGEST_FILE = 1 << 24
_MOST_MOVES = 500_000
_SAMPLE = 1 << 11  # bytes of text that show the encoding

_SQUARES = tuple(f"{file}{rank}" for file in FILE_NAMES for rank in range(N_RANKS))  # by point
_FOLLOWED, _REPLACED, _COMMENTED = 0x80, 0x40, 0x20  # flags of a record
_START = STARTING_FEN.split()[0]


def looks_like_xqf(head: bytes) -> bool:
    """Whether a file that begins so is XQF; at least three bytes are needed."""
    return len(head) > 2 and head.startswith(MAGIC) and 0 < head[2] < 32


@lru_cache(256)
def _placement(points: bytes) -> str:
    """The first field of a FEN."""
    symbols = [["1"] * N_FILES for _ in range(N_RANKS)]
    for symbol, point in zip(PIECES, points, strict=True):
        if is_on_board(point):
            symbols[N_RANKS - 1 - point % 10][point // 10] = symbol
    text = "/".join(map("".join, symbols))
    for empty in range(N_FILES, 1, -1):
        text = text.replace("1" * empty, str(empty))
    return text


class _Record(NamedTuple):
    """A move, its comment as it stands in the file, and what comes after it."""

    origin: int
    target: int
    followed: bool
    replaced: bool
    comment: bytes

    @property
    def text(self) -> str:
        return _SQUARES[self.origin] + _SQUARES[self.target]


class _Records:
    """The records of a file, one after another, the start first; they end at the first that makes no sense.

    Attributes:
        count: how many moves were read.
        fault: the name of the message that tells what ended them early; empty when nothing did.
    """

    def __init__(self, data: bytes, keys: Keys) -> None:
        self._bytes = keys.records(data)
        self._keys = keys
        self._plain = data[2] <= PLAIN_VERSION
        self.count = -1
        self.fault = ""

    def __iter__(self) -> Iterator[_Record]:
        data, keys, at = self._bytes, self._keys, 0
        while True:
            if self.count == _MOST_MOVES:
                self.fault = "xqf_endless"
                return
            head = data[at : at + 4]
            if len(head) < 4:
                self.fault = "xqf_cut"
                return
            at += 4
            flags, length = head[2], 0
            if self._plain:
                flags = _COMMENTED | (flags & 0xF0 and _FOLLOWED) | (flags & 0x0F and _REPLACED)
            if flags & _COMMENTED and at + 4 <= len(data):
                length = int.from_bytes(data[at : at + 4], "little", signed=True) - keys.length
            at += 4 if flags & _COMMENTED else 0
            origin, target = (head[0] - keys.origin) & 0xFF, (head[1] - keys.target) & 0xFF
            is_start = self.count < 0
            if length < 0 or not (is_start or (is_on_board(origin) and is_on_board(target))):
                self.fault = "xqf_record"
                return
            end = at + length
            comment = data[at:end] if length and end <= len(data) else b""
            at = end
            self.count += 1
            if at > len(data):
                self.fault = "xqf_cut"
            yield _Record(origin, target, bool(flags & _FOLLOWED), bool(flags & _REPLACED), comment)
            if self.fault:
                return


def _main_line(records: Iterable[_Record]) -> list[_Record]:
    """The start and the moves of the main line, which come first in a file."""
    line = []
    for record in records:
        line.append(record)
        if not record.followed:
            break
    return line


class _Tree:
    """The records of a game and how they hang together; record 0 is the start."""

    def __init__(self, records: Iterable[_Record]) -> None:
        self.records: list[_Record] = []
        self._others = array("l")  # by record: the next move in its place, or 0
        places: list[int] = []  # moves whose others come when all that follows them has come
        waiting = 0  # the move whose other comes next
        for number, record in enumerate(records):
            self.records.append(record)
            self._others.append(0)
            if waiting:
                self._others[waiting] = number
                waiting = 0
            if record.replaced and number:
                places.append(number)
            if not record.followed:
                if not places:
                    break
                waiting = places.pop()

    def next(self, number: int) -> int:
        """The main move that follows a record, or 0."""
        return number + 1 if self.records[number].followed and number + 1 < len(self.records) else 0

    def other(self, number: int) -> int:
        """The next move in the place of a move, or 0."""
        return self._others[number]


class _Text:
    """The texts of a file, in the one encoding that fits them all best."""

    def __init__(self, raw: Iterable[bytes]) -> None:
        self._encoding = detect_encoding(b"\n".join(filter(None, raw))[:_SAMPLE].replace(b"\0", b""))

    def read(self, raw: bytes) -> str:
        """A text; what a field has cut off in the middle of a character is left out."""
        text = raw.decode(self._encoding, "replace").rstrip("\ufffd\0")
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _result(told: int, titles: Iterable[str], red: str, black: str, *, is_setup: bool) -> str:
    """The result by the header, else by the titles."""
    if 0 < told < len(RESULTS):
        return RESULTS[told]
    found = (find_result(title, red, black, is_setup=is_setup) for title in titles)
    return next((result for result in found if result != "*"), "*")


def _tell_headers(data: bytes, texts: _Text, fen: str, visitor: GameVisitor[T], file: str) -> None:
    found = {field.tag: text for field in FIELDS if (text := texts.read(field.raw(data)).replace("\n", " "))}
    if data[KIND_AT] < len(KINDS) and (kind := KINDS[data[KIND_AT]]):
        found["PlayType"] = kind
    titles = (found.get("Title", ""), PurePath(file).stem)
    players = found.get("Red", ""), found.get("Black", "")
    found["Result"] = _result(data[RESULT_AT], titles, *players, is_setup=bool(fen))
    if fen:
        found["FEN"] = fen
    for tag, value in found.items():
        visitor.header(tag, value, 1)


def _tell_move(record: _Record, number: int, texts: _Text, visitor: GameVisitor[T]) -> None:
    if number:
        visitor.moves([record.text], number)
    if record.comment and (comment := texts.read(record.comment)):
        visitor.comment(comment)


def _tell_tree(tree: _Tree, texts: _Text, visitor: GameVisitor[T]) -> None:
    """Tell all moves, each with its side lines right behind it."""
    resume: list[tuple[int, int]] = []  # by side line: its first move, and the move after the one it replaces
    number, is_main = 0, True
    while True:
        _tell_move(tree.records[number], number, texts, visitor)
        side_line, follower = tree.other(number) if is_main else 0, tree.next(number)
        while not (side_line or follower) and resume:
            visitor.end_variation()
            side_line, follower = resume.pop()
            side_line = tree.other(side_line)
        if side_line:
            visitor.begin_variation(side_line)
            resume.append((side_line, follower))
        number, is_main = side_line or follower, not side_line
        if not number:
            return


def _fen(points: bytes, first: _Record | None, turn: int) -> str:
    """The FEN of a set-up position; nothing for the usual start.

    Some programs do not write who is to move; the piece that moves first tells.
    """
    mover = points.rfind(first.origin) if first else -1
    side = "wb"[turn == 1 if mover < 0 else mover >= N_PIECES // 2]
    placement = _placement(points)
    return "" if (placement, side) == (_START, "w") else f"{placement} {side} - - 0 1"


def visit_xqf(stream: BinaryIO, visitor: GameVisitor[T], file: str) -> Iterator[T]:
    """Read the one game of an XQF file; ``file`` is what faults call it.

    Raises:
        RecordFileError: the file is cut short in its header, of a later version, or too large.
    """
    data = stream.read(_LARGEST_FILE + 1)
    if len(data) > _LARGEST_FILE:
        raise RecordFileError("records.xqf_large", file=file, limit=_LARGEST_FILE >> 20)
    if len(data) < HEADER_SIZE:
        raise RecordFileError("records.xqf_short", file=file, size=len(data), least=HEADER_SIZE)
    if data[2] > LAST_VERSION:
        raise RecordFileError("records.xqf_version", file=file, version=data[2], last=LAST_VERSION)
    keys = Keys.of(data)
    records = _Records(data, keys)
    tree = _Tree(records) if visitor.wants_variations else None
    line = tree.records if tree else _main_line(records)
    texts = _Text([*(field.raw(data) for field in FIELDS), *(record.comment for record in line)])
    visitor.begin_game(file, 1)
    fen = _fen(keys.pieces(data), line[1] if len(line) > 1 else None, data[TURN_AT])
    _tell_headers(data, texts, fen, visitor, file)
    if tree:
        if line:
            _tell_tree(tree, texts, visitor)
    else:
        for number, record in enumerate(line):
            _tell_move(record, number, texts, visitor)
    if records.fault:
        visitor.fault(GameError(f"records.{records.fault}", file=file, line=max(records.count, 0) + 1))
    yield visitor.end_game()
