"""Windows of games -> the arrays that a model takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.encoding.conditions import CONDITIONS_A_SIDE, NO_CONDITIONS, Conditions
from xiangqi_gpt.encoding.features import (
    BOARD,
    EXCHANGES,
    LEGAL,
    MAX_FEATURES,
    MAX_LEGAL,
    MOVE_VIEW,
    TACTICS,
    encode_window,
)
from xiangqi_gpt.encoding.labels import Labels
from xiangqi_gpt.encoding.tokenizers import ICCS_BOS, Tokenizer, iccs_tokens
from xiangqi_gpt.encoding.vocabulary import NO_MOVE, PAD_ID
from xiangqi_gpt.rules.position import TURN, State

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
        conditions: what the model is told of the game.
        labels: what it shall learn beside the moves played.
    """

    state: State
    moves: NDArray[np.uint16]
    first: int
    last: int
    count_from: int
    flip: bool = False
    conditions: Conditions = NO_CONDITIONS
    labels: Labels | None = None

    @property
    def sides(self) -> NDArray[np.intp]:
        """The side to move at each position, ``intp[last - first]``, 1 for Red."""
        return (int(self.state[TURN]) + np.arange(self.first, self.last)) % 2


@dataclass(frozen=True, slots=True)
class EncodedBatch:
    """B windows, padded behind to S tokens, and what is asked at the N places that count.

    With move tokens a token is a ply, with ICCS characters four are. Ids are as the side to move sees them.

    Attributes:
        tokens: ``int64[B, S]``, the input at each place.
        features: ``int32[F]``, the active features of all places, one after another; empty without a board.
        feature_offsets: ``int64[B S]``, where each place's features begin; empty without a board.
        conditions: ``int64[B, 2, 4]``, the conditions at even and at odd plies of the window.
        places: ``int64[N]``, the places that count: indices into the B S places.
        targets: ``int64[N]``, what comes next there: the column of the move in ``legal``, or a token; -1:
            the position behind the last move.
        legal: ``int16[N, L]``, the legal moves, -1 behind them; L = 0 when not asked for.
        categories: ``int16[N, L]``, their categories.
        exchanges: ``int16[N, L]``, their exchange categories; L = 0 when not asked for.
        soft_targets: ``int64[N, K]``, columns or tokens as ``targets``; K = 0 without labels.
        soft_weights: ``float32[N, K]``, how much of each is to be learnt.
        values: ``float32[N, 3]``, the chances that the mover wins, draws, loses; zeros where unknown.
        positions: how many positions have a target.
    """

    tokens: NDArray[np.int64]
    features: NDArray[np.int32]
    feature_offsets: NDArray[np.int64]
    conditions: NDArray[np.int64]
    places: NDArray[np.int64]
    targets: NDArray[np.int64]
    legal: NDArray[np.int16]
    categories: NDArray[np.int16]
    exchanges: NDArray[np.int16]
    soft_targets: NDArray[np.int64]
    soft_weights: NDArray[np.float32]
    values: NDArray[np.float32]
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


def _counted(windows: Sequence[Window], length: int, tokens_a_ply: int = 1) -> NDArray[np.int64]:
    """The places that count, of windows padded to ``length`` places."""
    spans = [
        row * length + tokens_a_ply * np.arange(window.count_from - window.first, window.last - window.first)
        for row, window in enumerate(windows)
    ]
    plies = np.concatenate(spans)
    return (plies[:, None] + np.arange(tokens_a_ply)).reshape(-1)


def _conditions(windows: Sequence[Window]) -> NDArray[np.int64]:
    """``int64[B, 2, 4]``: what each side to move is told, the one at the window's first place first."""
    rows = np.zeros((len(windows), 2, CONDITIONS_A_SIDE), np.int64)
    for row, window in enumerate(windows):
        if window.conditions is not NO_CONDITIONS:
            told = window.conditions.rows()
            rows[row] = told if (int(window.state[TURN]) + window.first) % 2 == 0 else told[::-1]
    return rows


def _values(windows: Sequence[Window]) -> NDArray[np.float32]:
    """The chances of the side to move at the positions that count, ``float32[n, 3]``."""
    parts = []
    for window in windows:
        rows = np.zeros((window.last - window.count_from, 3), np.float32)
        if window.labels is not None:
            red = window.labels.value[window.count_from : window.last]  # there is none behind the last move
            mine = window.sides[window.count_from - window.first :][: len(red), None]
            rows[: len(red)] = np.where(mine == 1, red, red[:, ::-1])
        parts.append(rows)
    return np.concatenate(parts)


