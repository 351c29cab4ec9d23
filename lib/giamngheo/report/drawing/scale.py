"""Axes of numbers: round ticks, written as Vietnamese reads them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Transform

from giamngheo.report.drawing.letters import CAPITAL, LINE, SIZE, text_width, write
from giamngheo.report.drawing.sheet import at_foot, at_side
from giamngheo.report.language.numbers import decimal

ROOM_FOR_LABELS = 1.15
"""How much longer an axis is than its longest bar."""

FOOT = 32.0
"""Room in points under axes for their numbers and what they measure."""

TICK, _BESIDE = 3.0, 5.0
"""Length of a tick; from an axis to what is written beside it."""

_TICKS = 7
"""Numbers that an axis may have beside zero."""


def ticks(end: float) -> list[float]:
    """Return round numbers for an axis from 0 to `end`, four to eight of them."""
    exact = end / _TICKS
    size = 10.0 ** math.floor(math.log10(exact))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= exact)
    return [step * number for number in range(int(end / step) + 1)]


def thin_lines(axes: Axes, lines: Sequence[Sequence[tuple[float, float]]], transform: Transform) -> None:
    """Draw thin black lines, such as axes and their ticks, all as one path."""
    codes = [code for line in lines for code in [Outline.MOVETO, *[Outline.LINETO] * (len(line) - 1)]]
    outline = Outline(np.array([point for line in lines for point in line]), codes)
    axes.add_artist(PathPatch(outline, fill=False, transform=transform, clip_on=False, linewidth=0.6, zorder=4))


def side_room(limit: float) -> float:
    """Return the room in points at the left of upright axes for their numbers and what they measure."""
    return max(text_width(decimal(value)) for value in ticks(limit)) + CAPITAL * SIZE + 3 * _BESIDE


def side_axis(axes: Axes, limit: float, name: str) -> None:
    """Draw the axis of numbers from 0 to `limit`, and its name, at the left of axes of that scale."""
    numbers, side = ticks(limit), at_side(axes)
    thin_lines(axes, [[(0, 0), (0, limit)], *([(-TICK, number), (0, number)] for number in numbers)], side)
    write(axes, list(map(decimal, numbers)), [(-_BESIDE, number) for number in numbers], side, align=(1, 0.5))
    write(axes, [name], [(CAPITAL * SIZE - side_room(limit), limit / 2)], side, align=(0.5, 0), angle=90)


def foot_axis(axes: Axes, limit: float, name: str, *, width: float) -> None:
    """Draw the axis of numbers from 0 to `limit`, and its name, along the foot of axes of a width in points.

    Of numbers too long to stand side by side only one in so many is written.
    """
    foot = at_foot(axes)
    end = axes.get_xlim()[1]
    numbers = ticks(limit)
    thin_lines(axes, [[(0, 0), (end, 0)], *([(number, 0), (number, -TICK)] for number in numbers)], foot)
    longest = max(map(text_width, map(decimal, numbers))) + 2 * _BESIDE
    shown = numbers[:: math.ceil(longest / (numbers[1] * width / end))]
    write(axes, list(map(decimal, shown)), [(number, -_BESIDE) for number in shown], foot, align=(0.5, 1))
    write(axes, [name], [(end / 2, 7 - FOOT)], foot, align=(0.5, 0.4))


def foot_names(axes: Axes, places: Mapping[float, str], **look: Any) -> float:
    """Write names at places under axes; return the room in points that they take."""
    foot = at_foot(axes)
    write(axes, list(places.values()), [(place, -_BESIDE) for place in places], foot, align=(0.5, 1), **look)
    return names_room(places, **look)


def names_room(places: Mapping[float, str], size: float = SIZE) -> float:
    """Return the room in points that names under axes take."""
    lines = max((name.count("\n") + 1 for name in places.values()), default=0)
    return _BESIDE + lines * LINE * size if lines else 0.0
