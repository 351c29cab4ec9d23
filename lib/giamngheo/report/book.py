"""The workbook of a year as its reports use it: units added up, money in the units of a day, lines by month."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from giamngheo.regulation.programme import Catalogue
from giamngheo.statistics import change
from giamngheo.statistics.funding import snapshots_of
from giamngheo.statistics.mobilised import resources_of
from giamngheo.statistics.programme import contents_of, sources_of
from giamngheo.statistics.unit_money import units_above
from giamngheo.statistics.units import (
    has_changed,
    in_codes_of,
    in_units_of,
    plans_in_units_of,
    standing,
    units_on,
    with_first_days,
)
from giamngheo.workbook.dataset import Dataset, last_day
from giamngheo.workbook.history import COLUMNS
from giamngheo.workbook.schema import tables_that_add_up

_MONEY = ("capital", "disbursements", "mobilised")


@dataclass(frozen=True, eq=False)
class Book:
    """The workbook of a year as its reports use it: what does not depend on the month is computed once.

    data: added_up.
    """

    data: Dataset

    @cached_property
    def _lines(self) -> dict[pd.Timestamp, pd.DataFrame]:
        return {}

    def lines_on(self, on: dt.date) -> pd.DataFrame:
        """Return the lines of the year, of which each says what its month knew (change.monthly_lines).

        All months are in the units of a day, or of the last day of the unit that reports.
        """
        day = pd.Timestamp(min(on, last_day(self.data)))
        ends = self.data["units"]["valid_to"]
        era = ends[ends >= day].min()  # NaT where no unit ends after the day
        if era not in self._lines:
            self._lines[era] = self._monthly(day.date())
        return self._lines[era]

    def _monthly(self, on: dt.date) -> pd.DataFrame:
        data, (_, sources) = self.data, programme_trees(self.data)
        units, root = data["units"], data.form["unit_code"]
        capital, paid = (in_codes_of(data[name], units, root, on) for name in ("capital", "disbursements"))
        months = [rows for _, rows in paid.groupby(paid["date"].dt.month)]
        snapshots = pd.concat([snapshots_of(rows, capital, sources) for rows in months or [paid]], ignore_index=True)
        above = units_above(units_on(units, on), root)
        return change.monthly_lines(capital, snapshots, sources, year=data.year, above=above)

    @cached_property
    def months(self) -> pd.DataFrame:
        """The months of the year's own funds, to its end (change.cumulative_by_month)."""
        return change.cumulative_by_month(self.lines_on(last_day(self.data)), self.data.year, 12)


def dated_units(dataset: Dataset, on: dt.date) -> pd.DataFrame:
    """Return the list of units with the first days of those of the great merger (with_first_days), if not made up."""
    return dataset["units"] if dataset.is_made_up else with_first_days(dataset["units"], on)


def in_units_of_day(dataset: Dataset, on: dt.date) -> Dataset:
    """Return an added_up dataset in the units of a day, those of before under what they became (units.in_units_of)."""
    listed = dataset["units"]
    money = money_of_day(dataset, on)
    if not has_changed(listed, on):
        return replace(dataset, tables={**dataset.tables, **money})
    figures = {name: in_units_of(dataset[name], listed, on) for name in tables_that_add_up()} | money
    plans = plans_in_units_of(dataset["plans"], listed, on)
    return replace(dataset, tables={**dataset.tables, **figures, "units": standing(listed, on), "plans": plans})


def money_of_day(dataset: Dataset, on: dt.date) -> dict[str, pd.DataFrame]:
    """Return the tables of money in the units of a day: that of units of before, together, under what they became."""
    units, root = dataset["units"], dataset.form["unit_code"]
    if units["valid_to"].isna().all():
        return {name: dataset[name] for name in _MONEY}
    capital, paid, resources = (in_codes_of(dataset[name], units, root, on) for name in _MONEY)
    _, sources = programme_trees(dataset)
    tables = (capital.drop(columns="before"), snapshots_of(paid, capital, sources), resources_of(resources))
    return dict(zip(_MONEY, tables, strict=True))


def curve_of(book: Book) -> pd.DataFrame:
    """Return the months of a book's own funds as a curve of statistics.forecast."""
    months = book.months[["month", "planned_vnd", "disbursed_vnd"]]
    return months.assign(unit=book.data.unit, fund_year=book.data.year)[list(COLUMNS)]


def of_programme(curves: pd.DataFrame, catalogue: Catalogue, fund_year: int) -> pd.DataFrame:
    """Return the curves of the years whose funds belong to the same programme as those of a year."""
    years = curves["fund_year"]
    programmes = {int(year): catalogue.programme(int(year)) for year in {*years, fund_year}}
    begins = {year: found.begins if found else None for year, found in programmes.items()}
    same = [year for year in years.unique() if begins[int(year)] == begins[fund_year]]
    return curves[years.isin(same)].reset_index(drop=True)


def programme_trees(dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the trees of contents and of sources of the years of funds of a dataset (statistics.programme)."""
    years = fund_years(dataset)
    return contents_of(years, dataset.catalogue), sources_of(years, dataset.catalogue)


def fund_years(dataset: Dataset) -> set[int]:
    """Return the years of the funds of which a dataset has amounts."""
    return {int(year) for name in ("capital", "disbursements") for year in dataset[name]["fund_year"].dropna()}
