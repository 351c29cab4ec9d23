"""What a report knows of change: since the eve of its period, since the year before, and among the units below."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from giamngheo.intake.dataset import Dataset
from giamngheo.intake.period import Period
from giamngheo.statistics import change, poverty


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
    known: Dataset, period: Period, earlier: Dataset | None, compared: pd.DataFrame, reviews: pd.DataFrame
) -> Change:
    """Change in a dataset as of the period; `earlier` is the workbook of the year before.

    compared: the rates of the unit's reviews that the report compares, oldest first; reviews: all_reviews of both
    workbooks as the reader may see them.
    """
    reviews = poverty.rates(reviews)
    own = reviews[reviews["unit_code"] == known.form["unit_code"]]
    money = (known["capital"], known["disbursements"])
    eve = change.lines_before(*money, period.begin)
    return Change(
        since_eve=_moved(own, period.cutoff, period.eve),
        since_year=_moved(own, period.cutoff, period.year_before.cutoff),
        parts=_parts(known, reviews, compared),
        capital=change.dated_within(known["capital"], period.begin, period.cutoff),
        lines=change.disbursed_between(eve, change.lines_at(*money, period.cutoff)),
        lines_before=change.disbursed_between(change.lines_before(*money, _begin_before(period)), eve),
        months=change.cumulative_by_month(*money, period.year, period.cutoff),
        months_before=_NO_MONTHS if earlier is None else months_of_year(earlier),
    )


def all_reviews(known: Dataset, earlier: Dataset | None) -> pd.DataFrame:
    """Reviews of both workbooks, what the later one says where both speak of a unit and day."""
    if earlier is None:
        return known["reviews"]
    both = pd.concat([known["reviews"], earlier["reviews"]], ignore_index=True)
    return both.drop_duplicates(["unit_code", "date"], ignore_index=True)


def _moved(own: pd.DataFrame, now: dt.date, before: dt.date) -> pd.DataFrame:
    """Change of the unit between the reviews of two months; none where a month has none."""
    pair = [change.reviews_within(own, day.replace(day=1), day) for day in (before, now)]
    return change.stock_changes(*pair) if all(len(frame) for frame in pair) else change.stock_changes(own[:0], own[:0])


def _parts(known: Dataset, reviews: pd.DataFrame, compared: pd.DataFrame) -> pd.DataFrame:
    """Units below the reporting one, in the workbook's order, on the last two of its days of which they have some."""
    units = known["units"]
    below = units.loc[units["parent_code"] == known.form["unit_code"], ["code", "name"]].drop_duplicates("code")
    below = below.rename(columns={"code": "unit_code"})
    of_parts = reviews[reviews["unit_code"].isin(below["unit_code"])]
    days = [day for day in compared["date"] if (of_parts["date"] == day).any()]
    now, before = (of_parts[of_parts["date"].isin(chosen)] for chosen in (days[-1:], days[-2:-1]))
    found = change.ranked(change.stock_changes(before, now))
    return below.merge(found, on="unit_code", how="left" if days else "inner")


def _begin_before(period: Period) -> dt.date:
    """First day of the period before, as long as this one."""
    months = period.month - period.begin.month + 1
    eve = period.eve
    return dt.date(eve.year, max(eve.month - months + 1, 1), 1)


@lru_cache(maxsize=4)
def months_of_year(dataset: Dataset) -> pd.DataFrame:
    """change.cumulative_by_month of the funds of a workbook's own year, to its end."""
    end = dt.date(dataset.year, 12, 31)
    return change.cumulative_by_month(dataset["capital"], dataset["disbursements"], dataset.year, end)


_NO_MONTHS = pd.DataFrame(columns=["month", "planned_vnd", "disbursed_vnd", "month_vnd"], dtype="Int64")
