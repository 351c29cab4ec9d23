"""Checks of what is shown: rounded figures agree with each other as printed.

The report rounds half up to two decimals and shows differences of shown rates; these checks say where a reader who
adds or subtracts otherwise gets another last digit.
"""

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from giamngheo.checks.check import Case, Problem, check, problem_in
from giamngheo.core.message import Message, message
from giamngheo.core.rounding import shown_difference, shown_rate
from giamngheo.statistics import poverty
from giamngheo.statistics.units import plans_in_units_of

_OF_ROUNDING = Decimal("0.02")
"""By how much shown rates of parts and whole differ where only rounding does; more is a contradiction."""

_GROUND = message("rates are shown with two decimals, rounded half up")


def _percent(rate: Decimal) -> str:
    return f"{rate}%".replace(".", ",")


@check("parts-off-by-rounding", "info", "reviews", "plans", ground=_GROUND, lasting=True)
def parts_off_by_rounding(case: Case) -> Iterator[Problem]:
    """The rates of poor and near-poor households, as shown, add up to the multidimensional rate as shown."""
    for row in _rates(case.rates, "rate_pct"):
        yield from _off(row, "rate_pct", ("reviews", "households"))
    rates = case.rates_now
    base = rates[rates["date"] == pd.Timestamp(case.year - 1, 12, 31)]
    known = plans_in_units_of(case["plans"], case["units"], case.day)
    plans = poverty.plan_targets(known, base).assign(row=known["row"], typed=True)
    for row in _rates(plans, "remaining_rate_pct"):
        yield from _off(row, "remaining_rate_pct", ("plans", "expected_households"))


def _rates(frame: pd.DataFrame, rate: str) -> list[Mapping[Hashable, Any]]:
    """Return rows of a frame whose three rates are known, with nothing but the rates and the place."""
    columns = [f"{name}_{rate}" for name in ("poor", "near_poor", "multidimensional")]
    known = frame[["row", "unit_code", "typed", *columns]].dropna()
    return known[known[columns[-1]] <= 100].to_dict("records")  # others are wrong before they are rounded


def _off(row: Mapping[Hashable, Any], rate: str, cell: tuple[str, str]) -> Iterator[Problem]:
    rates = [row[f"{name}_{rate}"] for name in ("poor", "near_poor", "multidimensional")]
    poor, near_poor, both = (shown_rate(value) for value in rates)
    if 0 < abs(poor + near_poor - both) <= _OF_ROUNDING:
        found = message(
            "{poor} and {near_poor} are shown, and {both} of both together",
            poor=_percent(poor),
            near_poor=_percent(near_poor),
            both=_percent(both),
        )
        yield problem_in(row, cell, found, _by_rounding(poor + near_poor))


def _by_rounding(value: Decimal) -> Message:
    return message(
        "nothing: a reader who adds the shown figures gets {value}, only rounding differs", value=_percent(value)
    )


@check("difference-off-by-rounding", "warning", "reviews", ground=_GROUND, lasting=True)
def difference_off_by_rounding(case: Case) -> Iterator[Problem]:
    """The difference of two shown rates is the difference of the rates, rounded."""
    eves = (dt.date(year, 12, 31) for year in (case.year - 2, case.year - 1))
    stocks = [poverty.stock(case.rates_now, case.unit, eve) for eve in eves]
    if any(stock.empty for stock in stocks) or stocks[0]["date"][0] == stocks[1]["date"][0]:
        return
    before, after = (stock.iloc[0] for stock in stocks)
    for name in ("poor_rate_pct", "near_poor_rate_pct"):
        if pd.isna(before[name]) or pd.isna(after[name]):
            continue
        printed, exact = shown_difference(before[name], after[name]), shown_rate(before[name] - after[name])
        if printed != exact:
            found = message("the rates shown differ by {value}", value=_percent(printed))
            expected = message("{value}, the difference before rounding", value=_percent(exact))
            yield problem_in(after, ("reviews", f"{name.removesuffix('_rate_pct')}_households"), found, expected)
