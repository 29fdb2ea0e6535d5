"""Boards and pieces as SVG pictures, for notebooks, pages and books.

>>> from xiangqi_gpt import Board, svg
>>> from xiangqi_gpt.rules.squares import parse_square
>>> arrow = svg.Arrow(parse_square("h2"), parse_square("e2"))
>>> picture = svg.board(Board(), arrows=[arrow], style="pictograms", size=400)
>>> picture.startswith("<svg")
True

A picture is text: write it to a file, or let a notebook show it. ``Board`` shows itself in a
notebook. Names and meanings follow python-chess's ``chess.svg``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias
from xml.etree import ElementTree

from xiangqi_gpt.rules.pieces import (
    ADVISOR,
    CANNON,
    ELEPHANT,
    GENERAL,
    HORSE,
    PAWN,
    RED,
    ROOK,
    Color,
    Piece,
    PieceType,
)
from xiangqi_gpt.rules.squares import (
    FILE_NAMES,
    N_FILES,
    N_RANKS,
    Square,
    rotate_square,
    square,
    square_file,
    square_rank,
)

if TYPE_CHECKING:
    from xiangqi_gpt.board import Board, Move

__all__ = ["DEFAULT_COLORS", "Arrow", "Picture", "PieceStyle", "board", "piece"]

PieceStyle: TypeAlias = Literal["simplified", "traditional", "pictograms"]

DEFAULT_COLORS: Mapping[str, str] = {
    "board": "#eed3a1",
    "frame": "#8c5a2e",
    "line": "#6b4423",
    "coordinate": "#6b4423",
    "face": "#fbf0d8",
    "rim": "#b98d57",
    "red": "#b01e1e",
    "black": "#23272b",
    "lastmove": "#2f7d5b",
    "check": "#e02b20",
    "square": "#2b6cb0",
    "arrow green": "#15781b",
    "arrow red": "#b01e1e",
    "arrow yellow": "#d08a00",
    "arrow blue": "#20558a",
}

# Lengths in the picture's own units: two neighbouring points of the board are _CELL apart.
_CELL = 40
_MARGIN = 36  # from the outer lines to the edge of the picture
_RADIUS = 17.5  # of a piece
_WIDTH = (N_FILES - 1) * _CELL + 2 * _MARGIN
_HEIGHT = (N_RANKS - 1) * _CELL + 2 * _MARGIN
_HANZI_FONT = "KaiTi, STKaiti, Kaiti SC, LXGW WenKai, TW-Kai, Noto Serif CJK SC, Source Han Serif SC, serif"
_LATIN_FONT = "Helvetica, Arial, sans-serif"
_RED_NUMBERS = "一二三四五六七八九"
# Points with a mark around them, where cannons and pawns stand at the start.
_MARKED = [square(file, rank) for file in (1, 7) for rank in (2, 7)]
_MARKED += [square(file, rank) for file in (0, 2, 4, 6, 8) for rank in (3, 6)]


@dataclass(frozen=True)
class Arrow:
    """An arrow from ``tail`` to ``head``, or a ring where they are the same square.

    ``color`` is ``green``, ``red``, ``yellow``, ``blue`` or any colour of SVG.
    """

    tail: Square
    head: Square
    color: str = "green"


class Picture(str):
    """The text of an SVG picture, which a notebook shows as the picture."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)


def _circle_path(x: float, y: float, r: float) -> str:
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"


