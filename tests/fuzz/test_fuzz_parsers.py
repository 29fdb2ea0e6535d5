from __future__ import annotations

from fuzz_parsers import fuzz
from fuzz_records import FileFuzzer


def test_mutated_texts_give_a_value_or_a_named_error() -> None:
    tally = fuzz(20_000, seed=1)
    # The texts are near enough to valid ones to reach every answer.
    for parser in ("parse_wxf", "parse_chinese", "parse_text"):
        for answer in ("value", "InvalidMoveError", "IllegalMoveError", "AmbiguousMoveError"):
            assert tally[f"{parser} {answer}"] > 0
    for parser in ("parse_uci", "parse_uci from 1", "parse_iccs", "parse_fen"):
        assert tally[f"{parser} value"] > 0


def test_mutated_files_give_games_or_a_named_error() -> None:
    fuzzer = FileFuzzer(seed=1, limits=False)
    for _ in range(400):
        fuzzer.step()
    tally = fuzzer.tally
    assert tally.games > 500
    assert {"PGN", "XQF", "JSON", "CSV", "lines", ".gz", ".xz", ".zst", ".zip"} <= tally.files.keys()
    assert {"games", "records.not_a_game_log", "records.file_damaged", "records.xqf_short"} <= tally.answers.keys()
