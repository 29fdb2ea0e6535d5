"""``report.html``: a corpus on one page, with plots, in both languages, for any browser and no network.

The page runs no script. What comes from files (names, texts of faulty games) is escaped, and a
content policy in the page forbids everything but its own styles.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from xiangqi_gpt.atomic import write_whole
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.shards import REJECTS_NAME, REPORT_NAME, RESULTS, CorpusError
from xiangqi_gpt.corpus.stats import CorpusStats, Opening, Spread, Tally, corpus_stats, percent, short_names
from xiangqi_gpt.messages import Language, language, say
from xiangqi_gpt.records.packed import path_text

__all__ = ["write_report"]

_LANGUAGES: dict[Language, str] = {"en": "English", "zh": "中文"}
_SHOWN_OPENINGS = 12
_SHOWN_REJECTS = 5  # of each reason
_LONGEST_TEXT = 200

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --paper: #fff; --line: #d8dee4; --bar: #2f6f9f;
  --red_wins: #c2352b; --draws: #b9b2a3; --black_wins: #33393f; --unknown: #ebe7df; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --paper: #15181c; --line: #3d444d;
  --bar: #62a8dc; --red_wins: #e2675c; --draws: #8c867a; --black_wins: #9fb4c8; --unknown: #33373c; } }
body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif;
  margin: 0 auto; max-width: 62rem; padding: 1rem; }
h1 { font-size: 1.6rem; margin: .4rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .2rem .6rem; text-align: right; vertical-align: top; }
th { border-bottom: 1px solid var(--line); color: var(--soft); font-weight: 500; }
tr + tr td { border-top: 1px solid var(--line); }
th:first-child, td:first-child { min-width: 8rem; overflow-wrap: anywhere; padding-left: 0; text-align: left; }
td.bar { min-width: 9rem; padding-right: 0; width: 22%; } td.bar svg { display: block; height: 1.1rem; width: 100%; }
svg.plot { display: block; height: auto; width: 100%; } svg.plot text { fill: var(--soft); font-size: 11px; }
svg.plot line { stroke: var(--line); } svg.plot rect { fill: var(--bar); }
.red_wins { fill: var(--red_wins); } .draws { fill: var(--draws); } .black_wins { fill: var(--black_wins); }
.unknown { fill: var(--unknown); } .key svg { height: .8em; margin: 0 .3em 0 1em; width: .8em; }
.soft { color: var(--soft); } li { margin: .3rem 0; overflow-wrap: anywhere; } code { font-size: .92em; }
.scroll { overflow-x: auto; } nav { float: right; } nav label { cursor: pointer; margin-left: .8rem; }
input[name=lang] { height: 1px; opacity: 0; position: absolute; width: 1px; }
#en:checked ~ * [lang=zh], #zh:checked ~ * [lang=en] { display: none; }
#en:checked ~ nav [for=en], #zh:checked ~ nav [for=zh] { font-weight: 700; text-decoration: underline; }
input:focus-visible ~ nav label { outline: 1px dotted; }
"""


def _text(value: object) -> str:
    """Any text as HTML; control characters, which HTML cannot hold, come out as U+FFFD."""
    return escape("".join(c if c.isprintable() or c == " " else "\ufffd" for c in str(value)))


def _both(texts: Mapping[Language, str]) -> str:
    """A text in both languages, of which the page shows one."""
    if len(set(texts.values())) == 1:
        return _text(next(iter(texts.values())))
    return "".join(f'<span lang="{lang}">{_text(text)}</span>' for lang, text in texts.items())


def _say(code: str, **fields: object) -> str:
    return _both({lang: say(code, lang=lang, **fields) for lang in _LANGUAGES})


def _say_reason(name: str) -> str:
    """Why a game was left out, in words where there are some."""
    try:
        return _say(f"corpus.reason_{name}")
    except KeyError:
        return f"<code>{_text(name)}</code>"


