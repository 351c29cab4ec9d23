"""The figures of the report, bars and lines: Vietnamese, readable in black and white."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from giamngheo.report.drawing import drawing
from giamngheo.report.elements import Figure
from giamngheo.report.numbers import decimal, percent

_STEP, _NARROW_STEP, _MANY_BARS = 23, 19, 10
"""Points a lying bar takes, and from how many bars on it takes less."""

_HEIGHT = 130
"""Of a plot with upright values, in points."""

_ROOM_FOR_LABELS = 1.15
"""How much longer an axis is than its longest bar."""

_SIZE, _SMALL_SIZE, _MANY_SERIES = 11, 9, 4
"""Of type, in points; from how many bars side by side on their values are written small."""

_TICKS = 7
"""Numbers that an axis may have beside zero."""

_MONTHS = 12


@dataclass(frozen=True)
class Series:
    """One series of bars: what the legend calls it, its values in axis order, how it looks without colour.

    hatch: "", "lines", "dots" or "crosses".
    """

    name: str
    values: Sequence[float | None]
    labels: Sequence[str]
    colour: str
    hatch: str = ""


@dataclass(frozen=True)
class Mark:
    """A line across the bars: a yardstick or an aim. dash: "solid", "dashed" or "dotted"."""

    name: str
    value: float
    dash: str


@dataclass(frozen=True)
class Line:
    """A line: what the legend calls it, its values by place, how it looks without colour.

    dash: as of a mark; marker: "", "circle" or "square".
    """

    name: str
    points: Mapping[int, float]
    dash: str
    marker: str
    colour: str = "#000000"
    is_labelled: bool = False


def grouped_bars(groups: Sequence[str], series: Sequence[Series], axis: str, **words: str) -> Figure:
    """Upright bars side by side in groups, each with its value above it. `words`: alt and caption."""
    is_crowded = len(series) >= _MANY_SERIES
    look = {"size": _SMALL_SIZE if is_crowded else _SIZE, "crowd": 0.9 if is_crowded else 0.8, "height": _HEIGHT}
    known = [value for entry in series for value in _lengths(entry)]
    scale = _scale(max(known) * _ROOM_FOR_LABELS, axis)
    data = {"kind": "standing", "groups": groups, "series": [_drawn(entry) for entry in series]}
    return Figure(drawing(data | look | scale), **words)


def stacked_bars(
    names: Sequence[str], series: Sequence[Series], axis: str, *, ends_at: float | None = None, **words: str
) -> Figure:
    """Lying bars, the series of one name end to end, the label of the last behind. `words`: alt and caption.

    The axis ends a little after the longest bar, or at `ends_at`.
    """
    longest = max(map(sum, zip(*map(_lengths, series), strict=True)), default=0.0)
    return _lying(names, series, (), _scale(ends_at or longest * _ROOM_FOR_LABELS, axis), words)


def rate_bars(names: Sequence[str], series: Series, marks: Sequence[Mark], axis: str, **words: str) -> Figure:
    """Lying bars of rates in percent with lines across for the yardsticks. `words`: alt and caption."""
    end = max(105.0, max(_lengths(series)) * _ROOM_FOR_LABELS)
    return _lying(names, [series], marks, _scale(end, axis), words)


def month_lines(lines: Sequence[Line], axis: str, *, last: int, **words: str) -> Figure:
    """Lines over the months 1 to `last`; a gap where a month is not known. `words`: alt and caption."""
    data = {
        "kind": "lines",
        "height": _HEIGHT + 20,
        "scale": (1, last),
        "places": [(month, month_name(month).replace(" ", "\n", 1)) for month in range(1, last + 1)],
        "foot-axis": "Tháng",
        "lines": [_line(line) for line in lines],
    }
    highest = max(value for line in lines for value in line.points.values())
    return Figure(drawing(data | _scale(max(100.0, highest * _ROOM_FOR_LABELS), axis)), **words)


def month_name(month: int) -> str:
    """The number of a month as it is written, "01", "8"; 13 is "01 năm sau"."""
    number = (month - 1) % _MONTHS + 1
    return (f"{number:02}" if number < 3 else str(number)) + (" năm sau" if month > _MONTHS else "")


def ticks(end: float) -> list[float]:
    """Round numbers for an axis from 0 to `end`, four to eight of them."""
    exact = end / _TICKS
    size = 10.0 ** math.floor(math.log10(exact))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= exact)
    return [step * number for number in range(int(end / step) + 1)]


def _lying(
    names: Sequence[str], series: Sequence[Series], marks: Sequence[Mark], scale: Mapping[str, Any], words: Any
) -> Figure:
    data = {
        "kind": "lying",
        "names": names,
        "labels": series[-1].labels,
        "series": [_drawn(entry) for entry in series],
        "marks": [{**asdict(mark), "colour": "#000000", "marker": ""} for mark in marks],
        "step": _STEP if len(names) <= _MANY_BARS else _NARROW_STEP,
    }
    return Figure(drawing({**data, **scale}), **words)


def _scale(end: float, axis: str) -> dict[str, Any]:
    """An axis named `axis` from 0 to `end`, or to 1 where all is nothing."""
    limit = end or 1.0
    return {"axis": axis, "limit": limit, "ticks": [(value, decimal(value)) for value in ticks(limit)]}


def _drawn(entry: Series) -> dict[str, Any]:
    return {**asdict(entry), "values": _lengths(entry)}


def _lengths(entry: Series) -> list[float]:
    """How long the bars of a series are; a blank has none."""
    return [0.0 if value is None or math.isnan(value) else max(float(value), 0.0) for value in entry.values]


def _line(line: Line) -> dict[str, Any]:
    labels = [(at, value, percent(value)) for at, value in line.points.items()] if line.is_labelled else []
    look = {"name": line.name, "dash": line.dash, "marker": line.marker, "colour": line.colour}
    return {**look, "pieces": list(_pieces(line)), "labels": labels}


def _pieces(line: Line) -> Iterator[list[tuple[int, float]]]:
    """The points of a line, apart where months between them are not known; a line without markers is one."""
    piece: list[tuple[int, float]] = []
    for at, value in sorted(line.points.items()):
        if line.marker and piece and at > piece[-1][0] + 1:
            yield piece
            piece = []
        piece.append((at, value))
    yield piece
