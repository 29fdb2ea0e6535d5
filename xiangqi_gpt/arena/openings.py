"""Short random openings, from which both colours are played."""

from __future__ import annotations

import random
from collections.abc import Iterator

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.rules.mate import allows_mate, find_mate

__all__ = ["MAX_OPENING_PLIES", "Opening", "random_openings"]

Opening = tuple[Move, ...]

MAX_OPENING_PLIES = 40
"""Longer ones are no openings, and random play rarely gets there with both sides still in the game."""

# Where there are few openings (44 of one ply), they begin to repeat after so many draws in vain.
_MAX_REPEATS = 100


def _is_lost(board: Board) -> bool:
    """Whether a side is lost at once: the game is over, or one side or the other mates next."""
    return board.is_game_over() or find_mate(board.state) >= 0 or bool(allows_mate(board.state))


def _draw(draws: random.Random, plies: int) -> Board:
    """A board after ``plies`` random legal moves that leave neither side lost at once."""
    while True:
        board = Board()
        while len(board.move_stack) < plies and board.legal_moves:
            board.push(draws.choice(list(board.legal_moves)))
        if len(board.move_stack) == plies and not _is_lost(board):
            return board


def random_openings(seed: int, plies: tuple[int, int]) -> Iterator[Opening]:
    """Random legal openings without end, the same ones for the same seed.

    They are not balanced by themselves: each is to be played twice, with colours swapped. None ends
    the game, lets the side to move mate, or leaves it no move against a mate in one. Two openings end
    in the same position only when new ones have become hard to find.

    Args:
        seed: what decides them.
        plies: the fewest and the most plies, 0..``MAX_OPENING_PLIES``; each number in between is as likely.
    """
    draws = random.Random(seed)
    seen: set[int] = set()
    while True:
        for _ in range(_MAX_REPEATS):
            board = _draw(draws, draws.randint(*plies))
            if board.zobrist_hash() not in seen:
                break
        seen.add(board.zobrist_hash())
        yield tuple(board.move_stack)
