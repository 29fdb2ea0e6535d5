"""``Board`` and ``Move``: the rules and notations with python-chess's names.

>>> from xiangqi_gpt import Board, Move
>>> board = Board()
>>> board.legal_moves.count()
44
>>> board.push_uci("h2e2")
Move.from_uci('h2e2')
>>> board.turn == RED
False
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from xiangqi_gpt.messages import Language
from xiangqi_gpt.notation.chinese import chinese_text, parse_chinese
from xiangqi_gpt.notation.coordinates import iccs_text, parse_iccs, parse_uci, uci_text
from xiangqi_gpt.notation.errors import IllegalMoveError
from xiangqi_gpt.notation.text import parse_text
from xiangqi_gpt.notation.wxf import parse_wxf, wxf_text
from xiangqi_gpt.rules.fen import STARTING_FEN, format_fen, format_placement, parse_fen
from xiangqi_gpt.rules.movegen import (
    MAX_MOVES,
    attackers,
    generate_legal,
    generate_pseudo_legal,
    has_legal_move,
    in_check,
    is_legal,
    is_pseudo_legal,
)
from xiangqi_gpt.rules.outcome import AXF, Outcome, RuleSet, Termination
from xiangqi_gpt.rules.pieces import (
    COLORS,
    PIECE_HANZI,
    PIECE_HANZI_TRADITIONAL,
    RED,
    Color,
    Piece,
    PieceType,
    piece_code,
)
from xiangqi_gpt.rules.position import (
    FULLMOVE,
    GENERAL_AT,
    HALFMOVE,
    TURN,
    State,
    encode_move,
    make_move,
    new_state,
    unmake_move,
)
from xiangqi_gpt.rules.repetition import judge_repetition
from xiangqi_gpt.rules.squares import N_FILES, N_RANKS, N_SQUARES, Square, flip_square, rotate_square
from xiangqi_gpt.rules.status import Status, position_faults, position_status
from xiangqi_gpt.rules.terminal import (
    BARE,
    CHECKMATE,
    GOES_ON,
    is_bare,
    natural_limit_reached,
    position_end,
)
from xiangqi_gpt.rules.zobrist import zobrist_key

__all__ = ["Board", "LegalMoves", "Move"]


@dataclass(frozen=True, slots=True, repr=False)
class Move:
    """A move from one square to another.

    Raises:
        ValueError: a square is not one of 0..89.
    """

    from_square: Square
    to_square: Square

    def __post_init__(self) -> None:
        if not (0 <= self.from_square < N_SQUARES and 0 <= self.to_square < N_SQUARES):
            raise ValueError(f"no move goes from square {self.from_square} to {self.to_square}: squares are 0 to 89")

    @classmethod
    def from_uci(cls, uci: str, *, first_rank: int = 0) -> Move:
        """The move of a UCI text such as ``h2e2``; ``first_rank=1`` reads ranks 1-10.

        Raises:
            InvalidMoveError: the text is not two different squares.
        """
        return cls.from_code(parse_uci(uci, first_rank))

    @classmethod
    def from_iccs(cls, iccs: str) -> Move:
        """The move of an ICCS text such as ``H2-E2`` or ``h2e2``.

        Raises:
            InvalidMoveError: the text is not two different squares.
        """
        return cls.from_code(parse_iccs(iccs))

    @staticmethod
    def from_code(code: int) -> Move:
        """The move of a kernel code, ``from << 7 | to``.

        Raises:
            ValueError: a square is not one of 0..89.
        """
        return _move_of_code(code)

    @property
    def code(self) -> int:
        """The move as the kernels take it, ``from << 7 | to``."""
        return encode_move(self.from_square, self.to_square)

    def uci(self, *, first_rank: int = 0) -> str:
        """The UCI text, such as ``h2e2``; ``first_rank=1`` writes ranks 1-10."""
        return uci_text(self.code, first_rank)

    def iccs(self) -> str:
        """The ICCS text, such as ``H2-E2``."""
        return iccs_text(self.code)

    def flip_horizontal(self) -> Move:
        """The move on the board mirrored left to right."""
        return Move(flip_square(self.from_square), flip_square(self.to_square))

    def __str__(self) -> str:
        return self.uci()

    def __repr__(self) -> str:
        return f"Move.from_uci({self.uci()!r})"


@cache
def _move_of_code(code: int) -> Move:
    return Move(code >> 7, code & 127)


def _on_board(sq: Square) -> Square:
    """The square itself. The state row goes on behind the squares, so numpy would answer for others too."""
    if not 0 <= sq < N_SQUARES:
        raise IndexError(f"{sq} is not a square: squares are 0 to 89")
    return sq


class LegalMoves:
    """The legal moves of a board, generated when they are asked for."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def _codes(self) -> list[int]:
        moves = np.empty(MAX_MOVES, np.int32)
        count = generate_legal(self._board.state, moves, np.empty(N_SQUARES, np.uint8))
        codes: list[int] = moves[:count].tolist()
        return codes

    def __iter__(self) -> Iterator[Move]:
        return map(_move_of_code, self._codes())

    def __contains__(self, move: object) -> bool:
        return isinstance(move, Move) and self._board.is_legal(move)

    def __bool__(self) -> bool:
        return bool(has_legal_move(self._board.state))

    def count(self) -> int:
        """How many there are."""
        return len(self._codes())

    def __len__(self) -> int:
        return self.count()

    def __repr__(self) -> str:
        return f"<LegalMoves ({', '.join(move.uci() for move in self)})>"


