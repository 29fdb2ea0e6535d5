"""A corpus small enough to train on in a test."""

from __future__ import annotations

import random

import pytest

from xiangqi_gpt import Board
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.prepare import prepare


def _habitual_game(rng: random.Random, plies: int) -> str:
    """Moves of which only two are ever played in a position: something that can be learned."""
    board = Board()
    for _ in range(plies):
        board.push(rng.choice(sorted(board.legal_moves, key=lambda move: move.code * 7919 % 1009)[:2]))
    return " ".join(move.iccs() for move in board.move_stack)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """80 different games of 6 to 40 plies, about an eighth of them for validation."""
    folder, rng = tmp_path_factory.mktemp("corpus"), random.Random(1)
    games = [f'[Result "*"]\n\n{_habitual_game(rng, rng.randint(6, 40))} *\n' for _ in range(80)]
    (folder / "games.pgn").write_text("\n".join(games), encoding="utf-8")
    prepare([folder / "games.pgn"], folder / "corpus", validation=0.125)
    made = Corpus.open(folder / "corpus")
    assert made.games("train") + made.games("validation") > 70
    assert made.games("validation") >= 5
    return made
