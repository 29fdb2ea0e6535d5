"""Bytes to lines of text: encodings, ends of line."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import IO, Any, BinaryIO, TextIO

from xiangqi_gpt.records.errors import RecordFileError

__all__ = ["LONGEST_LINE", "EncodedText", "detect_encoding", "read_block", "read_lines", "read_text", "split_lines"]

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In order of preference. Each form of Big5 has characters that are in use and that the other lacks.
_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "cp950")

_BLOCK = 1 << 20
LONGEST_LINE = 4_000_000

_ENOUGH = 400  # bytes that are not ASCII tell the encoding for sure
_MOST_WAITING = 4 << 20  # bytes that are held back until there are enough
_LARGEST_SAMPLE = 1 << 16
_ASCII = bytes(range(128))
_NOT_ASCII = bytes(range(128, 256))
_OTHER_SCRIPTS = re.compile("[\u0250-\u07ff]")  # Greek, Cyrillic, Hebrew, Arabic …
_ASCII_TEXT = re.compile(r"[\x00-\x7f]+")

# What game records are full of, in both forms of writing.
_OF_RECORDS = frozenset(
    "车車俥马馬傌炮砲兵卒相象仕士帅帥将將一二三四五六七八九１２３４５６７８９进進退平前中后後红紅黑先胜勝负負和局"
    "赛賽第轮輪回合年国國象棋团團体體个個人级級联聯杯"
)
# The characters that two standards call common, by their first bytes.
_COMMON = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6))
_PUNCTUATION = re.compile(r"[\xa0-\u024f\u2000-\u22ff\u2460-\u24ff\u3000-\u303f\uff00-\uffef]")


@cache
def _common_characters() -> frozenset[str]:
    """Some 7,000 characters of both forms of writing."""
    pairs = [
        bytes((first, second)).decode(encoding, "ignore")
        for encoding, begin, end in _COMMON
        for first in range(begin, end + 1)
        for second in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    ]
    return frozenset(pair for pair in pairs if len(pair) == 1)


def _fit(sample: bytes, encoding: str) -> float:
    """How a sample reads in an encoding: from 1, nothing but what game records have, down to -1, nonsense."""
    characters = _ASCII_TEXT.sub("", sample.decode(encoding, "replace"))
    common = _common_characters()
    score = 0.0
    for character in characters:
        if character in _OF_RECORDS:
            score += 1
        elif character in common:
            score += 0.6
        elif character == "\ufffd":
            score -= 1
        elif not ("\u4e00" <= character <= "\u9fff" or _PUNCTUATION.match(character)):
            score -= 0.3
    return score / len(characters) if characters else 0.0


def _decodes(sample: bytes, encoding: str) -> str | None:
    """A sample that may be cut off at its end as text, or None where it is not in an encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return None


def _is_utf8(sample: bytes) -> bool:
    """Whether a sample is good UTF-8, cut off at its end or not, and surely not by chance."""
    text = _decodes(sample, "utf-8")
    if text is None:
        return False
    if not _OTHER_SCRIPTS.search(text):
        return True
    # A few characters of another encoding may look like some of these scripts, as 味 does.
    return len(_ASCII_TEXT.sub("", text)) > 3 and _decodes(sample, "gb2312") is None


def _utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark shows by the zeros of its ASCII characters."""
    high, low = sample[::2].count(0), sample[1::2].count(0)
    if max(high, low) * 40 < len(sample) or max(high, low) < 4 * min(high, low):
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def detect_encoding(sample: bytes) -> str:
    """The encoding of a text by a part of it: its byte order mark, else the one that makes the best sense.

    ASCII fits all and counts as UTF-8. The last character of the sample may be cut off.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample and (encoding_16 := _utf16(sample)):
        return encoding_16
    if _is_utf8(sample):
        return "utf-8"
    first = len(sample) - len(sample.lstrip(_ASCII))
    sample = sample[first : first + _LARGEST_SAMPLE]
    return max(_ENCODINGS, key=lambda encoding: _fit(sample, encoding))


