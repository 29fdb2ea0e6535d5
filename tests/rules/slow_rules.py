"""The moves of xiangqi in plain Python, as one would explain them to a child: the engine's referee.

Nothing here comes from the engine. A position is a dict from ``(file, rank)`` to the FEN letter of the
piece there (upper case for Red), a move a pair of points. Slow, and meant to be read.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

__all__ = ["Pieces", "Point", "in_check", "legal_moves", "moves", "random_position", "read_fen", "uci", "write_fen"]

Point = tuple[int, int]
Pieces = dict[Point, str]

STEPS = ((0, 1), (0, -1), (1, 0), (-1, 0))
DIAGONALS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
RED_ADVISOR_POINTS = {(3, 0), (5, 0), (4, 1), (3, 2), (5, 2)}
RED_ELEPHANT_POINTS = {(2, 0), (6, 0), (0, 2), (4, 2), (8, 2), (2, 4), (6, 4)}


def read_fen(fen: str) -> tuple[Pieces, bool]:
    """The pieces of a FEN, and whether Red is to move."""
    placement, turn = fen.split()[:2]
    pieces = {}
    for row, text in enumerate(placement.split("/")):
        file = 0
        for letter in text:
            if letter.isdigit():
                file += int(letter)
            else:
                pieces[file, 9 - row] = letter
                file += 1
    return pieces, turn == "w"


def write_fen(pieces: Pieces, red: bool) -> str:
    """The FEN of pieces and side to move."""
    rows = []
    for rank in range(9, -1, -1):
        row = "".join(pieces.get((file, rank), " ") for file in range(9))
        for run in range(9, 0, -1):
            row = row.replace(" " * run, str(run))
        rows.append(row)
    return f"{'/'.join(rows)} {'w' if red else 'b'} - - 0 1"


def uci(move: tuple[Point, Point]) -> str:
    """The move in letters a-i and ranks 0-9."""
    return "".join(f"{'abcdefghi'[file]}{rank}" for file, rank in move)


def _on_board(point: Point) -> bool:
    return 0 <= point[0] <= 8 and 0 <= point[1] <= 9


def _red_view(point: Point, red: bool) -> Point:
    """The point as its own side would count it, were it Red."""
    return point if red else (8 - point[0], 9 - point[1])


def _in_palace(point: Point, red: bool) -> bool:
    file, rank = _red_view(point, red)
    return 3 <= file <= 5 and rank <= 2


def _walks(pieces: Pieces, origin: Point) -> Iterator[Point]:
    """Where the piece may go; what stands on the target is looked at elsewhere, except by the cannon."""
    letter = pieces[origin]
    red = letter.isupper()
    kind = letter.upper()
    file, rank = origin
    if kind == "K":  # one step along a line, in the palace
        yield from (to for x, y in STEPS if _in_palace(to := (file + x, rank + y), red))
    elif kind == "A":  # one step along a diagonal, between its five points
        if _red_view(origin, red) in RED_ADVISOR_POINTS:
            yield from (to for x, y in DIAGONALS if _red_view(to := (file + x, rank + y), red) in RED_ADVISOR_POINTS)
    elif kind == "B":  # two steps along a diagonal, nothing in between, between its seven points
        if _red_view(origin, red) in RED_ELEPHANT_POINTS:
            for x, y in DIAGONALS:
                to = file + 2 * x, rank + 2 * y
                if _red_view(to, red) in RED_ELEPHANT_POINTS and (file + x, rank + y) not in pieces:
                    yield to
    elif kind == "N":  # one step along a line to an empty point, then one along a diagonal, away
        for x, y in STEPS:
            if (file + x, rank + y) not in pieces:
                for side in (-1, 1):
                    yield file + 2 * x + side * y, rank + 2 * y + side * x
    elif kind == "P":  # one step forward; across the river also to the left and right
        forward = 1 if red else -1
        yield file, rank + forward
        if (rank > 4) == red:
            yield file - 1, rank
            yield file + 1, rank
    else:  # rook and cannon: along the lines; the cannon takes what stands first behind one piece
        for x, y in STEPS:
            jumped = 0
            to = file + x, rank + y
            while _on_board(to) and jumped < 2:
                if kind == "R":
                    yield to
                    jumped += 2 if to in pieces else 0
                elif to in pieces:
                    jumped += 1
                    if jumped == 2:
                        yield to
                elif jumped == 0:
                    yield to
                to = to[0] + x, to[1] + y


def moves(pieces: Pieces, red: bool) -> Iterator[tuple[Point, Point]]:
    """Every move of a side that stays on the board and takes no piece of its own."""
    for origin in [point for point, letter in pieces.items() if letter.isupper() == red]:
        for to in _walks(pieces, origin):
            if _on_board(to) and (to not in pieces or pieces[to].isupper() != red):
                yield origin, to


def in_check(pieces: Pieces, red: bool) -> bool:
    """Whether a side's general could be taken, or looks the other general in the eye."""
    own, other = ("K", "k") if red else ("k", "K")
    general = next(point for point, letter in pieces.items() if letter == own)
    enemy = next((point for point, letter in pieces.items() if letter == other), None)
    if enemy and general[0] == enemy[0]:
        low, high = sorted((general[1], enemy[1]))
        if not any((general[0], rank) in pieces for rank in range(low + 1, high)):
            return True
    return any(to == general for _, to in moves(pieces, not red))


def legal_moves(pieces: Pieces, red: bool) -> list[tuple[Point, Point]]:
    """The moves after which the mover's general is safe."""
    legal = []
    for origin, to in moves(pieces, red):
        after = dict(pieces)
        after[to] = after.pop(origin)
        if not in_check(after, red):
            legal.append((origin, to))
    return legal


def random_position(rng: random.Random, *, wild: bool = False) -> tuple[Pieces, bool]:
    """A random position; a general may stand in check whoever moves.

    With ``wild`` the pieces other than generals stand on any point, and there may be more than a set has.
    """
    pieces: Pieces = {}

    def put(letter: str, points: list[Point]) -> None:
        free = [point for point in points if point not in pieces]
        if free:
            pieces[rng.choice(free)] = letter

    board = [(file, rank) for file in range(9) for rank in range(10)]
    for red in (True, False):
        put("K" if red else "k", [point for point in board if _in_palace(point, red)])
    for red in (True, False):
        advisors = [_red_view(point, red) for point in RED_ADVISOR_POINTS]
        elephants = [_red_view(point, red) for point in RED_ELEPHANT_POINTS]
        pawns = [(f, r) for f, r in board if (y := r if red else 9 - r) >= 5 or (y >= 3 and f % 2 == 0)]
        for letter, most, points in (
            ("A", 2, sorted(advisors)),
            ("B", 2, sorted(elephants)),
            ("P", 5, pawns),
            ("N", 2, board),
            ("C", 2, board),
            ("R", 2, board),
        ):
            for _ in range(rng.randint(0, most + 2 if wild else most)):
                put(letter if red else letter.lower(), board if wild else points)
    return pieces, rng.random() < 0.5
