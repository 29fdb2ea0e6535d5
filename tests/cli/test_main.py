"""The frame of all commands: whatever happens ends as one sentence and an exit status."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xiangqi_gpt.cli import main, perft


def test_a_defect_is_one_sentence_and_its_traceback_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> int:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(perft, "run", broken)
    monkeypatch.delenv("XIANGQI_GPT_TRACEBACK", raising=False)
    assert main(["perft", "1"]) == 1
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "ZeroDivisionError: by nought" in told
    assert "XIANGQI_GPT_TRACEBACK=1" in told
    monkeypatch.setenv("XIANGQI_GPT_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(["perft", "1"])


def test_a_file_that_the_system_refuses_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_: object) -> int:
        Path("no-such-folder/there").write_text("")
        return 0

    monkeypatch.setattr(perft, "run", refused)
    assert main(["perft", "1"]) == 1
    assert "no-such-folder/there" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_behind_the_output_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "xiangqi_gpt", "perft", "2"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert os.strerror(errno.ENOSPC) in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
