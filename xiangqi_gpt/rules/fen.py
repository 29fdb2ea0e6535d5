"""FEN, the one-line text of a position, as xqbase and Pikafish write it."""

from __future__ import annotations

import numpy as np

from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.rules.pieces import BLACK, GENERAL, RED, Piece, piece_code
from xiangqi_gpt.rules.position import FULLMOVE, HALFMOVE, TURN, State, new_state
from xiangqi_gpt.rules.squares import N_FILES, N_RANKS, N_SQUARES

__all__ = ["STARTING_FEN", "InvalidFenError", "format_fen", "format_placement", "parse_fen"]

STARTING_FEN = "rnbakabnr/9/1c5c1/p1p1p1p1p/9/9/P1P1P1P1P/1C5C1/9/RNBAKABNR w - - 0 1"


class InvalidFenError(XiangqiError, ValueError):
    """A text that is no FEN, or whose sides do not have one general each."""


def _parse_placement(placement: str, fen: str) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    ranks = placement.split("/")
    if len(ranks) != N_RANKS:
        raise InvalidFenError("rules.fen_ranks", fen=fen, count=len(ranks))
    pieces = np.zeros(N_SQUARES, np.int16)
    for rank, text in zip(range(N_RANKS - 1, -1, -1), ranks, strict=True):
        file = 0
        for letter in text:
            if letter in "123456789":
                file += int(letter)
                continue
            try:
                piece = Piece.from_symbol(letter)
            except ValueError:
                raise InvalidFenError("rules.fen_letter", letter=letter) from None
            if file < N_FILES:
                pieces[file + N_FILES * rank] = piece.code
            file += 1
        if file != N_FILES:
            raise InvalidFenError("rules.fen_rank_length", rank=rank, text=text, count=file)
    red, black = (int((pieces == piece_code(GENERAL, color)).sum()) for color in (RED, BLACK))
    if (red, black) != (1, 1):
        raise InvalidFenError("rules.fen_generals", red=red, black=black)
    return pieces


def _parse_counter(text: str, fault: str) -> int:
    """The number of a counter; ``fault`` is the message for a text that is none."""
    if text == "-":
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise InvalidFenError(fault, text=text)
    return int(text)


def parse_fen(fen: str) -> State:
    """The state row of a FEN.

    Read as well as the six fields of the standard: ``H`` and ``E`` for horses and elephants, ``r``
    for Red to move, the placement alone (Red to move), and FENs without the two dashes or without
    the two counters.

    Raises:
        InvalidFenError: the text is no FEN, or a side does not have exactly one general.
    """
    fields = fen.split()
    if not fields:
        raise InvalidFenError("rules.fen_empty")
    pieces = _parse_placement(fields[0], fen)
    turn = fields[1] if len(fields) > 1 else "w"
    if turn.lower() not in ("w", "r", "b"):
        raise InvalidFenError("rules.fen_turn", text=turn)
    # Four fields are either `placement turn - -` or `placement turn halfmove fullmove`.
    rest = fields[2:]
    counters = rest[2:] if rest[:2] == ["-", "-"] else rest
    if len(counters) > 2:
        raise InvalidFenError("rules.fen_fields", fen=fen, start=STARTING_FEN)
    halfmove = _parse_counter(counters[0], "rules.fen_halfmove") if counters else 0
    fullmove = _parse_counter(counters[1], "rules.fen_fullmove") if len(counters) > 1 else 1
    return new_state(pieces, turn.lower() != "b", halfmove, max(fullmove, 1))


def format_placement(state: State) -> str:
    """The first field of the FEN."""
    ranks = []
    for rank in range(N_RANKS - 1, -1, -1):
        text, empty = "", 0
        for code in state[N_FILES * rank : N_FILES * rank + N_FILES].tolist():
            if code == 0:
                empty += 1
                continue
            text += f"{empty or ''}{Piece.from_code(code).symbol()}"
            empty = 0
        ranks.append(f"{text}{empty or ''}")
    return "/".join(ranks)


def format_fen(state: State) -> str:
    """The FEN of a state row, all six fields."""
    turn = "w" if state[TURN] else "b"
    return f"{format_placement(state)} {turn} - - {state[HALFMOVE]} {state[FULLMOVE]}"
