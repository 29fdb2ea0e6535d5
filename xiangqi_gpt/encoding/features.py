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
``[7952, 9212)``     exchanges  a piece that the other side would win by taking it (were it to move), as in board
===================  ======  ===================================================================

**Move categories.** Each legal move is one of 1,792 categories: the piece that moves (7), what it
captures (nothing or 7 types), and five facts: the target is attacked by the enemy, the target is
covered by another own piece, the origin is attacked, the origin is covered, the move gives check.
A second category of each move tells what it wins or loses: :mod:`xiangqi_gpt.encoding.exchanges`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.attacks import ONE_OF_KIND, Attackers, count_attackers
from xiangqi_gpt.encoding.exchanges import MOST_CAPTURES, exchange_category, is_en_prise
from xiangqi_gpt.encoding.vocabulary import BOS_ID, FLIP_ID, MOVE_CODE, MOVE_ID, N_MOVES, ROTATE_ID
from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.movegen import MAX_MOVES, generate_legal, generate_pseudo_legal, in_check, is_attacked
from xiangqi_gpt.rules.pieces import CANNON, GENERAL
from xiangqi_gpt.rules.position import COUNT, GENERAL_AT, LIST, TURN, State, make_move
from xiangqi_gpt.rules.squares import N_SQUARES, flip_square, rotate_square

__all__ = [
    "ATTACKED",
    "BOARD",
    "DEFENDED",
    "ENEMY_MOVES",
    "EN_PRISE",
    "EXCHANGES",
    "LEGAL",
    "MAX_FEATURES",
    "MAX_LEGAL",
    "N_BOARD_FEATURES",
    "N_CATEGORIES",
    "N_FEATURES",
    "N_TACTICAL_FEATURES",
    "OWN_MOVES",
    "TACTICS",
    "encode_position",
    "encode_window",
]

N_BOARD_FEATURES = 14 * N_SQUARES
OWN_MOVES = N_BOARD_FEATURES
ENEMY_MOVES = OWN_MOVES + N_MOVES
ATTACKED = ENEMY_MOVES + N_MOVES
DEFENDED = ATTACKED + N_BOARD_FEATURES
N_TACTICAL_FEATURES = EN_PRISE = DEFENDED + N_BOARD_FEATURES
N_FEATURES = EN_PRISE + N_BOARD_FEATURES
N_CATEGORIES = 7 * 8 * 2**5

# Room for one position. A full set has 32 pieces and fewer than 130 moves a side; what a stranger
# set-up position has beyond these bounds is not seen.
_MAX_PIECES = 45  # a side
_MOST_ATTACKED = 17  # points by one piece
MAX_LEGAL = 150
MAX_FEATURES = 4 * 2 * _MAX_PIECES + 2 * MAX_LEGAL

# What encode_window makes beside move text, as bits of its argument ``parts``.
BOARD = 1
TACTICS = 2
LEGAL = 4
EXCHANGES = 8

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
    exchanges: bool,
    bag: NDArray[np.int16],
    own: Attackers,
    enemy: Attackers,
    moves: NDArray[np.int32],
    ids: NDArray[np.int16],
    gains: NDArray[np.int64],
) -> int:
    """Add the enemy's moves and the attacked, defended and hanging pieces behind the board features."""
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
            attackers, defenders = (enemy[sq], own[sq]) if color == side else (own[sq], enemy[sq])
            kind = int(state[sq] & 7)
            if attackers:
                bag[n] = ATTACKED + bag[at]
                n += 1
            if defenders:
                bag[n] = DEFENDED + bag[at]
                n += 1
            if exchanges and attackers and kind != GENERAL and is_en_prise(kind, attackers, defenders, gains):
                bag[n] = EN_PRISE + bag[at]
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
def encode_position(state: State, tactics: bool, exchanges: bool, bag: NDArray[np.int16]) -> int:
    """Write the features of one position, unmirrored, to ``bag`` (``int16[MAX_FEATURES]``); returns how many."""
    own = np.empty(N_SQUARES, np.int64)
    enemy = np.empty(N_SQUARES, np.int64)
    moves = np.empty(MAX_MOVES, np.int32)
    side = int(state[TURN])
    n = _board_features(state, side, SQUARE_VIEW[0, side], bag)
    if not tactics:
        return n
    found = np.empty(_MOST_ATTACKED, np.int16)
    count_attackers(state, side, own, found)
    count_attackers(state, 1 - side, enemy, found)
    ids = MOVE_VIEW[0, side]
    gains = np.empty(MOST_CAPTURES, np.int64)
    n = _tactical_features(state, side, n, exchanges, bag, own, enemy, moves, ids, gains)
    count = min(generate_legal(state, moves, np.empty(N_SQUARES, np.uint8)), MAX_LEGAL)
    return _own_move_features(moves, count, n, bag, ids)


