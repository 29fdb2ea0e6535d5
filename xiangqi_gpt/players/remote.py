"""A player that lives in a process of its own, so that the caller never waits for it.

The process is spawned, never forked: it begins clean, and torch is loaded only there. The two sides
exchange the small dataclasses below over a pipe; every question has an id, and answers to questions
that are no longer of interest are dropped.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias

from xiangqi_gpt.board import Board
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.base import Info, Limit, Player, PlayResult, ProgressCallback

__all__ = ["Answer", "Failure", "PlayerError", "PlayerFactory", "Progress", "Ready", "RemotePlayer", "Report"]

PlayerFactory: TypeAlias = Callable[[], Player]

# Seconds that a process has to leave by itself, and then after being told to.
_LEAVE = 0.5
# Seconds between two looks at the caller's stop event.
_TICK = 0.05


class PlayerError(XiangqiError, RuntimeError):
    """The player could not be opened, failed, or its process ended."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The player has been made and can be asked."""

    name: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What the player has found so far."""

    request: int
    info: Info


@dataclass(frozen=True, slots=True)
class Answer:
    """The player's answer to the question ``request``."""

    request: int
    result: PlayResult


@dataclass(frozen=True, slots=True)
class Failure:
    """A message for the user; ``request`` is None when the player cannot be asked any more."""

    request: int | None
    code: str
    fields: dict[str, Any] = field(default_factory=dict)

    def error(self) -> PlayerError:
        """The failure as an error to raise or to show in either language."""
        return PlayerError(self.code, **self.fields)


Report: TypeAlias = Ready | Progress | Answer | Failure


@dataclass(frozen=True, slots=True)
class _Play:
    request: int
    board: Board
    limit: Limit


@dataclass(frozen=True, slots=True)
class _Stop:
    request: int


# The worker's side


class _Inbox:
    """Reads the pipe in a thread: questions wait in a queue, stops take effect at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._questions: queue.SimpleQueue[tuple[_Play, threading.Event] | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        asked, stop = 0, threading.Event()
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):  # the caller has closed its end, or is gone
                break
            if isinstance(message, _Play):
                asked, stop = message.request, threading.Event()
                self._questions.put((message, stop))
            elif message.request == asked:
                stop.set()
        stop.set()
        self._questions.put(None)

    def __iter__(self) -> Iterator[tuple[_Play, threading.Event]]:
        return iter(self._questions.get, None)


def _failure(request: int | None, error: Exception) -> Failure:
    if isinstance(error, XiangqiError):
        simple = {key: value if isinstance(value, (int, float)) else str(value) for key, value in error.fields.items()}
        return Failure(request, error.code, simple)
    return Failure(request, "players.worker_failed", {"reason": f"{type(error).__name__}: {error}"})


def _serve(connection: Connection, factory: PlayerFactory) -> None:
    """Make the player and let it answer until the caller closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is the caller's to handle
    inbox = _Inbox(connection)
    with suppress(BrokenPipeError, ConnectionResetError):
        try:
            player = factory()
        except Exception as error:
            connection.send(_failure(None, error))
            return
        try:
            connection.send(Ready(player.name))
            for question, stop in inbox:
                connection.send(_answer(connection, player, question, stop))
        finally:
            player.close()


def _answer(connection: Connection, player: Player, question: _Play, stop: threading.Event) -> Answer | Failure:
    def report(info: Info) -> None:
        connection.send(Progress(question.request, info))

    try:
        return Answer(question.request, player.play(question.board, question.limit, stop=stop, on_progress=report))
    except (BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:
        return _failure(question.request, error)


# The caller's side


class RemotePlayer:
    """A :class:`Player` in front of one that is made and kept in a spawned process.

    An event loop calls :meth:`start` and :meth:`poll`, which never block; :meth:`play` is the
    Protocol's blocking call. Not for use from several threads at once.
    """

    def __init__(self, factory: PlayerFactory, name: str) -> None:
        """Start the process.

        Args:
            factory: makes the player, in the process; a picklable callable such as a function of a
                module or a ``functools.partial`` of one.
            name: the name to show until the player is there and tells its own.
        """
        self._name = name
        self._ready = False
        self._open = True
        self._count = 0
        self._pending: _Play | None = None  # asked before the player was ready
        self._request: int | None = None
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, factory), name=name, daemon=True)
        self._process.start()
        theirs.close()

    @property
    def name(self) -> str:
        """The player's name."""
        return self._name

    @property
    def ready(self) -> bool:
        """Whether the player has been made."""
        return self._ready

    def start(self, board: Board, limit: Limit = Limit()) -> int:
        """Ask about a board, in place of what was asked before; returns the id of the question.

        Raises:
            PlayerError: the process has ended.
        """
        self.cancel()
        if not self._open:
            raise PlayerError("players.worker_ended")
        self._count += 1
        self._request = self._count
        question = _Play(self._count, board, limit)
        # A process that is still loading does not empty its pipe: writing to it could block.
        if self._ready:
            self._send(question)
        else:
            self._pending = question
        return self._count

    def stop(self) -> None:
        """Ask for the answer to the present question as soon as the player can give one."""
        if self._request is not None and self._pending is None:
            self._send(_Stop(self._request))

    def cancel(self) -> None:
        """Drop the present question: no report about it will come any more."""
        self.stop()
        self._pending = self._request = None

    def _send(self, message: _Play | _Stop) -> None:
        with suppress(OSError):  # a process that has ended is reported by the next poll
            self._connection.send(message)

    def poll(self) -> list[Report]:
        """What has come since the last call, oldest first; returns at once."""
        reports: list[Report] = []
        while self._open and wait([self._connection], 0):
            try:
                report: Report = self._connection.recv()
            except (EOFError, OSError):
                report = self._ended()
            if self._accept(report):
                reports.append(report)
        return reports

    def wait(self, timeout: float | None = None) -> None:
        """Wait until there is something to :meth:`poll`, for ``timeout`` seconds at most."""
        if self._open:
            wait([self._connection], timeout)

    def _ended(self) -> Failure:
        self._process.join(_TICK)
        return Failure(None, "players.worker_died", {"name": self._name, "status": self._process.exitcode or 0})

    def _accept(self, report: Report) -> bool:
        """Keep the books on a report; whether it concerns the caller."""
        if isinstance(report, Ready):
            self._name, self._ready = report.name, True
            if self._pending is not None:
                self._send(self._pending)
                self._pending = None
            return True
        if isinstance(report, Failure) and report.request is None:
            self.close()
            return True
        if report.request != self._request:
            return False
        if not isinstance(report, Progress):
            self._request = None
        return True

    def play(
        self,
        board: Board,
        limit: Limit = Limit(),
        *,
        stop: threading.Event | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> PlayResult:
        """Choose a move, waiting for the answer.

        Raises:
            PlayerError: the player failed or its process ended.
        """
        self.start(board, limit)
        stopped = False
        while True:
            if stop is not None and stop.is_set() and not stopped and self._ready:
                self.stop()
                stopped = True
            self.wait(None if stop is None or stopped else _TICK)
            for report in self.poll():
                if isinstance(report, Answer):
                    return report.result
                if isinstance(report, Failure):
                    raise report.error()
                if isinstance(report, Progress) and on_progress is not None:
                    on_progress(report.info)

    def close(self) -> None:
        """End the process, in the end by force; harmless when it has ended."""
        if not self._open:
            return
        self._connection.close()  # a player that waits for questions reads the end of the pipe and leaves
        if not self._ready:
            self._process.terminate()
        self._open = self._ready = False
        self._pending = self._request = None
        self._process.join(_LEAVE)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_LEAVE)
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._process.close()
