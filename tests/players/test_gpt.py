"""The model as a player, with a mock for the model, and one small real model."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from xiangqi_gpt import RED, Board, Move
from xiangqi_gpt.encoding.conditions import Conditions
from xiangqi_gpt.encoding.vocabulary import move_code
from xiangqi_gpt.model.checkpoint import save_model
from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.folder import ModelFileError
from xiangqi_gpt.model.policy import Evaluation
from xiangqi_gpt.players.base import Info
from xiangqi_gpt.players.gpt import GPTPlayer
from xiangqi_gpt.players.style import Style
from xiangqi_gpt.rules.position import State


class FixedPolicy:
    """Gives the moves named their probabilities, and the others what is left in equal parts."""

    def __init__(self, **probabilities: float) -> None:
        self.wanted = {Move.from_uci(uci).code: probability for uci, probability in probabilities.items()}
        self.asked: list[tuple[State, NDArray[np.uint16]]] = []

    def tell(self, conditions: Conditions) -> None:
        self.told = conditions

    def evaluate(self, start: State, moves: NDArray[np.uint16]) -> Evaluation:
        self.asked.append((start, moves))
        board = Board.from_state(start)
        for move in moves:
            board.push(Move.from_code(move_code(int(move))))
        codes = np.array([move.code for move in board.legal_moves], np.int32)
        weights = np.array([self.wanted.get(code, 0.0) for code in codes.tolist()])
        weights[weights == 0] = (1 - weights.sum()) / max(1, (weights == 0).sum())
        return Evaluation(codes, weights / weights.sum(), np.array([0.5, 0.3, 0.2]))


def player(policy: FixedPolicy, **settings: object) -> GPTPlayer:
    return GPTPlayer(policy, **settings)  # type: ignore[arg-type]


def test_temperature_zero_plays_the_likeliest_move() -> None:
    gpt = player(FixedPolicy(h2e2=0.4, b2e2=0.3))
    assert {gpt.play(Board()).move for _ in range(20)} == {Move.from_uci("h2e2")}


def test_the_policy_is_told_of_the_side_it_plays_and_tells_its_chances() -> None:
    policy = FixedPolicy(h2e2=0.4)
    gpt = player(policy, style=Style(result=1, rating=2000))
    info = gpt.play(Board()).info
    assert info is not None
    assert info.win_probability == pytest.approx(0.65)
    assert policy.told == Conditions(result=1, red_rating=2000)
    board = Board()
    board.push_uci("h2e2")
    gpt.play(board)
    assert policy.told == Conditions(result=-1, black_rating=2000)


def test_draws_follow_the_tempered_distribution() -> None:
    """At temperature 1/2 the odds of 0.6 to 0.3 are squared: 4 to 1."""
    gpt = player(FixedPolicy(h2e2=0.6, b2e2=0.3), temperature=0.5, seed=1)
    counts = Counter(gpt.play(Board()).move for _ in range(2000))
    hits, others = counts[Move.from_uci("h2e2")], counts[Move.from_uci("b2e2")]
    assert hits + others > 1950
    assert hits / others == pytest.approx(4, rel=0.2)


def test_equal_seeds_play_equal_games() -> None:
    def moves(seed: int) -> list[Move | None]:
        gpt = player(FixedPolicy(h2e2=0.2), temperature=1.0, seed=seed)
        return [gpt.play(Board()).move for _ in range(30)]

    assert moves(5) == moves(5)
    assert moves(5) != moves(6)


def test_mate_in_one_is_taken_whatever_the_model_thinks() -> None:
    board = Board("3k5/9/9/9/9/9/9/9/4R4/1R2K4 w")  # a rook to the back rank mates, one to the rank before stalemates
    move = player(FixedPolicy(e1e2=0.99)).play(board).move
    assert move is not None
    board.push(move)
    outcome = board.outcome()
    assert outcome is not None
    assert outcome.winner == RED


def test_it_does_not_check_for_ever_whatever_the_model_thinks() -> None:
    """The model only wants to check; Black's general steps to and fro, and the third time Red would lose."""
    gpt = player(FixedPolicy(a7a8=0.9, a8a9=0.9, a9a8=0.9))
    board = Board("9/3k5/R8/8p/9/9/9/9/9/4K4 w")  # the pawn keeps Black from stalemate
    checks = 0
    for _ in range(6):
        move = gpt.play(board).move
        assert move is not None
        board.push(move)
        checks += board.is_check()
        if not board.is_check():
            break
        board.push(next(answer for answer in board.legal_moves if answer.uci() in ("d8d9", "d9d8")))
        assert board.outcome() is None
    assert 3 <= checks <= 5
    assert not board.is_check()


def test_the_likeliest_moves_are_reported() -> None:
    infos: list[Info] = []
    result = player(FixedPolicy(h2e2=0.5, b2e2=0.2)).play(Board(), on_progress=infos.append)
    assert infos == [result.info]
    first, second = result.info.candidates[:2]
    assert (first.move.uci(), first.probability) == ("h2e2", pytest.approx(0.5))
    assert (second.move.uci(), second.probability) == ("b2e2", pytest.approx(0.2))


def test_the_model_is_shown_the_whole_game() -> None:
    policy = FixedPolicy()
    board = Board()
    for uci in ("h2e2", "h9g7"):
        board.push_uci(uci)
    gpt = player(policy)
    gpt.play(board)
    start, moves = policy.asked[-1]
    assert np.array_equal(start[:90], Board().state[:90])
    assert len(moves) == 2
    assert len(board.move_stack) == 2  # the board is left as it was


def test_a_loaded_model_plays_a_legal_game_past_its_context(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = ModelConfig(context=12, n_layer=1, n_head=1, d_model=16, d_ff=16, zero_init=False)
    save_model(tmp_path / "mine", config, Decoder(config).state_dict())
    gpt = GPTPlayer.load(tmp_path / "mine", seed=3, temperature=1.0)
    assert gpt.name == "gpt:mine"
    board = Board()
    while not board.is_game_over() and len(board.move_stack) < 60:
        move = gpt.play(board).move
        assert move is not None
        assert move in board.legal_moves
        board.push(move)
    assert len(board.move_stack) > 12
    gpt.close()


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError):
        GPTPlayer.load(tmp_path)
