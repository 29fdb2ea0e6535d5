"""Files of games that a command reads, maybe more than once, and must find as they were."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from xiangqi_gpt.corpus.sources import find_files
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.packed import path_text
from xiangqi_gpt.records.reader import read_games

__all__ = ["GameFiles", "Stamp"]

Stamp: TypeAlias = tuple[str, int, int]
"""A file's path, size in bytes, and time of its last change in nanoseconds since 1970."""


class GameFiles:
    """The files of games in some paths, as they are now.

    Attributes:
        stamps: of the files, in the order in which they are read.
        errors: why files could not be read, or not to their ends.
    """

    def __init__(self, paths: Sequence[Path], out: Path) -> None:
        """Look for files; the file ``out`` is none of them.

        Raises:
            RecordFileError: a path is missing or may not be looked at.
            CorpusError: no file was found, or one is a pipe or a device.
        """
        found = find_files(paths, out).files
        self._files = [file.path for file in found]
        self.stamps: list[Stamp] = [(path_text(file.real), file.bytes, file.changed) for file in found]
        self.errors: list[RecordFileError] = []

    def games(self, *, variations: bool = True) -> Iterator[Game]:
        """Read all games; a file that cannot be read is told to the user, once, and passed over."""
        for file in self._files:
            yield from read_games(file, variations=variations, on_error=self._tell)

    def _tell(self, error: RecordFileError) -> None:
        if all((error.code, error.fields) != (told.code, told.fields) for told in self.errors):
            self.errors.append(error)
            print(error, file=sys.stderr)
