"""Moves as two squares: UCI (``h2e2``) and ICCS (``H2-E2``).

UCI text here has ranks 0-9, as UCCI, xqbase and Pikafish write it. Fairy-Stockfish counts ranks
from 1 to 10: ``first_rank=1`` reads and writes that.
"""

from __future__ import annotations

import re

from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.rules.position import encode_move
from xiangqi_gpt.rules.squares import FILE_NAMES, N_RANKS, Square, square, square_file, square_name, square_rank

__all__ = ["iccs_text", "parse_iccs", "parse_uci", "uci_text"]

_UCI = re.compile(r"([a-i])(\d{1,2})([a-i])(\d{1,2})", re.ASCII)
_ICCS = re.compile(r"([A-Ia-i])([0-9])-?([A-Ia-i])([0-9])", re.ASCII)


def _square(file: str, rank: int, text: str, notation: str) -> Square:
    if not 0 <= rank < N_RANKS:
        raise InvalidMoveError("rules.move_invalid", text=text, notation=notation)
    return square(FILE_NAMES.index(file), rank)


def parse_uci(text: str, first_rank: int = 0) -> int:
    """The kernel move of a UCI text such as ``h2e2``.

    Raises:
        InvalidMoveError: the text is not two squares, or they are one and the same.
    """
    match = _UCI.fullmatch(text)
    if match is None or match[1] + match[2] == match[3] + match[4]:
        raise InvalidMoveError("rules.move_invalid", text=text, notation="UCI")
    origin = _square(match[1], int(match[2]) - first_rank, text, "UCI")
    target = _square(match[3], int(match[4]) - first_rank, text, "UCI")
    return encode_move(origin, target)


def uci_text(move: int, first_rank: int = 0) -> str:
    """The UCI text of a kernel move."""
    return "".join(f"{FILE_NAMES[square_file(sq)]}{square_rank(sq) + first_rank}" for sq in (move >> 7, move & 127))


def parse_iccs(text: str) -> int:
    """The kernel move of an ICCS text: ``H2-E2``, ``h2-e2``, ``H2E2`` or ``h2e2``.

    Raises:
        InvalidMoveError: the text is not two squares, or they are one and the same.
    """
    match = _ICCS.fullmatch(text)
    if match is None or (match[1] + match[2]).lower() == (match[3] + match[4]).lower():
        raise InvalidMoveError("rules.move_invalid", text=text, notation="ICCS")
    origin = _square(match[1].lower(), int(match[2]), text, "ICCS")
    target = _square(match[3].lower(), int(match[4]), text, "ICCS")
    return encode_move(origin, target)


def iccs_text(move: int) -> str:
    """The ICCS text of a kernel move, as the standard writes it: ``H2-E2``."""
    return f"{square_name(move >> 7)}-{square_name(move & 127)}".upper()
