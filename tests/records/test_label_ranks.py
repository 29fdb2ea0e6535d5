"""Labels of games that count ranks from 1: read, written and encoded as what they say."""

from __future__ import annotations

import io

import numpy as np
import pytest

from xiangqi_gpt import Move
from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.corpus.spool import BEST, EVALS, HEAD_SIZE, Head
from xiangqi_gpt.encoding.vocabulary import MOVE_ID
from xiangqi_gpt.records.annotations import count_from_zero
from xiangqi_gpt.records.pgn_writer import pgn_text
from xiangqi_gpt.records.reader import read_games, visit_games
from xiangqi_gpt.records.writer import write_games

FROM_ONE = """[Event "from one"]

1. h3e3 { [%eval 0.35] [%best b3e3] [%multipv b3e3 0.35 H3-E3 0.30] b3e3 too } h10g8
{ [%eval 0.20] [%best b10c8] } ( 1... b10c8 { [%eval 0.20] [%best h10g8] } ) 2. h1g3 { [%best b0c2] } *
"""


def test_they_are_moves_of_the_tree() -> None:
    (game,) = read_games(io.BytesIO(FROM_ONE.encode()))
    first, second, third = game.mainline()
    cannon, other, horse = (Move.from_uci(text) for text in ("b2e2", "h2e2", "b9c7"))
    assert first.label() == (35, cannon, ((cannon, 35), (other, 30)))
    assert first.comment.endswith("] b3e3 too")
    assert (second.best(), second.label().eval) == (horse, 20)
    assert first.variations[1].best() == Move.from_uci("h9g7")
    assert third.comment == "[%best b0c2]"  # of no game that counts from 1


def test_games_that_count_from_zero_are_as_they_were() -> None:
    text = "1. h2e2 { [%best b3e3] } *"
    (game,) = read_games(io.BytesIO(text.encode()))
    assert game.variations[0].comment == "[%best b3e3]"
    assert count_from_zero("a [%clk 1:00:00] b10c8") == "a [%clk 1:00:00] b10c8"


def best_moves(data: bytes) -> list[int]:
    (record,) = visit_games(io.BytesIO(data), GameEncoder())
    assert isinstance(record, bytes), record
    head = Head.of(record)
    assert head.flags & EVALS
    assert head.flags & BEST
    # From the usual start: behind the head moves, evaluations, best moves.
    found: list[int] = np.frombuffer(record, np.uint16, head.plies, HEAD_SIZE + 4 * head.plies).tolist()
    return found


@pytest.mark.parametrize("suffix", ["pgn", "jsonl"])
def test_the_encoder_reads_the_same_before_and_after_writing(suffix: str) -> None:
    games = list(read_games(io.BytesIO(FROM_ONE.encode())))
    out = io.BytesIO()
    write_games(out, games, format=suffix)
    assert b"b3e3 0.35" not in out.getvalue()
    codes = [Move.from_uci(text).code for text in ("b2e2", "b9c7")]
    wanted = [int(MOVE_ID[code >> 7, code & 127]) for code in codes]
    assert best_moves(FROM_ONE.encode())[:2] == wanted
    assert best_moves(out.getvalue())[:2] == wanted
    assert pgn_text(games[0]).count("[%best") == 4
