"""Mutated texts for every parser of text, and mutated files of games (``fuzz_records.py``).

``python tests/fuzz/fuzz_parsers.py SECONDS [SEED] [FOLDER]`` goes on for that long, half of it with
texts, half with files, also those below the folder. It stops at the first that gives another error
than the named ones, an impossible value, no answer within a minute, or, of the files, that takes more
than a second of CPU or too much memory; such a file is kept as ``fuzz-failure.bin``.
"""

from __future__ import annotations

import faulthandler
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from fuzz_records import FileFuzzer, read_samples

from xiangqi_gpt.notation.chinese import chinese_text, parse_chinese
from xiangqi_gpt.notation.coordinates import iccs_text, parse_iccs, parse_uci, uci_text
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError, InvalidMoveError
from xiangqi_gpt.notation.text import parse_text
from xiangqi_gpt.notation.wxf import parse_wxf, wxf_text
from xiangqi_gpt.rules.fen import STARTING_FEN, InvalidFenError, format_fen, parse_fen
from xiangqi_gpt.rules.movegen import MAX_MOVES, generate_legal, is_legal
from xiangqi_gpt.rules.position import State
from xiangqi_gpt.rules.squares import N_SQUARES

NAMED_ERRORS = (InvalidMoveError, IllegalMoveError, AmbiguousMoveError, InvalidFenError)
HANG_SECONDS = 60
MAX_POSITIONS = 500

FENS = [
    STARTING_FEN,
    "3k5/6P2/2P3P2/2P3P2/9/9/9/9/9/5K3 w",
    "3k2P2/6P2/6P2/6P2/6P2/9/9/9/9/5K3 w",
    "4k4/9/9/9/9/1p2p4/1p2p4/9/4p4/3K5 b",
    "3akab2/9/2n1b1n2/2R6/7C1/2r3r2/7C1/4B1N2/9/2BAKA3 b - - 12 34",
    "2bakab2/9/9/9/4R4/2B1R4/9/9/4A4/2BAK4 w",
]
# Texts that are often ambiguous, or in older forms.
TEXTS = [
    *("C2=5", "P3=4", "P3+1", "P++1", "33.4", "3+.4", "++.4", "--.4", "R4+1", "C25"),
    *("炮二平五", "前兵进一", "兵三平四", "后卒进１", "中兵平四", "前三平四"),
]
ALPHABET = (
    "KAEHRCPkaehrcpNBGMSnbgms0123456789+-.=/ wrb abcdefghiABCDEFGHI"
    "车車俥马馬傌炮砲包兵卒仕士相象帅帥将將前中后後进進退平一二三四五六七八九"
    "１２３４５６７８９　＋－．＝\u0000\ud800é٣️😀"
)


def mutate(text: str, other: str, rng: random.Random) -> str:
    """A text with a few small changes."""
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 6))):
        at, to = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        letter = rng.choice(ALPHABET) if rng.random() < 0.95 else chr(rng.randrange(0x110000))
        text = rng.choice(
            (
                text[:at] + letter + text[at:],
                text[:at] + letter + text[at + 1 :],
                text[:at] + text[at + 1 :],
                text[:at] + text[to:],
                text[:to] + text[at:],
                text[:at] + other + text[at:],
                text[at:] + text[:at],
                text[:at] + text[to : to + 1] + text[at + 1 : to] + text[at : at + 1] + text[to + 1 :],
                text.swapcase(),
                text * rng.choice((2, 2, 50)),
            )
        )[:5000]
    return text


def move_texts(state: State) -> list[str]:
    """Every legal move in every notation; whatever the position, writing raises nothing."""
    moves = np.empty(MAX_MOVES, np.int32)
    texts = []
    for move in moves[: generate_legal(state, moves, np.empty(N_SQUARES, np.uint8))].tolist():
        texts += [uci_text(move), uci_text(move, 1), iccs_text(move), wxf_text(state, move)]
        texts += [chinese_text(state, move), chinese_text(state, move, traditional=True, full_width=False)]
    return texts


class Fuzzer:
    """Positions, texts to mutate, and a random generator."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.states = [parse_fen(fen) for fen in FENS]
        self.texts = [*FENS, *TEXTS * 10, *(text for state in self.states for text in move_texts(state))]
        self.tally: Counter[str] = Counter()

    def step(self) -> None:
        """Give one text to every parser."""
        text = mutate(self.rng.choice(self.texts), self.rng.choice(self.texts), self.rng)
        state = self.rng.choice(self.states)
        self._try("parse_wxf", text, lambda: is_legal(state, parse_wxf(state, text)))
        self._try("parse_chinese", text, lambda: is_legal(state, parse_chinese(state, text)))
        self._try("parse_text", text, lambda: is_legal(state, parse_text(state, text)))
        self._try("parse_uci", text, lambda: uci_text(parse_uci(text)) == text)
        self._try("parse_uci from 1", text, lambda: uci_text(parse_uci(text, 1), 1) == text)
        self._try(
            "parse_iccs", text, lambda: iccs_text(parse_iccs(text)) in (text.upper(), f"{text[:2]}-{text[2:]}".upper())
        )
        self._try("parse_fen", text, lambda: self._check_fen(text))

    def _check_fen(self, text: str) -> bool:
        state = parse_fen(text)
        if len(self.states) < MAX_POSITIONS:
            self.states.append(state)  # odd positions are the best to read moves in
            self.texts += self.rng.sample(texts := move_texts(state), min(10, len(texts)))
        return format_fen(parse_fen(format_fen(state))) == format_fen(state)

    def _try(self, name: str, text: str, check: Callable[[], bool]) -> None:
        try:
            fine = check()
        except NAMED_ERRORS as error:
            str(error)  # the message renders
            self.tally[f"{name} {type(error).__name__}"] += 1
            return
        if not fine:
            raise AssertionError(f"{name} gives a wrong value for {text!r}")
        self.tally[f"{name} value"] += 1


def fuzz(iterations: int, seed: int = 0) -> Counter[str]:
    """Run a number of steps; returns how often each parser gave what."""
    fuzzer = Fuzzer(seed)
    for _ in range(iterations):
        fuzzer.step()
    return fuzzer.tally


def run(step: Callable[[], None], seconds: float) -> int:
    """Go on for some time; returns the number of steps."""
    end = time.monotonic() + seconds
    steps = 0
    while time.monotonic() < end:
        faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        step()
        steps += 1
    faulthandler.cancel_dump_traceback_later()
    return steps


def show(counts: Counter[str]) -> None:
    for name, count in sorted(counts.items()):
        print(f"{count:12} {name}")


def main(seconds: float, seed: int, folder: Path | None = None) -> None:
    """Run for some time and print what the parsers gave."""
    texts = Fuzzer(seed)
    print(f"{run(texts.step, seconds / 2)} texts, seed {seed}")
    show(texts.tally)
    files = FileFuzzer(seed, limits=True, more=read_samples(folder) if folder else ())
    try:
        count = run(files.step, seconds / 2)
    except BaseException:
        Path("fuzz-failure.bin").write_bytes(files.data)
        raise
    tally = files.tally
    print(f"{count} files, {tally.games} games, seed {seed}")
    print(f"slowest {tally.slowest[0]:.2f} s of CPU ({tally.slowest[1]}), at most {tally.taken >> 20} MiB taken")
    show(tally.files)
    show(tally.answers)


if __name__ == "__main__":
    main(
        float(sys.argv[1]),
        int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() & 0xFFFF,
        Path(sys.argv[3]) if len(sys.argv) > 3 else None,
    )
