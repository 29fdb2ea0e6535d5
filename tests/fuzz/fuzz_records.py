"""Mutated files of every format that games are kept in; ``fuzz_parsers.py`` runs it.

A file has to give games, and at most one error of the program's own; the games have to be legal, and
to come back from any file that they are written to as they were, unless the writer told a loss.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.records import Game, LossError, read_games, visit_games, write_games
from xiangqi_gpt.records.formats import HEAD_BYTES
from xiangqi_gpt.records.packed import PACKINGS
from xiangqi_gpt.records.pgn_writer import NOTATIONS

sys.path.append(str(Path(__file__).resolve().parents[1] / "records"))
from trees import facts, meaning, random_tree
from xqf_by_hand import RED, TITLE, Record, xqf_file

CPU_SECONDS = 1.0  # of a file, at the most
MEMORY = 256 << 20  # bytes that the reading of a file may take beside what the process has before
LARGEST = 1 << 17  # bytes of a mutated file, unpacked
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"]
XQF_VERSIONS = [10, 11, 12, 13, 15, 16, 18]
MOST_REPEATS = 2000

# What the formats give a meaning to.
TEXTS = [
    *'{}()[]<>"\\%;:=*$!?.,|\t\n\r\0\ufeff\ud800 #',
    *("\n\n", "1.", "2...", "h2e2", "H9-G7", "a10i1", "炮二平五", "前车进1", "C2=5", "P++1", "兵三"),
    *("1-0", "1/2", "红先胜", "[%eval #-3,18]", "[%best h2e2]", "[%multipv a0a1 0.1]", "$999", "٣", "²", "9" * 5000),
    *('[Event "x"]', '[FEN "', "[Result", "红方：", "｛", "【", "（", "&nbsp;", "</p>", "4k4/9/9/9/9/9/9/9/9/4K4 w"),
    *("null", "true", "1e999", "-0", '":{"', "moves", "fen", "result", '"moves":', '"variations":['),
]


@dataclass(frozen=True)
class Sample:
    """A whole file: its kind, name and bytes, with the encoding where it is a text, and how it is packed."""

    kind: str
    name: str
    data: bytes
    encoding: str = ""
    pack: Callable[[bytes], bytes] | None = None


def zipped(data: bytes) -> bytes:
    """An archive with the file in it twice, and another."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("红/a.pgn", data)
        archive.writestr("b.jsonl", '{"moves": "h2e2 h9g7"}')
        archive.writestr("c.pgn", data)
    return out.getvalue()


def packer(packing_writer: Callable[[io.BytesIO], io.BufferedIOBase]) -> Callable[[bytes], bytes]:
    def pack(data: bytes) -> bytes:
        out = io.BytesIO()
        with packing_writer(out) as stream:
            stream.write(data)
        return out.getvalue()

    return pack


def written(games: Sequence[Game], **how: str) -> bytes:
    out = io.BytesIO()
    write_games(out, games, **how)  # type: ignore[arg-type]
    return out.getvalue()


def move_rows(games: Sequence[Game]) -> bytes:
    """A table with a row a move."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["game_id", "move_index", "move", "fen", "winner", "comment", "move_analysis"])
    for name, game in enumerate(games):
        start = game.headers.get("FEN", "")
        for ply, move in enumerate(game.mainline_moves()):
            info = f"info depth 1 score cp {ply} pv {move}"
            table.writerow([name, ply, move.uci(), start, "red", "x", info])
    return out.getvalue().encode()


def xqf_of(game: Game, version: int) -> bytes:
    """The main line of a game from the usual start in a version of XQF, with a side line and a comment."""
    moves = [move.uci() for move in game.mainline_moves()]
    records = [Record(move, then=at < len(moves), comment=b"x" * (at % 3)) for at, move in enumerate(["", *moves])]
    if moves:
        records[1] = Record(moves[0], then=len(moves) > 1, other=True, comment="好棋".encode("gbk"))
        records.append(Record("a0a1", then=False))
    return xqf_file(records, version=version, fields={TITLE: "中炮".encode("gbk"), RED: "胡明".encode("gbk")})


def samples(rng: random.Random) -> list[Sample]:
    """Files of every format, notation, encoding and packing, by the project's own writers."""
    trees = [random_tree(rng, odd=0.02, most=40) for _ in range(12)]
    usual = [tree for tree in (random_tree(rng, most=60) for _ in range(12)) if "FEN" not in tree.headers]

    def some() -> list[Game]:
        return rng.sample(trees, 3)

    found = [
        Sample("PGN", "a.pgn", written(some(), format="pgn", notation=notation, encoding=encoding), encoding)
        for notation in NOTATIONS
        for encoding in ENCODINGS
        if (notation, encoding) != ("chinese", "big5")  # Big5 has no simplified characters
    ]
    found += [Sample("XQF", "a.xqf", written([tree], format="xqf")) for tree in trees]
    found += [Sample("XQF", "a.xqf", xqf_of(tree, version)) for version in XQF_VERSIONS for tree in usual[:2]]
    for encoding in ("utf-8", "gb18030", "utf-16"):
        found.append(Sample("JSON", "a.jsonl", written(some(), format="jsonl", encoding=encoding), encoding))
        found.append(Sample("CSV", "a.csv", written(some(), format="csv", encoding=encoding), encoding))
    objects = [json.loads(line) for line in written(some(), format="jsonl").splitlines()]
    found.append(Sample("JSON", "a.json", json.dumps({"games": objects}, indent=1).encode(), "utf-8"))
    found += [Sample("CSV", "a.csv", move_rows(some()), "utf-8") for _ in range(3)]
    for game in some():
        moves = list(game.mainline_moves())
        chinese = game.start_board().variation_chinese(moves)
        line = " ".join(move.uci() for move in moves)
        text = f"# a list\n{game.headers.get('FEN', '')} {line} 1-0\n胡明: {line}\n{chinese}\nh2e2h9g7\n"
        found.append(Sample("lines", "a.txt", text.encode(), "utf-8"))
    packers = {packing.suffix: packer(packing.writer) for packing in PACKINGS} | {".zip": zipped}
    for suffix, pack in packers.items():
        found += [
            Sample(suffix, f"{sample.name}{suffix}", sample.data, sample.encoding, pack)
            for sample in rng.sample(found[: len(NOTATIONS) * len(ENCODINGS) - 1], 2)
        ]
        found.append(Sample(suffix, f"a.jsonl{suffix}", written(some(), format="jsonl"), "utf-8", pack))
    return found


