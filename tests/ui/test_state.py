from __future__ import annotations

import pytest

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.notation.errors import IllegalMoveError
from xiangqi_gpt.rules.fen import InvalidFenError
from xiangqi_gpt.rules.outcome import Termination
from xiangqi_gpt.rules.pieces import BLACK, RED
from xiangqi_gpt.rules.squares import parse_square as at
from xiangqi_gpt.rules.status import UnplayablePositionError
from xiangqi_gpt.ui.state import (
    Table,
    answer,
    can_undo,
    drop_selection,
    new_table,
    play,
    press,
    release,
    resign,
    result_text,
    set_up,
    undo,
)

# Red mates by a2-a9: the rook on b8 holds the rank below.
MATE_IN_ONE = "3k5/1R7/9/9/9/9/9/R8/9/4K4 w - - 0 1"
# The horse on e1 must not move away: the rook on e5 looks at the general. The generals' file is e-d.
PINNED = "3k5/9/9/9/4r4/9/9/9/4N4/4K4 w - - 0 1"
# The advisor on e1 shields the general from the other general.
SHIELDED = "4k4/9/9/9/9/9/9/9/4A4/R3K4 w - - 0 1"


def start(person: bool = RED) -> Table:
    return new_table(Board(), person)


def moves(table: Table) -> list[str]:
    return [move.uci() for move in table.board.move_stack]


def game(*texts: str, person: bool = RED) -> Table:
    table = start(person)
    for text in texts:
        table = play(table, Move.from_uci(text))
    return table


def test_two_clicks_make_a_move() -> None:
    table = start()
    picked = release(press(table, at("b0")), at("b0"))
    # The horse at the start: two ways forward, the way to d1 is blocked by the elephant.
    assert picked.selected == at("b0")
    assert picked.targets == {at("a2"), at("c2")}
    assert not picked.held
    played = press(picked, at("c2"))
    assert moves(played) == ["b0c2"]
    assert (played.selected, played.targets) == (None, frozenset())
    assert played.texts[0].simplified == "马八进七"
    assert played.texts[0].traditional == "馬八進七"
    assert played.texts[0].wxf == "H8+7"
    # A value: the table before has not changed.
    assert moves(table) == moves(picked) == []


def test_a_drag_makes_a_move() -> None:
    held = press(start(), at("h2"))
    assert held.held
    assert moves(release(held, at("e2"))) == ["h2e2"]


def test_a_drop_where_it_cannot_go_returns_the_piece_and_keeps_it_picked() -> None:
    held = press(start(), at("h2"))
    for sq in (at("g3"), at("h7"), None):
        back = release(held, sq)
        assert moves(back) == []
        assert back.selected == at("h2")
        assert not back.held


def test_a_second_click_or_a_click_elsewhere_unpicks() -> None:
    picked = release(press(start(), at("b0")), at("b0"))
    assert release(press(picked, at("b0")), at("b0")).selected is None
    for sq in (at("e5"), at("d1"), at("e6"), None):
        away = press(picked, sq)
        assert away.selected is None
        assert moves(away) == []
    # A click on another own piece picks that one.
    assert press(picked, at("a0")).selected == at("a0")


def test_only_ones_own_pieces_on_ones_own_turn() -> None:
    assert press(start(), at("b9")).selected is None
    waiting = game("h2e2")
    assert press(waiting, at("b0")).selected is None
    assert press(waiting, at("b9")).selected is None
    assert press(start(BLACK), at("b0")).selected is None


def test_no_illegal_move_can_be_played() -> None:
    table = start()
    for text in ("b9c7", "a0a5", "e0e2", "e4e5"):
        with pytest.raises(IllegalMoveError):
            play(table, Move.from_uci(text))
        with pytest.raises(IllegalMoveError):
            answer(table, Move.from_uci(text))
    over = play(set_up(MATE_IN_ONE, RED), Move.from_uci("a2a9"))
    with pytest.raises(IllegalMoveError):
        play(over, Move.from_uci("d9d8"))


