"""WXF notation: positions and texts worked out by hand from the published rules of 1997 and 2018."""

from __future__ import annotations

import pytest

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError, InvalidMoveError
from xiangqi_gpt.notation.wxf import parse_wxf, wxf_text
from xiangqi_gpt.rules.fen import STARTING_FEN

# Three pawns on file 3, two on file 7 (the example of the form of 1997), and generals out of the way.
THREE_AND_TWO = "3k5/6P2/2P3P2/2P3P2/9/9/9/9/9/5K3 w"
THREE = "3k5/6P2/6P2/6P2/9/9/9/9/9/5K3 w"
FOUR = "3k5/6P2/6P2/6P2/6P2/9/9/9/9/5K3 w"
FIVE = "3k2P2/6P2/6P2/6P2/6P2/9/9/9/9/5K3 w"

# FEN, move, as written today, and other forms that mean it.
CASES = [
    (STARTING_FEN, "h2e2", "C2=5", ["C2.5", "c2.5", "C25", "c 2 = 5", "Ｃ２＝５"]),
    (STARTING_FEN, "b0c2", "H8+7", ["h8+7", "N8+7", "n8+7"]),
    (STARTING_FEN, "g0e2", "E3+5", ["B3+5", "M3+5"]),
    (STARTING_FEN, "f0e1", "A4+5", ["a4+5", "G4+5", "M4+5"]),
    (STARTING_FEN, "e0e1", "K5+1", ["G5+1", "k5+1"]),
    (STARTING_FEN, "a3a4", "P9+1", ["S9+1"]),
    (STARTING_FEN, "a0a2", "R9+2", ["r9+2"]),
    (STARTING_FEN.replace("w", "b"), "h7e7", "C8=5", ["c8.5"]),
    (STARTING_FEN.replace("w", "b"), "b9c7", "H2+3", ["n2+3"]),
    (STARTING_FEN.replace("w", "b"), "a6a5", "P1+1", []),
    # Two cannons on file 2: the front one goes back, the rear one goes back.
    ("3k5/9/9/9/7C1/9/9/7C1/9/5K3 w", "h5h4", "C+-1", ["C+–1"]),
    ("3k5/9/9/9/7C1/9/9/7C1/9/5K3 w", "h2h1", "C--1", ["c--1"]),
    ("3k5/9/9/9/7C1/9/9/7C1/9/5K3 w", "h2e2", "C-=5", ["C-.5"]),
    # The same for Black, whose front is the lower rank.
    ("3k5/9/9/1c7/9/9/1c7/9/9/5K3 b", "b3b2", "C++1", []),
    ("3k5/9/9/1c7/9/9/1c7/9/9/5K3 b", "b6e6", "C-=5", ["c-.5"]),
    # Only one of the two can go so: the file is enough to read it.
    ("3k5/9/9/9/7R1/9/9/7R1/9/5K3 w", "h5h9", "R++4", ["R2+4"]),
    # Elephants and advisors on one file are told apart by the direction.
    ("3k5/9/9/9/9/2B6/9/9/9/2B1K4 w", "c0e2", "E7+5", ["B7+5", "E-+5"]),
    ("3k5/9/9/9/9/2B6/9/9/9/2B1K4 w", "c4e2", "E7-5", ["E+-5"]),
    (THREE, "g8f8", "13=4", ["P+.4", "P+=4", "++.4"]),
    (THREE, "g7f7", "23=4", ["P3.4", "P..4"]),
    (THREE, "g6f6", "33=4", ["P-.4", "--.4"]),
    (THREE, "g8g9", "13+1", ["P++1"]),
    (FOUR, "g8f8", "13=4", ["++.4", "P++.4"]),
    (FOUR, "g7f7", "23=4", ["P+.4"]),
    (FOUR, "g6f6", "33=4", ["P-.4"]),
    (FOUR, "g5f5", "43=4", ["--.4", "P--.4"]),
    (FIVE, "g9f9", "13=4", ["++.4"]),
    (FIVE, "g8f8", "23=4", ["P+.4"]),
    (FIVE, "g7f7", "33=4", ["P3.4", "..4"]),
    (FIVE, "g6f6", "43=4", ["P-.4"]),
    (FIVE, "g5f5", "53=4", ["--.4"]),
    (THREE_AND_TWO, "g8f8", "13=4", ["3+.4", "3+=4"]),
    (THREE_AND_TWO, "g7f7", "23=4", ["33.4", "3..4"]),
    (THREE_AND_TWO, "g6f6", "33=4", ["3-.4"]),
    (THREE_AND_TWO, "c7d7", "17=6", ["7+.6"]),
    (THREE_AND_TWO, "c6d6", "27=6", ["7-.6"]),
    (THREE_AND_TWO, "c7c8", "17+1", ["7++1"]),
    # Two pawns on a file, and no other pair.
    ("3k5/9/9/6P2/6P2/9/P8/9/9/5K3 w", "g6f6", "P+=4", ["P+.4", "++.4", "13=4", "3+.4"]),
    ("3k5/9/9/6P2/6P2/9/P8/9/9/5K3 w", "a3a4", "P9+1", []),
]


