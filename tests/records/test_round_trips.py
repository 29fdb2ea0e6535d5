"""Random trees through every format, notation and encoding: what comes back is the same, or a loss was told."""

from __future__ import annotations

import io
import random

import pytest
from trees import HEADERS, facts, meaning, random_tree

from xiangqi_gpt import Move
from xiangqi_gpt.records import Game, LossError, read_games, write_games
from xiangqi_gpt.records.pgn_writer import NOTATIONS

ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
WAYS = [("pgn", encoding, "chinese") for encoding in ENCODINGS]
WAYS += [("pgn", "utf-8", notation) for notation in NOTATIONS if notation != "chinese"]
WAYS += [(form, encoding, "iccs") for form in ("jsonl", "csv") for encoding in ENCODINGS]
WAYS += [("xqf", "utf-8", "iccs")]
MARKED = [
    ("pgn", "utf-8-sig", "wxf"),
    ("jsonl", "utf-16", "iccs"),
    ("csv", "utf-8-sig", "iccs"),
    ("xqf", "utf-8", "iccs"),
]


def read(out: io.BytesIO, form: str) -> list[Game]:
    """The games that were written."""
    file = io.BytesIO(out.getvalue())
    file.name = f"a.{form}"  # type: ignore[attr-defined]
    return list(read_games(file))


def through(game: Game, form: str, encoding: str = "utf-8", notation: str = "iccs") -> tuple[Game, list[str]]:
    """The game that comes back from its file, and the codes of the losses."""
    losses: list[LossError] = []
    out = io.BytesIO()
    assert write_games(out, [game], format=form, encoding=encoding, notation=notation, on_loss=losses.append) == 1
    (back,) = read(out, form)
    return back, [loss.code.removeprefix("records.loss_") for loss in losses]


def plain(game: Game) -> Game:
    """Its main line, which is all that a table has room for."""
    alone = Game(dict(game.headers))
    for tag in ("Title", "Author"):
        alone.headers.pop(tag, None)
    alone.add_line(game.mainline_moves())
    return alone


@pytest.mark.parametrize(("form", "encoding", "notation"), WAYS)
def test_a_game_comes_back_as_it_was(form: str, encoding: str, notation: str) -> None:
    rng = random.Random(f"{form} {encoding} {notation}")
    for _ in range(25):
        game = random_tree(rng, rich=form in ("pgn", "jsonl"))
        game = plain(game) if form == "csv" else game
        back, losses = through(game, form, encoding, notation)
        assert (meaning(back), back.errors, losses) == (meaning(game), [], [])


@pytest.mark.parametrize(("form", "encoding", "notation"), MARKED)
@pytest.mark.parametrize("odd", [0.03, 0.1])
def test_a_loss_is_told_if_there_is_one_and_only_then(form: str, encoding: str, notation: str, odd: float) -> None:
    rng = random.Random(f"{form} {odd}")
    seen = {True: 0, False: 0}
    for _ in range(150):
        game = random_tree(rng, odd=odd, most=12)
        game = plain(game) if form == "csv" and rng.random() < 0.9 else game
        back, losses = through(game, form, encoding, notation)
        same = meaning(back) == meaning(game)
        assert same == (not losses), (facts(game), losses)
        assert not back.errors
        seen[same] += 1
    assert min(seen.values()) > 3


@pytest.mark.parametrize("form", ["pgn", "jsonl"])
def test_traditional_characters_in_big5(form: str) -> None:
    words = ["一步好棋", "這是一個很好的開局，紅方先手", "good", "局名：中炮", "馬八進七"]
    rng = random.Random(form)
    for _ in range(25):
        game = random_tree(rng, words=words)
        game.headers |= {"Event": "全國象棋個人賽", "Red": "胡榮華", "Site": "北京"}
        back, losses = through(game, form, "big5", "traditional")
        assert (meaning(back), losses) == (meaning(game), [])


def test_many_games_in_a_file_come_back_one_by_one() -> None:
    games = [random_tree(random.Random(seed), rich=True, most=20) for seed in range(40)]
    for form, notation in (("pgn", "chinese"), ("pgn", "uci"), ("jsonl", "iccs")):
        out = io.BytesIO()
        write_games(out, games, format=form, notation=notation)
        assert [meaning(game) for game in read(out, form)] == [meaning(game) for game in games]


def test_from_format_to_format() -> None:
    """The losses of a chain are those of its links."""
    rng = random.Random(8)
    for _ in range(20):
        game = random_tree(rng)
        here = game
        for form, notation in (("pgn", "wxf"), ("xqf", "iccs"), ("jsonl", "iccs"), ("pgn", "chinese")):
            here, losses = through(here, form, "utf-8", notation)
            assert not losses
        assert meaning(here) == meaning(game)


def test_a_table_without_anything_known_keeps_its_games() -> None:
    out = io.BytesIO()
    write_games(out, [Game({}), Game({"Result": "0-1"}), Game({})], format="csv")
    assert [game.result for game in read(out, "csv")] == ["*", "0-1", "*"]


@pytest.mark.parametrize(
    ("headers", "form", "told"),
    [
        ({"Date": "1993-4-27"}, "csv", ["cell"]),
        ({"Date": "1993.04.27"}, "csv", []),
        ({"Event": " x"}, "csv", ["cell"]),
        ({"Event": "x" * 1001}, "csv", ["cell"]),
        ({"Annotator": "?"}, "csv", []),
        ({"Annotator": "x"}, "csv", ["column"]),
        ({"PlayType": "opening"}, "xqf", []),
        ({"PlayType": "blitz"}, "xqf", ["header"]),
        ({"Title": "甲 先胜 乙"}, "xqf", ["result"]),
        ({"Title": "甲 先胜 乙", "Result": "1-0"}, "xqf", []),
        ({"Title": "红先胜", "FEN": "4k4/9/9/9/9/9/9/9/9/3K5 w - - 0 1"}, "xqf", []),
        ({"Title": "甲 先胜 乙", "Result": "*"}, "pgn", []),
        ({"Red": "a\nb"}, "xqf", ["header_lines"]),
        ({"Red": "a\nb"}, "pgn", ["header_lines"]),
        ({"Red": "a\nb"}, "jsonl", []),
    ],
)
def test_what_is_told_of_headers(headers: dict[str, str], form: str, told: list[str]) -> None:
    game = Game({"Result": "*"} | headers)
    back, losses = through(game, form)
    assert losses == told
    assert (meaning(back) == meaning(game)) == (not told)


def test_a_comment_that_looks_like_a_header_is_none() -> None:
    game = Game(dict(HEADERS))
    game.comment = "局名：香车\n　　（某人 题）\n\n　出处：\n《某书》，第一集。"
    node = game.add_variation(Move.from_uci("h2e2"), comment="红方：某人")
    node.add_variation(Move.from_uci("h9g7"), comment="[Event]")
    back, losses = through(game, "pgn")
    assert losses == []
    assert meaning(back) == meaning(game)
