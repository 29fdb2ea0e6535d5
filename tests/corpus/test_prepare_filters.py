"""Which games pass, and how labels in comments come to their plies."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.filters import Filters
from xiangqi_gpt.corpus.prepare import prepare
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.encoding.vocabulary import MOVE_CODE
from xiangqi_gpt.notation.coordinates import uci_text

GAMES = {
    "a": '[Result "1-0"]\n[Red "A(2100)"]\n[Black "B(1990)"]\n[Date "2001"]\n1. h2e2 h9g7 2. h0g2',
    "b": '[Result "0-1"]\n[Event "1988年全国赛"]\n1. h2e2 h7e7',
    "c": '[Result "1/2-1/2"]\n[Red "A(2300)"]\n[Black "B(2200)"]\n[Date "2011"]\n1. b2e2 h9g7 2. b0c2 i9h9 3. a0b0',
    "d": "1. c3c4",
}
ONLY = {
    "results": [(("red",), "a"), (("black", "draw"), "bc"), (("unknown",), "d")],
    "kinds": [(("tournament",), "b"), (("online", "unknown"), "acd")],
    "min_rating": [(1990, "ac"), (1991, "c")],
    "min_plies": [(3, "ac"), (0, "abcd")],
    "max_plies": [(2, "bd"), (3, "abd")],
    "since": [(2001, "ac"), (1900, "abc")],
    "until": [(2001, "ab"), (2000, "b")],
    "sources": [(("a.pgn", "b."), "ab"), (("pgn",), "abcd")],
}


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    for name, text in GAMES.items():
        (tmp_path / f"{name}.pgn").write_text(f"{text} *\n", encoding="utf-8")
    return sorted(tmp_path.glob("*.pgn"))


@pytest.mark.parametrize(
    ("name", "value", "kept"), [(name, value, kept) for name, cases in ONLY.items() for value, kept in cases]
)
def test_filters(sources: list[Path], tmp_path: Path, name: str, value: object, kept: str) -> None:
    filters = Filters(**{name: value})  # type: ignore[arg-type]
    report = prepare(sources, tmp_path / "corpus", filters=filters, validation=0.0)
    for source in report.manifest.sources:
        passes = Path(source.name).stem in kept
        assert (source.kept, source.filtered) == ((1, {}) if passes else (0, {name: 1}))
    assert report.manifest.splits["train"]["games"] == len(kept)


def test_weights(sources: list[Path], tmp_path: Path) -> None:
    weights = {".pgn": 2.0, "c.pgn": 0.0}
    manifest = prepare(sources, tmp_path / "corpus", weights=weights, validation=0.0).manifest
    assert [source.weight for source in manifest.sources] == [2, 2, 0, 2]
    assert Corpus.open(tmp_path / "corpus").manifest == manifest
    for bad, code in (({"x": 1.0}, "no_such_source"), ({"a": -1.0}, "weight_bad"), ({"a": float("nan")}, "weight_bad")):
        with pytest.raises(CorpusError) as caught:
            prepare(sources, tmp_path / "corpus", weights=bad)
        assert caught.value.code == f"corpus.{code}"


def labels(tmp_path: Path, moves: str) -> tuple[list[int | None], list[str | None], list[tuple[int, str, int]]]:
    """Evaluations and best moves by ply, and candidates."""
    (tmp_path / "game.pgn").write_text(f'[Event "x"]\n{moves} *\n')
    prepare([tmp_path / "game.pgn"], tmp_path / "corpus", validation=0.0, overwrite=True)
    game = Corpus.open(tmp_path / "corpus").game("train", 0)
    texts = [None if move == 65535 else uci_text(int(MOVE_CODE[move])) for move in game.best.tolist()]
    weighed = [(ply, uci_text(int(MOVE_CODE[move])), value) for ply, move, value in zip(*game.candidates, strict=True)]
    return [None if value == 32767 else value for value in game.evals.tolist()], texts, weighed


def test_a_lone_evaluation_is_that_after_the_move(tmp_path: Path) -> None:
    moves = "{[%eval 0.11]} 1. h2e2 {[%eval 0.35]} h9g7 {[%eval -1.5]} 2. h0g2 {[%eval #5]}"
    assert labels(tmp_path, moves)[0] == [11, 35, -150]


def test_with_a_best_move_it_is_that_before_the_move(tmp_path: Path) -> None:
    moves = "1. h2e2 {words [%eval 0.35] [%best b2e2] more} h9g7 {[%best h9g7] [%eval #-2]} 2. h0g2 {[%best h0h9]}"
    assert labels(tmp_path, moves) == ([35, -29998, None], ["b2e2", "h9g7", None], [])


def test_both_in_a_game(tmp_path: Path) -> None:
    """What is said of the position itself goes before what was said behind the move to it."""
    moves = "1. h2e2 {[%eval 0.35]} h9g7 {[%eval 0.4] [%best h7e7]} 2. h0g2"
    assert labels(tmp_path, moves)[0] == [None, 40, None]


def test_several_candidates(tmp_path: Path) -> None:
    moves = "1. h2e2 h9g7 {[%multipv h7e7 0.5 h9g7 0.61 a0a1 0.7] [%eval 0.5]} 2. h0g2 {[%multipv b0c2 #3]}"
    found = labels(tmp_path, moves)
    assert found[0] == [None, 50, None]
    assert found[2] == [(1, "h7e7", 50), (1, "h9g7", 61), (2, "b0c2", 29997)]


def test_labels_count_ranks_as_the_moves_do(tmp_path: Path) -> None:
    """Ranks from 1, as some engines write them."""
    moves = "1. h3e3 {[%eval 0.1] [%best b3e3]} h10g8 {[%best b10c8]} 2. h1g3 {[%multipv h1g3 0.2 b1c3 0.1]}"
    found = labels(tmp_path, moves)
    assert found[1] == ["b2e2", "b9c7", None]
    assert [move for _, move, _ in found[2]] == ["h0g2", "b0c2"]
