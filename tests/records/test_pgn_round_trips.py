"""Trees through PGN and back, in every notation; what is lost is told."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import facts, random_tree

from xiangqi_gpt import Move
from xiangqi_gpt.records import Game, LossError, pgn_text, read_games
from xiangqi_gpt.records.pgn_writer import NOTATIONS

# Pawns in tandem on two files, three and more on one: the names that are hard to write.
CROWDED = "3k5/P1P6/P1P6/P1P6/9/4p1p2/4p1p2/4p1p2/9/4K4 w - - 0 1"
PIECES = "3k5/2R6/2R6/1N7/1N7/2C6/2C6/9/9/4K4 w - - 0 1"


def back(game: Game, notation: str = "iccs") -> Game:
    (read,) = read_games(io.BytesIO(pgn_text(game, notation=notation).encode()))
    return read


def same(one: Game, other: Game) -> None:
    assert not other.errors
    for game in (one, other):
        game.headers.pop("Format", None)
        game.headers.pop("Game", None)
        game.headers.setdefault("Result", "*")
    assert facts(one) == facts(other)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("seed", range(12))
def test_random_trees_survive_in_every_notation(notation: str, seed: int) -> None:
    game = random_tree(random.Random(1000 + seed), rich=True)
    text = pgn_text(game, notation=notation)
    (read,) = read_games(io.BytesIO(text.encode()))
    assert pgn_text(read, notation=notation) == text
    same(game, read)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("fen", [CROWDED, PIECES])
def test_every_move_of_crowded_positions_survives(notation: str, fen: str) -> None:
    game = Game()
    game.setup(fen)
    for move in game.board().legal_moves:
        node = game.add_variation(move)
        for reply in node.board().legal_moves:
            node.add_variation(reply)
    same(game, back(game, notation))


def test_the_notations_as_they_are_known() -> None:
    game = Game({})
    game.add_line(map(Move.from_uci, ["h2e2", "h9g7", "h0g2"]))
    written = {notation: pgn_text(game, notation=notation).splitlines()[-3:] for notation in NOTATIONS}
    assert written == {
        "iccs": ['[Format "ICCS"]', "", "1. H2-E2 H9-G7 2. H0-G2 *"],
        "uci": ['[Format "ICCS"]', "", "1. h2e2 h9g7 2. h0g2 *"],
        "wxf": ['[Format "WXF"]', "", "1. C2=5 H8+7 2. H2+3 *"],
        "chinese": ['[Format "Chinese"]', "", "1. 炮二平五 马８进７ 2. 马二进三 *"],
        "traditional": ['[Format "Chinese"]', "", "1. 炮二平五 馬８進７ 2. 馬二進三 *"],
    }


PARTS = [*'{}();[]"%$!?*<>\\.- \n\r\t&｛｝【】（）', "1.", "h2e2", "1-0", '\n[Event "x"]', "炮二平五", "a"]
CHARACTERS = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@given(CHARACTERS, CHARACTERS, CHARACTERS, CHARACTERS)
def test_any_comment_survives_or_is_told(first: str, second: str, third: str, value: str) -> None:
    game = Game({"Red": value})
    game.comment = first
    node = game.add_variation(Move.from_uci("h2e2"), comment=second)
    game.add_variation(Move.from_uci("c3c4"), starting_comment=third, comment=first)
    node.add_variation(Move.from_uci("h9g7"))
    losses: list[LossError] = []
    text = pgn_text(game, on_loss=losses.append)
    (read,) = read_games(io.BytesIO(text.encode()))
    assert not read.errors
    if not losses:
        same(game, read)
    else:  # only what was told has changed
        assert [str(node.move) for node in read.mainline()] == ["h2e2", "h9g7"]
        told = {loss.fields.get("text") for loss in losses}
        for comment, kept in ((first, read.comment), (second, read.variations[0].comment)):
            assert comment == kept or comment in told


def test_losses_say_what_is_lost() -> None:
    game = Game({"Red": "two\nlines", "White": "x", "no word": "y"})
    node = game.add_variation(Move.from_uci("h2e2"), comment="a } \n b", starting_comment="lost")
    node.add_variation(Move.from_uci("h2e2"))  # nothing stands there any more
    losses: list[LossError] = []
    (read,) = read_games(io.BytesIO(pgn_text(game, notation="wxf", on_loss=losses.append).encode()))
    assert sorted(loss.code for loss in losses) == [
        "records.loss_comment",
        "records.loss_header_lines",
        "records.loss_header_name",
        "records.loss_header_name",
        "records.loss_illegal",
        "records.loss_starting_comment",
    ]
    for loss in losses:
        assert loss.text("en").isascii()
        assert not loss.text("zh").isascii()
    assert read.headers["Red"] == "two lines"
    assert read.variations[0].comment == "a )\n b"
    assert [fault.reason for fault in read.errors] == ["move_illegal"]


def test_a_comment_with_braces_in_one_line_survives() -> None:
    game = Game({})
    node = game.add_variation(Move.from_uci("h2e2"), comment="a {set} of }")
    node.add_variation(Move.from_uci("h9g7"))
    losses: list[LossError] = []
    assert "; a {set} of }\n" in pgn_text(game, on_loss=losses.append)
    assert not losses
    assert back(game).variations[0].comment == "a {set} of }"


def test_a_game_that_starts_with_black_is_numbered_so() -> None:
    game = Game({})
    game.setup("3k5/9/9/9/9/9/9/9/4R4/4K4 b - - 3 12")
    game.add_line(map(Move.from_uci, ["d9d8", "e1e7"]))
    assert pgn_text(game, notation="chinese").splitlines()[-1] == "12... 将４进１ 13. 车五进六 *"
    same(game, back(game, "chinese"))
