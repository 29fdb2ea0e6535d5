"""Shuffling in two passes: every game once, any order as likely as any other, whatever the memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from xiangqi_gpt import Move
from xiangqi_gpt.corpus.dataset import Corpus, CorpusGame
from xiangqi_gpt.corpus.prepare import prepare
from xiangqi_gpt.corpus.reshuffle import shuffle_corpus
from xiangqi_gpt.corpus.shards import SPLITS, CorpusError
from xiangqi_gpt.corpus.shuffle import Shuffle, bucket_count, place_of_number
from xiangqi_gpt.corpus.spool import Head, record, with_place

WritePgn = Callable[[Iterable[Sequence[Move]]], Path]
RandomLine = Callable[[int], list[Move]]

NOTHING = Head._make([0] * len(Head._fields))


def shuffled(folder: Path, n: int, seed: int, memory: int) -> list[int]:
    """The order that ``n`` games come out in."""
    games = [record(NOTHING._replace(identity=number)) for number in range(n)]
    shuffle = Shuffle(folder, sum(map(len, games)), memory)
    for number, game in enumerate(games):
        shuffle.add(with_place(game, place_of_number(number, seed)))
    return [Head.of(game).identity for game in shuffle.games()]


@pytest.mark.parametrize("n", [0, 1, 2, 100])
def test_every_game_comes_once_and_the_order_depends_on_the_seed_alone(tmp_path: Path, n: int) -> None:
    orders = [shuffled(tmp_path, n, seed, memory) for seed in (1, 2) for memory in (400, 3000, 10**9)]
    assert sorted(orders[0]) == list(range(n))
    assert orders[0] == orders[1] == orders[2]
    assert orders[3] == orders[4] == orders[5]
    assert n < 3 or orders[0] != orders[3]
    assert not any(path.is_file() for path in tmp_path.iterdir())


def test_files_fit_into_memory(tmp_path: Path) -> None:
    games = [record(NOTHING, bytes(1000)) for _ in range(1000)]
    memory = 1 << 17
    shuffle = Shuffle(tmp_path, sum(map(len, games)), memory)
    for number, game in enumerate(games):
        shuffle.add(with_place(game, place_of_number(number, 0)))
    shuffle._buckets.flush()
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == bucket_count(sum(sizes), memory) > 30
    assert max(sizes) < memory / 2


def chi_square(counts: np.ndarray, expected: float) -> float:
    return float(((counts - expected) ** 2 / expected).sum())


def test_any_game_comes_to_any_place_equally_often(tmp_path: Path) -> None:
    """20 games over 2,000 seeds, through several files: 100 times at each place.

    400 counts with 19 x 19 degrees of freedom: a mean of 361, a deviation of 26.9; the threshold is 4
    deviations above.
    """
    counts = np.zeros((20, 20))
    for seed in range(2000):
        keys = sorted(range(20), key=lambda number: place_of_number(number, seed))
        counts[keys, range(20)] += 1
    assert shuffled(tmp_path, 20, 7, 400) == sorted(range(20), key=lambda number: place_of_number(number, 7))
    assert chi_square(counts, 100) < 361 + 4 * 26.9


def test_all_orders_are_equally_likely() -> None:
    """All 24 orders of 4 over 7,200 seeds: 300 each, chi-square of 23 degrees under its 0.9999 quantile."""
    orders = Counter(tuple(sorted(range(4), key=lambda number: place_of_number(number, seed))) for seed in range(7200))
    assert len(orders) == 24
    assert chi_square(np.array(list(orders.values())), 300) < 58.6


def test_neighbours_part_and_places_are_spread() -> None:
    places = [place_of_number(number, 3) for number in range(4000)]
    counts = np.bincount([place * 40 >> 64 for place in places], minlength=40)
    assert chi_square(counts, 100) < 39 + 4 * np.sqrt(2 * 39)
    order = np.argsort(places)
    # Of a random order: (n + 1) / 3, with a deviation of about 15.
    assert abs(float(np.abs(np.diff(order)).mean()) - 4001 / 3) < 60


def told(game: CorpusGame) -> tuple[object, ...]:
    """All that a corpus says of a game."""
    return (
        game.moves.tobytes(),
        game.start.tobytes(),
        game.evals.tobytes(),
        game.best.tobytes(),
        *(part.tobytes() for part in game.candidates),
        *(game.result, game.source, game.kind, game.year, game.opening_plies),
        *(game.red_rating, game.black_rating, game.red_title, game.black_title),
    )


def games_of(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    corpus = Corpus.open(folder)
    return {split: [told(corpus.game(split, n)) for n in range(corpus.games(split))] for split in SPLITS}


RICH = """[Red "A(2001)"]
[Black "B(月将)"]
[Date "2003"]
[Result "0-1"]

1. h2e2 {[%eval 0.2] [%best b2e2] [%multipv b2e2 0.2 h2e2 0.1]} h9g7 2. h0g2 {[%best h0g2]}

[FEN "3k5/9/9/9/9/9/9/9/4R4/4K4 b - - 3 12"]

1... d9d8 {[%multipv d9d8 -9.5]}
"""


def test_a_corpus_shuffled_in_little_memory(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> None:
    (tmp_path / "rich.pgn").write_text(RICH)
    sources = [tmp_path / "rich.pgn", write_pgn([random_line(20) for _ in range(60)])]
    prepare(sources, tmp_path / "corpus", validation=0.2, shard_plies=300)
    before = games_of(tmp_path / "corpus")
    outs = [tmp_path / name for name in ("little", "much", "other")]
    for out, seed, memory in zip(outs, (1, 1, 2), (3000, 1 << 30, 1 << 30), strict=True):
        shuffle_corpus(tmp_path / "corpus", out, seed=seed, memory=memory, shard_plies=300)
    little, much, other = map(games_of, outs)
    assert little == much
    assert little["train"] not in (before["train"], other["train"])
    for split, games in before.items():
        assert Counter(little[split]) == Counter(games)
    assert len(Corpus.open(outs[0]).manifest.shards) > 4
    manifests = [json.loads((out / "manifest.json").read_text()) for out in (tmp_path / "corpus", outs[0])]
    assert manifests[1]["settings"] == manifests[0]["settings"] | {"seed": 1}
    assert manifests[1]["sources"] == manifests[0]["sources"]
    files = sorted(path.name for path in outs[0].iterdir() if path.suffix != ".safetensors")
    assert files == ["manifest.json", "rejects.jsonl", "report.html"]


def test_a_corpus_that_is_shuffled_or_replaced_only_when_whole(
    tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine
) -> None:
    prepare([write_pgn([random_line(20) for _ in range(5)])], tmp_path / "corpus", validation=0.0)
    shuffle_corpus(tmp_path / "corpus", tmp_path / "out", seed=1)
    whole = games_of(tmp_path / "out")
    shard = tmp_path / "corpus" / "train-00000.safetensors"
    shard.write_bytes(shard.read_bytes()[:-1])
    for out, code in ((tmp_path / "out", "exists"), (tmp_path / "corpus", "shuffle_in_place"), (shard, "cannot_write")):
        with pytest.raises(CorpusError) as caught:
            shuffle_corpus(tmp_path / "corpus", out, seed=1)
        assert caught.value.code == f"corpus.{code}"
    with pytest.raises(CorpusError) as caught:
        shuffle_corpus(tmp_path / "corpus", tmp_path / "out", seed=1, overwrite=True)
    assert caught.value.code == "corpus.shard_damaged"
    assert games_of(tmp_path / "out") == whole