def test_a_move_that_the_general_forbids_is_refused_with_the_reason() -> None:
    picked = release(press(set_up(PINNED, RED), at("e1")), at("e1"))
    assert picked.targets == frozenset()
    refused = press(picked, at("f3"))
    assert refused.notice is not None
    assert refused.notice.text("en") == "That move would leave your general in check."
    dropped = release(press(set_up(SHIELDED, RED), at("e1")), at("d2"))
    assert dropped.notice is not None
    assert dropped.notice.text("zh") == "这样走将帅会照面。"
    # A move that no horse makes needs no words.
    assert press(picked, at("e4")).notice is None


def test_undo_leads_back_to_the_persons_turn() -> None:
    assert not can_undo(start())
    assert undo(start()) == start()
    # The opponent is thinking: one ply.
    assert moves(undo(game("h2e2"))) == []
    # The person is to move: the answer and the own move.
    assert moves(undo(game("h2e2", "h9g7", "h0g2", "i9h9"))) == ["h2e2", "h9g7"]
    # Black cannot take back Red's first move, which is not his.
    assert not can_undo(game("h2e2", person=BLACK))
    back = undo(game("h2e2", "h9g7", person=BLACK))
    assert moves(back) == ["h2e2"]
    assert len(back.texts) == 1


def test_undo_after_mate_and_after_giving_up() -> None:
    mated = play(set_up(MATE_IN_ONE, RED), Move.from_uci("a2a9"))
    assert mated.is_over
    again = undo(mated)
    assert not again.is_over
    assert again.board.fen() == MATE_IN_ONE
    table = game("h2e2", "h9g7")
    assert moves(undo(resign(table, RED))) == ["h2e2", "h9g7"]
    assert not undo(resign(table, RED)).is_over


def test_results_are_told_in_both_languages() -> None:
    mated = play(set_up(MATE_IN_ONE, RED), Move.from_uci("a2a9"))
    assert mated.outcome is not None
    assert mated.outcome.termination is Termination.CHECKMATE
    assert mated.winner == RED
    assert result_text(mated, "en") == "Red wins by checkmate."
    assert result_text(mated, "zh") == "红方将死对方获胜。"
    given_up = resign(start(), RED)
    assert given_up.is_over
    assert given_up.winner == BLACK
    assert result_text(given_up, "en") == "Black wins: Red resigned."
    assert result_text(given_up, "zh") == "黑方获胜：红方认输。"
    assert result_text(start(), "en") == ""
    # An opponent that gives up answers with no move; a game that is over stays as it ended.
    assert answer(game("h2e2"), None).winner == RED
    assert resign(mated, RED) == mated


def test_nothing_can_be_picked_when_the_game_is_over() -> None:
    over = resign(start(), BLACK)
    assert press(over, at("b0")).selected is None
    assert not over.is_persons_turn
    assert not over.is_opponents_turn


def test_positions_from_text() -> None:
    assert set_up(PINNED, BLACK).is_opponents_turn
    with pytest.raises(InvalidFenError):
        set_up("3kk4/9/9/9/9/9/9/9/9/4K4 w", RED)
    with pytest.raises(UnplayablePositionError) as caught:
        set_up("4k4/9/9/9/9/9/9/9/9/4K4 w", RED)
    assert caught.value.text("en") == "This position cannot be played: the generals face each other on an open file."
    assert "将帅照面" in caught.value.text("zh")
    # A game that is over from the first is told so.
    stalemate = set_up("3k5/R8/9/9/9/9/9/9/9/4K4 b - - 0 1", BLACK)
    assert stalemate.outcome is not None
    assert stalemate.outcome.termination is Termination.STALEMATE
    assert stalemate.winner == RED


def test_a_new_game_forgets_the_moves_before() -> None:
    board = Board()
    board.push_uci("h2e2")
    table = new_table(board, BLACK)
    assert moves(table) == []
    assert table.is_persons_turn
    assert drop_selection(table) == table
