"""Batches: every position once an epoch, the same from any place, little padding."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from xiangqi_gpt.corpus.batches import BatchOrder, prefetch
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.encoding.batch import EncodedBatch, View
from xiangqi_gpt.encoding.vocabulary import FLIP_ID

VIEW = View(board=True)


def order_of(corpus: Corpus, **settings: object) -> BatchOrder:
    arguments = {"context": 256, "positions": 100, "seed": 3} | settings
    return BatchOrder(corpus, "train", VIEW, **arguments)  # type: ignore[arg-type]


def rows_of(batch: EncodedBatch) -> list[NDArray[np.int64]]:
    """The moves that each row is to predict."""
    rows = batch.places // batch.tokens.shape[1]
    return [batch.targets[(rows == row) & (batch.targets >= 0)] for row in range(len(batch.tokens))]


def games_in(batch: EncodedBatch) -> list[tuple[int, ...]]:
    """The games of a batch by their targets, whichever way they are mirrored."""
    return [min(tuple(row.tolist()), tuple(FLIP_ID[row].tolist())) for row in rows_of(batch)]


def test_an_epoch_has_every_game_once(corpus: Corpus) -> None:
    order = order_of(corpus)
    seen = [game for number in range(order.batches) for game in games_in(order.batch(number))]
    assert len(seen) == len(set(seen)) == corpus.games("train")
    assert sum(map(len, seen)) == corpus.plies("train")
    again = [game for n in range(order.batches, 2 * order.batches) for game in games_in(order.batch(n))]
    assert sorted(again) == sorted(seen)
    assert again != seen


def test_long_games_count_each_ply_once(corpus: Corpus) -> None:
    order = order_of(corpus, context=8)
    assert sum(order.batch(number).positions for number in range(order.batches)) == corpus.plies("train")
    assert max(order.batch(number).tokens.shape[1] for number in range(order.batches)) == 8
    validation = BatchOrder(corpus, "validation", VIEW, context=8, positions=50)
    assert sum(batch.positions for batch in validation.in_turn()) == corpus.plies("validation")


@pytest.mark.parametrize("positions", [1, 7, 30, 100, 10_000])
def test_no_batch_is_empty_whatever_its_size(positions: int, corpus: Corpus) -> None:
    order = order_of(corpus, positions=positions)
    seen = [order.batch(number).positions for number in range(order.batches)]
    assert min(seen) > 0
    assert sum(seen) == corpus.plies("train")


def test_batches_are_of_about_equal_size_and_little_padded(corpus: Corpus) -> None:
    order = order_of(corpus)
    batches = [order.batch(number) for number in range(order.batches)]
    assert all(60 <= batch.positions <= 160 for batch in batches)
    real, places = sum(batch.positions for batch in batches), sum(batch.tokens.size for batch in batches)
    assert real / places > 0.85


def test_a_batch_is_a_function_of_seed_and_number(corpus: Corpus) -> None:
    one, two = order_of(corpus), order_of(corpus)
    two.batch(9)
    for number in (7, 3, 40):
        assert np.array_equal(one.batch(number).targets, two.batch(number).targets)
    assert not np.array_equal(one.batch(3).targets, order_of(corpus, seed=4).batch(3).targets)


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_a_share_of_the_games_is_mirrored(share: float, corpus: Corpus) -> None:
    plain, mirrored = order_of(corpus), order_of(corpus, mirror=share)
    equal = []
    for number in range(plain.batches):
        one, two = plain.batch(number), mirrored.batch(number)
        for left, right in zip(rows_of(one), rows_of(two), strict=True):
            equal.append(np.array_equal(left, right))
            if not equal[-1]:
                assert np.array_equal(FLIP_ID[left], right)
    assert sum(equal) / len(equal) == pytest.approx(1 - share, abs=0.2 * (share < 1))


def test_prefetch_gives_the_same_batches(corpus: Corpus) -> None:
    order = order_of(corpus)
    ahead = prefetch(order_of(corpus), 5)
    for number, batch in zip((5, 6, 7, 8), itertools.islice(ahead, 4), strict=True):
        assert np.array_equal(batch.targets, order.batch(number).targets)
    ahead.close()  # type: ignore[attr-defined]
