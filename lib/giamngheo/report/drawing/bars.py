"""Bars, lying end to end or standing side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from giamngheo.report.drawing.letters import CAPITAL, LINE, SIZE, text_width, wrapped, write
from giamngheo.report.drawing.looks import Entry, Look, Stroke, fill, legend, legend_height, stroke, tags
from giamngheo.report.drawing.scale import (
    FOOT,
    ROOM_FOR_LABELS,
    foot_axis,
    foot_names,
    names_room,
    side_axis,
    side_room,
    thin_lines,
)
from giamngheo.report.drawing.sheet import at_side, beside, lay_out

MOST_BARS = 30
"""Lying bars, or panels, that one figure shows, so that it fits on a page and can be read."""

_STEP, _NARROW_STEP, _MANY_BARS = 23.0, 19.0, 10
"""Points a lying bar takes, and from how many bars on it takes less."""

_THICK = 0.8
"""Of a bar, of what it takes."""

_LONGEST_NAME = 210.0
"""Points beyond which a name at the left takes more lines."""

_BEHIND = 4.0
"""Points between the end of a bar and its label."""

_HEIGHT = 130.0
"""Of a plot with upright bars, in points."""

_SMALL_SIZE, _MANY_SERIES = 9.0, 4
"""Of type, in points; from how many bars side by side on their values are written small."""


@dataclass(frozen=True)
class Series:
    """One series of bars: what the legend calls it, its values in axis order, its labels, how it looks."""

    name: str
    values: Sequence[float | None]
    labels: Sequence[str]
    look: Look


@dataclass(frozen=True)
class Mark:
    """A line across the bars: a yardstick or an aim."""

    name: str
    value: float
    look: Stroke


def stacked_bars(
    axes: Axes, names: Sequence[str], series: Sequence[Series], axis: str, *, ends_at: float | None = None
) -> Axes:
    """Draw lying bars, the series of one name end to end, the label of the last behind.

    The axis ends a little after the longest bar, or at `ends_at`.
    """
    longest = max(map(sum, zip(*map(_lengths, series), strict=True)), default=0.0)
    return _lying(axes, names, series, (axis, ends_at or longest * ROOM_FOR_LABELS or 1.0))


def rate_bars(axes: Axes, names: Sequence[str], series: Series, axis: str, *, marks: Sequence[Mark]) -> Axes:
    """Draw lying bars of rates in percent with lines across for the yardsticks."""
    end = max(105.0, max(_lengths(series), default=0.0) * ROOM_FOR_LABELS)
    return _lying(axes, names, [series], (axis, end), marks=marks)


def grouped_bars(axes: Axes, groups: Sequence[str], series: Sequence[Series], axis: str) -> Axes:
    """Draw upright bars side by side in groups, each with its value above it."""
    is_crowded = len(series) >= _MANY_SERIES
    limit = max(value for entry in series for value in _lengths(entry)) * ROOM_FOR_LABELS or 1.0
    entries: list[Entry] = [(entry.name, entry.look) for entry in series]
    places = {float(at): name for at, name in enumerate(groups)}
    lay_out(axes, left=side_room(limit), top=legend_height(entries), height=_HEIGHT, bottom=names_room(places))
    axes.set(xlim=(-0.5, len(groups) - 0.5), ylim=(0, limit))
    width = (0.9 if is_crowded else _THICK) / len(series)
    size = _SMALL_SIZE if is_crowded else SIZE
    for number, entry in enumerate(series):
        shift = (number - len(series) / 2) * width
        tops = _lengths(entry)
        boxes = [(at + shift + 0.04 * width, 0.0, 0.92 * width, top) for at, top in enumerate(tops)]
        fill(axes, boxes, entry.look, axes.transData)
        above = [(at + shift + width / 2, top) for at, top in enumerate(tops)]
        write(axes, entry.labels, above, beside(axes, 0, 3), align=(0.5, 0), size=size)
    thin_lines(axes, [[(-0.5, 0), (len(groups) - 0.5, 0)]], axes.transData)
    side_axis(axes, limit, axis)
    foot_names(axes, places)
    legend(axes, entries)
    return axes


def _lying(
    axes: Axes, names: Sequence[str], series: Sequence[Series], scale: tuple[str, float], *, marks: Sequence[Mark] = ()
) -> Axes:
    axis, limit = scale
    step = _STEP if len(names) <= _MANY_BARS else _NARROW_STEP
    shown = [wrapped(name, _LONGEST_NAME) for name in names]
    heights = [max(step, (CAPITAL + LINE * name.count("\n")) * SIZE + 8) for name in shown]
    entries: list[Entry] = [(entry.name, entry.look) for entry in series if len(series) > 1]
    entries += [(mark.name, mark.look) for mark in marks]
    left = max(map(text_width, shown), default=0.0) + 5
    width = lay_out(axes, left=left, top=legend_height(entries), height=sum(heights), bottom=FOOT, right=8)
    ends = [sum(values) for values in zip(*map(_lengths, series), strict=True)]
    across = [mark.value for mark in marks]
    unit = _scale(width, limit, [*ends, *across], [*series[-1].labels, *_widest(series[-1].labels, across)])
    axes.set(xlim=(0, width / unit), ylim=(sum(heights) or 1.0, 0))
    middles = [sum(heights[:row]) + heights[row] / 2 for row in range(len(names))]
    for mark in marks:
        stroke(axes, [(mark.value, 0), (mark.value, sum(heights))], mark.look, axes.transData, zorder=0.5)
    _end_to_end(axes, series, middles, _THICK * step)
    behind = [_clear(end, label, across, unit) for end, label in zip(ends, series[-1].labels, strict=True)]
    labels = dict(zip(zip(behind, middles, strict=True), series[-1].labels, strict=True))
    tags(axes, labels, shift=(_BEHIND, 0), align=(0, 0.5))
    write(axes, shown, [(-5, middle) for middle in middles], at_side(axes), align=(1, 0.5))
    thin_lines(axes, [[(0, 0), (0, sum(heights))]], axes.transData)
    foot_axis(axes, limit, axis, width=width)
    legend(axes, entries)
    return axes


def _scale(width: float, limit: float, ends: Sequence[float], labels: Sequence[str]) -> float:
    """Return how many points one unit is, so that the axis and each bar with its label keep within the width."""
    room = [(width - text_width(label) - _BEHIND - 1) / end for end, label in zip(ends, labels, strict=True) if end > 0]
    return max(min([width / limit, *room]), 0.01 * width / limit)


def _widest(labels: Sequence[str], marks: Sequence[float]) -> list[str]:
    """Return the widest label for each line across, beside which it may come to stand."""
    return [max(labels, key=text_width, default="")] * len(marks)


def _clear(end: float, label: str, marks: Sequence[float], unit: float) -> float:
    """Return behind which place a label is written that no line runs through: the end of its bar, or a line."""
    for mark in sorted(marks):
        if end <= mark <= end + (text_width(label) + 2 * _BEHIND) / unit:
            end = mark
    return end


def _end_to_end(axes: Axes, series: Sequence[Series], middles: Sequence[float], thick: float) -> None:
    begins = [0.0] * len(middles)
    for entry in series:
        lengths = _lengths(entry)
        boxes = [(x, y - thick / 2, length, thick) for x, y, length in zip(begins, middles, lengths, strict=True)]
        fill(axes, boxes, entry.look, axes.transData)
        begins = [begin + length for begin, length in zip(begins, lengths, strict=True)]


def _lengths(entry: Series) -> list[float]:
    """Return how long the bars of a series are; a blank has none."""
    return [0.0 if value is None or math.isnan(value) else max(float(value), 0.0) for value in entry.values]
