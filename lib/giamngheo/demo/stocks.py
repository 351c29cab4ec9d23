"""The review table and the plans of a made-up district: every column, for each month, its communes and itself."""

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from giamngheo.demo.flows import Counts, Month, months, year_flows
from giamngheo.demo.places import FIRST_YEAR, District

Agrees = Callable[[int], bool]
"""Whether a district's total of households agrees with something else that is shown."""


FLOW_TABLES = {"poor_flows": "poor", "near_poor_flows": "near_poor"}
_GROWTH = 0.012
COUNTED_YEARLY = ("poor_deprivations", "near_poor_deprivations")
_TRAITS = ("minority", "minority_gap", "average", "size", "poor_lack", "near_poor_lack")


_Rates = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class People:
    """A district's people: the months of the simulation, and what its communes keep from month to month.

    households: at the start; traits: shares and sizes by commune.
    """

    district: District
    run: list[Month]
    households: Counts
    traits: dict[str, np.ndarray]


def people(district: District, years: int) -> People:
    """Return the people of a district over so many years."""
    chance, communes = district.chance(1), len(district.communes)
    households = chance.integers(350, 1100, communes)
    bounds = dict(zip(_TRAITS, ((0.8, 0.99), (0.2, 0.6), (0.2, 0.4), (3.6, 4.4), (0.3, 1.2), (0.8, 1.7)), strict=True))
    traits = {name: chance.uniform(*bound, communes) for name, bound in bounds.items()}
    return People(district, months(chance, households, 12 * years), households, traits)


def month_end(number: int) -> dt.date:
    """Return the last day of a month, counted from the December before the first year."""
    year, month = FIRST_YEAR - 1 + (number + 11) // 12, (number + 11) % 12 + 1
    return dt.date(year, month, monthrange(year, month)[1])


def reviews(who: People) -> pd.DataFrame:
    """Return the review table for every month of the simulation, the communes and then the district.

    Deprivations are counted at the yearly review, from the first under the standard of Decree 07/2021 on.
    """
    parts, before = [], _Rates()
    for number, month in enumerate(who.run):
        is_review = number % 12 == 0
        agrees = _consistent(month, before) if is_review and before else _anything
        poor, near_poor = (month.stocks[name].households for name in FLOW_TABLES.values())
        columns = figures(who, number, agreeing_totals(wanted_households(who, number), poor, near_poor, agrees))
        if is_review:
            before = _district_rates(columns)
        parts.append(columns)
    table = _table(who.district, range(len(parts)), parts)
    counted = (table["date"].dt.month == 12) & (table["date"].dt.year >= FIRST_YEAR)
    return table.assign(**{name: table[name].where(counted) for name in COUNTED_YEARLY})


def wanted_households(who: People, number: int) -> Counts:
    """Return about how many households each commune has in a month."""
    return np.floor(who.households * (1 + _GROWTH) ** (number / 12)).astype(np.int64)


def figures(who: People, number: int, households: Counts) -> dict[str, Counts]:
    """Return the columns of the review table of a month, by commune, where each has so many households."""
    stocks, traits = who.run[number].stocks, who.traits
    poor, near_poor = stocks["poor"], stocks["near_poor"]
    rest = households - poor.households - near_poor.households
    average = np.floor(rest * traits["average"]).astype(np.int64)
    majority = (1 - traits["minority"]) * traits["minority_gap"]
    rest_persons = np.rint(rest * traits["size"]).astype(np.int64)
    return {
        "households": households,
        "persons": poor.persons + near_poor.persons + rest_persons,
        "ethnic_minority_households": np.floor(households * traits["minority"]).astype(np.int64),
        "average_households": average,
        "average_persons": np.floor(average * traits["size"]).astype(np.int64),
        "poor_deprivations": np.rint(poor.households * (3 + traits["poor_lack"])).astype(np.int64),
        "near_poor_deprivations": np.rint(near_poor.households * traits["near_poor_lack"]).astype(np.int64),
    } | {
        column: counts
        for name, group in stocks.items()
        for column, counts in {
            f"{name}_households": group.households,
            f"{name}_persons": group.persons,
            f"{name}_ethnic_minority_households": group.households
            - np.floor(group.households * majority).astype(np.int64),
        }.items()
    }


def _anything(total: int) -> bool:
    return True


def _district_rates(columns: dict[str, Counts]) -> _Rates:
    return {name: (columns[f"{name}_households"].sum(), columns["households"].sum()) for name in FLOW_TABLES.values()}


