"""``xiangqi-gpt convert IN… OUT``: from one format of games to another."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal

import tyro
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from xiangqi_gpt.cli.show_moves import Notation
from xiangqi_gpt.messages import XiangqiError, say
from xiangqi_gpt.records.builder import GameBuilder
from xiangqi_gpt.records.errors import LossError, RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.packed import find_in_folder, path_text, plain_suffix
from xiangqi_gpt.records.reader import has_game_suffix, source_bytes, visit_games
from xiangqi_gpt.records.writer import write_games
from xiangqi_gpt.rules.fen import InvalidFenError

__all__ = ["Settings", "run"]

_STANDARD_OUTPUT = "-"
_SHOWN_FAULTS = 20
_TAKEN = ""  # the owner of a name that was given
_LONGEST_LOSS = 300  # characters; it may quote a whole comment


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt convert``."""

    paths: Annotated[tyro.conf.Positional[tuple[str, ...]], tyro.conf.arg(metavar="IN… OUT")]
    """Files of games in any format, archives, folders with such, or - for standard input; and last what to write.
    The suffix of OUT tells the format, as in games.pgn, games.jsonl.xz; - is standard output. A folder (one that
    exists, or a name without a suffix) gets one file a game, named after the file it came from."""
    format: str | None = None
    """The format, for standard output (pgn when left out) and for a folder (xqf when left out)."""
    notation: Notation = "iccs"
    """Of the moves in PGN."""
    encoding: Literal["utf-8", "gb18030", "big5"] = "utf-8"
    """The encoding of what is written as text."""
    overwrite: bool = False
    """Replace a file that exists, and write into a folder that is not empty."""


def _has_start(game: Game) -> bool:
    """Whether the game's FEN is one; what is wrong with it the game's errors tell."""
    try:
        game.start_board()
    except InvalidFenError:
        return False
    return True


class _Builder(GameBuilder):
    """Knows which file the game is from."""

    def begin_game(self, file: str, line: int) -> None:
        """See :class:`xiangqi_gpt.records.visitor.GameVisitor`."""
        super().begin_game(file, line)
        self.file = file


class _Conversion:
    """The games that are read, and the counts of what happens to them."""

    def __init__(self, sources: Sequence[str], show: Callable[[int, int], None]) -> None:
        self._sources = sources
        self._show = show  # told the games so far, and bytes read since it was last called
        self._builder = _Builder()
        self.games = self.faulty = self.left_out = self.files = 0
        self.losses: Counter[str] = Counter()
        self.first_losses: dict[str, LossError] = {}
        self._told = 0

    @property
    def file(self) -> str:
        """The file that the last game came from."""
        return self._builder.file

    def tell(self, fault: XiangqiError) -> None:
        """Print a fault, if there were not too many before."""
        self._told += 1
        if self._told <= _SHOWN_FAULTS:
            print(fault, file=sys.stderr)
        elif self._told == _SHOWN_FAULTS + 1:
            print(say("cli.convert_more_faults"), file=sys.stderr)

    def lose(self, loss: LossError) -> None:
        """Count something that was lost in writing."""
        self.losses[loss.code] += 1
        self.first_losses.setdefault(loss.code, loss)

    def _file_failed(self, error: RecordFileError) -> None:
        self.files += 1
        self.tell(error)

    def __iter__(self) -> Iterator[Game]:
        for source in self._sources:
            for game in visit_games(
                source, self._builder, on_error=self._file_failed, on_read=lambda size: self._show(self.games, size)
            ):
                for error in game.errors:
                    self.tell(error)
                self.faulty += bool(game.errors)
                if game.errors and not _has_start(game):
                    self.left_out += 1
                    continue
                self.games += 1
                yield game
        self._show(self.games, 0)
        if not self.games:
            raise XiangqiError("cli.convert_nothing")


@contextmanager
def _progress(sources: Sequence[str]) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal, with games, games a second and the time left."""
    console = Console(stderr=True)
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[games]}"), TimeRemainingColumn())
    sizes = [source_bytes(source) for source in sources]
    total = None if None in sizes else sum(size for size in sizes if size)
    started = time.perf_counter()
    with Progress(
        *columns, console=console, transient=True, redirect_stdout=False, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task("", total=total, games="")

        def show(games: int, size: int) -> None:
            rate = games / max(time.perf_counter() - started, 1e-3)
            text = say("corpus.progress_games", games=f"{games:,}", rate=f"{rate:,.0f}")
            bars.update(task, advance=size, games=text)

        yield show


def _stem(file: str) -> str:
    """A file's name without its suffixes."""
    name, suffix = PurePath(file).name, plain_suffix(file)
    stem = name[: name.lower().rindex(suffix)] if suffix else name
    return "games" if stem.startswith("<") else stem  # of a stream


