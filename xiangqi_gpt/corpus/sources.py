"""The files that a corpus is made of."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.reader import has_game_suffix, visit_games
from xiangqi_gpt.records.text import path_text

__all__ = ["InputFile", "find_files", "name_sources"]

_MOST_SOURCES = 256  # shards name them in one byte


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of games; ``given`` is the path on the command line that it was found by."""

    path: Path
    given: Path
    bytes: int


def find_files(paths: Sequence[Path]) -> list[InputFile]:
    """The game files of paths: files as they are, folders searched for known suffixes.

    Each file once, folders in alphabetical order.

    Raises:
        RecordFileError: a path is missing or may not be looked at, or a file named here is no game
            log; files in a folder are looked at only when their turn comes.
        CorpusError: no paths are given, one is a pipe or a device, or no file was found.
    """
    if not paths:
        raise CorpusError("corpus.no_paths")
    found: dict[Path, InputFile] = {}
    for given in paths:
        try:
            for path in _files_of(given):
                found.setdefault(path.resolve(), InputFile(path, given, path.stat().st_size))
        except (FileNotFoundError, NotADirectoryError):
            raise RecordFileError("records.file_missing", file=path_text(given)) from None
        except OSError as error:
            name = path_text(error.filename or given)
            raise RecordFileError("records.file_unreadable", file=name, detail=error.strerror or error) from None
    if not found:
        raise CorpusError("corpus.no_files", paths=", ".join(map(path_text, paths)))
    return list(found.values())


def _files_of(given: Path) -> list[Path]:
    """The files that a path stands for, tried when it is a file itself."""
    mode = given.stat().st_mode
    if stat.S_ISDIR(mode):
        return _search(given)
    if not stat.S_ISREG(mode):  # can be read only once, and does not say how long it is
        raise CorpusError("corpus.not_a_regular_file", file=path_text(given))
    next(visit_games(given, GameEncoder()), None)
    return [given]


def _search(folder: Path) -> list[Path]:
    """The game files below a folder; unlike ``rglob`` it passes over no folder that it cannot read."""

    def refuse(error: OSError) -> None:
        raise error

    below = (Path(parent, name) for parent, _, names in os.walk(folder, onerror=refuse) for name in names)
    return sorted(path for path in below if has_game_suffix(path) and path.is_file())


def name_sources(files: Sequence[InputFile]) -> tuple[list[str], list[int]]:
    """The names of the corpus's sources, and the source of each file.

    Each file is a source, but where they are more than 256 each path given is one.

    Raises:
        CorpusError: these are more than 256 too.
    """
    names = [path_text(file.path) for file in files]
    if len(names) > _MOST_SOURCES:
        names = [path_text(file.given) for file in files]
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    if len(order) > _MOST_SOURCES:
        raise CorpusError("corpus.too_many_sources", count=len(order), limit=_MOST_SOURCES)
    return list(order), [order[name] for name in names]
