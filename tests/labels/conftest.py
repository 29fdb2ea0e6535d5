"""Engines of the tests in place of real ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rules_engine import RulesEngine

from xiangqi_gpt.players.engine_spec import EngineSpec

SPEC = "uci:no-program"


@pytest.fixture
def put_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[RulesEngine], str]:
    """Lets every engine that is opened be this one; returns the spec to give."""

    def put(engine: RulesEngine) -> str:
        monkeypatch.setattr(EngineSpec, "open", lambda self, timeout: engine)
        return SPEC

    return put