@kernel
def _move_category(state: State, origin: int, target: int, side: int, own: Attackers, enemy: Attackers) -> int:
    kind = state[origin] & 7
    captured = state[target] & 7
    covers = own[target]
    if captured or kind != CANNON:  # the mover itself is among those that attack the target
        covers -= ONE_OF_KIND[kind]
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
    exchanges: NDArray[np.int16],
    legal_counts: NDArray[np.int16],
) -> int:
    """Encode the positions before plies ``first`` … ``last - 1`` of one game.

    Args:
        state: the start position; played forward in place.
        moves: the game's moves by vocabulary id, ``uint16[P]``, legal.
        first: the first position to encode.
        last: one behind the last; at most ``P + 1``, where the position after the last move is meant.
        flip: 1 to mirror the game left to right.
        parts: what to make beside move text: the sum of BOARD, TACTICS (with BOARD), LEGAL, and EXCHANGES
            (with TACTICS, LEGAL or both).
        tokens: out ``int16[last - first]``, the move before the position as its mover saw it, or BOS.
        targets: out ``int16[last - first]``, the move played, as its mover sees it; -1 where there is none.
        bag: out ``int16[F]``, the features of all positions, one after another.
        bag_counts: out ``int32[last - first]``, how many features each position has.
        legal: out ``int16[last - first, MAX_LEGAL]``, the ids of the legal moves as their mover sees them.
        categories: out ``int16[last - first, MAX_LEGAL]``, the category of each.
        exchanges: out ``int16[last - first, MAX_LEGAL]``, the exchange category of each.
        legal_counts: out ``int16[last - first]``, how many there are.

    Returns:
        The number of features written to ``bag``.
    """
    own = np.empty(N_SQUARES, np.int64)
    enemy = np.empty(N_SQUARES, np.int64)
    danger = np.empty(N_SQUARES, np.uint8)
    generated = np.empty(MAX_MOVES, np.int32)
    found = np.empty(_MOST_ATTACKED, np.int16)
    gains = np.empty(MOST_CAPTURES, np.int64)
    written = 0
    captured = False  # whether the move before the position did
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
                count_attackers(state, side, own, found)
                count_attackers(state, 1 - side, enemy, found)
            if parts & TACTICS:
                hanging = parts & EXCHANGES != 0
                n = _tactical_features(state, side, n, hanging, bag[written:], own, enemy, generated, ids, gains)
            if parts & (TACTICS | LEGAL):
                count = min(generate_legal(state, generated, danger), MAX_LEGAL)
                if parts & TACTICS:
                    n = _own_move_features(generated, count, n, bag[written:], ids)
                if parts & LEGAL:
                    legal_counts[row] = count
                    check = in_check(state)
                    before = int(MOVE_CODE[moves[ply - 1]]) if ply > 0 else -1
                    own_before = int(MOVE_CODE[moves[ply - 2]]) if ply > 1 else -1
                    for i in range(count):
                        origin = int(generated[i] >> 7)
                        target = int(generated[i] & 127)
                        legal[row, i] = ids[MOVE_ID[origin, target]]
                        categories[row, i] = _move_category(state, origin, target, side, own, enemy)
                        if parts & EXCHANGES:
                            exchanges[row, i] = exchange_category(
                                state, origin, target, own, enemy, check, before, captured, own_before, found, gains
                            )
            bag_counts[row] = n
            written += n
        if ply < len(moves):
            captured = make_move(state, MOVE_CODE[moves[ply]]) & 15 != 0
    return written
