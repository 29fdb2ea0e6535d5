"""What the model sees of a position beside the moves that led to it, made by kernels at batch time.

Everything is seen by the side to move: for Black the board is turned by 180 degrees, "own" and
"enemy" replace Red and Black, and a game may be mirrored left to right as a whole.

**Bag of features.** A position is a set of active features, whose embeddings the model adds up:

===================  ======  ===================================================================
``[0, 1260)``        board    piece on square: ``90 * kind + square``; kind 0-6 own pawn, advisor,
                              elephant, horse, cannon, rook, general, 7-13 the enemy's
``[1260, 3346)``     tactics  a legal move of the mover, by vocabulary id
``[3346, 5432)``     tactics  a pseudo-legal move of the enemy, were it to move, by vocabulary id
``[5432, 6692)``     tactics  an attacked piece (its square is attacked by the other side), as in board
``[6692, 7952)``     tactics  a defended piece (its square is covered by its own side), as in board
===================  ======  ===================================================================

**Move categories.** Each legal move is one of 1,792 categories: the piece that moves (7), what it
captures (nothing or 7 types), and five facts: the target is attacked by the enemy, the target is
covered by another own piece, the origin is attacked, the origin is covered, the move gives check.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.vocabulary import BOS_ID, FLIP_ID, MOVE_CODE, MOVE_ID, N_MOVES, ROTATE_ID
from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.geometry import (
    ADVISOR_TO,
    ELEPHANT_EYE,
    ELEPHANT_TO,
    GENERAL_TO,
    HORSE_LEG,
    HORSE_TO,
    PAWN_TO,
)
from xiangqi_gpt.rules.movegen import (
    MAX_MOVES,
    generate_legal,
    generate_pseudo_legal,
    is_attacked,
    ray_length,
    ray_step,
)
from xiangqi_gpt.rules.pieces import ADVISOR, CANNON, ELEPHANT, HORSE, PAWN, ROOK
from xiangqi_gpt.rules.position import COUNT, GENERAL_AT, LIST, TURN, State, make_move
from xiangqi_gpt.rules.squares import N_SQUARES, flip_square, rotate_square

__all__ = [
    "ATTACKED",
    "BOARD",
    "DEFENDED",
    "ENEMY_MOVES",
    "LEGAL",
    "MAX_FEATURES",
    "MAX_LEGAL",
    "N_BOARD_FEATURES",
    "N_CATEGORIES",
    "N_FEATURES",
    "OWN_MOVES",
    "TACTICS",
    "attack_counts",
    "encode_position",
    "encode_window",
]

N_BOARD_FEATURES = 14 * N_SQUARES
OWN_MOVES = N_BOARD_FEATURES
ENEMY_MOVES = OWN_MOVES + N_MOVES
ATTACKED = ENEMY_MOVES + N_MOVES
DEFENDED = ATTACKED + N_BOARD_FEATURES
N_FEATURES = DEFENDED + N_BOARD_FEATURES
N_CATEGORIES = 7 * 8 * 2**5

# Room for one position. A full set has 32 pieces and fewer than 130 moves a side; what a stranger
# set-up position has beyond these bounds is not seen.
_MAX_PIECES = 45  # a side
MAX_LEGAL = 150
MAX_FEATURES = 3 * 2 * _MAX_PIECES + 2 * MAX_LEGAL

# What encode_window makes beside move text, as bits of its argument ``parts``.
BOARD = 1
TACTICS = 2
LEGAL = 4

# [flip, side, …]: the view of side 0 (Black) turns the board.
SQUARE_VIEW = np.array(
    [
        [[rotate_square(sq) for sq in range(N_SQUARES)], list(range(N_SQUARES))],
        [[flip_square(rotate_square(sq)) for sq in range(N_SQUARES)], [flip_square(sq) for sq in range(N_SQUARES)]],
    ],
    np.int16,
)
MOVE_VIEW = np.array([[ROTATE_ID, np.arange(N_MOVES)], [FLIP_ID[ROTATE_ID], FLIP_ID]], np.int16)


@kernel
def _count_rays(state: State, origin: int, screens: int, counts: NDArray[np.uint8]) -> None:
    """Count the points that a slider on ``origin`` attacks: a rook's (0 screens) or a cannon's (1)."""
    for direction in range(4):
        step = ray_step(direction)
        at = origin
        passed = 0
        for _ in range(ray_length(origin, direction)):
            at += step
            if passed == screens:
                counts[at] += 1
            if state[at]:
                if passed == screens:
                    break
                passed += 1


@kernel
def attack_counts(state: State, side: int, counts: NDArray[np.uint8]) -> None:
    """Count for each point (``uint8[90]``, overwritten) the pieces of ``side`` that attack it.

    A piece attacks a point when it could take an enemy piece there, its general's safety aside.
    """
    for sq in range(N_SQUARES):
        counts[sq] = 0
    for slot in range(state[COUNT + side]):
        origin = int(state[LIST + 90 * side + slot])
        kind = state[origin] & 7
        if kind == ROOK:
            _count_rays(state, origin, 0, counts)
        elif kind == CANNON:
            _count_rays(state, origin, 1, counts)
        elif kind == HORSE:
            for i in range(8):
                target = int(HORSE_TO[origin, i])
                if target < 0:
                    break
                if state[HORSE_LEG[origin, i]] == 0:
                    counts[target] += 1
        elif kind == PAWN:
            for i in range(3):
                target = int(PAWN_TO[side, origin, i])
                if target < 0:
                    break
                counts[target] += 1
        elif kind == ELEPHANT:
            for i in range(4):
                target = int(ELEPHANT_TO[origin, i])
                if target < 0:
                    break
                if state[ELEPHANT_EYE[origin, i]] == 0:
                    counts[target] += 1
        elif kind == ADVISOR:
            for i in range(4):
                target = int(ADVISOR_TO[origin, i])
                if target < 0:
                    break
                counts[target] += 1
        else:
            for i in range(4):
                target = int(GENERAL_TO[side, origin, i])
                if target < 0:
                    break
                counts[target] += 1


@kernel
def _gives_check(state: State, origin: int, target: int, side: int) -> bool:
    """Whether a move of ``side`` gives check; only the board part is touched, and restored."""
    piece = state[origin]
    captured = state[target]
    state[target] = piece
    state[origin] = 0
    check = is_attacked(state, int(state[GENERAL_AT + 1 - side]), side)
    state[origin] = piece
    state[target] = captured
    return check


@kernel
def _board_features(state: State, side: int, view: NDArray[np.int16], bag: NDArray[np.int16]) -> int:
    n = 0
    for color in range(2):
        base = -1 if color == side else 6
        for slot in range(min(state[COUNT + color], _MAX_PIECES)):
            sq = state[LIST + 90 * color + slot]
            bag[n] = (base + (state[sq] & 7)) * N_SQUARES + view[sq]
            n += 1
    return n


@kernel
def _tactical_features(
    state: State,
    side: int,
    n_board: int,
    bag: NDArray[np.int16],
    own: NDArray[np.uint8],
    enemy: NDArray[np.uint8],
    moves: NDArray[np.int32],
    ids: NDArray[np.int16],
) -> int:
    """Add the enemy's moves and the attacked and defended pieces behind the board features."""
    n = n_board
    state[TURN] = 1 - side
    count = generate_pseudo_legal(state, moves)
    state[TURN] = side
    for i in range(min(count, MAX_LEGAL)):
        bag[n] = ENEMY_MOVES + ids[MOVE_ID[moves[i] >> 7, moves[i] & 127]]
        n += 1
    # The board features stand in the order of the piece lists.
    at = 0
    for color in range(2):
        for slot in range(min(state[COUNT + color], _MAX_PIECES)):
            sq = state[LIST + 90 * color + slot]
            if (enemy if color == side else own)[sq]:
                bag[n] = ATTACKED + bag[at]
                n += 1
            if (own if color == side else enemy)[sq]:
                bag[n] = DEFENDED + bag[at]
                n += 1
            at += 1
    return n