def read_samples(folder: Path) -> list[Sample]:
    """The files below a folder as samples, by their suffixes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size <= LARGEST)
    return [Sample(f"real {path.suffix.lower()}", path.name, path.read_bytes()) for path in files]


def mutate_text(text: str, other: str, rng: random.Random) -> str:
    """A text with a piece of it changed."""
    at, to = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    to = min(to, at + rng.choice((1, 3, 30, 3000)))
    token = rng.choice(TEXTS)
    return rng.choice(
        (
            text[:at] + token + text[at:],
            text[:at] + token + text[to:],
            text[:at] + token * rng.choice((2, 50, MOST_REPEATS)) + text[at:],
            text[:at] + text[to:],
            text[:at] + text[at:to] * rng.choice((2, 5, MOST_REPEATS)) + text[to:],
            text[:at] + other[at : at + rng.choice((10, 1000))] + text[to:],
            text[:to],
            text[:at] + chr(rng.randrange(0x110000)) + text[to:],
            text[:at] + text[at:to].swapcase() + text[to:],
            text.replace("\n", rng.choice((" ", "\r", "\n\n", "\r\n"))),
        )
    )


def mutate_bytes(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Bytes with a piece changed."""
    at, to = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    to = min(to, at + rng.choice((1, 2, 4, 32, 1000)))
    junk = rng.choice((b"\xff", b"\0", b"\x80", rng.randbytes(1), rng.randbytes(4), rng.randbytes(rng.randrange(40))))
    return rng.choice(
        (
            data[:at] + junk + data[at + len(junk) :],
            data[:at] + junk + data[at:],
            data[:at] + data[to:],
            data[:at] + data[at:to] * rng.choice((2, 5, MOST_REPEATS)) + data[to:],
            data[:at] + other[at : at + rng.choice((4, 100, 2000))] + data[to:],
            data[:to],
            data[:at] + bytes(byte ^ 1 << rng.randrange(8) for byte in data[at : at + 4]) + data[at + 4 :],
        )
    )


def mutate(sample: Sample, other: Sample, rng: random.Random) -> bytes:
    """The bytes of a file that was one of the format."""
    data = sample.data
    for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
        if sample.encoding and rng.random() < 0.8:
            text, piece = (some.decode(sample.encoding, "replace") for some in (data, other.data))
            data = mutate_text(text, piece, rng).encode(sample.encoding, "replace")
        else:
            data = mutate_bytes(data, other.data, rng)
        data = data[:LARGEST]
    if sample.pack is not None:
        data = sample.pack(data)
        for _ in range(rng.choice((0, 0, 1, 3))):
            data = mutate_bytes(data, other.data, rng)[:LARGEST]
    return data


@dataclass
class Tally:
    """What the files gave, and what they took."""

    files: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    games: int = 0
    slowest: tuple[float, str] = (0.0, "")
    taken: int = 0  # bytes that the reading of one file took, at the most


