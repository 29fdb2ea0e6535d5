"""The decoder against plain formulas: causality, the policy head, caches, windows."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from xiangqi_gpt import Board, Move
from xiangqi_gpt.encoding.batch import EncodedBatch, Window, encode_batch
from xiangqi_gpt.encoding.conditions import NO_CONDITIONS, Conditions
from xiangqi_gpt.encoding.features import MOVE_VIEW
from xiangqi_gpt.encoding.tokenizers import iccs_tokens
from xiangqi_gpt.encoding.vocabulary import MOVE_ID
from xiangqi_gpt.model.config import ConfigError, ModelConfig
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.policy import Policy, window_start
from xiangqi_gpt.model.tensors import to_choices, to_inputs

SMALL = {"context": 16, "n_layer": 2, "n_head": 2, "d_model": 32, "d_ff": 48, "zero_init": False}
PLAIN = {"move_features": False, "exchanges": False}
GPT2 = {"norm": "layernorm", "positions": "learned", "activation": "gelu", "qk_norm": False}
CONFIGS = {
    "tactics": ModelConfig(**SMALL),
    "bag": ModelConfig(board="bag", **PLAIN, **SMALL),
    "moves": ModelConfig(board="none", policy="vocabulary", value=False, conditions=False, **PLAIN, **SMALL, **GPT2),
    "characters": ModelConfig(tokenizer="iccs", board="none", policy="vocabulary", symmetric=False, **PLAIN, **SMALL),
    "one look": ModelConfig(symmetric=False, **SMALL),
}


def make(name: str) -> Decoder:
    torch.manual_seed(0)
    return Decoder(CONFIGS[name]).eval()


def random_moves(seed: int, plies: int, after: np.ndarray | tuple[()] = ()) -> np.ndarray:
    rng, board = random.Random(seed), Board()
    for move_id in after:
        board.push(_move(int(move_id)))
    for _ in range(plies):
        board.push(rng.choice(list(board.legal_moves)))
    return np.array([MOVE_ID[move.from_square, move.to_square] for move in board.move_stack], np.uint16)


CPU = torch.device("cpu")
TOLD = Conditions(result=1, red_title=1, black_rating=2000, kind=1)


def batch_of(
    config: ModelConfig,
    moves: np.ndarray,
    first: int = 0,
    last: int | None = None,
    told: Conditions = NO_CONDITIONS,
    flip: bool = False,
) -> EncodedBatch:
    last = len(moves) if last is None else last
    window = Window(Board().state, moves, first, last, first, flip, conditions=told)
    return encode_batch([window], config.view)


def hidden_of(model: Decoder, batch: EncodedBatch) -> torch.Tensor:
    hidden: torch.Tensor = model(to_inputs(batch, CPU))
    return hidden


def logits_of(model: Decoder, batch: EncodedBatch) -> torch.Tensor:
    return model.predict(to_inputs(batch, CPU), torch.from_numpy(batch.places), to_choices(batch, CPU))[0]


@pytest.mark.parametrize("name", CONFIGS)
def test_a_place_does_not_see_what_comes_after(name: str) -> None:
    model, config = make(name), CONFIGS[name]
    moves, other = random_moves(1, 12), random_moves(1, 7)
    with torch.no_grad():
        whole, part = hidden_of(model, batch_of(config, moves)), hidden_of(model, batch_of(config, other))
    places = 7 * config.tokens_per_ply
    torch.testing.assert_close(whole[:, :places], part, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(whole[0, 0], whole[0, 1])


def test_the_policy_is_the_product_with_move_and_category_embeddings() -> None:
    model = make("tactics")
    moves = random_moves(2, 10)
    batch = batch_of(model.config, moves)
    assert model.category is not None
    assert model.exchange is not None
    with torch.no_grad():
        logits, hidden = logits_of(model, batch), hidden_of(model, batch)[0]
    for place in range(10):
        for column in range(int((batch.legal[place] >= 0).sum())):
            move, category, exchange = (
                rows[place, column] for rows in (batch.legal, batch.categories, batch.exchanges)
            )
            embedding = model.policy.weight[move] + model.category.weight[category] + model.exchange.weight[exchange]
            assert logits[place, column].item() == pytest.approx((hidden[place] @ embedding).item(), abs=1e-4)
        side = 1 - place % 2
        assert batch.legal[place, batch.targets[place]] == MOVE_VIEW[0, side][moves[place]]
    assert (logits[torch.from_numpy(batch.legal) < 0] == -torch.inf).all()


def test_the_wdl_is_the_movers_and_what_is_told_matters() -> None:
    model = make("tactics")
    assert model.value is not None
    assert model.condition_embedding is not None
    torch.nn.init.normal_(model.condition_embedding.weight)
    moves = random_moves(2, 10)
    strength = Conditions(red_title=1, black_rating=2000, kind=1)
    with torch.no_grad():
        plain, told, mirrored = (
            hidden_of(model, batch_of(model.config, moves, told=t, flip=flip))[0]
            for t, flip in ((NO_CONDITIONS, False), (strength, False), (strength, True))
        )
        assert not torch.allclose(plain, told)
        evaluation = Policy(model, strength).evaluate(Board().state, moves[:9])
        assert evaluation.wdl is not None
        expected = (0.6 * model.value(told[9]) + 0.4 * model.value(mirrored[9])).softmax(-1)
    # Told the result, it was never trained to say what it will be.
    assert Policy(model, TOLD).evaluate(Board().state, moves[:9]).wdl is None
    assert evaluation.wdl.tolist() == pytest.approx(expected.tolist(), abs=1e-5)


@pytest.mark.parametrize("name", CONFIGS)
def test_loss_ignores_padding(name: str) -> None:
    model, config = make(name), CONFIGS[name]
    games = [random_moves(seed, plies) for seed, plies in ((1, 4), (2, 11), (3, 7))]
    windows = [Window(Board().state, moves, 0, len(moves), 0) for moves in games]

    def nats(some: list[Window]) -> torch.Tensor:
        batch = encode_batch(some, config.view)
        targets = torch.from_numpy(batch.targets)
        return torch.nn.functional.cross_entropy(logits_of(model, batch), targets, reduction="none").detach()

    together, apart = nats(windows), torch.cat([nats([window]) for window in windows])
    torch.testing.assert_close(together, apart, atol=1e-5, rtol=1e-5)


def full_probabilities(model: Decoder, moves: np.ndarray, told: Conditions) -> dict[int, float]:
    """The policy of the position after ``moves`` by the plainest way: one pass over its whole window."""
    config = model.config
    board = Board()
    for move in moves:
        board.push_uci(str(_move(int(move))))
    first = window_start(len(moves), config.context)
    scores = {}
    with torch.no_grad():
        if config.tokenizer == "iccs":
            for move in board.legal_moves:
                continued = np.append(moves, MOVE_ID[move.from_square, move.to_square]).astype(np.uint16)
                batch = batch_of(config, continued, first, told=told)
                logits, targets = logits_of(model, batch), torch.from_numpy(batch.targets)
                spelt = iccs_tokens(continued[-1:])
                assert targets[-4:].tolist() == spelt.tolist()
                scores[move.code] = logits[-4:].log_softmax(-1).gather(1, targets[-4:, None]).sum().item()
        else:
            for flip, share in {False: 0.6, True: 0.4}.items() if config.symmetric else [(False, 1.0)]:
                batch = batch_of(config, moves, first, len(moves) + 1, told, flip)
                row = logits_of(model, batch)[-1]
                for move in board.legal_moves:
                    seen = int(MOVE_VIEW[int(flip), int(board.turn)][MOVE_ID[move.from_square, move.to_square]])
                    column = int((batch.legal[-1] == seen).argmax()) if batch.legal.size else seen
                    scores[move.code] = scores.get(move.code, 0.0) + share * row[column].item()
    top = max(scores.values())
    weights = {code: np.exp(score - top) for code, score in scores.items()}
    total = sum(weights.values())
    return {code: weight / total for code, weight in weights.items()}


def _move(move_id: int) -> Move:
    from xiangqi_gpt.encoding.vocabulary import move_code

    return Move.from_code(move_code(move_id))


@pytest.mark.parametrize("told", [NO_CONDITIONS, TOLD], ids=["untold", "told"])
@pytest.mark.parametrize("name", CONFIGS)
def test_the_cache_changes_nothing(name: str, told: Conditions) -> None:
    """Asked ply by ply, after undos, for other games and beyond the context: always the plain answer."""
    model = make(name)
    if model.condition_embedding is not None:
        torch.nn.init.normal_(model.condition_embedding.weight)
    policy = Policy(model, told)
    one, two = random_moves(4, 41), random_moves(5, 20)
    asked = [one[:n] for n in range(0, 41, 1 if name != "characters" else 5)]
    branched = random_moves(6, 20, after=one[:10])  # on another way behind a common beginning
    assert (branched[:10] == one[:10]).all()
    assert branched[10] != one[10]
    asked += [one[:37], one[:35], two[:3], two[:20], one[:19], two[:19], one[:0]]
    asked += [one[:30], branched, one[:11], branched[:12]]
    for moves in asked:
        evaluation = policy.evaluate(Board().state, moves)
        codes, probabilities = evaluation.moves, evaluation.probabilities
        expected = full_probabilities(model, moves, told)
        assert sorted(codes.tolist()) == sorted(expected)
        assert probabilities.sum() == pytest.approx(1)
        for code, probability in zip(codes.tolist(), probabilities.tolist(), strict=True):
            assert probability == pytest.approx(expected[code], abs=1e-5)


def test_a_window_at_play_has_half_a_context_before_the_position() -> None:
    for context in (1, 2, 7, 16, 256):
        for ply in range(600):
            first = window_start(ply, context)
            assert 0 <= first <= ply
            assert ply - first < context
            assert first == 0 or ply - first >= context // 2


def test_set_up_positions_need_no_history() -> None:
    board = Board("3k5/4P4/9/9/9/9/9/9/4r4/3K1R3 b")
    for name in CONFIGS:
        evaluation = Policy(make(name)).evaluate(board.state, np.empty(0, np.uint16))
        assert sorted(evaluation.moves.tolist()) == sorted(move.code for move in board.legal_moves)
        assert evaluation.probabilities.sum() == pytest.approx(1)


def test_a_mated_side_has_no_moves() -> None:
    board = Board("3k1R3/R8/9/9/9/9/9/9/9/4K4 b")
    assert board.is_checkmate()
    evaluation = Policy(make("tactics")).evaluate(board.state, np.empty(0, np.uint16))
    assert len(evaluation.moves) == len(evaluation.probabilities) == 0
    assert evaluation.wdl is None


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"norm": "batchnorm"}, "model.config_choice"),
        ({"n_layer": 0}, "model.config_range"),
        ({"d_model": 30, "n_head": 4}, "model.config_heads"),
        ({"d_model": 12, "n_head": 4}, "model.config_heads"),  # three values a head: rotary needs pairs
        ({"dropout": 1.0}, "model.config_dropout"),
        ({"tokenizer": "iccs"}, "model.config_characters"),
        ({"tokenizer": "iccs", "board": "none", "policy": "vocabulary", **PLAIN}, "model.config_characters"),
        ({"policy": "vocabulary"}, "model.config_categories"),
        ({"board": "bag"}, "model.config_exchanges"),
    ],
)
def test_contradicting_settings_are_refused(settings: dict[str, object], code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ModelConfig(**settings)  # type: ignore[arg-type]
    assert caught.value.code == code
