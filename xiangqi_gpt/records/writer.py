"""Writing games into a file of any format that can be written, packed or not."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO, BinaryIO, TextIO, TypeAlias, TypeGuard, cast

from xiangqi_gpt.atomic import replacing
from xiangqi_gpt.records.errors import OnLoss, RecordFileError
from xiangqi_gpt.records.formats import FORMATS, Format
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.losses import tell_characters
from xiangqi_gpt.records.packed import ARCHIVE_SUFFIX, PACKINGS, path_text, plain_suffix, source_name

__all__ = ["Target", "writable_suffixes", "write_games"]

Target: TypeAlias = str | PathLike[str] | TextIO | BinaryIO


def writable_suffixes() -> list[str]:
    """The usual suffixes of the formats that can be written."""
    return [form.suffixes[0] for form in FORMATS if form.write]


def _find_format(suffix: str, file: str) -> Format:
    """The format that can be written and has a suffix; ``file`` is what the error names."""
    for form in FORMATS:
        if form.write and suffix in form.suffixes:
            return form
    raise RecordFileError("records.suffix_unknown", file=file, suffixes=", ".join(writable_suffixes()))


_MOVE_CHARACTERS = {"chinese": "车马炮兵进退８", "traditional": "車馬砲兵進退８"}  # by notation

# In a text a reader takes these for signs of the encoding.
_UNREADABLE = str.maketrans("\0\ufeff", "??")


class _Encoder:
    """Text to bytes; characters that the encoding does not have become question marks and are kept in ``lost``."""

    def __init__(self, encoding: str) -> None:
        try:
            "".encode(encoding)  # refuses what is no encoding of text
            self._encoder = codecs.getincrementalencoder(encoding)()
        except LookupError:
            raise RecordFileError("records.encoding_unknown", encoding=encoding) from None
        self._encoding = encoding
        self.lost: dict[str, None] = {}

    def encode(self, piece: str | bytes) -> bytes:
        if isinstance(piece, bytes):
            return piece
        if "\0" in piece or "\ufeff" in piece:
            self.lost |= dict.fromkeys(character for character in piece if ord(character) in _UNREADABLE)
            piece = piece.translate(_UNREADABLE)
        try:
            return self._encoder.encode(piece)
        except UnicodeEncodeError:
            self.lost |= dict.fromkeys(character for character in piece if not self._has(character))
            self._encoder.errors = "replace"
            data = self._encoder.encode(piece)
            self._encoder.errors = "strict"
            return data

    def _has(self, character: str) -> bool:
        try:
            character.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True


def _is_text(stream: TextIO | BinaryIO) -> TypeGuard[TextIO]:
    """Whether a stream takes text; the classes of streams do not tell, as there are wrappers of any class."""
    try:
        cast(TextIO, stream).write("")
    except TypeError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name, and the place of what had it, when it is finished; a pipe or device as it is."""
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    with replacing(path) as stream:
        yield stream


@contextmanager
def _packing(stream: BinaryIO, name: str, plain_name: str) -> Iterator[IO[bytes]]:
    """Packs what is written into the stream as the last suffix of ``name`` says."""
    suffix = Path(name).suffix.lower()
    if suffix == ARCHIVE_SUFFIX:
        info = zipfile.ZipInfo(plain_name)  # of 1980, so that the same games make the same bytes
        info.compress_type = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(stream, "w") as archive, archive.open(info, "w", force_zip64=True) as member:
            yield member
        return
    for packing in PACKINGS:
        if packing.suffix == suffix:
            with packing.writer(stream) as packed:
                yield packed
            return
    yield stream


def write_games(
    target: Target,
    games: Iterable[Game],
    *,
    format: str | None = None,  # noqa: A002  (what a caller would call it)
    encoding: str = "utf-8",
    notation: str = "iccs",
    on_loss: OnLoss | None = None,
) -> int:
    """Write games to a file or stream, one at a time, and return how many there were.

    The name of a file tells its format and packing: ``games.pgn``, ``games.jsonl.xz``,
    ``games.csv.zip``. It takes the place of a file of that name only when it is whole.

    Args:
        target: a path, or a text or binary stream.
        games: the games.
        format: ``"pgn"``, ``"xqf"``, ``"jsonl"`` or another suffix of a format, for streams (PGN when
            left out) and for names that do not tell.
        encoding: of the text in a file or binary stream.
        notation: of the moves in PGN, one of :data:`xiangqi_gpt.records.pgn_writer.NOTATIONS`.
        on_loss: hears of what the format cannot hold of a game, and of characters that the encoding
            does not have.

    Raises:
        RecordFileError: the format, encoding or notation is unknown, the file cannot be written, or the format
            has room for one game and there are more.
        InvalidFenError: a game's ``FEN`` header is no FEN.
    """
    on_loss = on_loss or (lambda loss: None)
    is_path = isinstance(target, (str, PathLike))
    name = path_text(target) if isinstance(target, (str, PathLike)) else source_name(cast(BinaryIO, target))
    plain = name[: -len(ARCHIVE_SUFFIX)] if name.lower().endswith(ARCHIVE_SUFFIX) else name
    form = _find_format(f".{format.lower()}" if format else plain_suffix(plain) if is_path else ".pgn", name)
    _check_moves_fit(notation, encoding)
    count = 0

    def counted() -> Iterator[Game]:
        nonlocal count
        for game in games:
            if count and form.one_game:
                raise RecordFileError("records.one_game_a_file", file=name, format=form.name)
            count += 1
            yield game

    assert form.write is not None
    pieces = form.write(counted(), on_loss, notation)
    if isinstance(target, (str, PathLike)):
        path = Path(target)
        member = Path(plain).name if plain_suffix(plain) in form.suffixes else f"{Path(plain).name}{form.suffixes[0]}"
        try:
            with _opened(path) as stream, _packing(stream, path.name, member) as packed:
                _write(packed, pieces, encoding, on_loss)
        except OSError as error:
            raise RecordFileError("records.cannot_write", file=name, detail=error.strerror or error) from None
    elif _is_text(target):
        for piece in pieces:
            if isinstance(piece, bytes):
                raise RecordFileError("records.not_text", format=form.name)
            target.write(piece)
    else:
        _write(cast(BinaryIO, target), pieces, encoding, on_loss)
    return count


def _check_moves_fit(notation: str, encoding: str) -> None:
    """Refuse an encoding that lacks characters of the moves themselves, such as Big5 for simplified ones."""
    for character in _MOVE_CHARACTERS.get(notation, ""):
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            raise RecordFileError("records.notation_encoding", notation=notation, encoding=encoding) from None
        except LookupError:
            return  # what is no encoding is told elsewhere


def _write(stream: IO[bytes], pieces: Iterable[str] | Iterable[bytes], encoding: str, on_loss: OnLoss) -> None:
    encoder = _Encoder(encoding)
    for piece in pieces:
        stream.write(encoder.encode(piece))
    tell_characters(encoder.lost, encoding, on_loss)
