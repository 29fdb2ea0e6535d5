"""A model asked for one position after another: probabilities of the legal moves; chances of win, draw and loss."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from xiangqi_gpt.encoding.batch import EncodedBatch, Window, encode_batch
from xiangqi_gpt.encoding.conditions import NO_CONDITIONS, Conditions
from xiangqi_gpt.encoding.features import MOVE_VIEW
from xiangqi_gpt.encoding.vocabulary import MOVE_CODE, MOVE_ID, N_MOVES
from xiangqi_gpt.model.cache import KVCache
from xiangqi_gpt.model.decoder import Decoder, Inputs
from xiangqi_gpt.model.spelling import spell_moves
from xiangqi_gpt.model.symmetry import answer, looks, views
from xiangqi_gpt.model.tensors import to_choices, to_inputs
from xiangqi_gpt.rules.movegen import MAX_MOVES, generate_legal
from xiangqi_gpt.rules.position import TURN, State, make_move
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["Evaluation", "Policy", "window_start"]


def window_start(ply: int, context: int) -> int:
    """The first position of the window in which position ``ply`` is looked at.

    While the game fits the context, that is its beginning. Beyond, the window moves on by half a
    context at a time, so that at least half a context stands before the position and most steps
    reuse the keys and values of the last.
    """
    if ply < context:
        return 0
    step = max(context - context // 2, 1)
    return -(-(ply + 1 - context) // step) * step


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model makes of a position with L legal moves.

    Attributes:
        moves: ``int32[L]``, the legal moves, in the kernels' code.
        probabilities: ``float64[L]``, summing to 1.
        wdl: the chances that the mover wins, draws and loses, ``float64[3]``; None without a value head, or
            when the model was told the result.
    """

    moves: NDArray[np.int32]
    probabilities: NDArray[np.float64]
    wdl: NDArray[np.float64] | None


class Policy:
    """A model's evaluations of positions, with the keys and values of the game so far kept.

    Asked about a game that continues, or branches off from, the one before, it computes only the new
    places; it may be asked about any game at any time.

    Args:
        model: the model, in evaluation mode.
        conditions: what the model is told of the games it is asked about.
    """

    def __init__(self, model: Decoder, conditions: Conditions = NO_CONDITIONS) -> None:
        self.model = model
        self.config = model.config
        self.conditions = conditions
        self._device = next(model.parameters()).device
        self._view = self.config.view
        self._cache = KVCache(self.config, looks(self.config), self._device)
        self._start = np.empty(0, np.int16)
        self._moves = np.empty(0, np.uint16)
        self._first = 0

    def tell(self, conditions: Conditions) -> None:
        """Ask from now on about games of which the model is told something else."""
        if conditions != self.conditions:
            self.conditions = conditions
            self._cache.rollback(0)

    @torch.inference_mode()
    def evaluate(self, start: State, moves: NDArray[np.uint16]) -> Evaluation:
        """Look at a position.

        Args:
            start: the start position of the game.
            moves: the moves played since, by vocabulary id, ``uint16[P]``.

        Returns:
            Empty arrays and no `wdl` where there is no legal move.
        """
        state = start.copy()
        for move in moves:
            make_move(state, int(MOVE_CODE[move]))
        legal = np.empty(MAX_MOVES, np.int32)
        legal = legal[: generate_legal(state, legal, np.empty(N_SQUARES, np.uint8))]
        if len(legal) == 0:
            return Evaluation(legal, np.empty(0), None)
        ids = MOVE_ID[legal >> 7, legal & 127]
        if self.config.tokenizer == "iccs":
            scores, wdl = self._character_scores(start, moves, ids)
        else:
            scores, wdl = self._move_scores(start, moves, MOVE_VIEW[0, int(state[TURN])][ids])
        scores = np.exp(scores - scores.max())
        if wdl is None or self.conditions.result is not None:
            return Evaluation(legal, scores / scores.sum(), None)
        return Evaluation(legal, scores / scores.sum(), wdl[0].double().softmax(-1).cpu().numpy())

    def _reuse(self, start: State, moves: NDArray[np.uint16]) -> tuple[int, int]:
        """Make the cache fit a game; returns the window's first position and the first that is not cached."""
        first = window_start(len(moves), self.config.context)
        known = 0
        if first == self._first and np.array_equal(start, self._start):
            shared = min(len(moves), len(self._moves))
            differs = np.flatnonzero(moves[:shared] != self._moves[:shared])
            # Position p is a function of the moves before it: p <= (number of equal moves) is known.
            known = (int(differs[0]) if len(differs) else shared) + 1 - first
        # At least the last position is computed anew: its hidden state is what is asked for.
        held = self._cache.length // self.config.tokens_per_ply
        known = max(0, min(known, held, len(moves) - first))
        self._cache.rollback(known * self.config.tokens_per_ply)
        self._start, self._moves, self._first = start.copy(), moves.copy(), first
        return first, first + known

    def _read(self, start: State, moves: NDArray[np.uint16]) -> tuple[EncodedBatch, Inputs]:
        """The places that are not cached yet; asked is the last of them."""
        first, new = self._reuse(start, moves)
        last = len(moves) + 1
        window = Window(start, moves, new, last, last - 1, conditions=self.conditions)
        batch = encode_batch(views([window], self.config), self._view)
        inputs = to_inputs(batch, self._device)
        if inputs.conditions is not None and (new - first) % 2:  # in the order of the window's plies
            inputs = replace(inputs, conditions=inputs.conditions.flip(1))
        return batch, inputs

    def _move_scores(
        self, start: State, moves: NDArray[np.uint16], seen: NDArray[np.int16]
    ) -> tuple[NDArray[np.float64], Tensor | None]:
        """Logits of the moves with the ids ``seen`` from the mover's view, ``float64[L]``; those of the result."""
        batch, inputs = self._read(start, moves)
        hidden = self.model(inputs, self._cache)[:, -1]  # [V, C]
        answered, wdl = answer(self.model, hidden, to_choices(batch, self._device))
        logits = answered[0].double().cpu().numpy()
        if self.config.policy == "vocabulary":
            return logits[seen], wdl
        by_id = np.full(N_MOVES, -np.inf)
        own = batch.legal[0]
        by_id[own[own >= 0]] = logits[own >= 0]
        return by_id[seen], wdl

    def _character_scores(
        self, start: State, moves: NDArray[np.uint16], ids: NDArray[np.int16]
    ) -> tuple[NDArray[np.float64], Tensor | None]:
        """Log-probabilities of moves spelt out, ``float64[L]``, sums over four characters; logits of the result."""
        _, inputs = self._read(start, moves)
        # The last position's four places begin with the character before it; the rest is not known yet.
        known = replace(inputs, tokens=inputs.tokens[:, :-3])
        hidden = self.model(known, self._cache)[0, -1:]  # [1, C]
        ply = len(moves) - self._first
        spelt = spell_moves(self.model, self._cache, hidden, ply, ids[None], inputs.conditions)
        self._cache.rollback(4 * ply)  # only whole plies stay: the first place of the last one goes
        return spelt.scores[0].cpu().numpy(), self.model.wdl(hidden) if self.config.value else None
