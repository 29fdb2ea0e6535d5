"""How players name a move: piece, file or place among its equals, direction, number.

WXF and Chinese notation say the same in different letters: files are numbered 1-9 from the mover's
right, a move goes forward, back or sideways, and pieces that share a file with their equals
("tandem" pieces) are told apart by their place from front (nearer the enemy) to rear. The kernels
here find the name of a move and the moves of a name; :mod:`xiangqi_gpt.notation` spells them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.geometry import FILE, RANK
from xiangqi_gpt.rules.movegen import is_legal, is_pseudo_legal
from xiangqi_gpt.rules.pieces import ADVISOR, ELEPHANT, HORSE, PAWN
from xiangqi_gpt.rules.position import COUNT, LIST, TURN, State, make_move
from xiangqi_gpt.rules.squares import N_FILES, N_RANKS, N_SQUARES

__all__ = [
    "ANY",
    "BACK",
    "COUNTED",
    "FORWARD",
    "FRONT",
    "MIDDLE",
    "MINUS",
    "NAMED",
    "NTH",
    "PLUS",
    "REAR",
    "SIDEWAYS",
    "MoveName",
    "Reading",
    "moves_named",
    "name_of_move",
    "play_named",
]

# Directions.
FORWARD, BACK, SIDEWAYS = range(3)

# Which of the mover's equal pieces a reading means. All but ANY and COUNTED look at one file, and all
# but ANY only at tandem pieces.
ANY = 0
FRONT = 1
MIDDLE = 2  # of three or five; of other pieces than pawns, any between front and rear
REAR = 3
PLUS = 4  # the front one, but with four or more pawns on the file the second (WXF 1997)
MINUS = 5  # the rear one, but with four or more pawns on the file the last but one (WXF 1997)
NTH = 6  # the n-th from the front of its file
COUNTED = 7  # the n-th of all tandem pieces of its kind, files from right to left, each from the front

NAMED = 1 << 24  # in what play_named takes: this is a packed reading, not a kernel move


class MoveName(NamedTuple):
    """What :func:`name_of_move` finds."""

    piece: int  # type
    red: int  # 1 when the mover is Red
    file: int  # 1..9 from the mover's right
    direction: int  # FORWARD, BACK or SIDEWAYS
    number: int  # steps, or the file of arrival for a sideways or diagonal move
    equals: int  # how many pieces of the kind stand on the file, 1 for those that are never told apart
    place: int  # which of these the piece is, from the front
    counted: int  # which of all tandem pieces of the kind it is, 0 when it is not tandem
    files: int  # on how many files there are tandem pieces of the kind, 2 standing for more

    @classmethod
    def unpack(cls, name: int) -> MoveName:
        """The fields of the kernel's integer."""
        return cls(*((name >> shift) & mask for shift, mask in _NAME_FIELDS))


# The fields of MoveName in the kernel's integer: where each begins, and its mask.
_NAME_FIELDS = ((0, 7), (3, 1), (4, 15), (8, 3), (10, 15), (14, 15), (18, 15), (22, 127), (29, 3))


class Reading(NamedTuple):
    """One thing that a move text can mean."""

    piece: int  # type
    file: int  # 1..9 from the mover's right, 0 for any
    place: int  # ANY ... COUNTED
    nth: int  # for NTH and COUNTED, from 1
    direction: int
    number: int

    def pack(self) -> int:
        """The reading as :func:`moves_named` takes it."""
        packed = 0
        for field in self:
            packed = packed << 4 | field
        return packed


@kernel
def _place_on_file(state: State, sq: int) -> tuple[int, int]:
    """How many equals of the piece on ``sq`` stand on its file, itself included, and its place from the front."""
    piece = state[sq]
    file = FILE[sq]
    forward = 1 if piece >> 3 else -1
    equals = 0
    place = 1
    for rank in range(N_RANKS):
        if state[file + N_FILES * rank] == piece:
            equals += 1
            if (rank - RANK[sq]) * forward > 0:
                place += 1
    return equals, place


@kernel
def _count_tandem(state: State, sq: int, place: int) -> tuple[int, int]:
    """The number of a tandem piece among all tandem pieces of its kind, and on how many files (at most 2) they are."""
    piece = state[sq]
    counted = place
    files = 0
    for file in range(N_FILES):
        equals = 0
        for rank in range(N_RANKS):
            equals += state[file + N_FILES * rank] == piece
        if equals > 1:
            files += 1
            # The mover's right is the i-file for Red, the a-file for Black.
            if file > FILE[sq] if piece >> 3 else file < FILE[sq]:
                counted += equals
    return counted, min(files, 2)


