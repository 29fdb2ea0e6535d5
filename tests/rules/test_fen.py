from __future__ import annotations

import random
import re

import pytest
import slow_rules
from hypothesis import given
from hypothesis import strategies as st

from xiangqi_gpt import STARTING_FEN, Board, InvalidFenError, Status
from xiangqi_gpt.rules.fen import format_fen, parse_fen

ALPHABET = "".join(sorted(set(STARTING_FEN + "HEehxX0９马 -\t\n")))
PLACEMENT = "3ak4/9/4b4/9/2n6/6R2/9/4C4/9/2BAK4"


def test_start() -> None:
    board = Board()
    assert board.fen() == STARTING_FEN == Board(STARTING_FEN).fen()
    pieces, red = slow_rules.read_fen(STARTING_FEN)
    assert red
    assert {(sq % 9, sq // 9): piece.symbol() for sq, piece in board.piece_map().items()} == pieces
    assert len(pieces) == 32


def test_round_trip() -> None:
    rng = random.Random(1)
    for _ in range(500):
        fen = slow_rules.write_fen(*slow_rules.random_position(rng, wild=True))
        fen = fen.replace(" 0 1", f" {rng.randrange(200)} {rng.randrange(1, 400)}")
        assert format_fen(parse_fen(fen)) == fen
        assert Board(Board(fen).fen()) == Board(fen)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        (PLACEMENT, f"{PLACEMENT} w - - 0 1"),
        (f"{PLACEMENT} b", f"{PLACEMENT} b - - 0 1"),
        (f"{PLACEMENT} r", f"{PLACEMENT} w - - 0 1"),
        (f"{PLACEMENT} R - - 3 9", f"{PLACEMENT} w - - 3 9"),
        (f"{PLACEMENT} W", f"{PLACEMENT} w - - 0 1"),
        (f"{PLACEMENT} B", f"{PLACEMENT} b - - 0 1"),
        (f"{PLACEMENT} b - -", f"{PLACEMENT} b - - 0 1"),
        (f"{PLACEMENT} b - - 7", f"{PLACEMENT} b - - 7 1"),
        (f"{PLACEMENT} b 7 30", f"{PLACEMENT} b - - 7 30"),
        (f"{PLACEMENT} b - - - -", f"{PLACEMENT} b - - 0 1"),
        (f"{PLACEMENT} w - - 0 0", f"{PLACEMENT} w - - 0 1"),
        (f"  {PLACEMENT}\tw  -  -  5 6 \n", f"{PLACEMENT} w - - 5 6"),
        (f"{PLACEMENT.replace('n', 'h').replace('b', 'e').replace('B', 'E')} b", f"{PLACEMENT} b - - 0 1"),
        (PLACEMENT.replace("9", "54", 1).replace("9", "111111111", 1), f"{PLACEMENT} w - - 0 1"),
        (f"{PLACEMENT} w - - 999999999 999999999", f"{PLACEMENT} w - - 32000 32000"),
    ],
)
def test_what_else_is_read(text: str, same_as: str) -> None:
    assert Board(text).fen() == same_as


