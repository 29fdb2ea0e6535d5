"""Files of games that are gone on with after whatever stopped them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xiangqi_gpt.labels import output as module
from xiangqi_gpt.labels.output import GameOutput, OutputError
from xiangqi_gpt.records.reader import read_games

JOB = {"command": "test", "nodes": (1, 2)}
GAMES = [f'[Game "Chinese Chess"]\n[Round "{number}"]\n\n1. H2-E2 *\n' for number in range(1, 7)]


def write(file: Path, texts: list[str], job: dict[str, Any] = JOB, *, finish: bool = False, **settings: Any) -> int:
    """Add games; returns how many tasks had been done before."""
    with GameOutput(file, job, **settings) as output:
        done = output.done
        for text in texts:
            output.add(text)
        if finish:
            output.finish()
    return done


def rounds(file: Path) -> list[str]:
    return [game.headers["Round"] for game in read_games(file)]


def test_games_are_added(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "games.pgn"
    assert write(file, GAMES[:2]) == 0
    assert write(file, GAMES[2:3]) == 2
    assert write(file, [], finish=True) == 3
    assert file.read_text() == "\n".join(GAMES[:3])
    assert rounds(file) == ["1", "2", "3"]


def test_tasks_without_a_game_count(tmp_path: Path) -> None:
    file = tmp_path / "games.pgn"
    write(file, ["", GAMES[1], ""])
    assert write(file, []) == 3
    assert rounds(file) == ["2"]


@pytest.mark.parametrize("tail", ["\n[Game", "\n" + GAMES[3], "\n"])
def test_what_the_journal_does_not_know_is_cut_off(tail: str, tmp_path: Path) -> None:
    file = tmp_path / "games.pgn"
    write(file, GAMES[:2])
    with file.open("a") as stream:
        stream.write(tail)
    assert write(file, GAMES[2:3]) == 2
    assert file.read_text() == "\n".join(GAMES[:3])


def test_a_run_that_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "games.pgn"
    monkeypatch.setattr(module, "_COMMIT", -1)
    killed = GameOutput(file, JOB)
    killed.add(GAMES[0])
    killed.add(GAMES[1])
    monkeypatch.setattr(module, "_COMMIT", 1e9)
    killed.add(GAMES[2])
    assert rounds(file) == ["1", "2", "3"]
    assert killed._stream is not None
    killed._stream.close()  # no more of it: the journal does not know of the third
    assert write(file, GAMES[2:4]) == 2
    assert rounds(file) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_packed_files(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"games.pgn{suffix}"
    write(file, GAMES[:2])
    assert not file.exists()
    assert rounds(tmp_path / f"games.pgn{suffix}.part") == ["1", "2"]
    assert write(file, GAMES[2:3], finish=True) == 2
    packed = file.read_bytes()
    assert rounds(file) == ["1", "2", "3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, f"{file.name}.journal"]
    assert write(file, [], finish=True) == 3
    assert file.read_bytes() == packed
    assert write(file, GAMES[3:4], finish=True) == 3  # a job that was given more to do
    assert rounds(file) == ["1", "2", "3", "4"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, f"{file.name}.journal"]


def test_notes_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "games.pgn"
    with GameOutput(file, JOB) as output:
        output.notes["total"] = 9
        output.add(GAMES[0])
    with GameOutput(file, JOB) as output:
        assert output.notes == {"total": 9}


def refused(file: Path, *words: str, job: dict[str, Any] = JOB) -> None:
    with pytest.raises(OutputError) as error:
        write(file, [], job)
    for language in ("en", "zh"):
        text = error.value.text(language)
        assert "\n" not in text
        assert all(word in text for word in (str(file), *words))


def test_other_jobs_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "games.pgn"
    write(file, [], {**JOB, "nodes": 9})  # nothing was done, so nothing is lost
    write(file, GAMES[:1])
    refused(file, "nodes", "--overwrite", job={**JOB, "nodes": 9})
    assert write(file, GAMES[1:2], {**JOB, "nodes": 9}, overwrite=True) == 0
    assert rounds(file) == ["2"]


def test_files_of_unknown_make_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "games.pgn"
    file.write_text(GAMES[0])
    refused(file, "--overwrite")
    assert file.read_text() == GAMES[0]
    packed = tmp_path / "games.pgn.xz"
    packed.with_name("games.pgn.xz.part").write_text(GAMES[0])
    refused(packed, "--overwrite")


def test_damage_is_told(tmp_path: Path) -> None:
    file = tmp_path / "games.pgn"
    write(file, GAMES[:2])
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    refused(file, "games.pgn.journal")
    file.unlink()
    refused(file, "games.pgn.journal")
    file.write_bytes(whole)
    journal = tmp_path / "games.pgn.journal"
    for text in ("", "[]", json.dumps({"job": JOB, "done": 2})):
        journal.write_text(text)
        refused(journal.with_name("games.pgn"), "journal")


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    file = tmp_path / "games.pgn"
    with GameOutput(file, JOB) as output:
        output.add(GAMES[0])
        refused(file)
        output.add(GAMES[1])
    assert rounds(file) == ["1", "2"]


def test_files_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(tmp_path / "file" / "games.pgn", "--out")
    (tmp_path / "folder.pgn").mkdir()
    refused(tmp_path / "folder.pgn")
