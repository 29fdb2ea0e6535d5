"""The first stage: every file read and checked, in tasks for all cores, and none twice.

Some small files make a task; a big PGN file makes many, for it is unpacked and cut here. How many tasks
run at a time changes nothing in what comes of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

from xiangqi_gpt import __version__
from xiangqi_gpt.atomic import UNFINISHED, write_whole
from xiangqi_gpt.corpus.parts import Part, PartInfo, cut_games, part_key, read_files, read_piece
from xiangqi_gpt.corpus.progress import OnProgress, Progress
from xiangqi_gpt.corpus.sources import InputFile
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.formats import HEAD_BYTES, find_format
from xiangqi_gpt.records.packed import PlainFile, path_text, plain_files
from xiangqi_gpt.records.pgn import PGN_SUFFIXES
from xiangqi_gpt.records.text import read_lines

__all__ = ["ReadPart", "ReadStage", "most_pending", "program_hash"]

_BIG_FILE = 1 << 18  # bytes, perhaps packed: from here on it pays to look whether a file can be cut
_FULL_GROUP = 1 << 20  # bytes of the small files of a task
_PACKAGE = Path(__file__).resolve().parent.parent
_ROOMS = ("rules", "notation", "encoding", "records", "corpus")


def most_pending(workers: int) -> int:
    """How many tasks are given to an executor of so many workers at a time; a piece of a file waits in memory."""
    return 2 * workers + 2


@cache
def program_hash() -> str:
    """A hash of the program that reads games: what another one read is not used."""
    digest = hashlib.sha256(__version__.encode())
    for room in _ROOMS:
        for path in sorted((_PACKAGE / room).glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass
class ReadPart:
    """A part with the numbers of the files in it; ``info`` is None until it is there."""

    part: Part
    files: list[int]
    info: PartInfo | None = None


class ReadStage:
    """Reads files.

    Args:
        files: what to read.
        folder: for the parts.
        executor: runs the tasks.
        workers: how many it runs at a time.
        on_progress: hears how far it is, in bytes of the files.
    """

    def __init__(
        self, files: Sequence[InputFile], folder: Path, executor: Executor, workers: int, on_progress: OnProgress
    ) -> None:
        self._files = files
        self._folder = folder
        self._executor = executor
        self._most_pending = most_pending(workers)
        self._on_progress = on_progress
        self._total = sum(file.bytes for file in files)
        self._done = self._games = 0
        self._parts: list[ReadPart] = []
        self._pending: dict[Future[PartInfo], tuple[ReadPart, int]] = {}
        self._counts: set[str] = set()
        self._cut: dict[int, tuple[Path, int]] = {}  # files whose pieces are not all read yet: how many there are

    def run(self) -> list[tuple[ReadPart, PartInfo]]:
        """Read what is not read yet; returns the parts in the order of the files, and removes all others."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for group in self._groups():
            if self._files[group[0]].bytes < _BIG_FILE or not self._read_in_pieces(group[0]):
                part = ReadPart(Part(self._folder / self._key(group)), group)
                size = sum(self._files[number].bytes for number in group)
                self._submit(part, size, read_files, [self._files[number].path for number in group])
        while self._pending:
            self._collect()
        self._tell()
        used = {part.part.path.name for part in self._parts} | self._counts
        for path in self._folder.iterdir():
            if path.name.partition(".")[0] not in used or path.name.endswith(UNFINISHED):
                path.unlink()
        return [(part, part.info) for part in self._parts if part.info is not None]

    def _groups(self) -> Iterator[list[int]]:
        """The files of each task, a big one alone. A new file changes few of the groups."""
        group: list[int] = []
        size = 0
        for number, file in enumerate(self._files):
            if file.bytes >= _BIG_FILE:
                yield from filter(None, (group, [number]))
                group, size = [], 0
                continue
            group.append(number)
            size += file.bytes
            if size >= _FULL_GROUP or self._key([number]).startswith(("00", "80")):
                yield group
                group, size = [], 0
        if group:
            yield group

    def _key(self, numbers: Sequence[int], *more: object) -> str:
        files = [self._files[number] for number in numbers]
        return part_key(program_hash(), [(str(file.real), file.bytes, file.changed) for file in files], *more)

    # A big file

    def _read_in_pieces(self, number: int) -> bool:
        """Read a big file piece by piece; False when it is none that can be cut, and nothing was done."""
        file = self._files[number]
        count_key = self._key([number], "pieces")
        count_path = self._folder / f"{count_key}.count"
        self._counts.add(count_key)
        if done := self._finished_pieces(number, count_path):
            self._parts += done
            self._games += sum(part.info.games for part in done if part.info)
            self._tell(file.bytes)
            return True
        errors: list[RecordFileError] = []
        before = self._done
        for plain in plain_files(
            file.path, lambda name: True, head_size=HEAD_BYTES, on_error=errors.append, on_read=self._tell
        ):
            if plain.name != path_text(file.path) or not _is_pgn(plain):  # in an archive, or something else
                break
            lines = _until_error(read_lines(plain.stream, plain.name), errors)
            count = 0
            for piece, following in pairwise(chain(cut_games(lines), (None,))):
                if piece is not None:
                    told = errors if following is None else []
                    self._submit(self._piece(number, count), 0, read_piece, plain.name, *piece, told)
                    count += 1
            if count:
                self._cut[number] = count_path, count
                return True
        self._done = before
        return False

    def _piece(self, number: int, piece: int) -> ReadPart:
        return ReadPart(Part(self._folder / self._key([number], piece)), [number])

    def _finished_pieces(self, number: int, count_path: Path) -> list[ReadPart]:
        """The pieces of a file that an earlier run read to its end, else none."""
        try:
            parts = [self._piece(number, piece) for piece in range(int(count_path.read_bytes()))]
        except (OSError, ValueError):
            return []
        for part in parts:
            part.info = part.part.info()
        return parts if all(part.info for part in parts) else []

    # Tasks

    def _submit(self, part: ReadPart, size: int, task: Callable[..., PartInfo], *arguments: object) -> None:
        """Have a part made unless it is there; ``size`` is told as done when it is."""
        self._parts.append(part)
        part.info = part.part.info()
        if part.info is not None:
            self._games += part.info.games
            self._tell(size)
            return
        while len(self._pending) >= self._most_pending:
            self._collect()
        self._pending[self._executor.submit(task, part.part, *arguments)] = part, size

    def _collect(self) -> None:
        """Wait for a task."""
        for future in wait(self._pending, return_when=FIRST_COMPLETED).done:
            part, size = self._pending.pop(future)
            part.info = future.result()
            self._games += part.info.games
            self._tell(size)
        reading = {number for part, _ in self._pending.values() for number in part.files}
        for number in self._cut.keys() - reading:
            count_path, count = self._cut.pop(number)
            write_whole(count_path, str(count).encode())

    def _tell(self, size: int = 0) -> None:
        self._done = min(self._done + size, self._total)
        self._on_progress(Progress("read", self._done, self._total, self._games))


def _is_pgn(file: PlainFile) -> bool:
    try:
        return find_format(file).suffixes == PGN_SUFFIXES
    except RecordFileError:
        return False


def _until_error(lines: Iterable[str], errors: list[RecordFileError]) -> Iterator[str]:
    try:
        yield from lines
    except RecordFileError as error:
        errors.append(error)
