"""``xiangqi-gpt runs`` on logs as training writes them, and as they are when something has gone wrong."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from safetensors.numpy import save_file

from xiangqi_gpt.cli import main
from xiangqi_gpt.training.curves import Curve, Panel, draw_text


def write_run(folder: Path, *, loss: float, steps: int = 40, end: str = "") -> Path:
    """A run whose loss falls from 9 to ``loss``: 100 positions a step at 50 a second, validated every 10 steps."""
    folder.mkdir(parents=True)
    lines: list[dict[str, object]] = []
    for step in range(1, steps + 1):
        now = round(loss + (9 - loss) / step, 6)
        figures = {"loss": now, "top1": 0.3, "positions": 100, "positions_per_second": 50.0, "mean_loss": now}
        lines.append({"step": step, **figures})
        if step % 10 == 0:
            lines.append({"step": step, "validation_nats": now, "validation_top1": round(1 / now, 6)})
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (folder / "log.jsonl").write_text(text + end, encoding="utf-8")
    save_file({"a": np.zeros((7, 3), np.float16), "b": np.zeros(4, np.float32)}, folder / "model.safetensors")
    return folder


def summaries(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, object]]:
    assert main(["runs", *map(str, arguments), "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_figures_of_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [run] = summaries(capsys, write_run(tmp_path / "one", loss=2))
    assert run == {
        "name": "one",
        "parameters": 25,
        "steps": 40,
        "positions": 4000,
        "minutes": pytest.approx(4000 / 50 / 60),
        "loss": pytest.approx(2 + 7 * sum(1 / step for step in range(1, 41)) / 40, abs=1e-5),
        "last_nats": 2.175,
        "best_nats": 2.175,
        "best_step": 40,
        "last_top1": pytest.approx(1 / 2.175, abs=1e-5),
        "best_top1": pytest.approx(1 / 2.175, abs=1e-5),
        "positions_per_second": pytest.approx(50),
        "utilisation": None,
    }


def test_the_best_is_not_the_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    worse = '{"step": 50, "validation_nats": 3.5, "validation_top1": 0.25}\n'
    nan = '{"step": 60, "validation_nats": null, "validation_top1": null}\n'
    [run] = summaries(capsys, write_run(tmp_path / "one", loss=2, end=worse))
    assert (run["last_nats"], run["best_nats"], run["best_step"], run["last_top1"]) == (3.5, 2.175, 40, 0.25)
    [run] = summaries(capsys, write_run(tmp_path / "two", loss=2, end=worse + nan))
    assert (run["steps"], run["last_nats"], run["best_step"]) == (60, None, 40)


def test_logs_that_are_cut_off_or_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut = write_run(tmp_path / "cut", loss=2, end='{"step": 41, "lo')
    assert summaries(capsys, cut)[0]["steps"] == 40
    assert main(["runs", str(cut)]) == 0
    assert capsys.readouterr().err == ""
    damaged = write_run(tmp_path / "damaged", loss=2, end='\x00\x00\n[1]\n{"loss": 3}\n{"step": "x"}\nnull\n')
    assert summaries(capsys, damaged)[0]["positions"] == 4000
    assert main(["runs", str(damaged)]) == 0
    assert "5" in capsys.readouterr().err
    (damaged / "model.safetensors").write_bytes(b"nothing")
    assert summaries(capsys, damaged)[0]["parameters"] is None


def test_a_run_that_has_just_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "log.jsonl").touch()
    [run] = summaries(capsys, tmp_path / "new")
    assert run["steps"] == run["positions"] == 0
    assert run["best_nats"] is run["positions_per_second"] is run["parameters"] is None
    svg = tmp_path / "new.svg"
    assert main(["runs", str(tmp_path / "new"), "--svg", str(svg)]) == 0
    assert "new" in capsys.readouterr().out
    ElementTree.parse(svg)


def test_steps_that_were_done_again_count_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = '{"step": 40, "loss": 2.0, "positions": 300, "positions_per_second": 50.0}\n'
    [run] = summaries(capsys, write_run(tmp_path / "one", loss=2, end=again))
    assert run["positions"] == 4200


def test_folders_of_runs_and_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_run(tmp_path / "runs" / "b", loss=2)
    write_run(tmp_path / "runs" / "a", loss=3)
    (tmp_path / "runs" / "notes").mkdir()
    names = [run["name"] for run in summaries(capsys, tmp_path / "runs", tmp_path / "runs" / "b" / "log.jsonl")]
    assert names == ["a", "b"]
    other = write_run(tmp_path / "more" / "a", loss=2)
    names = [run["name"] for run in summaries(capsys, tmp_path / "runs" / "a", other)]
    assert names == [str(tmp_path / "runs" / "a"), str(other)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", ["60", "160"])
def test_table_and_curves_in_a_terminal(
    language: str, columns: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGQI_GPT_LANG", language)
    monkeypatch.setenv("COLUMNS", columns)
    write_run(tmp_path / "a [red]", loss=2)
    write_run(tmp_path / "b", loss=3)
    assert main(["runs", str(tmp_path / "a [red]"), str(tmp_path / "b"), "--along", "positions"]) == 0
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert all(text in printed for text in ("a [red]", "2.1750 @40", "3.1500 @40"))
    assert printed.count("--+") >= 3
    assert max(map(cell_len, printed.splitlines())) <= int(columns)


def test_pictures_and_pages_need_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [write_run(tmp_path / "<b>&", loss=2), write_run(tmp_path / "other", loss=3)]
    svg, html = tmp_path / "out" / "runs.svg", tmp_path / "out" / "runs.html"
    assert main(["runs", *map(str, runs), "--svg", str(svg), "--html", str(html)]) == 0
    root = ElementTree.parse(svg).getroot()
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 2 * 4  # loss, nats, top-1, positions a second
    assert len({line.get("stroke-dasharray") for line in lines}) == 2
    page = html.read_text(encoding="utf-8")
    assert "<b>&" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    HTMLParser().feed(page)
    for path in (svg, html):
        path.unlink()
        path.mkdir()
    assert main(["runs", str(runs[0]), "--svg", str(svg)]) == 1
    assert str(svg) in capsys.readouterr().err


def test_what_is_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        assert main(["runs", str(path)]) == 1
        error = capsys.readouterr().err
        assert str(path) in error
        assert len(error.strip().splitlines()) == 1


def test_where_a_curve_stands() -> None:
    x = np.arange(0, 101, dtype=np.float64)
    panel = Panel("title", "steps", [Curve("a", x, x / 100), Curve("b", x, 1 - x / 100)])
    lines = draw_text(panel, width=60, height=11)
    plot = [line.split(" ", 2)[-1] if line[0] == " " else line for line in lines[1:12]]
    assert lines[0] == "title"
    # One rises, the other falls, and they cross in the middle.
    assert plot[0].index("b") < plot[0].index("a")
    assert plot[10].index("a") < plot[10].index("b")
    assert "*" in plot[5]
    assert all("*" not in line for line in (plot[0], plot[10]))
    assert lines[-1].endswith("steps")


def test_the_steep_beginning_does_not_flatten_the_rest() -> None:
    x = np.arange(1, 1001, dtype=np.float64)
    y = np.where(x < 20, 9.0, 2.0 + 0.5 * (1 - x / 1000))
    lines = draw_text(Panel("loss", "steps", [Curve("a", x, y)]), width=80, height=12)
    rows = [row for row, line in enumerate(lines[1:13]) if "a" in line]
    assert len(rows) >= 10


def test_no_run_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
