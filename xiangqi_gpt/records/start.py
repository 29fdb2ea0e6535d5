"""The start position of a game by its FEN tag."""

from __future__ import annotations

from itertools import takewhile

from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.rules.fen import STARTING_FEN, InvalidFenError, parse_fen
from xiangqi_gpt.rules.movegen import is_attacked
from xiangqi_gpt.rules.position import GENERAL_AT, TURN, State

__all__ = ["read_fen", "start_position"]

_SIDES = {"w": "w", "r": "w", "red": "w", "white": "w", "红": "w", "紅": "w", "红方": "w", "紅方": "w"}
_SIDES |= {"b": "b", "black": "b", "黑": "b", "黑方": "b"}
_OTHER_LETTERS = str.maketrans("GgSs", "KkPp")  # general, soldier
_NAMES = ("fen", "position", "fen:")


def read_fen(text: str) -> State:
    """The state row of a FEN as it is found in files.

    Read as well as what :func:`~xiangqi_gpt.rules.fen.parse_fen` takes: ``red``, ``black``, 红 and 黑 for
    the side to move, a dash in place of it, ``G`` and ``S`` for general and soldier, the word ``fen``
    before it, ``startpos``, and whatever follows the last field.

    Raises:
        InvalidFenError: the text is no FEN, or a side does not have exactly one general.
    """
    fields = text.split()
    while fields and fields[0].lower() in _NAMES:
        del fields[0]
    if not fields:
        return parse_fen("")
    placement, *rest = fields
    if placement.lower() == "startpos":
        placement, *rest = STARTING_FEN.split()
    side = "w"
    if rest and (rest[0] == "-" or rest[0].lower() in _SIDES):
        side = _SIDES.get(rest.pop(0).lower(), "w")
    elif rest and len(rest[0]) == 1 and not rest[0].isdecimal():
        side = rest.pop(0)  # for parse_fen to refuse
    last = list(takewhile(lambda field: field == "-" or (field.isascii() and field.isdecimal()), rest[:4]))
    counters = last[2:] if len(last) == 4 else [field for field in last if field != "-"][:2]
    return parse_fen(" ".join([placement.translate(_OTHER_LETTERS), side, *counters]))


def start_position(fen: str, file: str, line: int) -> State:
    """The state row of a FEN tag on ``line`` of ``file``, read as by :func:`read_fen`.

    Raises:
        GameError: it is no FEN, a side has not exactly one general, or the side to move could take
            the enemy's, so that no move would be lawful.
    """
    try:
        state = read_fen(fen)
    except InvalidFenError as error:
        raise GameError("records.fen_bad", file=file, line=line, text=fen, detail=error) from None
    mover = int(state[TURN])
    if is_attacked(state, int(state[GENERAL_AT + 1 - mover]), mover):
        raise GameError("records.position_impossible", file=file, line=line, text=fen)
    return state
