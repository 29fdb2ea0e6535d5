"""Checked games on disk while a corpus is made: memory holds some forty bytes a game, whatever their length."""

from __future__ import annotations

import struct
from array import array
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.encode import EncodedGame
from xiangqi_gpt.corpus.keys import game_keys
from xiangqi_gpt.corpus.shards import RESULT_UNKNOWN
from xiangqi_gpt.rules.position import TURN, new_state
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["Spool"]

# plies, result, side to move of a set-up start or -1, whether evaluations and best moves follow
_HEAD = struct.Struct("<Ibb??")


class Spool:
    """Games appended to a file and read back by number, and a column of each thing to sort them by.

    The file is for this process and this run only; it is removed at the end.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+b")
        self._at = array("Q")
        self._end = 0
        self._family = array("Q")
        self._identity = array("Q")
        self._source = array("B")
        self._quality = array("B")

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._file.close()
        finally:
            self._path.unlink(missing_ok=True)

    def __len__(self) -> int:
        return len(self._at)

    def add(self, game: EncodedGame, source: int) -> None:
        """Append a game of an input file."""
        has_evals, has_best = game.evals is not None, game.best is not None
        turn = -1 if game.setup is None else int(game.setup[TURN])
        parts = [_HEAD.pack(len(game.moves), game.result, turn, has_evals, has_best)]
        if game.setup is not None:
            parts.append(game.setup[:N_SQUARES].tobytes())
        parts += [labels.tobytes() for labels in (game.moves, game.evals, game.best) if labels is not None]
        record = b"".join(parts)
        self._file.write(record)
        self._at.append(self._end)
        self._end += len(record)
        keys = game_keys(game.setup, game.moves)
        self._family.append(keys.family)
        self._identity.append(keys.identity)
        self._source.append(source)
        self._quality.append(2 * (has_evals or has_best) + (game.result != RESULT_UNKNOWN))

    def game(self, index: int) -> EncodedGame:
        """Game ``index`` in the order of adding."""
        end = self._at[index + 1] if index + 1 < len(self._at) else self._end
        self._file.seek(self._at[index])
        record = self._file.read(end - self._at[index])
        plies, result, turn, has_evals, has_best = _HEAD.unpack_from(record)
        at = _HEAD.size
        setup = None
        if turn >= 0:
            setup = new_state(np.frombuffer(record, np.int16, N_SQUARES, at), bool(turn))
            at += 2 * N_SQUARES
        moves = np.frombuffer(record, np.uint16, plies, at)
        at += 2 * plies
        evals = np.frombuffer(record, np.int16, plies, at) if has_evals else None
        at += 2 * plies * has_evals
        best = np.frombuffer(record, np.uint16, plies, at) if has_best else None
        return EncodedGame(moves, setup, result, evals, best)

    @property
    def families(self) -> NDArray[np.uint64]:
        """The family key of each game (:mod:`xiangqi_gpt.corpus.keys`)."""
        return np.array(self._family, np.uint64)

    @property
    def identities(self) -> NDArray[np.uint64]:
        """The identity key of each game."""
        return np.array(self._identity, np.uint64)

    @property
    def sources(self) -> NDArray[np.uint8]:
        """The source of each game."""
        return np.array(self._source, np.uint8)

    @property
    def qualities(self) -> NDArray[np.uint8]:
        """How much each record tells beside its moves: 2 for labels, 1 for a result."""
        return np.array(self._quality, np.uint8)
