"""Who attacks what, ply by ply: the facts from which perpetual checks and chases are judged.

A *threat* is a capture that the rules of the Asian and World federations call winning a piece. Any
piece but a general or a pawn makes threats, to any piece but the general and pawns that have not
crossed the river, and a capture that it could legally play is a threat when

* the piece is worth more than its attacker (a rook to a horse or cannon; a rook, horse or cannon to an
  advisor or elephant), protected or not; or
* nothing could legally take back, and it is no mere offer to exchange (the two are of one kind and
  the other could take first).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.geometry import FILE, RANK
from xiangqi_gpt.rules.movegen import attackers
from xiangqi_gpt.rules.pieces import CANNON, GENERAL, HORSE, PAWN, ROOK
from xiangqi_gpt.rules.position import COUNT, GENERAL_AT, LIST, TURN, State, make_move, unmake_move
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["SHADOWED", "THREAT", "find_threats", "outranks", "trace_line"]

# How one piece stands to another in the tables below; 0: no threat.
THREAT = 1
SHADOWED = 2  # a threat but for protectors that shoot through the attacker itself

Table = NDArray[np.uint8]
Squares = NDArray[np.int16]


@kernel
def outranks(kind: int, other: int) -> bool:
    """Whether a piece of type ``kind`` is worth so much more than one of ``other`` that protecting it is no answer."""
    if kind == ROOK:
        return other not in (ROOK, GENERAL)
    return kind in (HORSE, CANNON) and other not in (ROOK, HORSE, CANNON, GENERAL)


@kernel
def _contains(squares: Squares, count: int, sq: int) -> bool:
    for i in range(count):
        if squares[i] == sq:
            return True
    return False


@kernel
def _can_take(state: State, origin: int, target: int, checkers: Squares, count: int) -> bool:
    """Whether a piece that attacks ``target`` may take there, for whichever side it fights.

    Checks by the ``count`` pieces of ``checkers`` do not matter: they stand already and have to be met
    anyway, so that they neither protect a piece nor end an attack. Only the general must not walk into
    any.
    """
    turn = state[TURN]
    side = int(state[origin] >> 3)
    walks = state[origin] & 7 == GENERAL
    undo = make_move(state, origin << 7 | target)
    found = np.empty(N_SQUARES, np.int16)
    n = attackers(state, int(state[GENERAL_AT + side]), 1 - side, found)
    unmake_move(state, origin << 7 | target, undo)
    state[TURN] = turn
    for i in range(n):
        if walks or not _contains(checkers, count, found[i]):
            return False
    return True


@kernel
def _lies_between(sq: int, one: int, other: int) -> bool:
    """Whether ``sq`` lies on the straight line between two squares."""
    same_file = FILE[sq] == FILE[one] and FILE[sq] == FILE[other]
    same_rank = RANK[sq] == RANK[one] and RANK[sq] == RANK[other]
    return (same_file or same_rank) and min(one, other) < sq < max(one, other)


@kernel
def _protection(state: State, attacker: int, victim: int, checkers: Squares, count: int) -> int:
    """What taking ``victim`` would be: a THREAT, SHADOWED, or 0 when something could truly take back."""
    turn = state[TURN]
    side = int(state[victim] >> 3)
    undo = make_move(state, attacker << 7 | victim)
    protectors = np.empty(N_SQUARES, np.int16)
    n = attackers(state, victim, side, protectors)
    found = THREAT
    for i in range(n):
        protector = int(protectors[i])
        if not _can_take(state, protector, victim, checkers, count):
            continue
        if state[protector] & 7 in (ROOK, CANNON) and _lies_between(attacker, victim, protector):
            found = SHADOWED
        else:
            found = 0
            break
    unmake_move(state, attacker << 7 | victim, undo)
    state[TURN] = turn
    return found


@kernel
def find_threats(state: State, side: int, names: Squares, threats: Table) -> None:
    """Write what ``side`` threatens, whoever is to move, to ``threats``.

    Args:
        state: the position; unchanged afterwards.
        side: 0 for Black, 1 for Red.
        names: ``int16[90]``, the number 0..89 by which the piece on each square is known.
        threats: ``uint8[90, 90]``, zeros; ``threats[attacker, victim]`` becomes THREAT or SHADOWED.
    """
    enemy = 1 - side
    own_checkers = np.empty(N_SQUARES, np.int16)  # those that check the attacking side
    n_own = attackers(state, int(state[GENERAL_AT + side]), enemy, own_checkers)
    enemy_checkers = np.empty(N_SQUARES, np.int16)
    n_enemy = attackers(state, int(state[GENERAL_AT + enemy]), side, enemy_checkers)
    found = np.empty(N_SQUARES, np.int16)
    back = np.empty(N_SQUARES, np.int16)
    for slot in range(state[COUNT + enemy]):
        victim = int(state[LIST + 90 * enemy + slot])
        prey = int(state[victim] & 7)
        if prey == GENERAL or (prey == PAWN and (RANK[victim] >= 5) == (enemy == 0)):
            continue
        for i in range(attackers(state, victim, side, found)):
            attacker = int(found[i])
            hunter = int(state[attacker] & 7)
            if hunter in (GENERAL, PAWN) or not _can_take(state, attacker, victim, own_checkers, n_own):
                continue
            if outranks(prey, hunter):
                threats[names[attacker], names[victim]] = THREAT
                continue
            if (
                prey == hunter
                and _contains(back, attackers(state, attacker, enemy, back), victim)
                and _can_take(state, victim, attacker, enemy_checkers, n_enemy)
            ):
                continue
            threats[names[attacker], names[victim]] = _protection(state, attacker, victim, enemy_checkers, n_enemy)


@kernel
def trace_line(state: State, moves: NDArray[np.int32], before: Table, after: Table, checkers: Table) -> None:
    """Play a line without captures and write what the mover of each ply threatens and checks with.

    Pieces are known by the square on which they stand before the first move.

    Args:
        state: the position before the first move; holds the last position afterwards.
        moves: ``int32[n]``.
        before: ``uint8[n, 90, 90]``, zeros; by ply, attacker and victim, what the mover threatens before
            its move, THREAT or SHADOWED (while neither of the two is the piece that moves).
        after: the same after its move.
        checkers: ``uint8[n, 90]``, zeros; 1 for each piece that gives check after the move.
    """
    names = np.arange(N_SQUARES).astype(np.int16)
    found = np.empty(N_SQUARES, np.int16)
    for ply in range(moves.shape[0]):
        origin = moves[ply] >> 7
        target = moves[ply] & 127
        side = int(state[TURN])
        find_threats(state, side, names, before[ply])
        mover = names[origin]
        for other in range(N_SQUARES):
            if before[ply, mover, other] == SHADOWED:
                before[ply, mover, other] = 0
        make_move(state, moves[ply])
        names[target] = mover
        find_threats(state, side, names, after[ply])
        for i in range(attackers(state, int(state[GENERAL_AT + 1 - side]), side, found)):
            checkers[ply, names[found[i]]] = 1
