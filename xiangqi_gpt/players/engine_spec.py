"""Engines by name: ``uci:PROGRAM`` or ``ucci:PROGRAM``, and behind a ``?`` what to set, joined by ``&``.

    uci:/usr/games/fairy-stockfish
    uci:/usr/games/fairy-stockfish?nodes=2000&Skill Level=3
    ucci:eleeye?first_rank=0

The program may be a command line with arguments. Settings of our own are ``nodes``, ``depth`` and
``movetime`` (milliseconds), which limit each search, and ``first_rank`` (0 or 1: how the engine counts
ranks, where its options do not tell). All else are options of the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xiangqi_gpt.players.base import Limit
from xiangqi_gpt.players.spec import PlayerSpecError
from xiangqi_gpt.players.uci import TIMEOUT, SimpleEngine

__all__ = ["EngineSpec"]

_OWN = ("nodes", "depth", "movetime", "first_rank")


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """An engine and what to set.

    Attributes:
        protocol: ``uci`` or ``ucci``.
        command: the program, or a command line.
        limit: what limits each search, where the spec tells.
        options: options of the engine.
        first_rank: the number of its first rank, where the spec tells.
    """

    protocol: str
    command: str
    limit: Limit = Limit()
    options: dict[str, str] = field(default_factory=dict)
    first_rank: int | None = None

    @classmethod
    def parse(cls, spec: str) -> EngineSpec:
        """The parts of a spec; nothing is opened.

        Raises:
            PlayerSpecError: it is no engine, or one of the settings is none.
        """
        kind, _, argument = spec.strip().partition(":")
        command, _, settings = argument.partition("?")
        if kind not in ("uci", "ucci") or not command.strip():
            raise PlayerSpecError("players.spec_unknown", spec=spec, choices="uci:PROGRAM, ucci:PROGRAM")
        own: dict[str, int] = {}
        options: dict[str, str] = {}
        for setting in filter(None, settings.split("&")):
            name, equals, value = (part.strip() for part in setting.partition("="))
            is_number = value.isascii() and value.isdecimal()
            if not name or (name in _OWN and not (is_number and int(value) >= (name != "first_rank"))):
                raise PlayerSpecError("players.engine_argument", given=setting, spec=spec, kind=kind)
            if name in _OWN:
                own[name] = int(value)
            else:
                options[name] = value if equals else ""
        if own.get("first_rank", 0) > 1:
            given = f"first_rank={own['first_rank']}"
            raise PlayerSpecError("players.engine_argument", given=given, spec=spec, kind=kind)
        time = own["movetime"] / 1000 if "movetime" in own else None
        limit = Limit(time=time, nodes=own.get("nodes"), depth=own.get("depth"))
        return cls(kind, command.strip(), limit, options, own.get("first_rank"))

    def open(self, *, timeout: float = TIMEOUT) -> SimpleEngine:
        """Start the engine and set its options.

        Args:
            timeout: seconds that it has for any answer but a search's, and beyond a search's limit.

        Raises:
            EngineError: it cannot be started, does not answer, or refuses an option.
        """
        popen = SimpleEngine.popen_uci if self.protocol == "uci" else SimpleEngine.popen_ucci
        engine = popen(self.command, timeout=timeout, first_rank=self.first_rank)
        try:
            engine.configure(self.options)
            engine.ping()
        except BaseException:
            engine.close()
            raise
        return engine
