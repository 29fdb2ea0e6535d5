"""Bytes out of whatever holds them: packed files, archives, folders, standard input.

What a file is packed in is told by its content. Everything streams: no file is held whole, and an
archive inside an archive is not opened.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import shutil
import stat
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO, TypeAlias, cast

from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.text import EncodedText, detect_encoding, read_block

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = [
    "ARCHIVE_SUFFIX",
    "PACKINGS",
    "STANDARD_INPUT",
    "OnError",
    "OnRead",
    "Packing",
    "PlainFile",
    "Source",
    "find_in_folder",
    "path_text",
    "plain_files",
    "plain_suffix",
    "source_name",
    "total_bytes",
]

Source: TypeAlias = str | PathLike[str] | BinaryIO | TextIO
OnRead: TypeAlias = Callable[[int], None]
OnError: TypeAlias = Callable[[RecordFileError], None]

STANDARD_INPUT = "-"
ARCHIVE_SUFFIX = ".zip"


@dataclass(frozen=True, slots=True)
class Packing:
    """A way to pack one file: its suffix, the bytes it begins with, and streams over the packed one.

    They do not own the stream beneath. What is written again is the same bytes: no names, no times.
    """

    suffix: str
    magic: bytes
    reader: Callable[[BinaryIO], Any]
    writer: Callable[[BinaryIO], Any]


PACKINGS = (
    Packing(".gz", b"\x1f\x8b", gzip.open, partial(gzip.GzipFile, "", "wb", 6, mtime=0)),
    Packing(".xz", b"\xfd7zXZ\x00", lzma.open, partial(lzma.LZMAFile, mode="wb")),
    Packing(".zst", b"\x28\xb5\x2f\xfd", zstd.open, partial(zstd.ZstdFile, mode="wb")),
)
_ARCHIVE_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")  # the latter begins an empty archive
_MAGIC_BYTES = 6
_UNPACK_ERRORS = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
    zipfile.BadZipFile,
    NotImplementedError,  # zipfile does not know the packing
)
_DIRECTORY_ERRORS = (*_UNPACK_ERRORS, struct.error, ValueError, OverflowError)  # of an archive's directory

_BLOCK = 1 << 16
_STEP = 1 << 13  # unpacked at once; a damaged file is read up to the last step before the damage
_ENCRYPTED, _NAME_IS_UTF8 = 0x1, 0x800  # bits of an archive member's flags


def path_text(path: str | PathLike[str]) -> str:
    """A path as text that can be written anywhere: bytes that are no UTF-8 come out as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def source_name(source: Source) -> str:
    """What messages call a source."""
    if source == STANDARD_INPUT:
        return "<stdin>"
    name = source if isinstance(source, (str, PathLike)) else getattr(source, "name", None)
    return path_text(name) if isinstance(name, (str, PathLike)) else "<stream>"


def plain_suffix(name: str) -> str:
    """The last suffix of a file's name without those of packing, in small letters: ``.pgn`` of ``a.PGN.gz``."""
    name = name.lower()
    for packing in PACKINGS:
        name = name.removesuffix(packing.suffix)
    return os.path.splitext(name)[1]  # noqa: PTH122  (it may be no path, but a name in an archive)


def _unreadable(name: str, error: OSError) -> RecordFileError:
    return RecordFileError("records.file_unreadable", file=name, detail=error.strerror or error)


def _damaged(name: str, error: Exception) -> RecordFileError:
    return RecordFileError("records.file_damaged", file=name, detail=error)


