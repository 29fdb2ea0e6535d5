"""The files that a corpus is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.reader import has_game_suffix, visit_games

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
        RecordFileError: a path is missing, or a file named here is no game log; files in a folder
            are looked at only when their turn comes.
        CorpusError: no paths are given, or no file was found.
    """
    if not paths:
        raise CorpusError("corpus.no_paths")
    found: dict[Path, InputFile] = {}
    for given in paths:
        if given.is_dir():
            files = [path for path in sorted(given.rglob("*")) if has_game_suffix(path) and path.is_file()]
        elif given.exists():
            next(visit_games(given, GameEncoder()), None)
            files = [given]
        else:
            raise RecordFileError("records.file_missing", file=given)
        for path in files:
            found.setdefault(path.resolve(), InputFile(path, given, path.stat().st_size))
    if not found:
        raise CorpusError("corpus.no_files", paths=", ".join(map(str, paths)))
    return list(found.values())


def name_sources(files: Sequence[InputFile]) -> tuple[list[str], list[int]]:
    """The names of the corpus's sources, and the source of each file.

    Each file is a source, but where they are more than 256 each path given is one.

    Raises:
        CorpusError: these are more than 256 too.
    """
    names = [str(file.path) for file in files]
    if len(names) > _MOST_SOURCES:
        names = [str(file.given) for file in files]
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    if len(order) > _MOST_SOURCES:
        raise CorpusError("corpus.too_many_sources", count=len(order), limit=_MOST_SOURCES)
    return list(order), [order[name] for name in names]
