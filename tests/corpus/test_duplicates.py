"""What counts as the same game, and which record of it is kept."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from xiangqi_gpt import Move
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.duplicates import FEW_PLIES, Duplicates, drop_duplicates, same_game, sort_by_moves
from xiangqi_gpt.corpus.encode import EncodedGame, pack_game
from xiangqi_gpt.corpus.filters import Filters
from xiangqi_gpt.corpus.prepare import prepare
from xiangqi_gpt.corpus.spool import Head
from xiangqi_gpt.encoding.vocabulary import move_id

RandomLine = Callable[[int], list[Move]]
Line = NDArray[np.uint16]

OPENING = np.arange(40, dtype=np.uint16)


def line(*rest: int) -> Line:
    return np.concatenate([OPENING, np.array(rest, np.uint16)])


REST = list(range(1000, 1030))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (REST, True),
        (REST[:10], True),  # a beginning
        ([], True),
        ([*REST, *range(1500, 1600)], True),  # a longer tail
        ([*REST[:-4], 1, 2, 3, 4], True),  # another end
        ([*REST[:-5], 1, 2, 3, 4, 5], False),
        ([*REST[:7], REST[8], REST[7], *REST[9:]], True),  # two moves swapped
        ([*REST[:7], 5, 6, *REST[9:]], True),  # two mistyped
        ([*REST[:7], *REST[9:]], True),  # two left out
        ([*REST[:7], 1, 2, *REST[7:]], True),  # two put in
        ([1, 2, 3, 4, 5, *REST[5:]], False),
        ([1, 2, 3, 4, 5, 6, *REST[:4]], False),
        ([1, 2, 3, 4], True),  # the first 40 and a little more: the same as far as one can tell
        (list(range(1100, 1130)), False),
        ([*range(1100, 1140), *REST], False),  # the same moves, but much later
    ],
)
def test_near_duplicates(other: list[int], same: bool) -> None:
    assert FEW_PLIES == 4
    for one, two in ((line(*REST), line(*other)), (line(*other), line(*REST))):
        assert same_game(one, two) is same


def test_short_games_are_only_themselves() -> None:
    assert not same_game(OPENING[:39], OPENING[:38])
    assert same_game(OPENING, OPENING)


def records(lines: list[list[Move]]) -> list[bytes]:
    games = [np.array([move_id(move.code) for move in moves], np.uint16) for moves in lines]
    return [pack_game(EncodedGame(moves, None, 2)) for moves in games]


@pytest.mark.parametrize("memory", [1, 3000, 10**9])
def test_sorting_in_little_memory(tmp_path: Path, random_line: RandomLine, memory: int) -> None:
    rng = random.Random(1)
    some = [random_line(rng.randint(1, 60)) for _ in range(30)]
    lines = [rng.choice(some) for _ in range(80)]
    lines = [[move.flip_horizontal() for move in moves] if rng.random() < 0.5 else moves for moves in lines]
    data = records(lines)
    items = list(sort_by_moves(data, tmp_path, memory))
    assert [(key, number) for key, number, _ in items] == sorted((key, number) for key, number, _ in items)
    assert [data[number] for _, number, _ in items] == [game for _, _, game in items]
    assert sorted(number for _, number, _ in items) == list(range(80))
    assert len({key for key, _, _ in items}) == len({Head.of(game).identity for game in data})
    assert not list(tmp_path.iterdir())


def test_what_is_kept_does_not_depend_on_memory(tmp_path: Path, random_line: RandomLine) -> None:
    base = random_line(70)
    lines = [base[: 40 + n] for n in range(30)] + [random_line(50) for _ in range(20)]
    data = records(lines)
    kept = []
    for memory in (1, 10**9):
        dropped = Duplicates()
        kept.append(list(drop_duplicates(sort_by_moves(data, tmp_path, memory), dropped)))
        assert dropped.near.total() == 29
        assert dropped.exact.total() == 0
    assert kept[0] == kept[1]
    assert max(Head.of(game).plies for game in kept[0]) == 69


def test_a_family_of_many(tmp_path: Path) -> None:
    """More games of one opening than are compared with each other at once: repeated ones are found all the same."""
    rng = np.random.default_rng(0)
    lines = [np.concatenate([OPENING, rng.integers(100, 2000, 30)]).astype(np.uint16) for _ in range(200)]
    data = [pack_game(EncodedGame(moves, None, 2)) for moves in (*lines, *(moves[:60] for moves in lines))]
    dropped = Duplicates()
    kept = list(drop_duplicates(sort_by_moves(data, tmp_path, 10**9), dropped))
    assert (len(kept), dropped.near.total()) == (200, 200)
    assert {Head.of(game).plies for game in kept} == {70}


TOLD = """[Event "{event}"]
[Date "{date}"]
[Red "{red}"]
[Black "{black}"]
[RedElo "{red_rating}"]
[Result "{result}"]

