from __future__ import annotations

import random

import numpy as np
import slow_rules

from xiangqi_gpt import Board
from xiangqi_gpt.rules.pieces import GENERAL
from xiangqi_gpt.rules.position import (
    COUNT,
    GENERAL_AT,
    LIST,
    SLOT,
    STATE_SIZE,
    TURN,
    State,
    make_move,
    new_state,
    unmake_move,
)


def assert_consistent(state: State) -> None:
    """The piece lists tell the same as the board."""
    for side in (0, 1):
        on_board = [sq for sq in range(90) if state[sq] and state[sq] >> 3 == side]
        listed = state[LIST + 90 * side : LIST + 90 * side + state[COUNT + side]].tolist()
        assert sorted(listed) == on_board
        assert [int(state[SLOT + sq]) for sq in listed] == list(range(len(listed)))
        assert state[state[GENERAL_AT + side]] == GENERAL + 8 * side


def meaning(state: State) -> list[int]:
    """The row without what its description calls meaningless: the slots of empty points, the lists' ends."""
    row = state.copy()
    row[SLOT : SLOT + 90][row[:90] == 0] = 0
    for side in (0, 1):
        row[LIST + 90 * side + row[COUNT + side] : LIST + 90 * side + 90] = 0
    values: list[int] = row.tolist()
    return values


def test_playing_a_move_moves_one_piece_and_taking_it_back_restores_the_row() -> None:
    rng = random.Random(1)
    captures = 0
    for number in range(400):
        pieces, red = slow_rules.random_position(rng, wild=number % 2 == 0)
        state = Board(slow_rules.write_fen(pieces, red)).state
        before = meaning(state)
        for move in Board.from_state(state).legal_moves:
            if state[move.to_square] & 7 == GENERAL:
                continue
            expected = state[:90].copy()
            expected[move.to_square] = expected[move.from_square]
            expected[move.from_square] = 0
            captured = int(state[move.to_square])
            captures += captured > 0
            undo = int(make_move(state, move.code))
            assert undo & 15 == captured
            assert np.array_equal(state[:90], expected)
            assert state[TURN] == (not red)
            assert_consistent(state)
            unmake_move(state, move.code, undo)
            assert meaning(state) == before
    assert captures > 500


def test_whole_games_can_be_played_and_taken_back() -> None:
    rng = random.Random(2)
    for _ in range(20):
        board = Board()
        rows = []
        while len(rows) < 300 and (moves := list(board.legal_moves)):
            rows.append(meaning(board.state))
            board.push(rng.choice(moves))
            assert_consistent(board.state)
        for row in reversed(rows):
            board.pop()
            assert meaning(board.state) == row


def test_counters_stop_rather_than_overflow() -> None:
    board = Board("4k4/9/9/9/9/9/9/9/9/3K5 b - - 31999 31999")
    for move in ("e9e8", "d0d1", "e8e9", "d1d0"):
        board.push_uci(move)
    assert (board.halfmove_clock, board.fullmove_number) == (32000, 32000)
    for _ in range(4):
        board.pop()
    assert board.fen().endswith(" b - - 31999 31999")


def test_new_state_builds_the_lists() -> None:
    pieces = Board().state[:90].copy()
    state = new_state(pieces, False, 3, 7)
    assert state.shape == (STATE_SIZE,)
    assert state.dtype == np.int16
    assert_consistent(state)
    assert Board.from_state(state).fen().endswith(" b - - 3 7")
