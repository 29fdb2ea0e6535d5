"""Tables: CSV, and the same with tabs, semicolons or bars; with a row a game, or a row a move.

The first row names the columns (:mod:`xiangqi_gpt.records.movelists` has the names). Where one of them
has lists of moves, a row is a game. Else a column ``move`` has one move a row, and rows belong
together by the column of the game's id; a column of indices, or of turns and sides, tells their order.
Without an id, a game begins where the index falls.

Rows of a game need not follow each other at once, but memory is bounded: a game is over when
:data:`OPEN_GAMES` others have begun since its last row, or when it has :data:`MOST_ROWS` rows. An index
that is missing is told as a fault and ends the game.

We write a row a game, with the columns :data:`COLUMNS`.
"""

from __future__ import annotations

import csv
import io
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import add
from typing import BinaryIO, TypeVar

from xiangqi_gpt.records.errors import GameError, LossError, OnLoss, RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.movelists import MoveList, field_role, is_black, split_moves
from xiangqi_gpt.records.text import LONGEST_LINE, read_lines
from xiangqi_gpt.records.visitor import GameVisitor

__all__ = ["COLUMNS", "MOST_ROWS", "OPEN_GAMES", "TABLE_SUFFIXES", "looks_like_table", "table_rows", "visit_table"]

T = TypeVar("T")

TABLE_SUFFIXES = (".csv", ".tsv", ".tab")
OPEN_GAMES = 64
MOST_ROWS = 4096  # of a game

COLUMNS = {
    "event": "Event",
    "site": "Site",
    "date": "Date",
    "round": "Round",
    "red": "Red",
    "black": "Black",
    "red_elo": "RedElo",
    "black_elo": "BlackElo",
    "result": "Result",
    "fen": "FEN",
}

_DELIMITERS = ",\t;|"
_MOST_COLUMNS = 1000


@dataclass(frozen=True)
class _Table:
    """What the first row of a table says.

    ``roles`` are those of the columns; ``columns`` the first column of each role.
    """

    delimiter: str
    roles: list[str]
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def has_lists(self) -> bool:
        """Whether a row is a whole game."""
        return "moves" in self.columns


def _table(first_row: str) -> _Table | None:
    """The table that begins with a row, or None where that names no moves."""
    found: list[_Table] = []
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader([first_row], delimiter=delimiter), [])
        except csv.Error:
            continue
        if len(names) > _MOST_COLUMNS:
            continue
        roles = [field_role(name) if name.strip() else "" for name in names]
        columns: dict[str, int] = {}
        for number, role in enumerate(roles):
            columns.setdefault(role, number)
        if "moves" in columns or ("move" in columns and ({"game", "index"} & columns.keys())):
            found.append(_Table(delimiter, roles, columns))
    return max(found, key=lambda table: len(table.roles), default=None)


def looks_like_table(head: Sequence[str]) -> bool:
    """Whether the first line that is not blank names the columns of a table of moves."""
    first = next((line for line in head if line.strip()), "")
    return _table(first) is not None


class _Rows:
    """The rows of a table, each with the line that it begins on; what is no row is told as a fault."""

    def __init__(self, lines: Iterable[str], delimiter: str, file: str, first_line: int) -> None:
        self._reader = csv.reader(map(add, lines, repeat("\n")), delimiter=delimiter)
        self._file = file
        self._first_line = first_line

    def __iter__(self) -> Iterator[tuple[int, list[str] | GameError]]:
        # The csv module knows one limit for all its readers; ours is that of a line.
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
        while True:
            line = self._reader.line_num + self._first_line
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, GameError("records.row_bad", file=self._file, line=line, detail=error)
            else:
                if row and any(row):
                    yield line, row


# A row a game


def _game_of_row(table: _Table, row: list[str], line: int) -> MoveList:
    game = MoveList(line)
    if len(row) > len(table.roles):  # moves with delimiters between them, in the last column
        row = [*row[: len(table.roles) - 1], " ".join(row[len(table.roles) - 1 :])]
    for role, value in zip(table.roles, row, strict=False):
        if role == "best":
            game.best = dict(enumerate(split_moves(value)[0]))
        else:
            game.add_field("GameID" if role == "game" else role, value)
    return game


# A row a move

# Of these columns, the first row's value counts for the game; of others one that is the same in all rows.
_OF_FIRST_ROW = {"Date", "Red", "Black", "RedElo", "BlackElo", "result", "winner"}
_OF_MOVE = {"move", "index", "side", "best", "comments", "after", "fen", ""}


