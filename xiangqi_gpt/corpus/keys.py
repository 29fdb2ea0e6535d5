"""Keys by which equal and nearly equal games are found, the same for a game and its mirror image."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.vocabulary import FLIP_ID
from xiangqi_gpt.rules.position import TURN, State
from xiangqi_gpt.rules.squares import N_FILES, N_RANKS, N_SQUARES

__all__ = ["FAMILY_PLIES", "GameKeys", "canonical_moves", "game_keys", "in_validation"]

FAMILY_PLIES = 40


class GameKeys(NamedTuple):
    """Two 64-bit keys of a game.

    ``family``: of its start and first 40 plies; games of one family go to one side of the split.
    ``identity``: of its start and all its plies; equal for exact duplicates.
    """

    family: int
    identity: int


def _canonical(setup: State | None, moves: NDArray[np.uint16]) -> tuple[bytes, bytes]:
    """Start and moves of the game or of its mirror image, whichever is smaller, byte by byte.

    The start is empty for the usual one, else 90 piece codes and the side to move; the moves are
    vocabulary ids in two bytes each, the higher first.
    """
    here = moves.astype(">u2").tobytes()
    there = FLIP_ID[moves].astype(">u2").tobytes()
    if setup is None:
        return b"", min(here, there)
    turn = bytes([int(setup[TURN])])
    pieces = setup[:N_SQUARES].astype(np.uint8)
    flipped = pieces.reshape(N_RANKS, N_FILES)[:, ::-1]
    return min((pieces.tobytes() + turn, here), (flipped.tobytes() + turn, there))


def canonical_moves(setup: State | None, moves: NDArray[np.uint16]) -> bytes:
    """The moves of the game or of its mirror image: of two games of a family one's may begin the other's."""
    return _canonical(setup, moves)[1]


def game_keys(setup: State | None, moves: NDArray[np.uint16]) -> GameKeys:
    """The keys of a game: the first 8 bytes of SHA-256 over start, ``/`` and moves.

    Corpora are comparable only while this stays as it is: it decides who is in the validation part.

    Args:
        setup: the state row of a set-up start position, None for the usual start.
        moves: vocabulary ids, ``uint16[T]``.
    """
    start, plies = _canonical(setup, moves)
    keys = (hashlib.sha256(start + b"/" + part).digest()[:8] for part in (plies[: 2 * FAMILY_PLIES], plies))
    return GameKeys(*(int.from_bytes(key, "big") for key in keys))


def in_validation(family: int, share: float) -> bool:
    """Whether the games of a family are held back for validation: so are ``share`` (0..1) of all."""
    return family < share * 2.0**64
