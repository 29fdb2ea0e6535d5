"""Engines that speak UCI or UCCI, with the names of python-chess's engine module.

    with SimpleEngine.popen_uci("/usr/games/fairy-stockfish") as engine:
        engine.configure({"Hash": 64})
        result = engine.play(Board(), Limit(nodes=10_000))

Engines with an option ``UCI_Variant`` (Fairy-Stockfish) are set to xiangqi and count ranks from 1 to 10;
all others (Pikafish, and UCCI) count them from 0 to 9.
"""

from __future__ import annotations

import os
import shlex
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.players.base import Limit
from xiangqi_gpt.players.engine_info import (
    EngineInfo,
    EngineOption,
    OptionValue,
    last_lines,
    parse_info,
    parse_option,
    read_move,
)
from xiangqi_gpt.players.engine_process import EngineError, EngineProcess

__all__ = ["SILENCE", "TIMEOUT", "EngineResult", "SimpleEngine", "split_command"]

TIMEOUT = 10.0
"""Seconds that an engine has for any answer but a search's, when nothing else is told."""

SILENCE = 60.0
"""Seconds that an engine may search without a word where depth alone ends the search."""

_SLOWEST = 1_000  # nodes a second; an engine that is slower counts as hung
_MOST_THOUGHTS = 2_000  # lines of a search that are kept
_TICK = 0.03  # seconds between two looks at the caller's stop event


