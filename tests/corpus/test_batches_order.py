"""The order of batches: exact epochs, weights, ranks that share a batch, one integer for the place."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hand_made import MadeGame, made_source, write_corpus

from xiangqi_gpt import Move
from xiangqi_gpt.corpus.batches import BatchOrder
from xiangqi_gpt.corpus.dataset import Corpus, shuffled_order
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.encoding.batch import EncodedBatch, View
from xiangqi_gpt.encoding.vocabulary import FLIP_ID, ROTATE_ID

RandomLine = Callable[[int], list[Move]]
Game = tuple[int, ...]

LONGEST = 40


@pytest.fixture
def corpus(tmp_path: Path, random_line: RandomLine) -> Corpus:
    """Three sources of 32, 20 and 9 games, all different, in several shards, and validation games."""
    rng = random.Random(5)
    sources = [*[0] * 32, *[1] * 20, *[2] * 9, *[1] * 14]
    rng.shuffle(sources)
    games = [MadeGame(random_line(rng.randint(8, LONGEST)), source=source) for source in sources]
    for game in games[-14:]:
        game.split = "validation"
    return write_corpus(tmp_path / "corpus", games, [made_source(name) for name in "abc"], shard_games=17)


def order_of(corpus: Corpus, **settings: object) -> BatchOrder:
    arguments: dict[str, object] = {"context": LONGEST, "positions": 120, "seed": 3, "split": "train"} | settings
    split = arguments.pop("split")
    return BatchOrder(corpus, split, View(), **arguments)  # type: ignore[arg-type]


def rows_of(batch: EncodedBatch) -> list[Game]:
    """What counts in each row, as it is mirrored."""
    counts = batch.targets >= 0
    row_of = batch.places[counts] // batch.tokens.shape[1]
    rows = [tuple(batch.targets[counts][row_of == row].tolist()) for row in range(len(batch.tokens))]
    return [row for row in rows if row]


def unmirrored(row: Game) -> Game:
    return min(row, tuple(FLIP_ID[list(row)].tolist()))


def epoch_of(order: BatchOrder, epoch: int = 0) -> Counter[Game]:
    numbers = range(epoch * order.batches, (epoch + 1) * order.batches)
    return Counter(unmirrored(row) for number in numbers for row in rows_of(order.batch(number)))


def games_of(corpus: Corpus, sources: Iterable[int] = (0, 1, 2), split: str = "train") -> Counter[Game]:
    """The games of sources as their movers saw them, taken from the shards."""
    games: Counter[Game] = Counter()
    for index in range(corpus.games(split)):  # type: ignore[arg-type]
        game = corpus.game(split, index)  # type: ignore[arg-type]
        if game.source in sources:
            seen = [int(ROTATE_ID[move] if ply % 2 else move) for ply, move in enumerate(game.moves.tolist())]
            games[unmirrored(tuple(seen))] += 1
    return games


@pytest.mark.parametrize("positions", [1, 9, 60, 120, 700, 10_000])
def test_every_epoch_has_every_game_once(positions: int, corpus: Corpus) -> None:
    order = order_of(corpus, positions=positions)
    everything = games_of(corpus)
    assert len(everything) == corpus.games("train") == order.windows
    for epoch in (0, 1, 5):
        assert epoch_of(order, epoch) == everything


def test_a_short_context_counts_every_ply_once(corpus: Corpus) -> None:
    for context in (1, 2, 5, 13, 39):
        order = order_of(corpus, context=context)
        counted = sum(order.batch(number).positions for number in range(order.batches))
        assert counted == order.plies == corpus.plies("train")


@pytest.mark.parametrize("case", range(12))
def test_ranks_share_a_step_and_may_become_more_or_fewer(case: int, corpus: Corpus) -> None:
    """For a random seed, size and numbers of ranks: a run that goes on with another number misses nothing."""
    rng = random.Random(case)
    settings = {"seed": rng.randrange(1000), "positions": rng.choice([20, 60, 200, 900])}
    alone = order_of(corpus, **settings)
    before, after = rng.randint(1, 8), rng.randint(1, 8)
    stopped = rng.randrange(alone.batches + 1)
    seen: Counter[Game] = Counter()
    for ranks, numbers in ((before, range(stopped)), (after, range(stopped, alone.batches))):
        orders = [order_of(corpus, **settings, rank=rank, ranks=ranks) for rank in range(ranks)]
        assert all(order.batches == alone.batches and order.identity() == alone.identity() for order in orders)
        for number in numbers:
            shares = [rows_of(order.batch(number)) for order in orders]
            together = [row for share in shares for row in share]
            # Mirrored the same way, too: not only the same games.
            assert sorted(together) == sorted(rows_of(alone.batch(number)))
            seen.update(map(unmirrored, together))
    assert seen == games_of(corpus)


def test_the_shares_of_ranks_are_of_about_equal_size(corpus: Corpus) -> None:
    orders = [order_of(corpus, positions=400, rank=rank, ranks=4) for rank in range(4)]
    for number in range(orders[0].batches):
        sizes = [order.batch(number).positions for order in orders]
        # A rank has at most one window more than another, and window by window the longer ones.
        assert max(sizes) - min(sizes) <= LONGEST


def test_a_rank_without_a_window_gets_one_that_does_not_count(corpus: Corpus) -> None:
    order = order_of(corpus, positions=1, rank=3, ranks=4)
    for batch in (order.batch(0), next(order.in_turn())):
        assert batch.positions == 0
        assert len(batch.places) == len(batch.targets) == 0
        assert batch.tokens.size > 0
    characters = BatchOrder(corpus, "train", View("iccs"), context=40, positions=1, rank=1, ranks=2)
    assert characters.batch(0).positions == 0


def test_validation_is_shared_too(corpus: Corpus) -> None:
    whole = list(order_of(corpus, split="validation").in_turn())
    shares = [list(order_of(corpus, split="validation", rank=rank, ranks=3).in_turn()) for rank in range(3)]
    assert all(len(share) == len(whole) for share in shares)
    seen = Counter(row for share in shares for batch in share for row in map(unmirrored, rows_of(batch)))
    assert seen == games_of(corpus, split="validation")
    lengths = [len(row) for batch in whole for row in rows_of(batch)]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("at_most", [1, 50, 200])
def test_a_part_of_the_validation_games(at_most: int, corpus: Corpus) -> None:
    order = order_of(corpus, split="validation")
    games = [row for batch in order.in_turn(at_most) for row in rows_of(batch)]
    total = sum(map(len, games))
    assert at_most <= total < at_most + LONGEST
    assert games == [row for batch in order.in_turn(at_most) for row in rows_of(batch)]


def test_weights(corpus: Corpus) -> None:
    """Whole weights hold in every epoch; a half, over two epochs; nothing of weight 0 is seen."""
    zero, twice, half = (games_of(corpus, [source]) for source in range(3))
    order = order_of(corpus, weights=[0, 2, 0.5])
    for epoch in (0, 3):
        seen = epoch_of(order, epoch)
        assert not seen.keys() & zero.keys()
        assert {game: seen[game] for game in twice} == dict.fromkeys(twice, 2)
    halves = [Counter({game: n for game, n in epoch_of(order, epoch).items() if game in half}) for epoch in range(8)]
    windows = half.total()
    assert {part.total() for part in halves} == {round(windows / 2)}
    seen_in_all = sum(halves, Counter())
    laps = 8 * round(windows / 2) / windows
    assert set(seen_in_all) == set(half)
    assert all(abs(n - laps) < 1.001 for n in seen_in_all.values())
    assert any(one != two for one, two in pairwise(halves))


def test_equal_weights_scale_the_epoch(corpus: Corpus) -> None:
    everything = games_of(corpus)
    assert epoch_of(order_of(corpus, weights=[3, 3, 3])) == Counter(dict.fromkeys(everything, 3))
    third = order_of(corpus, weights=[1 / 3] * 3)
    over_three = sum((epoch_of(third, epoch) for epoch in range(3)), Counter())
    assert over_three.total() == 3 * third.windows
    assert abs(over_three.total() - everything.total()) <= 2
    assert max(over_three.values()) <= 2


def test_the_weights_of_the_manifest_hold(tmp_path: Path, random_line: RandomLine) -> None:
    games = [MadeGame(random_line(10), source=n % 2) for n in range(20)]
    sources = [made_source("a", weight=3.0), made_source("b")]
    corpus = write_corpus(tmp_path / "weighted", games, sources)
    seen = epoch_of(order_of(corpus))
    assert {seen[game] for game in games_of(corpus, [0])} == {3}
    assert {seen[game] for game in games_of(corpus, [1])} == {1}
    assert epoch_of(order_of(corpus, weights=[1, 1])) == games_of(corpus)


def test_weights_and_ranks_together(corpus: Corpus) -> None:
    alone = order_of(corpus, weights=[1, 1.5, 4])
    orders = [order_of(corpus, weights=[1, 1.5, 4], rank=rank, ranks=3) for rank in range(3)]
    for number in range(2 * alone.batches):
        together = [row for order in orders for row in rows_of(order.batch(number))]
        assert sorted(together) == sorted(rows_of(alone.batch(number)))


def test_weights_that_make_no_sense(corpus: Corpus) -> None:
    cases = ([1, 1], "weights_count"), ([1, -1, 1], "weight_bad"), ([1, 1, float("nan")], "weight_bad")
    cases += (([1, float("inf"), 1], "weight_bad"), ([0, 0, 0], "weightless"))
    for weights, code in cases:
        with pytest.raises(CorpusError) as caught:
            order_of(corpus, weights=weights)
        assert caught.value.code == f"corpus.{code}"
        assert all("\n" not in caught.value.text(lang) for lang in ("en", "zh"))


def test_a_batch_depends_on_seed_and_number_alone(corpus: Corpus) -> None:
    for settings in ({}, {"weights": [1, 2.5, 0.3]}, {"context": 7}):
        there, back = order_of(corpus, **settings), order_of(corpus, **settings)
        last = 3 * there.batches
        forwards = [there.batch(number) for number in range(last)]
        for number in reversed(range(last)):
            assert np.array_equal(back.batch(number).tokens, forwards[number].tokens)
            assert np.array_equal(back.batch(number).targets, forwards[number].targets)


def test_seeds_and_epochs_change_the_order(corpus: Corpus) -> None:
    def games_in_turn(seed: int, epoch: int) -> list[Game]:
        order = order_of(corpus, seed=seed)
        numbers = range(epoch * order.batches, (epoch + 1) * order.batches)
        return [unmirrored(row) for number in numbers for row in rows_of(order.batch(number))]

    orders = [games_in_turn(seed, epoch) for seed in range(4) for epoch in range(3)]
    assert len({tuple(order) for order in orders}) == len(orders)


def test_every_game_meets_every_other(corpus: Corpus) -> None:
    """Batches are drawn anew in each epoch: over many, the first batch has had nearly every game in it."""
    order = order_of(corpus, positions=120)
    met = Counter(unmirrored(row) for epoch in range(60) for row in rows_of(order.batch(epoch * order.batches)))
    assert len(met) > 0.9 * corpus.games("train")


def test_what_names_an_order(corpus: Corpus) -> None:
    changes = {"context": 20, "positions": 60, "seed": 4, "weights": [1, 2, 1]}
    identities = [order_of(corpus).identity(), *(order_of(corpus, **{k: v}).identity() for k, v in changes.items())]
    assert len({tuple(identity.items()) for identity in identities}) == len(identities)
    assert order_of(corpus, rank=1, ranks=2).identity() == identities[0]


@pytest.mark.parametrize("n", [1, 2, 5, 64, 65, 1000])
def test_many_places_of_an_order_at_once(n: int) -> None:
    order = shuffled_order(n, 9, 4)
    assert order.take(np.arange(n)).tolist() == list(order)
    assert order.take(np.array([n - 1, 0, n // 2])).tolist() == [order[n - 1], order[0], order[n // 2]]


def test_ranks_out_of_range(corpus: Corpus) -> None:
    for rank, ranks in ((1, 1), (-1, 2), (0, 0)):
        with pytest.raises(ValueError, match="rank"):
            order_of(corpus, rank=rank, ranks=ranks)
