"""From the move texts of a game to its moves, whatever notation it is in.

Coordinates with ranks 0-9 (``h2e2``, ``H2-E2``: ICCS, UCCI) or 1-10 (``h3e3``, ``h10g8``: the UCI of
Fairy-Stockfish), WXF and Chinese notation, in any mix but for the ranks, which a game counts in one
way. A text that could mean two moves is decided by what follows where it can be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.notation.coordinates import parse_uci
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError, InvalidMoveError
from xiangqi_gpt.notation.text import parse_text, text_readings
from xiangqi_gpt.rules.fen import format_fen
from xiangqi_gpt.rules.movegen import is_legal
from xiangqi_gpt.rules.naming import NAMED, moves_named, play_named
from xiangqi_gpt.rules.position import State, make_move
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["LineReading", "MoveError", "MoveReader"]

MoveError: TypeAlias = InvalidMoveError | IllegalMoveError | AmbiguousMoveError

_COORDINATES = re.compile(r"([A-Ia-i](?:10|[0-9]))-?([A-Ia-i](?:10|[0-9]))")
_RANK_ZERO = re.compile(r"[A-Ia-i]0")
_NO_MOVE = -1

# How many ways to read a line are followed at once, and how many moves are tried to tell them apart.
_MOST_WAYS = 32
_MOST_TRIES = 2000


def _meaning(first_rank: int, text: str) -> int:
    """What :func:`play_named` takes for a text: of several readings the two likeliest."""
    try:
        if match := _COORDINATES.fullmatch(text):
            return parse_uci(f"{match[1]}{match[2]}".lower(), first_rank)
        first, *others = text_readings(text)
        return NAMED | first | (NAMED | others[0]) << 32 if others else NAMED | first
    except InvalidMoveError:
        return _NO_MOVE


# By the first rank; each keeps what it has found.
_MEANINGS = tuple(lru_cache(1 << 16)(partial(_meaning, first_rank)) for first_rank in (0, 1))


def _moves_meant(state: State, text: str, first_rank: int) -> list[int]:
    """The legal moves that a text can mean: those of its likeliest reading that has any."""
    meaning = _MEANINGS[first_rank](text)
    if meaning < NAMED:
        return [meaning] if meaning >= 0 and is_legal(state, meaning) else []
    found = np.empty(N_SQUARES, np.int32)
    for reading in text_readings(text):
        if count := moves_named(state, reading, found):
            moves: list[int] = found[:count].tolist()
            return moves
    return []


def _fault(state: State, text: str, first_rank: int) -> MoveError:
    """Why a text is not exactly one legal move."""
    meaning = _MEANINGS[first_rank](text)
    if 0 <= meaning < NAMED:
        return IllegalMoveError("rules.move_illegal", text=text, fen=format_fen(state))
    try:
        parse_text(state, text)
    except (IllegalMoveError, AmbiguousMoveError) as error:
        return error
    except InvalidMoveError:
        pass
    return InvalidMoveError("rules.move_invalid_text", text=text)


@dataclass(frozen=True, slots=True, eq=False)
class LineReading:
    """What :meth:`MoveReader.read_line` made of the texts of a line.

    Attributes:
        moves: ``int32[N]``, the kernel moves of the first N texts, all legal.
        error: what is wrong with ``texts[N]``: no move, not legal, or ambiguous; None when all N texts
            were read.
        resolved: by index, the texts that could mean several moves of which only one, now in
            ``moves``, lets the line go on.
    """

    moves: NDArray[np.int32]
    error: MoveError | None
    resolved: dict[int, AmbiguousMoveError]


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """One way to read the ambiguous part of a line: the moves so far, and the position behind them."""

    state: State
    moves: tuple[int, ...] = ()

    def extended(self, move: int) -> _Way:
        state = self.state.copy()
        make_move(state, move)
        return _Way(state, (*self.moves, move))


class MoveReader:
    """Reads the moves of one game; each game needs a new one.

    Whether ranks count from 0 or 1 is decided by the first line that is read, so that should be the
    main line: from 0 unless the line can be played further with ranks from 1.
    """

    def __init__(self) -> None:
        self._first_rank: int | None = None  # None: not known yet

    @property
    def first_rank(self) -> int | None:
        """The number of Red's first rank in coordinates, 0 or 1; None where no move was read yet."""
        return self._first_rank

    def read(self, state: State, text: str) -> int:
        """The legal kernel move of a text; ``state`` stays as it is.

        Raises:
            InvalidMoveError: the text is no move in any notation.
            IllegalMoveError: it is one, but not legal here.
            AmbiguousMoveError: it could mean several legal moves; the message names them.
        """
        reading = self.read_line(state.copy(), [text])
        if reading.error is not None:
            raise reading.error
        return int(reading.moves[0])

    def read_line(self, state: State, texts: Sequence[str]) -> LineReading:
        """Read the texts of a line from ``state`` on, as far as they are legal moves.

        ``state`` is left behind the last move that was read. Nothing is raised: see
        :attr:`LineReading.error`.
        """
        if self._first_rank is not None:
            return _read_line(state, texts, self._first_rank)
        start = state.copy()
        reading = _read_line(state, texts, 0)
        if reading.error is not None and self._may_count_from_one(texts):
            other = _read_line(start, texts, 1)
            if len(other.moves) > len(reading.moves):
                self._first_rank = 1
                state[:] = start
                return other
        if len(reading.moves):
            self._first_rank = 0
        return reading

    def _may_count_from_one(self, texts: Sequence[str]) -> bool:
        squares = [text for text in texts if _COORDINATES.fullmatch(text)]
        return bool(squares) and not any(_RANK_ZERO.search(text) for text in squares)


def _read_line(state: State, texts: Sequence[str], first_rank: int) -> LineReading:
    meanings = np.fromiter(map(_MEANINGS[first_rank], texts), np.int64, len(texts))
    moves = np.empty(len(texts), np.int32)
    resolved: dict[int, AmbiguousMoveError] = {}
    ply = play_named(state, meanings, moves)
    while ply < len(texts):
        way, error = _find_way(state, texts[ply:], first_rank)
        for move in way.moves:
            if len(_moves_meant(state, texts[ply], first_rank)) > 1:
                fault = _fault(state, texts[ply], first_rank)
                assert isinstance(fault, AmbiguousMoveError)
                resolved[ply] = fault
            moves[ply] = move
            make_move(state, move)
            ply += 1
        if error is not None:
            return LineReading(moves[:ply], error, resolved)
        ply += play_named(state, meanings[ply:], moves[ply:])
    return LineReading(moves, None, resolved)


def _find_way(state: State, texts: Sequence[str], first_rank: int) -> tuple[_Way, MoveError | None]:
    """The only way to play the first of the texts, with as many of the others as it takes to tell.

    All ways are followed side by side until one is left. The error is that of the text behind it.
    """
    ways = [start := _Way(state)]
    tries = 0
    for text in texts:
        grown = [way.extended(move) for way in ways for move in _moves_meant(way.state, text, first_rank)]
        if not grown and len(ways) == 1:
            return ways[0], _fault(ways[0].state, text, first_rank)
        tries += len(ways)
        if len(grown) == 1:
            return grown[0], None
        if not grown or len(grown) > _MOST_WAYS or tries > _MOST_TRIES:
            break
        ways = grown
    return start, _fault(state, texts[0], first_rank)
