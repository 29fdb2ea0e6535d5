"""Games labelled by an engine."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from rules_engine import FailingEngine, RulesEngine, dice

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.labels.label import LABEL_HEADER, LabelSettings, label_games
from xiangqi_gpt.players.engine_info import Score
from xiangqi_gpt.players.engine_process import EngineError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.reader import read_games

PutIn = Callable[[RulesEngine], str]

PGN = """[Game "Chinese Chess"]
[Event "First"]
[Annotator "Somebody"]

{ a game } 1. h2e2 { [%eval 9.99] [%best a0a1] good } ( 1. b2e2 { the same } ) h9g7 2. h0g2 1/2-1/2

[Game "Chinese Chess"]
[Event "Second"]
[FEN "3k5/9/9/9/9/9/9/9/r8/4K3R b - - 0 1"]

1... a1b1 2. i0i1 *

[Game "Chinese Chess"]
[Event "Third"]

*
"""


def games(text: str = PGN) -> list[Game]:
    return list(read_games(io.BytesIO(text.encode())))


def settings(spec: str, multipv: int = 1) -> LabelSettings:
    return LabelSettings(spec, 500, multipv)


def best(board: Board) -> Move:
    fen = board.fen()
    return min(board.legal_moves, key=lambda move: dice(fen, 500, move))


def test_labels_tell_of_the_position_before_the_move(put_in: PutIn) -> None:
    engine = RulesEngine(lambda board, move: Score(cp=35) if board.turn else Score(mate=3))
    found = list(label_games(games(), settings(put_in(engine))))
    assert [labelled.plies for labelled in found] == [3, 2, 0]
    for labelled in found:
        board = labelled.game.start_board()
        for node in labelled.game.mainline():
            # A mate for Black is one against Red.
            assert node.label() == (35 if board.turn else -29_997, best(board), ())
            board.push(node.move)
    first, second, third = (labelled.game for labelled in found)
    assert (first.headers[LABEL_HEADER], second.headers[LABEL_HEADER]) == ("Rules 1, 500 nodes",) * 2
    assert LABEL_HEADER not in third.headers
    assert len(set(engine.games)) == 2
    assert "[%eval #-3]" in second.variations[0].comment


def test_the_rest_of_a_game_stays(put_in: PutIn) -> None:
    found = [labelled.game for labelled in label_games(games(), settings(put_in(RulesEngine())))]
    first = found[0]
    node = first.variations[0]
    assert first.comment == "a game"
    assert node.comment.endswith("] good")
    assert "9.99" not in node.comment
    assert [other.move.uci() for other in first.variations] == ["h2e2", "b2e2"]
    assert first.variations[1].comment == "the same"
    assert (first.headers["Event"], first.headers["Annotator"], first.result) == ("First", "Somebody", "1/2-1/2")
    again = games("\n".join(map(str, found)))
    assert [str(game) for game in again] == [str(game) for game in found]


def test_candidates(put_in: PutIn) -> None:
    engine = RulesEngine(lambda board, move: Score(cp=dice(move) % 1000))
    (labelled, *_) = label_games(games(), settings(put_in(engine), 3))
    board = Board()
    for node in labelled.game.mainline():
        ranked = sorted(board.legal_moves, key=lambda move: dice(board.fen(), 500, move))[:3]
        sign = 1 if board.turn else -1
        assert node.label().candidates == tuple((move, sign * (dice(move) % 1000)) for move in ranked)
        board.push(node.move)


def test_faulty_games_are_labelled_up_to_the_fault(put_in: PutIn) -> None:
    text = PGN.replace("2. h0g2", "2. h0h9").replace("3k5/9/9/9/9/9/9/9/r8/4K3R b", "3k5/9/9 b")
    first, second, third = label_games(games(text), settings(put_in(RulesEngine())))
    assert (first.plies, len(first.game.errors)) == (2, 1)
    assert (second.plies, third.plies, third.error) == (0, 0, None)
    assert second.error is not None  # it could not be written: its position is none


def test_an_executor_gives_the_same_in_order(put_in: PutIn) -> None:
    spec = put_in(RulesEngine())
    many = [game for _ in range(5) for game in games()]
    alone = [str(labelled.game) for labelled in label_games(many, settings(spec))]
    with ThreadPoolExecutor(3) as executor:
        many = [game for _ in range(5) for game in games()]
        found = label_games(many, LabelSettings(spec, 500), executor=executor, workers=3)
        assert [str(labelled.game) for labelled in found] == alone


def test_failures(put_in: PutIn) -> None:
    failures: list[str] = []

    def fails_once(board: Board, game: object) -> bool:
        failures.append(board.fen())
        return len(failures) == 2

    spec = put_in(RulesEngine())
    whole = [str(labelled.game) for labelled in label_games(games(), settings(spec))]
    put_in(FailingEngine(fails_once))
    assert [str(labelled.game) for labelled in label_games(games(), settings(spec))] == whole
    put_in(FailingEngine(lambda board, game: board.root() != Board()))
    first, second, third = label_games(games(), settings(spec))
    assert (str(first.game), str(third.game)) == (whole[0], whole[2])
    assert isinstance(second.error, EngineError)
    put_in(FailingEngine(lambda board, game: True))
    with pytest.raises(EngineError, match="exit status 3"):
        list(label_games([game for _ in range(9) for game in games()[:2]], settings(spec)))
