"""Maps of units: circles at their centre points, as large as their number, or their areas; darker is a higher rate."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, PolyCollection
from matplotlib.path import Path

from giamngheo.report.drawing.letters import CAPITAL, text_width, write
from giamngheo.report.drawing.scale import ticks
from giamngheo.report.drawing.sheet import from_corner, lay_out
from giamngheo.report.language.numbers import count, decimal

Ring = Sequence[tuple[float, float]]
"""Corners of an area, in degrees east and north."""

_TYPE, _LEGEND_TYPE = 8.0, 9.0
"""Size of the type of names and of the legend, in points."""

_Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge, in points."""

_LEAST_HEIGHT, _MOST_HEIGHT, _LEGEND = 150.0, 400.0, 96.0
"""Of a map in points, and the room of its legend at the right."""

_LARGEST, _SMALLEST = 21.0, 2.5
"""Radius in points of the circle of the largest number, and of a number near nought."""

_STEPS, _SHADE, _MARGIN, _FINEST = 5, 14.0, 26.0, 0.7
"""Shades of the legend, height of one; room in points around the outermost places; corners nearer are left out."""

_COVERED, _DARK_FROM = 0.14, 0.6
"""Part of a map that circles cover; part of the scale of shades from which on names on it are white."""


_TRIED = 15
"""Places across an area and along it where its name is tried."""


@dataclass(frozen=True)
class Place:
    """A unit on a map: its code, name, centre (degrees east, north), number, rate in percent; None if unknown."""

    code: str
    name: str
    centre: tuple[float, float]
    number: float | None
    rate: float | None


def circle_map(axes: Axes, places: Sequence[Place], names: tuple[str, str]) -> Axes:
    """Draw a circle at each place, as large as its number and the darker the higher its rate; `names`: of both.

    A place of which either is not known has its name alone. Small circles lie over large ones.
    """
    width, height = _frame(axes, [place.centre for place in places])
    known = [place for place in places if place.number is not None and place.rate is not None]
    known.sort(key=lambda place: -(place.number or 0))
    most = max((place.number or 0 for place in known), default=0) or 1.0
    largest = _largest([(place.number or 0) / most for place in known], width * height)
    sizes = [2 * _radius(place.number or 0, most, largest) for place in known]
    limit, points = _limit(place.rate for place in known), axes.transData + from_corner(axes, 0, 0).inverted()
    centres = points.transform([place.centre for place in known]) if known else np.empty((0, 2))
    corner = from_corner(axes, 0, 0)
    circles = EllipseCollection(
        sizes, sizes, [0] * len(sizes), units="points", offsets=centres, offset_transform=corner
    )
    circles.set(facecolors=_shades([place.rate or 0 for place in known], limit), edgecolors="black", linewidths=0.5)
    circles.set(clip_on=False, zorder=2)
    axes.add_collection(circles, autolim=False)
    radii = {place.code: size / 2 for place, size in zip(known, sizes, strict=True)}
    boxes = {code: _around(centre, radii.get(code, 0.0)) for code, centre in _centres(axes, places).items()}
    spots = {place.code: _beside(boxes[place.code], place.name) for place in places}
    _label(axes, places, spots, size=(width, height), circles={code: boxes[code] for code in radii})
    _shade_legend(axes, names[1], limit)
    _size_legend(axes, names[0], most, largest)
    return axes


def area_map(axes: Axes, areas: Mapping[str, Sequence[Ring]], places: Sequence[Place], name: str) -> Axes:
    """Draw the areas of units by their codes, the darker the higher the rate; white where it is not known."""
    size = _frame(axes, [corner for rings in areas.values() for ring in rings for corner in ring])
    rates = {place.code: place.rate for place in places}
    limit = _limit(rates.values())
    points = axes.transData + from_corner(axes, 0, 0).inverted()
    rings, shades = [], []
    widest: dict[str, npt.NDArray[np.float64]] = {}
    for unit, parts in areas.items():
        rate = rates.get(unit)
        for ring in parts:
            rings.append(_thinned(points.transform(np.asarray(ring, dtype=float))))
            widest[unit] = max(widest.get(unit, rings[-1]), rings[-1], key=lambda ring: np.ptp(ring[:, 0]))
            shades.append((1.0, 1.0, 1.0, 1.0) if rate is None else tuple(_shades([rate], limit)[0]))
    drawn = PolyCollection(rings, facecolors=shades, edgecolors="black", linewidths=0.5, clip_on=False)
    drawn.set_transform(from_corner(axes, 0, 0))
    axes.add_collection(drawn, autolim=False)
    centres = _centres(axes, places)
    spots = {place.code: _inside(widest.get(place.code), centres[place.code], place.name) for place in places}
    _label(axes, places, spots, size=size, dark=_DARK_FROM * limit)
    _shade_legend(axes, name, limit)
    return axes


