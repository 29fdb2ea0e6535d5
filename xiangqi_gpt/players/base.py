"""What a player is, whoever asks it for moves: the window, a match, a protocol."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from xiangqi_gpt.board import Board, Move

__all__ = ["Candidate", "Info", "Limit", "PlayResult", "Player", "ProgressCallback"]


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a player may think about one move; None: no limit of that kind.

    A player keeps the limits it understands: one that answers at once may ignore them all.

    Attributes:
        time: seconds for this move.
        nodes: positions to look at.
        depth: plies to search.
    """

    time: float | None = None
    nodes: int | None = None
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A move that the player considered.

    Attributes:
        move: the move.
        probability: the player's probability of playing it, 0..1, or None.
        score: its worth in pawns from the mover's side, or None.
        line: the line expected, beginning with ``move``.
    """

    move: Move
    probability: float | None = None
    score: float | None = None
    line: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """What a player has found so far: for progress displays and analysis.

    Attributes:
        candidates: the best moves, best first.
        win_probability: the mover's expected score 0..1, or None.
        depth: plies searched, or None.
        nodes: positions looked at, or None.
        time: seconds spent.
    """

    candidates: tuple[Candidate, ...] = ()
    win_probability: float | None = None
    depth: int | None = None
    nodes: int | None = None
    time: float = 0.0


ProgressCallback = Callable[[Info], None]


@dataclass(frozen=True, slots=True)
class PlayResult:
    """A player's answer.

    Attributes:
        move: the move it plays, or None when it resigns.
        info: what it found.
    """

    move: Move | None
    info: Info = Info()


class Player(Protocol):
    """Somebody who can be asked for a move.

    ``play`` is called with a board that has at least one legal move and returns a legal one; it does
    not change the board. The board carries the moves played before (``board.move_stack``). When
    ``stop`` is set, the player answers as soon as it can with the best move so far. ``on_progress``
    may be called any number of times, from the thread that called ``play``.
    """

    @property
    def name(self) -> str:
        """The name for records and displays."""
        ...

    def play(
        self,
        board: Board,
        limit: Limit = Limit(),
        *,
        stop: threading.Event | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> PlayResult:
        """Choose a move."""
        ...

    def close(self) -> None:
        """Let go of processes and files; the player is not used again."""
        ...
