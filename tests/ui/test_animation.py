from __future__ import annotations

from xiangqi_gpt.board import Board
from xiangqi_gpt.rules.pieces import BLACK, CANNON, HORSE, RED, piece_code
from xiangqi_gpt.rules.squares import parse_square as at
from xiangqi_gpt.ui.animation import DURATION, Motion, Placement, Slide, motion_between, placement


def after(*moves: str) -> Placement:
    board = Board()
    for move in moves:
        board.push_uci(move)
    return placement(board)


def test_a_move_slides_and_what_it_takes_fades() -> None:
    cannon, horse = piece_code(CANNON, RED), piece_code(HORSE, BLACK)
    motion = motion_between(after(), after("h2h9"), 5.0)
    assert motion.slides == (Slide(cannon, at("h2"), at("h9")),)
    assert motion.fades == ((at("h9"), horse),)
    back = motion_between(after("h2h9"), after(), 5.0)
    assert back.slides == (Slide(cannon, at("h9"), at("h2")),)
    assert back.fades == ()


def test_two_plies_taken_back_slide_together() -> None:
    motion = motion_between(after("h2e2", "h9g7"), after(), 0.0)
    assert {(slide.origin, slide.target) for slide in motion.slides} == {(at("e2"), at("h2")), (at("g7"), at("h9"))}


def test_it_runs_from_start_to_end_and_then_rests() -> None:
    motion = motion_between(after(), after("h2e2"), 10.0)
    assert motion.done(10.0) == 0.0
    assert 0.5 < motion.done(10.0 + DURATION / 2) < 1.0
    assert motion.done(10.01 + DURATION) == 1.0
    assert motion.is_running(10.0)
    assert not motion.is_running(10.01 + DURATION)
    assert not Motion().is_running(0.0)
