"""The moves of a game in columns, with comments and side lines between them."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, TypeAlias, Union

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.records.game import ChildNode, Game, GameNode
from xiangqi_gpt.records.pgn_tokens import SUFFIX_NAGS
from xiangqi_gpt.rules.pieces import RED

__all__ = ["NOTATIONS", "Notation", "WriteMove", "print_comment", "print_moves"]

Notation = Literal["iccs", "uci", "wxf", "chinese", "chinese-traditional"]
WriteMove: TypeAlias = Callable[[Board, Move], str]

NOTATIONS: dict[Notation, WriteMove] = {
    "iccs": Board.iccs,
    "uci": Board.uci,
    "wxf": Board.wxf,
    "chinese": Board.chinese,
    "chinese-traditional": lambda board, move: board.chinese(move, traditional=True),
}

_SUFFIX_OF_NAG = {nag: suffix for suffix, nag in SUFFIX_NAGS.items()}
_NUMBER_CELLS = 5
_MOVE_CELLS = 11  # 炮二平五!? and a space
_INDENT = 4


def _glyphs(node: ChildNode) -> str:
    return "".join(_SUFFIX_OF_NAG.get(nag, f" ${nag}") for nag in sorted(node.nags))


def _plain(comment: str) -> str:
    """A comment without the signs of the web pages that many were copied from."""
    return html.unescape(comment).replace("\xa0", " ")


def print_comment(console: Console, comment: str, depth: int = 1) -> None:
    """Print a comment below the move that it is for."""
    _print_indented(console, Text(_plain(comment), style="italic"), depth)


def _print_indented(console: Console, text: Text, depth: int) -> None:
    left = min(_INDENT * depth, console.width // 3)
    for line in text.wrap(console, console.width - left):
        line.rstrip()
        console.print(Text(" " * left).append_text(line))


class _Columns:
    """Pairs of moves side by side, as many as the terminal has room for."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._pairs = max(1, console.width // (_NUMBER_CELLS + 2 * _MOVE_CELLS))
        self._row = ""
        self._in_row = 0

    def add(self, board: Board, text: str) -> None:
        """Add a move of the side to move."""
        red = board.turn == RED
        if red or not self._row:
            self._row += f"{board.fullmove_number:>{_NUMBER_CELLS - 2}}. "
            self._row += "" if red else set_cell_size("…", _MOVE_CELLS)
        self._row += set_cell_size(text, max(_MOVE_CELLS, cell_len(text) + 1))
        self._in_row += not red
        if self._in_row == self._pairs:
            self.end_row()

    def end_row(self) -> None:
        """Print what there is of a row."""
        if self._row:
            self._console.print(self._row.rstrip(), soft_wrap=True)
        self._row, self._in_row = "", 0


class _Word(NamedTuple):
    """A move or comment of a side line."""

    text: str
    style: str = ""


# A word, or the words of a side line within. Side lines nest as deep as a file likes, so no recursion.
_Words: TypeAlias = Iterator[Union[_Word, "_Words"]]


def _words(board: Board, parent: GameNode, first: ChildNode, write: WriteMove) -> _Words:
    """The side line that begins with ``first`` in the position of ``board``."""
    if first.starting_comment:
        yield _Word(f"{{{_plain(first.starting_comment)}}}", "italic")
    node: ChildNode | None = first
    numbered = False  # whether a move stands right before, so that Black's needs no number
    while node is not None:
        # No space behind the number, where a line could break.
        number = f"{board.fullmove_number}." if board.turn == RED else ""
        if not (number or numbered):
            number = f"{board.fullmove_number}..."
        yield _Word(number + write(board, node.move) + _glyphs(node))
        numbered = True
        if node.comment:
            yield _Word(f"{{{_plain(node.comment)}}}", "italic")
            numbered = False
        for other in () if node is first else parent.variations[1:]:
            yield _words(board.copy(stack=False), parent, other, write)
            numbered = False
        board.push(node.move)
        parent, node = node, node.next()


def _print_side_line(console: Console, words: _Words) -> None:
    """Print a side line as a paragraph, those within it as paragraphs of their own."""
    stack = [words]
    paragraph = Text("(")
    while stack:
        word = next(stack[-1], None)
        if word is None:
            paragraph.append(" )" if paragraph else ")")
            _print_indented(console, paragraph, len(stack))
            stack.pop()
            paragraph = Text()
        elif isinstance(word, _Word):
            paragraph.append(" " if paragraph else "").append(word.text, word.style)
        else:
            if paragraph:
                _print_indented(console, paragraph, len(stack))
            stack.append(word)
            paragraph = Text("(")


def print_moves(console: Console, game: Game, write: WriteMove, *, variations: bool) -> None:
    """Print the moves of a game.

    Args:
        console: where to.
        game: its moves must be legal.
        write: gives a move's text.
        variations: print side lines too.
    """
    board = game.start_board()
    columns = _Columns(console)
    parent: GameNode = game
    for node in game.mainline():
        columns.add(board, write(board, node.move) + _glyphs(node))
        others = parent.variations[1:] if variations else []
        if node.comment or others:
            columns.end_row()
        if node.comment:
            print_comment(console, node.comment)
        for other in others:
            _print_side_line(console, _words(board.copy(stack=False), parent, other, write))
        board.push(node.move)
        parent = node
    columns.end_row()
