"""Figures for analysts, in matplotlib: heat map, flows between classes, small multiples, curves; readable in grey."""

import datetime as dt
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import fontManager
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from giamngheo.report.elements import Figure
from giamngheo.report.figures import Series
from giamngheo.report.numbers import count, decimal, percent

_STYLE: Any = {
    "font.family": "Liberation Serif",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "giamngheo",
    "svg.fonttype": "path",
}
_WIDTH_INCHES = 6.5
_LOOK: Any = {"edgecolor": "black", "linewidth": 0.6}
_GREYS = "Greys"
_BAND = "#9dc3e6"
_NODE_WIDTH = 0.08
_GAP = 0.07
"""Between two boxes, of the whole height: as much as a line of text, so that names of small boxes do not meet."""


@dataclass(frozen=True)
class Band:
    """Households that were in one class and are in another; None where the reader is not told how many."""

    before: str
    now: str
    households: int | None


def heat_map(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]], **words: str
) -> Figure:
    """Rates in percent by row and column: darker is more, the number stands in the cell. `words`: alt and caption."""
    grid = np.array([[math.nan if value is None else value for value in line] for line in values], dtype=float)
    with _canvas(height=0.24 * len(rows) + 1.9) as (canvas, axes):
        axes.imshow(grid, cmap=_GREYS, vmin=0, vmax=100, aspect="auto")
        for (row, column), value in np.ndenumerate(grid):
            colour = "white" if value > 55 else "black"
            text = "…" if math.isnan(value) else count(value)
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)
        axes.set_xticks(range(len(columns)), columns, rotation=50, ha="right", rotation_mode="anchor", fontsize=8)
        axes.set_yticks(range(len(rows)), rows, fontsize=9)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        return _figure(canvas, **words)


def alluvial(order: Mapping[str, str], bands: Sequence[Band], ends: tuple[str, str], **words: str) -> Figure:
    """Bands from the classes of one review (left) to those of the next, as broad as their households.

    `order`: code and name of the classes from top to bottom; `ends`: what the two sides are; `words`: alt, caption.
    """
    with _canvas(height=3.4) as (canvas, axes):
        gap = _GAP * sum(band.households or 0 for band in bands)
        left = _nodes(axes, order, [(band.before, band.households) for band in bands], at=0.0, gap=gap)
        right = _nodes(axes, order, [(band.now, band.households) for band in bands], at=1.0, gap=gap)
        rank = list(order)
        for band in sorted(bands, key=lambda band: (rank.index(band.before), rank.index(band.now))):
            if band.households:
                _band(axes, left[band.before], right[band.now], band.households, same=band.before == band.now)
                left[band.before] -= band.households
                right[band.now] -= band.households
        axes.set_xticks([0.0, 1.0], ends)
        axes.set_yticks([])
        axes.set_xlim(-0.55, 1.55)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        return _figure(canvas, **words)


