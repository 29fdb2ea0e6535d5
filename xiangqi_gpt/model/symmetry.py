"""One answer from a position and its mirror image.

Xiangqi is the same game in a mirror, left and right exchanged. A model that has learnt from games and their
mirror images still answers the two a little differently, each with errors of its own: a mean of them is the better
answer (as engines for Go average over the symmetries of the board).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from xiangqi_gpt.encoding.batch import Window
from xiangqi_gpt.encoding.vocabulary import FLIP_ID, N_MOVES
from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.model.decoder import Choices, Decoder

__all__ = ["answer", "looks", "views"]

_SHARE = 0.6
"""How much the position as it stands counts. A little over half: it decides where the two looks are one and the same,
as at the first move, and people do prefer a side. Measured on games of masters: 0.55 to 0.65 are equal, 0.5 and 0.75
are behind."""

_FLIP = torch.from_numpy(FLIP_ID.astype("int64"))  # [N_MOVES]


def looks(config: ModelConfig) -> int:
    """How often the model looks at a position: twice with ``symmetric``."""
    return 2 if config.symmetric else 1


def views(windows: Sequence[Window], config: ModelConfig) -> list[Window]:
    """What the model reads for an answer: the windows and, with ``symmetric``, behind them their mirror images."""
    return [replace(window, flip=bool(flip)) for flip in range(looks(config)) for window in windows]


def _mean(plain: Tensor, mirrored: Tensor) -> Tensor:
    return _SHARE * plain + (1 - _SHARE) * mirrored


def answer(model: Decoder, hidden: Tensor, choices: Choices) -> tuple[Tensor, Tensor | None]:
    """The logits of N positions.

    Args:
        model: the model.
        hidden: hidden states ``[V N, C]`` of the places asked about, in the order of :func:`views` (V = 1 or 2).
        choices: their legal moves, ``[V N, L]`` each.

    Returns:
        The policy's logits, for the moves as the first N rows of ``choices`` have them ``float32[N, L]`` or over
        the vocabulary, and those of win, draw and loss, ``float32[N, 3]`` or None: weighted
        means of the two views, up to a constant a row.
    """
    logits = model.logits(hidden, choices)
    wdl = None if model.value is None else model.wdl(hidden)
    if looks(model.config) == 1:
        return logits, wdl
    plain, mirrored = logits.chunk(2)
    flip = _FLIP.to(hidden.device)
    if model.config.policy == "vocabulary":
        mirrored = mirrored[:, flip]
    else:
        assert choices.legal is not None
        legal, seen = choices.legal.long().chunk(2)
        own = torch.where(seen < 0, N_MOVES, flip[seen.clamp(min=0)])  # what is behind the last move goes nowhere
        by_move = mirrored.new_full((len(plain), N_MOVES + 1), -torch.inf).scatter(1, own, mirrored)
        mirrored = by_move.gather(1, legal.clamp(min=0))
    if wdl is not None:
        wdl = _mean(*wdl.chunk(2))
    return _mean(plain, mirrored), wdl