class _Reader(io.RawIOBase):
    """A layer over a stream: gives again a head that was read ahead, counts, names what goes wrong."""

    def __init__(
        self,
        beneath: IO[bytes],
        name: str,
        *,
        head: bytes = b"",
        on_read: OnRead | None = None,
        step: int = sys.maxsize,
    ) -> None:
        self._beneath = beneath
        # Without waiting for more, so that what comes before damage is not lost with what comes behind.
        self._read_some = getattr(beneath, "read1", beneath.read)
        self._step = step
        self._failure: RecordFileError | None = None
        self._name = name
        self._head = head
        self._on_read = on_read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        if self._head:
            data, self._head = self._head[:size], self._head[size:]
        else:
            data = self._read(size)
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        if self._failure is not None:
            raise self._failure
        try:
            data: bytes = self._read_some(min(size, self._step)) or b""
        except _UNPACK_ERRORS as error:
            self._failure = _damaged(self._name, error)
        except OSError as error:
            self._failure = _unreadable(self._name, error)
        except RecordFileError as error:  # of a layer beneath
            self._failure = error
        if self._failure is not None:
            raise self._failure
        if self._on_read is not None and data:
            self._on_read(len(data))
        return data

    # Archives are read from their ends.

    def seekable(self) -> bool:
        return self._beneath.seekable()

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self._head, self._failure = b"", None
        return self._beneath.seek(offset, whence)

    def tell(self) -> int:
        return self._beneath.tell()


def _layer(
    beneath: IO[bytes], name: str, *, head: bytes = b"", on_read: OnRead | None = None, step: int = sys.maxsize
) -> io.BufferedReader:
    return io.BufferedReader(_Reader(beneath, name, head=head, on_read=on_read, step=step), _BLOCK)


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A file's bytes, unpacked.

    Attributes:
        name: what messages call it; ``archive.zip/member.csv`` in an archive.
        stream: the bytes; it cannot be sought.
        head: the first of them, as many as were asked for or there are; ``stream`` gives them too.
        whole: whether there are no more.
    """

    name: str
    stream: BinaryIO
    head: bytes
    whole: bool


def _unpack(stream: IO[bytes], magic: bytes, name: str, head_size: int) -> PlainFile:
    """The plain bytes of a stream that may be packed; ``magic`` was read ahead of it."""
    plain: IO[bytes] = _layer(stream, name, head=magic)
    for packing in PACKINGS:
        if magic.startswith(packing.magic):
            plain = _layer(packing.reader(cast(BinaryIO, plain)), name, step=_STEP)
            break
    head, failure = read_block(plain, head_size)
    if failure is not None and not head:
        raise failure
    stream = cast(BinaryIO, _layer(plain, name, head=head))
    return PlainFile(name, stream, head, whole=failure is None and len(head) < head_size)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[BinaryIO]:
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise RecordFileError("records.file_missing", file=name) from None
    except OSError as error:
        raise _unreadable(name, error) from None
    with stream:
        yield stream


@contextmanager
def _seekable(stream: io.BufferedReader, magic: bytes, start: int | None) -> Iterator[IO[bytes]]:
    """The stream from its ``start``; one that cannot be sought is first copied to a temporary file."""
    if start is not None:
        stream.seek(start)
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        copy.write(magic)
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield copy


def _member_names(members: list[zipfile.ZipInfo]) -> list[str]:
    """The names of an archive's members; old programs wrote them in their own encoding and did not say so."""
    raw = b"\n".join(info.filename.encode("cp437") for info in members if not info.flag_bits & _NAME_IS_UTF8)
    encoding = detect_encoding(raw)
    return [
        info.filename if info.flag_bits & _NAME_IS_UTF8 else info.filename.encode("cp437").decode(encoding, "replace")
        for info in members
    ]


