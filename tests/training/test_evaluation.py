"""Figures of held-out games against the same computed one move at a time, in float64, without cache or batch."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest
import torch

from xiangqi_gpt import Board, Move
from xiangqi_gpt.corpus.held_out import HeldOutGame
from xiangqi_gpt.encoding.batch import Window, encode_batch, game_windows
from xiangqi_gpt.encoding.vocabulary import FLIP_ID, MOVE_ID, ROTATE_ID
from xiangqi_gpt.model.config import ModelConfig
from xiangqi_gpt.model.decoder import Decoder, Inputs
from xiangqi_gpt.model.tensors import to_choices, to_inputs
from xiangqi_gpt.training.evaluation import score_games
from xiangqi_gpt.training.figures import PlyFigures, Tally

SMALL = {"context": 16, "n_layer": 2, "n_head": 2, "d_model": 16, "d_ff": 24, "zero_init": False}
PLAIN = {"move_features": False, "exchanges": False}
GPT2 = {"norm": "layernorm", "positions": "learned", "activation": "gelu", "qk_norm": False}
TEXT = {"board": "none", "policy": "vocabulary", **PLAIN, **SMALL}
CONFIGS = {
    "legal": ModelConfig(**SMALL),
    "legal, one look": ModelConfig(symmetric=False, **SMALL),
    "vocabulary": ModelConfig(value=False, conditions=False, **TEXT, **GPT2),
    "vocabulary with a board": ModelConfig(**TEXT | {"board": "tactics"}),
    "characters": ModelConfig(tokenizer="iccs", symmetric=False, **TEXT),
    "characters, GPT-2": ModelConfig(tokenizer="iccs", value=False, conditions=False, symmetric=False, **TEXT, **GPT2),
}
SETUP = "3ak4/4a4/9/4p4/9/9/4R4/4B4/9/3AK1C2 b - - 0 1"


def make(name: str) -> Decoder:
    torch.manual_seed(3)
    model = Decoder(CONFIGS[name])
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(6)  # so that it has opinions
    return model.double().eval()


@dataclass
class Played:
    board: Board
    game: HeldOutGame
    result: int | None


def play(seed: int, plies: int, result: int | None, fen: str | None = None) -> Played:
    rng, board = random.Random(seed), Board() if fen is None else Board(fen)
    start = board.state.copy()
    for _ in range(plies):
        board.push(rng.choice(list(board.legal_moves)))
    moves = np.array([MOVE_ID[move.from_square, move.to_square] for move in board.move_stack], np.uint16)
    return Played(board, HeldOutGame(start, moves, result), result)


# One beyond the context of 16 into the last phase, one as long as the context, a set-up position, the shortest.
GAMES = [play(1, 67, 1), play(2, 16, None), play(3, 21, -1, SETUP), play(4, 1, 0)]


def text_of(board: Board, first: int, ply: int) -> list[int]:
    """The characters from the one before ply ``first`` to the last before ``ply``, as ids, by hand."""
    text = "".join(move.iccs().replace("-", "").lower() for move in board.move_stack)
    ids = [19, *("0123456789abcdefghi".index(character) for character in text)]
    return ids[4 * first : 4 * ply + 1]


def characters_of(move: Move) -> list[int]:
    return ["0123456789abcdefghi".index(character) for character in move.iccs().replace("-", "").lower()]


def moves_in_characters(model: Decoder, played: Played, board: Board, first: int) -> tuple[list[float], bool]:
    """The log-probabilities of the legal moves, and whether greedy decoding gives one of them."""
    before = text_of(played.board, first, len(board.move_stack))
    spelt = [characters_of(move) for move in board.legal_moves]
    read = torch.tensor([before + characters[:3] for characters in spelt])
    logs = model.logits(model(Inputs(read))[:, -4:].flatten(0, 1)).double().log_softmax(-1)  # [4 L, 20]
    products = logs.gather(1, torch.tensor(spelt).view(-1, 1)).view(-1, 4).sum(1).tolist()
    greedy: list[int] = []
    for _ in range(4):
        greedy.append(int(model.logits(model(Inputs(torch.tensor([before + greedy])))[0, -1:]).argmax()))
    return products, greedy in spelt


def mean_of_looks(looks: list[torch.Tensor]) -> torch.Tensor:
    return 0.6 * looks[0] + 0.4 * looks[1] if len(looks) == 2 else looks[0]


def moves_in_vocabulary(model: Decoder, played: Played, board: Board, first: int) -> tuple[list[float], bool]:
    """The log-probabilities of the legal moves (of them alone, where the policy is over them), and the argmax's."""
    ply = len(board.move_stack)
    ids = [MOVE_ID[move.from_square, move.to_square] for move in board.legal_moves]
    seen = ids if board.turn else [int(ROTATE_ID[i]) for i in ids]
    looks = []
    for flip in (False, True) if model.config.symmetric else (False,):
        window = Window(played.game.start, played.game.moves, first, ply + 1, ply, flip)
        batch = encode_batch([window], model.config.view)
        hidden = model(to_inputs(batch, torch.device("cpu")))[0, -1:]
        logits = model.logits(hidden, to_choices(batch, torch.device("cpu")))[0].double()
        if model.config.policy == "legal":  # by moves, as those of the vocabulary are
            by_move = torch.full((len(FLIP_ID),), -torch.inf, dtype=torch.float64)
            by_move[torch.from_numpy(batch.legal[0]).long()] = logits
            logits = by_move
        looks.append(logits[torch.from_numpy(FLIP_ID).long()] if flip else logits)
    logits = mean_of_looks(looks)
    logs = logits.log_softmax(-1)
    return [logs[move].item() for move in seen], int(logits.argmax()) in seen


