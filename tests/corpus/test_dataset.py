"""Reading a corpus, refusing what is none, and the order of an epoch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from xiangqi_gpt import Board, Move
from xiangqi_gpt.corpus.dataset import Corpus, shuffled_order
from xiangqi_gpt.corpus.prepare import prepare
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.encoding.vocabulary import move_id

WritePgn = Callable[[Iterable[Sequence[Move]]], Path]
RandomLine = Callable[[int], list[Move]]


@pytest.fixture
def folder(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> Path:
    source = write_pgn([random_line(plies) for plies in range(10, 40)])
    prepare([source], tmp_path / "corpus", validation=0.2, shard_plies=200)
    return tmp_path / "corpus"


def test_games_by_number(folder: Path) -> None:
    corpus = Corpus.open(folder)
    assert corpus.games("train") + corpus.games("validation") == 30
    assert corpus.plies("train") + corpus.plies("validation") == sum(range(10, 40))
    for split in ("train", "validation"):
        games = [corpus.game(split, index) for index in range(corpus.games(split))]
        assert [len(game.moves) for game in games] == corpus.lengths(split).tolist()
        for game in games:
            board = Board.from_state(game.start)
            assert board == Board()
            for move in game.moves.tolist():
                board.push(next(legal for legal in board.legal_moves if move_id(legal.code) == move))
            assert len(game.evals) == len(game.best) == len(game.moves)
    for index in (-1, corpus.games("train")):
        with pytest.raises(IndexError):
            corpus.game("train", index)


def test_what_a_caller_changes_stays_with_the_caller(folder: Path) -> None:
    corpus = Corpus.open(folder)
    game = corpus.game("train", 0)
    before = [path.read_bytes() for path in sorted(folder.iterdir())]
    game.start[:] = 0
    game.moves[:] = 0
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == before
    assert Board.from_state(corpus.game("train", 1).start) == Board()


def refused(folder: Path, code: str, part: str, *, verify: bool = True) -> None:
    with pytest.raises(CorpusError) as caught:
        Corpus.open(folder, verify=verify)
    assert caught.value.code == f"corpus.{code}"
    for lang in ("en", "zh"):
        message = caught.value.text(lang)
        assert part in message
        assert "\n" not in message


def test_a_folder_that_is_no_corpus(tmp_path: Path) -> None:
    refused(tmp_path, "not_a_corpus", str(tmp_path))
    refused(tmp_path / "missing", "not_a_corpus", "missing")
    (tmp_path / "file").write_text("")
    refused(tmp_path / "file", "not_a_corpus", "file")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}', "\x00\xff", '{"format":2,"vocabulary":"x"}'])
def test_a_manifest_that_is_none(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text, encoding="latin-1")
    code = "other_vocabulary" if "vocabulary" in text else "manifest_damaged"
    refused(folder, code, "manifest.json")


def test_another_format_or_vocabulary(folder: Path) -> None:
    path = folder / "manifest.json"
    whole = json.loads(path.read_text())
    path.write_text(json.dumps(whole | {"format": 1}))
    refused(folder, "other_version", "1")
    path.write_text(json.dumps(whole | {"vocabulary": "0123456789abcdef"}))
    refused(folder, "other_vocabulary", "0123456789abcdef")
    for fields in ({"shards": [{"file": "x"}]}, {"sources": 5}, {"extra": 1}, {"splits": None}):
        path.write_text(json.dumps(whole | fields))
        refused(folder, "manifest_damaged", "manifest.json")


def test_missing_and_damaged_shards(folder: Path) -> None:
    shard = folder / "train-00001.safetensors"
    whole = shard.read_bytes()
    shard.unlink()
    refused(folder, "shard_missing", shard.name)
    shard.write_bytes(whole[:-1])
    refused(folder, "shard_damaged", shard.name)
    shard.write_bytes(b"")
    refused(folder, "shard_damaged", shard.name)
    flipped = bytearray(whole)
    flipped[-1] ^= 1
    shard.write_bytes(flipped)
    refused(folder, "shard_damaged", shard.name)
    Corpus.open(folder, verify=False)
    # A header that is wrong is found without the checksum.
    for at in (0, 9, 20):
        flipped = bytearray(whole)
        flipped[at] ^= 0x15
        shard.write_bytes(flipped)
        refused(folder, "shard_damaged", shard.name, verify=False)
    shard.write_bytes(whole.replace(b'"U16"', b'"I16"', 1))
    refused(folder, "shard_damaged", shard.name, verify=False)


@pytest.mark.parametrize("n", [*range(20), 63, 64, 65, 1000, 4097])
def test_an_order_has_each_number_once(n: int) -> None:
    order = shuffled_order(n, 1, 2)
    assert len(order) == n
    assert sorted(order) == list(range(n))
    assert order[:] == list(order)
    assert [order[i] for i in range(n)] == list(order)
    with pytest.raises(IndexError):
        order[n]


def test_an_order_is_the_same_everywhere_and_another_for_each_seed_and_epoch() -> None:
    # Written down once: a change here changes where a stopped training goes on.
    assert list(shuffled_order(10, 1, 0)) == [4, 5, 0, 2, 9, 1, 6, 3, 8, 7]
    orders = {tuple(shuffled_order(50, seed, epoch)) for seed in range(10) for epoch in range(10)}
    assert len(orders) == 100


def test_all_orders_are_equally_likely() -> None:
    """All 24 orders of 4 over 7,200 seeds: 300 each, chi-square of 23 degrees under its 0.9999 quantile."""
    counts = Counter(tuple(shuffled_order(4, seed, 0)) for seed in range(7200))
    assert len(counts) == 24
    assert sum((count - 300) ** 2 / 300 for count in counts.values()) < 58.6


def test_neighbours_are_taken_apart() -> None:
    order = list(shuffled_order(5000, 3, 1))
    mean_step = sum(abs(a - b) for a, b in pairwise(order)) / 4999
    assert abs(mean_step - 5000 / 3) < 60  # of a random order: n / 3, with a deviation of about 17
