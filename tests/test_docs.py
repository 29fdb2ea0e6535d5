"""The Python blocks of the documentation, run as they stand."""

from __future__ import annotations

import doctest
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from xiangqi_gpt import Move
from xiangqi_gpt.rules.pieces import COLORS

ROOT = Path(__file__).parent.parent
DOCS = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("README*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"!\[[^]]*\]\((img/[^)]+)\)")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_the_code_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks with ``>>>`` print what they say, others run; all blocks of a page share their names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    text = page.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start(1))
        if ">>>" not in block[1]:
            exec(compile("\n" * line + block[1], str(page), "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(block[1], names, page.name, str(page), line)
        report: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL)
        runner.run(test, out=report.append, clear_globs=False)
        assert not runner.failures, "".join(report)
        names.update(test.globs)


def scenes() -> dict[str, Any]:
    found: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "draw_pictures.py"))["SCENES"]
    return found


def test_the_pictures_are_what_the_script_draws() -> None:
    files = {file.stem: file.read_text(encoding="utf-8") for file in (ROOT / "docs" / "img").glob("*.svg")}
    assert files == {name: f"{scene.draw()}\n" for name, scene in scenes().items()}


def test_the_pages_show_every_picture_and_no_other() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in ROOT.glob("docs/*.md"))
    drawn = [f"img/{file.name}" for file in (ROOT / "docs" / "img").glob("*.svg")]
    assert sorted(PICTURE.findall(pages)) == sorted(drawn)


def test_the_positions_of_the_pictures_can_be_played_and_their_arrows_hold() -> None:
    for name, scene in scenes().items():
        board = scene.board()
        assert board.is_valid(), name
        for arrow in scene.arrows():
            attacks = any(arrow.tail in board.attackers(color, arrow.head) for color in COLORS)
            answers = arrow.color == "blue" and board.is_legal(Move(arrow.tail, arrow.head))
            in_the_way = arrow.tail == arrow.head and board.piece_at(arrow.head) is not None
            assert attacks or answers or in_the_way, (name, arrow)
