"""Games that an engine plays against itself."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from rules_engine import FailingEngine, RulesEngine, dice, material

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.labels.generate import ADJUDICATION, MAX_PLIES, GenerateSettings, generate_games, play_game
from xiangqi_gpt.labels.openings import balanced_opening, begin_as, opening_lines
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.engine_info import Score
from xiangqi_gpt.players.engine_process import EngineError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.reader import read_games

SETTINGS = GenerateSettings("uci:no-program", nodes=(200, 300), opening_plies=6, max_plies=60)
PutIn = Callable[[RulesEngine], str]


def as_games(texts: list[str]) -> list[Game]:
    return list(read_games(io.BytesIO("\n".join(texts).encode())))


def test_games_are_legal_and_labelled() -> None:
    engine = RulesEngine()
    texts = [str(play_game(engine, SETTINGS, number)) for number in range(1, 13)]
    games = as_games(texts)
    assert [game.headers["Round"] for game in games] == [str(number) for number in range(1, 13)]
    unlike: dict[str, list[bool]] = {"some": [], "none": []}
    for game in games:
        assert not game.errors
        begun = int(game.headers["OpeningPlies"])
        board = game.start_board()
        nodes = {color: int(game.headers[name].split()[-2]) for color, name in ((True, "Red"), (False, "Black"))}
        assert all(200 <= number <= 300 for number in nodes.values())
        for ply, node in enumerate(game.mainline()):
            label = node.label()
            if ply < begun:
                assert not node.comment
            else:
                assert (board.fen(), nodes[board.turn], 1) in engine.asked
                fen = board.fen()
                found = min(board.legal_moves, key=lambda move: dice(fen, nodes[board.turn], move))
                assert label.best == found
                assert label.eval == (1 if board.turn else -1) * engine.score(board, found).cp
                unlike["none" if game.headers["RandomMoves"] == "0.00" else "some"].append(node.move != found)
            board.push(node.move)
        assert int(game.headers["PlyCount"]) == len(board.move_stack) <= 60
        outcome = board.outcome()
        assert game.result == (outcome.result() if outcome else "1/2-1/2")
        assert game.headers["Termination"] == (outcome.termination.value if outcome else MAX_PLIES)
    assert len({game.headers["OpeningPlies"] for game in games}) > 3
    assert not any(unlike["none"])
    assert 0.05 < sum(unlike["some"]) / len(unlike["some"]) < 0.2


@pytest.mark.parametrize("ahead", [1, -1])
def test_decided_games_are_adjudicated(ahead: int) -> None:
    settings = replace(SETTINGS, opening_plies=0, blunder_games=0)

    def score(board: Board, move: Move) -> Score:
        mover = 1 if board.turn else -1
        return Score(cp=ahead * mover * 1900) if len(board.move_stack) > 3 else Score(cp=0)

    game = play_game(RulesEngine(score), settings, 1)
    assert (game.result, game.headers["Termination"]) == ("1-0" if ahead > 0 else "0-1", ADJUDICATION)
    assert game.headers["PlyCount"] == "14"  # ten plies from the fifth on


@pytest.mark.parametrize("cp", [1900, 1700])
def test_games_that_are_not_decided_go_on(cp: int) -> None:
    settings = replace(SETTINGS, max_plies=30)
    # 1900 for whoever moves: now for Red, now for Black; 1700 is not enough.
    engine = RulesEngine(lambda board, move: Score(cp=cp if cp == 1900 or board.turn else -cp))
    assert play_game(engine, settings, 1, opening=[]).headers["Termination"] == MAX_PLIES


def test_given_openings() -> None:
    line = [Move.from_uci(move).code for move in ("h2e2", "h9g7", "h0g2", "i9h9", "i0h0", "b9c7", "c3c4", "h7i7")]
    for number in range(8):
        game = play_game(RulesEngine(), replace(SETTINGS, opening_plies=8), number, line)
        begun = int(game.headers["OpeningPlies"])
        assert [move.code for move in game.mainline_moves()][:begun] == line[:begun]


def test_openings_do_not_go_to_the_end_of_the_game() -> None:
    moves = ["d0e1", "h7h4", "b2b3", "h4g4", "c0a2", "g4g0"]
    game = Game()
    game.add_line(map(Move.from_uci, moves))
    assert len(opening_lines([Game({"FEN": Board().fen()})], 30)) == 1
    (line,) = opening_lines([game, Game({"FEN": "3k5/9/9/9/9/9/9/9/9/4K4 w - - 0 1"})], 30)
    mate = Board()
    for code in line:
        mate.push(Move.from_code(code))
    assert mate.is_checkmate()
    assert [move.uci() for move in begin_as(line, 30).move_stack] == moves[:-1]
    assert [len(line) for line in opening_lines([game], 4)] == [4]


def test_openings_are_balanced_and_varied() -> None:
    import random

    def score(board: Board, move: Move) -> Score:
        mover = 1 if board.turn else -1
        return Score(cp=mover * material(board))

    engine = RulesEngine(score)
    found = []
    for number in range(30):
        board = balanced_opening(engine, random.Random(number), 12, 1.5, number)
        assert len(board.move_stack) == 12
        assert abs(material(board)) <= 150
        assert board.outcome() is None
        found.append(board.board_fen())
    assert len(set(found)) == 30


def test_an_engine_to_which_nothing_is_balanced() -> None:
    engine = RulesEngine(lambda board, move: Score(cp=900))
    with pytest.raises(XiangqiError, match=r"--balance"):
        play_game(engine, replace(SETTINGS, seed=3), 1)


def test_games_depend_on_settings_and_number_alone(put_in: PutIn) -> None:
    put_in(RulesEngine())
    whole = list(generate_games(SETTINGS, range(1, 13)))
    assert [game.number for game in whole] == list(range(1, 13))
    assert len({game.text for game in whole}) == 12
    later = list(generate_games(SETTINGS, range(6, 13)))
    assert later == whole[5:]
    assert next(generate_games(replace(SETTINGS, seed=2), [1])).text != whole[0].text
    with ThreadPoolExecutor(3) as executor:
        assert list(generate_games(SETTINGS, range(1, 13), executor=executor, workers=3)) == whole


def test_openings_are_drawn_by_number(put_in: PutIn) -> None:
    put_in(RulesEngine())
    lines = [(Move.from_uci(move).code,) for move in ("a3a4", "c3c4", "e3e4", "g3g4")]
    settings = replace(SETTINGS, opening_plies=1, max_plies=4)
    whole = list(generate_games(settings, range(1, 60), lines))
    assert list(generate_games(settings, range(9, 60), lines)) == whole[8:]
    firsts = {next(iter(game.mainline_moves())).uci() for game in as_games([game.text for game in whole])}
    assert {"a3a4", "c3c4", "e3e4", "g3g4"} <= firsts


def test_an_engine_that_fails_once_is_started_anew(put_in: PutIn) -> None:
    put_in(RulesEngine())
    whole = list(generate_games(SETTINGS, range(1, 4)))
    failed: list[object] = []

    def fails(board: Board, game: object) -> bool:
        failed.append(game)
        return game == 2 and failed.count(2) == 9

    put_in(FailingEngine(fails))
    assert list(generate_games(SETTINGS, range(1, 4))) == whole


def test_a_game_that_an_engine_fails_on_is_left_out(put_in: PutIn) -> None:
    put_in(RulesEngine())
    whole = list(generate_games(SETTINGS, range(1, 4)))
    put_in(FailingEngine(lambda board, game: game == 2))
    games = list(generate_games(SETTINGS, range(1, 4)))
    assert (games[0], games[2]) == (whole[0], whole[2])
    assert isinstance(games[1].error, EngineError)
    assert games[1].text == ""


def test_an_engine_that_always_fails_ends_the_run(put_in: PutIn) -> None:
    put_in(FailingEngine(lambda board, game: game != 1))
    games = generate_games(SETTINGS, range(1, 100))
    told = []
    with pytest.raises(EngineError, match="exit status 3"):
        told += [game.number for game in games]
    assert len(list(told)) < 10
