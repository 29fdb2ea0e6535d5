"""The speed of the rules beside others', on one core, in one run.

    python benchmarks/rules.py [--peers PYTHON] [--stockfish FILE] [--depth 5] [--seconds 3]

``--peers`` names the Python of an environment with the PyPI packages ``chess`` (python-chess) and
``cchess``; without it they are used where this one has them. Peers that are missing are named and left
out. Times are CPU times, so that a neighbour on the machine counts for little.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xiangqi_gpt import Board
from xiangqi_gpt.rules import perft

HERE = Path(__file__).resolve().parent
STOCKFISH = "/usr/games/fairy-stockfish"  # where Debian puts it
REPEATS = 3
FIRST_MOVES = "from xiangqi_gpt import Board; list(Board().legal_moves)"


def use_one_core() -> str:
    """Keep this process and those it starts on one core; returns what to say about it."""
    if not hasattr(os, "sched_setaffinity"):
        return "cores: not limited, this system cannot"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"core {core} alone"


def cpu_seconds(work: Callable[[], object], who: int) -> float:
    """CPU seconds that ``work`` takes, of this process or of the children it waits for."""
    before = resource.getrusage(who)
    work()
    after = resource.getrusage(who)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def row(name: str, *figures: str) -> None:
    print(f"  {name:<28}" + "".join(f"{figure:>30}" for figure in figures), flush=True)


def stockfish_perft(program: str, depth: int) -> int:
    commands = f"uci\nsetoption name UCI_Variant value xiangqi\nposition startpos\ngo perft {depth}\nquit\n"
    done = subprocess.run([program], input=commands, capture_output=True, text=True, check=True)
    counts = [line for line in done.stdout.splitlines() if line.startswith("Nodes searched")]
    return int(counts[-1].rpartition(":")[2])


def benchmark_perft(stockfish: str | None, depth: int) -> None:
    board = Board()
    perft(board, 2)
    nodes = perft(board, depth)
    print(f"perft {depth} from the start: {nodes} leaves, best of {REPEATS}")
    ours, theirs = [], []
    for _ in range(REPEATS):  # in turns, for the machine to be the same to both
        ours.append(cpu_seconds(lambda: perft(board, depth), resource.RUSAGE_SELF))
        if stockfish:
            theirs.append(cpu_seconds(lambda: stockfish_perft(stockfish, depth), resource.RUSAGE_CHILDREN))
    row("xiangqi-gpt", f"{nodes / min(ours) / 1e6:.1f} M nodes/s")
    if not stockfish:
        print("  fairy-stockfish is missing: apt install fairy-stockfish, or give --stockfish FILE")
        return
    if (count := stockfish_perft(stockfish, min(depth, 4))) != (expected := perft(board, min(depth, 4))):
        sys.exit(f"fairy-stockfish counts {count} leaves, not {expected}")
    row("fairy-stockfish", f"{nodes / min(theirs) / 1e6:.1f} M nodes/s", f"{min(theirs) / min(ours):.1f} times slower")


def board_speed(python: str, library: str, seconds: float) -> dict[str, Any] | None:
    """What ``board_speed.py`` says in another process, or None where the library is missing."""
    if subprocess.run([python, "-c", f"import {library}"], capture_output=True, check=False).returncode:
        return None
    command = [python, str(HERE / "board_speed.py"), library, str(seconds)]
    figures: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return figures


def benchmark_board(peers: str, seconds: float) -> None:
    print("Board along random games: the list of legal moves, and a move played and taken back")
    ours = board_speed(sys.executable, "xiangqi_gpt", seconds)
    assert ours is not None
    for library, game in (("xiangqi_gpt", "xiangqi"), ("chess", "chess"), ("cchess", "xiangqi")):
        figures = ours if library == "xiangqi_gpt" else board_speed(peers, library, seconds)
        if figures is None:
            print(f"  {library} is missing: pip install {library} somewhere, and give --peers PYTHON")
            continue
        times = [f"{figures['list_us']:.1f} us a list", f"{figures['move_us']:.2f} us a move"]
        if figures is not ours:
            times[0] += f" ({figures['list_us'] / ours['list_us']:.1f}x)"
            times[1] += f" ({figures['move_us'] / ours['move_us']:.1f}x)"
        row(f"{library} {figures['version']} ({game})", *times)


def benchmark_start() -> None:
    """A fresh process with compiled kernels in the cache."""
    code = f"import time; t = time.perf_counter(); {FIRST_MOVES}; print(time.perf_counter() - t)"
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    inside, whole = [], []
    for _ in range(7):
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        whole.append(time.perf_counter() - started)
        inside.append(float(done.stdout))
    print("A fresh process with a warm cache: import and the first legal moves, wall time, best of 7")
    row("xiangqi-gpt", f"{min(inside):.2f} s", f"{min(whole):.2f} s, start to exit")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--peers", default=sys.executable, metavar="PYTHON", help="an interpreter with chess and cchess"
    )
    parser.add_argument("--stockfish", default=STOCKFISH, metavar="FILE", help="fairy-stockfish (default: %(default)s)")
    parser.add_argument("--depth", type=int, default=5, help="of perft (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="of CPU for each Board (default: %(default)s)")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {use_one_core()}")
    benchmark_perft(shutil.which(arguments.stockfish), arguments.depth)
    benchmark_board(arguments.peers, arguments.seconds)
    benchmark_start()


if __name__ == "__main__":
    main()
