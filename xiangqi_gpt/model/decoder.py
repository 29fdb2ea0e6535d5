"""The decoder: a GPT-2-style causal transformer over moves that also sees the board.

Shapes: B games, S places (plies, or characters), T = S with what a cache holds before them, C the
width ``d_model``, H heads of D = C / H, N places at which something is asked, L legal moves of each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from xiangqi_gpt.encoding.conditions import N_CONDITIONS
from xiangqi_gpt.encoding.exchanges import N_EXCHANGES
from xiangqi_gpt.encoding.features import N_BOARD_FEATURES, N_CATEGORIES, N_FEATURES, N_TACTICAL_FEATURES
from xiangqi_gpt.model.cache import KVCache
from xiangqi_gpt.model.config import ModelConfig

__all__ = ["Branches", "Choices", "Decoder", "Inputs"]


@dataclass(frozen=True)
class Inputs:
    """What the decoder reads: an :class:`~xiangqi_gpt.encoding.batch.EncodedBatch` as tensors on the model's device.

    Attributes:
        tokens: ``int64[B, S]``.
        features: ``int32[F]``, the active features of all places, or None.
        feature_offsets: ``int32[B S]``, where each place's features begin, or None.
        conditions: ``int64[B, 2, 4]``, what is told of the games at even and at odd plies of the window, or None.
    """

    tokens: Tensor
    features: Tensor | None = None
    feature_offsets: Tensor | None = None
    conditions: Tensor | None = None


@dataclass(frozen=True)
class Choices:
    """The legal moves of N places, for a policy over them; all None for one over the vocabulary.

    Attributes:
        legal: ``int16[N, L]`` legal moves, -1 behind them.
        categories: ``int16[N, L]``.
        exchanges: ``int16[N, L]``.
    """

    legal: Tensor | None = None
    categories: Tensor | None = None
    exchanges: Tensor | None = None


@dataclass(frozen=True)
class Branches:
    """Places that continue a cached text each in its own way, such as the beginnings of several moves.

    Attributes:
        places: ``int64[S]``, where behind the window's first place each stands.
        sees: ``bool[S, T + S]``, which of the T cached places and of these it attends to.
    """

    places: Tensor
    sees: Tensor


def _norm(config: ModelConfig, width: int | None = None) -> nn.Module:
    width = width or config.d_model
    if config.norm == "layernorm":
        return nn.LayerNorm(width)
    return nn.RMSNorm(width, eps=1e-6, elementwise_affine=False)


def _rotary_table(context: int, width: int) -> Tensor:
    """Cosines and sines of rotary positions, ``float32[context, 2, width / 2]``."""
    frequencies = 10_000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.outer(torch.arange(context, dtype=torch.float64), frequencies)
    return torch.stack([angles.cos(), angles.sin()], dim=1).float()


def _rotate(x: Tensor, table: Tensor) -> Tensor:
    """Turn each pair (x[i], x[i + D/2]) of ``x [B, H, S, D]`` by its place's angles, ``table [S, 2, D/2]``."""
    cosine, sine = table[:, 0].to(x.dtype), table[:, 1].to(x.dtype)  # [S, D/2] each
    left, right = x.chunk(2, dim=-1)
    return torch.cat([left * cosine - right * sine, left * sine + right * cosine], dim=-1)


