"""A model in characters asked about moves: the probability of every legal move, spelt out, of a whole window at once.

A move has the product of the probabilities of its four characters, each behind the ones before it, so
each beginning of a legal move must be read by the model: at a ply of 40 legal moves about 7 first
characters, 13 origins and 28 origins with a file. They form a tree that hangs on the text of the
game. All trees of some plies are one sequence in which a node sees the text up to its ply, its
ancestors and itself; the keys and values of the text are computed once for the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from xiangqi_gpt.encoding.tokenizers import ICCS_CHARACTERS, N_ICCS_TOKENS
from xiangqi_gpt.model.cache import KVCache
from xiangqi_gpt.model.decoder import Branches, Decoder, Inputs

__all__ = ["SpeltMoves", "spell_moves"]

_DEPTHS = 3  # characters that are read; the fourth is only foretold
# Nodes of one pass. Each looks at all others, so many cost much; few leave a GPU idle.
_NODES_A_PASS = {"cpu": 400, "cuda": 3000}


@dataclass(frozen=True, slots=True)
class SpeltMoves:
    """What a model makes of N plies.

    Attributes:
        scores: ``float64[N, L]``, the log-probability of each legal move, minus infinity behind the last.
        greedy_legal: ``bool[N]``, whether the four characters that are each the likeliest behind the ones
            before spell a legal move.
    """

    scores: Tensor
    greedy_legal: Tensor


@dataclass(frozen=True, slots=True)
class _Level:
    """The nodes of one depth, ordered by ply.

    Attributes:
        keys: ``int64[n]``, ascending: the ply and the characters so far as one number to the base 20.
        node: ``int64[M]``, which of them is on the way to each legal move.
    """

    keys: NDArray[np.int64]
    node: NDArray[np.int64]


class _Tree:
    """The beginnings of the legal moves of n plies.

    Args:
        legal: ``int16[n, L]``, vocabulary ids (as Red sees them), -1 behind the last.
    """

    def __init__(self, legal: NDArray[np.int16]) -> None:
        self.plies = len(legal)
        self.row, self.column = np.nonzero(legal >= 0)
        self.spelt = ICCS_CHARACTERS[legal[self.row, self.column]].astype(np.int64)  # [M, 4]
        self.levels = []
        keys = self.row.astype(np.int64)
        for character in self.spelt.T:
            keys = keys * N_ICCS_TOKENS + character
            self.levels.append(_Level(*np.unique(keys, return_inverse=True)))

    def nodes_a_ply(self) -> NDArray[np.int64]:
        """How many nodes each ply has, ``int64[n]``."""
        plies = [level.keys // N_ICCS_TOKENS**depth for depth, level in enumerate(self.levels[:_DEPTHS], 1)]
        return np.bincount(np.concatenate(plies))

    def nodes(self, first: int, last: int) -> tuple[list[int], NDArray[np.int64], NDArray[np.bool_]]:
        """The nodes of the plies ``first`` to ``last - 1``.

        Returns:
            How many there are of each depth; the ply, depth and character of each, ``int64[3, N]``; and
            which nodes each sees: its ancestors and itself, ``bool[N, N]``.
        """
        parts, described = [], []
        for depth, level in enumerate(self.levels[:_DEPTHS], 1):
            base = N_ICCS_TOKENS**depth
            begin, end = np.searchsorted(level.keys, [first * base, last * base])
            keys = level.keys[begin:end]
            parts.append(keys)
            described.append(np.stack([keys // base, np.full_like(keys, depth), keys % N_ICCS_TOKENS]))
        sizes = [len(keys) for keys in parts]
        sees = np.eye(sum(sizes), dtype=np.bool_)
        at = 0
        for above, keys in pairwise(parts):
            parent = at + np.searchsorted(above, keys // N_ICCS_TOKENS)
            at += len(above)
            sees[at : at + len(keys)] |= sees[parent]
        return sizes, np.concatenate(described, axis=1), sees

    def greedy_legal(self, logs: list[Tensor]) -> NDArray[np.bool_]:
        """Whether greedy decoding stays in the tree to its end, ``bool[n]``; ``logs`` as in :meth:`scores`."""
        key, node = np.arange(self.plies), np.arange(self.plies)
        legal = np.ones(self.plies, np.bool_)
        for level, log in zip(self.levels, logs, strict=True):
            likeliest = log.argmax(1).cpu().numpy()
            key = key * N_ICCS_TOKENS + likeliest[node]
            node = np.minimum(np.searchsorted(level.keys, key), len(level.keys) - 1)
            legal &= level.keys[node] == key
        return legal

    def scores(self, logs: list[Tensor], width: int) -> Tensor:
        """The log-probabilities of the legal moves, ``float64[n, width]``.

        Args:
            logs: of the characters behind each node, ``float64[nodes, 20]``, by depth from 0 (the plies) to 3.
            width: L.
        """
        device = logs[0].device
        before = [self.row, *(level.node for level in self.levels[:_DEPTHS])]
        total = torch.zeros(len(self.row), dtype=torch.float64, device=device)
        for log, node, character in zip(logs, before, self.spelt.T, strict=True):
            total += log[_index(node, device), _index(character, device)]
        scores = torch.full((self.plies, width), -torch.inf, dtype=torch.float64, device=device)
        scores[_index(self.row, device), _index(self.column, device)] = total
        return scores


def _index(array: NDArray[np.int64], device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array)).to(device)


@torch.no_grad()
def spell_moves(
    model: Decoder, cache: KVCache, hidden: Tensor, first: int, legal: NDArray[np.int16], conditions: Tensor | None
) -> SpeltMoves:
    """Score the legal moves at n plies in a row of a window that the model has read.

    Args:
        model: a model in characters, in evaluation mode.
        cache: the keys and values of the window's text, at least to the place before each ply's first character.
        hidden: ``[n, C]``, the hidden states of those places.
        first: the first of the n plies in the window.
        legal: ``int16[n, L]``, the legal moves of each, as vocabulary ids (as Red sees them), -1 behind the last.
        conditions: those of the window's :class:`~xiangqi_gpt.model.decoder.Inputs`.
    """
    device = hidden.device
    tree = _Tree(legal)
    by_depth: list[list[Tensor]] = [[] for _ in range(_DEPTHS)]
    for begin, end in _passes(tree.nodes_a_ply(), _NODES_A_PASS[device.type]):
        sizes, nodes, sees = tree.nodes(begin, end)
        ply, depth, character = _index(nodes, device)
        root = 4 * (first + ply)
        text = torch.arange(cache.length, device=device) <= root[:, None]  # [N, T]
        branches = Branches(root + depth, torch.cat([text, torch.from_numpy(sees).to(device)], 1))
        logs = _logs(model, model(Inputs(character[None], conditions=conditions), cache, branches)[0])
        for at, part in zip(by_depth, torch.split(logs, sizes), strict=True):
            at.append(part)
    logs_by_depth = [_logs(model, hidden), *(torch.cat(parts) for parts in by_depth)]
    scores = tree.scores(logs_by_depth, legal.shape[1])
    return SpeltMoves(scores, torch.from_numpy(tree.greedy_legal(logs_by_depth)).to(device))


def _passes(nodes: NDArray[np.int64], most: int) -> list[tuple[int, int]]:
    """Cut plies of so many nodes each into runs of at most ``most`` nodes, one ply at least."""
    runs, begin, held = [], 0, 0
    for ply, count in enumerate(nodes.tolist()):
        if ply > begin and held + count > most:
            runs.append((begin, ply))
            begin, held = ply, 0
        held += count
    return [*runs, (begin, len(nodes))]


def _logs(model: Decoder, hidden: Tensor) -> Tensor:
    return model.logits(hidden).double().log_softmax(-1)
