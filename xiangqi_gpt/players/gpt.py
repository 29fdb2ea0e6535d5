"""The model as a player: one forward pass a move, legal moves only."""

from __future__ import annotations

import threading
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.encoding.vocabulary import MOVE_ID
from xiangqi_gpt.model.checkpoint import load_model
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.folder import WEIGHTS_FILE, default_model_folder
from xiangqi_gpt.model.policy import Policy
from xiangqi_gpt.players.base import Candidate, Info, Limit, PlayResult, ProgressCallback
from xiangqi_gpt.players.mate import mate_in_one
from xiangqi_gpt.players.spec import PlayerSpecError
from xiangqi_gpt.players.style import NO_STYLE, Style
from xiangqi_gpt.rules.pieces import Color

__all__ = ["GPTPlayer"]

_CANDIDATES_SHOWN = 5


@lru_cache(maxsize=4)
def _cached_model(folder: Path, changed: int) -> Decoder:
    """The model of a folder; the players of a match share it. ``changed`` tells one version from the next."""
    return load_model(folder)


def _is_lost(board: Board, winner: Color) -> bool:
    outcome = board.outcome()
    return outcome is not None and outcome.winner == winner


def _loses_by_repetition(board: Board, move: Move) -> bool:
    """Whether the mover checks or chases for ever with this move, or with the answer that it leaves open.

    By the axf rules, which forbid the most: under others a chase that is allowed is given up as well.
    """
    winner = not board.turn
    board.push(move)
    try:
        if not board.is_repetition(2):  # nothing repeats: nothing to judge, now or after the answer
            return False
        if _is_lost(board, winner):
            return True
        for answer in board.legal_moves:
            board.push(answer)
            lost = board.is_repetition() and _is_lost(board, winner)
            board.pop()
            if lost:
                return True
        return False
    finally:
        board.pop()


def _without_faults(board: Board, codes: NDArray[np.int32], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities without the moves that lose by repetition, unless all do.

    A model that is winning likes to check, and the record of games does not teach it when to stop.
    """
    replay = board.copy()
    faults = [_loses_by_repetition(replay, Move.from_code(code)) for code in codes.tolist()]
    allowed = np.where(faults, 0.0, probabilities)
    total = allowed.sum()
    return allowed / total if total > 0 else probabilities


class GPTPlayer:
    """Plays what the model finds likely.

    A mate in one is always taken, and a move that loses by the rules of repetition is left out where
    there is another. Otherwise the move is drawn from the legal moves with the
    probabilities p^(1/temperature), or is the likeliest one at temperature 0.

    Args:
        policy: the model's probabilities.
        name: the name for records.
        seed: of the draws; None draws one.
        temperature: 0 for the likeliest move always; 1 for the model's own distribution.
        style: what the model is told of the games that it plays.
    """

    def __init__(
        self,
        policy: Policy,
        name: str = "gpt",
        seed: int | None = None,
        temperature: float = 0.0,
        style: Style = NO_STYLE,
    ) -> None:
        self._policy = policy
        self._name = name
        self._random = np.random.default_rng(seed)
        self.temperature = temperature
        self._style = style

    @classmethod
    def load(
        cls,
        folder: Path | None = None,
        *,
        seed: int | None = None,
        temperature: float | None = None,
        style: Style = NO_STYLE,
    ) -> GPTPlayer:
        """The model of a folder, or the one that ships.

        Raises:
            PlayerSpecError: a style is asked of a model that was trained without conditions.
            ModelFileError: the folder holds no model of this program, or a damaged one.
            ConfigError: the model's settings contradict each other.
        """
        source = (folder or default_model_folder()).resolve()
        weights = source / WEIGHTS_FILE
        model = _cached_model(source, weights.stat().st_mtime_ns if weights.exists() else 0)
        if style != NO_STYLE and not model.config.conditions:
            raise PlayerSpecError("players.style_unknown", folder=source)
        name = "gpt" if folder is None else f"gpt:{folder.name}"
        return cls(Policy(model), name, seed, temperature or 0.0, style)

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
        self._policy.tell(self._style.conditions(board.turn))
        evaluation = self._policy.evaluate(board.root().state, played)
        codes = evaluation.moves
        probabilities = _without_faults(board, codes, evaluation.probabilities)
        order = np.argsort(-probabilities, kind="stable")
        candidates = tuple(
            Candidate(Move.from_code(int(codes[i])), probability=float(probabilities[i]))
            for i in order[:_CANDIDATES_SHOWN]
        )
        chance = None
        if evaluation.wdl is not None:
            chance = float(evaluation.wdl[0] + evaluation.wdl[1] / 2)
        info = Info(candidates, win_probability=chance, nodes=1, time=time.perf_counter() - started)
        if on_progress is not None:
            on_progress(info)
        if (mate := mate_in_one(board)) is not None:
            return PlayResult(mate, info)
        return PlayResult(Move.from_code(int(codes[self._draw(probabilities, order)])), info)

    def _draw(self, probabilities: NDArray[np.float64], order: NDArray[np.intp]) -> int:
        """The index of the move to play."""
        if self.temperature <= 0:
            return int(order[0])
        logits = np.log(np.maximum(probabilities, 1e-30)) / self.temperature
        weights = np.exp(logits - logits.max())
        return int(self._random.choice(len(weights), p=weights / weights.sum()))

    def close(self) -> None:
        """Nothing to let go of."""
