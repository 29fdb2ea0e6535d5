"""Who is to blame for a repeated position."""

from __future__ import annotations

from collections.abc import Sequence

from xiangqi_gpt.rules.outcome import Outcome, Termination
from xiangqi_gpt.rules.pieces import Color

__all__ = ["judge_checks"]


def judge_checks(checks: Sequence[bool], turn: Color, count: int) -> Outcome:
    """The outcome of a repetition under the ``simple`` rules.

    Args:
        checks: for each ply of the repeated cycle, oldest first, whether the move gave check. The
            last was played by the side that is not to move now.
        turn: the side to move now.
        count: how often the position has occurred.
    """
    last_mover, other = checks[::-1][::2], checks[::-1][1::2]
    by_last = bool(last_mover) and all(last_mover)
    by_other = bool(other) and all(other)
    if by_last and by_other:
        return Outcome(Termination.PERPETUAL_CHECK, None, "rules.mutual_perpetual_check")
    if by_last or by_other:
        loser = (not turn) if by_last else turn
        return Outcome(Termination.PERPETUAL_CHECK, not loser, "rules.perpetual_check")
    return Outcome(Termination.REPETITION, None, "rules.repetition", (("count", count),))
