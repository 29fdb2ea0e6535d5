"""``prepare`` run again: after nothing, after a change, after a kill."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from xiangqi_gpt import Move
from xiangqi_gpt.corpus import read_stage
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.filters import Filters
from xiangqi_gpt.corpus.prepare import prepare
from xiangqi_gpt.corpus.shards import CorpusError

WritePgn = Callable[[Iterable[Sequence[Move]]], Path]
RandomLine = Callable[[int], list[Move]]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are."""
    names: list[str] = []
    read_files = read_stage.read_files

    def watched(part: read_stage.Part, paths: list[Path]) -> read_stage.PartInfo:
        names.extend(path.name for path in paths)
        return read_files(part, paths)

    monkeypatch.setattr(read_stage, "read_files", watched)
    # Each file is a task of its own.
    monkeypatch.setattr(read_stage, "_FULL_GROUP", 0)
    return names


def test_only_what_is_new_is_read(
    tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine, read: list[str]
) -> None:
    one, two = (write_pgn([random_line(30) for _ in range(5)]) for _ in range(2))
    folder, out = tmp_path / "in", tmp_path / "corpus"
    folder.mkdir()
    one.rename(folder / "1.pgn")
    first = prepare([folder], out, keep_work=True)
    assert not first.unchanged
    before = contents(out / ".work" / "parts")

    again = prepare([folder], out, keep_work=True)
    assert again.unchanged
    assert again.manifest == first.manifest
    assert read == ["1.pgn"]

    two.rename(folder / "2.pgn")
    assert not prepare([folder], out, keep_work=True).unchanged
    assert read == ["1.pgn", "2.pgn"]
    assert Corpus.open(out).games("train") + Corpus.open(out).games("validation") == 10
    assert before.items() < contents(out / ".work" / "parts").items()

    # A setting changes nothing in what was read.
    assert not prepare([folder], out, keep_work=True, seed=5).unchanged
    assert not prepare([folder], out, keep_work=True, filters=Filters(max_plies=30)).unchanged
    assert read == ["1.pgn", "2.pgn"]

    text = (folder / "1.pgn").read_text()
    (folder / "1.pgn").write_text(text[: text.rindex("[Event")])
    report = prepare([folder], out, keep_work=True)
    assert not before.items() & contents(out / ".work" / "parts").items()
    assert sum(source.kept for source in report.manifest.sources) == 9
    assert read == ["1.pgn", "2.pgn", "1.pgn"]
    assert prepare([folder], out).unchanged
    assert not (out / ".work").exists()

    # Without what was read, all of it is read; the same corpus comes of it.
    kept = contents(out)
    prepare([folder], tmp_path / "other")
    assert contents(tmp_path / "other") == kept


def test_the_same_files_from_another_folder(
    tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = write_pgn([random_line(30)]), tmp_path / "corpus"
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path)
    prepare([Path(source.name)], out, validation=0.0, keep_work=True)
    monkeypatch.chdir(tmp_path / "deeper")
    assert prepare([Path("..", source.name)], out, validation=0.0, keep_work=True).unchanged
    assert not prepare([source], out, validation=0.0, keep_work=True, seed=2).unchanged
    assert read == [source.name]


def test_a_damaged_corpus_is_made_anew(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> None:
    source, out = write_pgn([random_line(30)]), tmp_path / "corpus"
    prepare([source], out, validation=0.0)
    whole = contents(out)
    (out / "manifest.json").write_text("{}")
    with pytest.raises(CorpusError) as caught:
        prepare([source], out, validation=0.0)
    assert caught.value.code == "corpus.exists"
    assert not prepare([source], out, validation=0.0, overwrite=True).unchanged
    assert contents(out) == whole
    (out / "train-00000.safetensors").unlink()
    assert not prepare([source], out, validation=0.0).unchanged
    assert contents(out) == whole


RUN = """
import os, sys
from pathlib import Path
from xiangqi_gpt.corpus.prepare import prepare

out, kill_at, *sources = sys.argv[1:]
calls = 0
sync, replace, unlink = os.fsync, Path.replace, Path.unlink
def counted(function):
    # Every write that others can see is made through one of these.
    def call(*args, **fields):
        global calls
        calls += 1
        if calls == int(kill_at):
            os.kill(os.getpid(), 9)
        return function(*args, **fields)
    return call
os.fsync, Path.replace, Path.unlink = map(counted, (sync, replace, unlink))
prepare([Path(source) for source in sources], Path(out), validation=0.25, shard_plies=100, memory=1 << 16)
print(calls)
"""


def run(out: Path, sources: list[Path], kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-c", RUN, str(out), str(kill_at), *map(str, sources)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def check_what_is_there(out: Path) -> None:
    """No half shard, and no manifest that vouches for what is not there."""
    for path in out.glob("*.safetensors"):
        load_file(path)
    if (out / "manifest.json").exists():
        Corpus.open(out)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL")
def test_killed_at_some_moments_and_gone_on_with(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> None:
    sources = [write_pgn([random_line(30) for _ in range(9)]) for _ in range(3)]
    done = run(tmp_path / "whole", sources)
    assert done.returncode == 0, done.stderr
    calls = int(done.stdout)
    assert calls > 20
    whole = contents(tmp_path / "whole")
    out = tmp_path / "corpus"
    for kill_at in sorted(random.Random(4).sample(range(1, calls), 3)):
        assert run(out, sources, kill_at).returncode == -signal.SIGKILL
        check_what_is_there(out)
    assert run(out, sources).returncode == 0
    assert contents(out) == whole
