from __future__ import annotations

import pytest

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError, InvalidMoveError


@pytest.mark.parametrize("text", ["h2e2", "H2-E2", "C2=5", "c2.5", "炮二平五", "砲2平5", " 炮２平５ "])
def test_any_notation_is_read(text: str) -> None:
    board = Board()
    assert board.parse_text(text) == Move.from_uci("h2e2")
    assert board.push_text(text) == board.peek()


def test_advisors_of_wxf_are_not_taken_for_squares() -> None:
    board = Board("3k5/9/9/9/9/9/9/9/4A4/4K4 w")
    assert board.parse_text("a5-4") == Move.from_uci("e1f0")
    assert board.parse_text("e1f0") == Move.from_uci("e1f0")


@pytest.mark.parametrize("text", ["", " ", "hello", "炮", "h2e2e4", "1. C2=5", "\ud800", "h٢e2"])
def test_what_is_no_move_in_any_notation(text: str) -> None:
    with pytest.raises(InvalidMoveError):
        Board().parse_text(text)


@pytest.mark.parametrize("text", ["h2h9", "H2-E3", "C2+7", "炮二进七"])
def test_illegal_moves(text: str) -> None:
    board = Board("rnbakabnr/9/1c5c1/p1p1p1p1p/9/9/P1P1P1P1P/1C7/7C1/RNBAKABNR w")
    with pytest.raises(IllegalMoveError):
        board.parse_text(text)


def test_ambiguous_moves() -> None:
    board = Board("3k5/9/9/9/7C1/9/9/7C1/9/5K3 w")
    for text in ("C2=5", "炮二平五"):
        with pytest.raises(AmbiguousMoveError):
            board.parse_text(text)


def test_variations_are_numbered_like_those_of_python_chess() -> None:
    board = Board()
    line = [Move.from_uci(uci) for uci in ("h2e2", "h9g7", "h0g2", "i9h9")]
    assert board.variation_uci(line) == "1. h2e2 h9g7 2. h0g2 i9h9"
    assert board.variation_uci(line, first_rank=1) == "1. h3e3 h10g8 2. h1g3 i10h10"
    assert board.variation_iccs(line) == "1. H2-E2 H9-G7 2. H0-G2 I9-H9"
    assert board.variation_wxf(line) == "1. C2=5 H8+7 2. H2+3 R9=8"
    assert board.variation_chinese(line) == "1. 炮二平五 马８进７ 2. 马二进三 车９平８"
    board.push(line[0])
    assert board.variation_wxf(line[1:]) == "1...H8+7 2. H2+3 R9=8"
    assert board.variation_chinese(line[1:], traditional=True, full_width=False) == "1...馬8進7 2. 馬二進三 車9平8"
    assert board.move_stack == line[:1]
    assert board.variation_uci([]) == ""


def test_a_variation_with_an_illegal_move_is_refused() -> None:
    line = [Move.from_uci("h2e2"), Move.from_uci("h2e2")]
    with pytest.raises(IllegalMoveError):
        Board().variation_wxf(line)
