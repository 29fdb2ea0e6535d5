from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from xiangqi_gpt import AXF, BLACK, RED, SIMPLE, Board, Move, Outcome, Termination, UnknownRuleSetError, rule_set
from xiangqi_gpt.messages.rules import CATALOGUE
from xiangqi_gpt.rules.outcome import RULE_SETS
from xiangqi_gpt.rules.terminal import BARE, CHECKMATE, GOES_ON, STALEMATE, natural_limit_reached, position_end

HAN = re.compile("[一-鿿]")


@pytest.mark.parametrize(
    ("fen", "code", "termination", "result"),
    [
        # Two rooks on the two last ranks.
        ("4k3R/7R1/9/9/9/9/9/9/9/3K5 b", CHECKMATE, Termination.CHECKMATE, "1-0"),
        # A pawn or rook watches the point ahead, the other general the file beside.
        ("3k5/9/3P5/9/9/9/9/9/9/4K4 b", STALEMATE, Termination.STALEMATE, "1-0"),
        ("4k4/9/9/9/9/9/9/3p5/9/3K5 w", STALEMATE, Termination.STALEMATE, "0-1"),
        ("4k4/9/9/9/9/9/9/9/r8/3K5 w", STALEMATE, Termination.STALEMATE, "0-1"),
        ("3k5/9/4P4/9/9/9/9/9/9/4K4 b", GOES_ON, None, "*"),
        # Bare generals, and those with advisors and elephants only, draw; one pawn, however far, plays on.
        ("4k4/9/9/9/9/9/9/9/9/3K5 w", BARE, Termination.INSUFFICIENT_MATERIAL, "1/2-1/2"),
        ("2bak4/4a4/4b4/9/9/9/9/4B4/4A4/3K1AB2 b", BARE, Termination.INSUFFICIENT_MATERIAL, "1/2-1/2"),
        ("4k4/9/9/p8/9/9/9/9/9/3K5 w", GOES_ON, None, "*"),
        ("4k4/9/9/9/9/9/9/9/9/P2K5 w", GOES_ON, None, "*"),
        ("4k4/9/9/9/9/9/9/9/9/N2K5 w", GOES_ON, None, "*"),
        ("4k4/9/9/9/9/9/9/9/9/c2K5 w", GOES_ON, None, "*"),
        ("5k3/9/9/9/9/9/9/9/r8/3K5 w", GOES_ON, None, "*"),
    ],
)
def test_what_a_position_decides(fen: str, code: int, termination: Termination | None, result: str) -> None:
    board = Board(f"{fen} - - 0 1")
    assert position_end(board.state) == code
    for rules in RULE_SETS.values():
        outcome = board.outcome(rules)
        assert (outcome and outcome.termination) == termination
        assert board.result(rules) == result
        assert board.is_game_over(rules) == (result != "*")
    assert board.is_checkmate() == (code == CHECKMATE)
    assert board.is_stalemate() == (code == STALEMATE)
    assert board.is_insufficient_material() == (code == BARE)


def test_each_side_may_be_bare_alone() -> None:
    board = Board("4k4/9/4b4/9/9/9/9/9/9/3K4N w - - 0 1")
    assert board.has_insufficient_material(BLACK)
    assert not board.has_insufficient_material(RED)


# The natural-move limit.


def shuffle(board: Board, plies: int, checks: int = 0) -> list[Move]:
    """``plies`` quiet moves, Red to begin, the first ``checks`` of Red's with check; none repeats thrice."""
    seen: dict[str, int] = {}
    played: list[Move] = []

    def extend() -> bool:
        if len(played) == plies:
            return True
        want_check = board.turn == RED and len(played) < 2 * checks
        for move in sorted(board.legal_moves, key=str):
            if board.is_capture(move) or (board.turn == RED and board.gives_check(move) != want_check):
                continue
            board.push(move)
            key = board.board_fen() + str(board.turn)
            if seen.get(key, 0) < 2 and board.legal_moves:
                seen[key] = seen.get(key, 0) + 1
                played.append(move)
                if extend():
                    return True
                played.pop()
                seen[key] -= 1
            board.pop()
        return False

    assert extend()
    return played


START = "4k4/9/9/9/9/9/9/9/R8/3K4p w - - 0 1"


def played(plies: int, checks: int = 0) -> Board:
    board = Board(START)
    shuffle(board, plies, checks)
    return board


