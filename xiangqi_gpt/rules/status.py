"""What is wrong with a set-up position that no game could reach."""

from __future__ import annotations

from enum import IntFlag

import numpy as np

from xiangqi_gpt.messages import Language, XiangqiError, language, say
from xiangqi_gpt.rules.fen import format_fen, parse_fen
from xiangqi_gpt.rules.geometry import ADVISOR_POINTS, ELEPHANT_POINTS
from xiangqi_gpt.rules.movegen import is_attacked
from xiangqi_gpt.rules.pieces import (
    ADVISOR,
    CANNON,
    ELEPHANT,
    GENERAL,
    HORSE,
    PAWN,
    PIECE_NAMES,
    ROOK,
    Piece,
)
from xiangqi_gpt.rules.position import GENERAL_AT, TURN, State
from xiangqi_gpt.rules.squares import N_FILES, N_SQUARES, in_palace, on_own_half, square_name, square_rank

__all__ = ["Status", "UnplayablePositionError", "position_faults", "position_status", "require_playable"]


class Status(IntFlag):
    """The faults of a position; ``VALID`` has none."""

    VALID = 0
    GENERAL_OUTSIDE_PALACE = 1
    ADVISOR_OFF_POINT = 2
    ELEPHANT_OFF_POINT = 4
    PAWN_BEHIND_START = 8
    TOO_MANY_PIECES = 16
    FACING_GENERALS = 32
    OPPOSITE_CHECK = 64


_FULL_SET = {PAWN: 5, ADVISOR: 2, ELEPHANT: 2, HORSE: 2, CANNON: 2, ROOK: 2, GENERAL: 1}
_CODES = {
    Status.GENERAL_OUTSIDE_PALACE: "rules.status_general_outside",
    Status.ADVISOR_OFF_POINT: "rules.status_advisor_off",
    Status.ELEPHANT_OFF_POINT: "rules.status_elephant_off",
    Status.PAWN_BEHIND_START: "rules.status_pawn_behind",
}


def _misplaced(piece: Piece, sq: int) -> Status:
    """The fault of one piece standing on one square."""
    red = piece.color
    if piece.piece_type == GENERAL and not in_palace(sq, red):
        return Status.GENERAL_OUTSIDE_PALACE
    if piece.piece_type == ADVISOR and sq not in ADVISOR_POINTS[red]:
        return Status.ADVISOR_OFF_POINT
    if piece.piece_type == ELEPHANT and sq not in ELEPHANT_POINTS[red]:
        return Status.ELEPHANT_OFF_POINT
    if piece.piece_type == PAWN and on_own_half(sq, red):
        # Before the river a pawn is on its file of five, on its starting point or one ahead.
        advance = square_rank(sq) - 3 if red else 6 - square_rank(sq)
        if advance not in (0, 1) or sq % N_FILES % 2:
            return Status.PAWN_BEHIND_START
    return Status.VALID


def _facing(state: State) -> bool:
    black, red = int(state[GENERAL_AT]), int(state[GENERAL_AT + 1])
    if black % N_FILES != red % N_FILES:
        return False
    low, high = sorted((black, red))
    return not np.any(state[low + N_FILES : high : N_FILES])


def position_faults(state: State, lang: Language | None = None) -> list[tuple[Status, str]]:
    """Each fault of a position with a phrase that tells it, square included."""
    faults: list[tuple[Status, str]] = []
    counts: dict[Piece, int] = {}
    for sq in range(N_SQUARES):
        if not state[sq]:
            continue
        piece = Piece.from_code(int(state[sq]))
        counts[piece] = counts.get(piece, 0) + 1
        if fault := _misplaced(piece, sq):
            color = say("rules.red" if piece.color else "rules.black", lang=lang)
            faults.append((fault, say(_CODES[fault], lang=lang, color=color, square=square_name(sq))))
    for piece, count in counts.items():
        if count > _FULL_SET[piece.piece_type]:
            color = say("rules.red" if piece.color else "rules.black", lang=lang)
            name = say(f"rules.{PIECE_NAMES[piece.piece_type]}", lang=lang)
            phrase = say("rules.status_too_many", lang=lang, color=color, count=count, piece=name)
            faults.append((Status.TOO_MANY_PIECES, phrase))
    side = int(state[TURN])
    if _facing(state):
        faults.append((Status.FACING_GENERALS, say("rules.status_facing", lang=lang)))
    elif is_attacked(state, int(state[GENERAL_AT + 1 - side]), side):
        faults.append((Status.OPPOSITE_CHECK, say("rules.status_opposite_check", lang=lang)))
    return faults


def position_status(state: State) -> Status:
    """All faults of a position as flags."""
    status = Status.VALID
    for fault, _ in position_faults(state):
        status |= fault
    return status


class UnplayablePositionError(XiangqiError, ValueError):
    """A position, given as the field ``fen``, with faults that no game could lead to."""

    def text(self, lang: Language | None = None) -> str:
        """The message with every fault, in ``lang`` or the user's language."""
        faults = [phrase for _, phrase in position_faults(parse_fen(self.fields["fen"]), lang)]
        comma = "；" if (lang or language()) == "zh" else "; "
        return say(self.code, lang=lang, faults=comma.join(faults))


def require_playable(state: State) -> None:
    """Refuse a position with faults.

    Raises:
        UnplayablePositionError: it has some.
    """
    if position_status(state) != Status.VALID:
        raise UnplayablePositionError("rules.unplayable", fen=format_fen(state))
