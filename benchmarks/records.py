"""Games a second of every format, on one core, in one run; ICCS PGN beside ``cchess``.

    python benchmarks/records.py [--games FILE] [--count 1000] [--peers PYTHON]

Each file is read, checked by the rules and encoded for a corpus; read into trees; and written. The
games are random ones of the lengths that games have, or the first of ``--games FILE``, with what an
engine would say of each ply in the labelled PGN. ``--peers`` names the Python of an environment with
the PyPI package ``cchess``. Times are CPU times, the best of three.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path

from rules import REPEATS, cpu_seconds, row, use_one_core

from xiangqi_gpt import Board
from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.records import Game, read_games, visit_games, write_games

PEER_GAMES = 100
PLIES = (87, 35)  # mean and deviation of tournament games


def random_game(seed: int) -> Game:
    """A game of random moves between players without a name."""
    rng, board = random.Random(seed), Board()
    plies = max(10, round(rng.gauss(*PLIES)))
    while len(board.move_stack) < plies and (moves := list(board.legal_moves)):
        board.push(rng.choice(moves))
    game = Game.from_board(board)
    game.headers |= {"Event": f"Random games {seed}", "Red": "A", "Black": "B", "Result": rng.choice(("1-0", "0-1"))}
    return game


def labelled(game: Game, seed: int) -> Game:
    """The main line with an evaluation and a best move at each ply."""
    rng, board = random.Random(seed), game.start_board()
    copy = Game(dict(game.headers))
    copy.add_line(game.mainline_moves())
    for node in copy.mainline():
        node.set_label(rng.randrange(-500, 500), rng.choice(list(board.legal_moves)))
        board.push(node.move)
    return copy


def best_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest of some tries."""
    return min(cpu_seconds(work, resource.RUSAGE_SELF) for _ in range(REPEATS))


def encode(path: Path) -> int:
    """Read, check and encode all games of a file; returns how many are good."""
    return sum(isinstance(game, bytes) for game in visit_games(path, GameEncoder()))


def read_trees(path: Path) -> int:
    """Read all games of a file as trees, one at a time."""
    return sum(1 for _ in read_games(path))


def write(folder: Path, name: str, games: list[Game], notation: str) -> Path:
    """Write games into a file, or into a folder of files where the format has one game a file."""
    path = folder / name
    if name.endswith(".xqf"):
        path.mkdir(exist_ok=True)
        for number, game in enumerate(games):
            write_games(path / f"{number:06}.xqf", [game])
    else:
        write_games(path, games, notation=notation)
    return path


def benchmark_formats(games: list[Game], folder: Path) -> None:
    print(f"{len(games)} games of {sum(len(list(game.mainline())) for game in games) / len(games):.0f} plies")
    row("format", "read, checked, encoded", "read into trees", "written", "size")
    labels = [labelled(game, seed) for seed, game in enumerate(games)]
    for name, file, these, notation in (
        ("PGN, ICCS", "iccs.pgn", games, "iccs"),
        ("PGN, WXF", "wxf.pgn", games, "wxf"),
        ("PGN, Chinese", "chinese.pgn", games, "chinese"),
        ("PGN, ICCS, labelled", "labelled.pgn", labels, "iccs"),
        ("XQF, a file a game", "games.xqf", games, "iccs"),
        ("JSON Lines", "games.jsonl", games, "iccs"),
        ("CSV, a row a game", "games.csv", games, "iccs"),
    ):
        written = best_seconds(partial(write, folder, file, these, notation))
        path = folder / file
        size = sum(part.stat().st_size for part in (path.iterdir() if path.is_dir() else [path]))
        if (good := encode(path)) != len(games):
            sys.exit(f"{file}: {good} good games of {len(games)}")
        encoded, trees = best_seconds(partial(encode, path)), best_seconds(partial(read_trees, path))
        rates = [f"{len(games) / seconds:,.0f} games/s" for seconds in (encoded, trees, written)]
        row(name, *rates, f"{size / len(games) / 1000:.1f} kB a game")


def benchmark_peer(python: str, games: list[Game], folder: Path) -> None:
    games = games[:PEER_GAMES]
    print(f"PGN in ICCS beside a peer: the same {len(games)} games")
    if (
        not shutil.which(python)
        or subprocess.run([python, "-c", "import cchess"], capture_output=True, check=False).returncode
    ):
        print("  cchess is missing: pip install cchess somewhere, and give --peers PYTHON")
        return
    single = folder / "single"
    single.mkdir()
    for number, game in enumerate(games):  # cchess reads one game a file
        write_games(single / f"{number:06}.pgn", [game])
    write_games(folder / "all.pgn", games)
    script = str(Path(__file__).resolve().parent / "pgn_speed.py")
    figures = json.loads(subprocess.run([python, script, str(single)], stdout=subprocess.PIPE, check=True).stdout)
    moves = sum(len(list(game.mainline())) for game in games)
    theirs = figures["games"] / figures["seconds"]
    for name, read in (("encoded", encode), ("trees", read_trees)):
        read(folder / "all.pgn")
        ours = len(games) / best_seconds(partial(read, folder / "all.pgn"))
        row(f"xiangqi-gpt, {name}", f"{ours:,.0f} games/s", f"{ours / theirs:.0f} times cchess")
    row(f"cchess {figures['version']}", f"{theirs:.1f} games/s", f"{figures['moves']} of {moves} moves read")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--games", type=Path, metavar="FILE", help="take the games of this file")
    parser.add_argument("--count", type=int, default=1000, help="of games (default: %(default)s)")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="an interpreter with cchess")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {use_one_core()}")
    if arguments.games:
        games = list(islice((game for game in read_games(arguments.games) if game.variations), arguments.count))
    else:
        games = [random_game(seed) for seed in range(arguments.count)]
    with tempfile.TemporaryDirectory() as folder:
        benchmark_formats(games, Path(folder))
        benchmark_peer(arguments.peers, games, Path(folder))


if __name__ == "__main__":
    main()