def outlook_of(model: Decoder, played: Played, ply: int, first: int) -> list[float]:
    if model.config.tokenizer == "iccs":
        hidden = model(Inputs(torch.tensor([text_of(played.board, first, ply)])))[0, -1:]
    else:
        flips = (False, True) if model.config.symmetric else (False,)
        windows = [Window(played.game.start, played.game.moves, first, ply + 1, ply, flip) for flip in flips]
        hidden = model(to_inputs(encode_batch(windows, model.config.view), torch.device("cpu")))[:, -1]
    chances: list[float] = mean_of_looks(list(model.wdl(hidden).double())).softmax(-1).tolist()
    return chances


@dataclass
class Ply:
    """What a model makes of one ply, by hand."""

    game: int
    ply: int
    red: bool
    raw: float
    probability: float
    better: int
    legal: bool
    mass: float
    brier: float | None
    result: int | None = field(default=None)


def by_hand(model: Decoder) -> list[Ply]:
    found = []
    score = moves_in_characters if model.config.tokenizer == "iccs" else moves_in_vocabulary
    for number, played in enumerate(GAMES):
        board = played.board.copy()
        stack = list(played.board.move_stack)
        while board.move_stack:
            board.pop()
        windows = {p: w[0] for w in game_windows(len(stack), model.config.context) for p in range(w[2], w[1])}
        assert sorted(windows) == list(range(len(stack)))
        for ply, move in enumerate(stack):
            logs, legal = score(model, played, board, windows[ply])
            own = logs[list(board.legal_moves).index(move)]
            mass = math.fsum(map(math.exp, logs))
            brier = None
            if model.config.value and played.result is not None:
                chances = outlook_of(model, played, ply, windows[ply])
                happened = [0.0, 0.0, 0.0]
                happened[1 - (played.result if board.turn else -played.result)] = 1.0
                brier = sum((p - o) ** 2 for p, o in zip(chances, happened, strict=True))
            better = sum(log > own for log in logs)
            found.append(
                Ply(
                    number, ply, bool(board.turn), -own, math.exp(own) / mass, better, legal, mass, brier, played.result
                )
            )
            board.push(move)
    return found


def expected(plies: list[Ply], *, raw: bool) -> dict[str, float]:
    """The figures of plies, each as its definition says."""
    n = len(plies)
    figures = {
        "plies": n,
        "games": len({ply.game for ply in plies}),
        "nats_per_ply": sum(-math.log(ply.probability) for ply in plies) / n,
        **{f"top{k}": sum(ply.better < k for ply in plies) / n for k in (1, 3, 5)},
    }
    if raw:
        illegal = {ply.game for ply in plies if not ply.legal}
        figures |= {
            "nats_raw": sum(ply.raw for ply in plies) / n,
            "argmax_legal": sum(ply.legal for ply in plies) / n,
            "illegal_mass": sum(1 - ply.mass for ply in plies) / n,
            "games_legal": 1 - len(illegal) / figures["games"],
        }
    known = [ply for ply in plies if ply.brier is not None]
    if known:
        shares = [sum(ply.result == result for ply in known) / len(known) for result in (1, 0, -1)]
        figures["value_brier"] = sum(ply.brier or 0 for ply in known) / len(known)
        figures["value_brier_base_rates"] = sum(
            sum((share - (ply.result == result)) ** 2 for share, result in zip(shares, (1, 0, -1), strict=True))
            for ply in known
        ) / len(known)
    return figures


