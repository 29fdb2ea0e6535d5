"""How well a model foretells the moves of games that it has not seen: figures that all models have in common.

Teacher-forced, nothing told of the games: at each ply the model sees the game so far, as far
as its context reaches (:func:`xiangqi_gpt.encoding.batch.game_windows`), and every ply of every game
counts once. The figures, over the plies:

``nats_per_ply``
    The mean of -log p(move played), where p is renormalised over the legal moves: for a policy over the
    vocabulary its softmax over the legal moves alone; with characters a move's probability is the
    product of its four characters', divided by the sum of those of all legal moves.
``top1``, ``top3``, ``top5``
    How often the move played is among the k likeliest legal moves; of moves that are equally likely at
    the edge each gets its share.

For a policy that can name illegal moves also

``nats_raw``
    The same as ``nats_per_ply`` without renormalising.
``argmax_legal``
    How often the likeliest move of the whole vocabulary is legal; with characters: the move of the four
    that are each the likeliest behind the ones before (greedy decoding).
``illegal_mass``
    The mean of 1 - the sum of the legal moves' probabilities.
``games_legal``
    The share of the games in which ``argmax_legal`` holds at every ply (of the phase or side).

With a value head and games whose result is known

``value_brier``
    The mean of the squared distance, 0..2, of the foretold chances of win, draw and loss from what
    happened (Brier score of three classes).
``value_brier_base_rates``
    The same of one who always names the shares of Red's wins, draws and losses among the same plies.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from xiangqi_gpt.corpus.held_out import HeldOutGame
from xiangqi_gpt.encoding.batch import EncodedBatch, View, Window, encode_batch, game_windows
from xiangqi_gpt.encoding.features import MOVE_VIEW
from xiangqi_gpt.model.cache import KVCache
from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.model.decoder import Decoder, Inputs
from xiangqi_gpt.model.spelling import spell_moves
from xiangqi_gpt.model.symmetry import answer, looks, views
from xiangqi_gpt.model.tensors import to_choices, to_device, to_inputs
from xiangqi_gpt.training.figures import PlyFigures, Tally

__all__ = ["score_games"]

_AHEAD = 2  # batches encoded while another is scored
_TOPS = (1, 3, 5)

OnScored = Callable[[int], None]
"""Hears how many plies have been scored, each time some were."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Windows of games, encoded.

    Attributes:
        games: the number of each window's game.
        windows: the windows.
        encoded: what the model reads, with ``symmetric`` the mirror images of the windows behind them.
        moves: the legal moves at the places that count, when ``encoded`` is in characters.
    """

    games: Sequence[int]
    windows: Sequence[Window]
    encoded: EncodedBatch
    moves: EncodedBatch | None = None

    @property
    def game_of_ply(self) -> NDArray[np.int64]:
        """The game of each of the N plies that count, ``int64[N]``."""
        counts = [window.last - window.count_from for window in self.windows]
        return np.repeat(np.array(self.games, np.int64), counts)

    @property
    def plies(self) -> NDArray[np.int64]:
        """The number of each in its game, from 0, ``int64[N]``."""
        return np.concatenate([np.arange(window.count_from, window.last) for window in self.windows])

    @property
    def sides(self) -> NDArray[np.int64]:
        """The side to move at each, 1 for Red, ``int64[N]``."""
        return np.concatenate([window.sides[window.count_from - window.first :] for window in self.windows])


def _cut(games: Sequence[HeldOutGame], context: int, positions: int) -> list[list[tuple[int, Window]]]:
    """All windows of all games, with the game's number, in batches of windows of about equal length."""
    windows = [
        (number, Window(game.start, game.moves, *span))
        for number, game in enumerate(games)
        for span in game_windows(len(game.moves), context)
    ]
    windows.sort(key=lambda item: item[1].last - item[1].first)
    batches: list[list[tuple[int, Window]]] = []
    for item in windows:
        longest = item[1].last - item[1].first
        if not batches or (len(batches[-1]) + 1) * longest > positions:
            batches.append([])
        batches[-1].append(item)
    order = np.random.default_rng(0).permutation(len(batches))  # so that the time left is no surprise
    return [batches[k] for k in order]


def _encode(items: Sequence[tuple[int, Window]], config: ModelConfig) -> _Batch:
    games, windows = zip(*items, strict=True)
    if config.tokenizer == "iccs":
        return _Batch(games, windows, encode_batch(windows, config.view), encode_batch(windows, View(legal=True)))
    return _Batch(games, windows, encode_batch(views(windows, config), replace(config.view, legal=True)))


