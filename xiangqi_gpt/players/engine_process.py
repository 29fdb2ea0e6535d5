"""A chess engine's process: lines to it and from it, with deadlines, and what is told when it dies.

Two threads empty the engine's pipes, so that it never blocks on a full one whatever it prints. They
are woken for each line but wake the caller only for lines that matter: ``info`` lines wait for the
line that follows them unless the caller wants to see them at once.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Any

from xiangqi_gpt.messages import XiangqiError

__all__ = ["EngineError", "EngineProcess", "EngineTerminatedError", "EngineTimeoutError"]

_LONGEST_LINE = 1 << 16  # characters; the rest of a longer line is dropped
_MOST_INFO_LINES = 2_000  # of one search; older ones are dropped
_MOST_BATCHES = 200  # that wait for the caller; then the engine waits
_STDERR_LINES = 3  # that an error quotes
_QUOTED = 200  # characters of them
_LEAVE = 1.0  # seconds that an engine has to leave by itself


class EngineError(XiangqiError, RuntimeError):
    """The engine cannot be started, does not keep to its protocol, or refuses an option."""


class EngineTerminatedError(EngineError):
    """The engine's process has ended unexpectedly."""


class EngineTimeoutError(EngineTerminatedError):
    """The engine did not answer in time, and was killed."""


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process by force and close its input; harmless when it has ended."""
    with suppress(OSError):
        process.kill()
    process.wait()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def _read_lines(stream: IO[bytes]) -> Iterator[str]:
    """The lines of a pipe as text without their ends, each cut to a bearable length."""
    while line := stream.readline(_LONGEST_LINE):
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        while line and not line.endswith(b"\n"):
            line = stream.readline(_LONGEST_LINE)
        yield text


def _empty_output(
    stream: IO[bytes], lines: queue.Queue[tuple[str, ...] | None], live: threading.Event, gone: threading.Event
) -> None:
    """Hand the lines of a pipe over in batches that end with a line that matters; None ends them."""

    def hand_over(batch: tuple[str, ...] | None) -> None:
        while not gone.is_set():
            with suppress(queue.Full):
                lines.put(batch, timeout=_LEAVE)
                return

    held: deque[str] = deque(maxlen=_MOST_INFO_LINES)
    with suppress(OSError, ValueError), stream:
        for line in _read_lines(stream):
            held.append(line)
            if live.is_set() or not line.startswith("info "):
                hand_over(tuple(held))
                held.clear()
    hand_over(None)


def _keep_last(stream: IO[bytes], kept: deque[str]) -> None:
    with suppress(OSError, ValueError), stream:
        kept.extend(filter(None, map(str.strip, _read_lines(stream))))


class EngineProcess:
    """The process of an engine. Not for use from several threads at once.

    Attributes:
        name: what errors call the engine.
        live: set it to get ``info`` lines as they come.
    """

    def __init__(self, command: Sequence[str]) -> None:
        """Start a program, given with its arguments.

        Raises:
            EngineError: there is no such program, or it cannot be run.
        """
        self.name = command[0]
        # Ctrl+C in the terminal is the caller's to handle: the engine is in a group of its own.
        settings: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        if sys.platform == "win32":
            settings["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
        else:
            settings["process_group"] = 0
        try:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(command, **settings)
        except FileNotFoundError:
            raise EngineError("players.engine_missing", engine=self.name) from None
        except OSError as error:
            detail = error.strerror or str(error)
            raise EngineError("players.engine_not_run", engine=self.name, detail=detail) from None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.live = threading.Event()
        self._gone = threading.Event()
        self._lines: queue.Queue[tuple[str, ...] | None] = queue.Queue(_MOST_BATCHES)
        self._ready: deque[str] = deque()
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._stderr_reader = threading.Thread(
            target=_keep_last, args=(self._process.stderr, self._stderr), daemon=True
        )
        self._stderr_reader.start()
        reader = (self._process.stdout, self._lines, self.live, self._gone)
        threading.Thread(target=_empty_output, args=reader, daemon=True).start()
        self._finalizer = weakref.finalize(self, _kill, self._process)  # at exit too

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process can be written to."""
        return self._finalizer.alive

    def send(self, *lines: str) -> None:
        """Write lines to the engine.

        Raises:
            EngineTerminatedError: it has ended.
        """
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write("".join(f"{line}\n" for line in lines).encode())
            stdin.flush()
        except (OSError, ValueError):
            raise self._ended() from None

    def receive(self, deadline: float | None, waiting_for: str) -> str:
        """The next line of the engine.

        Args:
            deadline: when to give it up and kill it, by ``time.monotonic()``; None: never.
            waiting_for: the command that it shall answer, for the error.

        Raises:
            EngineTimeoutError: the deadline has passed.
            EngineTerminatedError: it has ended.
        """
        if (line := self.poll(deadline)) is None:
            self.kill()
            raise EngineTimeoutError("players.engine_timeout", engine=self.name, command=waiting_for)
        return line

    def poll(self, deadline: float | None) -> str | None:
        """The next line, or None when none has come by then (by ``time.monotonic()``).

        Raises:
            EngineTerminatedError: the engine has ended.
        """
        if not self._ready:
            timeout = None if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                batch = self._lines.get(timeout=timeout)
            except queue.Empty:
                return None
            if batch is None:
                self._lines.put(None)  # asked again, it has still ended
                raise self._ended()
            self._ready.extend(batch)
        return self._ready.popleft()

    def _ended(self) -> EngineTerminatedError:
        """The error that tells how it ended."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVE)
        self._stderr_reader.join(_LEAVE)
        status = self._process.returncode
        self.kill()
        fields = {"engine": self.name, "status": "?" if status is None else status}
        if words := " | ".join(self._stderr)[-_QUOTED:]:
            return EngineTerminatedError("players.engine_died_saying", words=words, **fields)
        return EngineTerminatedError("players.engine_died", **fields)

    def leave(self, command: str) -> None:
        """Tell the engine to leave with its command, and kill it when it does not."""
        if self.is_alive():
            with suppress(EngineTerminatedError):
                self.send(command)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_LEAVE)
            self.kill()

    def kill(self) -> None:
        """End the process by force; harmless when it has ended."""
        self._gone.set()
        self._finalizer()