@pytest.mark.parametrize(
    ("text", "code", "fields"),
    [
        ("", "fen_empty", {}),
        (" \t\n", "fen_empty", {}),
        ("startpos", "fen_ranks", {"count": 1}),
        (PLACEMENT.rsplit("/", 1)[0], "fen_ranks", {"count": 9}),
        (f"{PLACEMENT}/9", "fen_ranks", {"count": 11}),
        (PLACEMENT.replace("/9/", "/8/", 1), "fen_rank_length", {"rank": 8, "text": "8", "count": 8}),
        (PLACEMENT.replace("3ak4", "3ak5"), "fen_rank_length", {"rank": 9, "text": "3ak5", "count": 10}),
        (PLACEMENT.replace("2BAK4", "2BAK"), "fen_rank_length", {"rank": 0, "text": "2BAK", "count": 5}),
        (PLACEMENT.replace("/9/", "//", 1), "fen_rank_length", {"rank": 8, "text": "", "count": 0}),
        (PLACEMENT.replace("2n6", "2q6"), "fen_letter", {"letter": "q"}),
        (PLACEMENT.replace("9", "90", 1), "fen_letter", {"letter": "0"}),
        (PLACEMENT.replace("9", "+8", 1), "fen_letter", {"letter": "+"}),
        (PLACEMENT.replace("2n6", "2马6"), "fen_letter", {"letter": "马"}),
        (PLACEMENT.replace("9", "９", 1), "fen_letter", {"letter": "９"}),
        (PLACEMENT.replace("2n6", "2.6"), "fen_letter", {"letter": "."}),
        (PLACEMENT.replace("k", "1"), "fen_generals", {"red": 1, "black": 0}),
        (PLACEMENT.replace("2n6", "2K6"), "fen_generals", {"red": 2, "black": 1}),
        ("9/" * 9 + "9", "fen_generals", {"red": 0, "black": 0}),
        (f"{PLACEMENT} x", "fen_turn", {"text": "x"}),
        (f"{PLACEMENT} white", "fen_turn", {"text": "white"}),
        (f"{PLACEMENT} w - - x 1", "fen_halfmove", {"text": "x"}),
        (f"{PLACEMENT} w - - 0 -1", "fen_fullmove", {"text": "-1"}),
        (f"{PLACEMENT} w - - 0 1.5", "fen_fullmove", {"text": "1.5"}),
        (f"{PLACEMENT} w - - ² 1", "fen_halfmove", {"text": "²"}),
        (f"{PLACEMENT} w - - 1000000000 1", "fen_halfmove", {"text": "1000000000"}),
        (f"{PLACEMENT} w - - 0 1 2", "fen_fields", {"fen": f"{PLACEMENT} w - - 0 1 2"}),
        (f"{PLACEMENT} w 0 1 2", "fen_fields", {"fen": f"{PLACEMENT} w 0 1 2"}),
        (f"{PLACEMENT} w - 0 1", "fen_fields", {"fen": f"{PLACEMENT} w - 0 1"}),
        (f"{PLACEMENT} w KQkq - 0 1", "fen_fields", {"fen": f"{PLACEMENT} w KQkq - 0 1"}),
    ],
)
def test_what_is_refused(text: str, code: str, fields: dict[str, object]) -> None:
    with pytest.raises(InvalidFenError) as caught:
        Board(text)
    error = caught.value
    assert error.code == f"rules.{code}"
    assert fields.items() <= error.fields.items()
    assert isinstance(error, ValueError)
    for lang in ("en", "zh"):
        message = error.text(lang)
        assert not re.search(r"[{}]", message.replace(repr(text), ""))
        assert "\n" not in message
    assert error.text("en") != error.text("zh")


def test_refusals_show_a_fen_that_is_read_and_speak_one_language() -> None:
    with pytest.raises(InvalidFenError) as caught:
        Board(f"{PLACEMENT} w - 0 1")
    for lang in ("en", "zh"):
        assert STARTING_FEN in caught.value.text(lang)
    for counters in ("x 1", "0 x"):
        with pytest.raises(InvalidFenError) as caught:
            Board(f"{PLACEMENT} w - - {counters}")
        assert not re.search(r"[a-z]{2}", caught.value.text("zh"))


def test_refused_text_leaves_the_board_alone() -> None:
    board = Board()
    board.push_uci("h2e2")
    with pytest.raises(InvalidFenError):
        board.set_fen("nonsense")
    assert board.peek().uci() == "h2e2"


def read(text: str) -> Board | None:
    """The board of a FEN, or None after a named error that both languages can tell."""
    try:
        return Board(text)
    except InvalidFenError as error:
        return None if error.text("en") and error.text("zh") else Board("an error without words")


@given(st.text() | st.text(ALPHABET))
def test_any_text_is_a_position_or_a_named_error(text: str) -> None:
    board = read(text)
    assert board is None or Board(board.fen()) == board


@given(st.integers(0, len(STARTING_FEN)), st.integers(0, 3), st.text(ALPHABET, max_size=3))
def test_any_slip_in_a_fen_is_a_position_or_a_named_error(at: int, gone: int, typed: str) -> None:
    board = read(STARTING_FEN[:at] + typed + STARTING_FEN[at + gone :])
    assert board is None or isinstance(board.status(), Status)
