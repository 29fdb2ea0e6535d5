"""Chinese notation (炮二平五), as players and books write it.

Four characters: the piece, its file counted from the mover's right, 进 forward, 退 back or 平
sideways, and the number of steps or, for sideways and diagonal moves, the file of arrival. Red's
numbers are 一 to 九, Black's 1 to 9. Two equal pieces on a file are 前 and 后, front and rear; three
are 前, 中, 后. With four or five pawns on a file, or tandem pawns on two files, the pawns concerned
are counted 一, 二, 三, 四, 五 (for Black too), files from right to left, each from front to rear:
三兵平六. Advisors and elephants never take 前 or 后: the direction tells them apart.

Read as well, in any mix: simplified and traditional characters, the characters of either side and
their other forms (車俥 馬傌 砲包 仕士 相象 兵卒 帥將), digits of either side, full width or not,
``+ - = .`` for the direction, spaces; 炮前 for 前炮; pawns named by place and file (前七平八,
前兵七平八, 一七平八); 前兵 or 后兵 where there are four or more or tandem pawns on two files, and the
file where the rules ask for 前 or 后 (炮八进五), when only one piece can move so.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.notation.naming import LONGEST_TEXT, find_move, packed_name
from xiangqi_gpt.rules.naming import ANY, COUNTED, FRONT, MIDDLE, NTH, REAR, MoveName, Reading
from xiangqi_gpt.rules.pieces import PAWN, PIECE_HANZI, PieceType, piece_code
from xiangqi_gpt.rules.position import State

__all__ = ["chinese_readings", "chinese_text", "parse_chinese"]

_RED_DIGITS = "一二三四五六七八九"
_BLACK_DIGITS = "１２３４５６７８９"
# In running text both sides' rooks, horses and cannons are written alike.
_TRADITIONAL = str.maketrans("车马将帅进后", "車馬將帥進後")

# The characters that are read, each as one letter: pieces by their WXF letters, f(ront) m(iddle)
# r(ear), digits, and directions.
_READ = str.maketrans(
    {
        character: letter
        for characters, letter in (
            ("车車俥伡", "R"),
            ("马馬傌", "H"),
            ("炮砲包礮", "C"),
            ("兵卒", "P"),
            ("仕士", "A"),
            ("相象", "E"),
            ("帅帥将將", "K"),
            ("前", "f"),
            ("中", "m"),
            ("后後", "r"),
            ("进進", "+"),
            ("退", "-"),
            ("平.", "="),
            *zip(_RED_DIGITS, "123456789", strict=True),
        )
        for character in characters
    }
)
_LATIN = re.compile(r"[A-Za-z]")
_PIECES = ".PAEHCRK"  # by piece type
_PLACES = {"f": FRONT, "m": MIDDLE, "r": REAR}
_MOVE = re.compile(r"([a-zA-Z1-9]{2,3})([-+=])([1-9])")


def _head(head: str) -> tuple[PieceType, int, int, int] | None:
    """Piece, file, place and nth of the Reading that the first part of a text means."""
    pieces = [_PIECES.index(letter) for letter in head if letter in _PIECES]
    digits = [int(letter) for letter in head if letter.isdecimal()]
    shape = "".join("L" if letter in _PIECES else "d" if letter.isdecimal() else "s" for letter in head)
    piece = pieces[0] if pieces else PAWN
    place = next((_PLACES[letter] for letter in head if letter in _PLACES), ANY)
    match shape:
        case "Ld" | "sd" | "sLd":
            return piece, digits[0], place, 0
        case "sL" | "Ls":
            return piece, 0, place, 0
        case "dL":
            return piece, 0, COUNTED, digits[0]
        case "dd" | "dLd":
            return piece, digits[1], NTH, digits[0]
    return None


@lru_cache(maxsize=8192)
def chinese_readings(text: str) -> tuple[int, ...]:
    """What a text means, as packed :class:`~xiangqi_gpt.rules.naming.Reading` values.

    Raises:
        InvalidMoveError: the text is no Chinese move.
    """
    # NFKC makes digits and signs of full width ASCII, and compatibility characters common ones.
    plain = "".join(unicodedata.normalize("NFKC", text).split()) if len(text) <= LONGEST_TEXT else ""
    foreign = plain.isascii() or _LATIN.search(plain)
    match = None if foreign else _MOVE.fullmatch(plain.translate(_READ))
    head = _head(match[1]) if match else None
    if match is None or head is None:
        raise InvalidMoveError("rules.move_invalid_chinese", text=text)
    return (Reading(*head, "+-=".index(match[2]), int(match[3])).pack(),)


def parse_chinese(state: State, text: str) -> int:
    """The legal kernel move of a Chinese text.

    Raises:
        InvalidMoveError: the text is no Chinese move.
        IllegalMoveError: it is one, but not legal here.
        AmbiguousMoveError: it could mean several legal moves; the message names them.
    """
    return find_move(state, text, chinese_readings(text), chinese_text)


@lru_cache(maxsize=16384)
def _spell(packed: int, traditional: bool, full_width: bool) -> str:
    name = MoveName.unpack(packed)
    numerals = _RED_DIGITS if name.red else _BLACK_DIGITS if full_width else "123456789"
    piece = PIECE_HANZI[piece_code(name.piece, bool(name.red))]
    if name.equals == 1:
        head = piece + numerals[name.file - 1]
    elif name.equals <= 3 and name.files == 1:
        head = ("前后" if name.equals == 2 else "前中后")[name.place - 1] + piece
    else:
        # More than nine stand only in positions that no game leads to.
        head = (_RED_DIGITS[name.counted - 1] if name.counted <= 9 else str(name.counted)) + piece
    text = f"{head}{'进退平'[name.direction]}{numerals[name.number - 1]}"
    return text.translate(_TRADITIONAL) if traditional else text


def chinese_text(state: State, move: int, *, traditional: bool = False, full_width: bool = True) -> str:
    """The Chinese text of a kernel move.

    Args:
        state: the position.
        move: the move.
        traditional: write 車馬將帥進後 for 车马将帅进后.
        full_width: whether Black's digits are as wide as the characters (８) or ASCII (8).

    Raises:
        IllegalMoveError: the side to move cannot move so.
    """
    return _spell(packed_name(state, move), traditional, full_width)
