"""The position as one row of ``int16``, and the kernels that change it.

A row holds the board and, so that move generation never scans 90 points, a list of each side's
squares. Many positions are a matrix ``int16[B, STATE_SIZE]``; a kernel that takes one row works on
``states[i]`` of such a matrix. The layout:

====================  ==========================================================================
``[0, 90)``           piece code on each square (:mod:`xiangqi_gpt.rules.pieces`), 0 = empty
``[SLOT + sq]``       where an occupied square stands in its side's list
``[LIST + 90 c + i]``  the i-th square of side c (0 Black, 1 Red), in no particular order
``[COUNT + c]``       the number of pieces of side c
``[GENERAL_AT + c]``  the square of side c's general
``[TURN]``            the side to move, 0 Black, 1 Red
``[HALFMOVE]``        plies since the last capture (FEN's fifth field)
``[FULLMOVE]``        the number of the move, from 1, up by one after Black (FEN's sixth field)
====================  ==========================================================================

A move in a kernel is ``from << 7 | to``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.pieces import GENERAL
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = [
    "COUNT",
    "FULLMOVE",
    "GENERAL_AT",
    "HALFMOVE",
    "LIST",
    "SLOT",
    "STATE_SIZE",
    "TURN",
    "State",
    "States",
    "encode_move",
    "make_move",
    "new_state",
    "put_pieces",
    "unmake_move",
]

State = NDArray[np.int16]  # [STATE_SIZE]
States = NDArray[np.int16]  # [B, STATE_SIZE]

SLOT = 90
LIST = 180
COUNT = 360
GENERAL_AT = 362
TURN = 364
HALFMOVE = 365
FULLMOVE = 366
STATE_SIZE = 368

_MAX_COUNTER = 32_000  # counters stop there rather than overflow


def encode_move(from_square: int, to_square: int) -> int:
    """A move as the kernels take it."""
    return from_square << 7 | to_square


def new_state(pieces: NDArray[np.int16], red_to_move: bool, halfmove: int = 0, fullmove: int = 1) -> State:
    """A state row from piece codes ``int16[90]``.

    Each side must have exactly one general; :mod:`xiangqi_gpt.rules.fen` says so to a user.
    """
    state = np.zeros(STATE_SIZE, np.int16)
    state[:N_SQUARES] = pieces
    state[TURN] = red_to_move
    state[HALFMOVE] = min(halfmove, _MAX_COUNTER)
    state[FULLMOVE] = min(fullmove, _MAX_COUNTER)
    put_pieces(state)
    return state


@kernel
def put_pieces(state: State) -> None:
    """Build the piece lists of a row whose board part is set."""
    state[COUNT] = 0
    state[COUNT + 1] = 0
    for sq in range(N_SQUARES):
        piece = state[sq]
        if piece:
            side = piece >> 3
            slot = state[COUNT + side]
            state[LIST + 90 * side + slot] = sq
            state[SLOT + sq] = slot
            state[COUNT + side] = slot + 1
            if piece & 7 == GENERAL:
                state[GENERAL_AT + side] = sq


@kernel
def make_move(state: State, move: int) -> int:
    """Play a pseudo-legal move in place; returns what :func:`unmake_move` needs to take it back.

    The low four bits of that are the code of the captured piece, 0 for none.
    """
    origin = move >> 7
    target = move & 127
    piece = state[origin]
    captured = state[target]
    side = int(piece >> 3)
    undo = int(captured) | int(state[HALFMOVE]) << 16 | int(state[FULLMOVE]) << 32
    if captured:
        enemy = LIST + 90 * (1 - side)
        hole = state[SLOT + target]
        last = state[COUNT + 1 - side] - 1
        moved = state[enemy + last]  # the last square of the list fills the hole
        state[enemy + hole] = moved
        state[SLOT + moved] = hole
        state[COUNT + 1 - side] = last
        undo |= int(hole) << 4
        state[HALFMOVE] = 0
    else:
        state[HALFMOVE] = min(state[HALFMOVE] + 1, _MAX_COUNTER)
    slot = state[SLOT + origin]
    state[target] = piece
    state[origin] = 0
    state[SLOT + target] = slot
    state[LIST + 90 * side + slot] = target
    if piece & 7 == GENERAL:
        state[GENERAL_AT + side] = target
    state[TURN] = 1 - side
    if side == 0:
        state[FULLMOVE] = min(state[FULLMOVE] + 1, _MAX_COUNTER)
    return undo


@kernel
def unmake_move(state: State, move: int, undo: int) -> None:
    """Take back a move played by :func:`make_move`; the row is again what it was, list order included.

    Only the slots of empty points, which mean nothing, may differ.
    """
    origin = move >> 7
    target = move & 127
    piece = state[target]
    captured = undo & 15
    side = int(piece >> 3)
    slot = state[SLOT + target]
    state[origin] = piece
    state[target] = captured
    state[SLOT + origin] = slot
    state[LIST + 90 * side + slot] = origin
    if piece & 7 == GENERAL:
        state[GENERAL_AT + side] = origin
    if captured:
        enemy = LIST + 90 * (1 - side)
        hole = (undo >> 4) & 127
        last = state[COUNT + 1 - side]
        moved = state[enemy + hole]
        state[enemy + last] = moved
        state[SLOT + moved] = last
        state[enemy + hole] = target
        state[SLOT + target] = hole
        state[COUNT + 1 - side] = last + 1
    state[HALFMOVE] = (undo >> 16) & 0xFFFF
    state[FULLMOVE] = undo >> 32
    state[TURN] = side
