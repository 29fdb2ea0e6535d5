"""The visitor that builds game trees and checks every move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from xiangqi_gpt.board import Move
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError
from xiangqi_gpt.records.annotations import count_from_zero
from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.game import ChildNode, Game, GameNode
from xiangqi_gpt.records.moves import LineReading, MoveReader
from xiangqi_gpt.records.start import start_position
from xiangqi_gpt.rules.fen import STARTING_FEN, format_fen, parse_fen
from xiangqi_gpt.rules.position import State, make_move

__all__ = ["GameBuilder"]


# A line being built gives its side lines, and those theirs.
_Lines: TypeAlias = Iterator["_Lines"]

_MOST_ERRORS = 100  # that are kept of a game


class _Line:
    """A line as the file has it: the game itself or a side line.

    Attributes:
        texts: of its moves; ``numbers`` are the lines of the file on which they stand.
        comments: by the number of the move before them, from 0; -1 before the first move.
        nags: likewise.
        sides: side lines, with the number of the move that each replaces.
    """

    __slots__ = ("comments", "nags", "numbers", "sides", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.numbers: list[int] = []
        self.comments: dict[int, list[str]] = {}
        self.nags: dict[int, set[int]] = {}
        self.sides: list[tuple[int, _Line]] = []


class GameBuilder:
    """Makes a :class:`Game` of each game; faults go to its ``errors``, a hundred at most.

    Lines are kept as they stand until the game is over; then each is read in one go, the main line
    first.
    """

    def __init__(self, *, variations: bool = True) -> None:
        self.wants_variations = variations
        self._usual_start = parse_fen(STARTING_FEN)

    def begin_game(self, file: str, line: int) -> None:
        """See :class:`xiangqi_gpt.records.visitor.GameVisitor`, here and below."""
        self._file = file
        self._fen_line = line
        self._game = Game({})
        self._main = self._here = _Line()
        self._outer: list[_Line] = []  # the lines around this one
        self._reader = MoveReader()

    def header(self, name: str, value: str, line: int) -> None:
        """Keep a tag pair."""
        self._game.headers[name] = value
        if name == "FEN":
            self._fen_line = line

    def moves(self, texts: Sequence[str], line: int) -> None:
        """Keep moves of the line."""
        self._here.texts += texts
        self._here.numbers += [line] * len(texts)

    def comment(self, text: str) -> None:
        """Add a comment to the move before it, or to the side line or game that begins."""
        self._here.comments.setdefault(len(self._here.texts) - 1, []).append(text)

    def nag(self, nag: int) -> None:
        """Add a glyph to the move before it."""
        self._here.nags.setdefault(len(self._here.texts) - 1, set()).add(nag)

    def begin_variation(self, line: int) -> None:
        """Begin a line that replaces the last move of this one."""
        here = self._here
        self._outer.append(here)
        if here.texts:
            self._here = _Line()
            here.sides.append((len(here.texts) - 1, self._here))
        elif here is self._main:
            self._add_fault("variation_stray", line)
            self._here = _Line()
        # else it is a parenthesis in a parenthesis, and no line of its own

    def end_variation(self) -> None:
        """Go back to the line around."""
        inner, self._here = self._here, self._outer.pop()
        if not inner.texts and inner is not self._here:
            if self._here.sides and self._here.sides[-1][1] is inner:
                self._here.sides.pop()
            if -1 in inner.comments:  # words in parentheses
                self.comment(" ".join(inner.comments[-1]))

    def result(self, text: str) -> None:
        """Keep the result unless a tag pair tells it."""
        if self._game.result == "*":
            self._game.headers["Result"] = text

    def fault(self, error: GameError) -> None:
        """Keep a fault of the parser's."""
        self._keep(error)

    def end_game(self) -> Game:
        """The game."""
        game = self._game
        game.comment = " ".join(self._main.comments.get(-1, ()))
        try:
            state = self._start()
        except GameError as error:
            self._keep(error)
        else:
            self._build(state)
        if len(game.errors) > 1:
            game.errors.sort(key=lambda error: error.line)
        return game

    def _keep(self, error: GameError) -> None:
        if len(self._game.errors) < _MOST_ERRORS:
            self._game.errors.append(error)

    def _add_fault(self, name: str, line: int, **fields: Any) -> None:
        self._keep(GameError(f"records.{name}", file=self._file, line=line, **fields))

    def _start(self) -> State:
        """The start position; its header becomes a FEN of six fields, which every program reads."""
        fen = self._game.headers.get("FEN")
        if not fen:
            return self._usual_start.copy()
        state = start_position(fen, self._file, self._fen_line)
        self._game.headers["FEN"] = format_fen(state)
        return state

    def _build(self, start: State) -> None:
        """Turn the lines into nodes. They nest as deep as a file likes, so no recursion."""
        stack = [self._build_line(self._main, self._game, start, 0)]
        while stack:
            inner = next(stack[-1], None)
            if inner is None:
                stack.pop()
            else:
                stack.append(inner)

    def _build_line(self, line: _Line, parent: GameNode, state: State, ply: int) -> _Lines:
        """Build a line that begins at ``parent``, whose position is ``state``, then give its side lines."""
        before = state.copy() if line.sides else state
        reading = self._reader.read_line(state, line.texts)
        moves: list[int] = reading.moves.tolist()
        self._tell_faults(line, reading, ply)
        nodes = self._add_nodes(line, parent, moves)
        at = 0
        for number, side in line.sides:
            if number >= len(moves):
                return
            for move in moves[at:number]:
                make_move(before, move)
            at = number
            yield self._build_line(side, nodes[number].parent, before.copy(), ply + number)

    def _add_nodes(self, line: _Line, parent: GameNode, moves: list[int]) -> list[ChildNode]:
        """Hang a line under its parent; returns its nodes."""
        nodes: list[ChildNode] = []
        move_of_code = Move.from_code
        for code in moves:
            node = ChildNode(parent, move_of_code(code))
            parent.variations.append(node)
            nodes.append(node)
            parent = node
        for number, words in line.comments.items():
            text = " ".join(words)
            if self._reader.first_rank == 1:  # a tree counts from 0
                text = count_from_zero(text)
            if number < 0:
                if line is not self._main and moves:
                    nodes[0].starting_comment = text
            elif number < len(moves):
                nodes[number].comment = text
        for number, nags in line.nags.items():
            if 0 <= number < len(moves):
                nodes[number].nags = nags
        return nodes

    def _tell_faults(self, line: _Line, reading: LineReading, ply: int) -> None:
        for number, ambiguous in reading.resolved.items():
            self._add_move_fault("move_resolved", line, number, ply, candidates=ambiguous.fields["candidates"])
        error, number = reading.error, len(reading.moves)
        if isinstance(error, AmbiguousMoveError):
            self._add_move_fault("move_ambiguous", line, number, ply, candidates=error.fields["candidates"])
        elif error is not None:
            kind = "move_illegal" if isinstance(error, IllegalMoveError) else "move_unreadable"
            self._add_move_fault(kind, line, number, ply)

    def _add_move_fault(self, name: str, line: _Line, number: int, ply: int, **fields: Any) -> None:
        self._add_fault(name, line.numbers[number], text=line.texts[number], ply=ply + number + 1, **fields)
