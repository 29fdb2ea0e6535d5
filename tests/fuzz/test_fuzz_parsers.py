from __future__ import annotations

from fuzz_parsers import fuzz


def test_mutated_texts_give_a_value_or_a_named_error() -> None:
    tally = fuzz(20_000, seed=1)
    # The texts are near enough to valid ones to reach every answer.
    for parser in ("parse_wxf", "parse_chinese", "parse_text"):
        for answer in ("value", "InvalidMoveError", "IllegalMoveError", "AmbiguousMoveError"):
            assert tally[f"{parser} {answer}"] > 0
    for parser in ("parse_uci", "parse_uci from 1", "parse_iccs", "parse_fen"):
        assert tally[f"{parser} value"] > 0
