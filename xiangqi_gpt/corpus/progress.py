"""How far the making of a corpus has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

__all__ = ["STAGES", "OnProgress", "Progress", "Stage"]

Stage = Literal["read", "group", "duplicates", "shuffle", "write", "report"]
STAGES: tuple[Stage, ...] = ("read", "group", "duplicates", "shuffle", "write", "report")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage has come: ``done`` of ``total``, bytes of files or games; ``games`` so far."""

    stage: Stage
    done: int
    total: int
    games: int


OnProgress = Callable[[Progress], None]
