"""The start position of a game by its FEN tag."""

from __future__ import annotations

from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.rules.fen import InvalidFenError, parse_fen
from xiangqi_gpt.rules.movegen import is_attacked
from xiangqi_gpt.rules.position import GENERAL_AT, TURN, State

__all__ = ["start_position"]


def start_position(fen: str, file: str, line: int) -> State:
    """The state row of a FEN tag on ``line`` of ``file``.

    Raises:
        GameError: it is no FEN, a side has not exactly one general, or the side to move could take
            the enemy's, so that no move would be lawful.
    """
    try:
        state = parse_fen(fen)
    except InvalidFenError as error:
        raise GameError("records.fen_bad", file=file, line=line, text=fen, detail=error) from None
    mover = int(state[TURN])
    if is_attacked(state, int(state[GENERAL_AT + 1 - mover]), mover):
        raise GameError("records.position_impossible", file=file, line=line, text=fen)
    return state