@kernel
def _own_move_features(
    moves: NDArray[np.int32], count: int, n: int, bag: NDArray[np.int16], ids: NDArray[np.int16]
) -> int:
    """Add the mover's legal moves behind ``n`` features; returns how many there are then."""
    for i in range(count):
        bag[n + i] = OWN_MOVES + ids[MOVE_ID[moves[i] >> 7, moves[i] & 127]]
    return n + count


@kernel
def encode_position(state: State, tactics: bool, bag: NDArray[np.int16]) -> int:
    """Write the features of one position, unmirrored, to ``bag`` (``int16[MAX_FEATURES]``); returns how many."""
    own = np.empty(N_SQUARES, np.uint8)
    enemy = np.empty(N_SQUARES, np.uint8)
    moves = np.empty(MAX_MOVES, np.int32)
    side = int(state[TURN])
    n = _board_features(state, side, SQUARE_VIEW[0, side], bag)
    if not tactics:
        return n
    attack_counts(state, side, own)
    attack_counts(state, 1 - side, enemy)
    ids = MOVE_VIEW[0, side]
    n = _tactical_features(state, side, n, bag, own, enemy, moves, ids)
    count = min(generate_legal(state, moves, own), MAX_LEGAL)  # own has served: scratch space
    return _own_move_features(moves, count, n, bag, ids)


