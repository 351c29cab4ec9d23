"""How series and lines look, told apart without colour: the palette of every figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Transform

from giamngheo.report.drawing.letters import CAPITAL, SIZE, text_width, write
from giamngheo.report.drawing.sheet import WIDTH, from_corner

DARK, LIGHT, WHITE, PALE, GREY, BLACK = "#1f4e78", "#9dc3e6", "#ffffff", "#d9d9d9", "#7f7f7f", "#000000"

_HATCHES = {"": None, "lines": "///", "rows": "---", "crosses": "xx"}
_DASHES: dict[str, Any] = {"solid": "-", "dashed": "--", "dotted": ":", "dash-dotted": "-."}
_MARKERS = {"": "", "circle": "o", "square": "s"}

_SWATCH, _SAMPLE, _GAP, _BETWEEN, _ROW = 22.0, 26.0, 5.0, 18.0, 16.0
"""Of a legend, in points: width of a box and of a line, space after them and between entries, height of a row."""

Box = tuple[float, float, float, float]
"""Left, bottom, width, height."""


@dataclass(frozen=True)
class Look:
    """How the bars of a series are filled. hatch: "", "lines", "rows" or "crosses"."""

    colour: str
    hatch: str = ""


LOOKS = (
    Look(DARK),
    Look(WHITE, "lines"),
    Look(LIGHT),
    Look(LIGHT, "rows"),
    Look(PALE, "crosses"),
    Look(WHITE),
)
"""Of the series of a figure, in their order; told apart in grey too."""

CLASS_LOOKS = {"poor": LOOKS[0], "near_poor": LOOKS[1]}


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn. dash: "solid", "dashed", "dotted" or "dash-dotted"; marker: "", "circle" or "square"."""

    dash: str = "solid"
    marker: str = ""
    colour: str = BLACK


Entry = tuple[str, Look | Stroke]
"""Name of a series or line in the legend, and how it looks."""


def fill(axes: Axes, boxes: Sequence[Box], look: Look, transform: Transform, **more: float) -> None:
    """Draw the boxes that have an area, all as one path. more: zorder, linewidth."""
    corners = [
        ((x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y))
        for x, y, width, height in boxes
        if width and height
    ]
    if corners:
        codes = [Outline.MOVETO, Outline.LINETO, Outline.LINETO, Outline.LINETO, Outline.CLOSEPOLY] * len(corners)
        shape(axes, Outline(np.array(corners).reshape(-1, 2), codes), look, transform, **more)


def shape(axes: Axes, outline: Outline, look: Look, transform: Transform, **more: float) -> None:
    """Draw what an outline encloses. more: zorder, linewidth."""
    drawn = PathPatch(outline, facecolor=look.colour, hatch=_HATCHES[look.hatch], transform=transform, clip_on=False)
    drawn.set(zorder=more.get("zorder", 1.0), linewidth=more.get("linewidth", 0.6))
    axes.add_artist(drawn)


def tags(axes: Axes, labels: Mapping[tuple[float, float], str], *, shift: tuple[float, float], **look: Any) -> None:
    """Write labels beside places of the data, `shift` in points, on a ground of their own so that no line runs through.

    look: align and size, as of Texts.
    """
    size, (across, up) = look.get("size", SIZE), look["align"]
    points = axes.transData + from_corner(axes, 0, 0).inverted()
    at = points.transform(np.array(list(labels)).reshape(-1, 2)) + shift
    grounds = []
    for (x, y), label in zip(at, labels.values(), strict=True):
        wide, high = text_width(label, size), CAPITAL * size
        grounds.append((x - across * wide - 1, y - up * high - 1, wide + 2, high + 2))
    corner = from_corner(axes, 0, 0)
    fill(axes, grounds, Look(WHITE), corner, zorder=3, linewidth=0)
    write(axes, list(labels.values()), at, corner, **look)


def stroke(
    axes: Axes, points: Sequence[tuple[float, float]], look: Stroke, transform: Transform, *, zorder: float = 2
) -> None:
    """Draw a line through points."""
    across, up = zip(*points, strict=True)
    line = Line2D(across, up, linestyle=_DASHES[look.dash], marker=_MARKERS[look.marker], color=look.colour)
    line.set(transform=transform, clip_on=False, zorder=zorder)
    axes.add_artist(line)


def legend_height(entries: Sequence[Entry]) -> float:
    """Return the room in points that the legend takes above the axes."""
    return _ROW * len(_rows(entries)) + (4.0 if entries else 0.0)


def legend(axes: Axes, entries: Sequence[Entry]) -> None:
    """Draw the legend in the middle of the sheet above the axes, in as many rows as it needs."""
    if not entries:
        return
    rows = _rows(entries)
    middle = WIDTH / 2 - axes.get_position().x0 * WIDTH
    corner = from_corner(axes, 0, 1)
    names, places = [], []
    for number, row in enumerate(reversed(rows)):
        x = middle - (sum(map(_entry_width, row)) + _BETWEEN * (len(row) - 1)) / 2
        y = 8.0 + number * _ROW
        for name, look in row:
            _sample(axes, look, (x, y), corner)
            names.append(name)
            places.append((x + _sample_width(look) + _GAP, y))
            x += _entry_width((name, look)) + _BETWEEN
    write(axes, names, places, corner)


def _sample(axes: Axes, look: Look | Stroke, place: tuple[float, float], corner: Transform) -> None:
    x, y = place
    middle = y + CAPITAL * SIZE / 2
    if isinstance(look, Look):
        fill(axes, [(x, y, _SWATCH, 7.5)], look, corner)
        return
    stroke(axes, [(x, middle), (x + _SAMPLE, middle)], Stroke(look.dash, "", look.colour), corner)
    if look.marker:
        stroke(axes, [(x + _SAMPLE / 2, middle)], look, corner)


def _rows(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return the entries of each row, as many as fit beside one another."""
    rows: list[list[Entry]] = []
    used = WIDTH
    for entry in entries:
        width = _entry_width(entry)
        if used + _BETWEEN + width > WIDTH:
            rows.append([])
            used = -_BETWEEN
        rows[-1].append(entry)
        used += _BETWEEN + width
    return rows


def _entry_width(entry: Entry) -> float:
    name, look = entry
    return _sample_width(look) + _GAP + text_width(name)


def _sample_width(look: Look | Stroke) -> float:
    return _SWATCH if isinstance(look, Look) else _SAMPLE
