"""Play a whole game of vocabulary ids in one kernel call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.vocabulary import MOVE_CODE, N_MOVES, NO_MOVE
from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.movegen import is_legal
from xiangqi_gpt.rules.position import State, make_move

__all__ = ["drop_illegal_best", "replay_game"]


@kernel
def replay_game(state: State, ids: NDArray[np.uint16]) -> int:
    """Play ``ids`` (``uint16[T]``) as long as they are legal; returns how many plies were.

    ``state`` is left at the position before the first illegal move, or at the end of the game. Any
    number may stand in ``ids``: what is no move of the vocabulary is illegal.
    """
    for ply in range(len(ids)):
        move = int(ids[ply])
        if move >= N_MOVES or not is_legal(state, MOVE_CODE[move]):
            return ply
        make_move(state, MOVE_CODE[move])
    return len(ids)


@kernel
def drop_illegal_best(state: State, ids: NDArray[np.uint16], best: NDArray[np.uint16]) -> int:
    """Overwrite those of ``best`` (``uint16[T]``) that are illegal with 65535; returns how many were.

    ``ids`` is a legal game; ``best[t]`` is tried in the position before ``ids[t]``. ``state`` is left
    at the end of the game.
    """
    dropped = 0
    for ply in range(len(ids)):
        label = int(best[ply])
        if label != NO_MOVE and (label >= N_MOVES or not is_legal(state, MOVE_CODE[label])):
            best[ply] = NO_MOVE
            dropped += 1
        make_move(state, MOVE_CODE[int(ids[ply])])
    return dropped