def _consistent(month: Month, before: _Rates) -> Agrees:
    """Return the test that the change of the district's rates since the last review prints as it is computed."""
    now = {name: int(group.households.sum()) for name, group in month.stocks.items()}

    def agrees(total: int) -> bool:
        return all(same_change(before[name], (now[name], total)) for name in now)

    return agrees


def same_change(before: tuple[int, int], now: tuple[int, int]) -> bool:
    """Return whether the difference of two rates (part, whole) as shown is their difference as shown."""
    rates = _hundredths(np.array([before[0], now[0]]), np.array([before[1], now[1]]))
    exact = 10_000 * (before[0] / before[1] - now[0] / now[1])
    return bool(rates[0] - rates[1] == np.floor(abs(exact) + 0.5) * np.sign(exact))


def flow_table(who: People, name: str, years: int) -> pd.DataFrame:
    """Return a flow table for so many years, the communes and then the district."""
    ends = range(12, 12 * years + 1, 12)
    return _table(who.district, ends, [year_flows(who.run, last, FLOW_TABLES[name]) for last in ends])


def _table(district: District, months: range, parts: list[dict[str, Counts]]) -> pd.DataFrame:
    """Return the figures of the communes at the end of each month, with their sums, the district's, below them."""
    figures = {name: np.concatenate([_with_sum(part[name]) for part in parts]) for name in parts[0]}
    codes = [*district.codes, district.code]
    days = np.repeat([pd.Timestamp(month_end(number)) for number in months], len(codes))
    return pd.DataFrame(figures, dtype="Int64").assign(date=days, unit_code=codes * len(parts))


def _with_sum(counts: Counts) -> Counts:
    return np.append(counts, counts.sum())


_ISSUED = (1, 12)


def plans(district: District, reviews: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the plan table of a year, from the reviews of the end of the year before."""
    chance = district.chance(1000 + year)
    start = reviews[reviews["date"] == pd.Timestamp(year - 1, 12, 31)].iloc[:-1]
    counts = {name: start[f"{name}households"].to_numpy(np.int64) for name in ("", "poor_", "near_poor_")}
    poor = np.rint(counts["poor_"] * chance.uniform(0.1, 0.16, len(start))).astype(np.int64)
    near_poor = np.rint(counts["near_poor_"] * chance.uniform(0.0, 0.08, len(start))).astype(np.int64)
    expected = np.rint(counts[""] * 1.012).astype(np.int64)
    columns = {
        "expected_households": agreeing_totals(expected, counts["poor_"] - poor, counts["near_poor_"] - near_poor),
        "poor_reduction_households": poor,
        "near_poor_reduction_households": near_poor,
    }
    communes = pd.DataFrame(columns)
    whole = pd.concat([communes, communes.sum().to_frame().T], ignore_index=True)
    day = dt.date(year, *_ISSUED)
    return whole.assign(
        date=pd.Timestamp(day), year=year, unit_code=[*district.codes, district.code], decision="08/QĐ-UBND"
    )


def _hundredths(part: Counts, whole: Counts) -> Counts:
    """Return a rate in hundredths of a percent, rounded half up."""
    return (20_000 * part + whole) // (2 * whole)


def adds_up(whole: Counts, poor: Counts, near_poor: Counts) -> NDArray[np.bool_]:
    """Return whether the two rates, as shown, add up to the rate of both."""
    return _hundredths(poor, whole) + _hundredths(near_poor, whole) == _hundredths(poor + near_poor, whole)


def agreeing_totals(wanted: Counts, poor: Counts, near_poor: Counts, agrees: Agrees = lambda total: True) -> Counts:
    """Return totals of households from `wanted` on of which the rates shown add up, for the communes and the district.

    One total in four would print parts that differ by 0,01 from their sum. Real figures do that, and the checks say
    so; made-up ones that are to have no finding must not.
    """
    totals = _next(wanted, poor, near_poor)
    place = 0
    while not (adds_up(totals.sum(), poor.sum(), near_poor.sum()) and agrees(int(totals.sum()))):
        moved = totals.copy()
        moved[place % len(totals)] += 1
        totals, place = _next(moved, poor, near_poor), place + 1
    return totals


def _next(totals: Counts, poor: Counts, near_poor: Counts) -> Counts:
    while not (fine := adds_up(totals, poor, near_poor)).all():
        totals = np.where(fine, totals, totals + 1)
    return totals
