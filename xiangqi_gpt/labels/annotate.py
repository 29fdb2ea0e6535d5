"""What an engine found in a position as the label of a game's ply: ``[%eval 0.35] [%best h2e2]``."""

from __future__ import annotations

from xiangqi_gpt.players.engine_info import EngineInfo
from xiangqi_gpt.players.uci import EngineResult
from xiangqi_gpt.records.game import Label
from xiangqi_gpt.rules.pieces import RED, Color

__all__ = ["label_of"]


def _for_red(info: EngineInfo, turn: Color) -> int | None:
    if info.score is None:
        return None
    return (info.score if turn == RED else -info.score).centipawns()


def label_of(result: EngineResult, turn: Color) -> Label:
    """The label of a search with ``turn`` to move: evaluations in centipawns for Red.

    Candidates are there when the search had several lines; without a move there is no label.
    """
    if result.move is None:
        return Label()
    values = [(info.pv[0], value) for info in result.lines if (value := _for_red(info, turn)) is not None]
    first = values[0][1] if values and values[0][0] == result.move else None
    return Label(first, result.move, tuple(values) if len(values) > 1 else ())
