"""Games as token sequences.

``move``: one token a ply, the move's vocabulary id as its mover sees it
(:mod:`xiangqi_gpt.encoding.features` makes these).

``iccs``: four tokens a ply, the characters of its ICCS text, as in Su Jianlin's "GPT that plays
Chinese chess" (kexue.fm/archives/7877, 2020). The 20 tokens are the digits 0-9 (ids 0-9), the
letters a-i (10-18) and one that stands before the first move and behind the last (19). The text is
absolute: both sides are seen from Red's.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.vocabulary import FLIP_ID, MOVE_FROM, MOVE_TO

__all__ = ["ICCS_BOS", "ICCS_CHARACTERS", "ICCS_TOKENS", "N_ICCS_TOKENS", "Tokenizer", "iccs_tokens"]

Tokenizer: TypeAlias = Literal["move", "iccs"]

ICCS_TOKENS = "0123456789abcdefghi"
ICCS_BOS = 19
N_ICCS_TOKENS = 20


def _letters(squares: NDArray[np.int16]) -> list[NDArray[np.int16]]:
    return [squares % 9 + 10, squares // 9]


# [2086, 4]: the tokens of each move of the vocabulary.
ICCS_CHARACTERS = np.stack(_letters(MOVE_FROM) + _letters(MOVE_TO), axis=1).astype(np.int16)


def iccs_tokens(moves: NDArray[np.uint16], flip: bool = False) -> NDArray[np.int16]:
    """The characters of a game, ``int16[4 P]``, of its moves by vocabulary id; ``flip`` mirrors it."""
    ids = FLIP_ID[moves] if flip else moves
    return ICCS_CHARACTERS[ids].reshape(-1)
