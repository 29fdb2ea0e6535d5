"""The figures of a corpus against counting game by game."""

from __future__ import annotations

import json
import random
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hand_made import MadeGame, made_source, write_corpus

from xiangqi_gpt import Board, Move
from xiangqi_gpt.cli import main
from xiangqi_gpt.corpus.metadata import KINDS, TITLES
from xiangqi_gpt.corpus.shards import SourceEntry
from xiangqi_gpt.corpus.stats import QUANTILES, CorpusStats, Spread, corpus_stats, short_names

RandomLine = Callable[[int], list[Move]]
NAMES = ("games/one.pgn", "games/[bold]two.pgn", "<three>.pgn")
ENDGAME = "3k5/9/9/9/9/9/9/9/4R4/4K4 w - - 0 1"


@pytest.fixture
def games(random_line: RandomLine) -> list[MadeGame]:
    rng = random.Random(2)
    made = []
    for number in range(120):
        line = random_line(rng.randint(1, 60))
        game = MadeGame(line, rng.choice([1, 0, -1, 2]), source=rng.randrange(3))
        game.split = "train" if number % 5 else "validation"
        game.facts = {"kind": rng.randrange(3), "year": rng.choice([0, 1931, 1999, 2012])}
        game.facts |= {f"{side}_rating": rng.choice([0, rng.randint(900, 2600)]) for side in ("red", "black")}
        game.facts |= {f"{side}_title": rng.randrange(3) for side in ("red", "black")}
        if number % 3 == 0:
            plies = rng.sample(range(len(line)), (len(line) + 1) // 2)
            game.evals = {ply: rng.randint(-900, 900) for ply in plies}
            game.best = {ply: line[ply] for ply in plies[::2]}
            game.candidates = [(ply, line[ply], 5) for ply in sorted(plies) for _ in range(2)]
        made.append(game)
    made.append(MadeGame([Move.from_uci("e1e8")], 1, fen=ENDGAME))
    return made


@pytest.fixture
def folder(games: list[MadeGame], tmp_path: Path) -> Path:
    sources = [made_source(name, read=50 + n, kept=40, rejects={"no_moves": n}) for n, name in enumerate(NAMES)]
    write_corpus(tmp_path / "corpus", games, sources, shard_games=37)
    return tmp_path / "corpus"


@pytest.fixture
def stats(folder: Path) -> CorpusStats:
    from xiangqi_gpt.corpus.dataset import Corpus

    return corpus_stats(Corpus.open(folder))


def tally(games: list[MadeGame]) -> dict[str, int]:
    results = Counter(game.result for game in games)
    counts = {"games": len(games), "plies": sum(len(game.moves) for game in games)}
    return counts | {"red_wins": results[1], "draws": results[0], "black_wins": results[-1], "unknown": results[2]}


def test_games_and_plies_by_group(games: list[MadeGame], stats: CorpusStats, folder: Path) -> None:
    assert asdict(stats.total) == tally(games)
    for split, found in stats.splits.items():
        assert asdict(found) == tally([game for game in games if game.split == split])
    assert list(stats.sources) == list(NAMES)
    for number, found in enumerate(stats.sources.values()):
        assert asdict(found) == tally([game for game in games if game.source == number])
    assert set(stats.kinds) == set(KINDS[:3])
    for name, found in stats.kinds.items():
        assert asdict(found) == tally([game for game in games if KINDS[game.facts.get("kind", 0)] == name])
    shards = list(folder.glob("*.safetensors"))
    assert (stats.shards, stats.bytes) == (len(shards), sum(file.stat().st_size for file in shards))
    assert stats.from_setup == 1
    assert [entry.rejects for entry in stats.inputs] == [{"no_moves": n} for n in range(3)]


def check_spread(spread: Spread, values: list[int]) -> None:
    assert spread.count == len(values)
    assert spread.mean == pytest.approx(statistics.fmean(values))
    assert (spread.quantiles["min"], spread.quantiles["max"]) == (min(values), max(values))
    for q in QUANTILES:
        assert spread.quantiles[f"{q:g}"] == np.quantile(values, q, method="inverted_cdf")
    bars = Counter(value // spread.width * spread.width for value in values)
    assert spread.histogram == bars
    shown = spread.bars()
    assert sum(shown.values()) == len(values)
    assert len(shown) == (max(bars) - min(bars)) // spread.width + 1


def test_lengths_ratings_and_years(games: list[MadeGame], stats: CorpusStats) -> None:
    check_spread(stats.lengths, [len(game.moves) for game in games])
    ratings = [game.facts.get(f"{side}_rating", 0) for game in games for side in ("red", "black")]
    check_spread(stats.ratings, [rating for rating in ratings if rating])
    years = [game.facts.get("year", 0) for game in games]
    check_spread(stats.years, [year for year in years if year])
    assert stats.year_width == 10
    assert list(stats.years.bars(10)) == [f"{year}–{year + 9}" for year in range(1930, 2020, 10)]
    titles = Counter(TITLES[game.facts.get(f"{side}_title", 0)] for game in games for side in ("red", "black"))
    assert stats.titles == titles


def test_labels(games: list[MadeGame], stats: CorpusStats) -> None:
    assert stats.evals == sum(len(game.evals) for game in games) > 0
    assert stats.best == sum(len(game.best) for game in games) > 0
    assert stats.candidates == sum(len({ply for ply, *_ in game.candidates}) for game in games) > 0


@pytest.mark.parametrize("plies", [1, 4])
def test_openings(plies: int, tmp_path: Path) -> None:
    """Few moves are usual, half of the games are mirrored, some are too short or begin elsewhere."""
    rng = random.Random(4)
    games = []
    for _ in range(150):
        board = Board()
        for _ in range(rng.randint(1, 6)):
            board.push(rng.choice(sorted(board.legal_moves, key=lambda move: move.code * 7919 % 1009)[:2]))
        mirrored = rng.random() < 0.5
        line = [move.flip_horizontal() if mirrored else move for move in board.move_stack]
        games.append(MadeGame(line, rng.choice([1, 0, -1, 2])))
    games.append(MadeGame([Move.from_uci("e1e8")], 1, fen=ENDGAME))
    stats = corpus_stats(write_corpus(tmp_path / "c", games, [made_source("a")], shard_games=40))
    expected: dict[frozenset[str], list[MadeGame]] = {}
    for game in games[:-1]:
        if len(game.moves) >= plies:
            line = game.moves[:plies]
            both = frozenset({" ".join(map(str, line)), " ".join(str(move.flip_horizontal()) for move in line)})
            expected.setdefault(both, []).append(game)
    found = stats.first_moves if plies == 1 else stats.lines
    assert len(found) == min(len(expected), 20)
    for opening in found:
        [mine] = [value for key, value in expected.items() if " ".join(opening.moves) in key]
        counts = tally(mine)
        assert counts.pop("plies")
        assert {name: getattr(opening, name) for name in counts} == counts
    assert [opening.games for opening in found] == sorted(map(len, expected.values()), reverse=True)[:20]


def test_the_line_as_people_write_it(tmp_path: Path) -> None:
    line = [Move.from_uci(text) for text in ["b2e2", "b9c7", "b0c2", "a9b9"]]
    stats = corpus_stats(write_corpus(tmp_path / "c", [MadeGame(line)], [made_source("a")]))
    assert stats.lines[0].moves == ["h2e2", "h9g7", "h0g2", "i9h9"]
    assert stats.lines[0].text("zh") == "1. 炮二平五 马８进７ 2. 马二进三 车９平８"
    assert stats.lines[0].text("en") == "1. C2=5 H8+7 2. H2+3 R9=8"


def test_names_without_their_folders() -> None:
    assert short_names(["a/x.pgn", "b/y.pgn"]) == ["x.pgn", "y.pgn"]
    assert short_names(["a/x.pgn", "b/x.pgn"]) == ["a/x.pgn", "b/x.pgn"]


def test_an_empty_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_corpus(tmp_path / "c", [], [made_source("a")])
    assert main(["stats", str(tmp_path / "c"), "--html"]) == 0
    assert main(["stats", str(tmp_path / "c"), "--json"]) == 0
    assert "report.html" in capsys.readouterr().out


def test_the_command(
    folder: Path, stats: CorpusStats, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["stats", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(stats.to_json()))
    for lang, words in (("en", ["draws", "tournament"]), ("zh", ["红胜", "比赛", "炮"])):
        monkeypatch.setenv("XIANGQI_GPT_LANG", lang)
        assert main(["stats", str(folder)]) == 0
        told = capsys.readouterr().out
        for part in [*words, "[bold]two.pgn", "<three>.pgn", f"{stats.total.plies:,}", "█"]:
            assert part in told
    assert not (folder / "report.html").exists()


def test_the_table_on_a_narrow_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    source = SourceEntry(
        name="a-name-that-is-rather-long-as-names-of-files-are.pgn",
        read=1_234_567,
        kept=1_034_567,
        duplicates=100_000,
        near_duplicates=50_000,
        filtered={"results": 40_000},
        rejects={"move_illegal": 10_000},
        faults=[],
        weight=0.5,
    )
    write_corpus(tmp_path / "c", [MadeGame([Move.from_uci("b2e2")])], [source])
    assert main(["stats", str(tmp_path / "c")]) == 0
    told = capsys.readouterr().out
    assert all(len(line) <= 80 for line in told.splitlines())
    words = {word for line in told.splitlines() for word in line.replace("┃", " ").replace("│", " ").split()}
    assert {"source", "games", "read", "kept", "copies", "near", "left", "faulty", "weight"} <= words
    assert {"1,234,567", "1,034,567", "100,000", "50,000", "40,000", "10,000", "0.5"} <= words


def test_a_folder_that_is_no_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err
