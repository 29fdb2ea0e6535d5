"""What WXF and Chinese notation share: from a move to its name, and from readings to a move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xiangqi_gpt.notation.coordinates import uci_text
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError
from xiangqi_gpt.rules.fen import format_fen
from xiangqi_gpt.rules.naming import moves_named, name_of_move
from xiangqi_gpt.rules.position import TURN, State
from xiangqi_gpt.rules.squares import N_SQUARES, square_file, square_rank

__all__ = ["LONGEST_TEXT", "find_move", "packed_name"]

# Longer texts are no moves; that many characters leave room for spaces anywhere.
LONGEST_TEXT = 32


def packed_name(state: State, move: int) -> int:
    """The name of a move as :meth:`~xiangqi_gpt.rules.naming.MoveName.unpack` takes it.

    Raises:
        IllegalMoveError: the side to move cannot move so, even if its general did not matter.
    """
    name: int = name_of_move(state, move)
    if name < 0:
        raise IllegalMoveError("rules.move_illegal", text=uci_text(move), fen=format_fen(state))
    return name


def _file_and_rank(move: int) -> tuple[int, int]:
    origin = move >> 7
    return square_file(origin), square_rank(origin)


def find_move(state: State, text: str, readings: tuple[int, ...], spell: Callable[[State, int], str]) -> int:
    """The legal move of the first reading that has any.

    Args:
        state: the position.
        text: what was read, for messages.
        readings: packed :class:`~xiangqi_gpt.rules.naming.Reading` values, the likeliest first.
        spell: writes a move in the notation of the text.

    Raises:
        IllegalMoveError: no reading has a legal move.
        AmbiguousMoveError: the first reading that has legal moves has several.
    """
    found = np.empty(N_SQUARES, np.int32)
    for reading in readings:
        count = moves_named(state, reading, found)
        if count == 1:
            return int(found[0])
        if count:
            # As pieces are counted: from the mover's right to left, on each file from front to rear.
            moves = sorted(found[:count].tolist(), key=_file_and_rank, reverse=bool(state[TURN]))
            candidates = ", ".join(spell(state, move) for move in moves)
            raise AmbiguousMoveError("rules.move_ambiguous", text=text, candidates=candidates, fen=format_fen(state))
    raise IllegalMoveError("rules.move_illegal", text=text, fen=format_fen(state))
