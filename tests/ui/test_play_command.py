from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pygame
import pytest

from xiangqi_gpt.cli import main

TWO_GENERALS = "3kk4/9/9/9/9/9/9/9/9/4K4 w - - 0 1"
FACING = "4k4/9/9/9/9/9/9/9/9/4K4 w - - 0 1"
ENDGAME = "3k5/1R7/9/9/9/9/9/R8/9/4K4 w - - 0 1"


def picture(tmp_path: Path, *arguments: str) -> pygame.Surface:
    path = tmp_path / "window.png"
    assert main(["play", "--screenshot", str(path), *arguments]) == 0
    return pygame.image.load(path)


def colours(surface: pygame.Surface) -> Counter[tuple[int, ...]]:
    """The colours of every seventh pixel, coarsely."""
    width, height = surface.get_size()
    return Counter(
        tuple(part // 32 for part in surface.get_at((x, y))[:3])
        for x in range(0, width, 7)
        for y in range(0, height, 7)
    )


def test_a_screenshot_shows_board_and_panel(tmp_path: Path) -> None:
    shot = picture(tmp_path)
    assert shot.get_size() == (1100, 800)
    shares = colours(shot)
    total = sum(shares.values())
    # Light wood covers a good part, the dark panel another; there is a multitude of shades.
    assert sum(count for (r, g, b), count in shares.items() if r >= 5 and r > b) > 0.3 * total
    assert sum(count for (r, g, b), count in shares.items() if max(r, g, b) <= 2) > 0.25 * total
    assert len(shares) > 20


@pytest.mark.parametrize(
    "arguments",
    [["--side", "black"], ["--lang", "zh"], ["--simplified"], ["--fen", ENDGAME], ["--size", "1000x800"]],
    ids=lambda arguments: arguments[0],
)
def test_what_is_asked_for_changes_the_picture(tmp_path: Path, arguments: list[str]) -> None:
    usual = picture(tmp_path, "--lang", "en")
    other = picture(tmp_path, "--lang", "en", *arguments)
    assert pygame.image.tobytes(usual, "RGB") != pygame.image.tobytes(other, "RGB")


def test_a_screenshot_is_the_same_twice(tmp_path: Path) -> None:
    first, second = picture(tmp_path, "--size", "640x480"), picture(tmp_path, "--size", "640x480")
    assert first.get_size() == (640, 480)
    assert pygame.image.tobytes(first, "RGB") == pygame.image.tobytes(second, "RGB")


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["--fen", TWO_GENERALS], "The FEN has 1 red and 2 black generals", "红帅 1 个、黑将 2 个"),
        (["--fen", ""], "The FEN is empty", "FEN 为空"),
        (["--fen", FACING], "the generals face each other", "将帅照面"),
        (["--opponent", "nobody"], "There is no player 'nobody'", "没有名为 'nobody' 的棋手"),
        (["--size", "wide"], "--size 'wide' is no size", "--size 'wide' 不是窗口尺寸"),
        (["--size", "10x10"], "each from 400", "各为 400"),
        (["--temperature", "-1"], "--temperature -1.0 is out of range", "--temperature -1.0 超出范围"),
        (
            ["--screenshot", "missing-folder/x.png"],
            "cannot be written to missing-folder",
            "无法将截图写入 missing-folder",
        ),
        (["--screenshot", "x.jpg"], "must be a PNG file", "须为 PNG 文件"),
    ],
)
def test_bad_input_gets_one_sentence(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    english: str,
    chinese: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for lang, sentence in (("en", english), ("zh", chinese)):
        assert main(["play", "--lang", lang, *arguments]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert sentence in err
        assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_one_sentence_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(variable, raising=False)
    command = [sys.executable, "-m", "xiangqi_gpt", "play", "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "DISPLAY" in done.stderr
    assert "--screenshot FILE.png" in done.stderr


def test_without_sound_one_sentence_says_so(
    display: pygame.Surface, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from xiangqi_gpt.ui.window import open_sounds

    monkeypatch.setenv("SDL_AUDIODRIVER", "no-such-driver")
    pygame.mixer.quit()
    assert open_sounds("en") is None
    err = capsys.readouterr().err
    assert err.startswith("There will be no sound: ")
    assert len(err.splitlines()) == 1
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    sounds = open_sounds("en")
    assert sounds is not None
    sounds.play(capture=True)
    pygame.mixer.quit()


def test_the_window_opens_with_an_opponent_in_its_own_process(display: pygame.Surface) -> None:
    from xiangqi_gpt.board import Board
    from xiangqi_gpt.rules.pieces import BLACK
    from xiangqi_gpt.ui.app import App
    from xiangqi_gpt.ui.opponent import Opponent
    from xiangqi_gpt.ui.scene import Look
    from xiangqi_gpt.ui.state import new_table
    from xiangqi_gpt.ui.window import player_opener

    app = App(new_table(Board(), BLACK), Opponent(player_opener(3), "random", 0.0), Look("en", flipped=True))
    assert app.opponent.status == "loading"
    while not app.table.texts:
        app.step()
        assert app.opponent.error is None
    app.close()
    assert len(app.table.board.move_stack) == 1
    assert app.table.is_persons_turn
