"""Any text gives a legal move or one of the three named errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from round_trips import positions

from xiangqi_gpt.notation.chinese import parse_chinese
from xiangqi_gpt.notation.coordinates import parse_iccs, parse_uci
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError, InvalidMoveError
from xiangqi_gpt.notation.text import parse_text
from xiangqi_gpt.notation.wxf import parse_wxf
from xiangqi_gpt.rules.movegen import is_legal
from xiangqi_gpt.rules.position import State

STATES = list(positions(60, seed=11))

NEARLY_WXF = st.text("PSAEBMHNCRKGpc123456789+-.= ", max_size=7)
NEARLY_CHINESE = st.text("车馬炮兵卒士象帅前中后後一二三四五六七八九12３５进退平進.+ ", max_size=7)
NEARLY_SQUARES = st.text("abcdefghiHE0123456789-", max_size=7)
TEXTS = st.one_of(st.text(), NEARLY_WXF, NEARLY_CHINESE, NEARLY_SQUARES)


@pytest.mark.parametrize("parse", [parse_wxf, parse_chinese, parse_text])
@given(state=st.sampled_from(STATES), text=TEXTS)
@settings(max_examples=400, deadline=None)
def test_parsers_on_a_position(parse: Callable[[State, str], int], state: State, text: str) -> None:
    before = state.copy()
    try:
        assert is_legal(state, parse(state, text))
    except (InvalidMoveError, IllegalMoveError, AmbiguousMoveError) as error:
        str(error)  # renders
    assert (state == before).all()


@given(text=TEXTS, first_rank=st.sampled_from((0, 1)))
@settings(max_examples=300, deadline=None)
def test_parsers_of_squares(text: str, first_rank: int) -> None:
    for parse in (lambda: parse_uci(text, first_rank), lambda: parse_iccs(text)):
        try:
            move = parse()
        except InvalidMoveError:
            continue
        assert 0 <= move >> 7 < 90
        assert 0 <= move & 127 < 90
        assert move >> 7 != move & 127