class ResidentMemory:
    """How much the resident memory of this process rises while something is done.

    Measured a file at a time, by the peak that Linux lets a process reset (proc_pid_clear_refs(5)): the peak of a whole
    run also holds what the allocator keeps of all the files before. Elsewhere it is not measured.
    """

    _RESET = Path("/proc/self/clear_refs")

    def start(self) -> None:
        if self._RESET.exists():
            self._RESET.write_text("5")
            self._before = self._status("VmRSS")

    def rise(self) -> int:
        """Bytes at the peak since ``start``, beside those at its time."""
        return self._status("VmHWM") - self._before if self._RESET.exists() else 0

    def _status(self, name: str) -> int:
        [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name)]
        return int(line.split()[1]) << 10


class FileFuzzer:
    """Mutates samples, reads them in each way there is, writes what was read.

    Args:
        seed: of everything that is random.
        limits: whether a file that takes too much time or memory is a failure.
        more: other files to mutate.
    """

    def __init__(self, seed: int, *, limits: bool, more: Sequence[Sample] = ()) -> None:
        self.rng = random.Random(seed)
        found = [*samples(self.rng), *more]
        self.samples = [[one for one in found if one.kind == kind] for kind in sorted({one.kind for one in found})]
        self.tally = Tally()
        self._limits = False
        self._memory = ResidentMemory()
        self.data = b""  # of the file that is being read, for who wants to look at a failure
        for sample in found:  # compiles and caches whatever there is
            self._read(sample, sample.pack(sample.data) if sample.pack else sample.data)
        self.tally = Tally()
        self._limits = limits

    def step(self) -> None:
        """Read one mutated file."""
        sample, other = (self.rng.choice(kind) for kind in self.rng.choices(self.samples, k=2))
        self.data = mutate(sample, other, self.rng)
        self._read(sample, self.data)

    def _read(self, sample: Sample, data: bytes) -> None:
        games: list[Game] = []
        answers: list[str] = []

        def stream() -> io.BytesIO:
            file = io.BytesIO(data)
            file.name = sample.name  # type: ignore[attr-defined]
            return file

        for read in (lambda: games.extend(read_games(stream())), lambda: list(visit_games(stream(), GameEncoder()))):
            self._memory.start()
            started = time.process_time()
            answers.append(self._answer(read))
            self._check_costs(sample, time.process_time() - started)
        if answers[0] != answers[1]:
            raise AssertionError(f"read_games gives {answers[0]}, the encoder {answers[1]}")
        self.tally.files[sample.kind] += 1
        self.tally.answers[answers[0]] += 1
        self.tally.games += len(games)
        for game in games:
            self._check_game(game)
        if games:
            self._check_writing(self.rng.choice(games))

    def _answer(self, call: Callable[[], object]) -> str:
        try:
            call()
        except XiangqiError as error:
            for language in ("en", "zh"):
                error.text(language)  # it renders
            return error.code
        return "games"

    def _check_costs(self, sample: Sample, seconds: float) -> None:
        if not self._limits:
            return
        taken = self._memory.rise()
        self.tally.taken = max(self.tally.taken, taken)
        self.tally.slowest = max(self.tally.slowest, (seconds, sample.kind))
        if seconds > CPU_SECONDS:
            raise AssertionError(f"{sample.name} took {seconds:.2f} s")
        if taken > MEMORY:
            raise AssertionError(f"{sample.name} took {taken >> 20} MiB")

    def _check_game(self, game: Game) -> None:
        for fault in game.errors:
            for language in ("en", "zh"):
                fault.text(language)
        if game.variations:
            board = game.start_board()
            for move in game.mainline_moves():
                assert board.is_legal(move)
                board.push(move)

    def _check_writing(self, game: Game) -> None:
        no_position = any(error.reason in ("fen_bad", "position_impossible") for error in game.errors)
        if no_position or len(repr(facts(game)[0])) > HEAD_BYTES // 8:  # what shows the format is too far behind
            return
        form = self.rng.choice(["pgn", "pgn", "xqf", "jsonl", "csv"])
        encoding = self.rng.choice(["utf-8-sig", "utf-16"])
        if form == "xqf" and not repr(facts(game)).isascii():
            return  # the encoding of such texts cannot be told without a mark
        notation = self.rng.choice(list(NOTATIONS))
        losses: list[LossError] = []
        out = io.BytesIO()
        try:
            write_games(out, [game], format=form, encoding=encoding, notation=notation, on_loss=losses.append)
        except XiangqiError:
            assert form == "xqf"  # which has no room for it
            return
        out.seek(0)
        out.name = f"a.{form}"  # type: ignore[attr-defined]
        back = list(read_games(out))
        if not losses and [meaning(one) for one in back] != [meaning(game)]:
            raise AssertionError(f"{form} in {encoding} and {notation} changes {facts(game)!r:.3000}")
