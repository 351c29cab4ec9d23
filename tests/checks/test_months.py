"""What is found once a year and shared by its months is what each month finds by itself."""

from dataclasses import replace
from functools import cache

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giamngheo.checks.check import Case, Sums
from giamngheo.checks.consistency import CHECKS
from giamngheo.core.period import Period
from giamngheo.demo.places import districts
from giamngheo.demo.today import today
from giamngheo.demo.workbook import datasets
from giamngheo.workbook.dataset import Dataset, as_of

PLACE = st.integers(0, 10**6)
CHANGE = st.tuples(
    st.sampled_from(["reviews", "poor_flows", "near_poor_flows", "plans", "capital", "disbursements"]),
    st.sampled_from(["drop", "repeat", "move", "recode", "blank", "more", "ten times", "all ten times"]),
    PLACE,
    PLACE,
)


@cache
def demo(year: int) -> Dataset:
    """The workbook of a made-up district with a review each month; of 2026 a province, its communes made in 2025."""
    (district,) = districts(seed=1, count=1)
    *_, province = (data for data in today(1, 3) if data.year == 2026)
    return province if year == 2026 else next(data for data in datasets(district) if data.year == year)


def changed(frame: pd.DataFrame, kind: str, place: int, which: int) -> pd.DataFrame:
    """The table with one row taken away, repeated, moved to another day or unit, or with other figures."""
    row = frame.index[place % len(frame)]
    if kind == "drop":
        return frame.drop(index=row).reset_index(drop=True)
    if kind == "repeat":
        return pd.concat([frame, frame.loc[[row]].assign(row=frame["row"].max() + 1)], ignore_index=True)
    frame = frame.copy()
    if kind in {"move", "recode"}:
        codes = [name for name in ("unit_code", "project_code", "source") if name in frame]
        column = "date" if kind == "move" else codes[which % len(codes)]
        values = frame[column].unique()
        frame.loc[row, column] = values[which % len(values)]
        return frame
    figures = [name for name in frame if frame[name].dtype == "Int64" and name not in {"row", "year", "fund_year"}]
    column = figures[which % len(figures)]
    if kind == "all ten times":
        frame[column] *= 10
    else:
        known = frame.loc[row, column]
        frame.loc[row, column] = {"blank": pd.NA, "more": known + 3, "ten times": known * 10}[kind]
    return frame


@given(year=st.sampled_from([2024, 2026]), changes=st.lists(CHANGE, min_size=1, max_size=12), month=st.integers(1, 11))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_a_month_finds_of_the_year_what_it_finds_by_itself(year, changes, month):
    tables = dict(demo(year).tables)
    for name, *change in changes:
        tables[name] = changed(tables[name], *change)
    dataset, period = replace(demo(year), tables=tables), Period(year, month)
    by_itself, shared = Sums(dataset), Sums(dataset)
    vars(by_itself)["of_year"] = None  # as where a unit ends within the year
    of_year, of_month = (Case(as_of(dataset, period), sums, period) for sums in (shared, by_itself))

    for one in CHECKS:
        if one.lasting:
            assert list(one.findings(of_year)) == list(one.findings(of_month))
    year = shared.of_year
    assert year
    found = [problem for one in CHECKS for problem in year.kept.get(one.code, ())]
    assert all(problem.row for problem in found), "or it would never be there"


def test_a_year_in_which_units_begin_or_end_is_looked_at_month_by_month():
    *_, province = (data for data in today(1, 3) if data.year == 2025)

    assert Sums(province).of_year is None
