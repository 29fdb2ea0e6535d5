"""Time ``cchess`` reading PGN in ICCS: run by ``records.py``, in whichever environment has the library.

    python pgn_speed.py FOLDER

It reads one game a file. Prints one JSON object: games, moves, seconds of CPU, the library's version.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cchess.read_pgn import read_from_pgn


def moves_of(game: Any) -> int:
    lines = game.dump_iccs_moves()
    return len(lines[0]) if lines else 0


def main() -> None:
    files = sorted(Path(sys.argv[1]).glob("*.pgn"))
    read_from_pgn(str(files[0]))  # whatever the library does the first time
    started = time.process_time()
    games = [read_from_pgn(str(file)) for file in files]
    seconds = time.process_time() - started
    told = {"games": len(games), "moves": sum(map(moves_of, games)), "seconds": seconds, "version": version("cchess")}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
