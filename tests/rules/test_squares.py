from __future__ import annotations

import pytest

from xiangqi_gpt.rules.pieces import BLACK, GENERAL, PIECE_TYPES, RED, Piece
from xiangqi_gpt.rules.squares import (
    SQUARE_NAMES,
    flip_square,
    in_palace,
    on_own_half,
    parse_square,
    rotate_square,
    square,
    square_file,
    square_name,
    square_rank,
)


def test_names_and_numbers() -> None:
    assert [square_name(sq) for sq in (0, 8, 9, 81, 89)] == ["a0", "i0", "a1", "a9", "i9"]
    for sq in range(90):
        assert parse_square(square_name(sq)) == sq == square(square_file(sq), square_rank(sq))
    assert len(set(SQUARE_NAMES)) == 90
    for name in ("", "a", "a10", "j0", "A0", "0a", "a０"):
        with pytest.raises(ValueError, match="not a square"):
            parse_square(name)


def test_symmetries() -> None:
    assert square_name(rotate_square(parse_square("b0"))) == "h9"
    assert square_name(flip_square(parse_square("b0"))) == "h0"
    for sq in range(90):
        assert rotate_square(rotate_square(sq)) == flip_square(flip_square(sq)) == sq


def test_palaces_and_halves() -> None:
    assert {SQUARE_NAMES[sq] for sq in range(90) if in_palace(sq, True)} == {f"{f}{r}" for f in "def" for r in "012"}
    assert {SQUARE_NAMES[sq] for sq in range(90) if in_palace(sq, False)} == {f"{f}{r}" for f in "def" for r in "789"}
    assert [sq for sq in range(90) if on_own_half(sq, True)] == list(range(45))
    assert [sq for sq in range(90) if on_own_half(sq, False)] == list(range(45, 90))


def test_pieces() -> None:
    for color in (RED, BLACK):
        for kind in PIECE_TYPES:
            piece = Piece(kind, color)
            assert Piece.from_code(piece.code) == Piece.from_symbol(piece.symbol()) == piece
            assert piece.symbol().isupper() == color
    assert Piece.from_symbol("h") == Piece.from_symbol("n")
    assert Piece.from_symbol("E") == Piece.from_symbol("B")
    assert Piece(GENERAL, RED).hanzi() + Piece(GENERAL, BLACK).hanzi(traditional=True) == "帅將"
    for symbol in ("", ".", "x", "KK", "1", "帅"):
        with pytest.raises(ValueError, match="not a piece letter"):
            Piece.from_symbol(symbol)