# Pieces for readers who do not know the characters: a crown, a counsellor's fan, an elephant, a
# horse's head, a tower, a gun and a soldier under a straw hat. Paths in a box from -10 to 10, painted
# in order, in ink or in the colour of the disc.
_PICTOGRAMS: dict[PieceType, tuple[tuple[str, str], ...]] = {
    GENERAL: (
        ("ink", "M-8.6 4.4L-9.6-4.2L-4.8-.4L0-7.4L4.8-.4L9.6-4.2L8.6 4.4zM-8.6 5.8H8.6V8.6H-8.6z"),
        ("ink", _circle_path(-9.6, -5.2, 1.3) + _circle_path(0, -8.4, 1.3) + _circle_path(9.6, -5.2, 1.3)),
    ),
    ADVISOR: (
        ("ink", "M-10.5 -1.9A14.6 14.6 0 0 1 10.5 -1.9L4.6 3.8A6.4 6.4 0 0 0 -4.6 3.8z"),
        (
            "ink",
            "M-0.6 8.7L-4.8 3.9L-3.7 2.9L0.6 7.7zM-0.7 8.4L-2.3 2.2L-0.8 1.8L0.7 8.0z"
            "M-0.7 8.0L0.8 1.8L2.3 2.2L0.7 8.4zM-0.6 7.7L3.7 2.9L4.8 3.9L0.6 8.7z" + _circle_path(0, 8.2, 1.6),
        ),
        (
            "face",
            "M-3.4 2.8L-7.7 -5.4L-6.9 -5.8L-2.6 2.3zM-1.6 2.0L-3.2 -7.1L-2.3 -7.2L-0.7 1.8z"
            "M0.7 1.8L2.3 -7.2L3.2 -7.1L1.6 2.0zM2.6 2.3L6.9 -5.8L7.7 -5.4L3.4 2.8z",
        ),
    ),
    ELEPHANT: (
        (
            "ink",
            "M-9.6 7.6C-10.6 4-10-.2-8.6-3.2C-7.4-6.8-4-8-1.4-6.6C2-8 8-7 9.4-2L10.6 2.6L9.4 2.2V8.2H5.8V4.2"
            "H1.6V8.2H-2V2.8C-3.6 3.6-5.4 3.2-6.4 1.8C-7.2 3.6-7 5.6-6.8 7.6z",
        ),
        ("face", "M-3.4-4.6C.4-5.6 1.4-1.6-.8.8C-3 .2-4.2-2-3.4-4.6z"),
        ("ink", "M-2.6-3.7C-.2-4.2.4-1.8-.9-.3C-2.3-.8-3-2.2-2.6-3.7z"),
        ("face", _circle_path(-5.9, -2.8, 0.8)),
    ),
    HORSE: (
        (
            "ink",
            "M-5 9C-5 5-.6 3.6-.2 0C-2.2 1.2-3.6.8-5 2.6C-5.8 3.8-7.6 3.6-8.4 2.4C-9 1.4-8.8.6-8-.4"
            "L-4.8-5.2C-4.2-6.4-3.2-7-2-7.6L-1.6-10L.8-7.9C6-7 9-2 8 9z",
        ),
        ("face", _circle_path(-3, -4.2, 0.85)),
        ("face", "M2.2-5.6C5-3.4 6 0 5.7 4.6C5 1 4.2-2.6 2.2-5.6z"),
    ),
    ROOK: (
        ("ink", "M-7.4 9V6.4H-5.8L-5-2.4H-7.2V-9H-4V-6.6H-1.7V-9H1.7V-6.6H4V-9H7.2V-2.4H5L5.8 6.4H7.4V9z"),
        ("face", "M-5.1-1.2H5.1V-.2H-5.1zM-1.5 6.4V3.4A1.5 1.5 0 0 1 1.5 3.4V6.4z"),
    ),
    CANNON: (
        ("ink", "M-8.4-.6L6.6-7.2L6.8-8.9L10.2-3.2L8.4-3.4L-5.4 5.4C-8.6 6.6-11 2.2-8.4-.6z"),
        ("ink", "M-5 4L-9.8 7.4L-8.4 9L-1 6.4z"),
        ("face", _circle_path(0.6, 4.2, 5.6)),
        ("ink", _circle_path(0.6, 4.2, 4.8)),
        ("face", _circle_path(0.6, 4.2, 3.2)),
        ("ink", _circle_path(0.6, 4.2, 1.2) + "M.1-.2H1.1V8.6H.1zM-3.8 3.7H5V4.7H-3.8z"),
    ),
    PAWN: (
        ("ink", "M-7 9.4C-7 5.8-4 4.4 0 4.4C4 4.4 7 5.8 7 9.4z"),
        ("face", _circle_path(0, 1.4, 4)),
        ("ink", _circle_path(0, 1.4, 3)),
        ("face", "M-9-2H9V.5H-9z"),
        ("ink", "M-9.2-.6C-5.4-3-2.2-7.6 0-9.4C2.2-7.6 5.4-3 9.2-.6C4.2.4-4.2.4-9.2-.6z"),
    ),
}


