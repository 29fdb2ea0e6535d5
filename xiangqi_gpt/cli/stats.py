"""``xiangqi-gpt stats``: what a corpus holds, in figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import tyro
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.report import write_report
from xiangqi_gpt.corpus.stats import CorpusStats, Opening, Spread, Tally, corpus_stats, percent, short_names
from xiangqi_gpt.messages import say

__all__ = ["Settings", "run"]

_BAR = 40  # characters of the longest bar
_SHOWN_LINES = 10


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt stats``."""

    corpus: tyro.conf.Positional[Path]
    """The corpus, a folder that xiangqi-gpt prepare made."""
    json: bool = False
    """Print one JSON object instead of tables."""
    html: bool = False
    """Also write report.html, a page with plots, into the folder."""


def _table(title: str, *columns: str) -> Table:
    """A table whose first column is words, the others figures; titles by the names of their messages.

    Where it is too wide the words are broken, not the figures.
    """
    table = Table(title=say(f"corpus.stats_{title}"), title_justify="left")
    first, *others = (say(f"corpus.column_{name}") for name in columns)
    table.add_column(first, overflow="fold")
    for head in others:
        table.add_column(head.replace(" ", "\n"), justify="right", no_wrap=True)
    return table


def _results(counts: Tally | Opening) -> list[str]:
    """How games ended, in shares of those that have a result, and how many have none."""
    decided = counts.games - counts.unknown
    shares = [percent(part, decided) for part in (counts.red_wins, counts.draws, counts.black_wins)]
    return [*shares, f"{counts.unknown:,}"]


_RESULT_COLUMNS = ("red_wins", "draws", "black_wins", "unknown")


def _groups(title: str, names: Iterable[str], groups: Iterable[Tally]) -> Table:
    table = _table(title, "name", "games", "plies", *_RESULT_COLUMNS)
    for name, tally in zip(names, groups, strict=True):
        # Names of files may look like rich's markup.
        table.add_row(Text(name), f"{tally.games:,}", f"{tally.plies:,}", *_results(tally))
    return table


def _openings(title: str, openings: Iterable[Opening], games: int) -> Table:
    table = _table(title, "line", "games", "share", *_RESULT_COLUMNS)
    for opening in openings:
        share = percent(opening.games, games)
        table.add_row(Text(opening.text()), f"{opening.games:,}", share, *_results(opening))
    return table


def _bars(bars: Mapping[str, int]) -> Table:
    """A histogram in characters."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    table.add_column()
    table.add_column(justify="right")
    highest = max(bars.values())
    for name, count in bars.items():
        table.add_row(name, "█" * round(_BAR * count / highest) or "▏" * bool(count), f"{count:,}")
    return table


def _spread(title: str, spread: Spread, width: int) -> list[RenderableType]:
    """Quantiles and histogram; nothing where nothing is known."""
    if not spread.count:
        return []
    table = Table(title=say(f"corpus.stats_{title}"), title_justify="left")
    cells = {"count": f"{spread.count:,}", "mean": f"{spread.mean:.1f}"}
    for name in cells:
        table.add_column(say(f"corpus.column_{name}"), justify="right")
    for name in spread.quantiles:
        known = name in ("min", "max")
        table.add_column(say(f"corpus.column_{name}") if known else f"{float(name):.0%}", justify="right")
    table.add_row(*cells.values(), *map(str, spread.quantiles.values()))
    return [table, _bars(spread.bars(width))]


def _inputs(stats: CorpusStats, names: list[str]) -> Table:
    columns = ("read", "kept", "duplicates", "near_duplicates", "filtered", "rejects", "weight")
    table = _table("inputs", "source", *columns)
    for name, entry in zip(names, stats.inputs, strict=True):
        counts = [entry.read, entry.kept, entry.duplicates, entry.near_duplicates]
        counts += [sum(entry.filtered.values()), sum(entry.rejects.values())]
        table.add_row(Text(name), *(f"{count:,}" for count in counts), f"{entry.weight:g}")
    return table


def _tables(stats: CorpusStats) -> list[RenderableType]:
    total, names = stats.total, short_names(stats.sources)
    labels = {name: percent(getattr(stats, name), total.plies) for name in ("evals", "best", "candidates")}
    fields = {"games": f"{total.games:,}", "plies": f"{total.plies:,}", "size": f"{stats.bytes / 1e6:,.1f}"}
    usual = total.games - stats.from_setup
    return [
        Text(say("corpus.stats_summary", lang=None, shards=stats.shards, **fields)),
        Text(say("corpus.stats_labels", lang=None, **labels)),
        _inputs(stats, names),
        _groups("splits", [say(f"corpus.split_{name}") for name in stats.splits], stats.splits.values()),
        _groups("sources", names, stats.sources.values()),
        _groups("kinds", [say(f"corpus.kind_{name}") for name in stats.kinds], stats.kinds.values()),
        *_spread("lengths", stats.lengths, 20),
        *_spread("ratings", stats.ratings, 100),
        *_spread("years", stats.years, stats.year_width),
        _openings("first_moves", stats.first_moves[:_SHOWN_LINES], usual),
        _openings("lines", stats.lines[:_SHOWN_LINES], usual),
    ]


def run(settings: Settings) -> int:
    """Print the figures of a corpus."""
    # Checksums are for those who train on it: reading all of a large corpus would take minutes.
    stats = corpus_stats(Corpus.open(settings.corpus, verify=False))
    if settings.json:
        print(json.dumps(stats.to_json(), ensure_ascii=False, indent=2))
    else:
        Console(highlight=False, markup=False, emoji=False).print(Group(*_tables(stats)))
    if settings.html:
        path = write_report(settings.corpus, stats)
        if not settings.json:
            print(say("corpus.report_written", file=path))
    return 0
