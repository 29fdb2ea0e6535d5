"""Games to evaluate on, out of files and corpora."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from xiangqi_gpt import Board, Move
from xiangqi_gpt.corpus.held_out import HeldOut, corpus_games, file_games
from xiangqi_gpt.corpus.prepare import prepare
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.encoding.vocabulary import MOVE_CODE
from xiangqi_gpt.records import GameError, RecordFileError

SETUP = "3ak4/4a4/9/4p4/9/9/4R4/4B4/9/3AK1C2 b - - 0 1"
GOOD = '[Result "1-0"]\n\nh2e2 h9g7 h0g2 1-0\n'
DRAWN = '[Result "1/2-1/2"]\n\nH2-E2 B9-C7 H0-G2 A9-B9 1/2-1/2\n'
SET_UP = f'[Result "*"]\n[FEN "{SETUP}"]\n\ne6e5 e3e5 *\n'
FAULTY = '[Result "0-1"]\n\nh2e2 h9g7 h0h4 0-1\n'

USUAL = Board().fen().split()[:2]
GAMES = {
    (*USUAL, "h2e2 h9g7 h0g2", 1),
    (*USUAL, "h2e2 b9c7 h0g2 a9b9", 0),
    (*SETUP.split()[:2], "e6e5 e3e5", None),
}


def told(held: HeldOut) -> set[tuple[str, str, str, int | None]]:
    """Each game as its start, its moves and its result."""
    found = set()
    for game in held.games:
        board = Board.from_state(game.start.copy())
        placement, turn = board.fen().split()[:2]
        moves = [Move.from_code(int(code)) for code in MOVE_CODE[game.moves]]
        for move in moves:
            assert move in board.legal_moves
            board.push(move)
        texts = [move.iccs().replace("-", "").lower() for move in moves]
        found.add((placement, turn, " ".join(texts), game.result))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "games").mkdir()
    (tmp_path / "games" / "a.pgn").write_text(f"{GOOD}\n{FAULTY}\n{SET_UP}", encoding="utf-8")
    (tmp_path / "games" / "b.pgn.gz").write_bytes(gzip.compress(DRAWN.encode()))
    return tmp_path / "games"


def test_files_and_folders(folder: Path) -> None:
    reading: list[tuple[int, int | None, int]] = []
    held = file_games([folder], lambda *progress: reading.append(progress))
    assert told(held) == GAMES
    assert held.rejected == 1
    assert [error.reason for error in held.first_rejects] == ["move_illegal"]
    assert not held.file_errors
    size = sum(path.stat().st_size for path in folder.iterdir())
    assert reading[-1] == (size, size, 3)
    assert len(file_games([folder / "b.pgn.gz", folder / "a.pgn"]).games) == 3


def test_a_corpus_gives_the_same_games(folder: Path, tmp_path: Path) -> None:
    prepare([folder], tmp_path / "corpus", validation=0)
    assert told(corpus_games(tmp_path / "corpus", "train")) == GAMES
    with pytest.raises(CorpusError) as caught:
        corpus_games(tmp_path / "corpus", "validation")
    assert caught.value.code == "corpus.empty_split"


def test_a_damaged_file_is_told_and_the_others_are_read(folder: Path) -> None:
    whole = (folder / "b.pgn.gz").read_bytes()
    (folder / "c.pgn.gz").write_bytes(whole[: len(whole) // 2])
    held = file_games([folder])
    assert told(held) == GAMES
    assert len(held.file_errors) == 1
    assert "c.pgn.gz" in str(held.file_errors[0])


def test_nothing_to_use(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RecordFileError) as missing:
        file_games([folder, tmp_path / "nowhere.pgn"])
    assert missing.value.code == "records.file_missing"
    (tmp_path / "bad.pgn").write_text(FAULTY, encoding="utf-8")
    with pytest.raises(GameError):
        file_games([tmp_path / "bad.pgn"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecordFileError):
        file_games([tmp_path / "empty"])