def test_the_limit_is_sixty_moves_of_each_side() -> None:
    board = played(120)
    outcome = board.outcome()
    assert outcome is not None
    assert outcome.termination is Termination.NATURAL_MOVE_LIMIT
    assert outcome.result() == "1/2-1/2"
    board.pop()
    assert board.outcome() is None
    assert board.outcome(replace(AXF, natural_move_limit=59)) is not None


def test_a_fen_counts_toward_the_limit() -> None:
    for rules in RULE_SETS.values():
        assert Board("4k4/9/9/9/9/9/9/9/R8/3K5 w - - 119 80").outcome(rules) is None
        assert Board("4k4/9/9/9/9/9/9/9/R8/3K5 w - - 120 80").result(rules) == "1/2-1/2"


def test_checkmate_comes_before_the_limit() -> None:
    assert Board("4k3R/7R1/9/9/9/9/9/9/9/3K5 b - - 120 80").result() == "1-0"


def test_either_side_may_have_the_draw_and_ten_checks_count() -> None:
    """Red's excess checks do not bind Black; when both have checked too often, the game goes on."""
    # Red checks at every move from here: Black's own moves all count.
    checked = played(8, checks=4)
    start, moves = checked.root().state, [move.code for move in checked.move_stack]
    limit = replace(AXF, natural_move_limit=4, counted_checks=0)
    assert natural_limit_reached(start, moves, limit)
    # Both sides check: none of the moves counts, one or two of either do.
    board = Board("3rk4/4c4/4R4/9/9/9/9/9/9/3KC4 w - - 0 1")
    codes = [Move.from_uci(text).code for text in ["e7d7", "e8d8", "d7e7", "d8e8"] * 2]
    for counted, limit_moves, expected in ((0, 4, False), (3, 4, False), (4, 4, True), (0, 1, False), (1, 1, True)):
        rules = replace(AXF, natural_move_limit=limit_moves, counted_checks=counted)
        assert natural_limit_reached(board.state, codes, rules) is expected
    assert natural_limit_reached(board.state, codes, replace(SIMPLE, natural_move_limit=4))
    assert not natural_limit_reached(board.state, codes, replace(SIMPLE, natural_move_limit=5))


# Rule sets


def test_rule_sets_have_names() -> None:
    assert rule_set("axf") is AXF
    assert rule_set("simple") is SIMPLE
    with pytest.raises(UnknownRuleSetError) as error:
        rule_set("cxa")
    assert isinstance(error.value, ValueError)
    for lang in ("en", "zh"):
        text = error.value.text(lang)
        assert "cxa" in text
        assert "axf" in text
        assert "simple" in text
    assert HAN.search(error.value.text("zh"))


def test_axf_is_the_default() -> None:
    board = Board("3k5/9/9/1c7/9/9/9/9/2R6/4K4 w - - 0 1")
    for text in ["c1b1", "b6c6", "b1c1", "c6b6"] * 2:
        board.push_uci(text)
    assert board.outcome() == board.outcome(AXF)
    assert board.outcome() != board.outcome(SIMPLE)
    assert board.result() == board.result(AXF) == "0-1"
    assert board.result(SIMPLE) == "1/2-1/2"


# Sentences


def outcome_of(fen: str, cycle: str = "") -> Outcome:
    board = Board(fen)
    for text in cycle.split() * 2:
        board.push_uci(text)
    outcome = board.outcome()
    assert outcome is not None
    return outcome


