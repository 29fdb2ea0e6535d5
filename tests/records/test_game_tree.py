"""The tree, and what is in its comments."""

from __future__ import annotations

import io

import pytest
from trees import facts

from xiangqi_gpt import Board, InvalidFenError, Move
from xiangqi_gpt.records.annotations import read_data, with_eval
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.pgn_writer import pgn_text
from xiangqi_gpt.records.reader import read_games


def test_what_a_file_cannot_hold_changes_as_told() -> None:
    game = Game({"Event": "two\nlines"})
    game.add_variation(Move.from_uci("h2e2"), comment='a {brace}\n[Event "no tag"]')
    (back,) = read_games(io.BytesIO(pgn_text(game).encode()))
    assert back.headers["Event"] == "two lines"
    assert back.variations[0].comment == 'a (brace)\n [Event "no tag"]'


def test_deep_trees_need_no_deep_recursion() -> None:
    text = "1. h2e2 h9g7 " + "(1... h9i7 2. h0g2 i7h9 (2... b9c7 3. g2h0 c7b9 (3... h9g7 4. h0g2 i9h9 " * 1000
    (game,) = read_games(io.BytesIO(text.encode()))
    assert pgn_text(game).count("(") > 0
    text = "1. h2e2 h9g7 " + "(1... c6c5 2. c3c4 (2. b0c2 " * 3000
    (game,) = read_games(io.BytesIO(text.encode()))
    assert len(facts(game)) > 3
    line = Game()
    line.add_line([Move.from_uci(move) for _ in range(5000) for move in ("h0g2", "h9g7", "g2h0", "g7h9")])
    (back,) = read_games(io.BytesIO(pgn_text(line).encode()))
    assert list(back.mainline_moves()) == list(line.mainline_moves())


def test_the_text_is_as_other_programs_write_it() -> None:
    game = Game({"Event": "E", "Result": "0-1"})
    node = game.add_variation(Move.from_uci("h2e2"))
    node.add_variation(Move.from_uci("h9g7"), comment="x")
    node.add_variation(Move.from_uci("c6c5"), nags=[2, 10])
    node.variations[0].add_variation(Move.from_uci("h0g2"))
    assert str(game) == (
        '[Game "Chinese Chess"]\n[Event "E"]\n[Result "0-1"]\n[Format "ICCS"]\n\n'
        "1. H2-E2 H9-G7 { x } ( 1... C6-C5? $10 ) 2. H0-G2 0-1\n"
    )


def test_lines_are_wrapped() -> None:
    game = Game()
    game.add_line([Move.from_uci(move) for _ in range(40) for move in ("h0g2", "h9g7", "g2h0", "g7h9")])
    assert max(map(len, pgn_text(game).splitlines())) <= 80


def test_a_game_from_a_board() -> None:
    board = Board("3k5/9/9/8p/9/9/9/9/R8/4KR3 w - - 0 1")
    for move in ("a1a8", "i6i5", "f0f9"):
        board.push_uci(move)
    assert board.is_checkmate()
    game = Game.from_board(board)
    assert game.headers["FEN"] == "3k5/9/9/8p/9/9/9/9/R8/4KR3 w - - 0 1"
    assert game.result == "1-0"
    assert game.end().board().move_stack == board.move_stack
    assert game.end().board() == board
    assert "FEN" not in Game.from_board(Board()).headers


def test_moving_about_in_the_tree() -> None:
    game = Game()
    main = game.add_variation(Move.from_uci("h2e2"))
    side = game.add_variation(Move.from_uci("c3c4"))
    last = game.add_main_variation(Move.from_uci("b2e2"))
    assert [str(node.move) for node in game.variations] == ["b2e2", "h2e2", "c3c4"]
    game.promote(side)
    game.demote(last)
    assert [str(node.move) for node in game.variations] == ["c3c4", "b2e2", "h2e2"]
    game.promote_to_main(Move.from_uci("h2e2"))
    assert game.next() is main
    assert game.variation(1) is side
    assert side.starts_variation()
    assert main.is_mainline()
    reply = side.add_variation(Move.from_uci("g6g5"))
    assert not reply.is_mainline()
    assert reply.is_main_variation()
    assert reply.game() is game
    assert (reply.ply(), reply.turn(), game.turn(), side.turn()) == (2, True, True, False)
    game.remove_variation(side)
    assert not game.has_variation(side)
    with pytest.raises(KeyError):
        game.variation(Move.from_uci("c3c4"))
    assert game.end() is main
    assert repr(main) == "<ChildNode h2e2>"


