"""Files that are there whole or not at all, however the writing ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

__all__ = ["UNFINISHED", "replacing", "unfinished", "write_whole"]

UNFINISHED = ".unfinished"  # ends the names of files that are being written


def unfinished(path: Path) -> Path:
    """What a file is called while it is written; by each process otherwise, for one may outlive its run by a moment."""
    return path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name, and the place of what had it, when it is whole and on the disk.

    Raises:
        OSError: it cannot be written; its ``filename`` is ``path``, and what was there before stays.
    """
    path = Path(os.path.realpath(path))  # a link stays one
    written = unfinished(path)
    try:
        with written.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except OSError as error:
        if error.filename in (None, str(written)):
            error.filename = str(path)
        raise
    finally:
        written.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file at once, as :func:`replacing` does.

    Raises:
        OSError: as there.
    """
    with replacing(path) as file:
        file.write(data)
