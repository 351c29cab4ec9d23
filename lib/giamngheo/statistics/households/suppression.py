"""Small cells left out before the public sees them, and others with them, so that no sum tells what they were.

All that is published together is one system of sums over cells; a cell that stands in two tables is one cell. A reader
knows the sums, the cells that are shown, and that a cell left out is not nought (nought is shown). A small cell is safe
when it could be another number, with every cell left out at least one and all sums as they are. Source of the method:
Cox (1980), Suppression methodology and statistical disclosure control, Journal of the American Statistical
Association 75; left out are the cells of the cheapest cycle of sums through the small one.
"""

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.optimize import nnls

SMALLEST_SHOWN = 5
"""Households below which a cell is not shown; nought may be."""

Cell = tuple[str, ...]

_NOTHING = 1e-7
_OPEN_END = -1
"""Where the way from sum to sum ends in a cell of one sum only: it may move alone."""


@dataclass(frozen=True)
class Sum:
    """One cell is the sum of others."""

    whole: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Published:
    """What is published together.

    values: every cell; sums: over them; implied: cells that no table prints, but that sums may tell; reluctance: how
    many times rather than by its households a cell is kept (a total), 1 where it says nothing.
    """

    values: Mapping[Cell, int]
    sums: Sequence[Sum]
    implied: frozenset[Cell] = frozenset()
    reluctance: Mapping[Cell, float] = field(default_factory=dict)

    @cached_property
    def signs(self) -> tuple[Mapping[Cell, int], ...]:
        """The cells of each sum with their signs, the whole taken away: together they are nought."""
        return tuple(dict.fromkeys(entry.parts, 1) | {entry.whole: -1} for entry in self.sums)

    @cached_property
    def places(self) -> Mapping[Cell, Sequence[int]]:
        """The positions of the sums in which each cell stands."""
        found: defaultdict[Cell, list[int]] = defaultdict(list)
        for place, signs in enumerate(self.signs):
            for cell in signs:
                found[cell].append(place)
        return found

    def can_fall(self, cell: Cell) -> bool:
        """Whether a cell left out could be less than it is: a printed one is not nought."""
        return self.values[cell] > (0 if cell in self.implied else 1)


def hidden_cells(published: Published) -> frozenset[Cell]:
    """The printed cells to leave out: those below SMALLEST_SHOWN, and what would tell a small cell."""
    small = [cell for cell, value in published.values.items() if 0 < value < SMALLEST_SHOWN]
    hidden = {*small, *published.implied}
    for cell in sorted(small, key=lambda cell: (published.values[cell], cell)):
        while is_known(published, hidden, cell):
            if not (more := _cycle(published, hidden, cell) or _beside(published, hidden, cell)):
                break
            hidden |= more
    return frozenset(hidden - published.implied)


def is_known(published: Published, hidden: set[Cell], cell: Cell) -> bool:
    """Whether the sums and the shown cells leave a hidden cell no other value."""
    loose = _not_alone(published, _connected(published, hidden, cell))
    if cell not in loose:
        return True
    others = sorted(loose - {cell})
    rows = {place: row for row, place in enumerate({p: 0 for entry in loose for p in published.places[entry]})}
    system = np.zeros((len(rows), 1 + len(others)))
    for column, entry in enumerate((cell, *others)):
        for place in published.places[entry]:
            system[rows[place], column] = published.signs[place][entry]
    falling = np.array([published.can_fall(entry) for entry in others], dtype=bool)
    moves = (1, -1) if published.can_fall(cell) else (1,)
    return not any(can_be_made(-move * system[:, 0], system[:, 1:], falling) for move in moves)


def can_be_made(target: np.ndarray, columns: np.ndarray, falling: np.ndarray) -> bool:
    """Whether some multiples of the columns add up to a target; none less than nought but where `falling`."""
    _, left = nnls(np.hstack([columns, -columns[:, falling]]), target)
    return bool(left < _NOTHING)


def _connected(published: Published, hidden: set[Cell], cell: Cell) -> set[Cell]:
    """The cell and the hidden ones that hang together with it by sums."""
    found, waiting, seen = {cell}, [cell], set[int]()
    while waiting:
        for place in set(published.places[waiting.pop()]) - seen:
            seen.add(place)
            new = (published.signs[place].keys() & hidden) - found
            found |= new
            waiting += new
    return found


def _not_alone(published: Published, loose: set[Cell]) -> set[Cell]:
    """The loose cells without those that are the only one of a sum, again and again: a difference tells them."""
    places = {place for cell in loose for place in published.places[cell]}
    rows = [published.signs[place].keys() & loose for place in places]
    while told := {cell for row in rows if len(row) == 1 for cell in row}:
        rows = [row - told for row in rows]
        loose = loose - told
    return loose


def _cycle(published: Published, hidden: set[Cell], cell: Cell) -> set[Cell]:
    """The cheapest shown cells through which the cell can move: round from one of its sums to another, or out of each.

    Empty where it costs nothing, or where there is no way.
    """
    start, *others = published.places[cell]
    round_ways = [_way(published, hidden, cell, (start, frozenset(others)))]
    out_ways = [_way(published, hidden, cell, (place, frozenset({_OPEN_END}))) for place in (start, *others)]
    cheapest = min((round_ways, out_ways), key=lambda ways: sum(cost for cost, _ in ways))
    return set().union(*(way for _, way in cheapest)) - hidden


def _way(
    published: Published, hidden: set[Cell], cell: Cell, ends: tuple[int, frozenset[int]]
) -> tuple[float, frozenset[Cell]]:
    """The cheapest way by sums from one to any of others, without the cell: what it costs, its cells; else infinite."""
    start, goals = ends
    number = itertools.count()
    waiting: list[tuple[float, int, int, frozenset[Cell]]] = [(0.0, next(number), start, frozenset({cell}))]
    done: set[int] = set()
    while waiting:
        cost, _, place, way = heapq.heappop(waiting)
        if place in goals:
            return cost, way
        if place not in done:
            done.add(place)
            for dearer, other, step in _steps(published, hidden, place, way):
                heapq.heappush(waiting, (cost + dearer, next(number), other, way | {step}))
    return math.inf, frozenset()


def _steps(
    published: Published, hidden: set[Cell], place: int, way: frozenset[Cell]
) -> Iterator[tuple[float, int, Cell]]:
    """From one sum on: what a step costs, to which sum, by which cell."""
    if place == _OPEN_END:
        return
    for cell in sorted(published.signs[place].keys() - way):
        if cell in hidden or published.can_fall(cell):
            cost = 0.0 if cell in hidden else _cost(published, cell)
            others = [other for other in published.places[cell] if other != place] or [_OPEN_END]
            yield from ((cost, other, cell) for other in others)


def _beside(published: Published, hidden: set[Cell], cell: Cell) -> set[Cell]:
    """The cheapest shown cell near a hidden one, first in a sum where a hidden one is alone; empty without any."""
    near = _connected(published, hidden, cell)
    choices = []
    for place in {place for entry in near for place in published.places[entry]}:
        cells = published.signs[place].keys()
        order = (len(cells & near) > 1, cell not in cells)
        shown = (step for step in cells - hidden if published.can_fall(step))
        choices += [(*order, _cost(published, step), step) for step in shown]
    return {min(choices)[-1]} if choices else set()


def _cost(published: Published, cell: Cell) -> float:
    return published.values[cell] * published.reluctance.get(cell, 1.0)
