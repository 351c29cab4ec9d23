"""Lines: over the months of a year, over days, over a scale of numbers."""

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.path import Path as Outline

from giamngheo.report.drawing.letters import text_width, write
from giamngheo.report.drawing.looks import (
    GREY,
    PALE,
    Entry,
    Look,
    Stroke,
    legend,
    legend_height,
    shape,
    stroke,
    tags,
)
from giamngheo.report.drawing.scale import (
    ROOM_FOR_LABELS,
    TICK,
    foot_names,
    names_room,
    side_axis,
    side_room,
    thin_lines,
)
from giamngheo.report.drawing.sheet import at_foot, lay_out
from giamngheo.report.language.numbers import decimal, percent

_HEIGHT, _FOOT_NAME = 150.0, 14.0
"""Of a plot in points, and of the name of its lower axis."""

_SMALL_SIZE = 8.0
"""Of the type of values at points."""

_MONTHS = 12

_EDGE = Stroke("dash-dotted", "", GREY)
"""Of the edge of a band."""

_DASHES = ("solid", "dashed", "dotted", "dash-dotted")


@dataclass(frozen=True)
class Line:
    """A line: what the legend calls it, its values by place, how it looks, whether its values are written.

    name: "" of a line without an entry in the legend. reach: the longest way between two points that are joined; a
    longer one is a gap, since what lies between is not known.
    """

    name: str
    points: Mapping[float, float]
    look: Stroke = field(default_factory=Stroke)
    reach: float = math.inf
    is_labelled: bool = False


def month_lines(axes: Axes, lines: Sequence[Line], axis: str, *, last: int) -> Axes:
    """Draw lines over the months 1 to `last`, in percent."""
    places = {float(month): month_name(month).replace(" ", "\n", 1) for month in range(1, last + 1)}
    highest = max(value for line in lines for value in line.points.values())
    return _lines(axes, lines, (axis, "Tháng"), places, limit=max(100.0, highest) * ROOM_FOR_LABELS)


Fan = tuple[str, tuple[float, float], tuple[float, float, float]]
"""A band that opens from a point: what the legend calls it, the point, and the place of its end, its low and high."""


def month_fan(axes: Axes, lines: Sequence[Line], fan: Fan, axis: str) -> Axes:
    """Draw lines over the months of a year, in percent, and the band in which one of them may go on."""
    name, (begin, value), (end, low, high) = fan
    edges = [Line(name, {begin: value, end: high}, _EDGE), Line("", {begin: value, end: low}, _EDGE)]
    month_lines(axes, [*edges, *lines], axis, last=_MONTHS)
    corners = [(begin, value), (end, high), (end, low), (begin, value)]
    codes = [Outline.MOVETO, Outline.LINETO, Outline.LINETO, Outline.CLOSEPOLY]
    shape(axes, Outline(corners, codes), Look(PALE), axes.transData, zorder=0.5, linewidth=0.0)
    for number, up in ((high, 1), (low, -1)):
        tags(axes, {(end, number): percent(number)}, shift=(-6, 4 * up), align=(1, (1 - up) / 2), size=_SMALL_SIZE)
    return axes


