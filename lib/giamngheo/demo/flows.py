"""A district's poor and near-poor households and persons, month after month, by commune."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from giamngheo.workbook.schema import COUNTED

Counts = NDArray[np.int64]

OUT = ("left_to_other_class", "left_above", "other_decrease")
IN = ("entered_from_other_class", "fell_back", "new", "other_increase")

_REGULAR = {"left_to_other_class": 0.004, "left_above": 0.003, "other_decrease": 0.0005}
_ANNUAL = {
    "poor": {"left_to_other_class": (0.03, 0.08), "left_above": (0.04, 0.09), "other_decrease": (0.0, 0.004)},
    "near_poor": {"left_to_other_class": (0.01, 0.03), "left_above": (0.14, 0.2), "other_decrease": (0.0, 0.004)},
}
_NEWCOMERS = {"fell_back": 0.15, "new": 0.25, "other_increase": 0.05}
_LARGEST_PART = 5
"""No flow takes more than one household in five: three of them leave enough for persons to fit households."""


@dataclass(frozen=True)
class Group:
    """Households and persons, one number a commune."""

    households: Counts
    persons: Counts

    def __add__(self, other: "Group") -> "Group":
        return Group(self.households + other.households, self.persons + other.persons)

    def __sub__(self, other: "Group") -> "Group":
        return Group(self.households - other.households, self.persons - other.persons)


Flows = dict[str, Group]


@dataclass(frozen=True)
class Month:
    """Stocks of the classes at the end of a month, and the flows of the month that led to them.

    `stocks` and `flows` are by class, "poor" and "near_poor"; no flows lead to the first.
    """

    stocks: dict[str, Group]
    flows: dict[str, Flows]


def months(chance: Generator, households: Counts, count: int) -> list[Month]:
    """Return the opening stocks and `count` months of communes with so many households, a review every twelfth."""
    poor = _start(chance, households, 0.25, 0.6)
    near_poor = _start(chance, households, 0.08, 0.16)
    return list(_run(chance, Month({"poor": poor, "near_poor": near_poor}, {}), count))


def _start(chance: Generator, households: Counts, low: float, high: float) -> Group:
    chosen = np.rint(households * chance.uniform(low, high, len(households))).astype(np.int64)
    return Group(chosen, np.rint(chosen * chance.uniform(4.0, 5.0, len(households))).astype(np.int64))


def _run(chance: Generator, month: Month, count: int) -> Iterator[Month]:
    yield month
    for number in range(1, count + 1):
        month = _next(chance, month.stocks, is_review=number % 12 == 0)
        yield month


def _next(chance: Generator, stocks: dict[str, Group], *, is_review: bool) -> Month:
    flows = {name: _own_flows(chance, stock, _ANNUAL[name] if is_review else {}) for name, stock in stocks.items()}
    pairs = (("poor", "near_poor"), ("near_poor", "poor"))
    mirrored = {to: {"entered_from_other_class": flows[of]["left_to_other_class"]} for of, to in pairs}
    whole = {name: flows[name] | mirrored[name] for name in flows}
    return Month({name: closing(stock, whole[name]) for name, stock in stocks.items()}, whole)


def closing(opening: Group, flows: Flows) -> Group:
    """Return the closing stock (column 9 of the form): the opening stock less what left, with what came."""
    stock = opening
    for name in OUT:
        stock = stock - flows[name]
    for name in IN:
        stock = stock + flows[name]
    return stock


def _own_flows(chance: Generator, stock: Group, annual: dict[str, tuple[float, float]]) -> Flows:
    """Return what leaves a class and what comes to it from elsewhere; at a review the `annual` shares leave."""
    communes = len(stock.households)
    rates = {name: chance.uniform(*annual[name], communes) if annual else _REGULAR[name] for name in OUT}
    leaving = {name: _leaving(chance, stock, rate) for name, rate in rates.items()}
    return leaving | {name: _coming(chance, expected, communes) for name, expected in _NEWCOMERS.items()}


def _leaving(chance: Generator, stock: Group, rate: float | NDArray[np.float64]) -> Group:
    households = np.minimum(chance.binomial(stock.households, rate), stock.households // _LARGEST_PART)
    return Group(households, households * stock.persons // np.maximum(stock.households, 1))


def _coming(chance: Generator, expected: float, communes: int) -> Group:
    households = chance.poisson(expected, communes).astype(np.int64)
    return Group(households, np.rint(households * chance.uniform(3.0, 5.5, communes)).astype(np.int64))


def year_flows(run: list[Month], last: int, group: str) -> dict[str, Counts]:
    """Return the flow table of a class for twelve months up to month `last`, by commune, in the workbook's columns."""
    start, year = run[last - 12].stocks[group], run[last - 11 : last + 1]
    parts = {name: _summed([month.flows[group][name] for month in year]) for name in (*OUT, *IN)}
    stocks = {"opening": start, "closing": run[last].stocks[group]}
    left = {"left": parts["left_to_other_class"] + parts["left_above"]}
    return {
        f"{name}_{unit}": getattr(entry, unit) for name, entry in (stocks | left | parts).items() for unit in COUNTED
    }


def _summed(groups: list[Group]) -> Group:
    total = groups[0]
    for group in groups[1:]:
        total = total + group
    return total
