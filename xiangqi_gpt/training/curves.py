"""Curves of several runs, drawn in characters for a terminal or as a picture (SVG) for a page.

Both tell the runs apart without colours: by letters, or by dashes and the letters at the curves' ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

__all__ = ["Curve", "Panel", "draw_svg", "draw_text", "letter"]

Array: TypeAlias = NDArray[np.float64]

_SETTLED = 0.05  # the share of the way after which values decide the range: a loss begins far above its later course
_SEVERAL = "*"  # where curves cross
_MOST_POINTS = 600  # of a curve in a picture
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 280, 64, 24, 34, 44
_COLORS = ("#2f6f9f", "#c2352b", "#3c8d40", "#8a5bb0", "#b8860b", "#148a8a", "#7a5230", "#555f69")
_DASHES = ("none", "7 3", "2 3", "9 3 2 3", "12 4", "4 4", "1 4", "14 3 2 3 2 3")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points ``float64[N]`` of a run, x ascending, and the run's letter."""

    letter: str
    x: Array
    y: Array


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves of one figure, with at least one point.

    Attributes:
        title: what they show.
        along: what x is.
        curves: one a run.
        percent: whether y is a share.
    """

    title: str
    along: str
    curves: Sequence[Curve]
    percent: bool = False


def letter(number: int) -> str:
    """The letter of a run: a … z, then A … Z, and so on."""
    return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 52]


def _ranges(panel: Panel) -> tuple[float, float, float, float]:
    """What is drawn, x and y from and to."""
    x, y = (np.concatenate([getattr(curve, axis) for curve in panel.curves]) for axis in ("x", "y"))
    settled = y[x >= _SETTLED * x.max()]
    low, high = float(settled.min()), float(settled.max())
    if high - low < 1e-9:
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    left, right = min(0.0, float(x.min())), float(x.max())
    return left, right if right > left else left + 1, low, high


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from ``low`` to ``high``, 2 to ``most`` or so."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * step for step in (1, 2, 5, 10) if power * step >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _number(value: float, percent: bool = False) -> str:
    if percent:
        return f"{100 * value:.4g}%"
    if abs(value) >= 1e6:
        return f"{value / 1e6:.4g}M"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _binned(curve: Curve, left: float, right: float, bins: int) -> tuple[NDArray[np.int64], Array]:
    """The mean of a curve in each of the bins from ``left`` to ``right`` that has points: which, and the means."""
    at = np.clip(((curve.x - left) / (right - left) * bins).astype(np.int64), 0, bins - 1)
    counts = np.bincount(at, minlength=bins)
    there = np.flatnonzero(counts)
    return there, np.bincount(at, weights=curve.y, minlength=bins)[there] / counts[there]


def draw_text(panel: Panel, width: int, height: int = 14) -> list[str]:
    """A panel as lines of characters.

    Args:
        panel: the curves.
        width: characters a line, at least 40 or so.
        height: lines of the plot itself.
    """
    left, right, low, high = _ranges(panel)
    labels = {round((high - y) / (high - low) * (height - 1)): y for y in _ticks(low, high, 5)}
    names = {row: _number(y, panel.percent) for row, y in labels.items()}
    margin = max(map(len, names.values()), default=0)
    columns = width - margin - 3
    grid = np.full((height, columns), " ", dtype="<U1")
    for curve in panel.curves:
        there, means = _binned(curve, left, right, columns)
        if not len(there):
            continue
        across = np.arange(there[0], there[-1] + 1)
        rows = np.rint((high - np.interp(across, there, means)) / (high - low) * (height - 1))
        for column, row in zip(across.tolist(), rows.astype(int).tolist(), strict=True):
            if 0 <= row < height:
                grid[row, column] = curve.letter if grid[row, column] == " " else _SEVERAL
    lines = [
        f"{names.get(row, ''):>{margin}} {'+' if row in names else '|'} {''.join(grid[row])}" for row in range(height)
    ]
    axis, under = ["-"] * columns, [" "] * (columns + margin)
    for tick in _ticks(left, right, max(2, columns // 14)):
        column = round((tick - left) / (right - left) * (columns - 1))
        axis[column] = "+"
        name = _number(tick)
        begin = max(0, min(column + margin - len(name) // 2, len(under) - len(name)))
        under[begin : begin + len(name)] = name
    return [
        panel.title,
        *lines,
        f"{'':>{margin}} +-{''.join(axis)}",
        f"   {''.join(under)}".rstrip(),
        f"{'':{max(0, width - cell_len(panel.along))}}{panel.along}",
    ]


def _panel_svg(panel: Panel, top: int) -> str:
    left, right, low, high = _ranges(panel)
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        return _LEFT + (x - left) / (right - left) * width, top + _TOP + (high - y) / (high - low) * height

    parts = [f'<text class="title" x="{_LEFT}" y="{top + 20}">{escape(panel.title)}</text>']
    for tick in _ticks(low, high, 6):
        y = at(left, tick)[1]
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_number(tick, panel.percent)}</text>')
    bottom = top + _HEIGHT - _BOTTOM
    for tick in _ticks(left, right, 8):
        x = at(tick, low)[0]
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 5}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{_number(tick)}</text>')
    parts.append(f'<text x="{_WIDTH - _RIGHT}" y="{bottom + 34}" text-anchor="end">{escape(panel.along)}</text>')
    clip, frame = f"panel{top}", f'x="{_LEFT}" y="{top + _TOP - 3}" width="{width}" height="{height + 6}"'
    parts.append(f'<clipPath id="{clip}"><rect {frame}/></clipPath>')
    for number, curve in enumerate(panel.curves):
        there, means = _binned(curve, left, right, _MOST_POINTS)
        if not len(there):
            continue
        middles = left + (there + 0.5) / _MOST_POINTS * (right - left)
        points = [at(*point) for point in zip(middles.tolist(), means.tolist(), strict=True)]
        style = _style(number)
        if len(points) == 1:
            parts.append(f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="3" fill="{_color(number)}"/>')
        drawn = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{drawn}" clip-path="url(#{clip})" {style}/>')
        end_x, end_y = points[-1]
        if top + _TOP - 3 <= end_y <= bottom + 3:
            parts.append(
                f'<text x="{end_x + 4:.1f}" y="{end_y + 4:.1f}" style="fill: {_color(number)}">{curve.letter}</text>'
            )
    return "".join(parts)


def _color(number: int) -> str:
    return _COLORS[number % len(_COLORS)]


def _style(number: int) -> str:
    return (
        f'fill="none" stroke="{_color(number)}" stroke-width="1.6" stroke-dasharray="{_DASHES[number % len(_DASHES)]}"'
    )


def draw_svg(panels: Sequence[Panel], names: Sequence[str]) -> str:
    """Panels one below the other under a legend, as one SVG element.

    Args:
        panels: each with a curve for every run, with or without points.
        names: of the runs.
    """
    legend = []
    for number, name in enumerate(names):
        y = 18 + 20 * number
        legend.append(f'<path d="M{_LEFT},{y - 4}h44" {_style(number)}/>')
        legend.append(f'<text x="{_LEFT + 54}" y="{y}">{letter(number)}  {escape(name)}</text>')
    head = 20 * len(names) + 16
    body = "".join(_panel_svg(panel, head + _HEIGHT * number) for number, panel in enumerate(panels))
    height = head + _HEIGHT * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12" role="img">'
        "<style>text { fill: #444c56 } .title { font-size: 14px; font-weight: 600 } line { stroke: #d0d7de }</style>"
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>{"".join(legend)}{body}</svg>'
    )
