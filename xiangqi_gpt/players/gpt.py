"""The model as a player: one forward pass a move, legal moves only."""

from __future__ import annotations

import threading
import time
from functools import lru_cache
from pathlib import Path

import numpy as np

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.encoding.vocabulary import MOVE_ID
from xiangqi_gpt.model.checkpoint import WEIGHTS_FILE, default_model_folder, load_model
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.policy import Policy
from xiangqi_gpt.players.base import Candidate, Info, Limit, PlayResult, ProgressCallback
from xiangqi_gpt.players.mate import mate_in_one

__all__ = ["GPTPlayer"]

_CANDIDATES_SHOWN = 5


@lru_cache(maxsize=4)
def _cached_model(folder: Path, changed: int) -> Decoder:
    """The model of a folder; the players of a match share it. ``changed`` tells one version from the next."""
    return load_model(folder)


class GPTPlayer:
    """Plays what the model finds likely.

    A mate in one is always taken. Otherwise the move is drawn from the legal moves with the
    probabilities p^(1/temperature), or is the likeliest one at temperature 0.

    Args:
        policy: the model's probabilities.
        name: the name for records.
        seed: of the draws; None draws one.
        temperature: 0 for the likeliest move always; 1 for the model's own distribution.
    """

    def __init__(self, policy: Policy, name: str = "gpt", seed: int | None = None, temperature: float = 0.0) -> None:
        self._policy = policy
        self._name = name
        self._random = np.random.default_rng(seed)
        self.temperature = temperature

    @classmethod
    def load(
        cls, folder: Path | None = None, *, seed: int | None = None, temperature: float | None = None
    ) -> GPTPlayer:
        """The model of a folder, or the one that ships.

        Raises:
            ModelFileError: the folder holds no model of this program, or a damaged one.
            ConfigError: the model's settings contradict each other.
        """
        source = (folder or default_model_folder()).resolve()
        weights = source / WEIGHTS_FILE
        model = _cached_model(source, weights.stat().st_mtime_ns if weights.exists() else 0)
        name = "gpt" if folder is None else f"gpt:{folder.name}"
        return cls(Policy(model), name, seed, temperature or 0.0)

    @property
    def name(self) -> str:
        """The name for records and displays."""
        return self._name

    def play(
        self,
        board: Board,
        limit: Limit = Limit(),
        *,
        stop: threading.Event | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> PlayResult:
        """Choose a move; the limits do not matter, as one look at the position is all it takes."""
        started = time.perf_counter()
        played = np.array([MOVE_ID[move.from_square, move.to_square] for move in board.move_stack], np.uint16)
        codes, probabilities = self._policy.probabilities(board.root().state, played)
        order = np.argsort(-probabilities, kind="stable")
        candidates = tuple(
            Candidate(Move.from_code(int(codes[i])), probability=float(probabilities[i]))
            for i in order[:_CANDIDATES_SHOWN]
        )
        info = Info(candidates, nodes=1, time=time.perf_counter() - started)
        if on_progress is not None:
            on_progress(info)
        if (mate := mate_in_one(board)) is not None:
            return PlayResult(mate, info)
        return PlayResult(Move.from_code(int(codes[self._draw(probabilities, order)])), info)

    def _draw(self, probabilities: np.ndarray[tuple[int], np.dtype[np.float64]], order: np.ndarray) -> int:
        """The index of the move to play."""
        if self.temperature <= 0:
            return int(order[0])
        logits = np.log(np.maximum(probabilities, 1e-30)) / self.temperature
        weights = np.exp(logits - logits.max())
        return int(self._random.choice(len(weights), p=weights / weights.sum()))

    def close(self) -> None:
        """Nothing to let go of."""