def small_multiples(panels: Sequence[str], series: Sequence[Series], groups: Sequence[str], **words: str) -> Figure:
    """One small bar chart a panel on one scale; each series has the values of all panels, group by group.

    `series[i].values` holds panel 0's groups, then panel 1's, and so on. `words`: alt and caption.
    """
    across = min(4, len(panels))
    down = math.ceil(len(panels) / across)
    top = max((value for entry in series for value in entry.values if value), default=1.0)
    with _canvas(height=1.25 * down + 0.5) as (canvas, axes):
        axes.remove()
        grid = canvas.subplots(down, across, squeeze=False, sharey=True)
        for place, cell in enumerate(grid.flat):
            cell.set_visible(place < len(panels))
            if place < len(panels):
                _panel(cell, panels[place], series, groups, panel=place)
                cell.set_ylim(0, top * 1.25)
        if len(series) > 1:
            canvas.legend(*grid[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
        return _figure(canvas, **words)


def burn_down(days: Sequence[dt.date], left: Mapping[str, Sequence[float | None]], axis: str, **words: str) -> Figure:
    """Lines of what is left by day, one a name, told apart by their dashes. `words`: alt and caption."""
    with _canvas(height=2.6) as (canvas, axes):
        _lines(axes, days, left)
        axes.set_ylabel(axis)
        axes.xaxis.set_major_formatter(DateFormatter("%m/%Y"))  # type: ignore[no-untyped-call]
        canvas.legend(loc="outside upper center", ncols=len(left), frameon=False)
        return _figure(canvas, **words)


def curves(
    at: Sequence[float], values: Mapping[str, Sequence[float | None]], axes_names: tuple[str, str], **words: str
) -> Figure:
    """Lines over a scale of numbers, one a name; `axes_names`: of the scale, of the values; `words`: alt, caption."""
    with _canvas(height=2.6) as (canvas, axes):
        _lines(axes, at, values)
        axes.set_xlabel(axes_names[0])
        axes.set_ylabel(axes_names[1])
        axes.set_xticks(list(at), [decimal(place) for place in at])
        canvas.legend(loc="outside upper center", ncols=len(values), frameon=False)
        return _figure(canvas, **words)


@contextmanager
def _canvas(*, height: float) -> Iterator[tuple[Canvas, Axes]]:
    """A canvas and its axes in the style of the report; nothing of matplotlib's own settings changes."""
    _install_fonts()
    with mpl.rc_context(_STYLE):
        canvas = Canvas(figsize=(_WIDTH_INCHES, height), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06))
        yield canvas, canvas.subplots()


@cache
def _install_fonts() -> None:
    with as_file(files("giamngheo.report") / "fonts") as folder:
        for path in sorted(folder.glob("*.ttf")):
            fontManager.addfont(path)


def _tick(value: float, position: float) -> str:
    return decimal(value)


def _figure(canvas: Canvas, *, alt: str, caption: str) -> Figure:
    """The figure of a finished canvas; savefig would draw it twice for the layout."""
    svg = io.StringIO()
    FigureCanvasSVG(canvas).print_svg(svg, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    return Figure(svg=svg.getvalue(), alt=alt, caption=caption)


def _lines(axes: Axes, at: Sequence[Any], values: Mapping[str, Sequence[float | None]]) -> None:
    for (name, line), dash in zip(values.items(), ("-", "--", ":", "-."), strict=False):
        known = [(place, value) for place, value in zip(at, line, strict=True) if value is not None]
        axes.plot(*zip(*known, strict=True), dash, color="black", marker="o", markersize=3, label=name)
    axes.yaxis.set_major_formatter(_tick)
    axes.set_ylim(bottom=0)


def _nodes(
    axes: Axes, order: Mapping[str, str], sizes: Sequence[tuple[str, int | None]], *, at: float, gap: float
) -> dict[str, float]:
    """The boxes of one side with their names and households; the height at which the bands of each begin."""
    tops, top = {}, 0.0
    for code, name in order.items():
        parts = [households for of, households in sizes if of == code]
        size = sum(part or 0 for part in parts)
        if size == 0:
            continue
        tops[code] = top
        start = at - _NODE_WIDTH if at == 0 else at
        axes.bar(start, -size, _NODE_WIDTH, bottom=top, align="edge", color="#1f4e78", edgecolor="black", linewidth=0.6)
        side = (start - 0.02, "right") if at == 0 else (start + _NODE_WIDTH + 0.02, "left")
        shown = "…" if None in parts else count(size)
        axes.text(side[0], top - size / 2, f"{name}: {shown}", ha=side[1], va="center", fontsize=9)
        top -= size + gap
    return tops


def _band(axes: Axes, left: float, right: float, size: int, *, same: bool) -> None:
    curve = [Outline.MOVETO, *[Outline.CURVE4] * 3, Outline.LINETO, *[Outline.CURVE4] * 3, Outline.CLOSEPOLY]
    upper = [(0.0, left), (0.5, left), (0.5, right), (1.0, right)]
    lower = [(1.0, right - size), (0.5, right - size), (0.5, left - size), (0.0, left - size)]
    outline = Outline([*upper, *lower, (0.0, left)], curve)
    style: dict[str, Any] = {"facecolor": "#d9d9d9" if same else _BAND, "hatch": "" if same else "///"}
    axes.add_patch(PathPatch(outline, edgecolor="#595959", linewidth=0.4, **style))


def _panel(axes: Axes, name: str, series: Sequence[Series], groups: Sequence[str], *, panel: int) -> None:
    width = 0.8 / len(series)
    for number, entry in enumerate(series):
        values = entry.values[panel * len(groups) : (panel + 1) * len(groups)]
        places = [at + (number - (len(series) - 1) / 2) * width for at in range(len(groups))]
        bars = axes.bar(
            places, [value or 0.0 for value in values], width * 0.92, label=entry.name, **_LOOK, color=entry.colour
        )
        labels = ["…" if value is None else percent(value).removesuffix("%") for value in values]
        axes.bar_label(bars, labels, padding=1, fontsize=8 if len(series) == 1 else 6)
    axes.set_title(name, fontsize=9)
    axes.set_xticks(range(len(groups)), groups, fontsize=8)
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_major_formatter(_tick)
