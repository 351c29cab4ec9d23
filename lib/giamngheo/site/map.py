"""The map of the list: a dot at the centre of each unit that the register has, darker for a higher rate of the poor."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from giamngheo.regulation.lookup import NoRuleInForceError, UnknownRuleError
from giamngheo.regulation.units import unit
from giamngheo.report.language import numbers

WIDTH, _TALLEST, _MARGIN, _LABEL = 420.0, 480.0, 12.0, 110.0
"""Of a map, in its own units; its largest height; room around the outermost dots, and at the right for their names."""

_FEWEST, _MOST_NAMED = 3, 20
"""Dots from which on there is a map, and up to which they have their names beside them."""

_LIMITS = (1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0)


@dataclass(frozen=True)
class Located:
    """A unit that may be on a map: its code on a day, its name, rate in percent, and where the page tells of it."""

    code: str
    day: dt.date
    name: str
    rate_pct: float | None
    href: str


@dataclass(frozen=True)
class Dot:
    """A unit on a map. shade: from 0 to 1. title: its name and rate."""

    x: float
    y: float
    shade: float
    name: str
    title: str
    href: str


@dataclass(frozen=True)
class Map:
    """Dots with the radius of all. limit: the rate of the darkest, in words; absent: how many units have no dot."""

    dots: tuple[Dot, ...]
    height: float
    radius: float
    is_named: bool
    limit: str
    absent: int


def map_of(units: Sequence[Located]) -> Map | None:
    """Return the map of units; None where too few have a place and a rate."""
    found = [(each, centre) for each in units if each.rate_pct is not None and (centre := _centre(each))]
    if len(found) < _FEWEST:
        return None
    limit = next((each for each in _LIMITS if each >= max(found_at.rate_pct or 0 for found_at, _ in found)), 100.0)
    north, east = zip(*(centre for _, centre in found), strict=True)
    shrink, is_named = math.cos(math.radians(sum(north) / len(north))), len(found) <= _MOST_NAMED
    wide, high = max((max(east) - min(east)) * shrink, 1e-3), max(max(north) - min(north), 1e-3)
    room = WIDTH - 2 * _MARGIN - (_LABEL if is_named else 0)
    scale = min(room / wide, (_TALLEST - 2 * _MARGIN) / high)
    dots = tuple(
        Dot(
            x=round(_MARGIN + (room - wide * scale) / 2 + (centre[1] - min(east)) * shrink * scale, 1),
            y=round(_MARGIN + (max(north) - centre[0]) * scale, 1),
            shade=round(0.12 + 0.88 * min((each.rate_pct or 0) / limit, 1.0), 2),
            name=each.name,
            title=f"{each.name}: {numbers.percent(each.rate_pct)}",
            href=each.href,
        )
        for each, centre in found
    )
    height = round(high * scale + 2 * _MARGIN, 1)
    radius = round(min(max(math.sqrt(WIDTH * height / len(dots)) / 6, 1.3), 7.0), 1)
    return Map(dots, height, radius, is_named, f"{limit:g}%".replace(".", ","), len(units) - len(dots))


def _centre(place: Located) -> tuple[float, float] | None:
    """Return the centre of a unit in degrees north and east; None of one that is made up or whose centre is unknown."""
    try:
        return unit(place.code, on=place.day).centre
    except (UnknownRuleError, NoRuleInForceError):
        return None
