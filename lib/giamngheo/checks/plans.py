"""Checks of the plan: what it takes away was there, and it is the plan of the year."""

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check, header, once_a_case, says_nothing, where
from giamngheo.core.message import message, quoted
from giamngheo.core.rounding import agrees, shown_rate
from giamngheo.regulation.lookup import provision
from giamngheo.statistics import poverty
from giamngheo.statistics.units import plans_in_units_of


@once_a_case
def _based(case: Case) -> pd.DataFrame:
    """Return the plans beside the stock of their unit at the end of the year before: households_base, poor_…_base."""
    plans, eve = case["plans"], pd.Timestamp(case.year - 1, 12, 31)
    dated = plans.assign(date=plans["date"].fillna(eve + pd.Timedelta(days=1)))
    columns = [
        "households",
        *(f"{name}_households" for name in poverty.CLASSES),
        *(f"{name}_rate_pct" for name in poverty.RATED),
    ]
    found = [
        some.join(stocks.set_index("unit_code")[columns].add_suffix("_base"), on="unit_code")
        for some, reviews in case.with_reviews(dated)
        for stocks in [poverty.rates(reviews[reviews["date"] == eve])]
    ]
    return pd.concat(found) if found else plans.assign(**{f"{name}_base": pd.NA for name in columns})


@check("plan-says-nothing", "error", ground=grounds.KNOWN, lasting=True)
def plan_says_nothing(case: Case) -> Iterator[Problem]:
    """A row of the plan has at least one figure."""
    yield from says_nothing(case["plans"], "plans", "expected_households")


@check("plan-above-stock", "error", "plans", "reviews", ground=grounds.PART, explainable=True, lasting=True)
def plan_above_stock(case: Case) -> Iterator[Problem]:
    """A plan takes no more households out of a class than it has."""
    plans = _based(case)
    for group in ("poor", "near_poor"):
        column, base = f"{group}_reduction_households", f"{group}_households_base"
        for _, row in where(plans, plans[column] > plans[base]):
            found = message("{header} is {count}", header=header("plans", column), count=int(row[column]))
            expected = message(
                "at most {count}, the stock of {day}", count=int(row[base]), day=dt.date(case.year - 1, 12, 31)
            )
            yield Problem("plans", column, row["row"], found, expected)
    for group in poverty.RATED:
        column, base = f"{group}_reduction_pp", f"{group}_rate_pct_base"
        for _, row in where(plans, plans[column] > plans[base]):
            found = message("{header} is {count}", header=header("plans", column), count=float(row[column]))
            rate, day = float(shown_rate(row[base])), dt.date(case.year - 1, 12, 31)
            expected = message("at most {rate} %, the rate of {day}", rate=rate, day=day)
            yield Problem("plans", column, row["row"], found, expected)


@check("plan-points-differ", "warning", "plans", "reviews", ground=grounds.SUM, explainable=True, lasting=True)
def plan_points_differ(case: Case) -> Iterator[Problem]:
    """The points of a plan are those that its households give, but for rounding."""
    based = _based(case)
    if based[[f"{name}_reduction_pp" for name in poverty.RATED]].isna().all(axis=None):
        return
    base = based[["unit_code", *(name for name in based if name.endswith("_base"))]]
    stock = base.rename(columns=lambda name: name.removesuffix("_base")).drop_duplicates("unit_code")
    given = poverty.plan_targets(based.assign(**{f"{name}_reduction_pp": pd.NA for name in poverty.RATED}), stock)
    for name in poverty.RATED:
        column = f"{name}_reduction_pp"
        for position, row in based[based[column].notna() & given[column].notna()].iterrows():
            counted = shown_rate(given.loc[position, column])
            if not agrees(row[column], counted) and abs(row[column] - float(counted)) > _OF_ROUNDING:
                found = message("{header} is {count}", header=header("plans", column), count=float(row[column]))
                expected = message("{count}, which the households of the plan give", count=float(counted))
                yield Problem("plans", column, row["row"], found, expected)


_OF_ROUNDING = 0.0201
"""By how much differences of rates differ where each rate was rounded."""


@check(
    "plan-households",
    "warning",
    "plans",
    "reviews",
    ground=grounds.GROWTH,
    explainable=True,
    lasting=True,
)
def plan_households(case: Case) -> Iterator[Problem]:
    """The households a plan expects are about those that there are."""
    plans = _based(case)
    limit = provision("plausibility/household_growth_pct", on=dt.date(case.year, 12, 31)).value
    change = (plans["expected_households"] - plans["households_base"]).abs() * 100
    for _, row in where(plans, change > plans["households_base"] * limit):
        found = message("{count} households are expected", count=int(row["expected_households"]))
        expected = message(
            "about {count}, within {limit} %, as at the start of the year",
            count=int(row["households_base"]),
            limit=limit,
        )
        yield Problem("plans", "expected_households", row["row"], found, expected)


@check("plan-year", "warning", "plans", ground=message("a workbook holds one year"), lasting=True)
def plan_year(case: Case) -> Iterator[Problem]:
    """Plans are for the year of the workbook."""
    plans = case["plans"]
    for _, row in where(plans, plans["year"] != case.year):
        found = message("the plan is for {year}", year=str(row["year"]))
        yield Problem("plans", "year", row["row"], found, message("a plan for {year}", year=str(case.year)))


@check("no-plan", "warning", "form", "units", "plans", ground=message("the report measures results by the plan"))
def no_plan(case: Case) -> Iterator[Problem]:
    """The unit that reports has a plan for the year."""
    plans = plans_in_units_of(case["plans"], case["units"], case.day)
    if case.lists_unit and not ((plans["year"] == case.year) & (plans["unit_code"] == case.unit)).any():
        found = message("unit {unit} has no plan for {year}", unit=quoted(case.unit), year=str(case.year))
        yield Problem("plans", "unit_code", 0, found, message("a row with its plan"))
