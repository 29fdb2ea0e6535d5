"""Positions to write and read moves in, and the round trip itself.

By hand: ``python tests/notation/round_trips.py 20000`` goes through every legal move of that many
positions.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator

import numpy as np

from xiangqi_gpt.notation.chinese import chinese_text, parse_chinese
from xiangqi_gpt.notation.coordinates import iccs_text, parse_iccs, parse_uci, uci_text
from xiangqi_gpt.notation.wxf import parse_wxf, wxf_text
from xiangqi_gpt.rules.fen import STARTING_FEN, format_fen, parse_fen
from xiangqi_gpt.rules.movegen import MAX_MOVES, generate_legal
from xiangqi_gpt.rules.pieces import BLACK, GENERAL, HORSE, PAWN, RED, piece_code
from xiangqi_gpt.rules.position import State, make_move, new_state
from xiangqi_gpt.rules.squares import N_SQUARES, square


def legal_moves(state: State) -> list[int]:
    moves = np.empty(MAX_MOVES, np.int32)
    return moves[: generate_legal(state, moves, np.empty(N_SQUARES, np.uint8))].tolist()


def game_positions(rng: random.Random, plies: int = 200) -> Iterator[State]:
    """The positions of a game of random moves."""
    state = parse_fen(STARTING_FEN)
    for _ in range(plies):
        moves = legal_moves(state)
        if not moves:
            return
        yield state.copy()
        make_move(state, rng.choice(moves))


def pawn_position(rng: random.Random) -> State:
    """Five pawns of either side crowded on one, two or three files beyond the river, and a few more pieces."""
    pieces = np.zeros(N_SQUARES, np.int16)
    for color in (RED, BLACK):
        rank = rng.randrange(3)
        pieces[square(rng.randrange(3, 6), rank if color else 9 - rank)] = piece_code(GENERAL, color)
    for color in (RED, BLACK):
        files = rng.sample(range(9), rng.choice((1, 1, 2, 2, 2, 3)))
        for _ in range(5):
            rank = rng.randrange(5, 10) if color else rng.randrange(5)
            sq = square(rng.choice(files), rank)
            if pieces[sq] == 0:
                pieces[sq] = piece_code(PAWN, color)
        for kind in (HORSE, HORSE + 1, HORSE + 2):  # horses, cannons, rooks
            for _ in range(rng.randrange(3)):
                sq = rng.randrange(N_SQUARES)
                if pieces[sq] == 0:
                    pieces[sq] = piece_code(kind, color)
    return new_state(pieces, rng.random() < 0.5)


def positions(count: int, seed: int) -> Iterator[State]:
    """Half from random games, half with crowded pawns."""
    rng = random.Random(seed)
    while count > 0:
        for state in (*game_positions(rng), *(pawn_position(rng) for _ in range(200))):
            yield state
            count -= 1
            if count == 0:
                return


def failures(state: State, move: int) -> list[str]:
    """The texts of a legal move that are not read as that move."""
    readers = [(parse_uci(uci_text(move, rank), rank), uci_text(move, rank)) for rank in (0, 1)]
    readers.append((parse_iccs(iccs_text(move)), iccs_text(move)))
    text = wxf_text(state, move)
    readers += [(parse_wxf(state, written), written) for written in (text, text.lower())]
    if text[0] != text[1]:  # 33.4 is the middle pawn in the form of 1997, 33=4 the third in that of 2018
        readers.append((parse_wxf(state, text.replace("=", ".")), text.replace("=", ".")))
    for traditional in (False, True):
        for full_width in (False, True):
            text = chinese_text(state, move, traditional=traditional, full_width=full_width)
            readers.append((parse_chinese(state, text), text))
    return [f"{format_fen(state)} {uci_text(move)} {text}" for read, text in readers if read != move]


def main(count: int) -> int:
    """Go through ``count`` positions and print what was found; returns how many texts fail."""
    tally: Counter[str] = Counter()
    for state in positions(count, seed=1):
        tally["positions"] += 1
        written = set()
        for move in legal_moves(state):
            tally["moves"] += 1
            written.add(wxf_text(state, move))
            tally["pawn places (15=6)"] += wxf_text(state, move)[0].isdecimal()
            tally["pawn places counted to five"] += chinese_text(state, move)[0] == "五"
            for failure in failures(state, move):
                tally["failures"] += 1
                print(failure)
        tally["texts shared by two moves"] += len(legal_moves(state)) - len(written)
    print(dict(tally))
    return tally["failures"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])) > 0)
