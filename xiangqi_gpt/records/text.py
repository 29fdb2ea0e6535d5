"""Bytes to lines of text: packed files, encodings, ends of line."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

from xiangqi_gpt.records.errors import RecordFileError

__all__ = ["PACKED_SUFFIXES", "Source", "detect_encoding", "path_text", "read_lines", "source_name", "unpacked"]

Source: TypeAlias = str | PathLike[str] | BinaryIO

PACKED_SUFFIXES = (".gz", ".xz")
# They do not own the stream beneath, and hold nothing else that needs closing.
_UNPACKERS: tuple[tuple[bytes, Callable[[BinaryIO], BinaryIO]], ...] = (
    (b"\x1f\x8b", lambda stream: cast(BinaryIO, gzip.open(stream))),  # noqa: SIM115
    (b"\xfd7zXZ\x00", lambda stream: cast(BinaryIO, lzma.open(stream))),  # noqa: SIM115
)
_UNPACK_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = ("utf-8", "gb18030")  # in order of preference

_BLOCK = 1 << 20
_LONGEST_LINE = 4_000_000


def path_text(path: str | PathLike[str]) -> str:
    """A path as text that can be written anywhere: bytes that are no UTF-8 come out as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def source_name(source: Source) -> str:
    """What messages call a source."""
    name = source if isinstance(source, (str, PathLike)) else getattr(source, "name", None)
    return path_text(name) if isinstance(name, (str, PathLike)) else "<stream>"


def detect_encoding(sample: bytes) -> str:
    """The encoding of a text by a part of it: its byte order mark, else the one that fits best.

    ASCII fits all and counts as UTF-8. A character may be cut off at either end of the sample.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    return min(_ENCODINGS, key=lambda encoding: _misfits(sample, encoding))


def _misfits(sample: bytes, encoding: str) -> int:
    """How many places of a sample make no sense in an encoding; a U+FFFD that was written as such does."""
    return sample.decode(encoding, "replace").count("\ufffd") - sample.count("\ufffd".encode(encoding))


@contextmanager
def unpacked(source: Source) -> Iterator[BinaryIO]:
    """The plain bytes of a file or stream that may be packed; a file is closed afterwards, a stream is not.

    Raises:
        RecordFileError: the file is missing or may not be read.
    """
    name = source_name(source)
    if isinstance(source, (str, PathLike)):
        try:
            opened = Path(source).open("rb")  # noqa: SIM115  (so that only the opening is tried)
        except FileNotFoundError:
            raise RecordFileError("records.file_missing", file=name) from None
        except OSError as error:
            raise RecordFileError("records.file_unreadable", file=name, detail=error.strerror) from None
        with opened:
            yield _unpacker(opened)
    else:
        reader = io.BufferedReader(cast(io.RawIOBase, source))
        try:
            yield _unpacker(reader)
        finally:
            reader.detach()


def _unpacker(stream: io.BufferedReader[Any]) -> BinaryIO:
    head = stream.peek(8)
    for magic, unpack in _UNPACKERS:
        if head.startswith(magic):
            return unpack(stream)
    return stream


def read_lines(stream: BinaryIO, name: str) -> Iterator[str]:
    """The lines of a text without their ends.

    The encoding is decided on the first block that is not plain ASCII; bytes that do not fit it come
    out as U+FFFD.

    Raises:
        RecordFileError: the packed data is damaged or cut short, a line is endless, or the file
            cannot be read.
    """
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    decoder: codecs.IncrementalDecoder | None = None
    rest, line, first, final = "", 0, True, False
    while not final:
        try:
            block = stream.read(_BLOCK)
        except _UNPACK_ERRORS as error:
            raise RecordFileError("records.file_damaged", file=name, detail=error) from None
        except OSError as error:
            raise RecordFileError("records.file_unreadable", file=name, detail=error.strerror or error) from None
        final = not block
        if first and final:
            raise RecordFileError("records.file_empty", file=name)
        first = False
        if decoder is None and not block.isascii():
            decoder = codecs.getincrementaldecoder(detect_encoding(block))("replace")
        decoded = decoder.decode(block, final) if decoder else block.decode("ascii")
        lines = (rest + newlines.decode(decoded, final)).split("\n")
        rest = lines.pop()
        if len(rest) > _LONGEST_LINE:
            raise RecordFileError("records.line_too_long", file=name, line=line + len(lines) + 1, limit=_LONGEST_LINE)
        yield from lines
        line += len(lines)
    if rest:
        yield rest