@dataclass(slots=True)
class _OpenGame:
    """A game some rows of which have come, with the lines that they stand on."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


class _MoveRows:
    """Puts the rows of games together."""

    def __init__(self, table: _Table, file: str) -> None:
        self._file = file
        self._roles = table.roles
        self._columns = table.columns
        self._open: OrderedDict[str, _OpenGame] = OrderedDict()
        self._before: tuple[str, _OpenGame] | None = None  # the game of the row before
        self._games = 0

    def add(self, row: list[str], line: int) -> MoveList | None:
        """Take a row; gives the game that is over by it, if one is."""
        if len(row) != len(self._roles):
            row = (row + [""] * len(self._roles))[: len(self._roles)]
        name = row[self._columns["game"]] if "game" in self._columns else self._name(row)
        over: _OpenGame | None = None
        game = self._before[1] if self._before is not None and name == self._before[0] else self._open.get(name)
        if game is None or len(game.rows) >= MOST_ROWS:
            over = self._open.pop(name, None)
            if len(self._open) == OPEN_GAMES:
                over = self._open.popitem(last=False)[1]
            game = self._open[name] = _OpenGame()
        elif self._before is None or game is not self._before[1]:
            self._open.move_to_end(name)
        self._before = name, game
        game.rows.append(row)
        game.lines.append(line)
        return None if over is None else self._finish(over)

    def _name(self, row: list[str]) -> str:
        """The id of the game of a row where no column has it: a new one where the index falls."""
        if self._before is not None:
            (index, black), (index_before, black_before) = map(self._order, (row, self._before[1].rows[-1]))
            if index < index_before or (index == index_before >= 0 and black == black_before):
                self._games += 1
        return str(self._games)

    def _order(self, row: list[str]) -> tuple[int, bool]:
        """What the columns tell of a move's place: an index, -1 for none, and whether the move is Black's."""
        text = row[self._columns["index"]] if "index" in self._columns else ""
        side = row[self._columns["side"]] if "side" in self._columns else text  # "turn" may be the side
        return int(text) if text.isdecimal() and len(text) < 10 else -1, is_black(side) is True

    def rest(self) -> Iterator[MoveList]:
        """The games that are still open at the end."""
        while self._open:
            yield self._finish(self._open.popitem(last=False)[1])

    def _finish(self, open_game: _OpenGame) -> MoveList:
        game = MoveList(min(open_game.lines))
        rows = open_game.rows
        for role, values in zip(self._roles, zip(*rows, strict=True), strict=True):
            if role not in _OF_MOVE and (role in _OF_FIRST_ROW or values.count(values[0]) == len(values)):
                game.add_field("GameID" if role == "game" else role, values[0])
        order = self._in_order(open_game, game)
        game.moves = [rows[number][self._columns["move"]].strip() for number in order]
        game.lines = [open_game.lines[number] for number in order]
        if "fen" in self._columns and order:
            game.add_field("fen", rows[order[0]][self._columns["fen"]])
        for told, role in ((game.comments, "comments"), (game.best, "best"), (game.infos, "after")):
            if role in self._columns:
                texts = (rows[number][self._columns[role]].strip() for number in order)
                told |= {number: text for number, text in enumerate(texts) if text}
        return game

    def _in_order(self, open_game: _OpenGame, game: MoveList) -> list[int]:
        """The numbers of the rows as far as they follow each other; a fault goes to the game."""
        places = [self._order(row) for row in open_game.rows]
        plies = [index for index, _ in places]
        order = list(range(len(plies)))
        if max(plies) < 0:
            return order
        first = 1
        if len(set(plies)) < len(plies):  # numbers of turns: a move of Red's and one of Black's
            plies = [2 * index + black for index, black in places]
            first = 3
        order.sort(key=plies.__getitem__)
        start = plies[order[0]]
        for number, row in enumerate(order):
            if start > first or plies[row] != start + number:
                missing = 0 if start > first else number
                line = open_game.lines[row]
                game.faults.append(GameError("records.rows_missing", file=self._file, line=line, ply=missing + 1))
                return order[:missing]
        return order


def visit_table(stream: BinaryIO, visitor: GameVisitor[T], file: str) -> Iterator[T]:
    """Read the games of a table; ``file`` is what faults call it.

    Raises:
        RecordFileError: the first row names no column of moves.
    """
    lines = read_lines(stream, file)
    skipped = 0
    first = ""
    for first in lines:
        if first.strip():
            break
        skipped += 1
    table = _table(first)
    if table is None:
        raise RecordFileError("records.table_without_moves", file=file)
    groups = _MoveRows(table, file)
    for line, row in _Rows(lines, table.delimiter, file, skipped + 2):
        if isinstance(row, GameError):
            yield MoveList(line, faults=[row]).tell(visitor, file)
        elif table.has_lists:
            yield _game_of_row(table, row, line).tell(visitor, file)
        elif (game := groups.add(row, line)) is not None:
            yield game.tell(visitor, file)
    for game in groups.rest():
        yield game.tell(visitor, file)


# Writing


def table_rows(games: Iterable[Game], on_loss: OnLoss) -> Iterator[str]:
    """The games as CSV, a row each; side lines, comments, glyphs and other headers are lost."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, "moves"])
    for game in games:
        _tell_losses(game, on_loss)
        cells = [game.headers.get(tag, "") if tag != "Result" else game.result for tag in COLUMNS.values()]
        writer.writerow([*cells, " ".join(move.uci() for move in game.mainline_moves())])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()  # the names of the columns, of a table without games


def _tell_losses(game: Game, on_loss: OnLoss) -> None:
    main = list(game.mainline())
    side_lines = sum(len(node.variations) > 1 for node in (game, *main))
    comments = bool(game.comment) + sum(bool(node.comment) + bool(node.starting_comment) for node in main)
    glyphs = sum(len(node.nags) for node in main)
    for name, count in (("side_lines", side_lines), ("comments", comments), ("glyphs", glyphs)):
        if count:
            on_loss(LossError(f"records.loss_{name}", count=count))
    for tag, text in game.headers.items():
        if tag in COLUMNS.values():
            _tell_cell(tag, text, on_loss)
        elif tag not in ("Game", "Format", "Variant") and text not in ("", "?"):
            on_loss(LossError("records.loss_column", tag=tag, text=text))


def _tell_cell(tag: str, text: str, on_loss: OnLoss) -> None:
    """Tell if the cell of a header will be read as something else."""
    if tag in ("Result", "FEN"):
        return
    game = MoveList(1)
    game.add_field(tag, text.replace("\r\n", "\n").replace("\r", "\n"))
    if (kept := game.headers.get(tag, "")) != text:
        on_loss(LossError("records.loss_cell", tag=tag, text=text, kept=kept))
