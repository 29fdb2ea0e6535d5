"""Reading and checking files in many tasks; what each found is kept on disk until the corpus is whole.

A *part* is what one task made: of some small files, or of a piece of a big PGN file. Its games are
records (:mod:`xiangqi_gpt.corpus.spool`) in ``KEY.games``, its rejects lines in ``KEY.rejects``; what it
has to tell (:class:`PartInfo`) is in ``KEY.json``, which is written last. The key is a hash of the
files' paths, sizes and times and of the program that read them, so that a later run uses the parts
that still hold.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from xiangqi_gpt.atomic import unfinished, write_whole
from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.records.errors import GameError, RecordFileError
from xiangqi_gpt.records.pgn import visit_pgn
from xiangqi_gpt.records.pgn_tokens import colon_headers, has_move, is_next_game, is_rule, tags, without_html
from xiangqi_gpt.records.reader import visit_games

__all__ = ["FileInfo", "Part", "PartInfo", "cut_games", "part_key", "read_files", "read_piece"]

_SHOWN_REJECTS = 3


@dataclass
class FileInfo:
    """What became of the games of a file (or of a piece of it): ``read`` of them, ``checked`` are in the part."""

    read: int = 0
    checked: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    errors: list[RecordFileError] = field(default_factory=list)


@dataclass
class PartInfo:
    """What a part has to tell: of each of its files in order, and the first faulty games."""

    files: list[FileInfo] = field(default_factory=list)
    first_rejects: list[GameError] = field(default_factory=list)

    @property
    def games(self) -> int:
        """How many games were read."""
        return sum(file.read for file in self.files)

    @property
    def checked(self) -> int:
        """How many of them are in the part."""
        return sum(file.checked for file in self.files)


@dataclass(frozen=True)
class Part:
    """The files of a part; ``path`` is theirs without a suffix."""

    path: Path

    @property
    def games(self) -> Path:
        """The records."""
        return self.path.with_suffix(".games")

    @property
    def rejects(self) -> Path:
        """The lines about rejected games and files."""
        return self.path.with_suffix(".rejects")

    def info(self) -> PartInfo | None:
        """What the part has to tell; None when it is not (wholly) there."""
        try:
            fields = json.loads(self.path.with_suffix(".json").read_bytes())
        except (OSError, ValueError):
            return None
        files = [
            FileInfo(
                read=file["read"],
                checked=file["checked"],
                rejects=Counter(file["rejects"]),
                errors=[RecordFileError(code, **_revived(more)) for code, more in file["errors"]],
            )
            for file in fields["files"]
        ]
        return PartInfo(files, [GameError(code, **_revived(more)) for code, more in fields["first_rejects"]])

    def write_info(self, info: PartInfo) -> None:
        """Write what the part has to tell: after this it is whole."""
        files = [
            {
                "read": file.read,
                "checked": file.checked,
                "rejects": file.rejects,
                "errors": [(error.code, _plain(error.fields)) for error in file.errors],
            }
            for file in info.files
        ]
        rejects = [(error.code, _plain(error.fields)) for error in info.first_rejects]
        write_whole(self.path.with_suffix(".json"), json.dumps({"files": files, "first_rejects": rejects}).encode())


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an error as JSON can hold them; errors among them as code and fields."""
    plain: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, XiangqiError):
            plain[name] = [value.code, _plain(value.fields)]
        else:
            plain[name] = value if isinstance(value, (int, float, str, type(None))) else str(value)
    return plain


def _revived(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: XiangqiError(value[0], **_revived(value[1])) if isinstance(value, list) else value
        for name, value in fields.items()
    }


def part_key(*parts: object) -> str:
    """A name for a part by all that decides what it holds."""
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:24]


