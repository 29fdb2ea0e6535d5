from __future__ import annotations

import pytest

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import IllegalMoveError, InvalidMoveError


@pytest.mark.parametrize("text", ["H2-E2", "h2-e2", "H2E2", "h2e2", "h2-E2"])
def test_iccs_is_read_in_every_form(text: str) -> None:
    assert Move.from_iccs(text) == Move(7 + 9 * 2, 4 + 9 * 2)


def test_iccs_is_written_in_capitals_with_a_dash() -> None:
    assert Move.from_uci("h2e2").iccs() == "H2-E2"
    assert Board().iccs(Move.from_uci("a9i0")) == "A9-I0"


def test_uci_counts_ranks_from_zero_or_from_one() -> None:
    move = Move.from_uci("h9g7")
    assert move == Move.from_uci("h10g8", first_rank=1)
    assert move.uci() == "h9g7"
    assert move.uci(first_rank=1) == "h10g8"


@pytest.mark.parametrize(
    "text", ["", "h2", "h2e", "h2h2", "j2e2", "h10e2", "H2e2", "h2-e2", "h2e2 ", "h٢e2", "h02e2", "0000"]
)
def test_what_is_no_uci_move(text: str) -> None:
    with pytest.raises(InvalidMoveError):
        Move.from_uci(text)


@pytest.mark.parametrize("text", ["h0e1", "h2h2", "h11e1", "h01e1"])
def test_what_is_no_uci_move_when_ranks_begin_at_one(text: str) -> None:
    with pytest.raises(InvalidMoveError):
        Move.from_uci(text, first_rank=1)


@pytest.mark.parametrize("text", ["", "H2--E2", "H2-E", "H2-H2", "h2-H2", "K2-E2", "H2 E2", "H10-E2"])
def test_what_is_no_iccs_move(text: str) -> None:
    with pytest.raises(InvalidMoveError):
        Move.from_iccs(text)


def test_errors_say_how_to_write_it() -> None:
    with pytest.raises(InvalidMoveError) as caught:
        Move.from_uci("H2-E2")
    assert "h2e2" in caught.value.text("en")
    assert "h2e2" in caught.value.text("zh")


def test_only_legal_moves_are_read_on_a_board() -> None:
    board = Board()
    with pytest.raises(IllegalMoveError):
        board.parse_uci("h2i3")
    with pytest.raises(IllegalMoveError):
        board.parse_iccs("A0-A9")
    assert board.push_iccs("H2-E2") == Move.from_uci("h2e2")
    assert board.push_uci("h10g8", first_rank=1) == Move.from_uci("h9g7")
