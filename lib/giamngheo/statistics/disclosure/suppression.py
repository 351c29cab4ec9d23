"""Secondary suppression: which cells are left out beside the small ones, so that no sum gives a small one away.

Everything that is published together is one system of linear relations over cells; a cell that stands in two tables
is one cell. The external attacker knows the relations, the cells that are shown, and that a cell left out is not nought
(nought is shown). A small cell is safe when its feasibility interval, the values that fit all this, holds every number
from one to the threshold, or as many further up: nobody can tell that it is below the threshold. So is a small number
that no table prints, but that may follow.

For each small cell and each end of its interval a whole-numbered movement of the tables is looked for that brings the
cell there, keeps every relation and touches the cheapest shown cells; these are suppressed. It is an integer program
for HiGHS (scipy.optimize.milp). Source of the method: Kelly, Golden and Assad (1992), Cell suppression: disclosure
protection for sensitive tabular data, Networks 22; Fischetti and Salazar (2001), Solving the cell suppression problem
on tabular data with linear constraints, Management Science 47. What each cell needs is found one after the other, not
at once: the result is safe, but other patterns may hide fewer cells.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

Cell = tuple[str, ...]

Hidden = frozenset[Cell]

Relation = Mapping[Cell, int]
"""Cells with their factors: times these they add up to nought."""

_MOVING = 1e-4
"""What a step of a cell costs that the reader does not see anyway: movements stay small."""
_LARGE, _STEPS, _CHEAPEST = 600, 4, 8
"""Where more cells may move, a movement is first looked for among the cells nearby (and, if none is, among all)."""
_NODES = 2000
"""Nodes of the search after which the best movement found so far is taken: it is safe, if not the cheapest."""


class UnprotectableCellError(Exception):
    """No movement of the cells that may be hidden protects a small cell."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        self.cell = cell


@dataclass(frozen=True)
class System:
    """What is published together.

    values: every cell; relations: that hold among them and that a reader knows; unprinted: cells that no table prints,
    though relations may tell; kept: cells that stay as they are, hidden or shown, because another edition shows them
    too; cost: of hiding a printed cell, 1 where it says nothing; present: those of the unprinted that are not to be
    taken for nought.
    """

    values: Mapping[Cell, int]
    relations: Sequence[Relation]
    unprinted: Hidden = frozenset()
    kept: Hidden = frozenset()
    cost: Mapping[Cell, float] = field(default_factory=dict)
    present: Hidden = frozenset()

    @cached_property
    def place(self) -> Mapping[Cell, int]:
        """The column of each cell."""
        return {cell: column for column, cell in enumerate(self.values)}

    @cached_property
    def counts(self) -> np.ndarray:
        """The values by column."""
        return np.array(list(self.values.values()), dtype=float)

    @cached_property
    def least(self) -> np.ndarray:
        """The least that a reader can take a cell left out to be: a printed one is not nought."""
        return np.where(self.are_in(self.unprinted - self.present), 0, np.minimum(self.counts, 1))

    @cached_property
    def prices(self) -> np.ndarray:
        """What it costs to hide each cell; of two that cost the same the first is a little cheaper."""
        ranks = 1 + np.arange(len(self.values)) / (1000 * len(self.values))
        return ranks * np.array([self.cost.get(cell, 1.0) for cell in self.values])

    @cached_property
    def may_be_hidden(self) -> np.ndarray:
        """Which cells may be left out for another's sake: nought is always shown."""
        return (self.counts > 0) & ~self.are_in(self.kept)

    @cached_property
    def matrix(self) -> Any:
        """The factors, a row a relation and a column a cell."""
        from scipy.sparse import coo_array

        entries = [
            (row, self.place[cell], factor) for row, one in enumerate(self.relations) for cell, factor in one.items()
        ]
        rows, columns, factors = zip(*entries, strict=True) if entries else ((), (), ())
        return coo_array((factors, (rows, columns)), shape=(len(self.relations), len(self.values)), dtype=float).tocsc()

    @cached_property
    def columns_of(self) -> Sequence[np.ndarray]:
        """The columns of the cells of each relation."""
        by_row = self.matrix.tocsr()
        return np.split(by_row.indices, by_row.indptr[1:-1])

    def are_in(self, cells: Iterable[Cell]) -> np.ndarray:
        """Return which columns are those of the cells."""
        found = np.zeros(len(self.values), dtype=bool)
        found[[self.place[cell] for cell in cells]] = True
        return found


