"""What a report knows of change: since the eve of its period, since the year before, and among the units below."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from giamngheo.core.period import Period
from giamngheo.statistics import change, poverty
from giamngheo.statistics.units import units_on
from giamngheo.workbook.dataset import Dataset


@dataclass(frozen=True)
class Change:
    """Frames of statistics.change, each empty where nothing is known.

    since_eve, since_year: stock_changes of the unit, one row or none, from the month before the period and from the
    same month a year before. parts: stock_changes, ranked, of the units below, with name, on the last two days of the
    unit's own reviews of which they have figures; a unit without figures is blank. capital: rows allocated in the
    period. lines, lines_before: disbursed_between of the period and of the period before it, which
    is none at the start of a year. months, months_before:
    cumulative_by_month of the year's funds and of those of the year before, each in its own year.
    """

    since_eve: pd.DataFrame
    since_year: pd.DataFrame
    parts: pd.DataFrame
    capital: pd.DataFrame
    lines: pd.DataFrame
    lines_before: pd.DataFrame
    months: pd.DataFrame
    months_before: pd.DataFrame


def change_facts(
    known: Dataset,
    period: Period,
    *,
    lines: pd.DataFrame,
    months_before: pd.DataFrame | None,
    compared: pd.DataFrame,
    reviews: pd.DataFrame,
) -> Change:
    """Return the change in a dataset as of the period.

    lines: change.monthly_lines of the year. months_before: change.cumulative_by_month of the whole year before, where
    it is known. compared: the rates of the unit's reviews that the report compares, oldest first. reviews:
    all_reviews of both years as the reader may see them.
    """
    reviews = poverty.rates(reviews)
    own = reviews[reviews["unit_code"] == known.form["unit_code"]]
    eve = change.at_end_of(lines, period.begin.month - 1)
    return Change(
        since_eve=_moved(own, period.cutoff, period.eve),
        since_year=_moved(own, period.cutoff, period.year_before.cutoff),
        parts=_parts(known, reviews, compared, on=period.cutoff),
        capital=change.dated_within(known["capital"], period.begin, period.cutoff),
        lines=change.disbursed_between(eve, change.at_end_of(lines, period.month)),
        lines_before=change.disbursed_between(change.at_end_of(lines, _month_before_last(period)), eve),
        months=change.cumulative_by_month(lines, period.year, period.month),
        months_before=_NO_MONTHS if months_before is None else months_before,
    )


def all_reviews(later: pd.DataFrame, earlier: pd.DataFrame | None) -> pd.DataFrame:
    """Return reviews of two workbooks, what the later one says where both speak of a unit and day."""
    if earlier is None:
        return later
    both = pd.concat([later, earlier], ignore_index=True)
    return both.drop_duplicates(["unit_code", "date"], ignore_index=True)


def _moved(own: pd.DataFrame, now: dt.date, before: dt.date) -> pd.DataFrame:
    """Return the change of the unit between the reviews of two months; none where a month has none."""
    pair = [change.reviews_within(own, day.replace(day=1), day) for day in (before, now)]
    return change.stock_changes(*pair) if all(len(frame) for frame in pair) else change.stock_changes(own[:0], own[:0])


def _parts(known: Dataset, reviews: pd.DataFrame, compared: pd.DataFrame, *, on: dt.date) -> pd.DataFrame:
    """Return the units below the reporting one, in the workbook's order, on the last two days with figures of some.

    They are those that stand on a day, that of the report: figures of before are given under them already.
    """
    units = units_on(known["units"], on)
    below = units[units["parent_code"] == known.form["unit_code"]]
    of_parts = reviews[reviews["unit_code"].isin(below["code"])]
    days = [day for day in compared["date"] if (of_parts["date"] == day).any()]
    now, before = (of_parts[of_parts["date"].isin(chosen)] for chosen in (days[-1:], days[-2:-1]))
    found = change.ranked(change.stock_changes(before, now))
    names = below[["code", "name"]].rename(columns={"code": "unit_code"})
    return (names if days else names[:0]).merge(found, on="unit_code", how="left")


def _month_before_last(period: Period) -> int:
    """Return the month that ends before the period before this one, 0 where that is of the year before."""
    months = period.month - period.begin.month + 1
    return max(period.begin.month - 1 - months, 0)


_NO_MONTHS = pd.DataFrame(columns=["month", "planned_vnd", "disbursed_vnd", "month_vnd"], dtype="Int64")
