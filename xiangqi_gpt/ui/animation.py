"""How pieces get from one picture of the board to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from xiangqi_gpt.board import Board
from xiangqi_gpt.rules.squares import N_SQUARES, Square, square_file, square_rank

__all__ = ["Motion", "Placement", "Slide", "motion_between", "placement"]

Placement: TypeAlias = tuple[int, ...]
"""The piece code on each of the 90 squares, 0 where there is none."""

DURATION = 0.2
"""Seconds that a move takes to look at."""


@dataclass(frozen=True, slots=True)
class Slide:
    """A piece on its way to where it stands."""

    code: int
    origin: Square
    target: Square


@dataclass(frozen=True, slots=True)
class Motion:
    """What moves since ``started`` (seconds of some clock), and what fades away."""

    slides: tuple[Slide, ...] = ()
    fades: tuple[tuple[Square, int], ...] = ()
    started: float = 0.0

    def done(self, now: float) -> float:
        """How far it has come, 0..1, quick at first and slow at the end."""
        part = min(max((now - self.started) / DURATION, 0.0), 1.0)
        return 1 - (1 - part) ** 3

    def is_running(self, now: float) -> bool:
        """Whether there is something left to see."""
        return bool(self.slides or self.fades) and now - self.started < DURATION


def placement(board: Board) -> Placement:
    """The pieces of a board."""
    return tuple(board.state[:N_SQUARES].tolist())


def motion_between(before: Placement, after: Placement, now: float) -> Motion:
    """Slide each newcomer from the nearest square that a piece of its kind has left; what has no heir fades."""
    gone = {sq: code for sq, code in enumerate(before) if code and after[sq] != code}
    slides = []
    for sq, code in enumerate(after):
        if not code or before[sq] == code:
            continue
        origins = [origin for origin, left in gone.items() if left == code]
        if origins:
            origin = min(origins, key=lambda origin: _distance(origin, sq))
            del gone[origin]
            slides.append(Slide(code, origin, sq))
    return Motion(tuple(slides), tuple(gone.items()), now)


def _distance(a: Square, b: Square) -> int:
    return (square_file(a) - square_file(b)) ** 2 + (square_rank(a) - square_rank(b)) ** 2
