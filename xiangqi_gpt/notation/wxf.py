"""WXF notation (``C2=5``), the Latin letters of the World Xiangqi Federation.

A move is written as in the world rules of 2018: the piece (``K A E H R C P``), its file from 1 to 9
counted from the mover's right, ``+`` forward, ``-`` back or ``=`` sideways, and the number of steps
or, for sideways and diagonal moves, the file of arrival. Of two equal pieces on a file the front
one is ``C+``, the rear one ``C-``. Three or more pawns on a file, and tandem pawns on two files, are
written as place from the front and file, without a letter: ``15=6`` is the first pawn of file 5.

Read as well:

- the form of 1997 (wxf.org, "Official xiangqi piece names and notation"): ``.`` for sideways;
  ``P+ P3 P-`` for three pawns on file 3, ``++ P+ P3 P- --`` for five, ``++ P+ P- --`` for four;
  ``3+ 33 3-`` for pawns of file 3 while there are tandem pawns on two files;
- lower case, as playOK writes it, and spaces;
- other letters: ``N`` horse, ``B`` elephant, ``S`` pawn, ``G`` general or guard (advisor), ``M``
  minister (elephant) or mandarin (advisor); ``G`` and ``M`` never mean two legal moves at once;
- ``C25`` for ``C2=5``, and ``+C-2`` for ``C+-2``;
- the file where the rules ask for front or rear (``C8+5``), when only one piece can move so.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.notation.naming import LONGEST_TEXT, find_move, packed_name
from xiangqi_gpt.rules.naming import (
    ANY,
    BACK,
    FORWARD,
    FRONT,
    MIDDLE,
    MINUS,
    NTH,
    PLUS,
    REAR,
    SIDEWAYS,
    MoveName,
    Reading,
)
from xiangqi_gpt.rules.pieces import ADVISOR, CANNON, ELEPHANT, GENERAL, HORSE, PAWN, ROOK, PieceType
from xiangqi_gpt.rules.position import State

__all__ = ["parse_wxf", "wxf_readings", "wxf_text"]

_LETTERS = ".PAEHCRK"  # by piece type
_PIECES: dict[str, tuple[PieceType, ...]] = {
    "P": (PAWN,),
    "S": (PAWN,),
    "A": (ADVISOR,),
    "E": (ELEPHANT,),
    "B": (ELEPHANT,),
    "M": (ELEPHANT, ADVISOR),
    "H": (HORSE,),
    "N": (HORSE,),
    "C": (CANNON,),
    "R": (ROOK,),
    "K": (GENERAL,),
    "G": (GENERAL, ADVISOR),
}
_DIRECTIONS = {"+": FORWARD, "-": BACK, "=": SIDEWAYS, ".": SIDEWAYS}
_PLACES = {"+": PLUS, "-": MINUS, ".": MIDDLE, "++": FRONT, "--": REAR}

# Letter, digits and signs that name the piece; direction; number.
_MOVE = re.compile(r"([PSAEBMHNCRKG]?)([1-9]{0,2})(\+\+|--|[-+.]?)([-+=.])([1-9])")
_SHORT = re.compile(r"^([PSAEBMHNCRKG][1-9])([1-9])$")  # C25
_SIGN_FIRST = re.compile(r"^([-+])([PSAEBMHNCRKG])(?=[-+=.][1-9]$)")  # +C-2
_DASHES = str.maketrans("–—−", "---")

_Head = tuple[PieceType, int, int, int]  # piece, file, place, nth of a Reading


def _heads(letter: str, digits: str, signs: str, direction: str) -> list[_Head]:
    """What the first part of a text may mean, the likeliest first; empty when nothing."""
    pieces = _PIECES.get(letter, (PAWN,))
    match letter, tuple(map(int, digits)), signs:
        case _, (file,), "" if letter:
            heads = [(piece, file, ANY, 0) for piece in pieces]
            # Of three or five pawns, the 1997 form names the middle one by its file alone.
            return [(PAWN, file, MIDDLE, 0), *heads] if pieces == (PAWN,) else heads
        case _, (), "+" | "-" | "." if letter:
            return [(piece, 0, _PLACES[signs], 0) for piece in pieces]
        case "" | "P" | "S", (), "++" | "--" | ".":
            return [(PAWN, 0, _PLACES[signs], 0)]
        case "", (file,), "+" | "-" | ".":
            return [(PAWN, file, _PLACES[signs], 0)]
        case "", (nth, file), "":
            # 33=4 is the third pawn of file 3, as in 2018. In 1997 it was 33.4 for the middle one.
            heads = [(PAWN, file, NTH, nth)] + [(PAWN, file, MIDDLE, 0)] * (nth == file)
            return heads[::-1] if direction == "." else heads
    return []


@lru_cache(maxsize=8192)
def wxf_readings(text: str) -> tuple[int, ...]:
    """What a text may mean, as packed :class:`~xiangqi_gpt.rules.naming.Reading` values, the likeliest first.

    Raises:
        InvalidMoveError: the text is no WXF move.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidMoveError("rules.move_invalid_wxf", text=text)
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    plain = _SIGN_FIRST.sub(r"\2\1", _SHORT.sub(r"\1=\2", plain.upper())) if plain.isascii() else ""
    match = _MOVE.fullmatch(plain)
    heads = _heads(match[1], match[2], match[3], match[4]) if match else []
    if match is None or not heads:
        raise InvalidMoveError("rules.move_invalid_wxf", text=text)
    return tuple(Reading(*head, _DIRECTIONS[match[4]], int(match[5])).pack() for head in heads)


def parse_wxf(state: State, text: str) -> int:
    """The legal kernel move of a WXF text.

    Raises:
        InvalidMoveError: the text is no WXF move.
        IllegalMoveError: it is one, but not legal here.
        AmbiguousMoveError: it could mean several legal moves; the message names them.
    """
    return find_move(state, text, wxf_readings(text), wxf_text)


@lru_cache(maxsize=16384)
def _spell(packed: int) -> str:
    name = MoveName.unpack(packed)
    letter = _LETTERS[name.piece]
    if name.equals == 1:
        head = f"{letter}{name.file}"
    elif name.piece == PAWN and (name.equals > 2 or name.files > 1):
        head = f"{name.place}{name.file}"
    elif name.place in (1, name.equals):
        head = f"{letter}{'+' if name.place == 1 else '-'}"
    else:  # three rooks, horses or cannons: only in a position that no game leads to
        head = f"{letter}."
    return f"{head}{'+-='[name.direction]}{name.number}"


def wxf_text(state: State, move: int) -> str:
    """The WXF text of a kernel move, as the rules of 2018 write it.

    Raises:
        IllegalMoveError: the side to move cannot move so.
    """
    return _spell(packed_name(state, move))
