"""The ends that need no judge: mate, stalemate, sides with nothing left to win with, the natural-move limit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.movegen import has_legal_move, in_check
from xiangqi_gpt.rules.outcome import RuleSet
from xiangqi_gpt.rules.pieces import CANNON, HORSE, PAWN, ROOK
from xiangqi_gpt.rules.position import COUNT, HALFMOVE, LIST, TURN, State, make_move

__all__ = ["BARE", "CHECKMATE", "GOES_ON", "STALEMATE", "is_bare", "natural_limit_reached", "position_end"]

GOES_ON = 0
CHECKMATE = 1
STALEMATE = 2
BARE = 3  # neither side can win


@kernel
def is_bare(state: State, side: int) -> bool:
    """Whether a side (0 Black, 1 Red) has no rook, horse, cannon or pawn."""
    for slot in range(state[COUNT + side]):
        if state[state[LIST + 90 * side + slot]] & 7 in (ROOK, HORSE, CANNON, PAWN):
            return False
    return True


@kernel
def position_end(state: State) -> int:
    """GOES_ON, or how the game has ended with this position: CHECKMATE, STALEMATE (the mover loses) or BARE."""
    if not has_legal_move(state):
        return CHECKMATE if in_check(state) else STALEMATE
    return BARE if is_bare(state, 0) and is_bare(state, 1) else GOES_ON


@kernel
def _count_checks(state: State, moves: NDArray[np.int32]) -> tuple[int, int]:
    """How often Black and how often Red gave check in a line; ``state`` holds its last position afterwards."""
    black = 0
    red = 0
    for move in moves:
        side = state[TURN]
        make_move(state, move)
        if in_check(state):
            if side:
                red += 1
            else:
                black += 1
    return black, red


def natural_limit_reached(start: State, moves: Sequence[int], rules: RuleSet) -> bool:
    """Whether the game is drawn for want of captures.

    Where a rule set counts only so many checks, what a side checked beyond that is taken off its moves,
    and the draw stands once it could be claimed by either side: both have made the moves of the limit,
    and one of them has made as many that count.

    Args:
        start: the position before ``moves``; left as it is.
        moves: the moves since the last capture, as far as they are known (a FEN's counter may tell of more).
        rules: the limit, and how many checks count.
    """
    state = start.copy()
    black_checks, red_checks = _count_checks(state, np.array(moves, np.int32))
    played = int(state[HALFMOVE])
    if played < 2 * rules.natural_move_limit:
        return False
    if rules.counted_checks is None:
        return True
    by_mover, by_other = played // 2, played - played // 2
    red, black = (by_mover, by_other) if state[TURN] else (by_other, by_mover)
    idle_red = red - max(0, red_checks - rules.counted_checks)
    idle_black = black - max(0, black_checks - rules.counted_checks)
    return max(idle_red, idle_black) >= rules.natural_move_limit
