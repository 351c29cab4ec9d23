"""Capital and disbursement of a made-up district.

Capital is allocated at the start of a year (of the first year in June, when the programme began) and raised once;
disbursement grows from month to month; what is left at the end of a year is carried over to the next, where the
Treasury counts from nothing again.
"""

from calendar import monthrange
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.random import Generator

from giamngheo.demo.places import FIRST_YEAR, District, content

MILLION = 1_000_000
_LEAST_CARRIED = 20 * MILLION
_RAISED = ("2", "5")
_GROWTH = {0: 0.55, 1: 1.0}
_LATER_GROWTH = 1.08


@dataclass(frozen=True)
class Allocation:
    """One amount of capital: its line, and the month in which it was allocated."""

    project_code: str
    source: str
    fund_year: int
    month: int
    day: int
    decision: str
    planned_vnd: int
    budget_level: str = "central"

    @property
    def line(self) -> tuple[str, str, int]:
        """What the Treasury tells apart."""
        return self.project_code, self.source, self.fund_year


@dataclass(frozen=True)
class Money:
    """Capital of one year and what of it was disbursed, cumulative, by line and month (twelve numbers)."""

    year: int
    capital: tuple[Allocation, ...]
    paid: dict[tuple[str, str, int], np.ndarray]


def money(district: District, years: int) -> list[Money]:
    """Return the money of a district, year by year."""
    chance, found = district.chance(2), list[Money]()
    envelope = chance.uniform(40_000, 80_000)
    for number in range(years):
        year = FIRST_YEAR + number
        growth = _GROWTH.get(number, _LATER_GROWTH ** (number - 1))
        left = carried(found[-1], year) if found else []
        capital = (*_allocated(chance, year, envelope * growth), *left)
        found.append(Money(year, capital, paid(chance, year, capital)))
    return found


def _allocated(chance: Generator, year: int, envelope: float) -> list[Allocation]:
    """Return the first allocation of a year and its increase."""
    first, raised = ((6, 15), (10, 5)) if year == FIRST_YEAR else ((1, 9), (6, 20))
    lines = []
    for entry in content()["capital"]:
        million = max(round(envelope * entry["share"] * chance.uniform(0.93, 1.07)), 50)
        fields = {key: value for key, value in entry.items() if key != "share"}
        lines.append(
            Allocation(
                **fields,
                fund_year=year,
                month=first[0],
                day=first[1],
                decision="05/QĐ-UBND",
                planned_vnd=million * MILLION,
            )
        )
    return lines + [
        replace(
            line,
            month=raised[0],
            day=raised[1],
            decision="702/QĐ-UBND",
            planned_vnd=line.planned_vnd // 10 // MILLION * MILLION,
        )
        for line in lines
        if line.project_code in _RAISED
    ]


def carried(before: Money, year: int) -> list[Allocation]:
    """Return what is left of the money of the year before, which may be paid until the end of this one."""
    own = [allocation for allocation in before.capital if allocation.fund_year == before.year]
    first: dict[tuple[str, str, int], Allocation] = {}
    for entry in own:
        first.setdefault(entry.line, entry)
    left = {entry: _planned(own, line, 12) - int(before.paid[line][-1]) for line, entry in first.items()}
    return [
        replace(entry, month=3, day=6, decision="211/QĐ-UBND", planned_vnd=vnd)
        for entry, vnd in left.items()
        if vnd >= _LEAST_CARRIED
    ]


def _planned(capital: tuple[Allocation, ...] | list[Allocation], line: tuple[str, str, int], month: int) -> int:
    return sum(entry.planned_vnd for entry in capital if entry.line == line and entry.month <= month)


def paid(chance: Generator, year: int, capital: tuple[Allocation, ...]) -> dict[tuple[str, str, int], np.ndarray]:
    """Return what is disbursed by the end of each month, in whole thousands, never more than is allocated by then."""
    found = {}
    for line in dict.fromkeys(entry.line for entry in capital):
        begins = min(entry.month for entry in capital if entry.line == line)
        planned = np.array([_planned(capital, line, month) for month in range(1, 13)])
        vnd = (
            np.floor(planned * _curve(chance, begins, final=_final(chance, year, line)) / 1000).astype(np.int64) * 1000
        )
        found[line] = np.where(vnd < MILLION, 0, vnd)
    return found


def _final(chance: Generator, year: int, line: tuple[str, str, int]) -> float:
    """Return the share of a line that is disbursed in the end: little in the first year, all of some lines."""
    if line[2] < year:
        return min(chance.uniform(0.85, 1.05), 1.0)
    return chance.uniform(0.3, 0.7) if year == FIRST_YEAR else min(chance.uniform(0.72, 1.04), 1.0)


def _curve(chance: Generator, begins: int, *, final: float) -> np.ndarray:
    """Return the shares disbursed by the end of each month: nothing at first, then more and more."""
    idle = min(begins - 1 + int(chance.integers(0, 4)), 10)
    steps = chance.gamma(1.2, size=12) * np.arange(1, 13)
    steps[:idle] = 0
    return final * np.cumsum(steps) / steps.sum()


def capital_table(of: Money) -> pd.DataFrame:
    """Return the rows of the capital table of a year."""
    columns = ["project_code", "source", "budget_level", "fund_year", "planned_vnd", "decision"]
    rows = [[getattr(entry, name) for name in columns] for entry in of.capital]
    days = [pd.Timestamp(of.year, entry.month, entry.day) for entry in of.capital]
    return pd.DataFrame(rows, columns=columns).assign(date=days).astype({"date": "datetime64[us]"})


def disbursement_table(of: Money) -> pd.DataFrame:
    """Return the snapshots of a year: for each month, every line that has capital by then.

    A project of which nothing is disbursed, from whatever source, says why.
    """
    rows = [
        (pd.Timestamp(of.year, month, monthrange(of.year, month)[1]), *line, int(paid[month - 1]))
        for month in range(1, 13)
        for line, paid in of.paid.items()
        if _planned(of.capital, line, month)
    ]
    columns = ["date", "project_code", "source", "fund_year", "disbursed_vnd"]
    table = pd.DataFrame(rows, columns=columns).astype({"date": "datetime64[us]"})
    project = table.groupby(["date", "project_code", "fund_year"])["disbursed_vnd"].transform("sum")
    return table.assign(status=project.map(lambda vnd: "" if vnd else content()["texts"]["waiting"]))
