"""Windows of games -> the arrays that a model takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.features import BOARD, EXCHANGES, LEGAL, MAX_FEATURES, MAX_LEGAL, TACTICS, encode_window
from xiangqi_gpt.encoding.tokenizers import ICCS_BOS, Tokenizer, iccs_tokens
from xiangqi_gpt.encoding.vocabulary import PAD_ID
from xiangqi_gpt.rules.position import State

__all__ = ["EncodedBatch", "View", "Window", "encode_batch", "game_windows"]


@dataclass(frozen=True, slots=True)
class View:
    """What a model wants to see.

    Attributes:
        tokenizer: how moves become tokens.
        board: the board bag at each ply.
        tactics: the tactical features in the same bag.
        legal: the legal moves of each position, with their categories.
        exchanges: what moves win or lose: hanging pieces in the bag, exchange categories of the legal moves.
    """

    tokenizer: Tokenizer = "move"
    board: bool = False
    tactics: bool = False
    legal: bool = False
    exchanges: bool = False

    @property
    def parts(self) -> int:
        """The argument ``parts`` of :func:`xiangqi_gpt.encoding.features.encode_window`."""
        return BOARD * self.board | TACTICS * self.tactics | LEGAL * self.legal | EXCHANGES * self.exchanges


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive positions of one game.

    Attributes:
        state: the game's start position.
        moves: the game's moves by vocabulary id, ``uint16[P]``.
        first: the first position, by the number of plies before it.
        last: one behind the last, at most ``P + 1``.
        count_from: the first position whose prediction counts; those before it are context.
        flip: whether the game is seen in a mirror.
    """

    state: State
    moves: NDArray[np.uint16]
    first: int
    last: int
    count_from: int
    flip: bool = False


@dataclass(frozen=True, slots=True)
class EncodedBatch:
    """B windows, padded behind to S tokens. With move tokens a token is a ply, with ICCS four are.

    Attributes:
        tokens: ``int64[B, S]``, the input at each place.
        targets: ``int64[B, S]``, what comes next: a token of the same kind; -1 where nothing counts.
        features: ``int32[F]``, the active features of all places, one after another; empty without a board.
        feature_offsets: ``int64[B S]``, where each place's features begin.
        legal: ``int16[B, S, L]``, the legal moves of each place, -1 behind them; L = 0 when not asked for.
        categories: ``int16[B, S, L]``, their categories.
        exchanges: ``int16[B, S, L]``, their exchange categories; L = 0 when not asked for.
        positions: how many positions count.
    """

    tokens: NDArray[np.int64]
    targets: NDArray[np.int64]
    features: NDArray[np.int32]
    feature_offsets: NDArray[np.int64]
    legal: NDArray[np.int16]
    categories: NDArray[np.int16]
    exchanges: NDArray[np.int16]
    positions: int


def game_windows(plies: int, context: int) -> list[tuple[int, int, int]]:
    """Cut a game into windows ``(first, last, count_from)`` so that each ply counts exactly once.

    A window has at most ``context`` positions. A game that fits is one window; a longer one is cut
    into windows that overlap by half a context, so that each ply but the first ``context`` is
    predicted with at least ``context // 2`` plies before it.
    """
    if plies <= context:
        return [(0, plies, 0)]
    step = max(context - context // 2, 1)
    windows = [(0, context, 0)]
    while windows[-1][1] < plies:
        counted = windows[-1][1]
        last = min(counted + step, plies)
        windows.append((last - context, last, counted))
    return windows


def _encode_moves(windows: Sequence[Window], view: View) -> EncodedBatch:
    size, length = len(windows), max(window.last - window.first for window in windows)
    places = size * length
    tokens = np.full((size, length), PAD_ID, np.int16)
    targets = np.full((size, length), -1, np.int16)
    bag = np.empty(places * MAX_FEATURES if view.board else 0, np.int16)
    counts = np.zeros((size, length), np.int32)
    rows = (size, length, MAX_LEGAL) if view.legal else (0, 0, 0)
    legal, categories = np.empty(rows, np.int16), np.empty(rows, np.int16)
    exchanges = np.empty(rows if view.exchanges else (0, 0, 0), np.int16)
    legal_counts = np.zeros((size, length), np.int16)
    empty = np.empty((0, 0), np.int16)
    written = 0
    for i, window in enumerate(windows):
        n = window.last - window.first
        written += encode_window(
            window.state.copy(),
            window.moves,
            window.first,
            window.last,
            int(window.flip),
            view.parts,
            tokens[i],
            targets[i],
            bag[written:],
            counts[i],
            legal[i] if view.legal else empty,
            categories[i] if view.legal else empty,
            exchanges[i] if exchanges.size else empty,
            legal_counts[i],
        )
        targets[i, : window.count_from - window.first] = -1
        targets[i, n:] = -1
    if view.legal:
        widest = max(int(legal_counts.max()), 1)
        legal, categories = legal[:, :, :widest], categories[:, :, :widest]
        beyond = np.arange(widest) >= legal_counts[:, :, None]
        legal = np.where(beyond, np.int16(-1), legal)
        categories = np.where(beyond, np.int16(0), categories)
        if view.exchanges:
            exchanges = np.where(beyond, np.int16(0), exchanges[:, :, :widest])
    offsets = np.zeros(places, np.int64)
    np.cumsum(counts.reshape(-1)[:-1], out=offsets[1:])
    return EncodedBatch(
        tokens=tokens.astype(np.int64),
        targets=targets.astype(np.int64),
        features=bag[:written].astype(np.int32),
        feature_offsets=offsets,
        legal=legal,
        categories=categories,
        exchanges=exchanges,
        positions=int((targets >= 0).sum()),
    )


def _encode_characters(windows: Sequence[Window]) -> EncodedBatch:
    size, length = len(windows), 4 * max(window.last - window.first for window in windows)
    tokens = np.full((size, length), ICCS_BOS, np.int64)
    targets = np.full((size, length), -1, np.int64)
    for i, window in enumerate(windows):
        before = max(window.first - 1, 0)
        text = iccs_tokens(window.moves[before : window.last], window.flip)
        text = text if window.first else np.concatenate([[ICCS_BOS] * 4, text])
        # text[0:4] is the move before the window; its last character precedes the first prediction.
        n = min(4 * (window.last - window.first), len(text) - 3)
        tokens[i, :n] = text[3 : 3 + n]
        known = text[4 : 4 + n]
        targets[i, : len(known)] = known
        targets[i, : 4 * (window.count_from - window.first)] = -1
    empty = np.empty((0, 0, 0), np.int16)
    return EncodedBatch(
        tokens=tokens,
        targets=targets,
        features=np.empty(0, np.int32),
        feature_offsets=np.empty(0, np.int64),
        legal=empty,
        categories=empty,
        exchanges=empty,
        positions=int((targets >= 0).sum()) // 4,
    )


def encode_batch(windows: Sequence[Window], view: View) -> EncodedBatch:
    """Encode windows of games as one batch, padded to the longest."""
    return _encode_characters(windows) if view.tokenizer == "iccs" else _encode_moves(windows, view)
