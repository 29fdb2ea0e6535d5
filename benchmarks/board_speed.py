"""Time ``Board`` or a peer of it: run by ``rules.py``, in whichever environment has the library.

    python board_speed.py xiangqi_gpt|chess|cchess [SECONDS]

Along random games, at each position: the list of legal moves, then each of them played and taken
back. Prints one JSON object: positions and moves seen, microseconds of CPU for the list and for a
move, the library's version.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
import time
from importlib.metadata import version
from typing import Any

LIST_REPEATS = 5
MAX_PLIES = 100


class PythonChessLike:
    """Boards with the names of python-chess, python-chess itself included."""

    def __init__(self, library: Any) -> None:
        self.new = library.Board

    def legal_moves(self, board: Any) -> list[Any]:
        return list(board.legal_moves)

    def play_and_take_back(self, board: Any, move: Any) -> None:
        board.push(move)
        board.pop()

    def play(self, board: Any, move: Any) -> None:
        board.push(move)


class CChess:
    """``cchess``, which takes a move back by keeping a copy of the board."""

    def __init__(self, library: Any) -> None:
        self.new = lambda: library.ChessBoard(library.FULL_INIT_FEN)

    def legal_moves(self, board: Any) -> list[Any]:
        pseudo_legal = (move for move in board.create_moves() if board.is_valid_move_t(move))
        return [move for move in pseudo_legal if not board.is_checked_move(*move)]

    def play_and_take_back(self, board: Any, move: Any) -> None:
        self.play(board.copy(), move)

    def play(self, board: Any, move: Any) -> None:
        board.move(*move)
        board.next_turn()


def measure(kit: PythonChessLike | CChess, seconds: float) -> dict[str, Any]:
    """The figures of about so many seconds of CPU."""
    rng = random.Random(1)
    positions = moves_seen = 0
    list_time = move_time = 0.0
    while list_time + move_time < seconds:
        board = kit.new()
        for _ in range(MAX_PLIES):
            started = time.process_time()
            for _ in range(LIST_REPEATS):
                moves = kit.legal_moves(board)
            listed = time.process_time()
            for move in moves:
                kit.play_and_take_back(board, move)
            move_time += time.process_time() - listed
            list_time += listed - started
            positions += 1
            moves_seen += len(moves)
            if not moves or list_time + move_time > seconds:
                break
            kit.play(board, rng.choice(moves))
    return {
        "positions": positions,
        "moves": moves_seen,
        "list_us": 1e6 * list_time / positions / LIST_REPEATS,
        "move_us": 1e6 * move_time / moves_seen,
    }


def main() -> None:
    name = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 3.0
    library = importlib.import_module(name)
    kit = CChess(library) if name == "cchess" else PythonChessLike(library)
    measure(kit, 0.01)  # whatever a library does the first time
    print(json.dumps(measure(kit, seconds) | {"version": version(name.replace("_", "-"))}))


if __name__ == "__main__":
    main()
