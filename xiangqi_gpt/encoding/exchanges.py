"""What a move wins or loses: static exchange evaluation, threats, and how it answers the last moves.

A move's exchange category is one of 490, by four facts:

- **history** (5): nothing of the following; it captures the piece that moved last; the same, and that
  piece had captured (a recapture); it moves the piece that its side moved last; it takes that move back;
- **exchange** (7): what it wins when both sides take on its target in turn as long as that pays, least
  valuable piece first, in half pawns: -9 and less, to -4, to -1, 0, to 3, to 8, 9 and more;
- **threat** (7): the most profitable enemy piece that the moved piece attacks from its target, by kind;
  0: none that is undefended or worth more than it;
- **check** (2): whether the mover was in check.

The exchange looks at the board before the move: lines that open behind a piece, cannons that gain or
lose a screen and pins are not seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.attacks import ONE_OF_KIND, Attackers, attacked_points
from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.pieces import CANNON, GENERAL
from xiangqi_gpt.rules.position import State

__all__ = ["MOST_CAPTURES", "N_EXCHANGES", "PIECE_VALUE", "exchange_category", "exchange_value", "is_en_prise"]

N_EXCHANGES = 5 * 7 * 7 * 2

# Half pawns by kind; a general is worth more than all else together.
PIECE_VALUE = np.array([0, 3, 4, 4, 8, 9, 18, 400], np.int64)
MOST_CAPTURES = 32


@kernel
def _least_kind(attackers: int) -> int:
    """The kind of the least valuable attacker, or 0 when there is none; kinds rise in value."""
    for kind in range(1, 8):
        if (attackers >> 8 * (kind - 1)) & 255:
            return kind
    return 0


@kernel
def exchange_value(captured: int, mover: int, enemy: int, own: int, gains: NDArray[np.int64]) -> int:
    """What a capture is worth to the mover when both sides go on taking as long as it pays, in half pawns.

    Args:
        captured: the kind captured, 0 for none.
        mover: the kind that captures and may be taken in turn.
        enemy: the enemy's attackers of the point, one point of :data:`Attackers`.
        own: the mover's other attackers.
        gains: scratch, ``int64[32]``.
    """
    gains[0] = PIECE_VALUE[captured]
    at_risk = PIECE_VALUE[mover]
    depth = 0
    attackers, others = enemy, own
    while depth < MOST_CAPTURES - 1:
        kind = _least_kind(attackers)
        if kind == 0 or (kind == GENERAL and others != 0):  # a general does not walk into an attack
            break
        depth += 1
        gains[depth] = at_risk - gains[depth - 1]
        at_risk = PIECE_VALUE[kind]
        attackers, others = others, attackers - ONE_OF_KIND[kind]
    while depth > 0:
        gains[depth - 1] = min(gains[depth - 1], -gains[depth])
        depth -= 1
    return int(gains[0])


@kernel
def is_en_prise(kind: int, attackers: int, defenders: int, gains: NDArray[np.int64]) -> bool:
    """Whether taking a piece of ``kind`` wins something, by the attackers and defenders of its point."""
    taker = _least_kind(attackers)
    if taker == 0 or (taker == GENERAL and defenders != 0):
        return False
    return bool(exchange_value(kind, taker, defenders, attackers - ONE_OF_KIND[taker], gains) > 0)


@kernel
def _threatened_kind(state: State, origin: int, target: int, defenders: Attackers, found: NDArray[np.int16]) -> int:
    """The kind of the most profitable piece that the mover attacks from its target, 0 for none."""
    piece = state[origin]
    captured = state[target]
    state[target] = piece
    state[origin] = 0
    best, best_profit = 0, 0
    for i in range(attacked_points(state, target, found)):
        victim = state[found[i]]
        if victim == 0 or victim >> 3 == piece >> 3 or victim & 7 == GENERAL:
            continue
        profit = PIECE_VALUE[victim & 7]
        if defenders[found[i]]:
            profit -= PIECE_VALUE[piece & 7]
        kind = int(victim & 7)
        if profit > best_profit or (profit == best_profit and kind > best and best > 0):
            best, best_profit = kind, profit
    state[origin] = piece
    state[target] = captured
    return best


@kernel
def exchange_category(
    state: State,
    origin: int,
    target: int,
    own: Attackers,
    enemy: Attackers,
    check: bool,
    last: int,
    last_captured: bool,
    own_last: int,
    found: NDArray[np.int16],
    gains: NDArray[np.int64],
) -> int:
    """The exchange category of a legal move, ``0 .. N_EXCHANGES - 1``.

    Args:
        state: the position; touched, and restored.
        origin: where the move begins.
        target: where it ends.
        own: attackers of the mover's side, of the position.
        enemy: the enemy's.
        check: whether the mover is in check.
        last: the enemy's last move (kernel code), -1 for none.
        last_captured: whether it captured.
        own_last: the mover's own last move, -1 for none.
        found: scratch, ``int16[>= 17]``.
        gains: scratch, ``int64[32]``.
    """
    history = 0
    if last >= 0 and target == last & 127:
        history = 2 if last_captured else 1
    elif own_last >= 0 and origin == own_last & 127:
        history = 4 if target == own_last >> 7 else 3
    kind = int(state[origin] & 7)
    captured = int(state[target] & 7)
    others = own[target]
    if captured or kind != CANNON:  # the mover itself is among those that attack the target
        others -= ONE_OF_KIND[kind]
    value = exchange_value(captured, kind, enemy[target], others, gains)
    if value < 0:
        step = 0 if value <= -9 else 1 if value <= -4 else 2
    elif value == 0:
        step = 3
    else:
        step = 4 if value < 4 else 5 if value < 9 else 6
    threat = _threatened_kind(state, origin, target, enemy, found)
    return ((history * 7 + step) * 7 + threat) * 2 + (1 if check else 0)
