"""Units side by side over several years: year-end rates, speed of reduction against the plan, the minorities' gap."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise

import pandas as pd

from giamngheo.statistics.poverty import RATED, plan_targets
from giamngheo.statistics.ratio import percentage

UNIT = ["unit", "unit_code", "unit_name"]
"""What tells one unit from another: the folder of its workbooks, its code and, as codes are used again, its name."""


def year_ends(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return the last review of each unit in each year, of reviews with rates (poverty.rates) and UNIT.

    Adds year (of the date) and for each of RATED {class}_gap_pp: the rate of the ethnic minorities less that of
    the others; blank where either is not known or has no household.
    """
    latest = reviews.sort_values("date").assign(year=reviews["date"].dt.year)
    latest = latest.drop_duplicates([*UNIT, "year"], keep="last")
    both = latest["poor_ethnic_minority_households"] + latest["near_poor_ethnic_minority_households"]
    latest = latest.assign(multidimensional_ethnic_minority_households=both)
    gaps = {f"{name}_gap_pp": _gap(latest, name) for name in RATED}
    return latest.assign(**gaps).sort_values([*UNIT, "year"], kind="stable", ignore_index=True)


def _gap(reviews: pd.DataFrame, name: str) -> pd.Series:
    minority, poor = reviews["ethnic_minority_households"], reviews[f"{name}_ethnic_minority_households"]
    others = percentage(reviews[f"{name}_households"] - poor, reviews["households"] - minority)
    return percentage(poor, minority) - others


def by_year(ends: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column of year_ends with a row a unit (UNIT as the index) and a column a year."""
    return ends.pivot(index=UNIT, columns="year", values=column).sort_index(axis=1)


def yearly_ranks(wide: pd.DataFrame) -> pd.DataFrame:
    """Return the rank of each unit in each year (1: highest rate; equal rates share the better one)."""
    return wide.rank(method="min", ascending=False).astype("Int64")


def reductions(ends: pd.DataFrame, plans: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return by how much the rate of a class fell in each year, and by how much the plan of that year meant it to.

    ends: year_ends. plans: the workbooks' plans with `unit`; of several of a year the newest counts. Columns: UNIT,
    year, before_pct, now_pct, reduced_pp (below 0 where it rose), planned_pp, done_pct (of the plan; blank without).
    """
    now = ends[[*UNIT, "year", f"{name}_rate_pct"]].rename(columns={f"{name}_rate_pct": "now_pct"})
    before = now.assign(year=now["year"] + 1).rename(columns={"now_pct": "before_pct"})
    table = before.merge(now, on=[*UNIT, "year"]).merge(
        _planned(ends, plans, name), "left", ["unit", "unit_code", "year"]
    )
    reduced = table["before_pct"] - table["now_pct"]
    planned = table["before_pct"] - table.pop("remaining_pct")
    return table.assign(
        reduced_pp=reduced, planned_pp=planned, done_pct=percentage(reduced, planned.where(planned > 0))
    )


def _planned(ends: pd.DataFrame, plans: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rate of a class that the newest plan of each unit and year leaves: unit, unit_code, year."""
    found = []
    newest = plans.sort_values("date", na_position="first").drop_duplicates(["unit", "unit_code", "year"], keep="last")
    for (unit, year), of_year in newest.groupby(["unit", "year"]):
        base = ends[(ends["unit"] == unit) & (ends["year"] == year - 1)].drop_duplicates("unit_code", keep="last")
        targets = plan_targets(of_year.reset_index(drop=True), base.drop(columns=["unit", "year", "date"]))
        rate = targets[f"{name}_remaining_rate_pct"]
        found.append(targets[["unit_code", "year"]].assign(unit=unit, remaining_pct=rate))
    empty = pd.DataFrame(columns=["unit_code", "year", "unit", "remaining_pct"])
    return pd.concat(found, ignore_index=True) if found else empty


def speed(wide: pd.DataFrame, since: int) -> pd.DataFrame:
    """Return how fast the rate of each unit fell from a year to its last: a row a unit of `by_year`.

    Columns: first_year, last_year, first_pct, last_pct, reduced_pp, yearly_pp (a year, between the two); blank of a
    unit with fewer than two years.
    """
    rows = []
    for _, rates in wide[[year for year in wide if year >= since]].iterrows():
        known = rates.dropna()
        if len(known) < 2:
            rows.append([pd.NA] * 6)
            continue
        first, last = int(known.index[0]), int(known.index[-1])
        reduced = float(known.iloc[0] - known.iloc[-1])
        rows.append([first, last, float(known.iloc[0]), float(known.iloc[-1]), reduced, reduced / (last - first)])
    columns = ["first_year", "last_year", "first_pct", "last_pct", "reduced_pp", "yearly_pp"]
    table = pd.DataFrame(rows, columns=columns, index=wide.index)
    return table.astype({name: "Int64" if name.endswith("year") else "Float64" for name in columns})


def breaks(years: list[int], standard: Callable[[dt.date], str]) -> dict[int, str]:
    """Return the years of which the rate is by another standard than that of the known year before, with its name.

    standard: the name of the standard of a day, "" where none is known; rates on both sides do not compare.
    """
    named = {year: standard(dt.date(year, 12, 31)) for year in sorted(years)}
    known = [(year, name) for year, name in named.items() if name]
    return {year: name for (_, before), (year, name) in pairwise(known) if name != before}
