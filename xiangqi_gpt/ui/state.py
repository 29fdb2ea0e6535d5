"""The game on the table: plain values, and functions from one to the next.

A :class:`Table` is never changed; its board is not played on, only copied. The rules are those of
:class:`~xiangqi_gpt.board.Board`; nothing here draws, waits or knows the time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.messages import Language, XiangqiError, say
from xiangqi_gpt.notation.errors import IllegalMoveError
from xiangqi_gpt.rules.outcome import Outcome
from xiangqi_gpt.rules.pieces import Color
from xiangqi_gpt.rules.squares import Square
from xiangqi_gpt.rules.status import require_playable

__all__ = [
    "MoveText",
    "Notice",
    "Table",
    "answer",
    "can_undo",
    "drop_selection",
    "new_table",
    "play",
    "press",
    "release",
    "resign",
    "result_text",
    "set_up",
    "undo",
    "with_notice",
]


class MoveText(NamedTuple):
    """A move as the list shows it: in Chinese, simplified or traditional, and in WXF."""

    simplified: str
    traditional: str
    wxf: str

    @classmethod
    def of(cls, board: Board, move: Move) -> MoveText:
        """The texts of a legal move."""
        return cls(board.chinese(move), board.chinese(move, traditional=True), board.wxf(move))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the person: a message with what it names, or the message of an error."""

    code: str
    error: XiangqiError | None = None
    file: str = ""

    @classmethod
    def of(cls, error: XiangqiError) -> Notice:
        """The message of an error."""
        return cls(error.code, error)

    def text(self, lang: Language) -> str:
        """The message in a language."""
        return say(self.code, lang=lang, file=self.file) if self.error is None else self.error.text(lang)


@dataclass(frozen=True, slots=True)
class Table:
    """A game between a person and an opponent.

    Attributes:
        board: the position with the moves that led to it.
        person: the person's colour.
        texts: the moves played, as the list shows them.
        outcome: how the rules ended the game, or None.
        resigned: the side that gave up, or None.
        selected: the square of the piece that the person has picked, or None.
        targets: where the selected piece may go.
        held: whether the selected piece hangs on the pointer.
        picked_now: whether the press that is going on selected the piece.
        notice: what to tell the person, or None.
    """

    board: Board
    person: Color
    texts: tuple[MoveText, ...] = ()
    outcome: Outcome | None = None
    resigned: Color | None = None
    selected: Square | None = None
    targets: frozenset[Square] = frozenset()
    held: bool = False
    picked_now: bool = False
    notice: Notice | None = None

    @property
    def is_over(self) -> bool:
        """Whether the game has ended, by the rules or because a side gave up."""
        return self.outcome is not None or self.resigned is not None

    @property
    def is_persons_turn(self) -> bool:
        """Whether the person is to move."""
        return not self.is_over and self.board.turn == self.person

    @property
    def is_opponents_turn(self) -> bool:
        """Whether the opponent is to move."""
        return not self.is_over and self.board.turn != self.person

    @property
    def winner(self) -> Color | None:
        """The winner of a game that is over; None: a draw."""
        if self.resigned is not None:
            return not self.resigned
        return self.outcome.winner if self.outcome else None


def new_table(board: Board, person: Color) -> Table:
    """A game that begins from the present position of a board."""
    return Table(board.copy(stack=False), person, outcome=board.copy(stack=False).outcome())


def set_up(fen: str, person: Color) -> Table:
    """A game from a FEN.

    Raises:
        InvalidFenError: the text is no FEN.
        UnplayablePositionError: the position has faults.
    """
    board = Board(fen)
    require_playable(board.state)
    return new_table(board, person)


def with_notice(table: Table, notice: Notice | None) -> Table:
    """The table with another thing to tell."""
    return replace(table, notice=notice)


def drop_selection(table: Table) -> Table:
    """The table with no piece picked."""
    return replace(table, selected=None, targets=frozenset(), held=False, picked_now=False)


