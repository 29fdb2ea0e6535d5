"""Whole games in one kernel call, against ``Board`` played move by move."""

from __future__ import annotations

import random

import numpy as np

from xiangqi_gpt import Board
from xiangqi_gpt.encoding.replay import drop_illegal_best, replay_game
from xiangqi_gpt.encoding.vocabulary import N_MOVES, NO_MOVE, move_id


def random_game(rng: random.Random, plies: int) -> tuple[Board, list[int]]:
    board, ids = Board(), []
    for _ in range(plies):
        legal = list(board.legal_moves)
        if not legal:
            break
        board.push(rng.choice(legal))
        ids.append(move_id(board.peek().code))
    return board, ids


def test_legal_games_are_played_to_their_end() -> None:
    rng = random.Random(1)
    for _ in range(50):
        board, ids = random_game(rng, rng.randrange(120))
        state = Board().state
        assert replay_game(state, np.array(ids, np.uint16)) == len(ids)
        assert Board.from_state(state) == board


def test_the_first_illegal_ply_is_found_and_the_position_before_it_left() -> None:
    rng = random.Random(2)
    for _ in range(200):
        board, ids = random_game(rng, 40)
        at = rng.randrange(len(ids))
        while len(board.move_stack) > at:
            board.pop()
        legal = {move_id(move.code) for move in board.legal_moves}
        ids[at] = rng.choice([x for x in (*range(0, N_MOVES, 7), N_MOVES, 2087, NO_MOVE) if x not in legal])
        state = Board().state
        assert replay_game(state, np.array(ids, np.uint16)) == at
        assert Board.from_state(state) == board


def test_illegal_best_moves_are_dropped() -> None:
    rng = random.Random(3)
    _, ids = random_game(rng, 60)
    best, expected = [], []
    board = Board()
    for move in ids:
        legal = {move_id(m.code): m for m in board.legal_moves}
        label = rng.choice([rng.choice(sorted(legal)), rng.randrange(N_MOVES), N_MOVES + 3, NO_MOVE])
        best.append(label)
        expected.append(label if label in legal else NO_MOVE)
        board.push(legal[move])
    labels = np.array(best, np.uint16)
    dropped = drop_illegal_best(Board().state, np.array(ids, np.uint16), labels)
    assert labels.tolist() == expected
    assert dropped == sum(a != b for a, b in zip(best, expected, strict=True)) > 0