def _soft_moves(windows: Sequence[Window]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The moves to learn at the positions that count as their movers see them, -1 for none, and their weights."""
    width = max((window.labels.moves.shape[1] for window in windows if window.labels is not None), default=0)
    total = sum(window.last - window.count_from for window in windows)
    ids, weights = np.full((total, width), -1, np.int64), np.zeros((total, width), np.float32)
    at = 0
    for window in windows if width else ():
        n = window.last - window.count_from
        sides = window.sides[window.count_from - window.first :]
        if window.labels is not None:
            moves, shares = window.labels.moves, window.labels.weights
        else:
            moves, shares = window.moves[:, None], np.ones((len(window.moves), 1), np.float32)
        some = moves[window.count_from : window.last]
        known = some != NO_MOVE
        seen = MOVE_VIEW[int(window.flip), sides[: len(some), None], np.where(known, some, 0)]
        ids[at : at + len(some), : some.shape[1]] = np.where(known, seen, -1)
        weights[at : at + len(some), : some.shape[1]] = shares[window.count_from : window.last]
        at += n
    return ids, weights


def _shares_of_played(windows: Sequence[Window]) -> NDArray[np.float32]:
    """How much of each move played is to be learnt, at the positions that count, ``float32[n]``."""
    parts = []
    for window in windows:
        shares = np.ones(window.last - window.count_from, np.float32)
        if window.labels is not None:
            some = slice(window.count_from, min(window.last, len(window.moves)))  # none is played behind the last move
            played = window.labels.moves[some] == window.moves[some, None]
            shares[: len(played)] = np.where(played, window.labels.weights[some], 0.0).sum(1)
        parts.append(shares)
    return np.concatenate(parts)


def _columns(legal: NDArray[np.int16], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """The columns of moves ``ids [N]`` in ``legal [N, L]``; -1 stays."""
    columns = (legal == ids[:, None]).argmax(1)
    return np.where(ids < 0, -1, columns)


def _encode_moves(windows: Sequence[Window], view: View) -> EncodedBatch:
    size, length = len(windows), max(window.last - window.first for window in windows)
    places = size * length
    tokens = np.full((size, length), PAD_ID, np.int16)
    targets = np.full((size, length), -1, np.int16)
    bag = np.empty(places * MAX_FEATURES if view.board else 0, np.int16)
    counts = np.zeros((size, length), np.int32)
    rows = (size, length, MAX_LEGAL) if view.legal else (size, length, 0)
    legal, categories = np.empty(rows, np.int16), np.empty(rows, np.int16)
    exchanges = np.empty(rows if view.exchanges else (size, length, 0), np.int16)
    legal_counts = np.zeros((size, length), np.int16)
    written = 0
    for i, window in enumerate(windows):
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
            legal[i],
            categories[i],
            exchanges[i],
            legal_counts[i],
        )
    counted = _counted(windows, length)
    ids = targets.reshape(-1)[counted].astype(np.int64)
    soft_targets, soft_weights = _soft_moves(windows)
    own_counts = legal_counts.reshape(-1)[counted]
    widest = max(int(own_counts.max(initial=0)), 1) if view.legal else 0
    beyond = np.arange(widest) >= own_counts[:, None]

    def at_places(array: NDArray[np.int16], fill: int) -> NDArray[np.int16]:
        if array.shape[2] == 0:
            return np.empty((len(counted), 0), np.int16)
        return np.where(beyond, np.int16(fill), array.reshape(places, -1)[counted, :widest])

    legal = at_places(legal, -1)
    if view.legal:
        ids = _columns(legal, ids)
        soft_targets = (
            np.stack([_columns(legal, column) for column in soft_targets.T], 1) if soft_targets.size else (soft_targets)
        )
    offsets = np.zeros(places if view.board else 0, np.int64)
    if view.board:
        np.cumsum(counts.reshape(-1)[:-1], out=offsets[1:])
    return EncodedBatch(
        tokens=tokens.astype(np.int64),
        features=bag[:written].astype(np.int32),
        feature_offsets=offsets,
        conditions=_conditions(windows),
        places=counted,
        targets=ids,
        legal=legal,
        categories=at_places(categories, 0),
        exchanges=at_places(exchanges, 0),
        soft_targets=soft_targets,
        soft_weights=soft_weights,
        values=_values(windows),
        positions=int((ids >= 0).sum()),
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
    counted = _counted(windows, length, 4)
    ids = targets.reshape(-1)[counted]
    # A move that an engine would not have played cannot be put in its place: its characters would be spelt on from
    # the other's. It is left out, or counts for as much as it is the move to learn.
    labelled = any(window.labels is not None for window in windows)
    shares = np.repeat(_shares_of_played(windows), 4)[:, None] if labelled else np.empty((len(counted), 0), np.float32)
    values = np.zeros((len(counted), 3), np.float32)
    values[::4] = _values(windows)  # before the first character of a move the whole position is known
    empty = np.empty((len(counted), 0), np.int16)
    return EncodedBatch(
        tokens=tokens,
        features=np.empty(0, np.int32),
        feature_offsets=np.empty(0, np.int64),
        conditions=_conditions(windows),
        places=counted,
        targets=ids,
        legal=empty,
        categories=empty,
        exchanges=empty,
        soft_targets=np.where(shares > 0, ids[:, None], -1) if labelled else np.empty((len(counted), 0), np.int64),
        soft_weights=np.where(ids[:, None] < 0, np.float32(0), shares) if labelled else shares,
        values=values,
        positions=int((ids >= 0).sum()) // 4,
    )


def encode_batch(windows: Sequence[Window], view: View) -> EncodedBatch:
    """Encode windows of games as one batch, padded to the longest."""
    return _encode_characters(windows) if view.tokenizer == "iccs" else _encode_moves(windows, view)
