from __future__ import annotations

import os
from collections.abc import Iterator

# Before pygame is imported: no test opens a real window or makes a sound.
os.environ["SDL_VIDEODRIVER"] = os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import pygame
import pytest

# Where the kernels are not compiled yet, this says so now and not amid what a test reads.
import xiangqi_gpt.board  # noqa: F401


@pytest.fixture
def display() -> Iterator[pygame.Surface]:
    pygame.display.init()
    pygame.font.init()
    yield pygame.display.set_mode((900, 700), pygame.RESIZABLE)
    pygame.display.quit()