class _Names:
    """Names for files of one game: ``name.xqf``, then ``name-0002.xqf`` …; none is given twice.

    Small and capital letters count as the same, as many file systems have it.
    """

    def __init__(self, folder: Path, suffix: str, sources: Iterable[str]) -> None:
        self._suffix = suffix
        self._counts: Counter[str] = Counter()
        self._owners: dict[str, str] = {}  # files of the folder that are read give way to their own games only
        for file in _game_files(sources) if folder.is_dir() else ():
            if file.parent.resolve() == folder.resolve():
                self._owners[file.name.casefold()] = path_text(file)

    def name(self, file: str) -> str:
        """The name for the next game of a file."""
        stem = _stem(file)
        name = f"{stem}.{self._suffix}"
        while self._owners.get(name.casefold(), file) != file:
            self._counts[stem] += 1
            name = f"{stem}-{self._counts[stem] + 1:04}.{self._suffix}"
        self._owners[name.casefold()] = _TAKEN
        return name


def _game_files(sources: Iterable[str]) -> Iterator[Path]:
    """The files of the sources."""
    for source in sources:
        path = Path(source)
        if source != _STANDARD_OUTPUT and path.is_dir():
            yield from find_in_folder(path, lambda name: has_game_suffix(Path(name)), lambda error: None)
        elif source != _STANDARD_OUTPUT:
            yield path


def _without_output(sources: Sequence[str], out: str) -> list[str]:
    """The sources; a folder with the output somewhere in it is replaced by its files without those of the output."""
    target = Path(out).resolve()
    if out == _STANDARD_OUTPUT or not target.exists():
        return list(sources)
    kept: list[str] = []
    for source in sources:
        if source == _STANDARD_OUTPUT or Path(source).resolve() not in target.parents:
            kept.append(source)
            continue
        files = ((file, file.resolve()) for file in _game_files([source]))
        kept += [str(file) for file, real in files if target != real and target not in real.parents]
    return kept


def _write_folder(folder: Path, conversion: _Conversion, sources: Sequence[str], settings: Settings) -> None:
    """Write a file a game, named after the file it is from."""
    names = _Names(folder, settings.format or "xqf", sources)
    how = _how(settings, conversion)
    for game in conversion:
        path = folder / names.name(conversion.file)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordFileError("records.cannot_write", file=path_text(folder), detail=error.strerror) from None
        try:
            write_games(path, [game], **how)
        except RecordFileError:
            raise
        except XiangqiError as error:  # the format cannot hold this one
            conversion.tell(error)
            conversion.games -= 1
            conversion.left_out += 1


def _how(settings: Settings, conversion: _Conversion) -> dict[str, Any]:
    """What all ways of writing are told."""
    notation = settings.notation.removeprefix("chinese-")  # in PGN's writer it is just traditional
    return {"encoding": settings.encoding, "notation": notation, "on_loss": conversion.lose}


def _is_folder(out: str) -> bool:
    return out.endswith(("/", "\\")) or Path(out).is_dir() or not Path(out).suffix


def _check(sources: Sequence[str], out: str, settings: Settings) -> None:
    """Refuse what would come to nothing, before anything is read."""
    if not sources:
        raise XiangqiError("cli.convert_no_target", path=out)
    if settings.overwrite or out == _STANDARD_OUTPUT:
        return
    path = Path(out)
    if path.is_file():
        raise XiangqiError("cli.convert_exists", file=path_text(path))
    if path.is_dir() and any(path.iterdir()):
        raise XiangqiError("cli.convert_folder_full", folder=path_text(path))


def _report(conversion: _Conversion, out: str, seconds: float) -> None:
    for code, count in conversion.losses.most_common():
        text = say("cli.convert_lost", count=f"{count:,}", first=conversion.first_losses[code])
        print(text if len(text) <= _LONGEST_LOSS else f"{text[:_LONGEST_LOSS]}…", file=sys.stderr)
    fields = {
        "games": f"{conversion.games:,}",
        "seconds": f"{seconds:,.1f}",
        "rate": f"{conversion.games / max(seconds, 1e-3):,.0f}",
        "faulty": f"{conversion.faulty:,}",
        "left_out": f"{conversion.left_out:,}",
        "files": f"{conversion.files:,}",
    }
    target = say("cli.standard_output") if out == _STANDARD_OUTPUT else path_text(out)
    print(say("cli.converted", lang=None, file=target, **fields), file=sys.stderr)


def run(settings: Settings) -> int:
    """Read, write, and tell on standard error what was lost."""
    *sources, out = settings.paths or ("",)
    _check(sources, out, settings)
    sources = _without_output(sources, out)
    started = time.perf_counter()
    with _progress(sources) as show:
        conversion = _Conversion(sources, show)
        how = _how(settings, conversion)
        if out == _STANDARD_OUTPUT:
            stream, form = sys.stdout.buffer, settings.format or "pgn"
            write_games(stream, conversion, format=form, **how)
            stream.flush()
        elif _is_folder(out):
            _write_folder(Path(out), conversion, sources, settings)
        else:
            write_games(Path(out), conversion, format=settings.format, **how)
    _report(conversion, out, time.perf_counter() - started)
    return 0