def hidden_cells(system: System, smallest: int, hidden: Iterable[Cell] = ()) -> Hidden:
    """Return the cells to suppress: the given ones, those from 1 to below `smallest`, and what protects these.

    Raises UnprotectableCellError.
    """
    are_small = (system.counts > 0) & (system.counts < smallest)
    loose = are_small | system.are_in(hidden) | system.are_in(system.unprinted)
    low, high = system.counts.copy(), system.counts.copy()
    for at in sorted(np.flatnonzero(are_small).tolist(), key=lambda at: system.counts[at]):
        while aims := _aims(low[at], high[at], smallest, least=system.least[at]):
            moves = _movement(system, loose, at, aims)
            loose |= moves != 0
            _widen(system, moves, low, high)
    return frozenset(cell for cell, column in system.place.items() if loose[column]) - system.unprinted


def _aims(low: int, high: int, smallest: int, *, least: int) -> tuple[int, ...]:
    """Return values, the preferred first, that a small cell must be able to take; none where it is protected.

    least: what a reader takes the cell to be at least, nought where no table prints it. What is the sum of several
    cells left out cannot be as little: its interval is as wide further up.
    """
    if high < smallest:
        return (smallest,)
    return () if high - low >= smallest - 1 else (least, low + smallest - 1)


def _movement(system: System, loose: np.ndarray, at: int, aims: Sequence[int]) -> np.ndarray:
    """Return what each cell gains when the cell of a column takes the first value that it can, at the least cost.

    Raises UnprotectableCellError.
    """
    may_move = loose | system.may_be_hidden
    cost = np.where(loose, _MOVING, system.prices)
    choices = [np.flatnonzero(may_move)]
    if len(choices[0]) > _LARGE:
        choices.insert(0, _neighbours(system, np.where(may_move, cost, np.inf), at))
    for aim, columns in product(aims, choices):
        if (gained := _cheapest(system, cost, columns, (at, aim))) is not None:
            moves = np.zeros(len(system.values))
            moves[columns] = gained
            return moves
    raise UnprotectableCellError(list(system.values)[at])


def _cheapest(system: System, cost: np.ndarray, columns: np.ndarray, goal: tuple[int, int]) -> np.ndarray | None:
    """Return what the cells of some columns gain, at the least cost, when one takes its aim; None where it cannot."""
    step, place = goal[1] - system.counts[goal[0]], columns == goal[0]
    part = system.matrix[:, columns]
    part = part[np.unique(part.indices)]
    most = np.stack([np.full(len(columns), np.inf), system.counts[columns] - system.least[columns]])
    most[:, place] = [[max(step, 0)], [max(-step, 0)]]
    from scipy.optimize import LinearConstraint, milp  # takes 0.3 s, and few reports hide anything
    from scipy.sparse import hstack

    found = milp(
        np.tile(cost[columns], 2),
        integrality=np.ones(most.size),
        bounds=(np.where(place, most, 0).ravel(), most.ravel()),
        constraints=LinearConstraint(hstack([part, -part]), 0, 0),
        options={"node_limit": _NODES},
    )
    return None if found.x is None else np.rint(found.x[: len(columns)] - found.x[len(columns) :])


def _neighbours(system: System, cost: np.ndarray, at: int) -> np.ndarray:
    """Return the columns near one: the cheapest cells of each of its relations, of theirs, and so on."""
    found, new = {at}, {at}
    for _ in range(_STEPS):
        relations = np.unique(system.matrix[:, sorted(new)].indices)
        near = [
            columns[np.argsort(cost[columns], kind="stable")[:_CHEAPEST]]
            for columns in map(system.columns_of.__getitem__, relations)
        ]
        new = {column for column in np.concatenate(near).tolist() if np.isfinite(cost[column])} - found
        found |= new
        if not new:
            break
    return np.array(sorted(found))


def _widen(system: System, moves: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """Widen the known feasibility intervals by a movement, and by its reverse where that is feasible."""
    reached = [system.counts + moves]
    if (system.counts - moves >= system.least)[moves != 0].all():
        reached.append(system.counts - moves)
    low[:] = np.minimum(low, np.min(reached, axis=0))
    high[:] = np.maximum(high, np.max(reached, axis=0))