{moves}
"""


def test_the_record_with_most_in_it_and_the_rest_from_the_others(tmp_path: Path, random_line: RandomLine) -> None:
    moves = random_line(50)
    text = [move.uci() for move in moves]
    plain = {"event": "?", "date": "?", "red": "?", "black": "?", "red_rating": "", "result": "*"}
    labelled = " ".join(f"{move} {{[%eval 0.10] [%best {move}]}}" for move in text[:46])
    games = [
        plain | {"moves": " ".join(text), "date": "1999.01.02"},
        plain | {"moves": labelled},
        # The names swapped, as happens, and a year that is not needed any more.
        plain | {"moves": " ".join(text[:48]), "red": "B", "black": "A", "result": "0-1", "date": "2001"},
        plain | {"moves": " ".join(text[:47]), "red": "A", "black": "B", "result": "1-0", "red_rating": "2000"},
    ]
    source = tmp_path / "games.pgn"
    source.write_text("\n".join(TOLD.format_map(game) for game in games), encoding="utf-8")
    (entry,) = prepare([source], tmp_path / "corpus", validation=0.0).manifest.sources
    assert (entry.read, entry.kept, entry.duplicates, entry.near_duplicates) == (4, 1, 0, 3)
    game = Corpus.open(tmp_path / "corpus").game("train", 0)
    assert len(game.moves) == 46
    assert game.evals.tolist() == [10] * 46
    assert game.red_rating == 2000
    # Records are compared in the order of their moves: that of 47 plies was the next, then that of 48.
    assert game.result == 1
    assert game.year == 2001


@pytest.fixture
def two_sources(tmp_path: Path, random_line: RandomLine) -> list[Path]:
    """The same two games in two files: one all equal, one that ``full.pgn`` has more of."""
    lines = [random_line(50), random_line(50)]
    for name, plies in (("full", 50), ("masters", 48)):
        games = [lines[0], lines[1][:plies]]
        text = "\n".join(f'[Event "x"]\n\n{" ".join(move.uci() for move in line)} *\n' for line in games)
        (tmp_path / f"{name}.pgn").write_text(text)
    return [tmp_path / "full.pgn", tmp_path / "masters.pgn"]


@pytest.mark.parametrize(("source", "plies"), [("masters", [48, 50]), ("full", [50, 50])])
def test_a_source_that_is_left_out_takes_no_game_with_it(
    two_sources: list[Path], tmp_path: Path, source: str, plies: list[int]
) -> None:
    filters = Filters(sources=(f"{source}.pgn",))
    manifest = prepare(two_sources, tmp_path / "corpus", filters=filters, validation=0.0).manifest
    told = {Path(entry.name).stem: (entry.kept, entry.duplicates + entry.near_duplicates) for entry in manifest.sources}
    assert told == {"full": (0, 0), "masters": (0, 0)} | {source: (2, 0)}
    assert sorted(tuple(entry.filtered.items()) for entry in manifest.sources) == [(), (("sources", 2),)]
    corpus = Corpus.open(tmp_path / "corpus")
    assert sorted(len(corpus.game("train", number).moves) for number in range(2)) == plies


@pytest.mark.parametrize(
    ("weights", "kept"),
    [({}, [2, 0]), ({"full": 0.0, "masters": 2.0}, [0, 2]), ({"masters": 0.0}, [2, 0]), ({"full": 0.5}, [0, 2])],
)
def test_a_game_of_two_sources_is_one_of_that_with_the_greater_weight(
    two_sources: list[Path], tmp_path: Path, weights: dict[str, float], kept: list[int]
) -> None:
    weights = {f"{name}.pgn": weight for name, weight in weights.items()}
    manifest = prepare(two_sources, tmp_path / "corpus", weights=weights, validation=0.0).manifest
    assert [entry.kept for entry in manifest.sources] == kept
    assert [entry.duplicates for entry in manifest.sources] == [count // 2 for count in reversed(kept)]
    assert [entry.near_duplicates for entry in manifest.sources] == [count // 2 for count in reversed(kept)]
    corpus = Corpus.open(tmp_path / "corpus")
    # The fuller record, whoever's it is.
    assert [len(corpus.game("train", number).moves) for number in range(2)] == [50, 50]
    assert {corpus.game("train", number).source for number in range(2)} == {kept.index(2)}
