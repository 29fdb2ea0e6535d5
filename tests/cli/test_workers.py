"""Cores, threads and worker processes."""

from __future__ import annotations

import os

import pytest

from xiangqi_gpt.cli import generate, label, threads, workers
from xiangqi_gpt.messages import XiangqiError


@pytest.fixture(autouse=True)
def seven_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a machine with more."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(7)), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    for name in ("OMP_NUM_THREADS", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_cores() -> None:
    assert workers.cores() == 7


@pytest.mark.parametrize(
    ("asked", "usual", "environment", "expected"),
    [(None, None, None, 7), (None, 1, None, 1), (None, 1, 3, 3), (4, None, None, 4), (4, None, 3, 4), (4, 1, 3, 4)],
)
def test_threads(
    asked: int | None, usual: int | None, environment: int | None, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", str(environment))
    threads.set_threads(asked, usual=usual)
    assert os.environ["OMP_NUM_THREADS"] == str(expected)


def test_engines_on_all_cores_that_may_be_used() -> None:
    assert label.cores is generate.cores is workers.cores
    assert label.Settings.workers is generate.Settings.workers is None


def test_a_worker_that_dies_is_told_in_a_sentence() -> None:
    with pytest.raises(XiangqiError) as error, workers.worker_pool(1) as executor:
        executor.submit(os._exit, 1).result()
    assert error.value.code == "cli.worker_died"
    assert "--workers" in error.value.text("en")
