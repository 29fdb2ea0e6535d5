"""XQF files put together byte by byte, in any version, by other code than the program's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

START = [0, 10, 20, 30, 40, 50, 60, 70, 80, 12, 72, 3, 23, 43, 63, 83]
START += [9, 19, 29, 39, 49, 59, 69, 79, 89, 17, 77, 6, 26, 46, 66, 86]
TITLE, EVENT, DATE, SITE, RED, BLACK, TIME, ANNOTATOR, AUTHOR = 80, 208, 272, 288, 304, 320, 336, 464, 480


@dataclass(frozen=True)
class Record:
    """A move such as ``h2e2`` (empty at the start of the game) and what follows it in the file."""

    move: str = ""
    comment: bytes = b""
    then: bool = True  # a move after it
    other: bool = False  # another in its place
    junk: int = 0  # bits that mean nothing


def line(*moves: str) -> list[Record]:
    """The records of a game without side lines."""
    return [Record(move, then=number < len(moves)) for number, move in enumerate(["", *moves])]


def _points(move: str) -> tuple[int, int]:
    if not move:
        return 0, 0
    origin, target = (10 * "abcdefghi".index(sq[0]) + int(sq[1]) for sq in (move[:2], move[2:]))
    return origin, target


def _hidden(version: int, first: int, second: int, third: int) -> tuple[int, int, int]:
    points = ((((first * first * 3 + 9) * 3 + 8) * 2 + 1) * 3 + 8) * first % 256 if version > 10 else 0
    origin = ((((second * second * 3 + 9) * 3 + 8) * 2 + 1) * 3 + 8) * points % 256
    target = ((((third * third * 3 + 9) * 3 + 8) * 2 + 1) * 3 + 8) * origin % 256
    return points, origin, target


def xqf_file(
    records: Sequence[Record],
    *,
    version: int = 10,
    keys: tuple[int, int, int] = (0xD5, 0x17, 0xF5),
    mask: int = 0xBA,
    set_bits: bytes = b"\x9e\xd5\x07\x86",
    pieces: Sequence[int] = START,
    turn: int = 0,
    result: int = 0,
    kind: int = 0,
    fields: Mapping[int, bytes] | None = None,
) -> bytes:
    """The file; ``fields`` are texts by the place of their length."""
    header = bytearray(1024)
    header[:3] = b"XQ" + bytes([version])
    total = -sum(keys) % 256
    if version > 10:
        header[3] = mask
        header[8:12] = set_bits
        header[12:16] = bytes([total, *keys])
    points, origin_key, target_key = _hidden(version, *keys)
    for slot in range(32):
        place = (slot - points - 1) % 32 if version >= 12 else slot
        header[16 + place] = (pieces[slot] + points) % 256
    header[50], header[51], header[64] = turn, result, kind
    for at, text in (fields or {}).items():
        header[at] = len(text)
        header[at + 1 : at + 1 + len(text)] = text
    body = bytearray()
    for record in records:
        origin, target = _points(record.move)
        body += bytes([(origin + 0x18 + origin_key) % 256, (target + 0x20 + target_key) % 256])
        if version > 10:
            body += bytes([0x80 * record.then + 0x40 * record.other + 0x20 * bool(record.comment) + record.junk, 7])
            if record.comment:
                body += (len(record.comment) + (total * 256 + keys[0]) % 32000 + 767).to_bytes(4, "little")
        else:
            body += bytes([0xF0 * record.then + 0x0F * record.other, 0xFF])
            body += len(record.comment).to_bytes(4, "little")
        body += record.comment
    if version > 10:
        told = header[12:16]
        stream = [
            letter & (told[at % 4] & mask | set_bits[at % 4])
            for at, letter in enumerate(b"[(C) Copyright Mr. Dong Shiwei.]")
        ]
        body = bytearray((byte + stream[at % 32]) % 256 for at, byte in enumerate(body))
    return bytes(header + body)
