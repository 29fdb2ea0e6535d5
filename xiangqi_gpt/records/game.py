"""A game as a tree of moves, with python-chess's names.

>>> game = Game()
>>> node = game.add_variation(Move.from_uci("h2e2"), comment="the central cannon")
>>> node.add_variation(Move.from_uci("h9g7")).ply()
2
>>> game.add_variation(Move.from_uci("c3c4")).is_main_variation()
False
>>> [move.uci() for move in game.mainline_moves()]
['h2e2', 'h9g7']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.records.annotations import find_time, read_data, with_best, with_candidates, with_eval, with_time
from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.headers import RESULTS, read_result
from xiangqi_gpt.rules.fen import STARTING_FEN
from xiangqi_gpt.rules.pieces import RED, Color

__all__ = ["RESULTS", "ChildNode", "Game", "GameNode", "Label"]

_ROSTER = {
    "Game": "Chinese Chess",
    "Event": "?",
    "Site": "?",
    "Date": "????.??.??",
    "Round": "?",
    "Red": "?",
    "Black": "?",
    "Result": "*",
}


class Label(NamedTuple):
    """What an engine says of a position.

    Attributes:
        eval: in centipawns for Red, a mate in n as ``±(MATE_EVAL - n)``; None when unknown.
        best: the best move, or None.
        candidates: moves that it weighed, with their evaluations.
    """

    eval: int | None = None
    best: Move | None = None
    candidates: tuple[tuple[Move, int], ...] = ()


def _read_move(text: str | None) -> Move | None:
    """The move of a label; ranks count from 0 there."""
    try:
        return Move.from_iccs(text) if text else None
    except InvalidMoveError:
        return None


class GameNode:
    """A position in a game: the root (:class:`Game`) or the one after a move (:class:`ChildNode`).

    Attributes:
        variations: the moves that follow; the first is the main one.
        comment: what is said of the move (of the game, at the root).
    """

    __slots__ = ("comment", "variations")

    def __init__(self, comment: str = "") -> None:
        self.variations: list[ChildNode] = []
        self.comment = comment

    @property
    def parent(self) -> GameNode | None:
        """The position before the move; None at the root."""
        return None

    @property
    def move(self) -> Move | None:
        """The move that led here; None at the root."""
        return None

    def _line(self) -> list[ChildNode]:
        """The nodes from the first move to this one."""
        line: list[ChildNode] = []
        node: GameNode = self
        while isinstance(node, ChildNode):
            line.append(node)
            node = node.parent
        return line[::-1]

    def game(self) -> Game:
        """The game that the node belongs to."""
        node = self
        while (parent := node.parent) is not None:
            node = parent
        if not isinstance(node, Game):
            raise ValueError("the root of the tree is no Game")
        return node

    root = game

    def board(self) -> Board:
        """The position, with the moves that led to it from the start of the game.

        Raises:
            InvalidFenError: the game's ``FEN`` header is no FEN.
        """
        board = self.game().start_board()
        for node in self._line():
            board.push(node.move)
        return board

    def ply(self) -> int:
        """Half-moves since the start of the game by the move number, as :meth:`Board.ply`."""
        return self.game().start_board().ply() + len(self._line())

    def turn(self) -> Color:
        """The side to move."""
        return self.game().start_board().turn == (RED if len(self._line()) % 2 == 0 else not RED)

    # The tree

    def next(self) -> ChildNode | None:
        """The main move that follows, or None at the end of the line."""
        return self.variations[0] if self.variations else None

    def end(self) -> GameNode:
        """The last node of the main line from here."""
        node: GameNode = self
        while node.variations:
            node = node.variations[0]
        return node

    def is_end(self) -> bool:
        """Whether no move follows."""
        return not self.variations

    def mainline(self) -> Iterator[ChildNode]:
        """The nodes of the main line after this one."""
        node: GameNode = self
        while node.variations:
            node = node.variations[0]
            yield node

    def mainline_moves(self) -> Iterator[Move]:
        """The moves of the main line after this node."""
        return (node.move for node in self.mainline())

    def starts_variation(self) -> bool:
        """Whether the node is the first of a side line."""
        parent = self.parent
        return parent is not None and parent.variations[0] is not self

    def is_main_variation(self) -> bool:
        """Whether the node is the main move of its parent."""
        parent = self.parent
        return parent is None or parent.variations[0] is self

    def is_mainline(self) -> bool:
        """Whether the node is on the game's main line."""
        return all(node.is_main_variation() for node in self._line())

    def variation(self, move: int | Move | GameNode) -> ChildNode:
        """The child of that number, move, or node itself.

        Raises:
            KeyError: there is none.
        """
        for number, node in enumerate(self.variations):
            if move == number or move == node.move or move is node:
                return node
        raise KeyError(f"no such variation: {move}")

    def has_variation(self, move: int | Move | GameNode) -> bool:
        """Whether :meth:`variation` would find one."""
        try:
            self.variation(move)
        except KeyError:
            return False
        return True

    def add_variation(
        self, move: Move, *, comment: str = "", starting_comment: str = "", nags: Iterable[int] = ()
    ) -> ChildNode:
        """Add a move behind the others; nothing checks that it is legal."""
        node = ChildNode(self, move, comment=comment, starting_comment=starting_comment, nags=nags)
        self.variations.append(node)
        return node

    def add_main_variation(self, move: Move, *, comment: str = "", nags: Iterable[int] = ()) -> ChildNode:
        """Add a move before the others."""
        node = ChildNode(self, move, comment=comment, nags=nags)
        self.variations.insert(0, node)
        return node

    def add_line(
        self, moves: Iterable[Move], *, comment: str = "", starting_comment: str = "", nags: Iterable[int] = ()
    ) -> GameNode:
        """Add moves one after another; returns the last node, which gets the comment and the glyphs."""
        node: GameNode = self
        for move in moves:
            node = node.add_variation(move, starting_comment=starting_comment)
            starting_comment = ""
        if comment:
            node.comment = comment
        if isinstance(node, ChildNode):
            node.nags.update(nags)
        return node

    def remove_variation(self, move: int | Move | GameNode) -> None:
        """Take a child away.

        Raises:
            KeyError: there is no such child.
        """
        self.variations.remove(self.variation(move))

    def promote(self, move: int | Move | GameNode) -> None:
        """Move a child up by one place."""
        at = self.variations.index(self.variation(move))
        if at > 0:
            self.variations[at - 1 : at + 1] = self.variations[at], self.variations[at - 1]

    def demote(self, move: int | Move | GameNode) -> None:
        """Move a child down by one place."""
        at = self.variations.index(self.variation(move))
        if at + 1 < len(self.variations):
            self.variations[at : at + 2] = self.variations[at + 1], self.variations[at]

    def promote_to_main(self, move: int | Move | GameNode) -> None:
        """Make a child the main move."""
        node = self.variation(move)
        self.variations.remove(node)
        self.variations.insert(0, node)

    # Data in the comment (:mod:`xiangqi_gpt.records.annotations`)

    def eval(self) -> int | None:
        """The evaluation of this position, after the move, as in python-chess; here in centipawns for Red.

        A mate in n is ``±(30000 - n)`` (:data:`xiangqi_gpt.records.annotations.MATE_EVAL`). It stands in
        this comment, or in the label in the comment of a move that follows.
        """
        value = read_data(self.comment).after
        if value is not None:
            return value
        labels = (read_data(node.comment).before for node in self.variations)
        return next((value for value in labels if value is not None), None)

    def set_eval(self, value: int | None) -> None:
        """Write (or with None take away) the ``[%eval]`` of this position, after the move.

        Raises:
            ValueError: the comment has a label, so that its ``[%eval]`` is of the position before the
                move; see :meth:`set_label`.
        """
        data = read_data(self.comment)
        if data.best is not None or data.candidates:
            raise ValueError("the comment has a label of the position before the move: use set_label")
        self.comment = with_eval(self.comment, value)

    def label(self) -> Label:
        """What an engine says of the position before the move: its evaluation, best move and candidates.

        All may be unknown. The evaluation may also stand as lichess writes it, in the comment before.
        """
        data = read_data(self.comment)
        value = data.before
        if value is None and self.parent is not None:
            value = read_data(self.parent.comment).after
        candidates = ((_read_move(text), weight) for text, weight in data.candidates)
        known = tuple((move, weight) for move, weight in candidates if move is not None)
        return Label(value, _read_move(data.best), known)

    def set_label(self, eval: int | None, best: Move | None, candidates: Iterable[tuple[Move, int]] = ()) -> None:  # noqa: A002
        """Write ``[%eval]``, ``[%best]`` and ``[%multipv]`` of the position before the move, in place of any there.

        Raises:
            ValueError: an evaluation without best move or candidates would read as that of the position
                after the move.
        """
        texts = [(move.uci(), value) for move, value in candidates]
        if eval is not None and best is None and not texts:
            raise ValueError("a label needs a best move or candidates")
        comment = with_best(with_candidates(self.comment, texts), best.uci() if best else None)
        self.comment = with_eval(comment, eval)

    def best(self) -> Move | None:
        """What an engine would have played instead of the move: the ``[%best]`` of :meth:`label`."""
        return _read_move(read_data(self.comment).best)

    def set_best(self, move: Move | None) -> None:
        """Write (or with None take away) the ``[%best]``.

        Raises:
            ValueError: the comment has an ``[%eval]`` that would change its meaning; see :meth:`set_label`.
        """
        data = read_data(self.comment)
        if data.after is not None or (move is None and data.before is not None and not data.candidates):
            raise ValueError("the comment has an evaluation that would be of another position: use set_label")
        self.comment = with_best(self.comment, move.uci() if move else None)

    def clock(self) -> float | None:
        """The ``[%clk]`` of the comment: the mover's time left after the move, in seconds."""
        return find_time(self.comment, "clk")

    def set_clock(self, seconds: float | None) -> None:
        """Write (or with None take away) the ``[%clk]``."""
        self.comment = with_time(self.comment, "clk", seconds)

    def emt(self) -> float | None:
        """The ``[%emt]`` of the comment: the time used for the move, in seconds."""
        return find_time(self.comment, "emt")

    def set_emt(self, seconds: float | None) -> None:
        """Write (or with None take away) the ``[%emt]``."""
        self.comment = with_time(self.comment, "emt", seconds)