def _is_junk(name: str) -> bool:
    """Whether a file is one that macOS keeps beside another."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")


def _members(
    stream: IO[bytes], name: str, wanted: Callable[[str], bool], head_size: int, on_error: OnError
) -> Iterator[PlainFile]:
    """The files in an archive."""
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
        names = _member_names(members)
        packed = sum(info.compress_size for info in members)
    except _DIRECTORY_ERRORS as error:
        raise _damaged(name, error) from None
    with archive:
        if packed > stream.seek(0, os.SEEK_END):
            raise _damaged(name, zipfile.BadZipFile("files overlap"))
        for info, inner in zip(members, names, strict=True):
            if info.is_dir() or _is_junk(inner) or not wanted(inner):
                continue
            full = f"{name}/{inner}"
            try:
                if info.flag_bits & _ENCRYPTED:
                    raise RecordFileError("records.file_encrypted", file=full)
                try:
                    member = archive.open(info)
                except _DIRECTORY_ERRORS as error:
                    raise _damaged(full, error) from None
                with member:
                    layer = _layer(member, full, step=_STEP)
                    yield _unpack(layer, layer.read(_MAGIC_BYTES), full, head_size)
            except RecordFileError as error:
                on_error(error)


def _files_of(
    stream: BinaryIO,
    name: str,
    wanted: Callable[[str], bool],
    head_size: int,
    on_error: OnError,
    on_read: OnRead | None,
) -> Iterator[PlainFile]:
    """The one file that a stream is, or the files of the archive that it is."""
    start = stream.tell() if stream.seekable() else None
    counted = _layer(stream, name, on_read=on_read)
    magic = counted.read(_MAGIC_BYTES)
    if magic.startswith(_ARCHIVE_MAGICS):
        with _seekable(counted, magic, start) as archive:
            yield from _members(archive, name, wanted, head_size, on_error)
    else:
        yield _unpack(counted, magic, name, head_size)


def _as_bytes(stream: BinaryIO | TextIO, name: str) -> BinaryIO:
    """A stream, of text or bytes, as one of bytes."""
    if isinstance(stream.read(0), str):
        return cast(BinaryIO, io.BufferedReader(EncodedText(cast(TextIO, stream), name), _BLOCK))
    return cast(BinaryIO, stream)


def find_in_folder(folder: Path, wanted: Callable[[str], bool], on_error: OnError) -> list[Path]:
    """The files below a folder whose names are wanted, sorted; ``on_error`` hears of folders that cannot be read."""

    def tell(error: OSError) -> None:
        on_error(_unreadable(path_text(error.filename or folder), error))

    below = (Path(parent, name) for parent, _, names in os.walk(folder, onerror=tell) for name in names)
    return sorted(path for path in below if wanted(path.name) and not _is_junk(path.name) and path.is_file())


def plain_files(
    source: Source,
    wanted: Callable[[str], bool],
    *,
    head_size: int,
    on_error: OnError,
    on_read: OnRead | None = None,
) -> Iterator[PlainFile]:
    """The files of a source, unpacked, one after another; each must be read before the next is asked for.

    A file or stream is itself, an archive its members, a folder the files below it and the members of
    the archives there; the last two only as far as their names are wanted.

    Args:
        source: a path, a stream (which is left open), or ``"-"`` for standard input.
        wanted: says by its name whether a file in a folder or archive is to be read.
        head_size: bytes of :attr:`PlainFile.head`.
        on_error: hears of each file that is missing, damaged, encrypted or may not be read.
        on_read: called with the number of bytes at each reading from the source, before unpacking.
    """
    name = source_name(source)
    folder = Path(source) if isinstance(source, (str, PathLike)) and source != STANDARD_INPUT else None
    paths: list[Path | None] = [folder]
    if folder is not None and folder.is_dir():
        paths = [*find_in_folder(folder, wanted, on_error)]
    for path in paths:
        try:
            if path is None:
                stream = sys.stdin.buffer if source == STANDARD_INPUT else _as_bytes(cast(BinaryIO, source), name)
                yield from _files_of(stream, name, wanted, head_size, on_error, on_read)
            else:
                with _opened(path, path_text(path)) as stream:
                    yield from _files_of(stream, path_text(path), wanted, head_size, on_error, on_read)
        except RecordFileError as error:
            on_error(error)


def total_bytes(source: Source, wanted: Callable[[str], bool]) -> int | None:
    """How many bytes reading a source will read; None when nobody can tell before."""
    if source == STANDARD_INPUT or not isinstance(source, (str, PathLike)):
        return None
    path = Path(source)
    paths = find_in_folder(path, wanted, lambda error: None) if path.is_dir() else [path]
    try:
        found = [path.stat() for path in paths]
    except OSError:
        return None
    return sum(status.st_size for status in found) if all(stat.S_ISREG(status.st_mode) for status in found) else None