def _is_enough(sample: bytes) -> bool:
    """Whether a sample tells its encoding for sure."""
    others = len(sample) - len(sample.translate(None, _NOT_ASCII))
    return others >= _ENOUGH or len(sample) >= _MOST_WAITING or b"\0" in sample or _is_utf8(sample)


class EncodedText(io.RawIOBase):
    """The bytes of a stream of text, as UTF-8 with its mark."""

    def __init__(self, text: TextIO, name: str) -> None:
        self._text = text
        self._name = name
        self._waiting = codecs.BOM_UTF8

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer, or some of it.

        Raises:
            RecordFileError: the stream was opened in an encoding that it is not in.
        """
        if not self._waiting:
            try:
                self._waiting = self._text.read(len(buffer)).encode("utf-8", "replace")
            except UnicodeDecodeError as error:
                raise RecordFileError("records.text_undecodable", file=self._name, encoding=error.encoding) from None
        size = min(len(buffer), len(self._waiting))
        buffer[:size], self._waiting = self._waiting[:size], self._waiting[size:]
        return size


def read_block(stream: IO[bytes], size: int) -> tuple[bytes, RecordFileError | None]:
    """So many bytes of a stream, or those up to its end or a failure; and the failure."""
    read_some = getattr(stream, "read1", stream.read)
    parts: list[bytes] = []
    try:
        while size and (part := read_some(size)):
            parts.append(part)
            size -= len(part)
    except RecordFileError as error:
        return b"".join(parts), error
    return b"".join(parts), None


def _decoded(stream: BinaryIO) -> Iterator[str]:
    """The text of a stream, piece by piece; a failure comes behind what was read before it."""
    decoder: codecs.IncrementalDecoder | None = None
    waiting = b""
    final = False
    while not final:
        block, failure = read_block(stream, _BLOCK)
        final = not block or failure is not None
        if decoder is None:
            waiting += block
            if waiting.isascii() and b"\0" not in waiting:
                yield waiting.decode("ascii")
                waiting = b""
                continue
            if not (final or _is_enough(waiting)):
                continue
            decoder = codecs.getincrementaldecoder(detect_encoding(waiting))("replace")
            block, waiting = waiting, b""
        yield decoder.decode(block, final)
    if failure is not None:
        raise failure


def read_text(stream: BinaryIO, name: str) -> Iterator[str]:
    """A text in pieces, each end of line as one ``\\n``.

    The encoding is decided where the text stops being plain ASCII; bytes that do not fit it come out
    as U+FFFD.

    Raises:
        RecordFileError: the text is empty.
    """
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    empty = True
    for text in _decoded(stream):
        empty = empty and not text
        if "\ufeff" in text:  # files with marks were joined
            text = text.replace("\ufeff", "")
        yield newlines.decode(text)
    if empty:
        raise RecordFileError("records.file_empty", file=name)
    yield newlines.decode("", True)


def split_lines(pieces: Iterable[str], name: str) -> Iterator[str]:
    """The lines, without their ends, of a text that comes in pieces.

    Raises:
        RecordFileError: a line is endless.
    """
    rest, line = "", 0
    for piece in pieces:
        lines = (rest + piece).split("\n")
        rest = lines.pop()
        if len(rest) > LONGEST_LINE:
            raise RecordFileError("records.line_too_long", file=name, line=line + len(lines) + 1, limit=LONGEST_LINE)
        yield from lines
        line += len(lines)
    if rest:
        yield rest


def read_lines(stream: BinaryIO, name: str) -> Iterator[str]:
    """The lines of a text, without their ends; for the rest see :func:`read_text`.

    Raises:
        RecordFileError: the text is empty, or a line is endless.
    """
    return split_lines(read_text(stream, name), name)
