"""Windows, padding and the ICCS text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangqi_gpt import Board
from xiangqi_gpt.encoding.batch import View, Window, encode_batch, game_windows
from xiangqi_gpt.encoding.tokenizers import ICCS_BOS, ICCS_TOKENS, iccs_tokens
from xiangqi_gpt.encoding.vocabulary import MOVE_ID, PAD_ID


@given(st.integers(1, 700), st.integers(1, 130))
def test_windows_count_each_ply_once_and_leave_half_a_context(plies: int, context: int) -> None:
    windows = game_windows(plies, context)
    counted = [ply for _, last, count_from in windows for ply in range(count_from, last)]
    assert counted == list(range(plies))
    for first, last, count_from in windows:
        assert 0 <= first <= count_from < last <= plies
        assert last - first <= context
        assert count_from - first >= (context // 2 if first else 0)


def ids(*moves: str) -> np.ndarray:
    squares = [(ord(m[0]) - 97 + 9 * int(m[1]), ord(m[2]) - 97 + 9 * int(m[3])) for m in moves]
    return np.array([MOVE_ID[pair] for pair in squares], np.uint16)


def text(tokens: np.ndarray) -> str:
    return "".join("^" if token == ICCS_BOS else ICCS_TOKENS[token] for token in tokens)


def test_iccs_text_is_the_game_in_characters() -> None:
    moves = ids("h2e2", "h9g7", "h0g2")
    assert text(iccs_tokens(moves)) == "h2e2h9g7h0g2"
    assert text(iccs_tokens(moves, flip=True)) == "b2e2b9c7b0c2"


@pytest.mark.parametrize(
    ("window", "tokens", "targets"),
    [
        ((0, 3, 0), "^h2e2h9g7h0g", "h2e2h9g7h0g2"),
        ((1, 3, 1), "2h9g7h0g", "h9g7h0g2"),
        ((1, 3, 2), "2h9g7h0g", "----h0g2"),
        ((2, 4, 2), "7h0g2", "h0g2-"),  # the position after the last move has a place, and no target
    ],
)
def test_iccs_windows(window: tuple[int, int, int], tokens: str, targets: str) -> None:
    moves = ids("h2e2", "h9g7", "h0g2")
    batch = encode_batch([Window(Board().state, moves, *window)], View(tokenizer="iccs"))
    assert text(batch.tokens[0, : len(tokens)]) == tokens
    found = "".join("-" if target < 0 else ICCS_TOKENS[target] for target in batch.targets[0])
    assert found[: len(targets)] == targets
    assert set(found[len(targets) :]) <= {"-"}


def test_shorter_games_are_padded() -> None:
    start = Board().state
    long, short = ids("h2e2", "h9g7", "h0g2"), ids("b2e2")
    batch = encode_batch(
        [Window(start, long, 0, 3, 0), Window(start, short, 0, 1, 0)], View(board=True, tactics=True, legal=True)
    )
    assert batch.tokens.shape == batch.targets.shape == (2, 3)
    assert batch.tokens[1, 1:].tolist() == [PAD_ID, PAD_ID]
    assert batch.targets[1, 1:].tolist() == [-1, -1]
    assert batch.positions == 4
    assert len(set(batch.feature_offsets[4:].tolist())) == 1  # nothing on the padding
    assert (batch.legal[1, 1:] == -1).all()