def _element(parent: ElementTree.Element | None, tag: str, **attributes: object) -> ElementTree.Element:
    """A new element; ``_`` in names becomes ``-``, and numbers are written short."""
    texts = {
        name.replace("_", "-"): f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in attributes.items()
    }
    if parent is None:
        return ElementTree.Element(tag, texts)
    return ElementTree.SubElement(parent, tag, texts)


def _text(parent: ElementTree.Element, text: str, x: float, y: float, size: float, fill: str, font: str) -> None:
    """A text centred on a point."""
    # Characters hang from the baseline, and not every reader knows dominant-baseline.
    element = _element(
        parent, "text", x=x, y=y + 0.36 * size, fill=fill, font_size=size, font_family=font, text_anchor="middle"
    )
    element.text = text


def _draw_piece(parent: ElementTree.Element, one: Piece, style: PieceStyle, colors: Mapping[str, str]) -> None:
    """A piece around the point 0, 0."""
    ink = colors["red" if one.color else "black"]
    _element(parent, "circle", cy=1.2, r=_RADIUS, fill="#000", fill_opacity=0.25)
    _element(parent, "circle", r=_RADIUS, fill=colors["face"], stroke=colors["rim"], stroke_width=1.0)
    _element(parent, "circle", r=_RADIUS - 2.6, fill="none", stroke=ink, stroke_width=1.1)
    if style == "pictograms":
        shapes = _element(parent, "g", transform="scale(1.02)")
        for layer, path in _PICTOGRAMS[one.piece_type]:
            _element(shapes, "path", d=path, fill=ink if layer == "ink" else colors["face"])
    else:
        _text(parent, one.hanzi(traditional=style == "traditional"), 0, 0, 23, ink, _HANZI_FONT)


def _root(width: float, height: float, size: int | None) -> ElementTree.Element:
    """A picture of ``width`` by ``height`` units, ``size`` pixels wide, with the point 0, 0 in its middle."""
    scale = size / width if size else 1.0
    return _element(
        None,
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{-width / 2:g} {-height / 2:g} {width:g} {height:g}",
        width=width * scale,
        height=height * scale,
    )


def _picture(root: ElementTree.Element) -> Picture:
    return Picture(ElementTree.tostring(root, encoding="unicode"))


def _point(sq: Square, orientation: Color) -> tuple[float, float]:
    """Where a square lies; ``orientation`` is the side at the bottom."""
    seen = sq if orientation == RED else rotate_square(sq)
    return (square_file(seen) - 4) * _CELL, (4.5 - square_rank(seen)) * _CELL


