"""The tree as Python has it: lines to go through, children by index, copies and pickles."""

from __future__ import annotations

import copy
import io
import pickle

import pytest
from trees import facts

from xiangqi_gpt import Board, Move
from xiangqi_gpt.records.game import ChildNode, Game, GameNode
from xiangqi_gpt.records.reader import read_games

E2, C4, HORSE = (Move.from_uci(text) for text in ("h2e2", "c3c4", "h9g7"))


def small() -> Game:
    game = Game({"Red": "甲"})
    game.add_line([E2, HORSE])
    game.add_variation(C4, comment="side", starting_comment="or", nags=[1, 14])
    return game


# The main line


def test_a_main_line_can_be_gone_through_again() -> None:
    game = small()
    moves, nodes = game.mainline_moves(), game.mainline()
    assert [*moves] == [*moves] == [E2, HORSE]
    assert [*reversed(moves)] == [HORSE, E2]
    assert [*reversed(nodes)] == [*nodes][::-1]
    assert (bool(moves), bool(game.end().mainline_moves())) == (True, False)
    assert [*game.variations[0].mainline_moves()] == [HORSE]
    game.end().add_variation(C4)
    assert [*moves] == [E2, HORSE, C4]


def test_a_main_line_as_text() -> None:
    game = small()
    assert str(game.mainline_moves()) == str(game.mainline()) == "1. H2-E2 H9-G7"
    assert str(game.variations[0].mainline_moves()) == "1... H9-G7"
    assert str(game.end().mainline()) == ""
    assert repr(game.mainline_moves()) == "<Mainline h2e2 h9g7>"
    late = Game({"FEN": "3k5/9/9/9/9/9/9/9/9/4K4 b - - 0 7"})
    late.add_line([Move.from_uci("d9d8"), Move.from_uci("e0e1")])
    assert str(late.mainline_moves()) == "7... D9-D8 8. E0-E1"


# Children


def test_children_by_number_and_move() -> None:
    game = small()
    assert game[0] is game.variations[0]
    assert game[C4] is game[1] is game[game[1]]
    assert C4 in game
    assert HORSE not in game
    assert game[1] in game
    assert 2 not in game
    with pytest.raises(KeyError):
        game[HORSE]
    with pytest.raises(TypeError, match="not iterable"):
        iter(game)  # type: ignore[call-overload]


# The start


def test_the_usual_start_is_not_set_up() -> None:
    usual = Board().fen()
    assert not Game().is_setup()
    for fen in (usual, usual.replace("0 1", "3 9"), usual.split()[0]):
        assert not Game({"FEN": fen}).is_setup()
    for fen in (usual.replace(" w ", " b "), "3k5/9/9/9/9/9/9/9/9/4K4 w - - 0 1", "nothing"):
        assert Game({"FEN": fen}).is_setup()


# Copies


def long_game() -> Game:
    """2,000 plies with a side line at each tenth, one of them as long."""
    game = Game({"Event": "long", "Red": "甲"})
    node: GameNode = game
    shuffle = [Move.from_uci(text) for text in ("h0g2", "h9g7", "g2h0", "g7h9")]
    for ply in range(2000):
        if ply % 10 == 0:
            node.add_variation(C4, comment=str(ply), starting_comment="or", nags=[2])
        node = node.add_main_variation(shuffle[ply % 4], comment="[%eval 0.01]" if ply % 3 else "")
    game.variations[1].add_line(shuffle * 500)
    return game


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_long_games_are_pickled(protocol: int) -> None:
    game = long_game()
    back = pickle.loads(pickle.dumps(game, protocol))
    assert facts(back) == facts(game)
    assert back.variations[1].parent is back
    assert back.end().game() is back


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy])
def test_long_games_are_copied(how: object) -> None:
    game = long_game()
    before = facts(game)
    other = how(game)  # type: ignore[operator]
    assert facts(other) == before
    other.headers["Red"] = "乙"
    other.remove_variation(1)
    other.end().comment = "changed"
    assert facts(game) == before


def test_a_node_is_copied_with_its_game() -> None:
    game = long_game()
    node = game.variations[1].end()
    both = copy.deepcopy([node, game])
    assert both[0].game() is both[1]
    assert both[0] is both[1].variations[1].end()
    back = pickle.loads(pickle.dumps(node))
    assert back.ply() == 2001
    assert facts(back.game()) == facts(game)


def test_a_node_that_was_taken_out_is_copied_too() -> None:
    game = small()
    node = game.variations[0]
    game.remove_variation(node)
    other = copy.deepcopy(node.variations[0]).parent
    assert isinstance(other, ChildNode)
    assert other is not node
    assert (other.move, [*other.mainline_moves()]) == (E2, [HORSE])
    assert facts(other.game()) == facts(game)


def test_faults_and_what_others_add_are_copied() -> None:
    class Rated(Game):
        rating = 0

    (faulty,) = read_games(io.BytesIO(b"1. h2e2 h9h0 *"))
    back = pickle.loads(pickle.dumps(faulty))
    assert [str(error) for error in back.errors] == [str(error) for error in faulty.errors]
    rated = Rated()
    rated.rating = 7
    other = copy.deepcopy(rated)
    assert (type(other), other.rating) == (Rated, 7)
