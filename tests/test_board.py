"""Board and Move: what a user of python-chess expects of them. Moves and ends have tests of their own."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import xiangqi_gpt
from xiangqi_gpt import (
    BLACK,
    RED,
    STARTING_FEN,
    Board,
    IllegalMoveError,
    InvalidFenError,
    InvalidMoveError,
    Move,
    Piece,
)
from xiangqi_gpt.rules.pieces import CANNON, GENERAL, PAWN, ROOK
from xiangqi_gpt.rules.squares import parse_square

OPENING = ("h2e2", "h9g7", "h0g2", "i9h9", "i0h0", "b9c7")


def played(*moves: str, fen: str = STARTING_FEN) -> Board:
    board = Board(fen)
    for move in moves:
        board.push_uci(move)
    return board


def test_move_texts() -> None:
    move = Move.from_uci("h2e2")
    assert (move.uci(), str(move), move.iccs(), repr(move)) == ("h2e2", "h2e2", "H2-E2", "Move.from_uci('h2e2')")
    assert move == Move.from_iccs("H2-E2") == Move.from_iccs("h2e2") == Move(25, 22) == Move.from_code(move.code)
    assert move != Move.from_uci("e2h2")
    assert len({move, Move(25, 22), Move(22, 25)}) == 2
    assert move.uci(first_rank=1) == "h3e3"
    assert Move.from_uci("a1a10", first_rank=1).uci() == "a0a9"
    assert move.flip_horizontal().uci() == "b2e2"
    assert pickle.loads(pickle.dumps(move)) == move
    with pytest.raises(AttributeError):
        move.to_square = 1  # type: ignore[misc]


@pytest.mark.parametrize("text", ["", "h2", "h2e", "h2e2e", "j0a0", "h2h2", "a10a0", "H2-E2", "炮二平五", "0000"])
def test_texts_that_are_no_uci_move(text: str) -> None:
    board = Board()
    with pytest.raises(InvalidMoveError) as caught:
        board.push_uci(text)
    assert repr(text) in caught.value.text("en")
    assert repr(text) in caught.value.text("zh")
    assert board == Board()
    assert not board.move_stack


@pytest.mark.parametrize("text", ["h2h8", "a9a8", "e0e2", "a3a5", "b0d1", "h2h7"])
def test_moves_that_are_not_legal(text: str) -> None:
    board = Board()
    with pytest.raises(IllegalMoveError) as caught:
        board.push_uci(text)
    assert isinstance(caught.value, ValueError)
    assert STARTING_FEN in str(caught.value)
    assert board.fen() == STARTING_FEN
    assert board.push_iccs("H2-H9") == Move.from_uci("h2h9")
    with pytest.raises(IllegalMoveError):
        board.parse_iccs("H2-H9")


def test_push_pop_and_peek() -> None:
    board = Board()
    fens = []
    for text in OPENING:
        fens.append(board.fen())
        move = board.push_uci(text)
        assert board.peek() == move == Move.from_uci(text)
    assert [move.uci() for move in board.move_stack] == list(OPENING)
    assert board.fen() == "r1bakabr1/9/1cn3nc1/p1p1p1p1p/9/9/P1P1P1P1P/1C2C1N2/9/RNBAKABR1 w - - 6 4"
    assert (board.turn, board.halfmove_clock, board.fullmove_number, board.ply()) == (RED, 6, 4, 6)
    for fen, text in zip(reversed(fens), reversed(OPENING), strict=True):
        assert board.pop().uci() == text
        assert board.fen() == fen
    with pytest.raises(IndexError):
        board.pop()
    with pytest.raises(IndexError):
        board.peek()


def test_captures_reset_the_clock() -> None:
    board = played("h2e2", "h9g7", "e2e6")
    assert board.halfmove_clock == 0
    assert board.is_capture(Move.from_uci("g7e6"))
    assert not board.is_capture(Move.from_uci("g7f5"))
    board.pop()
    assert board.halfmove_clock == 2


def test_gives_check_looks_one_ply_ahead() -> None:
    board = Board("3k5/9/9/9/9/9/9/9/9/4KR3 w - - 0 1")
    assert [move.uci() for move in board.legal_moves if board.gives_check(move)] == ["f0f9"]
    assert board.fen() == "3k5/9/9/9/9/9/9/9/9/4KR3 w - - 0 1"
    board.push_uci("f0f9")
    assert board.is_check()
    assert board.checkers() == {parse_square("f9")}


def test_legal_moves_is_a_lazy_view() -> None:
    board = Board()
    moves = board.legal_moves
    assert moves.count() == len(moves) == len(list(moves)) == len(set(moves)) == 44
    assert bool(moves)
    assert Move.from_uci("h2e2") in moves
    assert Move.from_uci("h2h9") in moves
    assert Move.from_uci("h2h8") not in moves
    assert "h2e2" not in moves
    board.push_uci("h2e2")
    assert Move.from_uci("h9g7") in moves  # it follows the board
    assert "h9g7" in repr(moves)
    # The moves at the time of asking: one may play them while going through them.
    for move in board.legal_moves:
        board.push(move)
        board.pop()


def test_copies_and_roots() -> None:
    board = played(*OPENING)
    copy = board.copy()
    copy.pop()
    assert board.move_stack != copy.move_stack
    assert board.fen() != copy.fen()
    assert board.root() == Board()
    bare = board.copy(stack=False)
    assert bare == board
    assert not bare.move_stack
    assert bare.root() == board
    assert Board.from_state(board.state) == board
    board.set_fen(STARTING_FEN)
    assert not board.move_stack


def test_equality_is_about_the_position() -> None:
    assert played("h2e2", "h9g7", "h0g2", "b9c7") == played("h2e2", "b9c7", "h0g2", "h9g7")
    assert played("h2e2") != played("h2d2")
    assert Board() != Board(STARTING_FEN.replace(" w ", " b "))
    assert Board() != STARTING_FEN
    with pytest.raises(TypeError):
        hash(Board())


def test_pieces() -> None:
    board = Board()
    assert board.piece_at(parse_square("e0")) == Piece(GENERAL, RED)
    assert board.piece_at(parse_square("e1")) is None
    assert board.pieces(CANNON, BLACK) == {parse_square("b7"), parse_square("h7")}
    assert board.general(BLACK) == parse_square("e9")
    assert len(board.piece_map()) == 32
    assert board.attackers(RED, parse_square("e3")) == set()
    assert board.attackers(RED, parse_square("c2")) == {parse_square("b0")}
    assert board.attackers(RED, parse_square("h9")) == {parse_square("h2")}


@pytest.mark.parametrize("symbol", ["", "PA", "pa", "KK", "x", ".", "1", "兵"])
def test_texts_that_are_no_piece(symbol: str) -> None:
    with pytest.raises(ValueError, match="not a piece letter"):
        Piece.from_symbol(symbol)


@pytest.mark.parametrize("sq", [-1, 90, 95, 127, 200, -90])
def test_squares_that_are_not_on_the_board(sq: int) -> None:
    board = played("h2e2")
    before = board.state.copy()
    with pytest.raises(IndexError, match="is not a square"):
        board.piece_at(sq)
    with pytest.raises(IndexError, match="is not a square"):
        board.set_piece_at(sq, Piece(PAWN, RED))
    with pytest.raises(IndexError, match="is not a square"):
        board.attackers(RED, sq)
    for squares in ((0, sq), (sq, 5)):
        with pytest.raises(ValueError, match="squares are 0 to 89"):
            Move(*squares)
    assert np.array_equal(board.state, before)
    assert board.move_stack


@pytest.mark.parametrize("code", [-1, -128, 90, 90 << 7, 89 << 7 | 127, 1 << 40])
def test_kernel_codes_that_are_no_move(code: int) -> None:
    with pytest.raises(ValueError, match="squares are 0 to 89"):
        Move.from_code(code)


def test_asking_about_any_two_squares_leaves_the_board_alone() -> None:
    board = played("h2e2", "h9g7")
    before = board.state.copy()
    legal = set(board.legal_moves)
    for origin in range(90):
        for target in range(90):
            move = Move(origin, target)
            assert board.is_legal(move) == (move in board.legal_moves) == (move in legal)
            assert move in legal or not board.gives_check(move)
            board.is_pseudo_legal(move)
            board.is_capture(move)
    assert np.array_equal(board.state, before)


def test_set_piece_at() -> None:
    board = played("h2e2")
    board.set_piece_at(parse_square("e4"), Piece(PAWN, BLACK))
    board.set_piece_at(parse_square("a0"), None)
    assert board.board_fen() == "rnbakabnr/9/1c5c1/p1p1p1p1p/9/4p4/P1P1P1P1P/1C2C4/9/1NBAKABNR"
    assert board.turn == BLACK
    assert not board.move_stack
    assert board.legal_moves.count() == len(set(board.legal_moves))
    before = board.fen()
    for sq, piece in (("e0", None), ("e9", Piece(ROOK, RED)), ("e5", Piece(GENERAL, RED))):
        with pytest.raises(InvalidFenError):
            board.set_piece_at(parse_square(sq), piece)
        assert board.fen() == before


def test_mirror_swaps_the_colours() -> None:
    board = played("h2e2", "h9g7", "e2e6")
    mirrored = board.mirror()
    assert mirrored.board_fen() == "rnbakabnr/9/1c7/p1p1p1p1p/9/9/P1P1c1P1P/1C4NC1/9/RNBAKAB1R"
    assert mirrored.turn == (not board.turn)
    assert (mirrored.halfmove_clock, mirrored.fullmove_number) == (board.halfmove_clock, board.fullmove_number)
    assert mirrored.mirror() == board


def test_flip_horizontal_exchanges_left_and_right() -> None:
    board = played("h2e2", "h9g7", "h0g2")
    flipped = board.flip_horizontal()
    assert flipped == played("b2e2", "b9c7", "b0c2")
    assert flipped.flip_horizontal() == board
    assert {move.flip_horizontal() for move in board.legal_moves} == set(flipped.legal_moves)


def test_texts_of_the_board() -> None:
    board = Board()
    lines = str(board).splitlines()
    assert len(lines) == 10
    assert lines[0] == "r n b a k a b n r"
    assert lines[-1] == "R N B A K A B N R"
    assert lines[7] == ". C . . . . . C ."
    assert repr(board) == f"Board({STARTING_FEN!r})"
    rows = board.unicode().splitlines()
    assert [rows[0], rows[1], rows[6], rows[-2], rows[-1]] == [
        "１２３４５６７８９",
        "车马象士将士象马车",
        "　楚河　　　汉界　",
        "车马相仕帅仕相马车",
        "九八七六五四三二一",
    ]
    turned = played("a0a1").unicode(traditional=True, red_at_bottom=False).splitlines()
    assert turned[0] == "一二三四五六七八九"
    assert turned[1] == "俥傌相仕帥仕相傌．"
    assert turned[2] == "．．．．．．．．俥"
    assert turned[-1] == "９８７６５４３２１"


def test_state_is_a_row_that_copies_do_not_share() -> None:
    board = Board()
    other = Board.from_state(board.state)
    other.push_uci("h2e2")
    assert board == Board()
    assert board.state.dtype == np.int16


def test_package_exports() -> None:
    for name in xiangqi_gpt.__all__:
        assert getattr(xiangqi_gpt, name) is not None
    assert sorted(xiangqi_gpt.__all__, key=lambda name: (not name.isupper(), name)) == xiangqi_gpt.__all__
    with pytest.raises(AttributeError, match="no_such_name"):
        xiangqi_gpt.no_such_name  # noqa: B018
