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
    """Two 64-bit keys of a game, and which way they were taken.

    ``family``: of its start and first 40 plies; games of one family go to one side of the split.
    ``identity``: of its start and all its plies; equal for exact duplicates.
    ``mirrored``: whether they are those of its mirror image.
    """

    family: int
    identity: int
    mirrored: bool


def _canonical(setup: State | None, moves: NDArray[np.uint16]) -> tuple[bytes, bytes, bool]:
    """Start and moves of the game or of its mirror image, whichever is smaller, byte by byte; whether the latter.

    The start is empty for the usual one, else 90 piece codes and the side to move; the moves are
    vocabulary ids in two bytes each, the higher first.
    """
    here, there = (canonical_moves(moves, mirrored=flip).tobytes() for flip in (False, True))
    if setup is None:
        return b"", min(here, there), there < here
    turn = bytes([int(setup[TURN])])
    pieces = setup[:N_SQUARES].astype(np.uint8)
    flipped = pieces.reshape(N_RANKS, N_FILES)[:, ::-1]
    return min((pieces.tobytes() + turn, here, False), (flipped.tobytes() + turn, there, True))


def canonical_moves(moves: NDArray[np.uint16], *, mirrored: bool) -> NDArray[np.uint16]:
    """The moves as :func:`game_keys` takes them, ``>u2[T]``: games of a family agree in their first 40 plies."""
    return (FLIP_ID[moves] if mirrored else moves).astype(">u2")


def game_keys(setup: State | None, moves: NDArray[np.uint16]) -> GameKeys:
    """The keys of a game: the first 8 bytes of SHA-256 over start, ``/`` and moves.

    Corpora are comparable only while this stays as it is: it decides who is in the validation part.

    Args:
        setup: the state row of a set-up start position, None for the usual start.
        moves: vocabulary ids, ``uint16[T]``.
    """
    start, plies, mirrored = _canonical(setup, moves)
    family, identity = (
        int.from_bytes(hashlib.sha256(start + b"/" + part).digest()[:8], "big")
        for part in (plies[: 2 * FAMILY_PLIES], plies)
    )
    return GameKeys(family, identity, mirrored)


def in_validation(family: int, share: float) -> bool:
    """Whether the games of a family are held back for validation: so are ``share`` (0..1) of all."""
    return family < share * 2.0**64
