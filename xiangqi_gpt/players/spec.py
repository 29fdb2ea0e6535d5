"""Players by name, as the command line takes them: ``random``, ``greedy``, ``gpt``, ``gpt:DIR``, ``uci:PROGRAM``.

A spec is the kind of player, after a colon what that kind needs to know, and after a question mark
settings. What engines take is told in :mod:`xiangqi_gpt.players.engine_spec`, how a model is asked to
play in :mod:`xiangqi_gpt.players.style`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.base import Player

__all__ = ["CHOICES", "PlayerSpec", "PlayerSpecError", "open_player", "parse_spec"]

CHOICES = ("random", "greedy", "gpt", "gpt:DIR", "uci:PROGRAM", "ucci:PROGRAM")
"""The specs that there are, for help texts."""


class PlayerSpecError(XiangqiError, ValueError):
    """A text that names no player."""


@dataclass(frozen=True, slots=True)
class PlayerSpec:
    """A player's spec in parts.

    Attributes:
        kind: the kind of player, such as ``gpt``.
        argument: what stands after the colon, such as a model's folder; None without a colon.
        settings: what stands after the question mark; None without one.
    """

    kind: str
    argument: str | None = None
    settings: str | None = None

    def __str__(self) -> str:
        named = self.kind if self.argument is None else f"{self.kind}:{self.argument}"
        return named if self.settings is None else f"{named}?{self.settings}"


# A player is opened lazily: only a gpt player may import torch.


def _open_random(spec: PlayerSpec, seed: int | None, temperature: float | None) -> Player:
    from xiangqi_gpt.players.random import RandomPlayer

    return RandomPlayer(seed)


def _open_greedy(spec: PlayerSpec, seed: int | None, temperature: float | None) -> Player:
    from xiangqi_gpt.players.greedy import GreedyPlayer

    return GreedyPlayer(seed)


def _open_gpt(spec: PlayerSpec, seed: int | None, temperature: float | None) -> Player:
    from xiangqi_gpt.players.gpt import GPTPlayer
    from xiangqi_gpt.players.style import Style

    folder = None if spec.argument is None else Path(spec.argument).expanduser()
    style = Style.parse(spec.settings or "")
    return GPTPlayer.load(folder, seed=seed, temperature=temperature, style=style)


def _check_gpt(spec: PlayerSpec) -> None:
    from xiangqi_gpt.players.style import Style

    Style.parse(spec.settings or "")


def _open_engine(spec: PlayerSpec, seed: int | None, temperature: float | None) -> Player:
    from xiangqi_gpt.players.engine_spec import EngineSpec
    from xiangqi_gpt.players.uci_player import UciPlayer

    engine = EngineSpec.parse(str(spec))
    return UciPlayer(engine.open(), engine.limit)


def _check_engine(spec: PlayerSpec) -> None:
    from xiangqi_gpt.players.engine_spec import EngineSpec

    EngineSpec.parse(str(spec))


@dataclass(frozen=True, slots=True)
class _Kind:
    open: Callable[[PlayerSpec, int | None, float | None], Player]
    takes_argument: bool = False
    takes_settings: bool = False
    needs_argument: bool = False
    check: Callable[[PlayerSpec], None] = lambda spec: None


_ENGINE = _Kind(_open_engine, takes_argument=True, takes_settings=True, needs_argument=True, check=_check_engine)
_KINDS = {
    "random": _Kind(_open_random),
    "greedy": _Kind(_open_greedy),
    "gpt": _Kind(_open_gpt, takes_argument=True, takes_settings=True, check=_check_gpt),
    "uci": _ENGINE,
    "ucci": _ENGINE,
}


def parse_spec(spec: str) -> PlayerSpec:
    """The parts of a spec; nothing is opened.

    Raises:
        PlayerSpecError: there is no such kind of player, or it has a wrong argument.
    """
    named, question, settings = spec.strip().partition("?")
    kind, colon, argument = named.partition(":")
    choices = ", ".join(CHOICES)
    if kind not in _KINDS or (not argument and (colon or _KINDS[kind].needs_argument)):
        raise PlayerSpecError("players.spec_unknown", spec=spec, choices=choices)
    if (colon and not _KINDS[kind].takes_argument) or (question and not _KINDS[kind].takes_settings):
        raise PlayerSpecError("players.spec_argument", kind=kind, spec=spec, choices=choices)
    parsed = PlayerSpec(kind, argument if colon else None, settings if question else None)
    _KINDS[kind].check(parsed)
    return parsed


def open_player(spec: str, *, seed: int | None = None, temperature: float | None = None) -> Player:
    """The player of a spec, ready to play.

    Args:
        spec: ``random``, ``greedy``, ``gpt`` (the model that ships), ``gpt:DIR`` (one of your own; either may be
            asked for a style, such as ``gpt?strength=1500``),
            ``uci:PROGRAM`` or ``ucci:PROGRAM`` (an engine).
        seed: makes the player's moves reproducible; None draws a new seed.
        temperature: how freely a model draws its moves, 0 for the likeliest always; None leaves it to
            the player. Players without one ignore it.

    Raises:
        PlayerSpecError: as in :func:`parse_spec`.
        XiangqiError: the player cannot be opened, such as a folder that holds no model.
    """
    parsed = parse_spec(spec)
    return _KINDS[parsed.kind].open(parsed, seed, temperature)
