"""Who is to blame for a repeated position.

Between the first and the last time that a position occurs lies a *cycle* of moves. Each side's part in
it is weighed: a check with every move is worst, a chase of one and the same piece with every move comes
next, all else is allowed. The side that did worse loses; when both did the same, the game is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.chase import THREAT, outranks, trace_line
from xiangqi_gpt.rules.outcome import Outcome, RuleSet, Termination
from xiangqi_gpt.rules.pieces import COLORS, Color, Piece
from xiangqi_gpt.rules.position import TURN, State
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["Conduct", "Deed", "conduct", "judge_repetition"]


class Deed(IntEnum):
    """What a side did in a cycle, from bad to worse."""

    ALLOWED = 0
    PERPETUAL_CHASE = 1
    PERPETUAL_CHECK = 2


@dataclass(frozen=True, slots=True)
class Conduct:
    """One side's part in a cycle.

    Attributes:
        deed: what it did.
        by: the pieces that checked or chased.
        victim: the piece chased, or None.
    """

    deed: Deed
    by: tuple[Piece, ...] = ()
    victim: Piece | None = None


def _pieces(state: State, marks: NDArray[np.uint8] | NDArray[np.bool_]) -> tuple[Piece, ...]:
    """The pieces on the squares marked at some ply (``[plies, 90]``), strongest first."""
    found = [Piece.from_code(int(state[sq])) for sq in np.flatnonzero(marks.any(axis=0))]
    return tuple(sorted(found, key=lambda piece: -piece.piece_type))


def conduct(start: State, moves: Sequence[int], *, chases: bool = True) -> dict[Color, Conduct]:
    """What each side did in a cycle.

    A move *chases* a piece when it makes a threat (:mod:`xiangqi_gpt.rules.chase`) that did not stand
    before, and the answer puts an end to it. A chase that also checks is still a chase; a side whose
    moves do not all chase one piece is not chasing, whatever each does.

    Args:
        start: the position before the first move; left as it is.
        moves: kernel moves from the position back to it: an even number, no captures.
        chases: False to look at checks only.
    """
    state = start.copy()
    codes = np.array(moves, np.int32)
    n = len(codes)
    before = np.zeros((n, N_SQUARES, N_SQUARES), np.uint8)
    after = np.zeros_like(before)
    checkers = np.zeros((n, N_SQUARES), np.uint8)
    trace_line(state, codes, before, after, checkers)
    # The answer to a side's last move is the first move of the cycle, so the plies go round.
    chase = (after == THREAT) & (before == 0) & (np.roll(before, -2, axis=0) != THREAT)
    found = {}
    for color in COLORS:
        own = slice(int(start[TURN] != color), None, 2)
        if checkers[own].any(axis=1).all():
            found[color] = Conduct(Deed.PERPETUAL_CHECK, _pieces(start, checkers[own]))
            continue
        victims: list[int] = np.flatnonzero(chase[own].any(axis=1).all(axis=0)).tolist()
        if not chases or not victims:
            found[color] = Conduct(Deed.ALLOWED)
            continue
        victim = max(victims, key=lambda sq: int(start[sq]) & 7)
        by = _pieces(start, chase[own, :, victim])
        found[color] = Conduct(Deed.PERPETUAL_CHASE, by, Piece.from_code(int(start[victim])))
    return found


def _plies(color: Color, start: State, n: int, first_ply: int) -> dict[str, int]:
    """The numbers of a side's first and last move in a cycle of ``n`` moves."""
    offset = int(start[TURN] != color)
    return {"first": first_ply + offset, "last": first_ply + n - 2 + offset}


def judge_repetition(
    start: State, moves: Sequence[int], rules: RuleSet, *, first_ply: int = 1, count: int = 3
) -> Outcome:
    """The outcome of a repetition.

    Args:
        start: the position before the first move of the cycle; left as it is.
        moves: kernel moves from the position back to it: an even number, no captures.
        rules: which perpetuals lose.
        first_ply: the number in the game of the first of these moves, for the sentence.
        count: how often the position has occurred, for the sentence.
    """
    found = conduct(start, moves, chases=rules.chases)
    worst = max(COLORS, key=lambda color: found[color].deed)
    deed, other = found[worst].deed, found[not worst]
    n = len(moves)
    if deed == Deed.ALLOWED:
        return Outcome(Termination.REPETITION, None, "rules.repetition", (("count", count),))
    checks = deed == Deed.PERPETUAL_CHECK
    termination = Termination.PERPETUAL_CHECK if checks else Termination.PERPETUAL_CHASE
    fields: dict[str, Any]
    if deed == other.deed:
        fields = {"first": first_ply, "last": first_ply + n - 1}
        for name, color in (("red", True), ("black", False)):
            fields |= {f"{name}_by": found[color].by, f"{name}_victim": found[color].victim}
        code = "rules.mutual_perpetual_check" if checks else "rules.mutual_perpetual_chase"
        return Outcome(termination, None, code, tuple(fields.items()))
    fields = {"by": found[worst].by, **_plies(worst, start, n, first_ply)}
    code = "rules.perpetual_check"
    if (victim := found[worst].victim) is not None:
        fields["victim"] = victim
        protected_or_not = any(outranks(victim.piece_type, piece.piece_type) for piece in found[worst].by)
        code = "rules.perpetual_chase_of_stronger" if protected_or_not else "rules.perpetual_chase"
    return Outcome(termination, not worst, code, tuple(fields.items()))
