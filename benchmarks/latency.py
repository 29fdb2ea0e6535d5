"""Time for a move at ply 100 on one core, beside Hugging Face: ``python benchmarks/latency.py``.

The program's policy has the keys and values of the game so far, as in play. ``generate`` of transformers
(``pip install transformers``) gets the game as tokens of the same shape of model: one token a ply, and the
four characters a ply of the set-up of 2020. Moves take turns.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a model folder; the model that ships when left out")
    parser.add_argument("--ply", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import numpy as np
    import torch

    from xiangqi_gpt import Board
    from xiangqi_gpt.encoding.tokenizers import N_ICCS_TOKENS, iccs_tokens
    from xiangqi_gpt.encoding.vocabulary import MOVE_ID, VOCABULARY_SIZE
    from xiangqi_gpt.model.checkpoint import load_model
    from xiangqi_gpt.model.folder import default_model_folder
    from xiangqi_gpt.model.policy import Policy

    torch.set_num_threads(1)
    rng, board = random.Random(7), Board()
    while len(board.move_stack) < arguments.ply + 1:
        board.push(rng.choice(list(board.legal_moves)))
    moves = np.array([MOVE_ID[move.from_square, move.to_square] for move in board.move_stack], np.uint16)
    model = load_model(arguments.model or default_model_folder())
    policy, start = Policy(model), Board().state

    def ours() -> float:
        policy.evaluate(start, moves[:-2])
        started = time.perf_counter()  # the two sides' moves since: what a player has to look at
        policy.evaluate(start, moves)
        return time.perf_counter() - started

    calls: dict[str, Callable[[], float]] = {"policy, cache kept": ours}
    try:
        from transformers import GPT2Config, GPT2LMHeadModel
    except ImportError:
        print("transformers is not installed: only the program's own figure")
    else:
        config = model.config
        for name, tokens, size, new in (
            ("generate, 1 token", moves[:-1].astype(np.int64), VOCABULARY_SIZE, 1),
            ("generate, 4 characters", iccs_tokens(moves[:-1]).astype(np.int64), N_ICCS_TOKENS, 4),
        ):
            peer = GPT2LMHeadModel(
                GPT2Config(
                    vocab_size=size,
                    n_positions=1024,
                    n_embd=config.d_model,
                    n_layer=config.n_layer,
                    n_head=config.n_head,
                    n_inner=config.d_ff,
                    bos_token_id=0,
                    eos_token_id=None,
                )
            ).eval()
            text = torch.from_numpy(tokens)[None]

            def generate(peer=peer, text=text, new=new) -> float:  # type: ignore[no-untyped-def]
                mask = torch.ones_like(text)
                started = time.perf_counter()
                peer.generate(text, attention_mask=mask, max_new_tokens=new, do_sample=False, pad_token_id=0)
                return time.perf_counter() - started

            calls[name] = generate
    times: dict[str, list[float]] = {name: [] for name in calls}
    for round_number in range(arguments.rounds + 3):
        for name, call in calls.items():
            took = call()
            if round_number >= 3:
                times[name].append(took)
    own = statistics.median(times["policy, cache kept"])
    for name, some in times.items():
        median = statistics.median(some)
        print(f"{name:>24} {1e3 * median:8.2f} ms  {median / own:6.2f}x")


if __name__ == "__main__":
    main()
