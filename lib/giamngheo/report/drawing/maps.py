"""Figures of many units or classes at once: heat map, small panels, flows between classes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.path import Path as Outline

from giamngheo.report.drawing.letters import text_width, write
from giamngheo.report.drawing.looks import DARK, LIGHT, PALE, Box, Look, fill, shape
from giamngheo.report.drawing.scale import TICK, thin_lines, ticks
from giamngheo.report.drawing.sheet import WIDTH, at_foot, at_side, beside, lay_out
from giamngheo.report.language.numbers import UNKNOWN, count, decimal, percent

_ROW, _TYPE, _LEAN = 18.0, 9.0, math.radians(50)
"""Height of a row of a heat map and size of its type, in points; angle of the headings."""

_DARK_FROM = 55
"""Percent from which on a cell is so dark that its number is white."""

_FEW_PANELS, _PANEL, _LOW_PANEL, _BETWEEN, _ASIDE = 16, 60.0, 46.0, 36.0, 12.0
"""Up to so many panels stand four side by side, else five, lower ones; heights; space between rows and beside."""

_FLOW_HEIGHT, _NODE, _FLOW_NAMES, _FLOW_GAP = 200.0, 0.08, 135.0, 0.07
"""Height of a figure of flows, width of its boxes, room for their names; between two boxes, of the whole."""


@dataclass(frozen=True)
class Band:
    """Households that were in one class and are in another; None where the reader is not told how many."""

    before: str
    now: str
    households: int | None


def heat_map(axes: Axes, rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]]) -> Axes:
    """Draw rates in percent by row and column: darker is more, the number stands in the cell."""
    lengths = [text_width(name, _TYPE) for name in columns]
    left = max(text_width(name, _TYPE) for name in rows) + 5
    cell = (WIDTH - left) / len(columns)
    leaning = [length * math.cos(_LEAN) - (x + 0.6) * cell for x, length in enumerate(lengths)]
    bottom = max(lengths) * math.sin(_LEAN) + 14
    lay_out(axes, left=max(left, *leaning), top=0, height=_ROW * len(rows), bottom=bottom)
    axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    known = [(x, y, value) for y, line in enumerate(values) for x, value in enumerate(line) if value is not None]
    shades = colormaps["Greys"]([value / 100 for *_, value in known])
    cells = [((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)) for x, y, _ in known]
    axes.add_collection(
        PolyCollection(cells, facecolors=shades, edgecolors="white", linewidths=0.4, clip_on=False), autolim=False
    )
    shown = [value for line in values for value in line]
    places = [(x + 0.5, y + 0.5) for y, line in enumerate(values) for x in range(len(line))]
    colours = ["black" if value is None or value <= _DARK_FROM else "white" for value in shown]
    texts = [UNKNOWN if value is None else count(value) for value in shown]
    write(axes, texts, places, axes.transData, align=(0.5, 0.5), size=_TYPE, colours=colours)
    write(axes, rows, [(-5, y + 0.5) for y in range(len(rows))], at_side(axes), align=(1, 0.5), size=_TYPE)
    heads = [(x + 0.6, -8) for x in range(len(columns))]
    write(axes, columns, heads, at_foot(axes), align=(1, 0.5), size=_TYPE, angle=math.degrees(_LEAN))
    return axes


def small_bars(
    axes: Axes, panels: Sequence[str], groups: Sequence[str], values: Sequence[Sequence[float | None]]
) -> Axes:
    """Draw one small chart a panel, all of one scale: `values` has those of the groups of each panel, in percent."""
    is_few, size = len(panels) <= _FEW_PANELS, 8.0
    across, high = min(4 if is_few else 5, len(panels)), _PANEL if is_few else _LOW_PANEL
    down = math.ceil(len(panels) / across)
    limit = max((value or 0.0 for row in values for value in row), default=0.0) * 1.25 or 1.0
    left = max(text_width(decimal(value), size) for value in ticks(limit)) + 5
    height = down * (high + _BETWEEN) - _BETWEEN
    width = lay_out(axes, left=left, top=16, height=height, bottom=14)
    axes.set(xlim=(0, width), ylim=(0, height))
    step = (width + _ASIDE) / across
    corners = [
        ((number % across) * step, height - high - (number // across) * (high + _BETWEEN))
        for number in range(len(panels))
    ]
    inside, slot = step - _ASIDE, (step - _ASIDE) / len(groups)
    bars, tops, labels, names, below = [], [], [], [], []
    for (x, y), row in zip(corners, values, strict=True):
        for number, (group, value) in enumerate(zip(groups, row, strict=True)):
            tall = (value or 0.0) / limit * high
            bars.append((x + (number + 0.1) * slot, y, 0.8 * slot, tall))
            tops.append((x + (number + 0.5) * slot, y + tall + 3))
            labels.append(UNKNOWN if value is None else percent(value).removesuffix("%"))
            names.append(group)
            below.append((x + (number + 0.5) * slot, y - 4))
    data = axes.transData
    fill(axes, bars, Look(LIGHT), data)
    write(axes, labels, tops, data, align=(0.5, 0), size=size)
    write(axes, names, below, data, align=(0.5, 1), size=size)
    write(axes, panels, [(x + inside / 2, y + high + 5) for x, y in corners], data, align=(0.5, 0), size=_TYPE)
    thin_lines(axes, [[(x, y + high), (x, y), (x + inside, y)] for x, y in corners], data)
    marks = [(y + value / limit * high, value) for x, y in corners if x == 0 for value in ticks(limit)[::2]]
    thin_lines(axes, [[(-TICK, y), (0, y)] for y, _ in marks], data)
    write(axes, [decimal(value) for _, value in marks], [(-5, y) for y, _ in marks], data, align=(1, 0.5), size=size)
    return axes


def alluvial(axes: Axes, order: Mapping[str, str], bands: Sequence[Band], ends: tuple[str, str]) -> Axes:
    """Draw bands from the classes of one review (left) to those of the next, as broad as their households.

    `order`: code and name of the classes from top to bottom; `ends`: what the two sides are.
    """
    lay_out(axes, left=_FLOW_NAMES, right=_FLOW_NAMES, top=0, height=_FLOW_HEIGHT, bottom=18)
    gap = _FLOW_GAP * sum(band.households or 0 for band in bands)
    left, left_end = _nodes(axes, order, [(band.before, band.households) for band in bands], gap, at=0)
    right, right_end = _nodes(axes, order, [(band.now, band.households) for band in bands], gap, at=1)
    axes.set(xlim=(-_NODE, 1 + _NODE), ylim=(min(left_end, right_end), 0))
    rank = list(order)
    for band in sorted(bands, key=lambda band: (rank.index(band.before), rank.index(band.now))):
        if band.households:
            _band(axes, left[band.before], right[band.now], band)
            left[band.before] -= band.households
            right[band.now] -= band.households
    sides = [(-_NODE / 2, -6.0), (1 + _NODE / 2, -6.0)]
    write(axes, ends, sides, at_foot(axes), align=(0.5, 1))
    return axes


def _nodes(
    axes: Axes, order: Mapping[str, str], sizes: Sequence[tuple[str, int | None]], gap: float, *, at: int
) -> tuple[dict[str, float], float]:
    """Draw the boxes of the side `at` 0 or 1 with their names; return where the bands of each begin, and the end."""
    tops: dict[str, float] = {}
    top = 0.0
    boxes: list[Box] = []
    names, places = [], []
    for code, name in order.items():
        parts = [households for of, households in sizes if of == code]
        size = sum(part or 0 for part in parts)
        if size == 0:
            continue
        tops[code] = top
        boxes.append((at - _NODE * (1 - at), top - size, _NODE, size))
        names.append(f"{name}: {UNKNOWN if None in parts else count(size)}")
        places.append((-_NODE if at == 0 else 1 + _NODE, top - size / 2))
        top -= size + gap
    fill(axes, boxes, Look(DARK), axes.transData)
    write(axes, names, places, beside(axes, 10 * at - 5), align=(1 - at, 0.5), size=_TYPE)
    return tops, top + gap


def _band(axes: Axes, left: float, right: float, band: Band) -> None:
    size, same = band.households or 0, band.before == band.now
    curve = [Outline.MOVETO, *[Outline.CURVE4] * 3, Outline.LINETO, *[Outline.CURVE4] * 3, Outline.CLOSEPOLY]
    upper = [(0.0, left), (0.5, left), (0.5, right), (1.0, right)]
    lower = [(1.0, right - size), (0.5, right - size), (0.5, left - size), (0.0, left - size)]
    outline = Outline([*upper, *lower, (0.0, left)], curve)
    look = Look(PALE) if same else Look(LIGHT, "lines")
    shape(axes, outline, look, axes.transData, linewidth=0.4)