SENTENCES = [
    (
        "4k3R/7R1/9/9/9/9/9/9/9/3K5 b - - 0 1",
        "",
        "Red wins by checkmate.",
        "红方将死对方获胜。",
    ),
    (
        "3k5/9/3P5/9/9/9/9/9/9/4K4 b - - 0 1",
        "",
        "Red wins: the other side has no legal move.",
        "红方困毙对方获胜。",
    ),
    (
        "4k4/9/9/9/9/9/9/9/9/3K5 w - - 0 1",
        "",
        "Draw: neither side has a piece left that can cross the river.",
        "和棋：双方均无可过河的进攻子力。",
    ),
    (
        "4k4/9/9/9/9/9/9/9/R8/3K5 w - - 120 80",
        "",
        "Draw: 60 moves without a capture.",
        "和棋：连续 60 回合没有吃子。",
    ),
    (
        # Move 21 is plies 41 and 42.
        "3k5/9/9/1c7/9/9/9/9/2R6/4K4 w - - 0 21",
        "c1b1 b6c6 b1c1 c6b6",
        "Red's rook chased Black's unprotected cannon on plies 41-47: Black wins.",
        "红方以车长捉黑方无根炮（第 41–47 着），判负，黑方胜。",
    ),
    (
        "4k4/2r6/9/9/9/9/1C7/9/9/3K5 b - - 0 21",
        "c8b8 b3c3 b8c8 c3b3",
        "Black's rook chased Red's unprotected cannon on plies 42-48: Red wins.",
        "黑方以车长捉红方无根炮（第 42–48 着），判负，红方胜。",
    ),
    (
        "3r1k3/9/9/3r5/4N4/9/9/9/9/4K4 w - - 0 1",
        "e5f7 d6d7 f7e5 d7d6",
        "Red's horse chased Black's rook on plies 1-7: Black wins.",
        "红方以马长捉黑方车（第 1–7 着），判负，黑方胜。",
    ),
    (
        "5k3/9/9/9/9/9/9/3NN4/3K5/4p4 w - - 0 1",
        "d1e1 e0d0 e1d1 d0e0",
        "Red's two horses chased Black's unprotected pawn on plies 1-7: Black wins.",
        "红方以双马长捉黑方无根卒（第 1–7 着），判负，黑方胜。",
    ),
    (
        "3k5/9/9/9/9/9/9/9/4R4/5K3 w - - 0 1",
        "e1d1 d9e9 d1e1 e9d9",
        "Red's rook gave perpetual check on plies 1-7: Black wins.",
        "红方以车长将（第 1–7 着），判负，黑方胜。",
    ),
    (
        "3rk4/4c4/4R4/9/9/9/9/9/9/3KC4 w - - 0 1",
        "e7d7 e8d8 d7e7 d8e8",
        "Draw: both sides gave perpetual check on plies 1-8.",
        "和棋：双方互相长将（第 1–8 着）。",
    ),
    (
        "9/3k5/9/9/8c/8R/8n/8R/5K3/9 b - - 0 1",
        "i3g2 i4g4 g2i3 g4i4",
        "Draw: on plies 2-9 Red's rook chased Black's horse and Black's cannon chased Red's rook.",
        "和棋：双方互相长捉（第 2–9 着，红方车捉黑方马，黑方炮捉红方车）。",
    ),
    (
        "3k5/9/9/9/9/9/9/9/4R4/5K3 w - - 0 1",
        "e1i1 d9d8 i1e1 d8d9",
        "Draw by repetition: the position occurred 3 times.",
        "和棋：同一局面出现 3 次。",
    ),
]


@pytest.mark.parametrize(("fen", "cycle", "english", "chinese"), SENTENCES, ids=[line[2] for line in SENTENCES])
def test_sentences(fen: str, cycle: str, english: str, chinese: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = outcome_of(fen, cycle)
    assert outcome.text("en") == english
    assert outcome.text("zh") == chinese
    for lang, text in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("XIANGQI_GPT_LANG", lang)
        assert outcome.reason == text


def test_every_sentence_of_an_outcome_is_shown_above() -> None:
    plain = {"checkmate", "stalemate", "insufficient", "natural_move_limit", "repetition"}
    assert {outcome_of(fen, cycle).code for fen, cycle, *_ in SENTENCES} == {
        f"rules.{name}" for name in CATALOGUE if name in plain or "perpetual" in name
    }


def test_outcomes_are_values() -> None:
    cycle = "c1b1 b6c6 b1c1 c6b6"
    one = outcome_of("3k5/9/9/1c7/9/9/9/9/2R6/4K4 w - - 0 1", cycle)
    other = outcome_of("3k5/9/9/1c7/9/9/9/9/2R6/4K4 w - - 0 1", cycle)
    assert one == other
    assert hash(one) == hash(other)


def test_asking_leaves_the_board_alone() -> None:
    board = Board("3k5/9/9/1c7/9/9/9/9/2R6/4K4 w - - 0 1")
    for text in ["c1b1", "b6c6", "b1c1", "c6b6"] * 2:
        board.push_uci(text)
    before, stack = board.state.copy(), board.move_stack
    for _ in range(2):
        board.outcome()
    assert np.array_equal(board.state, before)
    assert board.move_stack == stack
