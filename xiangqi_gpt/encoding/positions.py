"""Many positions at once, for learners and searchers.

:class:`PositionBatch` is a matrix of state rows (:mod:`xiangqi_gpt.rules.position`) with the questions
of :class:`~xiangqi_gpt.board.Board` asked of all rows in one kernel call. Positions have no history
here: repetition is a matter of games.

>>> from xiangqi_gpt.encoding.positions import PositionBatch
>>> batch = PositionBatch.start(2)
>>> batch.legal_masks().sum(axis=1).tolist()
[44, 44]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.features import MAX_FEATURES, encode_position
from xiangqi_gpt.encoding.vocabulary import MOVE_CODE, MOVE_ID, N_MOVES
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.fen import STARTING_FEN, format_fen, parse_fen
from xiangqi_gpt.rules.movegen import MAX_MOVES, generate_legal, in_check, is_legal
from xiangqi_gpt.rules.position import State, States, make_move
from xiangqi_gpt.rules.squares import N_SQUARES
from xiangqi_gpt.rules.terminal import position_end

__all__ = ["BatchMoveError", "PositionBatch", "Ragged"]


class BatchMoveError(XiangqiError, ValueError):
    """A move that is not legal in its position."""


class _HasState(Protocol):
    @property
    def state(self) -> State: ...


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of different lengths, one after another.

    Attributes:
        values: ``int16[N]``, all lists.
        offsets: ``int64[B + 1]``; list i is ``values[offsets[i]:offsets[i + 1]]``.
    """

    values: NDArray[np.int16]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> NDArray[np.int16]:
        if not -len(self) <= row < len(self):
            raise IndexError(f"list {row} of {len(self)}")
        row %= len(self)
        return self.values[self.offsets[row] : self.offsets[row + 1]]


@kernel
def _masks(states: States, masks: NDArray[np.bool_]) -> None:
    moves = np.empty(MAX_MOVES, np.int32)
    danger = np.empty(N_SQUARES, np.uint8)
    masks[:] = False
    for row in range(len(states)):
        for i in range(generate_legal(states[row], moves, danger)):
            masks[row, MOVE_ID[moves[i] >> 7, moves[i] & 127]] = True


@kernel
def _lists(states: States, values: NDArray[np.int16], offsets: NDArray[np.int64]) -> int:
    """Write legal moves until ``values`` is full; returns how many positions are done."""
    moves = np.empty(MAX_MOVES, np.int32)
    danger = np.empty(N_SQUARES, np.uint8)
    n = 0
    for row in range(len(states)):
        count = generate_legal(states[row], moves, danger)
        if n + count > len(values):
            return row
        for i in range(count):
            values[n + i] = MOVE_ID[moves[i] >> 7, moves[i] & 127]
        n += count
        offsets[row + 1] = n
    return len(states)


@kernel
def _features(
    states: States, tactics: bool, exchanges: bool, values: NDArray[np.int16], offsets: NDArray[np.int64]
) -> None:
    n = 0
    for row in range(len(states)):
        n += encode_position(states[row], tactics, exchanges, values[n:])
        offsets[row + 1] = n


@kernel
def _checks(states: States, checks: NDArray[np.bool_]) -> None:
    for row in range(len(states)):
        checks[row] = in_check(states[row])


@kernel
def _ends(states: States, ends: NDArray[np.int8]) -> None:
    for row in range(len(states)):
        ends[row] = position_end(states[row])


@kernel
def _push(states: States, codes: NDArray[np.int32]) -> int:
    """Play a move on each row if all are legal; else changes nothing and returns the first that is not."""
    for row in range(len(states)):
        if not is_legal(states[row], codes[row]):
            return row
    for row in range(len(states)):
        make_move(states[row], codes[row])
    return -1


class PositionBatch:
    """B positions.

    Args:
        states: ``int16[B, STATE_SIZE]``; used, not copied.
    """

    def __init__(self, states: States) -> None:
        self.states = states

    @classmethod
    def start(cls, size: int) -> PositionBatch:
        """``size`` times the usual start."""
        return cls(np.tile(parse_fen(STARTING_FEN), (size, 1)))

    @classmethod
    def from_boards(cls, boards: Iterable[_HasState]) -> PositionBatch:
        """The positions of boards; at least one."""
        return cls(np.stack([board.state for board in boards]))

    @classmethod
    def from_fens(cls, fens: Iterable[str]) -> PositionBatch:
        """The positions of FENs; at least one.

        Raises:
            InvalidFenError: one of them is no FEN.
        """
        return cls(np.stack([parse_fen(fen) for fen in fens]))

    def __len__(self) -> int:
        return len(self.states)

    def copy(self) -> PositionBatch:
        """A batch that can be changed apart."""
        return PositionBatch(self.states.copy())

    def fens(self) -> list[str]:
        """The FEN of each position."""
        return [format_fen(state) for state in self.states]

    def legal_masks(self, out: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Which moves of the vocabulary are legal, ``bool[B, 2086]``; written to ``out`` where given."""
        masks = np.empty((len(self), N_MOVES), np.bool_) if out is None else out
        _masks(self.states, masks)
        return masks

    def legal_moves(self) -> Ragged:
        """The legal moves of each position by vocabulary id."""
        offsets = np.zeros(len(self) + 1, np.int64)
        room = 64 * len(self)  # about 40 on the average; a batch of the richest positions takes a second try
        while True:
            values = np.empty(room, np.int16)
            if _lists(self.states, values, offsets) == len(self):
                return Ragged(values[: offsets[-1]], offsets)
            room = MAX_MOVES * len(self)

    def features(self, *, tactics: bool = True, exchanges: bool = False) -> Ragged:
        """The active features of each position as its mover sees it (:mod:`xiangqi_gpt.encoding.features`).

        Args:
            tactics: the tactical features as well as the pieces on their squares.
            exchanges: with them also the pieces that could be won by taking them.
        """
        offsets = np.zeros(len(self) + 1, np.int64)
        values = np.empty(MAX_FEATURES * len(self), np.int16)
        _features(self.states, tactics, exchanges, values, offsets)
        return Ragged(values[: offsets[-1]], offsets)

    def checks(self) -> NDArray[np.bool_]:
        """Whether the side to move is in check, ``bool[B]``."""
        checks = np.empty(len(self), np.bool_)
        _checks(self.states, checks)
        return checks

    def ends(self) -> NDArray[np.int8]:
        """How the game has ended with each position, ``int8[B]``.

        0 where it goes on, else CHECKMATE, STALEMATE or BARE of :mod:`xiangqi_gpt.rules.terminal`.
        Repetition and the natural-move limit are not looked at.
        """
        ends = np.empty(len(self), np.int8)
        _ends(self.states, ends)
        return ends

    def push(self, moves: NDArray[np.integer]) -> None:
        """Play one move, by vocabulary id, on each position.

        Args:
            moves: ``[B]``, any integer dtype.

        Raises:
            BatchMoveError: a move is not legal in its position; nothing has been played then.
            ValueError: there is not one move for each position.
        """
        ids = np.asarray(moves)
        if ids.shape != (len(self),):
            raise ValueError(f"{len(self)} positions need moves of shape ({len(self)},), not {ids.shape}")
        known = (ids >= 0) & (ids < N_MOVES)
        codes = np.where(known, MOVE_CODE[np.where(known, ids, 0)], -1).astype(np.int32)
        row = _push(self.states, codes)
        if row >= 0:
            fen = format_fen(self.states[row])
            raise BatchMoveError("encoding.illegal_in_batch", row=row, move=int(ids[row]), fen=fen)
