"""A model asked for one position after another: the probabilities of its legal moves."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from xiangqi_gpt.encoding.batch import Window, encode_batch
from xiangqi_gpt.encoding.features import MOVE_VIEW
from xiangqi_gpt.encoding.tokenizers import ICCS_CHARACTERS
from xiangqi_gpt.encoding.vocabulary import MOVE_CODE, MOVE_ID, N_MOVES
from xiangqi_gpt.model.cache import KVCache
from xiangqi_gpt.model.decoder import Decoder, Inputs
from xiangqi_gpt.rules.movegen import MAX_MOVES, generate_legal
from xiangqi_gpt.rules.position import TURN, State, make_move
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["Policy", "window_start"]

_CHARACTER_BATCH = 16  # continuations scored at a time: each copies the cache


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


class Policy:
    """Legal-move probabilities of a model, with the keys and values of the game so far kept.

    Asked about a game that continues, or branches off from, the one before, it computes only the new
    places; it may be asked about any game at any time.

    Args:
        model: the model, in evaluation mode.
    """

    def __init__(self, model: Decoder) -> None:
        self.model = model
        self.config = model.config
        self._device = next(model.parameters()).device
        self._view = self.config.view
        self._cache = KVCache(self.config, 1, self._device)
        self._start = np.empty(0, np.int16)
        self._moves = np.empty(0, np.uint16)
        self._first = 0

    @torch.inference_mode()
    def probabilities(self, start: State, moves: NDArray[np.uint16]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The legal moves of a position and their probabilities, which sum to 1.

        Args:
            start: the start position of the game.
            moves: the moves played since, by vocabulary id, ``uint16[P]``.

        Returns:
            Kernel moves ``int32[L]`` and ``float64[L]``; both empty where there is no legal move.
        """
        state = start.copy()
        for move in moves:
            make_move(state, int(MOVE_CODE[move]))
        legal = np.empty(MAX_MOVES, np.int32)
        legal = legal[: generate_legal(state, legal, np.empty(N_SQUARES, np.uint8))]
        if len(legal) == 0:
            return legal, np.empty(0)
        ids = MOVE_ID[legal >> 7, legal & 127]
        if self.config.tokenizer == "iccs":
            scores = self._character_scores(start, moves, ids)
        else:
            scores = self._move_scores(start, moves, MOVE_VIEW[0, int(state[TURN])][ids])
        scores = np.exp(scores - scores.max())
        return legal, scores / scores.sum()

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

    def _move_scores(self, start: State, moves: NDArray[np.uint16], seen: NDArray[np.int16]) -> NDArray[np.float64]:
        """Logits of the moves with the ids ``seen`` from the mover's view, ``float64[L]``."""
        _, new = self._reuse(start, moves)
        last = len(moves) + 1
        batch = encode_batch([Window(start, moves, new, last, new)], self._view)
        tensors = (batch.tokens, batch.features, batch.feature_offsets.astype(np.int32), batch.legal, batch.categories)
        tokens, features, offsets, legal, categories = (torch.from_numpy(a).to(self._device) for a in tensors)
        inputs = Inputs(tokens, torch.empty(0), features, offsets)
        hidden = self.model(inputs, self._cache)[0, -1:]  # [1, C]
        if self.config.policy == "vocabulary":
            return self.model.logits(hidden)[0].double().cpu().numpy()[seen]
        logits = self.model.logits(hidden, legal[0, -1:], categories[0, -1:])[0]
        by_id = np.full(N_MOVES, -np.inf)
        own = batch.legal[0, -1]
        by_id[own[own >= 0]] = logits.double().cpu().numpy()[own >= 0]
        return by_id[seen]

    def _character_scores(self, start: State, moves: NDArray[np.uint16], ids: NDArray[np.int16]) -> NDArray[np.float64]:
        """Log-probabilities of moves spelt out, ``float64[L]``: the sums over their four characters."""
        _, new = self._reuse(start, moves)
        last = len(moves) + 1
        batch = encode_batch([Window(start, moves, new, last, new)], self._view)
        # The last position's four places begin with the character before it; the rest is not known yet.
        tokens = torch.from_numpy(batch.tokens[:, : 4 * (last - 1 - new) + 1]).to(self._device)
        first = self._log_probabilities(self.model(Inputs(tokens, tokens), self._cache)[0, -1:])[0]  # [20]
        spelt = ICCS_CHARACTERS[ids]  # [L, 4]
        beginnings, which = np.unique(spelt[:, :3], axis=0, return_inverse=True)
        rest = np.empty((len(beginnings), 3, self.config.n_outputs))
        for at in range(0, len(beginnings), _CHARACTER_BATCH):
            some = torch.from_numpy(beginnings[at : at + _CHARACTER_BATCH].astype(np.int64)).to(self._device)
            hidden = self.model(Inputs(some, some), self._cache.repeat(len(some)))  # [B, 3, C]
            rest[at : at + len(some)] = self._log_probabilities(hidden.flatten(0, 1)).reshape(len(some), 3, -1)
        # Only whole plies stay in the cache: the first place of the last one goes.
        self._cache.rollback(4 * (last - 1 - self._first))
        scores: NDArray[np.float64] = first[spelt[:, 0]]
        for place in range(3):
            scores = scores + rest[which.reshape(-1), place, spelt[:, place + 1]]
        return scores

    def _log_probabilities(self, hidden: Tensor) -> NDArray[np.float64]:
        logs: NDArray[np.float64] = self.model.logits(hidden).double().log_softmax(-1).cpu().numpy()
        return logs
