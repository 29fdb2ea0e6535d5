"""Big files read in pieces, by one process or several: the same as the whole."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from xiangqi_gpt.corpus import parts, read_stage
from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.corpus.parts import cut_games
from xiangqi_gpt.corpus.prepare import prepare
from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.pgn import visit_pgn

# What may stand between two cuts, of all that people write.
SCRAPS = [
    '[Game "Chinese Chess"]\n[Event "a"]\n[Result "1-0"]\n\n1. h2e2 h9g7 2. h0g2 1-0\n\n',
    '[Event "b"]\n1. c3c4 {a comment\n\n[Site "in it"]\nover lines} g6g5 *\n',
    '[Event "open"]\n1. h2e2 {a comment that nobody ends h9g7\n\n',
    '[Event "line"]\n1. b2e2 (1. h2e2 h9g7 b9c7\n',
    '[Event "no moves"]\n\n[Game "more tags of it"]\n\n',
    '[Event "tags and a rule"]\n==========\n\n',
    "1. h2e2 h2h3\n1-0\n\n",
    '[Event "illegal"]\n1. h2h3 h2h3 1/2-1/2\n',
    "========\nwww.example.org\n",
    "赛事：某杯\n红方：甲　黑方：乙\n\n1. 炮二平五 马８进７ 红胜\n\n",
    "% a remark h2e2\n",
    "words 炮二平五 words\n",
    "红方：炮二平五\n",
    "http://example.org/h2e2\n",
    "\n",
    '[Event "x"]\n[FEN "4k4/9/9/9/9/9/9/9/9/3KK4 w - - 0 1"]\n1. d0d1 *\n\n',
]


def visited(text: str, before: int = 0) -> list[bytes | str]:
    games = visit_pgn(text.split("\n"), GameEncoder(before), "file")
    return [game.text("en") if isinstance(game, GameError) else game for game in games]


@pytest.mark.parametrize("seed", range(60))
def test_pieces_give_what_the_whole_gives(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choices(SCRAPS, k=40))
    whole = visited(text)
    pieces = list(cut_games(text.split("\n"), rng.choice([1, 50, 300, 1000])))
    assert "\n".join(piece for _, piece in pieces) == text
    assert [game for before, piece in pieces for game in visited(piece, before)] == whole


def test_ordinary_games_are_cut_anywhere() -> None:
    games = "".join(f'[Event "{n}"]\n[Red "?"]\n\n1. h2e2 h9g7\n*\n\n' for n in range(100))
    assert len(list(cut_games(games.split("\n"), 1))) == 100


# Games that begin otherwise, with what may keep the parser from seeing it.
OTHER_SCRAPS = [
    '[Red "a"]\n[Black "b"]\n\n1. h2e2 h9g7 1-0\n\n',
    '[Red "brace {"]\n[Site "x"]\n1. c3c4 g6g5 *\n',
    '[Red "x"]\n1. h2e2 {over\n\n[Red "in the comment"]\n1. b2e2\n} h9g7\n',
    '[Red "x"]\n1. h2e2 ; { no comment of many lines\n1... h9g7\n\n',
    '[Red "x"]\n1. h2e2 ｛wide } not its end\n[Black "in it"]\n｝ h9g7\n',
    '[Red "x"]\n<a href="h2e2">\n[Red "y"]\n\n<b>1. h2e2</b>\n',
    '[Red "x"]\n1. h2e2 } ｝ h9g7\n\n  [Site "indented"]\n1. c3c4 *\n',
    '[Black "x"]\n\n[Red "more tags"]\n\n[Red "of another"]\n1. h2e2\n',
    '[Red "x"]\n1. h2e2 {[%eval 0.1]} h9g7 {a {b} c}\n(1. b2e2 {\nd}\n',
    '[Event "ends all comments"]\n1. h2e2 *\n',
    '[Red "open"]\n1. h2e2 {for good\n',
]


@pytest.mark.parametrize("seed", range(200))
def test_pieces_of_games_that_begin_otherwise(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choices(OTHER_SCRAPS + (SCRAPS if seed % 2 else []), k=30))
    pieces = list(cut_games(text.split("\n"), rng.choice([1, 50, 300])))
    assert "\n".join(piece for _, piece in pieces) == text
    assert [game for before, piece in pieces for game in visited(piece, before)] == visited(text)


def test_games_are_cut_whatever_tag_they_begin_with() -> None:
    games = '[Red "{?"]\n[Site "?"]\n\n1. h2e2 {[%eval 0.1] two\nlines} h9g7\n*\n\n' * 100
    assert len(list(cut_games(games.split("\n"), 1))) == 100


@pytest.mark.parametrize("workers", [1, 3])
def test_how_many_tasks_wait_depends_on_the_workers(workers: int, big: Path, tmp_path: Path) -> None:
    class Counting(ThreadPoolExecutor):
        futures: list[Future[Any]] = []  # noqa: RUF012
        most = 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(fn, *args, **kwargs)
            self.futures.append(future)
            Counting.most = max(Counting.most, sum(not future.done() for future in self.futures))
            return future

    with Counting(1) as pool:
        prepare([big], tmp_path / "corpus", validation=0.0, executor=pool, workers=workers)
    assert 1 < Counting.most <= 2 * workers + 2


@pytest.fixture(params=["inline", "threads"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    if request.param == "inline":
        yield None
    else:
        with ThreadPoolExecutor(4) as pool:
            yield pool


@pytest.fixture
def big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A packed file that counts as big, with its last block cut off, and pieces of few games."""
    monkeypatch.setattr(read_stage, "_BIG_FILE", 1)
    monkeypatch.setattr(read_stage, "cut_games", lambda lines: cut_games(lines, 10_000))
    path = tmp_path / "big.pgn.gz"
    rng = random.Random(3)
    text = "".join(rng.choices(SCRAPS, k=4000))
    # Whole blocks of the text come out before the damage.
    path.write_bytes(gzip.compress(f"{text}{'% words' * (1 << 18)}".encode())[:-8])
    return path


