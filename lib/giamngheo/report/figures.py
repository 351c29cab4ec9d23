"""The figures of the report, in matplotlib: Vietnamese, readable in black and white, the same bytes every time."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import fontManager
from matplotlib.layout_engine import ConstrainedLayoutEngine

from giamngheo.report.elements import Figure
from giamngheo.report.numbers import count

_FONT_SIZE, _SMALL_FONT_SIZE = 11, 9
_BAR_STEP, _NARROW_BAR_STEP, _MANY_BARS = 0.32, 0.26, 10
"""Inches a lying bar takes, and from how many bars on it takes less."""

_LEAST_HEIGHT = 1.6
"""Of lying bars, in inches: with less, one bar has no room between legend and axis."""

_MANY_SERIES = 4
"""From so many bars side by side on, their values are written small."""

_STYLE: Any = {
    "font.family": "Liberation Serif",
    "font.size": _FONT_SIZE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "giamngheo",
    "svg.fonttype": "path",
}
_WIDTH_INCHES = 6.5


@dataclass(frozen=True)
class Series:
    """One series of bars: what the legend calls it, its values in axis order, how it looks without colour."""

    name: str
    values: Sequence[float | None]
    labels: Sequence[str]
    colour: str
    hatch: str = ""


@dataclass(frozen=True)
class Mark:
    """A line across the bars: a yardstick or an aim."""

    name: str
    value: float
    style: str


def grouped_bars(groups: Sequence[str], series: Sequence[Series], axis: str, **words: str) -> Figure:
    """Upright bars side by side in groups, each with its value above it. `words`: alt and caption."""
    with drawing(height=2.6) as (canvas, axes):
        width, size = (0.8, _FONT_SIZE) if len(series) < _MANY_SERIES else (0.9, _SMALL_FONT_SIZE)
        width /= len(series)
        for number, entry in enumerate(series):
            places = [at + (number - (len(series) - 1) / 2) * width for at in range(len(groups))]
            _bars(axes, places, entry, width, size)
        axes.set_xticks(range(len(groups)), groups)
        axes.set_ylabel(axis)
        axes.yaxis.set_major_formatter(tick)
        axes.tick_params(axis="x", length=0)
        axes.margins(y=0.15)
        canvas.legend(loc="outside upper center", ncols=len(series), frameon=False, fontsize=size)
        return drawn(canvas, **words)


def stacked_bars(
    names: Sequence[str], series: Sequence[Series], axis: str, *, ends_at: float | None = None, **words: str
) -> Figure:
    """Lying bars, the series of one name end to end, the sum of them behind. `words`: alt and caption.

    The axis ends a little after the longest bar, or at `ends_at`.
    """
    step = _BAR_STEP if len(names) <= _MANY_BARS else _NARROW_BAR_STEP
    with drawing(height=max(step * len(names) + 0.9, _LEAST_HEIGHT)) as (canvas, axes):
        ends = [0.0] * len(names)
        for entry in series:
            values = [value or 0.0 for value in entry.values]
            axes.barh(range(len(names)), values, left=ends, label=entry.name, **look(entry))
            ends = [end + value for end, value in zip(ends, values, strict=True)]
        for at, (end, label) in enumerate(zip(ends, series[-1].labels, strict=True)):
            axes.annotate(label, (end, at), xytext=(4, 0), textcoords="offset points", va="center")
        _lying(axes, names, axis)
        axes.set_xlim(0, ends_at)
        canvas.legend(loc="outside upper center", ncols=min(len(series), 3), frameon=False)
        return drawn(canvas, **words)


def rate_bars(names: Sequence[str], series: Series, marks: Sequence[Mark], axis: str, **words: str) -> Figure:
    """Lying bars of rates in percent with lines across for the yardsticks. `words`: alt and caption."""
    with drawing(height=0.32 * len(names) + 0.9) as (canvas, axes):
        axes.barh(range(len(names)), [value or 0.0 for value in series.values], **look(series))
        for at, (value, label) in enumerate(zip(series.values, series.labels, strict=True)):
            axes.annotate(
                label,
                (value or 0.0, at),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )
        for mark in marks:
            axes.axvline(mark.value, color="black", linestyle=mark.style, linewidth=1.2, label=mark.name)
        _lying(axes, names, axis)
        axes.set_xlim(0, max([105.0, *(value * 1.1 for value in series.values if value)]))
        if marks:
            canvas.legend(loc="outside upper center", ncols=len(marks), frameon=False)
        return drawn(canvas, **words)


@contextmanager
def drawing(*, height: float) -> Iterator[tuple[Canvas, Axes]]:
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


def look(entry: Series) -> dict[str, Any]:
    """How matplotlib draws the bars of a series."""
    return {"color": entry.colour, "hatch": entry.hatch, "edgecolor": "black", "linewidth": 0.6}


def _bars(axes: Axes, places: Sequence[float], entry: Series, width: float, size: float) -> None:
    shown = [value or 0.0 for value in entry.values]
    bars = axes.bar(places, shown, width * 0.92, label=entry.name, **look(entry))
    axes.bar_label(bars, entry.labels, padding=2, fontsize=size)


def _lying(axes: Axes, names: Sequence[str], axis: str) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel(axis)
    axes.xaxis.set_major_formatter(tick)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.2)


def tick(value: float, position: float) -> str:
    """A number of an axis as the report prints counts."""
    return count(value)


def drawn(canvas: Canvas, *, alt: str, caption: str) -> Figure:
    """The figure of a finished canvas; savefig would draw it twice for the layout."""
    svg = io.StringIO()
    FigureCanvasSVG(canvas).print_svg(svg, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    return Figure(svg=svg.getvalue(), alt=alt, caption=caption)
