"""The settings of a model: everything that its weights depend on."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from xiangqi_gpt.encoding.batch import View
from xiangqi_gpt.encoding.tokenizers import N_ICCS_TOKENS
from xiangqi_gpt.encoding.vocabulary import N_MOVES, VOCABULARY_SIZE
from xiangqi_gpt.messages import XiangqiError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["ConfigError", "ModelConfig", "check_choices"]


class ConfigError(XiangqiError):
    """Settings that contradict each other, or values out of range."""


# Far beyond what anybody trains; a damaged config.json shall not ask for all memory there is.
_LARGEST = {"context": 65_536, "n_layer": 1_000, "n_head": 1_000, "d_model": 65_536, "d_ff": 1_000_000}


def check_choices(settings: DataclassInstance) -> None:
    """Refuse values outside the ``Literal`` choices of a settings dataclass.

    Raises:
        ConfigError: a field has a value that is none of its choices.
    """
    hints = get_type_hints(type(settings))
    for field in dataclasses.fields(settings):
        value, hint = getattr(settings, field.name), hints[field.name]
        if get_origin(hint) is Literal and value not in get_args(hint):
            choices = ", ".join(get_args(hint))
            raise ConfigError("model.config_choice", field=field.name, value=value, choices=choices)


@dataclass(frozen=True)
class ModelConfig:
    """The shape of a decoder. The defaults are the model that ships; GPT-2's choices stand beside them."""

    tokenizer: Literal["move", "iccs"] = "move"
    """One token a ply, or the four characters of its ICCS text (Su Jianlin, 2020)."""
    context: int = 256
    """Plies that the model looks back; longer games are seen through a window."""
    n_layer: int = 6
    """Blocks."""
    n_head: int = 4
    """Attention heads a block."""
    d_model: int = 256
    """Width of the residual stream."""
    d_ff: int = 1024
    """Width of the hidden layer of a block's MLP."""
    norm: Literal["rmsnorm", "layernorm"] = "rmsnorm"
    """RMSNorm without weights, or LayerNorm (GPT-2)."""
    positions: Literal["rotary", "learned"] = "rotary"
    """Rotary positions (Su et al., 2021), or learned ones (GPT-2)."""
    activation: Literal["relu2", "gelu"] = "relu2"
    """Squared ReLU (So et al., 2021), or GELU in its tanh form (GPT-2)."""
    qk_norm: bool = True
    """Normalise queries and keys (Henry et al., 2020)."""
    zero_init: bool = True
    """Begin with zeros in the projections back to the residual stream and in the policy head."""
    dropout: float = 0.0
    """Dropout after embeddings, attention and MLP."""
    board: Literal["tactics", "bag", "none"] = "tactics"
    """What the model sees of each position beside the moves: the pieces with moves, attacks and covers,
    the pieces alone, or nothing."""
    policy: Literal["legal", "vocabulary"] = "legal"
    """A distribution over the legal moves, or over the whole vocabulary."""
    move_features: bool = True
    """Add a learned category (piece, capture, attacks, covers, check) to each legal move's embedding."""
    exchanges: bool = True
    """See what exchanges win: hanging pieces, and a second category of each legal move."""
    value: bool = True
    """Also foretell the result: win, draw or loss for the side to move."""
    conditions: bool = True
    """Can be told the result, the players' strength and the kind of game to play (the prefix of its text)."""
    symmetric: bool = True
    """In use, though not in training, look at each position and its mirror image and answer with the mean of both."""

    def __post_init__(self) -> None:
        check_choices(self)
        for name, most in _LARGEST.items():
            if not 1 <= getattr(self, name) <= most:
                raise ConfigError("model.config_range", field=name, value=getattr(self, name), least=1, most=most)
        if self.d_model % self.n_head or (self.positions == "rotary" and self.d_model // self.n_head % 2):
            raise ConfigError("model.config_heads", d_model=self.d_model, n_head=self.n_head)
        if not 0 <= self.dropout < 1:
            raise ConfigError("model.config_dropout", value=self.dropout)
        if self.tokenizer == "iccs":
            for name, value in (("board", "none"), ("policy", "vocabulary"), ("symmetric", False)):
                if getattr(self, name) != value:
                    raise ConfigError("model.config_characters", field=name, value=value)
        if self.move_features and self.policy != "legal":
            raise ConfigError("model.config_categories")
        if self.exchanges and not (self.move_features and self.board == "tactics"):
            raise ConfigError("model.config_exchanges")

    @property
    def view(self) -> View:
        """What batches for this model must hold."""
        return View(
            tokenizer=self.tokenizer,
            board=self.board != "none",
            tactics=self.board == "tactics",
            legal=self.policy == "legal",
            exchanges=self.exchanges,
        )

    @property
    def tokens_per_ply(self) -> int:
        """Tokens that one ply takes: 1, or 4 characters."""
        return 4 if self.tokenizer == "iccs" else 1

    @property
    def n_tokens(self) -> int:
        """The size of the token vocabulary."""
        return N_ICCS_TOKENS if self.tokenizer == "iccs" else VOCABULARY_SIZE

    @property
    def n_outputs(self) -> int:
        """The number of rows of the policy head: characters, or moves."""
        return N_ICCS_TOKENS if self.tokenizer == "iccs" else N_MOVES

    def to_dict(self) -> dict[str, Any]:
        """The settings as JSON values."""
        return dataclasses.asdict(self)
