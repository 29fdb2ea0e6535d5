"""The visitor that builds game trees and checks every move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.game import ChildNode, Game, GameNode
from xiangqi_gpt.records.start import start_position

__all__ = ["GameBuilder"]


@lru_cache(1 << 14)
def _read_move(text: str) -> Move | None:
    """The move of a text, or None; games repeat few texts many times."""
    try:
        return Move.from_iccs(text)
    except InvalidMoveError:
        return None


@dataclass
class _Line:
    """The line being read: the game itself or a side line.

    ``node`` is its last position so far, ``replaces`` the move that a side line stands in for;
    ``broken`` after a fault, or when it is no line at all: the rest of it is left out.
    """

    node: GameNode
    replaces: Move | None = None
    broken: bool = False
    comment: str = ""  # before its first move


class GameBuilder:
    """Makes a :class:`Game` of each game; faults go to its ``errors``."""

    def __init__(self, *, variations: bool = True) -> None:
        self.wants_variations = variations

    def begin_game(self, file: str, line: int) -> None:
        """See :class:`xiangqi_gpt.records.visitor.GameVisitor`, here and below."""
        self._file = file
        self._fen_line = line
        self._game = Game({})
        self._board: Board | None = None
        self._lines = [_Line(self._game)]

    def header(self, name: str, value: str, line: int) -> None:
        """Keep a tag pair."""
        self._game.headers[name] = value
        if name == "FEN":
            self._fen_line = line

    def _start(self) -> Board | None:
        """The board at the first move; None when the game has no usable position."""
        if self._board is None and not self._lines[0].broken:
            try:
                fen = self._game.headers.get("FEN")
                self._board = Board.from_state(start_position(fen, self._file, self._fen_line)) if fen else Board()
            except GameError as error:
                self._break(error)
        return self._board

    def _break(self, error: GameError) -> None:
        self._game.errors.append(error)
        self._lines[-1].broken = True

    def _fault(self, name: str, line: int, **fields: Any) -> GameError:
        return GameError(f"records.{name}", file=self._file, line=line, **fields)

    def move(self, text: str, line: int) -> None:
        """Add a move if it is legal, else leave out the rest of the line."""
        here = self._lines[-1]
        board = self._board or self._start()
        if here.broken or board is None:
            return
        move = _read_move(text)
        if move is None or not board.is_legal(move):
            name = "move_illegal" if move else "move_unreadable"
            self._break(self._fault(name, line, text=text, ply=len(board.move_stack) + 1))
            return
        here.node = here.node.add_variation(move, starting_comment=here.comment)
        here.comment = ""
        board.push(move)

    def comment(self, text: str) -> None:
        """Add a comment to the move before it, or to the side line or game that begins."""
        here = self._lines[-1]
        if here.broken:
            return
        if here.replaces is not None and not self._has_moved(here):
            here.comment = f"{here.comment} {text}".strip()
        else:
            here.node.comment = f"{here.node.comment} {text}".strip()

    def _has_moved(self, here: _Line) -> bool:
        """Whether a side line has a move yet."""
        return here.node is not self._lines[-2].node.parent

    def nag(self, nag: int) -> None:
        """Add a glyph to the move before it."""
        here = self._lines[-1]
        if isinstance(here.node, ChildNode) and not here.broken and (len(self._lines) == 1 or self._has_moved(here)):
            here.node.nags.add(nag)

    def begin_variation(self, line: int) -> None:
        """Go back by a move."""
        outer = self._lines[-1]
        if outer.broken:
            self._lines.append(_Line(outer.node, broken=True))
        elif not isinstance(outer.node, ChildNode) or (len(self._lines) > 1 and not self._has_moved(outer)):
            self._game.errors.append(self._fault("variation_stray", line))
            self._lines.append(_Line(outer.node, broken=True))
        elif self._board is not None:
            self._lines.append(_Line(outer.node.parent, replaces=self._board.pop()))

    def end_variation(self) -> None:
        """Return to the move that the side line replaced."""
        inner = self._lines.pop()
        if inner.replaces is None or self._board is None:
            return
        origin = self._lines[-1].node.parent
        while inner.node is not origin and inner.node.parent is not None:
            self._board.pop()
            inner.node = inner.node.parent
        self._board.push(inner.replaces)

    def result(self, text: str) -> None:
        """Keep the result unless a tag pair tells it."""
        if self._game.result == "*":
            self._game.headers["Result"] = text

    def fault(self, error: GameError) -> None:
        """Keep a fault of the parser's."""
        self._game.errors.append(error)

    def end_game(self) -> Game:
        """The game."""
        self._start()  # a game without moves may have a bad FEN too
        return self._game
