"""An engine that is asked about many games, and started anew when it fails on one."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.base import Limit
from xiangqi_gpt.players.engine_process import EngineError
from xiangqi_gpt.players.engine_spec import EngineSpec
from xiangqi_gpt.players.uci import SimpleEngine

__all__ = ["Analyst", "check_engine"]

T = TypeVar("T")

# One thread, so that a search of so many nodes always finds the same; and scores that do not depend on who asks.
_SETTINGS = {"Threads": "1", "Contempt": "0"}

# Seconds that an engine has for an answer: work in the background, on a busy machine, may rest for minutes.
_PATIENCE = 600.0
_PATIENCE_AT_FIRST = 30.0  # while somebody waits to see whether it works at all


def check_engine(spec: str) -> str:
    """The name of the engine of a spec, which is started for this.

    Raises:
        PlayerSpecError: the spec is no engine's.
        EngineError: the engine cannot be started.
        XiangqiError: the spec limits the engine's searches, which is for the command to do.
    """
    if EngineSpec.parse(spec).limit != Limit():
        raise XiangqiError("labels.limit_in_spec", spec=spec)
    with Analyst(spec, patience=_PATIENCE_AT_FIRST) as analyst:
        return analyst.name()


class Analyst:
    """An engine, one try more when it fails. A context manager.

    Options that the spec does not set are set so that games are reproducible and evaluations neutral:
    one thread, no contempt.
    """

    def __init__(self, spec: str, *, patience: float = _PATIENCE) -> None:
        self._spec = EngineSpec.parse(spec)
        self._patience = patience
        self._engine: SimpleEngine | None = None

    def _open(self) -> SimpleEngine:
        engine = self._spec.open(timeout=self._patience)
        given = {name.lower() for name in self._spec.options}
        neutral = {name: value for name, value in _SETTINGS.items() if name.lower() not in given}
        engine.configure({name: value for name, value in neutral.items() if engine.option(name) is not None})
        return engine

    def name(self) -> str:
        """The engine's name.

        Raises:
            EngineError: the engine cannot be started.
        """
        self._engine = self._engine or self._open()
        return self._engine.name

    def attempt(self, do: Callable[[SimpleEngine], T]) -> T | EngineError:
        """Let the engine do something; when it fails, start it anew and try once more.

        Returns what was done, or the error of the second try.

        Raises:
            EngineError: the engine cannot be started.
        """
        failed: EngineError | None = None
        for _ in range(2):
            engine = self._engine = self._engine or self._open()
            try:
                return do(engine)
            except EngineError as error:
                failed = error
                self.close()
        assert failed is not None
        return failed

    def close(self) -> None:
        """End the engine."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