def _frame(axes: Axes, corners: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Lay axes out so that a degree is as long north as east, with room for names and the legend; return their size."""
    east, north = (np.array([corner[at] for corner in corners], dtype=float) for at in (0, 1))
    shrink = math.cos(math.radians(float(north.mean())))
    spans = max(float(np.ptp(east)) * shrink, 1e-3), max(float(np.ptp(north)), 1e-3)
    width = 460.0 - _LEGEND - 2 * _MARGIN
    height = min(max(spans[1] * width / spans[0], _LEAST_HEIGHT), _MOST_HEIGHT)
    width = lay_out(axes, left=0, top=0, height=height + 2 * _MARGIN, bottom=0, right=_LEGEND)
    scale = min((width - 2 * _MARGIN) / spans[0], height / spans[1])
    half = width / scale / 2 / shrink, (height + 2 * _MARGIN) / scale / 2
    middle = (east.min() + east.max()) / 2, (north.min() + north.max()) / 2
    axes.set(xlim=(middle[0] - half[0], middle[0] + half[0]), ylim=(middle[1] - half[1], middle[1] + half[1]))
    return width, height + 2 * _MARGIN


def _centres(axes: Axes, places: Sequence[Place]) -> dict[str, tuple[float, float]]:
    """Return the centres of places in points from the lower left corner, by their codes."""
    points = axes.transData + from_corner(axes, 0, 0).inverted()
    return {place.code: tuple(points.transform(place.centre)) for place in places}


def _around(centre: tuple[float, float], radius: float) -> _Box:
    x, y = centre
    return x - radius, y - radius, x + radius, y + radius


def _beside(circle: _Box, name: str) -> list[tuple[float, float]]:
    """Return where a name may begin beside, above and below a circle."""
    left, low, right, top = circle
    wide, high = text_width(name, _TYPE), CAPITAL * _TYPE
    middle = (low + top - high) / 2
    beside = [(right + 2, middle), (left - 2 - wide, middle)]
    return [*beside, *(((left + right - wide) / 2, y) for y in (top + 2, low - 2 - high))]


def _inside(ring: npt.NDArray[np.float64] | None, centre: tuple[float, float], name: str) -> list[tuple[float, float]]:
    """Return where a name may begin so that it lies wholly within an area: as near its centre as there is room."""
    if ring is None:
        return []
    half = np.array([text_width(name, _TYPE), CAPITAL * _TYPE]) / 2
    grid = np.stack(np.meshgrid(*np.linspace(ring.min(axis=0), ring.max(axis=0), _TRIED).T), axis=-1).reshape(-1, 2)
    grid = np.vstack([centre, grid[np.argsort(np.hypot(*(grid - centre).T), kind="stable")]])
    edges = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 1)]) * (half + 1)
    held = Path(ring).contains_points((grid[:, None] + edges).reshape(-1, 2)).reshape(len(grid), -1).all(axis=1)
    return [tuple(spot - half) for spot in grid[held][:1]]


def _label(
    axes: Axes,
    places: Sequence[Place],
    spots: Mapping[str, Sequence[tuple[float, float]]],
    *,
    size: tuple[float, float],
    circles: Mapping[str, _Box] = MappingProxyType({}),
    dark: float = math.inf,
) -> None:
    """Write the names of places at the first of their spots where they cover neither each other nor another's circle.

    One without room has none. size: of the axes, in points. Names are white from the rate `dark` on.
    """
    taken = dict(circles)
    names, at, colours = [], [], []
    for place in places:
        wide, high = text_width(place.name, _TYPE), CAPITAL * _TYPE
        for left, low in spots.get(place.code, ()):
            box = (left - 1, low - 1, left + wide + 1, low + high + 1)
            within = box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]
            if within and not any(_meet(box, other) for code, other in taken.items() if code != place.code):
                taken[f"{place.code} name"] = box
                names.append(place.name)
                at.append((left, low))
                colours.append("white" if (place.rate or 0) > dark else "black")
                break
    write(axes, names, at, from_corner(axes, 0, 0), align=(0, 0), size=_TYPE, colours=colours)


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _shade_legend(axes: Axes, name: str, limit: float) -> None:
    """Draw the scale of shades at the upper right."""
    corner, size, left = from_corner(axes, 1, 1), _SHADE, 12.0
    write(axes, [name], [(left, -10)], corner, align=(0, 0), size=_LEGEND_TYPE)
    values = [limit * step / _STEPS for step in range(_STEPS + 1)]
    boxes = [
        (
            (left, -20 - size * at),
            (left + 22, -20 - size * at),
            (left + 22, -20 - size * (at + 1)),
            (left, -20 - size * (at + 1)),
        )
        for at in range(_STEPS)
    ]
    middles = [(low + high) / 2 for low, high in pairwise(values)]
    drawn = PolyCollection(boxes, facecolors=_shades(middles, limit), edgecolors="black", linewidths=0.4, clip_on=False)
    drawn.set_transform(corner)
    axes.add_collection(drawn, autolim=False)
    marks = [(left + 27, -20 - size * at) for at in range(_STEPS + 1)]
    write(axes, [decimal(value) for value in values], marks, corner, align=(0, 0.5), size=_TYPE)


def _size_legend(axes: Axes, name: str, most: float, largest: float) -> None:
    """Draw circles of round numbers below the scale of shades."""
    corner, top = from_corner(axes, 1, 1), 20 + _SHADE * _STEPS
    write(axes, [name], [(12, -top - 24)], corner, align=(0, 0), size=_LEGEND_TYPE)
    round_numbers = [value for value in ticks(most) if value > 0]
    shown = list(dict.fromkeys([round_numbers[0], round_numbers[-1]]))
    y, centres, sizes = top + 30, [], []
    for number in shown:
        radius = _radius(number, most, largest)
        y += radius + 4
        centres.append((12 + _LARGEST, -y))
        sizes.append(2 * radius)
        y += radius
    circles = EllipseCollection(
        sizes, sizes, [0] * len(sizes), units="points", offsets=centres, offset_transform=corner
    )
    circles.set(facecolors="white", edgecolors="black", linewidths=0.5, clip_on=False)
    axes.add_collection(circles, autolim=False)
    marks = [(12 + 2 * _LARGEST + 6, at) for _, at in centres]
    write(axes, [count(number) for number in shown], marks, corner, align=(0, 0.5), size=_TYPE)


def _radius(number: float, most: float, largest: float) -> float:
    """Return the radius in points of a circle whose area says a number."""
    return max(largest * math.sqrt(max(number, 0.0) / most), _SMALLEST)


def _largest(parts: Sequence[float], area: float) -> float:
    """Return the radius of the largest circle with which all cover a small part of the map."""
    return min(max(math.sqrt(_COVERED * area / math.pi / (sum(parts) or 1.0)), 3 * _SMALLEST), _LARGEST)


def _limit(rates: Iterable[float | None]) -> float:
    """Return a round number above all rates, where the scale of shades ends."""
    highest = max((rate for rate in rates if rate is not None), default=0.0)
    return next((limit for limit in (1.0, 2.5, 5.0, 10.0, 25.0, 50.0) if highest <= limit), 100.0)


def _shades(rates: Sequence[float], limit: float) -> npt.NDArray[np.float64]:
    """Return a grey for each rate, never so pale that the paper swallows it nor so dark that nothing shows."""
    shades: npt.NDArray[np.float64] = colormaps["Greys"](0.08 + 0.82 * np.array(rates, dtype=float) / limit)
    return shades


def _thinned(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the corners of a ring that are far enough from the one kept before."""
    kept = [points[0]]
    for point in points[1:]:
        if float(np.hypot(*(point - kept[-1]))) >= _FINEST:
            kept.append(point)
    return np.array(kept)
