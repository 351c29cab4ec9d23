"""Checks of every table: each fact once, dates and years where they belong, one agency a place."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check, where
from giamngheo.core.message import Message, message, quoted
from giamngheo.core.text import folded
from giamngheo.regulation.lookup import NoRuleInForceError, provision
from giamngheo.regulation.programme import CARRIED_YEARS
from giamngheo.workbook.schema import Table, tables

_KEYED = tuple(table for table in tables() if table.key)
_DATED = tuple(table for table in tables() if table.is_dated)
_LEFT_OUT_LATER = tuple(table.name for table in _DATED if table.name != "explanations")
"""Tables of which rows are left out of reports of days before theirs; the date of an explanation is that of its row."""

_ENOUGH = 3
"""Rows by which the year of a workbook is known."""


@check("other-year", "error", ground=message("a workbook holds one year"))
def other_year(case: Case) -> Iterator[Problem]:
    """The workbook is named after the year of its figures."""
    years = pd.concat([case.typed["disbursements"]["date"].dt.year, case.typed["plans"]["year"]]).dropna()
    counts = Counter(map(int, years))
    if case.year in counts or sum(counts.values()) < _ENOUGH:
        return
    year, count = counts.most_common(1)[0]
    found = message("{count} rows are of {year}, none is of {named}", count=count, year=str(year), named=str(case.year))
    expected = message("the file named {file}, or the figures of {named}", file=f"{year}.xlsx", named=str(case.year))
    yield Problem("disbursements", "date", 0, found, expected)


@check("duplicate-row", "error", ground=grounds.ONCE)
def duplicate_row(case: Case) -> Iterator[Problem]:
    """No two rows of a table have the same key, whatever the spacing and capitals of its texts."""
    for table in _KEYED:
        key = list(table.key)
        texts = [column.name for column in table.columns if column.name in key and column.kind == "text"]
        frame = case[table.name]
        frame = frame.assign(**{name: frame[name].map(folded, na_action="ignore") for name in texts})
        for _, row in where(frame, frame.duplicated(key)):
            first = frame.loc[_same(frame, row, key), "row"].min()
            found = message("the row says the same as row {row}", row=str(first))
            yield Problem(table.name, _marker(table), row["row"], found, _apart(table))


def _same(frame: pd.DataFrame, row: pd.Series, key: list[str]) -> pd.Series:
    """Return rows of a frame whose key is that of a row; blank is the same as blank."""
    known = [(frame[name].isna() if pd.isna(row[name]) else frame[name] == row[name]).fillna(False) for name in key]
    return pd.concat(known, axis=1).all(axis=1)


def _marker(table: Table) -> str:
    """Return the column of the key by which a row is known."""
    return next((name for name in table.key if name not in {"date", "role"}), table.key[0])


def _apart(table: Table) -> Message:
    headers = ", ".join(table.column(name).header for name in table.key)
    return message("one row for each of: {headers}", headers=headers)


@check("date-outside-year", "error", ground=message("a workbook holds one year"))
def date_outside_year(case: Case) -> Iterator[Problem]:
    """Dates lie in the year of the workbook, or near it as their table allows."""
    for table in (table for table in _DATED if not table.any_date):
        first, last = _span(table, case.year)
        frame = case.typed[table.name]  # a wrong year would hide the row behind the cut-off
        outside = (frame["date"] < pd.Timestamp(first)) | (frame["date"] > pd.Timestamp(last))
        for _, row in where(frame, outside):
            found = message("the date is {day}", day=row["date"].date())
            expected = message("a date from {first} to {last}", first=first, last=last)
            yield Problem(table.name, "date", row["row"], found, expected)


def _span(table: Table, year: int) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that the dates of a table may have."""
    last = _payable_until(year) if table.paid_after else dt.date(year, 12, 31)
    return dt.date(year - table.years_before, 1, 1), last


def _payable_until(year: int) -> dt.date:
    """Return the last day on which money of a year is paid; the end of the next year where the law is not known."""
    try:
        day = provision("disbursement/deadline", on=dt.date(year, 12, 31)).value
    except NoRuleInForceError:
        return dt.date(year + 1, 12, 31)
    return dt.date(year + 1, day["month"], day["day"])


@check(
    "nothing-known",
    "error",
    "reviews",
    "capital",
    "disbursements",
    ground=message("a report shows the state at its cut-off"),
)
def nothing_known(case: Case) -> Iterator[Problem]:
    """Something is known of households or of money at the cut-off of the report."""
    if all(case[name].empty for name in ("reviews", "capital", "disbursements")):
        last = dt.date(case.year, 12, 31) if case.period is None else case.period.cutoff
        found = message("there are no review results, no capital and no disbursement up to {day}", day=last)
        expected = message("the figures of the period, or another period")
        yield Problem("reviews", "date", 0, found, expected)


@check("issued-outside-year", "warning", ground=message("the report lists the documents of its year"))
def issued_outside_year(case: Case) -> Iterator[Problem]:
    """Documents that the report lists as issued are of its year."""
    documents = case["documents"]
    issued = documents[(documents["role"] == "issued") & documents["date"].notna()]
    for _, row in where(issued, issued["date"].dt.year != case.year):
        found = message("{kind} {number} is of {day}", kind=row["kind"], number=row["number"], day=row["date"].date())
        yield Problem("documents", "date", row["row"], found, message("a date in {year}", year=str(case.year)))


@check("after-cut-off", "info", *_LEFT_OUT_LATER, ground=message("a report knows what was known at its cut-off"))
def after_cut_off(case: Case) -> Iterator[Problem]:
    """Nothing is dated after the cut-off of the report."""
    if case.period is None:
        return
    for name in _LEFT_OUT_LATER:
        frame = case.typed[name]
        late = frame["date"] > pd.Timestamp(case.period.cutoff)
        if late.any():
            rows = frame.loc[late, "row"]
            found = message("{count} rows dated after {day} are left out", count=len(rows), day=case.period.cutoff)
            expected = message("nothing, if later rows are meant for later reports")
            yield Problem(name, "date", rows.iloc[0], found, expected)


def is_fund_year(years: pd.Series, year: int) -> pd.Series:
    """Return which years funds of a year may be of: itself, or one from which they were carried over."""
    return years.between(year - CARRIED_YEARS, year)


@check("fund-year", "error", ground=grounds.INVESTMENT_LAW)
def fund_year(case: Case) -> Iterator[Problem]:
    """Funds are of the year of the workbook or carried over from one before."""
    for name in ("capital", "disbursements"):
        frame = case[name]
        for _, row in where(frame, ~is_fund_year(frame["fund_year"], case.year)):
            found = message("the year of the funds is {year}", year=str(row["fund_year"]))
            expected = message("{year}, or the year from which they were carried over", year=str(case.year))
            yield Problem(name, "fund_year", row["row"], found, expected)


@check("two-agencies", "warning", "tasks", ground=message("the report prints one agency a place"))
def two_agencies(case: Case) -> Iterator[Problem]:
    """Tasks of one place belong to one agency."""
    tasks = case["tasks"]
    first = tasks.groupby("position")["agency"].transform("first")
    for position, row in where(tasks, tasks["agency"] != first):
        found = message("place {place} has {agency}", place=str(row["position"]), agency=quoted(row["agency"]))
        yield Problem(
            "tasks", "agency", row["row"], found, message("{agency}, as above", agency=quoted(first[position]))
        )