def test_a_bad_fen_header_is_an_error_when_the_board_is_asked_for() -> None:
    with pytest.raises(InvalidFenError):
        Game({"FEN": "nothing"}).board()


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.35", 35), ("-12.5", -1250), ("+3", 300), ("#1", 29999), ("#-12", -29988), ("0.00", 0), ("-0.07", -7)],
)
def test_evaluations_are_read_and_written(text: str, value: int) -> None:
    assert read_data(f"so [%eval {text}] it is").after == value
    assert read_data(with_eval("a [%eval 9] comment", value)).after == value
    assert with_eval("a [%eval 9] comment", None) == "a comment"


def test_evaluations_stay_within_their_range() -> None:
    assert read_data("[%eval 999999]").after == 28999
    assert read_data("[%eval -400.5]").after == -28999
    assert read_data("[%eval #999999]").after == 29000
    assert read_data("[%eval what]").after is None
    assert read_data("[%eval 1.25,18]").after == 125


def test_an_evaluation_alone_is_of_the_position_after_the_move() -> None:
    game = Game()
    node = game.add_variation(Move.from_uci("h2e2"), comment="words")
    reply = node.add_variation(Move.from_uci("h9g7"))
    node.set_eval(-35)
    assert node.comment == "[%eval -0.35] words"
    assert (node.eval(), reply.label().eval, node.label().eval, reply.eval()) == (-35, -35, None, None)
    node.set_eval(None)
    assert (node.comment, node.eval()) == ("words", None)


def test_a_label_is_of_the_position_before_the_move() -> None:
    game = Game()
    node = game.add_variation(Move.from_uci("h2e2"), comment="words")
    reply = node.add_variation(Move.from_uci("h9g7"))
    best, other = Move.from_uci("b9c7"), Move.from_uci("h9g7")
    reply.set_label(29997, best, [(best, 29997), (other, -1)])
    assert reply.comment == "[%eval #3] [%best b9c7] [%multipv b9c7 #3 h9g7 -0.01]"
    assert reply.label() == (29997, best, ((best, 29997), (other, -1)))
    assert (node.eval(), reply.eval(), reply.best()) == (29997, None, best)
    with pytest.raises(ValueError, match="set_label"):
        reply.set_eval(3)
    reply.set_label(None, None)
    assert (reply.comment, reply.label()) == ("", (None, None, ()))
    with pytest.raises(ValueError, match="needs a best move"):
        reply.set_label(5, None)
    node.set_eval(12)
    with pytest.raises(ValueError, match="set_label"):
        node.set_best(best)
    reply.set_best(best)
    assert (reply.best(), reply.label().eval) == (best, 12)


@pytest.mark.parametrize(
    ("text", "seconds"), [("0:01:02", 62), ("1:00:00", 3600), ("0:00:07.5", 7.5), ("10:59:59.25", 39599.25)]
)
def test_clocks(text: str, seconds: float) -> None:
    node = Game().add_variation(Move.from_uci("h2e2"), comment=f"[%csl Ga1] [%clk {text}] [%emt {text}] x")
    assert (node.clock(), node.emt()) == (seconds, seconds)
    node.set_clock(seconds + 1)
    node.set_emt(None)
    assert (node.clock(), node.emt()) == (seconds + 1, None)
    node.set_clock(seconds)
    assert node.comment == f"[%clk {text}] [%csl Ga1] x"
    node.set_clock(None)
    assert node.comment == "[%csl Ga1] x"
