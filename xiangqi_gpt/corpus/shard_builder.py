"""Games of one side of the split, gathered until they fill a shard."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import numpy as np

from xiangqi_gpt.corpus.encode import EncodedGame
from xiangqi_gpt.corpus.shards import NO_BEST, NO_EVAL, ShardArrays, ShardEntry, Split, write_shard
from xiangqi_gpt.rules.position import TURN
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["ShardBuilder"]


class ShardBuilder:
    """Takes games and writes a shard whenever there are ``shard_plies`` plies; ``entries`` lists the shards."""

    def __init__(self, folder: Path, split: Split, shard_plies: int) -> None:
        self._folder = folder
        self._split: Split = split
        self._shard_plies = shard_plies
        self.entries: list[ShardEntry] = []
        self._begin()

    def _begin(self) -> None:
        self._games: list[EncodedGame] = []
        self._sources: list[int] = []
        self._plies = 0

    def add(self, game: EncodedGame, source: int) -> None:
        """Take a game of a source."""
        self._games.append(game)
        self._sources.append(source)
        self._plies += len(game.moves)
        if self._plies >= self._shard_plies:
            self.flush()

    def flush(self) -> None:
        """Write the games that are waiting, if there are any."""
        if self._games:
            self.entries.append(write_shard(self._folder, self._split, len(self.entries), self._arrays()))
            self._begin()

    def _arrays(self) -> ShardArrays:
        games = self._games
        lengths = [len(game.moves) for game in games]
        rows: dict[bytes, int] = {}  # set-up start -> its row in `starts`
        start = [-1] * len(games)
        for number, game in enumerate(games):
            if game.setup is not None:
                key = game.setup[:N_SQUARES].tobytes() + bytes([int(game.setup[TURN])])
                start[number] = rows.setdefault(key, len(rows))
        starts = np.frombuffer(b"".join(key[:-1] for key in rows), np.int16).reshape(-1, N_SQUARES)
        evals = [np.full(len(game.moves), NO_EVAL, np.int16) if game.evals is None else game.evals for game in games]
        best = [np.full(len(game.moves), NO_BEST, np.uint16) if game.best is None else game.best for game in games]
        return {
            "moves": np.concatenate([game.moves for game in games]),
            "offsets": np.array([0, *accumulate(lengths)], np.int64),
            "start": np.array(start, np.int32),
            "starts": starts,
            "start_turn": np.array([key[-1] for key in rows], np.int8),
            "result": np.array([game.result for game in games], np.int8),
            "source": np.array(self._sources, np.uint8),
            "eval": np.concatenate(evals),
            "best": np.concatenate(best),
        }
