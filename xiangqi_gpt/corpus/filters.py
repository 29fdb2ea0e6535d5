"""Which games a corpus is to have, by what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xiangqi_gpt.corpus.metadata import KINDS
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.corpus.spool import Head

__all__ = ["Filters", "Kind", "Result", "matching_sources"]

Result = Literal["red", "black", "draw", "unknown"]
Kind = Literal["unknown", "tournament", "online", "study", "composition", "engine", "correspondence", "exhibition"]
_RESULTS: dict[int, Result] = {1: "red", -1: "black", 0: "draw", 2: "unknown"}


@dataclass(frozen=True)
class Filters:
    """What a game must be to be kept; what is left empty keeps all."""

    results: tuple[Result, ...] = ()
    """Keep only games that Red won, Black won, that were drawn, or that have no known result."""
    kinds: tuple[Kind, ...] = ()
    """Keep only games of these kinds."""
    min_rating: int = 0
    """Keep only games whose players are both known to have this rating."""
    min_plies: int = 0
    """Keep only games of so many plies (half-moves) or more."""
    max_plies: int = 0
    """Keep only games of so many plies or less; 0: of any length."""
    since: int = 0
    """Keep only games known to be played in this year or later."""
    until: int = 0
    """Keep only games known to be played in this year or earlier; 0: whenever."""
    sources: tuple[str, ...] = ()
    """Keep only games of the sources whose names contain one of these texts."""

    def __post_init__(self) -> None:
        for least, most, name in ((self.min_plies, self.max_plies, "plies"), (self.since, self.until, "years")):
            if most and most < least:
                raise CorpusError(f"corpus.filter_{name}", least=least, most=most)

    def against(self, head: Head) -> str | None:
        """The name of the filter that leaves a game out, or None; that of the sources is :func:`matching_sources`."""
        if self.results and _RESULTS[head.result] not in self.results:
            return "results"
        if self.kinds and KINDS[head.kind] not in self.kinds:
            return "kinds"
        if min(head.red_rating, head.black_rating) < self.min_rating:
            return "min_rating"
        if head.plies < self.min_plies:
            return "min_plies"
        if self.max_plies and head.plies > self.max_plies:
            return "max_plies"
        if self.since and head.year < self.since:
            return "since"
        if self.until and not 0 < head.year <= self.until:
            return "until"
        return None


def matching_sources(names: list[str], texts: tuple[str, ...]) -> frozenset[int]:
    """The numbers of the sources whose names contain one of the texts; all when there are none.

    Raises:
        CorpusError: a text is in none of the names.
    """
    for text in texts:
        if not any(text in name for name in names):
            raise CorpusError("corpus.no_such_source", text=text, names=", ".join(names))
    return frozenset(number for number, name in enumerate(names) if not texts or any(text in name for text in texts))
