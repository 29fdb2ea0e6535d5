from __future__ import annotations

from round_trips import failures, legal_moves, positions

from xiangqi_gpt.notation.chinese import chinese_text
from xiangqi_gpt.notation.wxf import wxf_text


def test_every_legal_move_is_read_back_from_every_notation() -> None:
    counted = set()
    for state in positions(600, seed=7):
        moves = legal_moves(state)
        for move in moves:
            assert not failures(state, move)
            counted.add(chinese_text(state, move)[0])
        # No two moves share a text.
        assert len({wxf_text(state, move) for move in moves}) == len(moves)
    assert {*"前中后一二三四五"} <= counted  # the sample has tandems of every kind