def _number(value: float) -> str:
    return f"{value:,}"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells in HTML; a plot in a cell has a column of its own style."""
    head = "".join(f"<th>{cell}</th>" for cell in header)
    lines = [
        "<tr>"
        + "".join(f'<td class="bar">{c}</td>' if c.startswith("<svg") else f"<td>{c}</td>" for c in row)
        + "</tr>"
        for row in rows
    ]
    return f'<div class="scroll"><table><tr>{head}</tr>{"".join(lines)}</table></div>'


def _results_bar(counts: Tally | Opening) -> str:
    """A bar in four parts: Red wins, draws, Black wins, no result."""
    parts, at = [], 0.0
    for name in RESULTS:
        width = 100 * getattr(counts, name) / max(counts.games, 1)
        if width:
            title = f"{percent(width, 100)} ({_number(getattr(counts, name))})"
            rect = f'<rect class="{name}" x="{at:.2f}" width="{width:.2f}" height="10"><title>{title}</title></rect>'
            parts.append(rect)
        at += width
    return f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img">{"".join(parts)}</svg>'


def _results_key() -> str:
    box = '<svg viewBox="0 0 10 10"><rect class="{name}" width="10" height="10"/></svg>'
    return (
        '<p class="key soft">'
        + "".join(box.format(name=name) + _say(f"corpus.column_{name}") for name in RESULTS)
        + "</p>"
    )


def _ticks(highest: int) -> list[int]:
    """Three to six round numbers from 0 up to ``highest``."""
    rough = highest / 4
    power = 10 ** math.floor(math.log10(max(rough, 1)))
    step = next(step * power for step in (1, 2, 5, 10) if step * power >= rough)
    return list(range(0, highest + 1, step))


def _histogram(bars: Mapping[str, int]) -> str:
    """A plot of counts by what each bar covers."""
    width, height, left, bottom = 720, 220, 56, 24
    highest = max(bars.values())
    step = (width - left) / len(bars)
    parts = []
    for tick in _ticks(highest):
        y = (height - bottom) - (height - bottom - 12) * tick / highest
        parts.append(f'<line x1="{left}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{_number(tick)}</text>')
    every = math.ceil(len(bars) / 14)  # labels that have room
    for number, (name, count) in enumerate(bars.items()):
        x, tall = left + number * step, (height - bottom - 12) * count / highest
        rect = (
            f'x="{x + step * 0.06:.1f}" y="{height - bottom - tall:.1f}" width="{step * 0.88:.1f}" height="{tall:.1f}"'
        )
        parts.append(f"<rect {rect}><title>{_text(name)}: {_number(count)}</title></rect>")
        if number % every == 0:
            label = name.partition("–")[0]
            parts.append(f'<text x="{x + step / 2:.1f}" y="{height - 8}" text-anchor="middle">{_text(label)}</text>')
    return f'<svg class="plot" viewBox="0 0 {width} {height}" role="img">{"".join(parts)}</svg>'


def _section(title: str, *parts: str) -> str:
    return f"<section><h2>{_say(f'corpus.{title}')}</h2>{''.join(parts)}</section>"


def _spread(title: str, spread: Spread, width: int | None = None) -> str:
    """A section with quantiles and a histogram; nothing where nothing is known."""
    if not spread.count:
        return ""
    known = _say("corpus.report_known", count=_number(spread.count), mean=f"{spread.mean:.1f}")
    names = {name: _say(f"corpus.column_{name}") for name in ("min", "max")}
    told = [f"{names.get(name) or f'{float(name):.0%}'} {value}" for name, value in spread.quantiles.items()]
    line = f'<p class="soft">{" · ".join([known, *told])}</p>'
    return _section(title, line, _histogram(spread.bars(width)))


def _groups(title: str, groups: Iterable[tuple[str, Tally]]) -> str:
    header = ["", _say("corpus.column_games"), _say("corpus.column_plies"), ""]
    rows = [(name, _number(tally.games), _number(tally.plies), _results_bar(tally)) for name, tally in groups]
    return _section(title, _table(header, rows), _results_key())


def _openings(title: str, openings: Iterable[Opening], games: int) -> str:
    header = [_say("corpus.column_line"), _say("corpus.column_games"), _say("corpus.column_share"), ""]
    rows = [
        (
            _both({lang: opening.text(lang) for lang in _LANGUAGES}),
            _number(opening.games),
            percent(opening.games, games),
            _results_bar(opening),
        )
        for opening in openings
    ]
    return _section(title, _table(header, rows), _results_key()) if rows else ""


def _inputs(stats: CorpusStats) -> str:
    columns = ("read", "kept", "duplicates", "near_duplicates", "filtered", "rejects", "weight")
    rows = []
    for name, entry in zip(short_names(stats.sources), stats.inputs, strict=True):
        counts = [entry.read, entry.kept, entry.duplicates, entry.near_duplicates]
        counts += [sum(entry.filtered.values()), sum(entry.rejects.values())]
        rows.append([_text(name), *map(_number, counts), f"{entry.weight:g}"])
    faults = [fault for entry in stats.inputs for fault in entry.faults]
    told = f"<h3>{_say('corpus.report_faults')}</h3>{_list(map(_text, faults))}" if faults else ""
    filtered = sum((Counter(entry.filtered) for entry in stats.inputs), Counter[str]())
    by_filter = [f"<code>{_text(name)}</code> {_number(count)}" for name, count in filtered.most_common()]
    left_out = f'<p class="soft">{_say("corpus.column_filtered")}: {" · ".join(by_filter)}</p>' if by_filter else ""
    header = [_say(f"corpus.column_{name}") for name in ("source", *columns)]
    return _section("stats_inputs", _table(header, rows), left_out, told)


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _labels(stats: CorpusStats) -> str:
    names = ("evals", "best", "candidates")
    counts = [getattr(stats, name) for name in names]
    rows = [
        (_say(f"corpus.report_{name}"), _number(n), percent(n, stats.total.plies))
        for name, n in zip(names, counts, strict=True)
    ]
    header = ["", _say("corpus.column_plies"), _say("corpus.column_share")]
    return _section("report_labels", _table(header, rows)) if any(counts) else ""


def _titles(stats: CorpusStats) -> str:
    if not any(count for name, count in stats.titles.items() if name != "none"):
        return ""
    total = sum(stats.titles.values())
    rows = [(_say(f"corpus.title_{name}"), _number(n), percent(n, total)) for name, n in stats.titles.items()]
    return _section("stats_titles", _table(["", _say("corpus.column_count"), _say("corpus.column_share")], rows))


def _read_rejects(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The lines of ``rejects.jsonl`` with their reasons; none where the file is missing."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                reject = json.loads(line)
                reason = str(reject["reason"])
            except (ValueError, KeyError, TypeError) as error:
                raise CorpusError("corpus.rejects_damaged", file=path_text(path), detail=repr(error)) from None
            yield reason, reject


def _rejects(path: Path) -> str:
    """The faulty games by reason, with the first of each."""
    counts: Counter[str] = Counter()
    first: dict[str, list[str]] = {}
    for reason, reject in _read_rejects(path):
        counts[reason] += 1
        examples = first.setdefault(reason, [])
        if len(examples) < _SHOWN_REJECTS:
            examples.append(_example(reject))
    if not counts:
        return _section("report_reasons", f"<p>{_say('corpus.report_no_rejects')}</p>")
    parts = []
    for reason, count in counts.most_common():
        more = count - len(first[reason])
        shown = first[reason] + (
            [_say("corpus.report_more_rejects", count=_number(more), file=path.name)] if more else []
        )
        parts.append(f"<h3>{_say_reason(reason)}: {_number(count)}</h3>{_list(shown)}")
    return _section("report_reasons", *parts)


def _example(reject: Mapping[str, Any]) -> str:
    text = str(reject.get("text") or "")
    shown = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    line = reject.get("line")
    place = f", {_say('corpus.report_line', line=line)}" if line is not None else ""
    return f"{_text(reject.get('file', ''))}{place}: <code>{_text(shown)}</code>"


def _page(stats: CorpusStats, rejects: Path) -> str:
    total, usual = stats.total, stats.total.games - stats.from_setup
    summary = {"games": _number(total.games), "plies": _number(total.plies), "size": f"{stats.bytes / 1e6:,.1f}"}
    kinds = {name: tally for name, tally in stats.kinds.items() if len(stats.kinds) > 1 or name != "unknown"}
    radios = "".join(
        f'<input type="radio" name="lang" id="{lang}"{" checked" if lang == language() else ""}>' for lang in _LANGUAGES
    )
    labels = "".join(f'<label for="{lang}">{name}</label>' for lang, name in _LANGUAGES.items())
    sections = [
        _groups("stats_splits", [(_say(f"corpus.split_{name}"), tally) for name, tally in stats.splits.items()]),
        _inputs(stats),
        _groups("stats_sources", zip(map(_text, short_names(stats.sources)), stats.sources.values(), strict=True)),
        _groups("stats_kinds", [(_say(f"corpus.kind_{name}"), tally) for name, tally in kinds.items()])
        if kinds
        else "",
        _spread("stats_lengths", stats.lengths),
        _openings("stats_first_moves", stats.first_moves[:_SHOWN_OPENINGS], usual),
        _openings("stats_lines", stats.lines[:_SHOWN_OPENINGS], usual),
        _spread("stats_ratings", stats.ratings),
        _titles(stats),
        _spread("stats_years", stats.years, stats.year_width),
        _labels(stats),
        _rejects(rejects),
    ]
    return f"""<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(" · ".join(say("corpus.report_title", lang=lang) for lang in _LANGUAGES))}</title>
<style>{_STYLE}</style>
</head>
<body>
{radios}
<nav>{labels}</nav>
<main>
<h1>{_say("corpus.report_title")}</h1>
<p>{_say("corpus.stats_summary", shards=stats.shards, **summary)}</p>
{"".join(sections)}
</main>
</body>
</html>
"""


def write_report(folder: Path, stats: CorpusStats | None = None) -> Path:
    """Write ``report.html`` into the folder of a corpus; returns its path. Equal corpora have equal reports.

    Args:
        folder: the corpus, whole.
        stats: its figures, where they are at hand.

    Raises:
        CorpusError: the folder is no corpus, is damaged, or cannot be written to.
    """
    if stats is None:
        stats = corpus_stats(Corpus.open(folder, verify=False))
    path = folder / REPORT_NAME
    try:
        write_whole(path, _page(stats, folder / REJECTS_NAME).encode("utf-8", "replace"))
    except OSError as error:
        raise CorpusError("corpus.cannot_write_file", file=path_text(path), detail=error.strerror or error) from None
    return path
