"""Moves as two squares: UCI (``h2e2``) and ICCS (``H2-E2``).

UCI text here has ranks 0-9, as UCCI, xqbase and Pikafish write it. Fairy-Stockfish counts ranks
from 1 to 10: ``first_rank=1`` reads and writes that.
"""

from __future__ import annotations

import re

from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.rules.position import encode_move
from xiangqi_gpt.rules.squares import FILE_NAMES, N_RANKS, parse_square, square, square_file, square_name, square_rank

__all__ = ["iccs_text", "parse_iccs", "parse_uci", "uci_text"]

_UCI = re.compile(r"([a-i])(10|[0-9])([a-i])(10|[0-9])")
_ICCS = re.compile(r"([A-Ia-i][0-9])-?([A-Ia-i][0-9])")


def _invalid(text: str, notation: str, example: str) -> InvalidMoveError:
    return InvalidMoveError("rules.move_invalid", text=text, notation=notation, example=example)


def parse_uci(text: str, first_rank: int = 0) -> int:
    """The kernel move of a UCI text such as ``h2e2``.

    Raises:
        InvalidMoveError: the text is not two squares, or they are one and the same.
    """
    if match := _UCI.fullmatch(text):
        ranks = int(match[2]) - first_rank, int(match[4]) - first_rank
        if min(ranks) >= 0 and max(ranks) < N_RANKS:
            origin = square(FILE_NAMES.index(match[1]), ranks[0])
            target = square(FILE_NAMES.index(match[3]), ranks[1])
            if origin != target:
                return encode_move(origin, target)
    raise _invalid(text, "UCI", f"h{first_rank + 2}e{first_rank + 2}")


def uci_text(move: int, first_rank: int = 0) -> str:
    """The UCI text of a kernel move."""
    return "".join(f"{FILE_NAMES[square_file(sq)]}{square_rank(sq) + first_rank}" for sq in (move >> 7, move & 127))


def parse_iccs(text: str) -> int:
    """The kernel move of an ICCS text: ``H2-E2``, ``h2-e2``, ``H2E2`` or ``h2e2``.

    Raises:
        InvalidMoveError: the text is not two squares, or they are one and the same.
    """
    match = _ICCS.fullmatch(text)
    if match is None or match[1].lower() == match[2].lower():
        raise _invalid(text, "ICCS", "H2-E2")
    return encode_move(parse_square(match[1].lower()), parse_square(match[2].lower()))


def iccs_text(move: int) -> str:
    """The ICCS text of a kernel move, as the standard writes it: ``H2-E2``."""
    return f"{square_name(move >> 7)}-{square_name(move & 127)}".upper()
