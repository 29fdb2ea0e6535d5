from __future__ import annotations

import re

import pytest

from xiangqi_gpt.cli import main

ENDING = "5a3/3k5/3aR4/9/5r3/5n3/9/3A1A3/5K3/2BC2B2 w - - 0 1"  # 25, 424, 9850 leaves


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["perft", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "leaves"),
    [
        (["0"], 1),
        (["1"], 44),
        (["3"], 79666),
        ([ENDING, "2"], 424),
        ([*ENDING.split(), "3"], 9850),  # without quotes
        ([ENDING.split()[0], "1"], 25),
        (["3k1R3/8R/9/9/9/9/9/9/9/4K4 b - - 0 1", "2"], 0),  # mate
        (["4k4/9/9/9/9/9/9/9/9/3K5 w - - 0 1", "6"], 39),
    ],
)
def test_count(capsys: pytest.CaptureFixture[str], arguments: list[str], leaves: int) -> None:
    (line,) = lines(capsys, *arguments)
    assert re.fullmatch(rf"{leaves} \(\d+\.\d+ s, \d+\.\d M/s\)", line)


def test_divide(capsys: pytest.CaptureFixture[str]) -> None:
    *divided, empty, total = lines(capsys, ENDING, "3", "--divide")
    counts = {move: int(leaves) for move, leaves in (line.split(": ") for line in divided)}
    assert len(counts) == 25
    assert list(counts) == sorted(counts)
    assert sum(counts.values()) == 9850
    assert empty == ""
    assert total.startswith("9850 (")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["depth", "''"]),
        (["-1"], ["depth", "'-1'", "0 to 20"]),
        (["three"], ["depth", "'three'"]),
        (["21"], ["depth", "'21'", "0 to 20"]),
        (["9" * 5000], ["depth", "0 to 20"]),
        ([ENDING], ["depth", "missing", ENDING]),
        (["nonsense", "2"], ["FEN", "'nonsense'"]),
        ([ENDING.replace("k", "1"), "2"], ["0 black"]),
        (["4k4/9/9/9/9/9/9/9/9/4K4 w - - 0 1", "2"], ["cannot be played", "face each other"]),
        (["3rk4/9/9/9/9/9/9/9/A8/3K5 b - - 0 1", "2"], ["advisor on a1", "not to move is in check"]),
    ],
)
def test_refusals_are_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: list[str]
) -> None:
    assert main(["perft", *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert all(word in line for word in words)
    monkeypatch.setenv("XIANGQI_GPT_LANG", "zh")
    assert main(["perft", *arguments]) == 1
    (chinese,) = capsys.readouterr().err.splitlines()
    assert re.search("[\u4e00-\u9fff]", chinese)


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["perft", "--help"])
    assert caught.value.code == 0
    assert "[FEN] DEPTH" in capsys.readouterr().out
