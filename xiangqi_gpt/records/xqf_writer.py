"""XQF: the writer. Files are of version 10, which hides nothing and which every program reads."""

from __future__ import annotations

from collections.abc import Iterator

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.records.errors import LossError, OnLoss
from xiangqi_gpt.records.game import ChildNode, Game
from xiangqi_gpt.records.headers import find_result
from xiangqi_gpt.records.losses import tell_change, tell_characters, tidy_comment
from xiangqi_gpt.records.xqf_layout import (
    FIELDS,
    FROM_SHIFT,
    HEADER_SIZE,
    KIND_AT,
    KINDS,
    MAGIC,
    N_PIECES,
    PIECES,
    PIECES_AT,
    PLAIN_VERSION,
    RESULT_AT,
    RESULTS,
    TO_SHIFT,
    TURN_AT,
)
from xiangqi_gpt.rules.pieces import BLACK
from xiangqi_gpt.rules.squares import Square, square_file, square_rank

__all__ = ["xqf_bytes"]

_ENCODING = "gbk"
_OFF_BOARD = 0xFF
_FOLLOWED, _REPLACED = 0xF0, 0x0F  # flags of a record up to version 10

# Tags that stand elsewhere in the file, or say nothing of the game.
_TOLD_OTHERWISE = {"Game", "Format", "Variant", "SetUp", "FEN", "Result"}
_UNKNOWN = {"", "?", "*", "????.??.??"}


class _Texts:
    """Turns texts into bytes and keeps the characters that could not be."""

    def __init__(self) -> None:
        self.lost: dict[str, None] = {}

    def encode(self, text: str) -> bytes:
        if "\0" in text:  # readers drop it
            self.lost["\0"] = None
            text = text.replace("\0", "?")
        try:
            return text.encode(_ENCODING)
        except UnicodeEncodeError:
            known = text.encode(_ENCODING, "ignore").decode(_ENCODING)
            self.lost |= dict.fromkeys(character for character in text if character not in known)
            return text.encode(_ENCODING, "replace")


def _point(sq: Square) -> int:
    return 10 * square_file(sq) + square_rank(sq)


def _piece_points(board: Board) -> bytes:
    """Where the pieces stand, in the order of ``PIECES``."""
    points = bytearray([_OFF_BOARD] * N_PIECES)
    for sq, piece in sorted(board.piece_map().items(), key=lambda item: _point(item[0])):
        symbol = piece.symbol()
        free = [index for index in range(N_PIECES) if PIECES[index] == symbol and points[index] == _OFF_BOARD]
        if not free:
            raise XiangqiError("records.xqf_pieces", fen=board.fen())
        points[free[0]] = _point(sq)
    return bytes(points)


def _field(text: str, size: int, texts: _Texts) -> bytes:
    """A text with its length before it, cut to whole characters that fit."""
    raw = texts.encode(text)[:size].decode(_ENCODING, "ignore").encode(_ENCODING)
    return bytes([len(raw)]) + raw


def _header(game: Game, texts: _Texts, on_loss: OnLoss) -> bytes:
    board = game.start_board()
    header = bytearray(HEADER_SIZE)
    header[: len(MAGIC)] = MAGIC
    header[len(MAGIC)] = PLAIN_VERSION
    header[PIECES_AT : PIECES_AT + N_PIECES] = _piece_points(board)
    header[TURN_AT] = board.turn == BLACK
    header[RESULT_AT] = RESULTS.index(game.result)
    title, red, black = (game.headers.get(tag, "") for tag in ("Title", "Red", "Black"))
    if game.result == "*" and find_result(title, red, black, is_setup=game.is_setup()) != "*":
        on_loss(LossError("records.loss_result", text=title))
    if board.halfmove_clock or board.fullmove_number != 1:
        on_loss(LossError("records.loss_counters", halfmove=board.halfmove_clock, fullmove=board.fullmove_number))
    fields = {field.tag: field for field in FIELDS}
    for tag, value in game.headers.items():
        if tag in _TOLD_OTHERWISE or value in _UNKNOWN:
            continue
        if tag == "PlayType" and value in KINDS:
            header[KIND_AT] = KINDS.index(value)
            continue
        if tag not in fields:
            on_loss(LossError("records.loss_header", tag=tag, text=value))
            continue
        field = fields[tag]
        kept = " ".join(value.split("\n")).strip()
        if kept != value:
            on_loss(LossError("records.loss_header_lines", tag=tag))
        raw = _field(kept, field.size, texts)
        header[field.at : field.at + len(raw)] = raw
        if len(raw) <= len(texts.encode(kept)):
            on_loss(LossError("records.loss_header_cut", tag=tag, text=value, size=field.size))
    return bytes(header)


def _record(move: Move | None, comment: bytes, flags: int) -> bytes:
    """A record; the start of the game has no move."""
    origin, target = (_point(move.from_square), _point(move.to_square)) if move else (0, 0)
    head = bytes((origin + FROM_SHIFT, target + TO_SHIFT, flags, 0))
    return head + len(comment).to_bytes(4, "little") + comment


def _nodes(game: Game) -> Iterator[tuple[ChildNode, bool]]:
    """The moves in the order of the file, and whether another in the same place comes later."""
    places = [iter(game.variations)]
    ahead = [len(game.variations)]
    while places:
        node = next(places[-1], None)
        if node is None:
            places.pop()
            ahead.pop()
            continue
        ahead[-1] -= 1
        yield node, ahead[-1] > 0
        places.append(iter(node.variations))
        ahead.append(len(node.variations))


def xqf_bytes(game: Game, *, on_loss: OnLoss | None = None) -> bytes:
    """The game as an XQF file.

    The file holds the moves with all side lines and comments, the start position, the result, and the
    headers of :data:`xiangqi_gpt.records.xqf_layout.FIELDS` in GBK, each up to its size.

    Args:
        game: the game.
        on_loss: hears of what the format cannot hold: other headers and the rest of long ones,
            characters that are not in GBK (they become ``?``), glyphs, counters of a set-up position.
            A comment before a side line goes to the line's first move.

    Raises:
        InvalidFenError: the ``FEN`` header is no FEN.
        XiangqiError: the start position has more pieces of a kind than a set holds.
    """
    tell = on_loss or (lambda loss: None)
    texts = _Texts()
    parts = [_header(game, texts, tell)]
    parts.append(_record(None, texts.encode(_kept(game.comment, tell)), _FOLLOWED if game.variations else 0))
    glyphs = moved = 0
    for node, has_others in _nodes(game):
        glyphs += len(node.nags)
        moved += bool(node.starting_comment)
        comment = "\n".join(filter(None, (node.starting_comment, node.comment)))
        flags = (_FOLLOWED if node.variations else 0) | (_REPLACED if has_others else 0)
        parts.append(_record(node.move, texts.encode(_kept(comment, tell)), flags))
    if glyphs:
        tell(LossError("records.loss_glyphs", count=glyphs))
    if moved:
        tell(LossError("records.loss_starting_comments", count=moved))
    tell_characters(texts.lost, _ENCODING, tell)
    return b"".join(parts)


def _kept(comment: str, on_loss: OnLoss) -> str:
    """What is kept of a comment, its lines ended as the format has it."""
    kept = tidy_comment(comment)
    tell_change(comment, kept, on_loss)
    return kept.replace("\n", "\r\n")