class ChildNode(GameNode):
    """A position after a move.

    Attributes:
        starting_comment: what is said before the first move of a side line.
    """

    __slots__ = ("_move", "_nags", "_parent", "starting_comment")

    def __init__(
        self,
        parent: GameNode,
        move: Move,
        *,
        comment: str = "",
        starting_comment: str = "",
        nags: Iterable[int] = (),
    ) -> None:
        self.variations = []  # not by super(): files have millions of nodes
        self.comment = comment
        self._parent = parent
        self._move = move
        self._nags: set[int] | None = set(nags) if nags else None  # most have none
        self.starting_comment = starting_comment

    @property
    def nags(self) -> set[int]:
        """Numeric annotation glyphs of the move, such as 1 for ``!``."""
        if self._nags is None:
            self._nags = set()
        return self._nags

    @nags.setter
    def nags(self, nags: Iterable[int]) -> None:
        self._nags = set(nags)

    @property
    def parent(self) -> GameNode:
        """The position before the move."""
        return self._parent

    @property
    def move(self) -> Move:
        """The move that led here."""
        return self._move

    def __repr__(self) -> str:
        return f"<ChildNode {self.move}>"


class Game(GameNode):
    """The root of a game.

    Attributes:
        headers: the tag pairs in their order; ``FEN`` is the start position where it is not the usual.
        errors: what was wrong with the game in the file it was read from.
    """

    __slots__ = ("errors", "headers")

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        """An empty game, with the usual tags unknown when no headers are given."""
        super().__init__()
        self.headers = dict(_ROSTER) if headers is None else headers
        self.errors: list[GameError] = []

    @classmethod
    def without_tag_roster(cls) -> Game:
        """An empty game without headers."""
        return cls({})

    @classmethod
    def from_board(cls, board: Board) -> Game:
        """The game that led to a board: its start position, moves, and result if it is over."""
        game = cls()
        game.setup(board.root())
        game.add_line(board.move_stack)
        game.headers["Result"] = board.result()
        return game

    def setup(self, board: Board | str) -> None:
        """Let the game start from a board or FEN."""
        fen = board if isinstance(board, str) else board.fen()
        if fen == STARTING_FEN:
            self.headers.pop("FEN", None)
        else:
            self.headers["FEN"] = fen

    def start_board(self) -> Board:
        """The position that the game starts from.

        Raises:
            InvalidFenError: the ``FEN`` header is no FEN.
        """
        return Board(self.headers.get("FEN") or STARTING_FEN)

    @property
    def result(self) -> str:
        """``1-0`` (Red won), ``0-1``, ``1/2-1/2``, or ``*`` for unknown."""
        return read_result(self.headers.get("Result", "")) or "*"

    def __repr__(self) -> str:
        red, black = (self.headers.get(side, "?") for side in ("Red", "Black"))
        return f"<Game {red} - {black} {self.result}>"

    def __str__(self) -> str:
        """The game as PGN."""
        from xiangqi_gpt.records.pgn_writer import pgn_text

        return pgn_text(self)