@kernel
def _move_category(
    state: State, origin: int, target: int, side: int, own: NDArray[np.uint8], enemy: NDArray[np.uint8]
) -> int:
    kind = state[origin] & 7
    captured = state[target] & 7
    covers = own[target]
    if captured or kind != CANNON:  # the mover itself is among those that attack the target
        covers -= 1
    category = (kind - 1) * 8 + captured
    category = category * 2 + (1 if enemy[target] else 0)
    category = category * 2 + (1 if covers else 0)
    category = category * 2 + (1 if enemy[origin] else 0)
    category = category * 2 + (1 if own[origin] else 0)
    return category * 2 + (1 if _gives_check(state, origin, target, side) else 0)


@kernel
def encode_window(
    state: State,
    moves: NDArray[np.uint16],
    first: int,
    last: int,
    flip: int,
    parts: int,
    tokens: NDArray[np.int16],
    targets: NDArray[np.int16],
    bag: NDArray[np.int16],
    bag_counts: NDArray[np.int32],
    legal: NDArray[np.int16],
    categories: NDArray[np.int16],
    legal_counts: NDArray[np.int16],
) -> int:
    """Encode the positions before plies ``first`` … ``last - 1`` of one game.

    Args:
        state: the start position; played forward in place.
        moves: the game's moves by vocabulary id, ``uint16[P]``, legal.
        first: the first position to encode.
        last: one behind the last; at most ``P + 1``, where the position after the last move is meant.
        flip: 1 to mirror the game left to right.
        parts: what to make beside move text: the sum of BOARD, TACTICS (with BOARD) and LEGAL.
        tokens: out ``int16[last - first]``, the move before the position as its mover saw it, or BOS.
        targets: out ``int16[last - first]``, the move played, as its mover sees it; -1 where there is none.
        bag: out ``int16[F]``, the features of all positions, one after another.
        bag_counts: out ``int32[last - first]``, how many features each position has.
        legal: out ``int16[last - first, MAX_LEGAL]``, the ids of the legal moves as their mover sees them.
        categories: out ``int16[last - first, MAX_LEGAL]``, the category of each.
        legal_counts: out ``int16[last - first]``, how many there are.

    Returns:
        The number of features written to ``bag``.
    """
    own = np.empty(N_SQUARES, np.uint8)
    enemy = np.empty(N_SQUARES, np.uint8)
    danger = np.empty(N_SQUARES, np.uint8)
    generated = np.empty(MAX_MOVES, np.int32)
    written = 0
    for ply in range(last):
        if ply >= first:
            row = ply - first
            side = int(state[TURN])
            ids = MOVE_VIEW[flip, side]
            tokens[row] = MOVE_VIEW[flip, 1 - side][moves[ply - 1]] if ply else BOS_ID
            targets[row] = ids[moves[ply]] if ply < len(moves) else -1
            n = 0
            if parts & BOARD:
                n = _board_features(state, side, SQUARE_VIEW[flip, side], bag[written:])
            if parts & (TACTICS | LEGAL):
                attack_counts(state, side, own)
                attack_counts(state, 1 - side, enemy)
            if parts & TACTICS:
                n = _tactical_features(state, side, n, bag[written:], own, enemy, generated, ids)
            if parts & (TACTICS | LEGAL):
                count = min(generate_legal(state, generated, danger), MAX_LEGAL)
                if parts & TACTICS:
                    n = _own_move_features(generated, count, n, bag[written:], ids)
                if parts & LEGAL:
                    legal_counts[row] = count
                    for i in range(count):
                        origin = int(generated[i] >> 7)
                        target = int(generated[i] & 127)
                        legal[row, i] = ids[MOVE_ID[origin, target]]
                        categories[row, i] = _move_category(state, origin, target, side, own, enemy)
            bag_counts[row] = n
            written += n
        if ply < len(moves):
            make_move(state, MOVE_CODE[moves[ply]])
    return written