def _encoded(batches: Sequence[Sequence[tuple[int, Window]]], config: ModelConfig) -> Iterator[_Batch]:
    """The batches, encoded ahead of time in a thread: the kernels release the GIL."""
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as executor:
        waiting: deque[Future[_Batch]] = deque()
        for items in batches:
            waiting.append(executor.submit(_encode, items, config))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _figures(scores: Tensor, played: Tensor, argmax_legal: Tensor | None, wdl: Tensor | None) -> PlyFigures:
    """The figures of N plies.

    Args:
        scores: ``[N, L]``, log-probabilities of the legal moves, up to a constant a ply where only legal
            moves can be named; minus infinity behind the last.
        played: ``int64[N]``, the column of the move played.
        argmax_legal: ``bool[N]``, or None where only legal moves can be named.
        wdl: ``[N, 3]``, logits of win, draw and loss, or None.
    """
    scores = scores.double()
    own = scores.gather(1, played[:, None])
    mass = scores.logsumexp(1)
    better, equal = (scores > own).sum(1), (scores == own).sum(1)
    hits = [((top - better).clamp(min=0) / equal).clamp(max=1) for top in _TOPS]

    def array(tensor: Tensor) -> NDArray[np.float64]:
        made: NDArray[np.float64] = tensor.double().cpu().numpy()
        return made

    return PlyFigures(
        nats=array(mass - own[:, 0]),
        hits=array(torch.stack(hits, 1)),
        nats_raw=None if argmax_legal is None else array(-own[:, 0]),
        argmax_legal=None if argmax_legal is None else array(argmax_legal),
        illegal_mass=None if argmax_legal is None else array(-torch.expm1(mass)),
        wdl=None if wdl is None else array(wdl.double().softmax(1)),
    )


def _score_moves(model: Decoder, batch: _Batch, device: torch.device) -> PlyFigures:
    """The figures of the plies of a batch in move tokens."""
    encoded = batch.encoded
    n = len(encoded.places) // looks(model.config)
    hidden = model(to_inputs(encoded, device)).flatten(0, 1).index_select(0, to_device(encoded.places, device))
    choices = to_choices(encoded, device)
    logits, wdl = answer(model, hidden, choices)
    columns = to_device(encoded.targets[:n], device)
    if model.config.policy == "legal":
        return _figures(logits, columns, None, wdl)
    assert choices.legal is not None
    legal = choices.legal[:n].long()
    logs = logits.log_softmax(1)
    scores = logs.gather(1, legal.clamp(min=0)).masked_fill(legal < 0, -torch.inf)
    return _figures(scores, columns, (legal == logits.argmax(1, keepdim=True)).any(1), wdl)


def _score_characters(model: Decoder, batch: _Batch, device: torch.device) -> PlyFigures:
    """The figures of the plies of a batch in characters."""
    assert batch.moves is not None
    sides = batch.sides[:, None]
    legal = batch.moves.legal
    absolute = np.where(legal < 0, np.int16(-1), MOVE_VIEW[0, sides, legal])  # turning twice is not turning
    mixed = torch.is_autocast_enabled(device.type)
    dtype = torch.get_autocast_dtype(device.type) if mixed else model.token_embedding.weight.dtype
    rows = 0
    scores, greedy, hidden = [], [], []
    for window, tokens in zip(batch.windows, batch.encoded.tokens, strict=True):
        text = to_device(tokens[None, : 4 * (window.last - window.first)], device)
        own = absolute[rows : rows + window.last - window.count_from]
        rows += len(own)
        first = window.count_from - window.first
        cache = KVCache(model.config, 1, device, dtype)
        asked = model(Inputs(text), cache)[0, 4 * first :: 4]  # [n, C], before the first characters
        spelt = spell_moves(model, cache, asked, first, own, None)
        scores.append(spelt.scores)
        greedy.append(spelt.greedy_legal)
        hidden.append(asked)
    wdl = model.wdl(torch.cat(hidden)) if model.config.value else None
    return _figures(torch.cat(scores), to_device(batch.moves.targets, device), torch.cat(greedy), wdl)


@torch.inference_mode()
def score_games(
    model: Decoder,
    games: Sequence[HeldOutGame],
    *,
    batch_positions: int = 1024,
    dtype: torch.dtype = torch.float32,
    on_scored: OnScored = lambda plies: None,
) -> Tally:
    """Let a model foretell every ply of games.

    Args:
        model: in evaluation mode, where it shall compute.
        games: what was played.
        batch_positions: about how many positions are looked at together.
        dtype: what matrices are multiplied in; anything but ``float32`` by autocast.
        on_scored: called after each batch.
    """
    device = next(model.parameters()).device
    autocast = torch.autocast(device.type, dtype, enabled=dtype != torch.float32)
    tally = Tally([game.result for game in games])
    for batch in _encoded(_cut(games, model.config.context, batch_positions), model.config):
        with autocast:
            score = _score_moves if batch.moves is None else _score_characters
            figures = score(model, batch, device)
        tally.add(batch.game_of_ply, batch.plies, batch.sides, figures)
        on_scored(len(figures.nats))
    return tally
