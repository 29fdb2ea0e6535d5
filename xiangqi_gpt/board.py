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

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from xiangqi_gpt.messages import Language
from xiangqi_gpt.notation.coordinates import iccs_text, parse_iccs, parse_uci, uci_text
from xiangqi_gpt.notation.errors import IllegalMoveError
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
from xiangqi_gpt.rules.outcome import SIMPLE, Outcome, RuleSet, Termination
from xiangqi_gpt.rules.pieces import (
    CANNON,
    COLORS,
    HORSE,
    PAWN,
    PIECE_HANZI,
    PIECE_HANZI_TRADITIONAL,
    RED,
    ROOK,
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
from xiangqi_gpt.rules.repetition import judge_checks
from xiangqi_gpt.rules.squares import N_FILES, N_RANKS, N_SQUARES, Square, flip_square, rotate_square
from xiangqi_gpt.rules.status import Status, position_faults, position_status
from xiangqi_gpt.rules.zobrist import zobrist_key

__all__ = ["Board", "LegalMoves", "Move"]


@dataclass(frozen=True, slots=True, repr=False)
class Move:
    """A move from one square to another."""

    from_square: Square
    to_square: Square

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
        """The move of a kernel code, ``from << 7 | to``."""
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
            InvalidFenError: a side would not have exactly one general.
        """
        board = Board.from_state(self.state)
        board.state[sq] = piece.code if piece else 0
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
        """The piece on a square, or None."""
        code = int(self.state[sq])
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
        """
        found = np.empty(N_SQUARES, np.int16)
        return set(found[: attackers(self.state, sq, int(color), found)].tolist())

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
        """Whether a legal move gives check."""
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

    def uci(self, move: Move, *, first_rank: int = 0) -> str:
        """The UCI text of a move."""
        return move.uci(first_rank=first_rank)

    def iccs(self, move: Move) -> str:
        """The ICCS text of a move."""
        return move.iccs()

    # The end of the game

    def is_checkmate(self) -> bool:
        """Whether the side to move is in check and has no legal move."""
        return self.is_check() and not has_legal_move(self.state)

    def is_stalemate(self) -> bool:
        """Whether the side to move is not in check and has no legal move (it loses)."""
        return not self.is_check() and not has_legal_move(self.state)

    def has_insufficient_material(self, color: Color) -> bool:
        """Whether a side has no rook, horse, cannon or pawn left to win with."""
        return not any(self.pieces(piece, color) for piece in (ROOK, HORSE, CANNON, PAWN))

    def is_insufficient_material(self) -> bool:
        """Whether neither side can win."""
        return all(self.has_insufficient_material(color) for color in COLORS)

    def _occurrences(self) -> list[int]:
        """The plies (indices into ``move_stack``) before which the present position stood."""
        key, turn_back = int(zobrist_key(self.state)), self.halfmove_clock
        first = max(0, len(self._plies) - turn_back)
        return [ply for ply in range(len(self._plies) - 4, first - 1, -2) if self._plies[ply].key == key]

    def is_repetition(self, count: int = 3) -> bool:
        """Whether the position has now occurred ``count`` times since it was set up."""
        return len(self._occurrences()) + 1 >= count

    def _judge_repetition(self, rules: RuleSet) -> Outcome | None:
        earlier = self._occurrences()
        if len(earlier) + 1 < rules.repetitions:
            return None
        since = earlier[rules.repetitions - 2]
        checks = []
        replay = self.copy()
        for _ in range(len(self._plies) - since):
            checks.append(replay.is_check())
            replay.pop()
        return judge_checks(checks[::-1], self.turn, len(earlier) + 1)

    def outcome(self, rules: RuleSet = SIMPLE) -> Outcome | None:
        """How the game has ended under a rule set, or None while it goes on."""
        if not has_legal_move(self.state):
            winner = not self.turn
            if self.is_check():
                return Outcome(Termination.CHECKMATE, winner, "rules.checkmate")
            return Outcome(Termination.STALEMATE, winner, "rules.stalemate")
        if self.is_insufficient_material():
            return Outcome(Termination.INSUFFICIENT_MATERIAL, None, "rules.insufficient")
        if (repetition := self._judge_repetition(rules)) is not None:
            return repetition
        if self.halfmove_clock >= 2 * rules.natural_move_limit:
            fields = (("moves", rules.natural_move_limit),)
            return Outcome(Termination.NATURAL_MOVE_LIMIT, None, "rules.natural_move_limit", fields)
        return None

    def is_game_over(self, rules: RuleSet = SIMPLE) -> bool:
        """Whether :meth:`outcome` has an answer."""
        return self.outcome(rules) is not None

    def result(self, rules: RuleSet = SIMPLE) -> str:
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