GROUPS: dict[str, Callable[[Ply], bool]] = {
    "": lambda ply: True,
    "0-19": lambda ply: ply.ply < 20,
    "20-59": lambda ply: 20 <= ply.ply < 60,
    "60+": lambda ply: ply.ply >= 60,
    "red": lambda ply: ply.red,
    "black": lambda ply: not ply.red,
}


@pytest.mark.parametrize("batch_positions", [1, 40])
@pytest.mark.parametrize("name", CONFIGS)
def test_figures_are_those_of_one_move_at_a_time(name: str, batch_positions: int) -> None:
    model = make(name)
    with torch.no_grad():
        plies = by_hand(model)
    scored = []
    tally = score_games(
        model, [played.game for played in GAMES], batch_positions=batch_positions, on_scored=scored.append
    )
    assert sum(scored) == tally.plies == len(plies) == 105
    report = tally.report()
    assert report.keys() == GROUPS.keys()
    for group, belongs in GROUPS.items():
        wanted = expected([ply for ply in plies if belongs(ply)], raw=model.config.policy == "vocabulary")
        got = {key: value for key, value in report[group].items() if not key.endswith("_interval")}
        assert got == pytest.approx(wanted, abs=3e-6), group


def test_characters_in_autocast_are_close_to_those_without() -> None:
    model = make("characters").float()
    games = [played.game for played in GAMES]
    exact = score_games(model, games).report()[""]
    rough = score_games(model, games, dtype=torch.bfloat16).report()[""]
    assert rough["nats_per_ply"] == pytest.approx(exact["nats_per_ply"], rel=0.05)
    assert rough["nats_per_ply"] != exact["nats_per_ply"]


def test_moves_that_are_equally_likely_share_their_hits() -> None:
    model = Decoder(ModelConfig(**SMALL | {"zero_init": True})).eval()  # knows nothing: all moves are equal
    played = GAMES[0]
    counts, board = [], Board()
    for move in played.board.move_stack:
        counts.append(board.legal_moves.count())
        board.push(move)
    report = score_games(model, [played.game]).report()[""]
    assert report["nats_per_ply"] == pytest.approx(np.mean(np.log(counts)), abs=2e-6)
    for k in (1, 3, 5):
        assert report[f"top{k}"] == pytest.approx(np.mean([min(1, k / count) for count in counts]), abs=2e-6)


def tally_of(nats: list[list[float]]) -> Tally:
    """Games that are nothing but their nats."""
    tally = Tally([None] * len(nats))
    for game, own in enumerate(nats):
        n = len(own)
        figures = PlyFigures(np.array(own), np.zeros((n, 3)), None, None, None, None)
        tally.add(np.full(n, game), np.arange(n), (1 + np.arange(n)) % 2, figures)
    return tally


def test_intervals_come_from_drawing_games() -> None:
    rng = np.random.default_rng(5)
    games = [rng.normal(mean, 0.1, 10).tolist() for mean in rng.normal(2, 0.5, 200)]
    figures = tally_of(games).report()[""]
    low, high = figures["nats_per_ply_interval"]
    # Games of equal length: the mean of 200 independent means, whose spread is known.
    spread = np.std([np.mean(game) for game in games]) / math.sqrt(len(games))
    mean = np.mean(games)
    assert low == pytest.approx(mean - 1.96 * spread, abs=0.2 * spread)
    assert high == pytest.approx(mean + 1.96 * spread, abs=0.2 * spread)
    assert figures == tally_of(games).report()[""]


def test_one_game_and_a_phase_that_no_game_reaches() -> None:
    report = tally_of([[1.0, 3.0]]).report()
    assert report[""]["nats_per_ply_interval"] == [2.0, 2.0]
    assert report["60+"] == {"plies": 0, "games": 0} | dict.fromkeys(("nats_per_ply", "top1", "top3", "top5")) | {
        f"{name}_interval": [None, None] for name in ("nats_per_ply", "top1", "top3", "top5")
    }
    assert (report["red"]["nats_per_ply"], report["black"]["nats_per_ply"]) == (1.0, 3.0)


def test_the_interval_of_a_rare_phase_is_that_of_the_draws_which_have_it() -> None:
    games = [[1.0] * 61, *([[1.0]] * 30)]
    report = tally_of(games).report()
    assert report["60+"]["games"] == 1
    assert report["60+"]["nats_per_ply_interval"] == [1.0, 1.0]


def test_windows_of_these_games_do_slide() -> None:
    windows = game_windows(67, 16)
    assert len(windows) > 2
    assert all(later[0] > earlier[0] for earlier, later in pairwise(windows))