def _draw_lines(root: ElementTree.Element, colors: Mapping[str, str]) -> None:
    """The board without pieces; it looks the same from both sides."""
    right, bottom = 4.0 * _CELL, 4.5 * _CELL
    edge = {"fill": "none", "stroke": colors["line"]}
    _element(root, "rect", x=-_WIDTH / 2, y=-_HEIGHT / 2, width=_WIDTH, height=_HEIGHT, fill=colors["frame"], rx=6)
    width, height = _WIDTH - 8, _HEIGHT - 8
    _element(root, "rect", x=-width / 2, y=-height / 2, width=width, height=height, fill=colors["board"], rx=4)
    _element(
        root, "rect", x=-right - 4, y=-bottom - 4, width=2 * right + 8, height=2 * bottom + 8, **edge, stroke_width=2.0
    )
    lines = [f"M{-right:g} {y:g}H{right:g}" for y in (_point(square(0, rank), RED)[1] for rank in range(N_RANKS))]
    for file in range(N_FILES):
        x = _point(square(file, 0), RED)[0]
        banks = f"V{-bottom:g}" if file in (0, 8) else f"V{_CELL / 2:g}M{x:g} {-_CELL / 2:g}V{-bottom:g}"
        lines.append(f"M{x:g} {bottom:g}{banks}")
    for y in (-bottom, bottom - 2 * _CELL):
        across = f"{2 * _CELL} {2 * _CELL}"
        lines += [f"M{-_CELL} {y:g}l{across}", f"M{_CELL} {y:g}l-{across}"]
    for sq in _MARKED:
        x, y = _point(sq, RED)
        for side in (-1, 1):
            if abs(x + side) <= right:
                a, b = 3.5 * side, 10 * side  # from the crossing to the corner, and to the end of its arms
                lines += [f"M{x + a:g} {y + b:g}V{y + a:g}H{x + b:g}", f"M{x + a:g} {y - b:g}V{y - a:g}H{x + b:g}"]
    _element(root, "path", d="".join(lines), **edge, stroke_width=1.0)


def _draw_words(
    root: ElementTree.Element, orientation: Color, style: PieceStyle, coordinates: str, colors: Mapping[str, str]
) -> None:
    """The river's name and what names files and ranks."""
    ink = colors["coordinate"]
    if style != "pictograms":
        names = "楚河", "漢界" if style == "traditional" else "汉界"
        for name, x in zip(names, (-2.0 * _CELL, 2.0 * _CELL), strict=True):
            for character, shift in zip(name, (-0.5, 0.5), strict=True):
                _text(root, character, x + shift * _CELL, 0, 22, colors["line"], _HANZI_FONT)
    if not coordinates:
        return
    top = -4.5 * _CELL - _RADIUS - 8.5
    for file in range(N_FILES):
        x = _point(square(file, 0), orientation)[0]
        if coordinates == "squares":
            for y in (top, -top):
                _text(root, FILE_NAMES[file], x, y, 11, ink, _LATIN_FONT)
        else:
            red = str(9 - file) if style == "pictograms" else _RED_NUMBERS[8 - file]
            _text(root, red, x, -top if orientation == RED else top, 11, ink, _LATIN_FONT)
            _text(root, str(file + 1), x, top if orientation == RED else -top, 11, ink, _LATIN_FONT)
    if coordinates == "squares":
        for rank in range(N_RANKS):
            level = _point(square(0, rank), orientation)[1]
            for x in (-4.0 * _CELL - _RADIUS - 8.5, 4.0 * _CELL + _RADIUS + 8.5):
                _text(root, str(rank), x, level, 11, ink, _LATIN_FONT)


def _draw_brackets(root: ElementTree.Element, x: float, y: float, color: str) -> None:
    """Four corners around a point."""
    a, b = _CELL / 2 - 1.8, _CELL / 2 - 9.5
    corners = [f"M{x + i * a:g} {y + j * b:g}V{y + j * a:g}H{x + i * b:g}" for i in (-1, 1) for j in (-1, 1)]
    _element(root, "path", d="".join(corners), fill="none", stroke=color, stroke_width=2.2)


def _draw_arrow(root: ElementTree.Element, arrow: Arrow, orientation: Color, colors: Mapping[str, str]) -> None:
    color = colors.get(f"arrow {arrow.color}", arrow.color)
    tail, head = _point(arrow.tail, orientation), _point(arrow.head, orientation)
    if tail == head:
        _element(
            root,
            "circle",
            cx=tail[0],
            cy=tail[1],
            r=_CELL / 2 - 1,
            fill="none",
            stroke=color,
            stroke_width=3.2,
            opacity=0.7,
        )
        return
    length = math.dist(tail, head)
    # Drawn along the x axis, then turned: a shaft from the rim of the tail's piece, and a head.
    neck, tip = length - 17, length - 4
    shape = f"M12-2.6H{neck:g}V-8L{tip:g} 0L{neck:g} 8V2.6H12z"
    angle = math.degrees(math.atan2(head[1] - tail[1], head[0] - tail[0]))
    _element(
        root,
        "path",
        d=shape,
        fill=color,
        opacity=0.7,
        transform=f"translate({tail[0]:g} {tail[1]:g})rotate({angle:g})",
    )


