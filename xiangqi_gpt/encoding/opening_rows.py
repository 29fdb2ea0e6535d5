"""Games -> the moves of their openings, each with the key of its position, in one kernel call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.vocabulary import FLIP_ID, MOVE_CODE
from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.position import State
from xiangqi_gpt.rules.squares import N_SQUARES
from xiangqi_gpt.rules.zobrist import MIRRORED_ZOBRIST, RED_TO_MOVE_KEY, ZOBRIST, mirrored_key, zobrist_key

__all__ = ["opening_rows"]


@kernel
def opening_rows(
    start: State,
    moves: NDArray[np.uint16],
    offsets: NDArray[np.int64],
    games: NDArray[np.int64],
    plies: int,
    mirrored: bool,
    keys: NDArray[np.uint64],
    played: NDArray[np.uint16],
    of_game: NDArray[np.int64],
    by_red: NDArray[np.bool_],
) -> int:
    """Write a row for each move of the first ``plies`` of games from one start.

    A move that a game repeats in the same position has one row.

    Args:
        start: the position before the first moves.
        moves: vocabulary ids of legal games, ``uint16[P]``.
        offsets: game i is ``moves[offsets[i]:offsets[i + 1]]``.
        games: the games to take, ``int64[G]``.
        plies: how far.
        mirrored: whether a position and its mirror image are one. Of the two the one with the smaller
            key stands for both, with the moves as they are there; in a position that is its own mirror
            image, of a move and its image the one with the larger code (Red's right side) does.
        keys: out ``uint64[R]``, the Zobrist key of the position of each row.
        played: out ``uint16[R]``, the move as ``from << 7 | to``.
        of_game: out ``int64[R]``, the game, by its number in ``offsets``.
        by_red: out ``bool[R]``, whether the move is Red's.

    Returns:
        How many rows were written.
    """
    board = np.empty(N_SQUARES, np.int16)
    start_key = zobrist_key(start)
    start_mirror = mirrored_key(start)
    n = 0
    for game in games:
        board[:] = start[:N_SQUARES]
        key = start_key
        mirror = start_mirror
        first = n
        for at in range(offsets[game], min(offsets[game + 1], offsets[game] + plies)):
            code = MOVE_CODE[moves[at]]
            origin = code >> 7
            target = code & 127
            piece = board[origin]
            captured = board[target]
            shown = code
            position = key
            if mirrored and mirror <= key:
                image = MOVE_CODE[FLIP_ID[moves[at]]]
                shown = image if mirror < key else max(code, image)
                position = mirror
            known = False
            for row in range(first, n):
                known = known or (keys[row] == position and played[row] == shown)
            if not known:
                keys[n] = position
                played[n] = shown
                of_game[n] = game
                by_red[n] = piece >> 3 == 1
                n += 1
            key ^= RED_TO_MOVE_KEY ^ ZOBRIST[piece, origin] ^ ZOBRIST[piece, target]
            mirror ^= RED_TO_MOVE_KEY ^ MIRRORED_ZOBRIST[piece, origin] ^ MIRRORED_ZOBRIST[piece, target]
            if captured:
                key ^= ZOBRIST[captured, target]
                mirror ^= MIRRORED_ZOBRIST[captured, target]
            board[target] = piece
            board[origin] = 0
    return n