def test_a_big_file_in_many_tasks(big: Path, tmp_path: Path, executor: Executor | None) -> None:
    taken: list[str] = []
    report = prepare(
        [big], tmp_path / "pieces", validation=0.0, executor=executor, on_progress=lambda p: taken.append(p.stage)
    )
    assert taken.count("read") > 10
    big_file = read_stage._BIG_FILE
    try:
        read_stage._BIG_FILE = 1 << 30
        whole = prepare([big], tmp_path / "whole", validation=0.0)
    finally:
        read_stage._BIG_FILE = big_file
    assert [error.code for error in report.file_errors] == ["records.file_damaged"]
    assert report.manifest == whole.manifest
    for pieces, at_once in ((report.first_rejects, whole.first_rejects), (report.file_errors, whole.file_errors)):
        assert [error.text("zh") for error in pieces] == [error.text("zh") for error in at_once]
    for name in ("manifest.json", "rejects.jsonl", "train-00000.safetensors"):
        assert (tmp_path / "pieces" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_pieces_that_are_there_are_not_read_again(big: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare([big], tmp_path / "corpus", validation=0.0, keep_work=True)
    monkeypatch.setattr(parts, "visit_pgn", lambda *arguments: pytest.fail("read again"))
    monkeypatch.setattr(read_stage, "plain_files", lambda *arguments, **fields: pytest.fail("opened again"))
    assert not prepare([big], tmp_path / "corpus", validation=0.0, seed=3, keep_work=True).unchanged
    # Without the number of pieces the file is cut again, but they are not read.
    monkeypatch.undo()
    for path in (tmp_path / "corpus" / ".work" / "parts").glob("*.count"):
        path.unlink()
    monkeypatch.setattr(read_stage, "_BIG_FILE", 1)
    monkeypatch.setattr(read_stage, "cut_games", lambda lines: cut_games(lines, 10_000))
    monkeypatch.setattr(parts, "visit_pgn", lambda *arguments: pytest.fail("read again"))
    assert not prepare([big], tmp_path / "corpus", validation=0.0, seed=4).unchanged
