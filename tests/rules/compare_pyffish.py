"""Compare the rules engine with pyffish (Fairy-Stockfish): legal moves, check, mate.

    python tests/rules/compare_pyffish.py [--games 2000] [--real 200] [--seed 1] [FILE ...]

Every position of random games, and every position within two plies of real ones, drawn at random
from the files: game logs, or text files with a FEN a line. Prints what was compared and each
difference; the exit status is 1 when there is one. pyffish answers in milliseconds, so the whole of
it takes most of an hour; ``test_pyffish.py`` compares a sample.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyffish

from xiangqi_gpt import Board
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.reader import read_games

__all__ = ["differences", "neighbourhood", "random_game"]

MAX_PLIES = 300


def differences(board: Board) -> list[str]:
    """What the two say differently about a position; empty when they agree."""
    fen = board.fen()
    ours = {move.uci(first_rank=1) for move in board.legal_moves}
    theirs = set(pyffish.legal_moves("xiangqi", fen, []))
    found = []
    if ours != theirs:
        found.append(f"{fen}: moves only here {sorted(ours - theirs)}, only there {sorted(theirs - ours)}")
    check = pyffish.gives_check("xiangqi", fen, [])
    if board.is_check() != check:
        found.append(f"{fen}: in check here {not check}, there {check}")
    mate = not theirs and check
    if board.is_checkmate() != mate or board.is_stalemate() != (not theirs and not check):
        found.append(f"{fen}: mate here {board.is_checkmate()}, there {mate}")
    return found


def random_game(rng: random.Random) -> Iterator[Board]:
    """The board at each position of a game of random moves, one and the same object."""
    board = Board()
    yield board
    while len(board.move_stack) < MAX_PLIES and (moves := list(board.legal_moves)):
        board.push(rng.choice(moves))
        yield board


def neighbourhood(board: Board, plies: int) -> Iterator[Board]:
    """The board at its position and at each within ``plies``, one and the same object."""
    yield board
    if plies:
        for move in board.legal_moves:
            board.push(move)
            yield from neighbourhood(board, plies - 1)
            board.pop()


def positions(file: Path) -> Iterator[Board]:
    """The board at each position of a game log, or of a text file with a FEN a line."""
    try:
        for game in read_games(file, variations=False):
            board = game.board()
            yield board
            for move in game.mainline_moves():
                board.push(move)
                yield board
    except RecordFileError:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield Board(line)


def draw_fens(files: Iterable[Path], count: int, rng: random.Random) -> list[str]:
    """``count`` positions of the files, each as likely as any other (reservoir sampling)."""
    drawn: list[str] = []
    for number, board in enumerate(board for file in files for board in positions(file)):
        slot = number if number < count else rng.randrange(number + 1)
        if slot < count:
            drawn[slot : slot + 1] = [board.fen()]
    return drawn


def compare(name: str, boards: Iterable[Board]) -> bool:
    """Compare each position once, and print the figures; returns whether all agree."""
    started = time.perf_counter()
    seen: set[int] = set()
    mates = checks = 0
    agree = True
    for board in boards:
        key = board.zobrist_hash()
        if key in seen:
            continue
        seen.add(key)
        checks += board.is_check()
        mates += not board.legal_moves
        for difference in differences(board):
            agree = False
            print(difference)
    seconds = time.perf_counter() - started
    verdict = "all agree" if agree else "DIFFERENCES"
    print(
        f"{name}: {len(seen)} positions, {checks} checks, {mates} without moves, {seconds:.0f} s: {verdict}", flush=True
    )
    return agree


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--games", type=int, default=2000, help="random games")
    parser.add_argument("--real", type=int, default=200, help="positions drawn from the files")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    agree = True
    if arguments.files:
        fens = draw_fens(arguments.files, arguments.real, rng)
        boards = (near for fen in fens for near in neighbourhood(Board(fen), 2))
        agree &= compare(f"within 2 plies of {len(fens)} real positions", boards)
    if arguments.games:
        games = (board for _ in range(arguments.games) for board in random_game(rng))
        agree &= compare(f"{arguments.games} random games", games)
    return not agree


if __name__ == "__main__":
    sys.exit(main())
