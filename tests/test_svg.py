from __future__ import annotations

from xml.etree import ElementTree

import pytest

from xiangqi_gpt import svg
from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.rules.pieces import BLACK, PIECE_TYPES, RED, Piece
from xiangqi_gpt.rules.squares import parse_square

SVG = "{http://www.w3.org/2000/svg}"


def draw(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def pieces(root: ElementTree.Element) -> dict[tuple[float, float], str]:
    """The characters on the pieces by the point where they are drawn."""
    found = {}
    for group in root.findall(f"{SVG}g"):
        x, y = group.attrib["transform"].removeprefix("translate(").removesuffix(")").split()
        found[float(x), float(y)] = "".join(texts(group))
    return found


def test_the_start_has_every_piece_where_it_stands() -> None:
    root = draw(svg.board(Board()))
    drawn = pieces(root)
    assert len(drawn) == 32
    rows = sorted({y for _, y in drawn})
    red_back = [drawn[point] for point in sorted(drawn) if point[1] == rows[-1]]
    black_back = [drawn[point] for point in sorted(drawn) if point[1] == rows[0]]
    assert "".join(red_back) == "车马相仕帅仕相马车"
    assert "".join(black_back) == "车马象士将士象马车"
    assert root.find(f"{SVG}desc").text == Board().fen()


def test_black_at_the_bottom_turns_the_board_round() -> None:
    board = Board()
    upright, turned = (pieces(draw(svg.board(board, orientation=side))) for side in (RED, BLACK))
    assert {(-x, -y): hanzi for (x, y), hanzi in upright.items()} == turned


@pytest.mark.parametrize(
    ("style", "present", "absent"),
    [("simplified", "车将汉", "車漢"), ("traditional", "車俥傌砲將漢", "车汉"), ("pictograms", "", "车車漢汉一")],
)
def test_styles(style: svg.PieceStyle, present: str, absent: str) -> None:
    written = "".join(texts(draw(svg.board(Board(), style=style))))
    assert all(character in written for character in present)
    assert not any(character in written for character in absent)


@pytest.mark.parametrize("color", [RED, BLACK])
@pytest.mark.parametrize("style", ["simplified", "traditional", "pictograms"])
def test_each_piece_has_its_own_picture(color: bool, style: svg.PieceStyle) -> None:
    pictures = {svg.piece(Piece(kind, color), style=style) for kind in PIECE_TYPES}
    assert len(pictures) == 7
    assert all(draw(picture).tag == f"{SVG}svg" for picture in pictures)


def test_size_sets_the_width_and_keeps_the_shape() -> None:
    for size in (100, 800):
        root = draw(svg.board(Board(), size=size))
        left, top, width, height = map(float, root.attrib["viewBox"].split())
        assert float(root.attrib["width"]) == size
        assert float(root.attrib["height"]) == pytest.approx(size * height / width, rel=1e-4)
        assert (left, top) == (-width / 2, -height / 2)
    assert draw(svg.piece(Piece(1, RED), size=50)).attrib["width"] == "50"


def test_coordinates_are_file_numbers_square_names_or_none() -> None:
    empty = svg.board(None)
    numbers = texts(draw(empty))
    assert [text for text in numbers if text in "一二三四五六七八九"] == list("九八七六五四三二一")
    assert [text for text in numbers if text in "123456789"] == list("123456789")
    names = texts(draw(svg.board(None, coordinates="squares")))
    assert [text for text in names if text in "abcdefghi"] == [file for file in "abcdefghi" for _ in range(2)]
    assert [text for text in names if text in "0123456789"] == [rank for rank in "0123456789" for _ in range(2)]
    assert texts(draw(svg.board(None, coordinates=False))) == list("楚河汉界")


def test_marks_are_drawn_where_they_belong() -> None:
    colors = svg.DEFAULT_COLORS
    plain = draw(svg.board(Board()))
    assert not [e for e in plain.iter() if colors["lastmove"] in e.attrib.values()]
    check = draw(svg.board(Board(), check=parse_square("e9")))
    glow = [e for e in check.iter() if e.attrib.get("fill") == colors["check"]]
    assert {(float(e.attrib["cx"]), float(e.attrib["cy"])) for e in glow} == {
        point for point, hanzi in pieces(plain).items() if hanzi == "将"
    }
    moved = draw(svg.board(Board(), lastmove=Move.from_uci("h2e2")))
    assert len([e for e in moved.iter() if e.attrib.get("stroke") == colors["lastmove"]]) == 2
    crossed = draw(svg.board(Board(), squares=[0, 1, 2]))
    assert len([e for e in crossed.iter() if e.attrib.get("stroke") == colors["square"]]) == 3
    filled = draw(svg.board(Board(), fill={40: "#abcdef"}))
    (spot,) = [e for e in filled.iter() if e.attrib.get("fill") == "#abcdef"]
    assert (float(spot.attrib["cx"]), float(spot.attrib["cy"])) == (0, 20)  # e4, below the middle of the board


def test_arrows_are_paths_and_rings() -> None:
    a0, i9 = parse_square("a0"), parse_square("i9")
    root = draw(svg.board(None, arrows=[(a0, i9), svg.Arrow(a0, a0, "red"), svg.Arrow(i9, a0, "#123456")]))
    green, red = svg.DEFAULT_COLORS["arrow green"], svg.DEFAULT_COLORS["arrow red"]
    (arrow,) = [e for e in root.iter() if e.attrib.get("fill") == green]
    assert arrow.attrib["transform"].startswith("translate(-160 180)rotate(-48.")
    assert [e.tag for e in root.iter() if e.attrib.get("stroke") == red] == [f"{SVG}circle"]
    assert [e.tag for e in root.iter() if e.attrib.get("fill") == "#123456"] == [f"{SVG}path"]


def test_colors_replace_the_usual_ones() -> None:
    assert "#00ff00" in svg.board(Board(), colors={"board": "#00ff00"})


def test_a_notebook_shows_the_last_move_and_a_check() -> None:
    board = Board("4k4/9/9/9/9/9/9/9/3R5/5K3 w")
    assert svg.DEFAULT_COLORS["lastmove"] not in board._repr_svg_()
    board.push_uci("d1e1")
    picture = board._repr_svg_()
    assert svg.DEFAULT_COLORS["lastmove"] in picture
    assert svg.DEFAULT_COLORS["check"] in picture
    shown = svg.board(board)
    assert shown._repr_svg_() == shown
