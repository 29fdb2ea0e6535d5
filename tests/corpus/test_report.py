"""``report.html``: what stands on the page, and that nothing of a stranger's file gets loose in it."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hand_made import MadeGame, made_source, write_corpus

from xiangqi_gpt import Move
from xiangqi_gpt.cli import main
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.report import write_report
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.corpus.stats import corpus_stats

RandomLine = Callable[[int], list[Move]]
NASTY = """</style><script>alert('1')</script><img src=x onerror="alert(2)">&amp;\x00\x1b.pgn"""
VOID = {"meta", "input"}


class Page(HTMLParser):
    """The elements of a page with their texts; fails on one that is not closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[set[str], str, str]] = []  # the tags around each, its language, itself
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = {name: value or "" for name, value in attrs}
        self.elements.append((tag, fields))
        if tag not in VOID:
            self._open.append((tag, fields.get("lang", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        lang = next((lang for _, lang in reversed(self._open) if lang), "")
        self.texts.append(({tag for tag, _ in self._open}, lang, data))

    def text(self, lang: str = "") -> str:
        """What is shown in a language, styles and tooltips aside."""
        hidden = {"style", "title"}
        return " ".join(data for tags, own, data in self.texts if own in ("", lang) and not hidden & tags)


@pytest.fixture
def folder(tmp_path: Path, random_line: RandomLine) -> Path:
    rng = random.Random(3)
    games = []
    for number in range(90):
        game = MadeGame(random_line(rng.randint(4, 60)), rng.choice([1, 0, -1, 2]), source=number % 2)
        game.split = "validation" if number % 9 == 0 else "train"
        game.facts = {"kind": 1 + number % 2, "year": 1950 + number % 60, "red_rating": 1000 + 20 * number}
        game.facts |= {"red_title": number % 3, "black_rating": 1500}
        game.evals = {0: 10}
        games.append(game)
    sources = [
        made_source(NASTY, read=77_777, kept=45, rejects={"move_illegal": 9, NASTY: 1}, faults=[f"<b>{NASTY}"]),
        made_source("two.pgn", read=50, kept=45, duplicates=5, filtered={"short": 1234}, weight=2.5),
    ]
    write_corpus(tmp_path / "corpus", games, sources, shard_games=40)
    rejects: list[dict[str, Any]] = [
        {"file": NASTY, "line": 10 + n, "reason": "move_illegal", "ply": 3, "text": f"<i>{n}"} for n in range(9)
    ]
    rejects.append({"file": NASTY, "line": None, "reason": NASTY, "ply": None, "text": NASTY + "x" * 5000})
    lines = "".join(json.dumps(reject) + "\n" for reject in rejects)
    (tmp_path / "corpus" / "rejects.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path / "corpus"


def page_of(folder: Path) -> tuple[Page, str]:
    html = write_report(folder).read_text(encoding="utf-8")
    return Page(html), html


def test_names_and_texts_are_only_text(folder: Path) -> None:
    page, html = page_of(folder)
    assert {tag for tag, _ in page.elements} & {"script", "img", "i", "b", "iframe", "link", "object"} == set()
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href")], tag
    assert not set(html) & {"\x00", "\x1b"}
    shown = NASTY.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")
    assert page.text("en").count(shown) >= 9  # twice as a source, in the faults, with six examples
    assert "<i>0" in page.text("en")
    assert "x" * 300 not in html


def test_the_page_needs_no_network_and_forbids_it(folder: Path) -> None:
    page, html = page_of(folder)
    assert not re.search(r"https?:|//|url\(|@import", html)
    policies = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert "prefers-color-scheme: dark" in html


def test_both_languages_tell_the_same(folder: Path) -> None:
    page, _ = page_of(folder)
    english, chinese = page.text("en"), page.text("zh")
    for words in ("Red wins", "near copies", "illegal move", "tournament", "grandmaster", "4 more are in rejects"):
        assert words in english
        assert words not in chinese
    for words in ("红胜", "近似重复", "着法不合规则", "比赛", "特级大师", "另有 4 局见 rejects.jsonl", "1. 炮"):
        assert words in chinese
        assert words not in english
    # Longer than what notation has: the figures are the same.
    figures = [Counter(re.findall(r"\d[\d,.]{2,}", text)) for text in (english, chinese)]
    assert figures[0] == figures[1]
    assert {"77,777", "1,234", "2.5"} <= figures[0].keys()
    assert "short" in english
    assert len(re.findall(r"1\. \S+", english)) == len(re.findall(r"1\. \S+", chinese)) > 10


def test_the_page_opens_in_the_users_language(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for lang in ("en", "zh"):
        monkeypatch.setenv("XIANGQI_GPT_LANG", lang)
        page, _ = page_of(folder)
        assert [a["id"] for tag, a in page.elements if tag == "input" and "checked" in a] == [lang]


def test_the_plots_show_the_figures(folder: Path) -> None:
    """Bars are as high as their counts say, and add up to all games; results fill their bar."""
    page, html = page_of(folder)
    stats = corpus_stats(Corpus.open(folder))
    plots = re.findall(r'<svg class="plot".*?</svg>', html)
    assert len(plots) == 3  # lengths, ratings, years
    for plot, spread in zip(plots, (stats.lengths, stats.ratings, stats.years), strict=True):
        bars = re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)"><title>\S+: ([\d,]+)</title>', plot)
        counts = [int(count.replace(",", "")) for _, _, count in bars]
        assert sum(counts) == spread.count
        assert len({round(float(y) + float(height)) for y, height, _ in bars}) == 1
        highest = max(float(height) for _, height, _ in bars)
        for (_, height, _), count in zip(bars, counts, strict=True):
            assert float(height) == pytest.approx(highest * count / max(counts), abs=0.06)
    widths = [float(a["width"]) for tag, a in page.elements if tag == "rect" and a.get("height") == "10" and "x" in a]
    assert sum(widths) == pytest.approx(100 * round(sum(widths) / 100), abs=0.5)


def test_equal_corpora_have_equal_reports(folder: Path, tmp_path: Path) -> None:
    first = write_report(folder).read_bytes()
    assert write_report(folder).read_bytes() == first
    other = folder.rename(tmp_path / "elsewhere")
    assert write_report(other, corpus_stats(Corpus.open(other))).read_bytes() == first
    assert str(tmp_path).encode() not in first


def test_a_corpus_without_rejects_or_metadata(tmp_path: Path, random_line: RandomLine) -> None:
    write_corpus(tmp_path / "c", [MadeGame(random_line(9))], [made_source("a.pgn")])
    page, html = page_of(tmp_path / "c")
    assert "No game was rejected." in page.text("en")
    assert html.count('<svg class="plot"') == 1
    assert "tournament" not in html


def test_what_cannot_be_reported(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in ("{", "5", "{}", "[]"):
        (folder / "rejects.jsonl").write_text(line)
        with pytest.raises(CorpusError) as caught:
            write_report(folder)
        assert caught.value.code == "corpus.rejects_damaged"
    with pytest.raises(CorpusError, match="no corpus"):
        write_report(tmp_path)
    assert main(["stats", str(folder), "--html"]) == 1
    assert "rejects.jsonl" in capsys.readouterr().err
    (folder / "rejects.jsonl").unlink()
    assert main(["stats", str(folder), "--html"]) == 0
    assert "report.html" in capsys.readouterr().out
    (folder / "report.html").unlink()
    (folder / "report.html").mkdir()
    assert main(["stats", str(folder), "--html"]) == 1
    assert "report.html" in capsys.readouterr().err
