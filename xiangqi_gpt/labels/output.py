"""A file of games that grows over hours and can be gone on with after whatever stopped it.

Beside the file stands a journal, ``FILE.journal``: what the job is, how many of its tasks are done, and how many
bytes of games that makes. What stands behind these bytes was being written when the program was killed,
and is cut off. A packed file is written plain, as ``FILE.part``, and packed when the job is done.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from xiangqi_gpt.atomic import replacing, write_whole
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.records.packed import PACKINGS, path_text

__all__ = ["FILES", "GameOutput", "OutputError"]

FILES = "files"
"""The key of a job under which it has the files that it reads, each with what tells when it has changed."""

_COMMIT = 2.0  # seconds between two entries of the journal


class OutputError(XiangqiError):
    """The file cannot be written, or is not that of this job."""


def _lock(stream: BinaryIO, file: Path) -> None:
    """Keep other runs off the file, where the system can."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OutputError("labels.file_in_use", file=path_text(file)) from None


class GameOutput:
    """The games of a job, and how far it has come. A context manager.

    Attributes:
        done: how many of the job's tasks are done.
        notes: what the job keeps for itself, such as counts; written with the journal.
    """

    def __init__(self, file: Path, job: dict[str, Any], *, overwrite: bool = False) -> None:
        """Begin a file, or find how far the one that is there has come.

        Args:
            file: where the games go; packed by its suffix.
            job: what decides the games, as JSON: a file can only be gone on with by the same job.
            overwrite: begin anew whatever is there.

        Raises:
            OutputError: the file is another job's, in use, damaged, or cannot be written.
        """
        self._file = file
        self._packing = next((packing for packing in PACKINGS if file.name.lower().endswith(packing.suffix)), None)
        self._plain = file.with_name(f"{file.name}.part") if self._packing else file
        self._journal = file.with_name(f"{file.name}.journal")
        self._job: dict[str, Any] = json.loads(json.dumps(job))
        self.done = 0
        self.notes: dict[str, Any] = {}
        self._bytes = 0
        self._stream: BinaryIO | None = None
        self._committed = time.monotonic()
        self._packed = False  # whether what has been done is in the packed file
        try:
            if self._journal.exists() and not overwrite:
                self._find()
            elif not overwrite and any(there.exists() and there.stat().st_size for there in (file, self._plain)):
                raise OutputError("labels.file_exists", file=path_text(file))
            if not self._packed:  # else there is no plain file until there is a game to add
                self._open()
            self._commit()
        except OSError as error:
            self._release()
            raise self._unwritable(error) from None
        except OutputError:
            self._release()
            raise

    def _release(self) -> None:
        """Close the plain file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _unwritable(self, error: OSError) -> OutputError:
        return OutputError("labels.file_unwritable", file=path_text(self._file), reason=error.strerror or error)

    def _find(self) -> None:
        """Read the journal."""
        try:
            entry = json.loads(self._journal.read_text(encoding="utf-8"))
            job, self.done, self._bytes = entry["job"], int(entry["done"]), int(entry["bytes"])
            self.notes, self._packed = dict(entry["notes"]), bool(entry["packed"])
        except (ValueError, KeyError, TypeError):
            raise OutputError("labels.journal_damaged", file=path_text(self._journal)) from None
        if not self.done:
            self.notes, self._bytes = {}, 0
        elif job != self._job:
            others = [key for key in self._job if job.get(key) != self._job[key]]
            if others == [FILES]:
                raise OutputError("labels.other_files", file=path_text(self._file))
            other = ", ".join(others)
            raise OutputError("labels.other_job", file=path_text(self._file), settings=other)
        if self.done and not (self._file if self._packed else self._plain).exists():
            raise OutputError("labels.file_cut", file=path_text(self._file), journal=path_text(self._journal))

    def _open(self) -> None:
        """Open the plain file, locked, and cut off what the journal does not know."""
        self._plain.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self._plain.open("ab")
        _lock(self._stream, self._file)
        if self._stream.tell() < self._bytes:
            raise OutputError("labels.file_cut", file=path_text(self._file), journal=path_text(self._journal))
        self._stream.truncate(self._bytes)
        self._stream.seek(self._bytes)

    def _unpack(self) -> None:
        """Get the plain file back: a job that was done has been given more to do."""
        assert self._packing is not None
        with self._file.open("rb") as stream, self._plain.open("wb") as plain:
            shutil.copyfileobj(self._packing.reader(stream), plain)
        self._packed = False
        self._open()

    def add(self, text: str) -> None:
        """Add the game of the next task; an empty text when there is none.

        Raises:
            OutputError: the file cannot be written.
        """
        try:
            if self._packed:
                self._unpack()
            assert self._stream is not None
            if text:
                data = (f"\n{text}" if self._bytes else text).encode("utf-8", "surrogateescape")
                self._stream.write(data)
                self._stream.flush()
                self._bytes += len(data)
            self.done += 1
            if time.monotonic() - self._committed > _COMMIT:
                self._commit()
        except OSError as error:
            raise self._unwritable(error) from None

    def _commit(self) -> None:
        """Write the journal, once the games that it tells of are safe."""
        if self._stream is not None:
            self._stream.flush()
            with suppress(OSError):  # not every file can be synchronised
                os.fsync(self._stream.fileno())
        entry = {
            "job": self._job,
            "done": self.done,
            "bytes": self._bytes,
            "packed": self._packed,
            "notes": self.notes,
        }
        write_whole(self._journal, json.dumps(entry, ensure_ascii=False, indent=1).encode())
        self._committed = time.monotonic()

    def finish(self) -> None:
        """The job is done: pack the file, where its suffix says so.

        Raises:
            OutputError: the file cannot be written.
        """
        try:
            if self._packing is not None and not self._packed and self._stream is not None:
                self._stream.flush()
                with (
                    self._plain.open("rb") as plain,
                    replacing(self._file) as stream,
                    self._packing.writer(stream) as packed,
                ):
                    shutil.copyfileobj(plain, packed)
                self._packed = True
                self._commit()
                self._release()
                self._plain.unlink()
        except OSError as error:
            raise self._unwritable(error) from None

    def discard(self) -> None:
        """There is nothing to do: leave no empty file."""
        self._release()
        for path in (self._plain, self._journal):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Write the journal and let go of the file.

        Raises:
            OutputError: the file cannot be written.
        """
        try:
            if self._stream is not None:
                self._commit()
        except OSError as error:
            raise self._unwritable(error) from None
        finally:
            with suppress(OSError):  # a full disk is told once
                self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
