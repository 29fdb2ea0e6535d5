"""Which games to keep of those that are recorded more than once.

Of exact duplicates (equal start and moves, mirror images included) the one with labels is kept, else
one with a result, else the first. Of games that agree in start and first 40 plies, one that is
the beginning of another is dropped: the same game, recorded longer. Games that agree so far and then
part are all kept; they share a family and so a side of the split.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.keys import canonical_moves
from xiangqi_gpt.corpus.spool import Spool

__all__ = ["find_kept"]


def _groups(keys: NDArray[np.uint64], order: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """``order``, which sorts ``keys``, cut where the key changes."""
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1) if len(order) else []


def _first_of_each(keys: NDArray[np.uint64], order: NDArray[np.intp]) -> NDArray[np.intp]:
    """The first of ``order``, which sorts ``keys``, with each key."""
    starts = np.ones(len(order), bool)
    starts[1:] = np.diff(keys[order]) != 0
    return order[starts]


def find_kept(spool: Spool) -> NDArray[np.bool_]:
    """Whether each game of the spool is kept, ``bool[games]``."""
    identities, families = spool.identities, spool.families
    by_identity = np.lexsort((-spool.qualities.astype(np.int8), identities))  # stable: the first comes first
    unique = _first_of_each(identities, by_identity)
    kept = np.zeros(len(spool), bool)
    kept[unique] = True
    by_family = unique[np.argsort(families[unique], kind="stable")]
    crowded = _shared(families, by_family)
    for group in _groups(families, crowded):
        kept[_beginnings(spool, group)] = False
    return kept


def _shared(keys: NDArray[np.uint64], order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those of ``order``, which sorts ``keys``, whose key another has too."""
    as_next = np.zeros(len(order), bool)
    as_next[:-1] = np.diff(keys[order]) == 0
    return order[as_next | np.roll(as_next, 1)]


def _beginnings(spool: Spool, group: NDArray[np.intp]) -> list[int]:
    """Those of a family that are the beginning of another.

    In alphabetical order whatever stands between a text and one that it begins begins with it too,
    so neighbours are all there is to compare.
    """
    lines = []
    for index in group.tolist():
        game = spool.game(index)
        lines.append((canonical_moves(game.setup, game.moves), index))
    lines.sort()
    return [index for (line, index), (after, _) in pairwise(lines) if after.startswith(line)]