class Attention(nn.Module):
    """Causal self-attention."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        bias = config.norm == "layernorm"  # GPT-2 has biases; the later style has none
        self.n_head = config.n_head
        self.qkv = nn.Linear(config.d_model, 3 * config.d_model, bias=bias)
        self.out = nn.Linear(config.d_model, config.d_model, bias=bias)
        head = config.d_model // config.n_head
        self.qk_norm = nn.RMSNorm(head, eps=1e-6, elementwise_affine=False) if config.qk_norm else nn.Identity()

    def forward(
        self, x: Tensor, rotary: Tensor | None, cache: KVCache | None, layer: int, sees: Tensor | None = None
    ) -> Tensor:
        """``x [B, S, C] -> [B, S, C]``; with ``sees [S, T]`` branches, which are not kept in the cache."""
        batch, places, width = x.shape
        qkv = self.qkv(x).view(batch, places, 3, self.n_head, width // self.n_head)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # [B, H, S, D] each
        q, k = self.qk_norm(q), self.qk_norm(k)
        if rotary is not None:
            q, k = _rotate(q, rotary), _rotate(k, rotary)
        q, k = q.to(v.dtype), k.to(v.dtype)
        if x.device.type == "cpu" and self.training:
            # torch's bf16 kernel for the gradient of attention takes three times as long as fp32's.
            q, k, v = q.float(), k.float(), v.float()
        mask = sees
        if cache is not None:
            k, v = cache.extend(layer, k, v, keep=sees is None)  # [B, H, T, D] each
            if sees is None and 1 < places < k.shape[2]:  # several places behind a filled cache
                mask = torch.ones(places, k.shape[2], dtype=torch.bool, device=x.device).tril(k.shape[2] - places)
        with torch.autocast(x.device.type, enabled=False):
            # No dropout of the attention weights, which GPT-2 had: torch's fused kernel for CPUs knows none.
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None and places > 1)
        y = y.transpose(1, 2).reshape(batch, places, width)
        out: Tensor = self.out(y)
        return out


class MLP(nn.Module):
    """The position-wise network of a block."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        bias = config.norm == "layernorm"
        self.relu2 = config.activation == "relu2"
        self.up = nn.Linear(config.d_model, config.d_ff, bias=bias)
        self.out = nn.Linear(config.d_ff, config.d_model, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """``x [B, S, C] -> [B, S, C]``."""
        x = self.up(x)
        x = F.relu(x).square() if self.relu2 else F.gelu(x, approximate="tanh")
        out: Tensor = self.out(x)
        return out


class Block(nn.Module):
    """Attention and MLP, each behind a norm and added to the residual stream (GPT-2's order)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.attention_norm = _norm(config)
        self.attention = Attention(config)
        self.mlp_norm = _norm(config)
        self.mlp = MLP(config)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x: Tensor, rotary: Tensor | None, cache: KVCache | None, layer: int, sees: Tensor | None = None
    ) -> Tensor:
        """``x [B, S, C] -> [B, S, C]``."""
        x = x + self.dropout(self.attention(self.attention_norm(x), rotary, cache, layer, sees))
        out: Tensor = x + self.dropout(self.mlp(self.mlp_norm(x)))
        return out


class Decoder(nn.Module):
    """Token and board embeddings, blocks, a policy head.

    The input of a place is the move before it (as that move's mover saw it), where the model has a board
    the sum of the embeddings of the position's features, and what it is told of the game. The output is
    a distribution over the move played there and one over the game's result.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.token_embedding = nn.Embedding(config.n_tokens, config.d_model)
        n_features = {"none": 0, "bag": N_BOARD_FEATURES, "tactics": N_TACTICAL_FEATURES}[config.board]
        n_features = N_FEATURES if config.exchanges else n_features
        self.feature_embedding = (
            nn.EmbeddingBag(n_features, config.d_model, mode="sum", include_last_offset=False) if n_features else None
        )
        self.condition_embedding = (
            nn.Embedding(N_CONDITIONS, config.d_model, padding_idx=0) if config.conditions else None
        )
        places = config.context * config.tokens_per_ply
        self.position_embedding = nn.Embedding(places, config.d_model) if config.positions == "learned" else None
        rotary = _rotary_table(places, config.d_model // config.n_head) if config.positions == "rotary" else None
        self.rotary: Tensor | None
        self.register_buffer("rotary", rotary, persistent=False)
        # Features are summed, a hundred at a time: a norm brings the sum to the scale of the stream.
        self.input_norm = _norm(config) if config.norm == "rmsnorm" else nn.Identity()
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layer))
        self.output_norm = _norm(config)
        self.policy = nn.Linear(config.d_model, config.n_outputs, bias=False)
        self.category = nn.Linear(config.d_model, N_CATEGORIES, bias=False) if config.move_features else None
        self.exchange = nn.Linear(config.d_model, N_EXCHANGES, bias=False) if config.exchanges else None
        self.value = nn.Linear(config.d_model, 3) if config.value else None
        self._initialise()

    def _initialise(self) -> None:
        """GPT-2's initialisation, or with ``zero_init`` zeros where the residual stream is written."""
        for module in self.modules():
            if isinstance(module, nn.Linear | nn.Embedding | nn.EmbeddingBag):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Embedding) and module.padding_idx is not None:
                nn.init.zeros_(module.weight)  # what is told begins as nothing
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
        for block in self.blocks:
            assert isinstance(block, Block)
            for projection in (block.attention.out, block.mlp.out):
                if self.config.zero_init:
                    nn.init.zeros_(projection.weight)
                else:
                    nn.init.normal_(projection.weight, std=0.02 / math.sqrt(2 * self.config.n_layer))
        if self.config.zero_init:
            for head in (self.policy, self.category, self.exchange):
                if head is not None:
                    nn.init.zeros_(head.weight)

    def count_parameters(self) -> int:
        """The number of trained values."""
        return sum(parameter.numel() for parameter in self.parameters())

    def forward(self, inputs: Inputs, cache: KVCache | None = None, branches: Branches | None = None) -> Tensor:
        """The hidden states ``[B, S, C]`` of the places; what stands behind ``cache`` continues it.

        ``branches`` continue it without becoming part of it.
        """
        _, length = inputs.tokens.shape
        past = cache.length if cache is not None else 0
        places: Tensor | slice = slice(past, past + length) if branches is None else branches.places
        x = self.token_embedding(inputs.tokens)
        if self.feature_embedding is not None:
            bag = self.feature_embedding(inputs.features, inputs.feature_offsets)  # [B S, C]
            x = x + bag.view_as(x)
        if self.condition_embedding is not None and inputs.conditions is not None:
            told = self.condition_embedding(inputs.conditions).sum(2)  # [B, 2, C]
            numbers = torch.arange(past, past + length, device=x.device) if branches is None else branches.places
            x = x + told[:, numbers // self.config.tokens_per_ply % 2]
        if self.position_embedding is not None:
            x = x + self.position_embedding.weight[places]
        x = self.dropout(self.input_norm(x))
        rotary = self.rotary[places] if self.rotary is not None else None
        for layer, block in enumerate(self.blocks):
            x = block(x, rotary, cache, layer, None if branches is None else branches.sees)
        if cache is not None and branches is None:
            cache.advance(length)
        hidden: Tensor = self.output_norm(x)
        return hidden

    def logits(self, hidden: Tensor, choices: Choices = Choices()) -> Tensor:
        """The policy's logits at hidden states ``[N, C]``, ``float32``.

        With a policy over the legal moves: ``[N, L]``, minus infinity behind the last legal move.
        Otherwise ``[N, n_outputs]`` over the vocabulary.
        """
        if self.config.policy == "vocabulary":
            scores: Tensor = self.policy(hidden)  # [N, n_outputs]
            return scores.float()
        assert choices.legal is not None
        heads = [(self.policy, choices.legal.long().clamp(min=0))]
        for head, kinds in ((self.category, choices.categories), (self.exchange, choices.exchanges)):
            if head is not None:
                assert kinds is not None
                heads.append((head, kinds.long()))
        if not self.training and choices.legal.numel() < self.config.n_outputs:
            # At play reading weights takes the time: only the rows of these moves are read.
            rows = sum(head.weight[kinds] for head, kinds in heads)  # [N, L, C]
            scores = torch.einsum("nlc,nc->nl", rows, hidden).float()
        else:
            scores = sum(head(hidden).gather(1, kinds).float() for head, kinds in heads)  # [N, L]
        return scores.masked_fill(choices.legal < 0, -torch.inf)

    def wdl(self, hidden: Tensor) -> Tensor:
        """Logits of the mover's win, draw and loss at hidden states ``[N, C]``, ``float32[N, 3]``.

        Only with ``config.value``.
        """
        assert self.value is not None
        logits: Tensor = self.value(hidden)
        return logits.float()

    def predict(self, inputs: Inputs, places: Tensor, choices: Choices) -> tuple[Tensor, Tensor | None]:
        """Policy logits and, with a value head, its logits at ``places`` (``int64[N]``, indices into B S)."""
        hidden = self(inputs).flatten(0, 1).index_select(0, places)  # [N, C]
        return self.logits(hidden, choices), None if self.value is None else self.wdl(hidden)
