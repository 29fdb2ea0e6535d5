"""A stream for tests of reading what cannot be sought."""

from __future__ import annotations

import io


class Pipe(io.RawIOBase):
    """Bytes that come in small pieces and cannot be sought, as from a pipe."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        piece = self._rest.read(min(5, len(buffer)))  # type: ignore[arg-type]
        buffer[: len(piece)] = piece  # type: ignore[index]
        return len(piece)
