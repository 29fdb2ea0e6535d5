"""Windows, padding and the ICCS text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangqi_gpt import Board
from xiangqi_gpt.encoding.batch import View, Window, encode_batch, game_windows
from xiangqi_gpt.encoding.conditions import Conditions
from xiangqi_gpt.encoding.features import MOVE_VIEW
from xiangqi_gpt.encoding.labels import Labels, policy_labels, spread_over_candidates, value_labels
from xiangqi_gpt.encoding.tokenizers import ICCS_BOS, ICCS_TOKENS, iccs_tokens
from xiangqi_gpt.encoding.vocabulary import MOVE_ID, NO_MOVE, PAD_ID


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
        ((1, 3, 2), "2h9g7h0g", "h0g2"),
        ((2, 4, 2), "7h0g2", "h0g2-"),  # the position after the last move has a place, and no target
    ],
)
def test_iccs_windows(window: tuple[int, int, int], tokens: str, targets: str) -> None:
    moves = ids("h2e2", "h9g7", "h0g2")
    batch = encode_batch([Window(Board().state, moves, *window)], View(tokenizer="iccs"))
    assert text(batch.tokens[0, : len(tokens)]) == tokens
    found = "".join("-" if target < 0 else ICCS_TOKENS[target] for target in batch.targets)
    assert found[: len(targets)] == targets
    assert set(found[len(targets) :]) <= {"-"}
    first, last, count_from = window
    assert batch.places.tolist() == list(range(4 * (count_from - first), 4 * (last - first)))


def test_characters_of_moves_that_are_not_to_be_learnt() -> None:
    """A blunder put in for the engine's move counts nothing, half of it half, and what has no label whole."""
    moves, other = ids("h2e2", "h9g7", "h0g2"), ids("b2e2")[0]
    labels = Labels(
        np.array([[moves[0], other], [moves[1], other], [moves[2], NO_MOVE]], np.uint16),
        np.array([[0, 1], [0.5, 0.5], [1, 0]], np.float32),
        np.zeros((3, 3), np.float32),
    )
    windows = [Window(Board().state, moves, 0, 4, 0, labels=labels), Window(Board().state, moves[:1], 0, 1, 0)]
    batch = encode_batch(windows, View(tokenizer="iccs"))
    assert batch.soft_weights[:, 0].tolist() == [0.0] * 4 + [0.5] * 4 + [1.0] * 4 + [0.0] * 4 + [1.0] * 4
    learnt = batch.soft_weights[:, 0] > 0
    assert np.array_equal(batch.soft_targets[learnt, 0], batch.targets[learnt])


def test_shorter_games_are_padded() -> None:
    start = Board().state
    long, short = ids("h2e2", "h9g7", "h0g2"), ids("b2e2")
    batch = encode_batch(
        [Window(start, long, 0, 3, 0), Window(start, short, 0, 1, 0)], View(board=True, tactics=True, legal=True)
    )
    assert batch.tokens.shape == (2, 3)
    assert batch.tokens[1, 1:].tolist() == [PAD_ID, PAD_ID]
    assert batch.places.tolist() == [0, 1, 2, 3]  # three of the first row, one of the second
    assert batch.positions == len(batch.targets) == len(batch.legal) == 4
    assert len(set(batch.feature_offsets[4:].tolist())) == 1  # nothing on the padding


def test_what_is_told_and_learnt_is_the_movers() -> None:
    """Red wins: at Red's plies that is a win, at Black's a loss; an engine's choice is seen as the move is."""
    start, moves = Board().state, ids("h2e2", "h9g7", "h0g2", "i9h9")
    best = ids("b2e2", "h9g7", "h0g2", "b9c7")
    labels = Labels(*policy_labels(moves, best, 0.25), value_labels(1, np.full(4, 32767, np.int16)))
    told = Conditions(result=1, red_rating=2000)
    view = View(board=True, tactics=True, legal=True)
    for first in (0, 1):
        window = Window(start, moves, first, 4, first, conditions=told, labels=labels)
        batch = encode_batch([window, Window(start, moves, 0, 2, 0)], view)
        n = 4 - first
        assert batch.values[:n].tolist() == [[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1]][first:]
        assert not batch.values[n:].any()
        rows = told.rows()  # Black's, Red's
        assert batch.conditions[0].tolist() == (rows[::-1] if first == 0 else rows).tolist()
        assert not batch.conditions[1].any()
        for place, ply in enumerate(range(first, 4)):
            side = 1 - ply % 2
            for column, move in zip(batch.soft_targets[place], (moves[ply], best[ply]), strict=True):
                assert batch.legal[place, column] == MOVE_VIEW[0, side, move]
            assert batch.soft_weights[place].tolist() == [0.75, 0.25]
        assert batch.soft_targets[n:, 0].tolist() == batch.targets[n:].tolist()  # no labels: the moves played
        assert batch.soft_weights[n:, 0].tolist() == [1, 1]


def test_an_evaluation_is_worth_half_a_result() -> None:
    evals = np.array([0, 300, 29990, 32767], np.int16)
    e = 1 / (1 + np.exp(-1.0))
    expected = [[0.25, 0.5, 0.25], [e * e, 2 * e * (1 - e), (1 - e) ** 2], [1, 0, 0]]
    unknown = value_labels(None, evals)
    assert unknown[:3].tolist() == pytest.approx(np.array(expected), abs=1e-6)
    assert unknown[3].tolist() == [0, 0, 0]
    drawn = value_labels(0, evals)
    assert drawn[:3] == pytest.approx(0.5 * np.array(expected) + [0, 0.5, 0], abs=1e-6)
    assert drawn[3].tolist() == [0, 1, 0]


def test_the_engines_share_is_spread_over_what_it_weighed() -> None:
    moves, best = ids("h2e2", "h9g7"), ids("b2e2", "b9c7")
    weighed = ids("b2e2", "h2e2", "b9c7")
    ply = np.array([0, 0, 1], np.uint32)
    evals = np.array([50, 0, -10], np.int16)
    spread, weights = spread_over_candidates(*policy_labels(moves, best, 0.5), ply, weighed, evals, red_first=True)
    odds = np.exp(1.0)  # 50 centipawns apart
    assert spread.tolist() == [[moves[0], weighed[0], weighed[1]], [moves[1], weighed[2], NO_MOVE]]
    assert weights[0].tolist() == pytest.approx([0.5, 0.5 * odds / (1 + odds), 0.5 / (1 + odds)])
    assert weights[1].tolist() == [0.5, 0.5, 0]