def press(table: Table, sq: Square | None) -> Table:
    """The person presses on a square, or beside the board: picks a piece, or plays the picked one there."""
    if not table.is_persons_turn or sq is None:
        return drop_selection(table)
    if sq in table.targets and table.selected is not None:
        return play(table, Move(table.selected, sq))
    piece = table.board.piece_at(sq)
    if piece is not None and piece.color == table.person:
        return replace(
            table,
            selected=sq,
            targets=frozenset(move.to_square for move in table.board.legal_moves if move.from_square == sq),
            held=True,
            picked_now=sq != table.selected,
            notice=None,
        )
    return _refuse(table, sq)


def release(table: Table, sq: Square | None) -> Table:
    """The person lets go over a square, or beside the board: a drag ends, or a second click unpicks."""
    if not table.held or table.selected is None:
        return table
    if sq in table.targets and sq is not None:
        return play(table, Move(table.selected, sq))
    if sq == table.selected:
        return replace(table, held=False, picked_now=False) if table.picked_now else drop_selection(table)
    # Dropped where it cannot go: it returns, and stays picked.
    stays = replace(table, held=False, picked_now=False)
    notice = _refuse(table, sq).notice if sq is not None else None
    return replace(stays, notice=notice)


def _refuse(table: Table, sq: Square) -> Table:
    """Nothing is played; where only the general's safety forbids the move, say so."""
    code = None
    if table.selected is not None and table.board.is_pseudo_legal(move := Move(table.selected, sq)):
        after = table.board.copy(stack=False)
        after.push(move)
        attackers = after.attackers(not table.person, after.general(table.person))
        code = "ui.leaves_facing" if attackers == {after.general(not table.person)} else "ui.leaves_check"
    return replace(drop_selection(table), notice=Notice(code) if code else None)


def play(table: Table, move: Move) -> Table:
    """The side to move plays.

    Raises:
        IllegalMoveError: the move is not legal.
    """
    if table.is_over or not table.board.is_legal(move):
        raise IllegalMoveError("rules.move_illegal", text=move.uci(), fen=table.board.fen())
    text = MoveText.of(table.board, move)
    board = table.board.copy()
    board.push(move)
    moved = replace(drop_selection(table), board=board, texts=(*table.texts, text), outcome=board.outcome())
    return replace(moved, notice=None)


def answer(table: Table, move: Move | None) -> Table:
    """The opponent plays, or with None gives up.

    Raises:
        IllegalMoveError: the move is not legal.
    """
    return resign(table, table.board.turn) if move is None else play(table, move)


def resign(table: Table, color: Color) -> Table:
    """A side gives up; nothing happens when the game is over."""
    return table if table.is_over else replace(drop_selection(table), resigned=color, notice=None)


def _plies_back(table: Table) -> int:
    """How many plies lead back to the person's last turn, 0 when there is none."""
    back = 1 if table.board.turn != table.person else 2
    return back if back <= len(table.texts) else 0


def can_undo(table: Table) -> bool:
    """Whether :func:`undo` changes anything."""
    return table.resigned is not None or _plies_back(table) > 0


def undo(table: Table) -> Table:
    """Take back to the person's last turn; a resignation is taken back by itself."""
    if table.resigned is not None:
        return replace(table, resigned=None, notice=None)
    back = _plies_back(table)
    if not back:
        return table
    board = table.board.copy()
    for _ in range(back):
        board.pop()
    return replace(drop_selection(table), board=board, texts=table.texts[:-back], outcome=None, notice=None)


def result_text(table: Table, lang: Language) -> str:
    """The sentence that tells how a game ended; empty while it goes on."""
    if table.resigned is not None:
        winner, loser = ("Red", "Black") if table.winner else ("Black", "Red")
        return say(
            "ui.resigned", lang=lang, winner=say(f"rules.{winner}", lang=lang), loser=say(f"rules.{loser}", lang=lang)
        )
    return table.outcome.text(lang) if table.outcome else ""