@pytest.mark.parametrize(("fen", "uci", "text", "others"), CASES)
def test_written_one_way_and_read_every_way(fen: str, uci: str, text: str, others: list[str]) -> None:
    board, move = Board(fen), Move.from_uci(uci)
    assert board.is_legal(move)
    assert board.wxf(move) == text
    for other in [text, text.lower(), *others]:
        assert board.parse_wxf(other) == move, other


@pytest.mark.parametrize(("fen", "uci", "text", "others"), CASES)
def test_the_board_turned_round_with_colours_exchanged_reads_the_same(
    fen: str, uci: str, text: str, others: list[str]
) -> None:
    placement, turn = fen.split()[:2]
    turned = Board(f"{placement[::-1].swapcase()} {'b' if turn == 'w' else 'w'}")
    move = Move(89 - Move.from_uci(uci).from_square, 89 - Move.from_uci(uci).to_square)
    assert turned.wxf(move) == text
    for other in others:
        assert turned.parse_wxf(other) == move, other


@pytest.mark.parametrize(
    ("fen", "text", "candidates"),
    [
        ("3k5/9/9/9/7C1/9/9/7C1/9/5K3 w", "C2=5", ("C+=5", "C-=5")),
        (FOUR, "P3=4", ("13=4", "23=4", "33=4", "43=4")),
        ("3k5/6P2/2P6/2P3P2/9/9/9/9/9/5K3 w", "P++1", ("13+1", "17+1")),
    ],
)
def test_a_text_that_means_several_moves_names_them(fen: str, text: str, candidates: tuple[str, ...]) -> None:
    with pytest.raises(AmbiguousMoveError) as caught:
        Board(fen).parse_wxf(text)
    assert caught.value.fields["candidates"] == ", ".join(candidates)
    for candidate in candidates:
        assert candidate in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "C", "C2", "C2=", "C2=0", "C0=5", "X2=5", "C2=55", "C2==5", "+=5", "+++", "炮二平五", "h2e2"]
)
def test_what_is_no_wxf_move(text: str) -> None:
    with pytest.raises(InvalidMoveError):
        Board().parse_wxf(text)
    with pytest.raises(InvalidMoveError):
        Board().parse_wxf(text + " " * 1000)


@pytest.mark.parametrize(
    "text", ["C2=2", "C3=5", "C2+9", "H2=3", "R1-1", "K5=4", "A4+6", "P+=5", "11+1", "C+=5", "C.=5"]
)
def test_well_formed_but_not_legal(text: str) -> None:
    with pytest.raises(IllegalMoveError):
        Board().parse_wxf(text)


def test_a_move_into_check_is_not_legal() -> None:
    board = Board("3k5/9/9/9/9/9/9/9/4R4/5K3 w")
    with pytest.raises(IllegalMoveError):
        Board("4k4/9/9/9/9/9/9/9/4R4/4K4 w").parse_wxf("R5=4")
    assert board.parse_wxf("R5=4") == Move.from_uci("e1f1")


def test_what_the_mover_cannot_play_has_no_text() -> None:
    for uci in ("e4e5", "a9a8", "a0a3"):
        with pytest.raises(IllegalMoveError):
            Board().wxf(Move.from_uci(uci))


def test_state_functions_are_what_the_board_uses() -> None:
    board = Board()
    code = parse_wxf(board.state, "C2=5")
    assert Move.from_code(code) == Move.from_uci("h2e2")
    assert wxf_text(board.state, code) == "C2=5"
    assert board.push_wxf("C2=5") == board.peek()


def test_more_equal_pieces_than_a_set_holds_are_read_or_refused_but_never_confused() -> None:
    board = Board("3k5/R8/R8/9/9/R8/R8/9/9/5K3 w")
    for move in board.legal_moves:
        try:
            assert board.parse_wxf(board.wxf(move)) == move
        except (AmbiguousMoveError, IllegalMoveError, InvalidMoveError):
            continue
