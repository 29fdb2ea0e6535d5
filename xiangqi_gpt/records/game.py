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

import copyreg
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, ClassVar

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.flat_tree import find_node, flatten, grow
from xiangqi_gpt.records.headers import RESULTS, read_result
from xiangqi_gpt.records.mainline import Mainline
from xiangqi_gpt.records.node_comments import CommentedNode, Label
from xiangqi_gpt.rules.fen import STARTING_FEN, InvalidFenError
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


class GameNode(CommentedNode):
    """A position in a game: the root (:class:`Game`) or the one after a move (:class:`ChildNode`).

    Attributes:
        variations: the moves that follow; the first is the main one.
        comment: what is said of the move (of the game, at the root).
    """

    __slots__ = ("variations",)

    def __init__(self, comment: str = "") -> None:
        self.variations: list[ChildNode] = []
        self.comment = comment

    # Nodes point to each other as deep as a game is long, so they are copied and pickled as the rows of a table.

    def __getstate__(self) -> Any:
        return self.comment, flatten(self)

    def __setstate__(self, state: Any) -> None:
        self.comment, rows = state
        self.variations = []
        grow(self, rows)

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

    def mainline(self) -> Mainline[ChildNode]:
        """The nodes of the main line after this one, as often as one likes; as text they are its moves."""
        return Mainline(self, lambda node: node)

    def mainline_moves(self) -> Mainline[Move]:
        """The moves of the main line after this node, likewise."""
        return Mainline(self, attrgetter("move"))

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

    __getitem__ = variation
    __contains__ = has_variation
    __iter__: ClassVar[None] = None  # else Python would count through __getitem__

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

    def __reduce__(self) -> tuple[Any, ...]:
        node: GameNode = self
        path: list[int] = []
        while isinstance(node, ChildNode) and node._parent.has_variation(node):
            path.append(node._parent.variations.index(node))
            node = node._parent
        if path:
            return find_node, (node, path[::-1])
        # One that was taken out of its game; it still knows where it was.
        own = self._parent, self._move, self.comment, self.starting_comment, self._nags
        return copyreg.__newobj__, (type(self),), (own, flatten(self))  # type: ignore[attr-defined]

    def __setstate__(self, state: Any) -> None:
        own, rows = state
        self._parent, self._move, self.comment, self.starting_comment, self._nags = own
        self.variations = []
        grow(self, rows)

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

    def __getstate__(self) -> Any:
        return getattr(self, "__dict__", {}), self.headers, self.errors, super().__getstate__()

    def __setstate__(self, state: Any) -> None:
        others, headers, errors, tree = state
        for name, value in others.items():
            setattr(self, name, value)
        self.headers, self.errors = dict(headers), list(errors)
        super().__setstate__(tree)

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

    def is_setup(self) -> bool:
        """Whether the game starts from another position than the usual; its counters do not matter."""
        if not self.headers.get("FEN"):
            return False
        try:
            start = self.start_board()
        except InvalidFenError:
            return True
        return start.turn != RED or start.board_fen() != STARTING_FEN.split()[0]

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