class _Writer:
    """Writes a part."""

    def __init__(self, part: Part, stack: ExitStack) -> None:
        self._part = part
        self._games = stack.enter_context(unfinished(part.games).open("wb"))
        self._rejects: TextIO = stack.enter_context(unfinished(part.rejects).open("w", encoding="utf-8"))
        self._info = PartInfo()

    def take(self, games: Iterable[bytes | GameError], errors: list[RecordFileError]) -> None:
        """Take the games of a file; ``errors`` are there when the last game has come."""
        info = FileInfo(errors=errors)
        self._info.files.append(info)
        for game in games:
            info.read += 1
            if isinstance(game, GameError):
                info.rejects[game.reason] += 1
                if len(self._info.first_rejects) < _SHOWN_REJECTS:
                    self._info.first_rejects.append(game)
                self._reject(game, str(game.fields.get("text", "")))
            else:
                info.checked += 1
                self._games.write(game)
        for error in errors:
            self._reject(error, error.text("en"))

    def _reject(self, error: XiangqiError, text: str) -> None:
        fields = error.fields
        line = {
            "file": fields["file"],
            "line": fields.get("line"),
            "reason": error.code.partition(".")[2],
            "ply": fields.get("ply"),
            "text": text,
        }
        self._rejects.write(f"{json.dumps(line, ensure_ascii=False)}\n")

    def finish(self) -> PartInfo:
        """Make the part whole."""
        self._games.close()
        self._rejects.close()
        for path in (self._part.games, self._part.rejects):
            unfinished(path).replace(path)
        self._part.write_info(self._info)
        return self._info


def read_files(part: Part, paths: list[Path]) -> PartInfo:
    """The task that reads whole files."""
    with ExitStack() as stack:
        writer = _Writer(part, stack)
        encoder = GameEncoder()
        for path in paths:
            errors: list[RecordFileError] = []
            writer.take(visit_games(path, encoder, on_error=errors.append), errors)
        return writer.finish()


def read_piece(part: Part, name: str, lines_before: int, text: str, errors: list[RecordFileError]) -> PartInfo:
    """The task that reads a piece of a PGN file.

    Args:
        part: what it makes.
        name: what messages call the file.
        lines_before: how many lines of the file stand before the piece.
        text: the piece.
        errors: why there are no more pieces, if the file could not be read to its end.
    """
    with ExitStack() as stack:
        writer = _Writer(part, stack)
        games = list(visit_pgn(text.split("\n"), GameEncoder(lines_before), name))
        # Where the file breaks off, so does its last game.
        writer.take(games[:-1] if errors else games, errors)
        return writer.finish()


_PIECE_CHARACTERS = 1 << 20
_BRACES = (("{", "}"), ("｛", "｝"))


def cut_games(lines: Iterable[str], characters: int = _PIECE_CHARACTERS) -> Iterator[tuple[int, str]]:
    """A PGN text cut between games into pieces that parsed one by one give what the whole does.

    A cut is made before a tag pair behind moves, which begins a game, unless it may be part of a comment:
    there the parser heeds ``Game`` and ``Event`` only.

    Yields:
        How many lines stand before a piece, and its text.
    """
    piece: list[str] = []
    size = before = 0
    open_braces = ""  # of comments that may go on from line to line
    for line in lines:
        if open_braces and is_next_game(line):
            open_braces = ""
        is_tag = not open_braces and line.lstrip()[:1] == "[" and bool(tags(line.strip()))
        if is_tag and size >= characters and _has_moved(piece):
            yield before, "\n".join(piece)
            before += len(piece)
            piece, size = [], 0
        if not is_tag:
            open_braces = _still_open(line, open_braces)
        piece.append(line)
        size += len(line) + 1
    if piece:
        yield before, "\n".join(piece)


def _still_open(line: str, before: str) -> str:
    """The braces that may be open behind a line; those of remarks and the like count too, to be safe."""
    still = ""
    for opening, closing in _BRACES:
        opened, closed = line.rfind(opening), line.rfind(closing)
        if opened > closed or (opened == closed and opening in before):
            still += opening
    return still


def _has_moved(lines: list[str]) -> bool:
    """Whether a move stands behind the last tag pair of some lines."""
    for line in map(str.strip, reversed(lines)):
        if line.startswith("<"):
            line = without_html(line)
        if line.startswith("["):
            return False
        if has_move(line) and not (line.startswith("%") or is_rule(line) or colon_headers(line)):
            return True
    return False