def day_lines(axes: Axes, days: Sequence[dt.date], left: Mapping[str, Sequence[float | None]], axis: str) -> Axes:
    """Draw lines by day, one a name, told apart by their dashes."""
    first, last = min(days), max(days)
    months = (first.year * _MONTHS + first.month - 1, last.year * _MONTHS + last.month)
    every = math.ceil((months[1] - months[0]) / 9)
    starts = [dt.date(month // _MONTHS, month % _MONTHS + 1, 1) for month in range(months[0], months[1] + 1, every)]
    places = {float(start.toordinal()): f"{start:%m/%Y}" for start in starts if first <= start <= last}
    return _lines(axes, _by_name([day.toordinal() for day in days], left), (axis, ""), places)


def year_lines(
    axes: Axes, lines: Mapping[str, Mapping[int, float]], axis: str, breaks: Mapping[int, str] = MappingProxyType({})
) -> Axes:
    """Draw lines by year, one a name, told apart by their dashes.

    breaks: years from which figures do not compare with those before, with what is said of them; a line across is
    drawn before each, and no line crosses it.
    """
    years = sorted({year for line in lines.values() for year in line} | set(breaks))
    pieces = []
    for (name, points), dash in zip(lines.items(), itertools.cycle(_DASHES), strict=False):
        starts = [-math.inf, *sorted(breaks), math.inf]
        for number, (first, beyond) in enumerate(pairwise(starts)):
            part = {float(year): value for year, value in points.items() if first <= year < beyond}
            pieces.append(Line("" if number else name, part, Stroke(dash, "circle")))
    _lines(axes, pieces, (axis, ""), {float(year): str(year) for year in years})
    limit = axes.get_ylim()[1]
    for year, said in breaks.items():
        stroke(axes, [(year - 0.5, 0), (year - 0.5, limit)], _EDGE, axes.transData, zorder=1)
        tags(axes, {(year - 0.5, limit): said}, shift=(-3, -8), align=(1, 0.5), size=_SMALL_SIZE)
    return axes


def curves(
    axes: Axes, at: Sequence[float], values: Mapping[str, Sequence[float | None]], names: tuple[str, str]
) -> Axes:
    """Draw lines over a scale of numbers, one a name; `names`: of the scale, of the values."""
    places = {place: decimal(place) for place in at}
    return _lines(axes, _by_name(at, values), (names[1], names[0]), places)


def month_name(month: int) -> str:
    """Return the number of a month as it is written, "01", "8"; 13 is "01 năm sau"."""
    number = (month - 1) % _MONTHS + 1
    return (f"{number:02}" if number < 3 else str(number)) + (" năm sau" if month > _MONTHS else "")


def _by_name(at: Sequence[float], values: Mapping[str, Sequence[float | None]]) -> list[Line]:
    return [
        Line(
            name,
            {place: value for place, value in zip(at, row, strict=True) if value is not None},
            Stroke(_DASHES[number % len(_DASHES)], "circle"),
        )
        for number, (name, row) in enumerate(values.items())
    ]


def _lines(
    axes: Axes, lines: Sequence[Line], names: tuple[str, str], places: Mapping[float, str], *, limit: float = 0.0
) -> Axes:
    """Draw lines between 0 and `limit`, which is a little above the highest value where it is not given."""
    known = [value for line in lines for value in line.points.values()]
    limit = limit or max(known, default=0.0) * ROOM_FOR_LABELS or 1.0
    entries: list[Entry] = [(line.name, line.look) for line in lines if line.name]
    bottom = names_room(places) + (_FOOT_NAME if names[1] else 0.0)
    left = side_room(limit)
    side = max(map(text_width, places.values()), default=0.0) / 2
    width = lay_out(axes, left=left, top=legend_height(entries), height=_HEIGHT, bottom=bottom)
    ends = [*places, *(place for line in lines for place in line.points)]
    first, last = min(ends), max(ends)
    room = side * ((last - first) or 1.0) / (width - 2 * side)
    axes.set(xlim=(first - room, last + room), ylim=(0, limit))
    foot = at_foot(axes)
    thin_lines(axes, [[(first - room, 0), (last + room, 0)], *([(place, 0), (place, -TICK)] for place in places)], foot)
    foot_names(axes, places)
    if names[1]:
        write(axes, [names[1]], [((first + last) / 2, -bottom + 3)], foot, align=(0.5, 0))
    side_axis(axes, limit, names[0])
    for line in lines:
        for piece in _pieces(line):
            stroke(axes, piece, line.look, axes.transData)
    for line in lines:
        if line.is_labelled:
            labels = {point: percent(point[1]) for point in line.points.items()}
            tags(axes, labels, shift=(-3, 4), align=(0.5, 0), size=_SMALL_SIZE)
    legend(axes, entries)
    return axes


def _pieces(line: Line) -> Iterator[list[tuple[float, float]]]:
    """Give the points of a line, apart where it has a gap."""
    piece: list[tuple[float, float]] = []
    for at, value in sorted(line.points.items()):
        if piece and at > piece[-1][0] + line.reach:
            yield piece
            piece = []
        piece.append((at, value))
    if piece:
        yield piece
