"""The files that a corpus is made of, and the sources that they are."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.packed import find_in_folder, path_text
from xiangqi_gpt.records.reader import has_game_suffix

__all__ = ["Found", "InputFile", "find_files", "find_weights", "name_sources"]

_MANY_FILES = 16  # more in a folder are one source
_MOST_SOURCES = 256  # shards name them in one byte


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of games.

    Attributes:
        path: as the user calls it.
        given: the path on the command line that it was found by.
        real: the same from whatever folder one looks: absolute, without links.
        bytes: its size.
        changed: when, in nanoseconds since 1970.
    """

    path: Path
    given: Path
    real: Path
    bytes: int
    changed: int


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, and how many others were passed over in folders, by their suffixes."""

    files: list[InputFile]
    passed_over: Counter[str]


def find_files(paths: Sequence[Path], out: Path) -> Found:
    """The game files of paths: files as they are, folders searched for known suffixes.

    Each file once, folders in alphabetical order, and neither ``out`` nor what is in it when it is a folder.

    Raises:
        RecordFileError: a path is missing or may not be looked at.
        CorpusError: no paths are given, one is a pipe or a device, or no file was found but ``out``.
    """
    if not paths:
        raise CorpusError("corpus.no_paths")
    found: dict[Path, InputFile] = {}
    others: dict[Path, str] = {}
    ours = out.resolve()
    for given in paths:
        try:
            for path in _files_of(given):
                resolved = path.resolve()
                if ours in (resolved, *resolved.parents):
                    continue
                if path != given and not has_game_suffix(path):
                    others[resolved] = path_text(path.suffix)
                    continue
                about = path.stat()
                found.setdefault(resolved, InputFile(path, given, resolved, about.st_size, about.st_mtime_ns))
        except (FileNotFoundError, NotADirectoryError):
            raise RecordFileError("records.file_missing", file=path_text(given)) from None
        except OSError as error:
            name = path_text(error.filename or given)
            raise RecordFileError("records.file_unreadable", file=name, detail=error.strerror or error) from None
    if not found and any(path.resolve() == ours and path.is_file() for path in paths):
        raise CorpusError("corpus.out_is_input", file=path_text(out))
    if not found:
        raise CorpusError("corpus.no_files", paths=", ".join(map(path_text, paths)))
    return Found(list(found.values()), Counter(suffix for path, suffix in others.items() if path not in found))


def _files_of(given: Path) -> list[Path]:
    """The files that a path stands for, whatever their names."""
    mode = given.stat().st_mode
    if stat.S_ISDIR(mode):
        return find_in_folder(given, lambda name: True, _refuse)
    if not stat.S_ISREG(mode):  # can be read only once, and does not say how long it is
        raise CorpusError("corpus.not_a_regular_file", file=path_text(given))
    with given.open("rb"):  # says now whether it may be read
        return [given]


def _refuse(error: RecordFileError) -> None:
    raise error


def name_sources(files: Sequence[InputFile]) -> tuple[list[str], list[int]]:
    """The names of the corpus's sources, and the source of each file.

    Each file is a source, but a folder of more than 16 game files (of one game each, mostly) is one as a
    whole. Where that makes more than 256, each path given is one.

    Raises:
        CorpusError: these are more than 256 too.
    """
    sizes = Counter(file.path.parent for file in files)
    names = [path_text(file.path.parent if sizes[file.path.parent] > _MANY_FILES else file.path) for file in files]
    if len(set(names)) > _MOST_SOURCES:
        names = [path_text(file.given) for file in files]
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    if len(order) > _MOST_SOURCES:
        raise CorpusError("corpus.too_many_sources", count=len(order), limit=_MOST_SOURCES)
    return list(order), [order[name] for name in names]


def find_weights(names: Sequence[str], weights: Mapping[str, float]) -> list[float]:
    """The weight of each source: that of the last text that its name contains, else 1.

    Raises:
        CorpusError: a text is in none of the names, or a weight is below 0.
    """
    found = [1.0] * len(names)
    for text, weight in weights.items():
        numbers = [number for number, name in enumerate(names) if text in name]
        if not numbers:
            raise CorpusError("corpus.no_such_source", text=text, names=", ".join(names))
        if not 0 <= weight < float("inf"):
            raise CorpusError("corpus.weight_bad", source=text, weight=weight)
        for number in numbers:
            found[number] = weight
    return found
