"""Move generation, attacks and check.

Legal moves come in two passes: all pseudo-legal moves, then a filter. Most moves cannot expose the
general, and :func:`mark_danger` finds the few points where one can: those that a piece must not
leave (it stands between the general and a rook, a cannon, the other general, or on a horse's leg)
and those that a piece must not enter (it would become a cannon's screen). Only moves that touch
these, moves of the general, and moves in check are tried on the board.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.geometry import (
    ADVISOR_TO,
    ELEPHANT_EYE,
    ELEPHANT_TO,
    FILE,
    GENERAL_TO,
    HORSE_LEG,
    HORSE_TO,
    PAWN_TO,
    RANK,
)
from xiangqi_gpt.rules.pieces import ADVISOR, CANNON, ELEPHANT, GENERAL, HORSE, PAWN, ROOK
from xiangqi_gpt.rules.position import COUNT, GENERAL_AT, LIST, TURN, State
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = [
    "MAX_MOVES",
    "attackers",
    "generate_legal",
    "generate_pseudo_legal",
    "has_legal_move",
    "in_check",
    "is_attacked",
    "is_legal",
    "is_pseudo_legal",
    "mark_danger",
    "ray_length",
    "ray_step",
]

# No two moves of a position share origin and target, and 2,086 pairs are reachable by any piece.
MAX_MOVES = 2086

Moves = NDArray[np.int32]

_NO_LEAVE = 1
_NO_ENTER = 2


@kernel
def ray_step(direction: int) -> int:
    """From a point to the next one of a ray: 0 up, 1 down, 2 right, 3 left."""
    return (9, -9, 1, -1)[direction]


@kernel
def ray_length(sq: int, direction: int) -> int:
    """How many points a ray from ``sq`` has before the edge."""
    if direction == 0:
        return 9 - RANK[sq]
    if direction == 1:
        return RANK[sq]
    if direction == 2:
        return 8 - FILE[sq]
    return FILE[sq]


@kernel
def is_attacked(state: State, sq: int, by: int) -> bool:
    """Whether side ``by`` attacks the general (or a piece) of the other side on ``sq``.

    The generals attack each other along an open file. Advisors and elephants are left out: they
    never reach a general.
    """
    rook = ROOK + 8 * by
    cannon = CANNON + 8 * by
    general = GENERAL + 8 * by
    for direction in range(4):
        step = ray_step(direction)
        at = sq
        screens = 0
        for _ in range(ray_length(sq, direction)):
            at += step
            piece = state[at]
            if piece:
                if screens == 0:
                    if piece == rook or (piece == general and direction < 2):
                        return True
                    screens = 1
                else:
                    if piece == cannon:
                        return True
                    break
    # A horse's leg is next to the horse, so seen from its target it lies on a diagonal.
    horse = HORSE + 8 * by
    file = FILE[sq]
    rank = RANK[sq]
    for vertical in (-1, 1):
        if rank + vertical < 0 or rank + vertical > 9:
            continue
        for horizontal in (-1, 1):
            if file + horizontal < 0 or file + horizontal > 8:
                continue
            leg = sq + 9 * vertical + horizontal
            if state[leg]:
                continue
            if 0 <= rank + 2 * vertical <= 9 and state[leg + 9 * vertical] == horse:
                return True
            if 0 <= file + 2 * horizontal <= 8 and state[leg + horizontal] == horse:
                return True
    pawn = PAWN + 8 * by
    behind = sq - 9 if by == 1 else sq + 9
    if 0 <= behind < N_SQUARES and state[behind] == pawn:
        return True
    crossed = rank >= 5 if by == 1 else rank <= 4
    return crossed and ((file > 0 and state[sq - 1] == pawn) or (file < 8 and state[sq + 1] == pawn))


@kernel
def in_check(state: State) -> bool:
    """Whether the general of the side to move is attacked, or faces the other general."""
    side = state[TURN]
    return is_attacked(state, state[GENERAL_AT + side], 1 - side)


@kernel
def _is_across(sq: int, side: int) -> bool:
    """Whether ``sq`` lies on the other side's half, where this side's elephants and advisors cannot move."""
    return (RANK[sq] >= 5) == (side == 1)


@kernel
def _slide(state: State, moves: Moves, n: int, origin: int, enemy: int, is_rook: bool) -> int:
    """Add a rook's or cannon's moves."""
    for direction in range(4):
        step = ray_step(direction)
        at = origin
        screened = False
        for _ in range(ray_length(origin, direction)):
            at += step
            piece = state[at]
            if not screened:
                if piece == 0:
                    moves[n] = origin << 7 | at
                    n += 1
                else:
                    if is_rook:
                        if piece >> 3 == enemy:
                            moves[n] = origin << 7 | at
                            n += 1
                        break
                    screened = True
            elif piece:
                if piece >> 3 == enemy:
                    moves[n] = origin << 7 | at
                    n += 1
                break
    return n


@kernel
def generate_pseudo_legal(state: State, moves: Moves) -> int:
    """Write every move of the side to move, the general's safety aside, to ``moves``; returns how many."""
    side = int(state[TURN])
    enemy = 1 - side
    own_list = LIST + 90 * side
    n = 0
    # The loops over the tables are alike, but a function that takes a table's row costs a third of the speed.
    for slot in range(state[COUNT + side]):
        origin = int(state[own_list + slot])
        kind = state[origin] & 7
        if kind in (ROOK, CANNON):
            n = _slide(state, moves, n, origin, enemy, kind == ROOK)
        elif kind == HORSE:
            for i in range(8):
                target = int(HORSE_TO[origin, i])
                if target < 0:
                    break
                if state[HORSE_LEG[origin, i]] == 0 and (state[target] == 0 or state[target] >> 3 == enemy):
                    moves[n] = origin << 7 | target
                    n += 1
        elif kind == PAWN:
            for i in range(3):
                target = int(PAWN_TO[side, origin, i])
                if target < 0:
                    break
                if state[target] == 0 or state[target] >> 3 == enemy:
                    moves[n] = origin << 7 | target
                    n += 1
        elif kind == ELEPHANT:
            for i in range(4):
                target = int(ELEPHANT_TO[origin, i])
                if target < 0 or _is_across(origin, side):
                    break
                if state[ELEPHANT_EYE[origin, i]] == 0 and (state[target] == 0 or state[target] >> 3 == enemy):
                    moves[n] = origin << 7 | target
                    n += 1
        elif kind == ADVISOR:
            for i in range(4):
                target = int(ADVISOR_TO[origin, i])
                if target < 0 or _is_across(origin, side):
                    break
                if state[target] == 0 or state[target] >> 3 == enemy:
                    moves[n] = origin << 7 | target
                    n += 1
        else:
            for i in range(4):
                target = int(GENERAL_TO[side, origin, i])
                if target < 0:
                    break
                if state[target] == 0 or state[target] >> 3 == enemy:
                    moves[n] = origin << 7 | target
                    n += 1
    return n