def piece(
    one: Piece, *, size: int | None = None, style: PieceStyle = "simplified", colors: Mapping[str, str] | None = None
) -> Picture:
    """A picture of a piece.

    Args:
        one: the piece.
        size: width and height in pixels.
        style: characters of a ``simplified`` or ``traditional`` set, or ``pictograms``.
        colors: to be used instead of those of :data:`DEFAULT_COLORS`.
    """
    root = _root(_CELL, _CELL, size)
    _draw_piece(root, one, style, {**DEFAULT_COLORS, **(colors or {})})
    return _picture(root)


def board(
    board: Board | None = None,
    *,
    orientation: Color = RED,
    lastmove: Move | None = None,
    check: Square | None = None,
    arrows: Iterable[Arrow | tuple[Square, Square]] = (),
    fill: Mapping[Square, str] | None = None,
    squares: Iterable[Square] = (),
    size: int | None = None,
    coordinates: Literal["files", "squares"] | bool = True,
    style: PieceStyle = "simplified",
    colors: Mapping[str, str] | None = None,
) -> Picture:
    """A picture of a board.

    Args:
        board: the position; without one, the lines alone.
        orientation: the side at the bottom.
        lastmove: a move whose two squares are marked.
        check: a square to be marked as in check.
        arrows: :class:`Arrow` values, or (tail, head) for green ones.
        fill: colours of SVG for spots under squares.
        squares: squares to be crossed.
        size: the width in pixels; the height follows.
        coordinates: ``files`` (or True) for each side's numbers of the files, as WXF and Chinese
            notation count them; ``squares`` for the letters and digits of UCI; False for none.
        style: characters of a ``simplified`` or ``traditional`` set, or ``pictograms``.
        colors: to be used instead of those of :data:`DEFAULT_COLORS`.
    """
    palette = {**DEFAULT_COLORS, **(colors or {})}
    root = _root(_WIDTH, _HEIGHT, size)
    if board is not None:
        _element(root, "desc").text = board.fen()
    _draw_lines(root, palette)
    _draw_words(root, orientation, style, "files" if coordinates is True else coordinates or "", palette)
    for sq, color in (fill or {}).items():
        x, y = _point(sq, orientation)
        _element(root, "circle", cx=x, cy=y, r=_CELL / 2, fill=color)
    if check is not None:
        x, y = _point(check, orientation)
        for radius, opacity in ((_RADIUS + 7, 0.25), (_RADIUS + 4, 0.45)):
            _element(root, "circle", cx=x, cy=y, r=radius, fill=palette["check"], fill_opacity=opacity)
    for sq, one in (board.piece_map() if board is not None else {}).items():
        x, y = _point(sq, orientation)
        _draw_piece(_element(root, "g", transform=f"translate({x:g} {y:g})"), one, style, palette)
    for sq in (lastmove.from_square, lastmove.to_square) if lastmove else ():
        _draw_brackets(root, *_point(sq, orientation), palette["lastmove"])
    for sq in squares:
        x, y = _point(sq, orientation)
        cross = f"M{x - 8:g} {y - 8:g}l16 16m-16 0l16-16"
        _element(root, "path", d=cross, fill="none", stroke=palette["square"], stroke_width=3.4)
    for arrow in arrows:
        _draw_arrow(root, arrow if isinstance(arrow, Arrow) else Arrow(*arrow), orientation, palette)
    return _picture(root)
