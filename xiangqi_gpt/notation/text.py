"""A move in whichever notation it comes."""

from __future__ import annotations

import re

from xiangqi_gpt.notation.chinese import chinese_readings, parse_chinese
from xiangqi_gpt.notation.coordinates import parse_iccs
from xiangqi_gpt.notation.errors import IllegalMoveError, InvalidMoveError
from xiangqi_gpt.notation.wxf import parse_wxf, wxf_readings
from xiangqi_gpt.rules.fen import format_fen
from xiangqi_gpt.rules.movegen import is_legal
from xiangqi_gpt.rules.position import State

__all__ = ["parse_text", "text_readings"]

_TWO_SQUARES = re.compile(r"[A-Ia-i][0-9]-?[A-Ia-i][0-9]")
_FIRST_EAST_ASIAN = "\u2e80"  # all characters of Chinese notation come after it, the digits of full width too


def _is_chinese(text: str) -> bool:
    return max(text, default="") >= _FIRST_EAST_ASIAN


def parse_text(state: State, text: str) -> int:
    """The legal kernel move of a text in UCI, ICCS, WXF or Chinese notation.

    Two squares are UCI or ICCS (with ranks 0-9), a text with a Chinese character is Chinese, and
    all else is WXF. No text belongs to two of them.

    Raises:
        InvalidMoveError: the text is no move in any of the notations.
        IllegalMoveError: it is one, but not legal here.
        AmbiguousMoveError: it could mean several legal moves; the message names them.
    """
    text = text.strip()
    if _TWO_SQUARES.fullmatch(text):
        move = parse_iccs(text)
        if not is_legal(state, move):
            raise IllegalMoveError("rules.move_illegal", text=text, fen=format_fen(state))
        return move
    try:
        return parse_chinese(state, text) if _is_chinese(text) else parse_wxf(state, text)
    except InvalidMoveError:
        raise InvalidMoveError("rules.move_invalid_text", text=text) from None


def text_readings(text: str) -> tuple[int, ...]:
    """What a text in Chinese or WXF notation may mean, as packed readings, the likeliest first.

    Raises:
        InvalidMoveError: the text is no move in these notations.
    """
    try:
        return chinese_readings(text) if _is_chinese(text) else wxf_readings(text)
    except InvalidMoveError:
        raise InvalidMoveError("rules.move_invalid_text", text=text) from None