@kernel
def mark_danger(state: State, danger: NDArray[np.uint8]) -> bool:
    """Mark the points that matter to the safety of the mover's general; returns whether it is in check.

    ``danger[sq]`` (``uint8[90]``, overwritten) has bit 1 where a piece must not simply leave and
    bit 2 where a piece must not simply enter.
    """
    for sq in range(N_SQUARES):
        danger[sq] = 0
    side = int(state[TURN])
    by = 1 - side
    general_at = int(state[GENERAL_AT + side])
    rook = ROOK + 8 * by
    cannon = CANNON + 8 * by
    general = GENERAL + 8 * by
    for direction in range(4):
        step = ray_step(direction)
        at = general_at
        first = -1
        second = -1
        for _ in range(ray_length(general_at, direction)):
            at += step
            piece = state[at]
            if piece == 0:
                continue
            faces = piece == rook or (piece == general and direction < 2)
            if first < 0:
                if faces:
                    return True
                if piece == cannon:
                    between = general_at + step
                    while between != at:
                        danger[between] |= _NO_ENTER
                        between += step
                first = at
            elif second < 0:
                if piece == cannon:
                    return True
                if faces:
                    danger[first] |= _NO_LEAVE
                second = at
            else:
                if piece == cannon:
                    danger[first] |= _NO_LEAVE
                    danger[second] |= _NO_LEAVE
                break
    horse = HORSE + 8 * by
    file = FILE[general_at]
    rank = RANK[general_at]
    for vertical in (-1, 1):
        if rank + vertical < 0 or rank + vertical > 9:
            continue
        for horizontal in (-1, 1):
            if file + horizontal < 0 or file + horizontal > 8:
                continue
            leg = general_at + 9 * vertical + horizontal
            if (0 <= rank + 2 * vertical <= 9 and state[leg + 9 * vertical] == horse) or (
                0 <= file + 2 * horizontal <= 8 and state[leg + horizontal] == horse
            ):
                if state[leg] == 0:
                    return True
                danger[leg] |= _NO_LEAVE
    pawn = PAWN + 8 * by
    behind = general_at - 9 if by == 1 else general_at + 9
    if 0 <= behind < N_SQUARES and state[behind] == pawn:
        return True
    crossed = rank >= 5 if by == 1 else rank <= 4
    return crossed and ((file > 0 and state[general_at - 1] == pawn) or (file < 8 and state[general_at + 1] == pawn))


@kernel
def _is_safe(state: State, origin: int, target: int) -> bool:
    """Whether the mover's general is safe after a pseudo-legal move; only the board part is touched."""
    side = state[TURN]
    piece = state[origin]
    captured = state[target]
    state[target] = piece
    state[origin] = 0
    general_at = target if piece & 7 == GENERAL else int(state[GENERAL_AT + side])
    safe = not is_attacked(state, general_at, 1 - side)
    state[origin] = piece
    state[target] = captured
    return safe


