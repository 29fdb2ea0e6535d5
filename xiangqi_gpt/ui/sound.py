"""The small sounds of pieces on wood, made of numbers; without an audio device the game is silent."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pygame

__all__ = ["Sounds"]

_RATE = 44100


def _knock(pitch: float, seconds: float, loudness: float) -> pygame.mixer.Sound:
    """A knock on wood: two dying tones and a burst of noise."""
    time = np.arange(round(seconds * _RATE)) / _RATE
    noise = np.random.default_rng(1).standard_normal(time.size) * np.exp(-time / 0.003)
    tones = np.sin(2 * np.pi * pitch * time) * np.exp(-time / 0.018)
    tones += 0.5 * np.sin(2 * np.pi * 2.7 * pitch * time) * np.exp(-time / 0.008)
    wave = loudness * (0.7 * tones + 0.25 * noise)
    samples = (np.clip(wave, -1, 1) * 32767).astype(np.int16)
    return pygame.sndarray.make_sound(np.repeat(samples[:, None], 2, axis=1))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep ALSA, which writes to the standard error by itself, from telling its troubles at length."""
    if sys.platform != "linux":
        yield
        return
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


class Sounds:
    """Plays a knock for a move and a lower one for a capture."""

    def __init__(self) -> None:
        """Open the audio device.

        Raises:
            pygame.error: there is none that works.
        """
        with _quiet():
            pygame.mixer.init(_RATE, -16, 2, 512, allowedchanges=0)
        self._move, self._capture = _knock(620, 0.09, 0.5), _knock(430, 0.14, 0.8)

    def play(self, capture: bool) -> None:
        """Let a move be heard."""
        (self._capture if capture else self._move).play()
