"""An engine that keeps to a script, for tests: ``python fake_engine.py SCRIPT``, a JSON object.

=============  ==============================================================================================
protocol       ``uci`` (when left out) or ``ucci``
name           what it calls itself
options        the option lines that it prints
first_rank     how it counts ranks
log            a file that gets all lines it is sent
go             for each search in turn the lines to print, the last one again and again; without it, it makes
               up two lines of thought and a legal move, the same ones for the same position and limit
go_on          how many times to print a line of thought before the answer
long_line      the length of a line that it prints before the answer
patient        whether a search waits for ``stop``
die_at         the command at which it ends, with exit status 3 and a word on standard error
hang_at        the command at which it falls silent
only_once      a file: it misbehaves only while there is none, and makes one
=============  ==============================================================================================
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from pathlib import Path
from typing import Any


class FakeEngine:
    def __init__(self, script: dict[str, Any]) -> None:
        self.script = script
        self.protocol = script.get("protocol", "uci")
        self.fen, self.moves = "", []
        self.multipv = 1
        self.searches = 0
        self.pending: list[str] = []

    def say(self, *lines: str) -> None:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()

    def misbehave(self, command: str) -> None:
        if command not in (self.script.get("die_at"), self.script.get("hang_at")):
            return
        if "only_once" in self.script:
            marker = Path(self.script["only_once"])
            if marker.exists():
                return
            marker.touch()
        if command == self.script.get("hang_at"):
            threading.Event().wait()
        print("reading the book\nout of ink", file=sys.stderr, flush=True)
        sys.exit(3)

    def obey(self, line: str) -> None:
        if "log" in self.script:
            with Path(self.script["log"]).open("a") as log:
                log.write(f"{line}\n")
        word, *rest = line.split()
        self.misbehave(word)
        if word == self.protocol:
            self.say(f"id name {self.script.get('name', 'Fake 1.0')}", "id author nobody")
            self.say(*self.script.get("options", []), f"{self.protocol}ok")
        elif word == "isready":
            self.say("readyok")
        elif word == "quit":
            sys.exit()
        elif word == "setoption" and rest[:2] == ["name", "MultiPV"]:
            self.multipv = int(rest[-1])
        elif word == "position":
            text, _, moves = line.removeprefix("position fen ").partition(" moves ")
            self.fen, self.moves = text, moves.split()
        elif word == "go":
            self.say(*["info depth 1 score cp 1"] * self.script.get("go_on", 0))
            self.say(f"info string {'x' * self.script['long_line']}" if "long_line" in self.script else "")
            *thoughts, self.answer = self.search(line)
            self.say(*thoughts)
            if not self.script.get("patient"):
                self.say(self.answer)
        elif word == "stop" and self.script.get("patient"):
            self.say(self.answer)

    def search(self, command: str) -> list[str]:
        if "go" in self.script:
            lines: list[str] = self.script["go"][min(self.searches, len(self.script["go"]) - 1)]
            self.searches += 1
            return lines
        from xiangqi_gpt import Board

        first_rank = self.script.get("first_rank", 0)
        board = Board(self.fen)
        for move in self.moves:
            board.push_uci(move, first_rank=first_rank)

        def worth(move: object) -> int:
            return int.from_bytes(hashlib.sha256(f"{board.fen()} {command} {move}".encode()).digest()[:2]) % 200

        best = sorted(board.legal_moves, key=worth, reverse=True)[: self.multipv]
        lines = [
            f"info depth 2 multipv {rank} score cp {worth(move) - 150} pv {move.uci(first_rank=first_rank)}"
            for rank, move in enumerate(best, 1)
        ]
        return [*lines, f"bestmove {best[0].uci(first_rank=first_rank)}" if best else "bestmove (none)"]


def main() -> None:
    engine = FakeEngine(json.loads(sys.argv[1]))
    for line in sys.stdin:
        engine.obey(line.strip())


if __name__ == "__main__":
    main()