def split_command(text: str) -> list[str]:
    """The program and its arguments of a text: one program, even with spaces in its path, or a command line."""
    path = os.path.expanduser(text)  # noqa: PTH111  (a name without a folder must stay one)
    if os.path.exists(path) or shutil.which(path):  # noqa: PTH110
        return [path]
    words = shlex.split(text) if os.name == "posix" else text.split()
    return [os.path.expanduser(words[0]), *words[1:]] if words else [text]  # noqa: PTH111


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What a search has come to.

    Attributes:
        move: the best move; None when the engine sees none.
        lines: its thoughts, best first; the first one begins with ``move``.
        resigned: whether it gives the game up (UCCI).
    """

    move: Move | None
    lines: tuple[EngineInfo, ...] = ()
    resigned: bool = False


class _Uci:
    """How UCI says things."""

    hello = "uci"
    new_game_option = ""

    @staticmethod
    def set_option(name: str, value: str, kind: str) -> str:
        return f"setoption name {name}" if kind == "button" else f"setoption name {name} value {value}"

    @staticmethod
    def go(limit: Limit) -> str:
        words = ["go"]
        if limit.time is not None:
            words.append(f"movetime {max(1, round(limit.time * 1000))}")
        if limit.nodes is not None:
            words.append(f"nodes {limit.nodes}")
        if limit.depth is not None:
            words.append(f"depth {limit.depth}")
        return " ".join(words) if len(words) > 1 else "go infinite"


class _Ucci(_Uci):
    """How UCCI says them; a search has one kind of limit only."""

    hello = "ucci"
    new_game_option = "newgame"

    @staticmethod
    def set_option(name: str, value: str, kind: str) -> str:
        return f"setoption {name} {value}".rstrip()

    @staticmethod
    def go(limit: Limit) -> str:
        if limit.nodes is not None:
            return f"go nodes {limit.nodes}"
        if limit.depth is not None:
            return f"go depth {limit.depth}"
        if limit.time is not None:
            return f"go time {max(1, round(limit.time * 1000))} movestogo 1"
        return "go infinite"


class SimpleEngine:
    """An engine in a process of its own, asked one thing at a time.

    Attributes:
        id: what it says of itself: ``name``, ``author``.
        options: what can be configured, by name.
        first_rank: the number of Red's first rank in its squares, 0 or 1.
        timeout: seconds that it has for any answer but a search's.
        silence: seconds between two lines of a search that depth alone ends.
    """

    def __init__(
        self, process: EngineProcess, dialect: type[_Uci], *, timeout: float = TIMEOUT, first_rank: int | None = None
    ) -> None:
        """Greet an engine that has been started; use :meth:`popen_uci` or :meth:`popen_ucci`.

        Raises:
            EngineError: it does not answer, or does not play xiangqi.
        """
        self._process = process
        self._dialect = dialect
        self.timeout = timeout
        self.silence = max(SILENCE, timeout)
        self.id: dict[str, str] = {}
        self.options: dict[str, EngineOption] = {}
        self.first_rank = first_rank or 0
        self._game: object = self  # none yet
        self._multipv = 1
        try:
            self._greet()
            self._set_up(first_rank)
            self.ping()
        except BaseException:
            process.kill()
            raise

    @classmethod
    def popen_uci(
        cls, command: str | Sequence[str], *, timeout: float = TIMEOUT, first_rank: int | None = None
    ) -> Self:
        """Start an engine that speaks UCI.

        Args:
            command: the program (or a command line), or the program and its arguments.
            timeout: seconds that it has for any answer but a search's.
            first_rank: 0 or 1 where the engine counts ranks otherwise than its options tell.

        Raises:
            EngineError: it cannot be started, does not answer in time, or does not play xiangqi.
        """
        words = split_command(command) if isinstance(command, str) else command
        return cls(EngineProcess(words), _Uci, timeout=timeout, first_rank=first_rank)

    @classmethod
    def popen_ucci(
        cls, command: str | Sequence[str], *, timeout: float = TIMEOUT, first_rank: int | None = None
    ) -> Self:
        """Start an engine that speaks UCCI; as :meth:`popen_uci`."""
        words = split_command(command) if isinstance(command, str) else command
        return cls(EngineProcess(words), _Ucci, timeout=timeout, first_rank=first_rank)

    @property
    def name(self) -> str:
        """The engine's own name, or its program's."""
        return self.id.get("name") or self._process.name

    # The beginning

    def _greet(self) -> None:
        hello = self._dialect.hello
        for line in self._ask(hello, f"{hello}ok"):
            word, _, rest = line.partition(" ")
            if word == "id":
                field, _, value = rest.partition(" ")
                self.id[field] = value.strip()
            elif word == "option" and (option := parse_option(line)) is not None:
                self.options[option.name] = option

    def _set_up(self, first_rank: int | None) -> None:
        variant = self.options.get("UCI_Variant")
        if variant is not None:
            if variant.var and "xiangqi" not in variant.var:
                raise EngineError("players.engine_no_xiangqi", engine=self.name)
            self.configure({"UCI_Variant": "xiangqi"})
            if first_rank is None and self._dialect is _Uci:
                self.first_rank = 1
        elif "UCI_Chess960" in self.options and first_rank is None:
            raise EngineError("players.engine_no_xiangqi", engine=self.name)
        if self._dialect is _Ucci and "usemillisec" in self.options:
            self.configure({"usemillisec": True})

    def _ask(self, command: str, answer: str) -> Iterator[str]:
        """Send a command; what comes before its answer."""
        self._process.send(command)
        deadline = time.monotonic() + self.timeout
        while (line := self._process.receive(deadline, command).strip()) != answer:
            yield line

    def ping(self) -> None:
        """Wait until the engine has done all that it was told.

        Raises:
            EngineError: it does not answer in time, or has ended.
        """
        for _ in self._ask("isready", "readyok"):
            pass

    def option(self, name: str) -> EngineOption | None:
        """The option of a name, whatever its case, or None."""
        wanted = name.lower()
        return next((option for key, option in self.options.items() if key.lower() == wanted), None)

    def configure(self, options: Mapping[str, OptionValue]) -> None:
        """Set options.

        Raises:
            EngineError: the engine has no such option, or it does not take the value.
        """
        for name, value in options.items():
            option = self.option(name)
            if option is None:
                names = ", ".join(self.options) or "–"
                raise EngineError("players.option_unknown", engine=self.name, option=name, options=names)
            self._process.send(self._dialect.set_option(option.name, option.text(value, self.name), option.type))

    # Searching

    def play(
        self,
        board: Board,
        limit: Limit,
        *,
        game: object = None,
        multipv: int = 1,
        stop: threading.Event | None = None,
        on_info: Callable[[EngineInfo], None] | None = None,
    ) -> EngineResult:
        """Search a position, with the moves that led there.

        Args:
            board: the position; it has a legal move.
            limit: when to end; UCCI engines heed one kind, nodes before depth before time.
            game: any object; when it is not the one of the search before, the engine is told that a
                new game begins, and forgets what it knows.
            multipv: how many lines to search.
            stop: set it from another thread to end the search.
            on_info: called with each line of thought as it comes.

        Raises:
            EngineTerminatedError: the engine has ended, or hung and was killed. One that is slower than
                1,000 nodes a second counts as hung where ``limit`` is in nodes, and one that is silent for
                longer than :attr:`silence` where it is a depth only.
            EngineError: its move is illegal or cannot be read, or it has no ``MultiPV``.
            ValueError: there is neither a limit nor ``stop``.
        """
        if limit == Limit() and stop is None:
            raise ValueError("a search needs a limit or a stop event")
        if game != self._game:
            self._new_game()
            self._game = game
        if multipv != self._multipv:
            self.configure({"MultiPV": multipv})
            self._multipv = multipv
        go = self._dialect.go(limit)
        question = (self._position(board), go)
        thoughts: deque[str] = deque(maxlen=_MOST_THOUGHTS)
        try:
            answer = self._until_best_move(question, limit, thoughts, stop, on_info)
        except EngineError:
            raise
        except BaseException:  # an interrupt, or the caller's on_info
            self._abandon()
            raise
        return self._result(board, answer, last_lines(board, tuple(thoughts), self.first_rank))

    def analyse(
        self,
        board: Board,
        limit: Limit,
        *,
        multipv: int = 1,
        game: object = None,
        stop: threading.Event | None = None,
    ) -> list[EngineInfo]:
        """The engine's thoughts on a position, best first; arguments and errors as in :meth:`play`."""
        return list(self.play(board, limit, game=game, multipv=multipv, stop=stop).lines)

    def _new_game(self) -> None:
        if self._dialect is _Uci:
            self._process.send("ucinewgame")
        elif (option := self.option(self._dialect.new_game_option)) is not None:
            self._process.send(self._dialect.set_option(option.name, "", "button"))
        self.ping()

    def _position(self, board: Board) -> str:
        """The position as of the last capture and the moves since: no position before it can come back."""
        root = board.copy()
        moves = [root.pop() for _ in range(min(board.halfmove_clock, len(board.move_stack)))]
        if not moves:
            return f"position fen {root.fen()}"
        line = " ".join(move.uci(first_rank=self.first_rank) for move in reversed(moves))
        return f"position fen {root.fen()} moves {line}"

    def _allowance(self, limit: Limit) -> float | None:
        """Seconds that a search may take; None: any."""
        allowed = []
        if limit.time is not None:
            allowed.append(limit.time + self.timeout)
        if limit.nodes is not None:
            allowed.append(limit.nodes / _SLOWEST + self.timeout)
        return min(allowed, default=None)

    def _until_best_move(
        self,
        question: tuple[str, str],
        limit: Limit,
        thoughts: deque[str],
        stop: threading.Event | None,
        on_info: Callable[[EngineInfo], None] | None,
    ) -> list[str]:
        """Ask, and collect thoughts until the engine answers; the words of the answer."""
        allowance = self._allowance(limit)
        # Without any limit an engine may wait for ``stop`` in silence once it has seen all.
        silence = self.silence if allowance is None and limit.depth is not None else None
        if silence is not None:
            allowance = silence
        deadline = None if allowance is None else time.monotonic() + allowance
        if on_info is not None or silence is not None:
            self._process.live.set()
        else:
            self._process.live.clear()
        # Only now: a thought that comes before `live` is set would lie until the next line.
        self._process.send(*question)
        go = question[1]
        while True:
            if stop is not None and stop.is_set():
                self._process.send("stop")
                go, stop, silence, deadline = "stop", None, None, time.monotonic() + self.timeout
            if stop is None:
                line: str | None = self._process.receive(deadline, go)
            else:
                tick = time.monotonic() + _TICK
                late = deadline is not None and deadline < tick
                line = self._process.receive(deadline, go) if late else self._process.poll(tick)
            if line is None:
                continue
            if silence is not None:
                deadline = time.monotonic() + silence
            if line.startswith("info "):
                thoughts.append(line)
                if on_info is not None and (info := parse_info(line, self.first_rank)) is not None:
                    on_info(info)
            elif line.startswith(("bestmove", "nobestmove")):
                return line.split()

    def _abandon(self) -> None:
        """End a search whose result nobody waits for, so that the next answer is the next question's."""
        try:
            self._process.send("stop")
            deadline = time.monotonic() + min(self.timeout, TIMEOUT)
            while not self._process.receive(deadline, "stop").startswith(("bestmove", "nobestmove")):
                pass
        except EngineError:
            self._process.kill()

    def _result(self, board: Board, answer: list[str], lines: list[EngineInfo]) -> EngineResult:
        text = answer[1] if answer[0] == "bestmove" and len(answer) > 1 else "(none)"
        if text.lower() in ("(none)", "none", "0000", "a0a0", "resign"):
            return EngineResult(None, tuple(lines))
        move = read_move(text, self.first_rank)
        if move is None or not board.is_legal(move):
            raise EngineError("players.engine_illegal", engine=self.name, move=text, fen=board.fen())
        first = next((line for line in lines if line.pv[0] == move), EngineInfo((move,)))
        others = [line for line in lines if line is not first]
        return EngineResult(move, (first, *others), "resign" in answer[2:])

    # The end

    def quit(self) -> None:
        """Ask the engine to leave, and kill it when it does not; harmless when it has ended."""
        self._process.leave("quit")

    def close(self) -> None:
        """As :meth:`quit`."""
        self.quit()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
