"""A line chart as small as a word: where its marks stand. It says in words what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 300.0, 48.0
"""Size of the drawing in its own units."""

_MARGIN = 5.0


@dataclass(frozen=True)
class Legend:
    """The words of a drawing: what it is, in short (caption) and in full (title), its ends, its values (text)."""

    caption: str
    title: str
    ends: tuple[str, str]
    text: str


@dataclass(frozen=True)
class Sparkline:
    """A drawing of WIDTH by HEIGHT.

    dots: centres of the known points, from left to right. limit: height of a line across, None without one.
    """

    dots: tuple[tuple[float, float], ...]
    limit: float | None
    legend: Legend

    @property
    def line(self) -> str:
        """The points of the line, as SVG writes them."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.dots)

    @property
    def area(self) -> str:
        """The points of what is under the line; "" under a single dot."""
        if len(self.dots) < 2:
            return ""
        floor = HEIGHT - _MARGIN
        return f"{self.dots[0][0]:g},{floor:g} {self.line} {self.dots[-1][0]:g},{floor:g}"


def sparkline(
    points: Sequence[tuple[float, float | None]],
    legend: Legend,
    *,
    span: tuple[float, float],
    limit: float | None = None,
) -> Sparkline:
    """Return the sparkline of points (place, value), from zero up to the highest value or `limit`.

    Unknown values have no dot; a span of one place puts it in the middle.
    """
    known = [(place, value) for place, value in points if value is not None]
    top = max([value for _, value in known] + ([] if limit is None else [limit]), default=0.0)
    dots = tuple((_across(place, span), _up(value, top)) for place, value in sorted(known))
    return Sparkline(dots, None if limit is None else _up(limit, top), legend)


def _across(place: float, span: tuple[float, float]) -> float:
    first, last = span
    share = (place - first) / (last - first) if last > first else 0.5
    return round(_MARGIN + share * (WIDTH - 2 * _MARGIN), 1)


def _up(value: float, top: float) -> float:
    share = value / top if top else 0.0
    return round(HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN), 1)