@kernel
def _keep_safe(state: State, moves: Moves, n: int, danger: NDArray[np.uint8], at_most: int) -> int:
    """Keep the legal ones of ``n`` pseudo-legal moves, in order; stops once ``at_most`` are found."""
    check = mark_danger(state, danger)
    general_at = int(state[GENERAL_AT + state[TURN]])
    kept = 0
    for i in range(n):
        move = moves[i]
        origin = move >> 7
        target = move & 127
        doubtful = check or (danger[origin] & _NO_LEAVE) | (danger[target] & _NO_ENTER) or origin == general_at
        if doubtful and not _is_safe(state, origin, target):
            continue
        moves[kept] = move
        kept += 1
        if kept == at_most:
            break
    return kept


@kernel
def generate_legal(state: State, moves: Moves, danger: NDArray[np.uint8]) -> int:
    """Write every legal move to ``moves`` (``int32[MAX_MOVES]``); returns how many.

    ``danger`` is scratch space, ``uint8[90]``.
    """
    return _keep_safe(state, moves, generate_pseudo_legal(state, moves), danger, MAX_MOVES)


@kernel
def has_legal_move(state: State) -> bool:
    """Whether the side to move can move at all."""
    moves = np.empty(MAX_MOVES, np.int32)
    danger = np.empty(N_SQUARES, np.uint8)
    return _keep_safe(state, moves, generate_pseudo_legal(state, moves), danger, 1) > 0


@kernel
def _reaches(state: State, origin: int, target: int) -> bool:
    """Whether the piece on ``origin`` attacks ``target``: it could take an enemy piece standing there.

    ``target`` may be empty or hold a piece of either side. The facing of generals is no attack here.
    """
    piece = state[origin]
    kind = piece & 7
    if kind in (ROOK, CANNON):
        if origin == target or (FILE[origin] != FILE[target] and RANK[origin] != RANK[target]):
            return False
        if FILE[origin] == FILE[target]:
            step = 9 if target > origin else -9
        else:
            step = 1 if target > origin else -1
        screens = 0
        at = origin + step
        while at != target:
            if state[at]:
                screens += 1
            at += step
        return screens == (0 if kind == ROOK else 1)
    if kind == HORSE:
        for i in range(8):
            if HORSE_TO[origin, i] == target:
                return state[HORSE_LEG[origin, i]] == 0
        return False
    side = int(piece >> 3)
    if kind == ELEPHANT:
        for i in range(4):
            if ELEPHANT_TO[origin, i] == target:
                return state[ELEPHANT_EYE[origin, i]] == 0 and not _is_across(origin, side)
        return False
    if kind == ADVISOR:
        for i in range(4):
            if ADVISOR_TO[origin, i] == target:
                return not _is_across(origin, side)
        return False
    if kind == PAWN:
        for i in range(3):
            if PAWN_TO[side, origin, i] == target:
                return True
        return False
    for i in range(4):
        if GENERAL_TO[side, origin, i] == target:
            return True
    return False


@kernel
def is_pseudo_legal(state: State, move: int) -> bool:
    """Whether a move (any integer) is one of the mover's moves, its general's safety aside."""
    if move < 0:
        return False
    origin = move >> 7
    target = move & 127
    if origin >= N_SQUARES or target >= N_SQUARES:
        return False
    side = state[TURN]
    piece = state[origin]
    aim = state[target]
    if piece == 0 or piece >> 3 != side or (aim and aim >> 3 == side):
        return False
    if piece & 7 == CANNON and aim == 0:  # a cannon moves like a rook, and takes over a screen
        state[origin] = ROOK
        reaches = _reaches(state, origin, target)
        state[origin] = piece
        return reaches
    return _reaches(state, origin, target)


@kernel
def is_legal(state: State, move: int) -> bool:
    """Whether a move (any integer) is legal for the side to move."""
    return is_pseudo_legal(state, move) and _is_safe(state, move >> 7, move & 127)


@kernel
def attackers(state: State, sq: int, side: int, found: NDArray[np.int16]) -> int:
    """Write the squares of the pieces of ``side`` that attack ``sq`` to ``found`` (``int16[90]``).

    Returns how many. A piece attacks a point when it could take an enemy piece there, its own
    general's safety aside; a general also attacks the other general along an open file.
    """
    n = 0
    for slot in range(state[COUNT + side]):
        origin = int(state[LIST + 90 * side + slot])
        if _reaches(state, origin, sq):
            found[n] = origin
            n += 1
        elif origin == state[GENERAL_AT + side] and sq == state[GENERAL_AT + 1 - side] and FILE[origin] == FILE[sq]:
            state[origin] = ROOK + 8 * side
            facing = _reaches(state, origin, sq)
            state[origin] = GENERAL + 8 * side
            if facing:
                found[n] = origin
                n += 1
    return n
