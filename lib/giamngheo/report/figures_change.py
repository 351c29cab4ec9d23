"""Figures of change: lines over the months of a year, told apart without colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from giamngheo.report.elements import Figure
from giamngheo.report.figures import drawing, drawn, tick
from giamngheo.report.numbers import percent

_MONTHS = 12


@dataclass(frozen=True)
class Line:
    """A line: what the legend calls it, its values by month (13 is January of the next year), dashes and marker."""

    name: str
    points: Mapping[int, float]
    dashes: str
    marker: str
    colour: str = "black"
    is_labelled: bool = False


def month_name(month: int) -> str:
    """The number of a month as it is written, "01", "8"; 13 is "01 năm sau"."""
    number = (month - 1) % _MONTHS + 1
    return (f"{number:02}" if number < 3 else str(number)) + (" năm sau" if month > _MONTHS else "")


def month_lines(lines: Sequence[Line], axis: str, *, last: int, **words: str) -> Figure:
    """Lines over the months 1 to `last`; a gap where a month is not known. `words`: alt and caption."""
    with drawing(height=2.8) as (canvas, axes):
        for line in lines:
            look: dict[str, Any] = {"color": line.colour, "marker": line.marker, "markersize": 4, "label": line.name}
            axes.plot(*_with_gaps(line), line.dashes, **look)
            if line.is_labelled:
                _label(axes, line)
        axes.set_xticks(range(1, last + 1), [month_name(month).replace(" ", "\n", 1) for month in range(1, last + 1)])
        axes.set_xlabel("Tháng")
        axes.set_ylabel(axis)
        axes.yaxis.set_major_formatter(tick)
        axes.set_ylim(0, max(100.0, *(value * 1.1 for line in lines for value in line.points.values())))
        canvas.legend(loc="outside upper center", ncols=len(lines), frameon=False)
        return drawn(canvas, **words)


def _label(axes: Axes, line: Line) -> None:
    """The values of a line above its points, in front of the other lines."""
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
    for month, value in line.points.items():
        axes.annotate(
            percent(value),
            (month, value),
            xytext=(-2, 6),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            bbox=behind,
            zorder=5,
        )


def _with_gaps(line: Line) -> tuple[list[int], list[float]]:
    """Months and values of a line; one of two points, or whose months follow each other, has no gap."""
    months = sorted(line.points)
    if not line.marker:
        return months, [line.points[month] for month in months]
    whole = list(range(months[0], months[-1] + 1))
    return whole, [line.points.get(month, float("nan")) for month in whole]