@kernel
def name_of_move(state: State, move: int) -> int:
    """The name of a pseudo-legal move, for :meth:`MoveName.unpack`; -1 when the move is none."""
    if not is_pseudo_legal(state, move):
        return -1
    origin = move >> 7
    target = move & 127
    kind = int(state[origin] & 7)
    red = int(state[TURN])
    equals, place = 1, 1
    counted, files = 0, 0
    if kind not in (ADVISOR, ELEPHANT):
        equals, place = _place_on_file(state, origin)
        if equals > 1:
            counted, files = _count_tandem(state, origin, place)
    ahead = (RANK[target] - RANK[origin]) * (1 if red else -1)
    direction = FORWARD if ahead > 0 else BACK
    if ahead == 0:
        direction = SIDEWAYS
    number = abs(ahead)
    if FILE[target] != FILE[origin]:
        number = 9 - FILE[target] if red else FILE[target] + 1
    file = 9 - FILE[origin] if red else FILE[origin] + 1
    name = kind | red << 3 | int(file) << 4 | direction << 8 | int(number) << 10
    return name | equals << 14 | place << 18 | counted << 22 | files << 29


@kernel
def _target(kind: int, origin: int, forward: int, direction: int, to_file: int, steps: int) -> int:
    """Where a piece arrives, -1 when it cannot go so; ``to_file`` is 0..8, or for straight moves ``steps`` counts."""
    file = int(FILE[origin])
    rank = int(RANK[origin])
    if kind in (ADVISOR, ELEPHANT, HORSE):
        across = abs(to_file - file)
        if direction == SIDEWAYS:
            return -1
        if kind == HORSE:
            steps = 3 - across if 1 <= across <= 2 else 0
        else:
            steps = across if across == kind - ADVISOR + 1 else 0
        if steps == 0:
            return -1
    elif direction != SIDEWAYS:
        to_file = file
    else:
        steps = 0
    to_rank = rank + forward * (steps if direction == FORWARD else -steps)
    if not 0 <= to_rank < N_RANKS:
        return -1
    return to_file + N_FILES * to_rank


@kernel
def _is_meant(state: State, sq: int, place: int, index: int) -> bool:
    """Whether the piece on ``sq`` is the one, or one of those, at a place among its equals."""
    if place == ANY:
        return True
    equals, nth = _place_on_file(state, sq)
    if equals < 2:
        return False
    pawn = state[sq] & 7 == PAWN
    if place == MIDDLE:
        return 2 * nth == equals + 1 if pawn else 1 < nth < equals
    if place == NTH:
        return nth == index
    if place == COUNTED:
        return _count_tandem(state, sq, nth)[0] == index
    inner = 1 if pawn and equals > 3 else 0
    if place == PLUS:
        return nth == 1 + inner
    if place == MINUS:
        return nth == equals - inner
    return nth == (1 if place == FRONT else equals)


@kernel
def moves_named(state: State, reading: int, found: NDArray[np.int32]) -> int:
    """Write the legal moves that a packed :class:`Reading` means to ``found`` (``int32[90]``); returns how many."""
    number = reading & 15
    direction = (reading >> 4) & 15
    index = (reading >> 8) & 15
    place = (reading >> 12) & 15
    file = (reading >> 16) & 15
    side = int(state[TURN])
    piece = (reading >> 20) + 8 * side
    forward = 1 if side else -1
    to_file = 9 - number if side else number - 1
    at_file = 9 - file if side else file - 1
    n = 0
    for slot in range(state[COUNT + side]):
        origin = int(state[LIST + N_SQUARES * side + slot])
        if state[origin] != piece or (file and FILE[origin] != at_file) or not _is_meant(state, origin, place, index):
            continue
        target = _target(piece & 7, origin, forward, direction, to_file, number)
        if target >= 0 and is_legal(state, origin << 7 | target):
            found[n] = origin << 7 | target
            n += 1
    return n


@kernel
def play_named(state: State, texts: NDArray[np.int64], moves: NDArray[np.int32]) -> int:
    """Play a line as long as each of its texts means exactly one legal move; returns how many plies were.

    ``texts`` (``int64[T]``) are kernel moves; or ``NAMED | reading`` for packed readings, another one 32
    bits higher being tried where the first has no legal move; or negative for no move. The moves played
    are written to ``moves`` (``int32[T]``); ``state`` is left behind the last.
    """
    found = np.empty(N_SQUARES, np.int32)
    for ply in range(len(texts)):
        text = texts[ply]
        move = int(text)
        if text >= NAMED:
            count = moves_named(state, text & (NAMED - 1), found)
            if count == 0 and text >> 32:
                count = moves_named(state, text >> 32 & (NAMED - 1), found)
            if count != 1:
                return ply
            move = int(found[0])
        elif text < 0 or not is_legal(state, move):
            return ply
        moves[ply] = move
        make_move(state, move)
    return len(texts)