class _Ply(NamedTuple):
    """What the board remembers of a move it has played."""

    move: Move
    undo: int
    key: int  # Zobrist key of the position before the move


class Board:
    """A position with the moves that led to it.

    ``state`` is the row of :mod:`xiangqi_gpt.rules.position` that the kernels work on; read it, but
    change it only through the methods here.
    """

    def __init__(self, fen: str = STARTING_FEN) -> None:
        """Set up the position of a FEN, the usual start when left out.

        Raises:
            InvalidFenError: the text is no FEN, or a side does not have exactly one general. Other
                faults of a position are told by :meth:`status`.
        """
        self.set_fen(fen)

    # Setting up

    def set_fen(self, fen: str) -> None:
        """Set up the position of a FEN and forget the moves played.

        Raises:
            InvalidFenError: as in :class:`Board`.
        """
        self._set_state(parse_fen(fen))

    def _set_state(self, state: State) -> None:
        self.state = state
        self._root = state.copy()
        self._plies: list[_Ply] = []

    @classmethod
    def from_state(cls, state: State) -> Board:
        """A board on a copy of a state row."""
        board = cls.__new__(cls)
        board._set_state(state.copy())
        return board

    def fen(self) -> str:
        """The FEN of the position, all six fields."""
        return format_fen(self.state)

    def board_fen(self) -> str:
        """The first field of the FEN, the placement of the pieces."""
        return format_placement(self.state)

    def root(self) -> Board:
        """The position before the first move of ``move_stack``."""
        return Board.from_state(self._root)

    def copy(self, *, stack: bool = True) -> Board:
        """A board that can be changed apart; ``stack=False`` leaves the moves played behind."""
        board = Board.__new__(Board)
        board.state = self.state.copy()
        board._root = self._root if stack else board.state.copy()
        board._plies = self._plies.copy() if stack else []
        return board

    def set_piece_at(self, sq: Square, piece: Piece | None) -> None:
        """Put a piece on a square, or with None take away what stands there; forgets the moves played.

        Raises:
            IndexError: the square is not one of 0..89.
            InvalidFenError: a side would not have exactly one general.
        """
        board = Board.from_state(self.state)
        board.state[_on_board(sq)] = piece.code if piece else 0
        self.set_fen(board.fen())

    def mirror(self) -> Board:
        """The position with colours and sides of the board swapped, as in python-chess; no moves."""
        pieces = self.state[:N_SQUARES].reshape(N_RANKS, N_FILES)[::-1].reshape(-1)
        return self._transformed(np.where(pieces, pieces ^ 8, 0), not self.turn)

    def flip_horizontal(self) -> Board:
        """The position mirrored left to right (files a and i change places), no moves."""
        pieces = self.state[:N_SQUARES].reshape(N_RANKS, N_FILES)[:, ::-1].reshape(-1)
        return self._transformed(pieces, self.turn)

    def _transformed(self, pieces: State, turn: Color) -> Board:
        state = new_state(pieces.astype(np.int16), turn, self.halfmove_clock, self.fullmove_number)
        return Board.from_state(state)

    # The position

    @property
    def turn(self) -> Color:
        """The side to move, RED (True) or BLACK (False)."""
        return bool(self.state[TURN])

    @property
    def halfmove_clock(self) -> int:
        """Plies since the last capture."""
        return int(self.state[HALFMOVE])

    @property
    def fullmove_number(self) -> int:
        """The number of the move, up by one after each move of Black."""
        return int(self.state[FULLMOVE])

    def ply(self) -> int:
        """Plies since the start of the game by the FEN's move number, 0 at the usual start."""
        return 2 * (self.fullmove_number - 1) + (self.turn != RED)

    def piece_at(self, sq: Square) -> Piece | None:
        """The piece on a square, or None.

        Raises:
            IndexError: the square is not one of 0..89.
        """
        code = int(self.state[_on_board(sq)])
        return Piece.from_code(code) if code else None

    def piece_map(self) -> dict[Square, Piece]:
        """The pieces by square."""
        return {sq: Piece.from_code(code) for sq, code in enumerate(self.state[:N_SQUARES].tolist()) if code}

    def pieces(self, piece: PieceType, color: Color) -> set[Square]:
        """The squares of one kind of piece of one side."""
        found = np.flatnonzero(self.state[:N_SQUARES] == piece_code(piece, color))
        return set(found.tolist())

    def general(self, color: Color) -> Square:
        """The square of a side's general."""
        return int(self.state[GENERAL_AT + color])

    def attackers(self, color: Color, sq: Square) -> set[Square]:
        """The squares of the pieces of ``color`` that could take an enemy piece on ``sq``.

        Their own general's safety does not matter; generals attack each other along an open file.

        Raises:
            IndexError: the square is not one of 0..89.
        """
        found = np.empty(N_SQUARES, np.int16)
        return set(found[: attackers(self.state, _on_board(sq), int(color), found)].tolist())

    def is_check(self) -> bool:
        """Whether the side to move is in check (or faces the other general)."""
        return bool(in_check(self.state))

    def checkers(self) -> set[Square]:
        """The squares of the pieces that give check."""
        return self.attackers(not self.turn, self.general(self.turn))

    def status(self) -> Status:
        """What is wrong with the position, as flags; ``Status.VALID`` when nothing is."""
        return position_status(self.state)

    def is_valid(self) -> bool:
        """Whether :meth:`status` finds no fault."""
        return self.status() == Status.VALID

    def faults(self, lang: Language | None = None) -> list[str]:
        """What is wrong with the position in words, each fault with its square."""
        return [phrase for _, phrase in position_faults(self.state, lang)]

    def zobrist_hash(self) -> int:
        """The 64-bit Zobrist key of pieces and side to move."""
        return int(zobrist_key(self.state))

    # Moves

    @property
    def move_stack(self) -> list[Move]:
        """The moves played since the position was set up."""
        return [ply.move for ply in self._plies]

    @property
    def legal_moves(self) -> LegalMoves:
        """The legal moves: iterate, ``in``, ``count()``."""
        return LegalMoves(self)

    @property
    def pseudo_legal_moves(self) -> list[Move]:
        """The moves that would be legal if one's general could be taken."""
        moves = np.empty(MAX_MOVES, np.int32)
        return [_move_of_code(code) for code in moves[: generate_pseudo_legal(self.state, moves)].tolist()]

    def is_legal(self, move: Move) -> bool:
        """Whether the side to move may play it."""
        return bool(is_legal(self.state, move.code))

    def is_pseudo_legal(self, move: Move) -> bool:
        """Whether the side to move could play it if its general did not matter."""
        return bool(is_pseudo_legal(self.state, move.code))

    def is_capture(self, move: Move) -> bool:
        """Whether the target square is occupied."""
        return bool(self.state[move.to_square])

    def gives_check(self, move: Move) -> bool:
        """Whether a move gives check; one that is not pseudo-legal gives none."""
        if not self.is_pseudo_legal(move):
            return False
        undo = make_move(self.state, move.code)
        check = bool(in_check(self.state))
        unmake_move(self.state, move.code, undo)
        return check

    def push(self, move: Move) -> None:
        """Play a move that the caller knows to be pseudo-legal; nothing is checked, as in python-chess."""
        key = int(zobrist_key(self.state))
        self._plies.append(_Ply(move, int(make_move(self.state, move.code)), key))

    def pop(self) -> Move:
        """Take back the last move and return it.

        Raises:
            IndexError: no move has been played.
        """
        ply = self._plies.pop()
        unmake_move(self.state, ply.move.code, ply.undo)
        return ply.move

    def peek(self) -> Move:
        """The last move.

        Raises:
            IndexError: no move has been played.
        """
        return self._plies[-1].move

    def _checked(self, move: Move, text: str) -> Move:
        if not self.is_legal(move):
            raise IllegalMoveError("rules.move_illegal", text=text, fen=self.fen())
        return move

    def parse_uci(self, uci: str, *, first_rank: int = 0) -> Move:
        """The legal move of a UCI text such as ``h2e2``.

        Raises:
            InvalidMoveError: the text is no move.
            IllegalMoveError: the move is not legal here.
        """
        return self._checked(Move.from_uci(uci, first_rank=first_rank), uci)

    def push_uci(self, uci: str, *, first_rank: int = 0) -> Move:
        """Play the move of a UCI text and return it.

        Raises:
            InvalidMoveError, IllegalMoveError: as in :meth:`parse_uci`.
        """
        move = self.parse_uci(uci, first_rank=first_rank)
        self.push(move)
        return move

    def parse_iccs(self, iccs: str) -> Move:
        """The legal move of an ICCS text such as ``H2-E2`` or ``h2e2``.

        Raises:
            InvalidMoveError: the text is no move.
            IllegalMoveError: the move is not legal here.
        """
        return self._checked(Move.from_iccs(iccs), iccs)

    def push_iccs(self, iccs: str) -> Move:
        """Play the move of an ICCS text and return it.

        Raises:
            InvalidMoveError, IllegalMoveError: as in :meth:`parse_iccs`.
        """
        move = self.parse_iccs(iccs)
        self.push(move)
        return move

    def parse_wxf(self, wxf: str) -> Move:
        """The legal move of a WXF text such as ``C2=5``, in any of the forms of :mod:`.notation.wxf`.

        Raises:
            InvalidMoveError: the text is no move.
            IllegalMoveError: the move is not legal here.
            AmbiguousMoveError: the text could mean several legal moves; the message names them.
        """
        return _move_of_code(parse_wxf(self.state, wxf))

    def push_wxf(self, wxf: str) -> Move:
        """Play the move of a WXF text and return it.

        Raises:
            InvalidMoveError, IllegalMoveError, AmbiguousMoveError: as in :meth:`parse_wxf`.
        """
        move = self.parse_wxf(wxf)
        self.push(move)
        return move

    def parse_chinese(self, chinese: str) -> Move:
        """The legal move of a Chinese text such as ``炮二平五``, in any of the forms of :mod:`.notation.chinese`.

        Raises:
            InvalidMoveError: the text is no move.
            IllegalMoveError: the move is not legal here.
            AmbiguousMoveError: the text could mean several legal moves; the message names them.
        """
        return _move_of_code(parse_chinese(self.state, chinese))

    def push_chinese(self, chinese: str) -> Move:
        """Play the move of a Chinese text and return it.

        Raises:
            InvalidMoveError, IllegalMoveError, AmbiguousMoveError: as in :meth:`parse_chinese`.
        """
        move = self.parse_chinese(chinese)
        self.push(move)
        return move

    def parse_text(self, text: str) -> Move:
        """The legal move of a text in UCI, ICCS, WXF or Chinese notation.

        Two squares are UCI or ICCS, a text with a Chinese character is Chinese, all else is WXF.

        Raises:
            InvalidMoveError: the text is no move in any of the notations.
            IllegalMoveError: the move is not legal here.
            AmbiguousMoveError: the text could mean several legal moves; the message names them.
        """
        return _move_of_code(parse_text(self.state, text))

    def push_text(self, text: str) -> Move:
        """Play the move of a text in any notation and return it.

        Raises:
            InvalidMoveError, IllegalMoveError, AmbiguousMoveError: as in :meth:`parse_text`.
        """
        move = self.parse_text(text)
        self.push(move)
        return move

    def uci(self, move: Move, *, first_rank: int = 0) -> str:
        """The UCI text of a move."""
        return move.uci(first_rank=first_rank)

    def iccs(self, move: Move) -> str:
        """The ICCS text of a move."""
        return move.iccs()

    def wxf(self, move: Move) -> str:
        """The WXF text of a move, as the world rules of 2018 write it.

        Raises:
            IllegalMoveError: the side to move cannot move so.
        """
        return wxf_text(self.state, move.code)

    def chinese(self, move: Move, *, traditional: bool = False, full_width: bool = True) -> str:
        """The Chinese text of a move.

        Args:
            move: a move of the side to move.
            traditional: write 車馬將帥進後 for 车马将帅进后.
            full_width: whether Black's digits are as wide as the characters (马８进７) or ASCII (马8进7).

        Raises:
            IllegalMoveError: the side to move cannot move so.
        """
        return chinese_text(self.state, move.code, traditional=traditional, full_width=full_width)

    def variation_uci(self, moves: Iterable[Move], *, first_rank: int = 0) -> str:
        """A line of moves from here with move numbers: ``1. h2e2 h9g7 2. h0g2``.

        Raises:
            IllegalMoveError: a move of the line is not legal.
        """
        return self._variation(moves, lambda board, move: board.uci(move, first_rank=first_rank))

    def variation_iccs(self, moves: Iterable[Move]) -> str:
        """A line of moves from here with move numbers: ``1. H2-E2 H9-G7 2. H0-G2``.

        Raises:
            IllegalMoveError: a move of the line is not legal.
        """
        return self._variation(moves, Board.iccs)

    def variation_wxf(self, moves: Iterable[Move]) -> str:
        """A line of moves from here with move numbers: ``1. C2=5 H8+7 2. H2+3``.

        Raises:
            IllegalMoveError: a move of the line is not legal.
        """
        return self._variation(moves, Board.wxf)

    def variation_chinese(self, moves: Iterable[Move], *, traditional: bool = False, full_width: bool = True) -> str:
        """A line of moves from here with move numbers: ``1. 炮二平五 马８进７ 2. 马二进三``.

        Raises:
            IllegalMoveError: a move of the line is not legal.
        """
        return self._variation(
            moves, lambda board, move: board.chinese(move, traditional=traditional, full_width=full_width)
        )

    def _variation(self, moves: Iterable[Move], write: Callable[[Board, Move], str]) -> str:
        board = self.copy(stack=False)
        words: list[str] = []
        for move in moves:
            text = write(board, board._checked(move, move.uci()))
            if board.turn == RED:
                words.append(f"{board.fullmove_number}. {text}")
            else:
                words.append(text if words else f"{board.fullmove_number}...{text}")
            board.push(move)
        return " ".join(words)

    # The end of the game

    def is_checkmate(self) -> bool:
        """Whether the side to move is in check and has no legal move."""
        return self.is_check() and not has_legal_move(self.state)

    def is_stalemate(self) -> bool:
        """Whether the side to move is not in check and has no legal move (it loses)."""
        return not self.is_check() and not has_legal_move(self.state)

    def has_insufficient_material(self, color: Color) -> bool:
        """Whether a side has no rook, horse, cannon or pawn left to win with."""
        return bool(is_bare(self.state, int(color)))

    def is_insufficient_material(self) -> bool:
        """Whether neither side can win."""
        return all(self.has_insufficient_material(color) for color in COLORS)

    def _occurrences(self) -> list[int]:
        """The plies (indices into ``move_stack``) before which the present position stood, latest first."""
        quiet = self.halfmove_clock
        if quiet < 4:  # no position comes back sooner
            return []
        plies, key = self._plies, int(zobrist_key(self.state))
        first = max(0, len(plies) - quiet)
        return [ply for ply in range(len(plies) - 4, first - 1, -2) if plies[ply].key == key]

    def is_repetition(self, count: int = 3) -> bool:
        """Whether the position has now occurred ``count`` times since it was set up."""
        return len(self._occurrences()) + 1 >= count

    def _line_since(self, ply: int) -> tuple[State, list[int]]:
        """The position before a ply of ``move_stack``, and the kernel moves from there on."""
        state = self.state.copy()
        for played in reversed(self._plies[ply:]):
            unmake_move(state, played.move.code, played.undo)
        return state, [played.move.code for played in self._plies[ply:]]

    def outcome(self, rules: RuleSet = AXF) -> Outcome | None:
        """How the game has ended under a rule set, or None while it goes on.

        Repetitions and the natural-move limit are told from the moves played on this board; nothing has
        to be claimed.
        """
        end = position_end(self.state)
        if end != GOES_ON:
            if end == BARE:
                return Outcome(Termination.INSUFFICIENT_MATERIAL, None, "rules.insufficient")
            if end == CHECKMATE:
                return Outcome(Termination.CHECKMATE, not self.turn, "rules.checkmate")
            return Outcome(Termination.STALEMATE, not self.turn, "rules.stalemate")
        earlier = self._occurrences()
        if len(earlier) + 1 >= rules.repetitions:
            start, moves = self._line_since(earlier[rules.repetitions - 2])
            first_ply = self.ply() - len(moves) + 1
            return judge_repetition(start, moves, rules, first_ply=first_ply, count=len(earlier) + 1)
        quiet = self.halfmove_clock
        if quiet >= 2 * rules.natural_move_limit:
            start, moves = self._line_since(max(0, len(self._plies) - quiet))
            if natural_limit_reached(start, moves, rules):
                fields = (("moves", rules.natural_move_limit),)
                return Outcome(Termination.NATURAL_MOVE_LIMIT, None, "rules.natural_move_limit", fields)
        return None

    def is_game_over(self, rules: RuleSet = AXF) -> bool:
        """Whether :meth:`outcome` has an answer."""
        return self.outcome(rules) is not None

    def result(self, rules: RuleSet = AXF) -> str:
        """``1-0``, ``0-1``, ``1/2-1/2``, or ``*`` while the game goes on."""
        outcome = self.outcome(rules)
        return outcome.result() if outcome else "*"

    # Faces

    def __eq__(self, other: object) -> bool:
        """Equal pieces, side to move and counters; the moves played do not matter, as in python-chess."""
        return isinstance(other, Board) and self.fen() == other.fen()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Board({self.fen()!r})"

    def __str__(self) -> str:
        """The board in FEN letters, Black's side on top."""
        symbols = [piece.symbol() if (piece := self.piece_at(sq)) else "." for sq in range(N_SQUARES)]
        ranks = range(N_RANKS - 1, -1, -1)
        return "\n".join(" ".join(symbols[N_FILES * rank : N_FILES * rank + N_FILES]) for rank in ranks)

    def unicode(self, *, traditional: bool = False, red_at_bottom: bool = True) -> str:
        """The board in Chinese characters of full width, with file numbers and the river."""
        hanzi = PIECE_HANZI_TRADITIONAL if traditional else PIECE_HANZI
        order = range(N_SQUARES) if red_at_bottom else [rotate_square(sq) for sq in range(N_SQUARES)]
        cells = [hanzi[int(self.state[sq])] if self.state[sq] else "．" for sq in order]
        lines = ["".join(cells[N_FILES * rank : N_FILES * rank + N_FILES]) for rank in range(N_RANKS)][::-1]
        top, bottom = "１２３４５６７８９", "九八七六五四三二一"
        if not red_at_bottom:
            top, bottom = bottom[::-1], top[::-1]
        return "\n".join([top, *lines[:5], "　楚河　　　汉界　", *lines[5:], bottom])

    def _repr_svg_(self) -> str:
        """The picture that a notebook shows: :func:`xiangqi_gpt.svg.board` with the last move and a check marked."""
        from xiangqi_gpt import svg

        lastmove = self.peek() if self._plies else None
        return svg.board(self, lastmove=lastmove, check=self.general(self.turn) if self.is_check() else None)
