"""Checks of disbursement and other snapshots of money: they grow, are within the plan, complete and of one month."""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check, header, once_a_case, where
from giamngheo.checks.money.amounts import FAR, are_many, is_small, joined, likely, small_amounts, smallest_amount
from giamngheo.core.message import Message, first_of, message, quoted
from giamngheo.statistics import funding
from giamngheo.statistics.funding import UNSPLIT
from giamngheo.statistics.programme import sources_of
from giamngheo.statistics.unit_money import LINES, OWN, behind, latest_days, units_above
from giamngheo.statistics.units import units_on
from giamngheo.statistics.works import TOTAL, works_table
from giamngheo.workbook.schema import choices, snapshot_tables

_LINE = ["project_code", "fund_year", "unit_code"]


def _amount(case: Case, row: pd.Series) -> Message:
    return message(
        "{noun} {code} has disbursed {amount} đồng of {year}",
        code=row["project_code"],
        noun=case.noun(row["fund_year"]),
        amount=int(row["disbursed_vnd"]),
        year=str(row["fund_year"]),
    )


@once_a_case
def _planned(case: Case) -> pd.DataFrame:
    """Return the snapshots of money with what is allocated to their lines (funding.with_planned)."""
    return funding.with_planned(case.money["disbursements"], case.money["capital"])


def _snapshots(paid: pd.DataFrame) -> pd.DataFrame:
    """Return what each line has disbursed at each snapshot, sources together, in the row of its first amount."""
    snapshot = [*_LINE, "date"]
    together = paid.groupby(snapshot)["disbursed_vnd"].transform("sum")
    return paid.assign(disbursed_vnd=together)[~paid.duplicated(snapshot)].sort_values(snapshot)


@check("disbursed-above-plan", "error", "capital", "disbursements", ground=grounds.TREASURY, explainable=True)
def disbursed_above_plan(case: Case) -> Iterator[Problem]:
    """No more is disbursed than is allocated."""
    paid, capital = _planned(case), case.money["capital"]
    of_sources = paid[paid["source"] != UNSPLIT].assign(planned_vnd=paid["of_source"])
    of_lines = _snapshots(paid).assign(planned_vnd=paid["of_line"])
    found = [_above(of_sources, capital, [*_LINE, "source"]), _above(of_lines, capital, _LINE)]
    above = pd.concat(found).drop_duplicates("row")
    likely_vnd = {row["row"]: _in_other_unit(case, row) for _, row in above.iterrows()}
    if are_many(sum(map(bool, likely_vnd.values())), len(above)):
        yield _many_above(above)
        return
    for _, row in above.iterrows():
        expected = message("at most the plan of {amount} đồng", amount=int(row["planned_vnd"]))
        expected = joined([expected, *likely_vnd[row["row"]]])
        yield Problem("disbursements", "disbursed_vnd", row["row"], _amount(case, row), expected)


def _above(paid: pd.DataFrame, capital: pd.DataFrame, line: list[str]) -> pd.DataFrame:
    """Return the first snapshot of each line that is above its plan, planned_vnd, with the least amount of that."""
    above = paid[(paid["disbursed_vnd"] > paid["planned_vnd"]) & (paid["planned_vnd"] > 0)].drop_duplicates(line)
    return above.join(capital.groupby(line)["planned_vnd"].min().rename("least"), on=line) if len(above) else above


def _in_other_unit(case: Case, row: pd.Series) -> list[Message]:
    """Return what would be right if what was disbursed, or the smallest amount of the plan, were in another unit."""
    paid, planned, least = (int(row[name]) for name in ("disbursed_vnd", "planned_vnd", "least"))
    plans = likely(least, (max(paid - planned + least, least + 1), paid * FAR))
    words = [message("or the plan is {plan}", plan=plan) for plan in plans.values()]
    return [*likely(paid, (smallest_amount(case), planned)).values(), *words]


def _many_above(above: pd.DataFrame) -> Problem:
    found = message("{count} projects have disbursed more than their plan", count=len(above))
    expected = message(
        "{planned} and {paid} both in đồng: they are in two units",
        planned=header("capital", "planned_vnd"),
        paid=header("disbursements", "disbursed_vnd"),
    )
    return Problem("disbursements", "disbursed_vnd", above["row"].iloc[0], found, expected)


@check("disbursed-without-plan", "error", "capital", "disbursements", ground=grounds.TREASURY)
def disbursed_without_plan(case: Case) -> Iterator[Problem]:
    """Money is disbursed only where it was allocated, and from the source from which it was."""
    paid = _planned(case)
    of_line, of_source, is_split = paid["of_line"], paid["of_source"], paid["source"] != UNSPLIT
    for _, row in where(paid, (paid["disbursed_vnd"] > 0) & of_line.eq(0)):
        expected = message("a row of the sheet of capital for this project and year of the funds")
        yield Problem("disbursements", "disbursed_vnd", row["row"], _amount(case, row), expected)
    for _, row in where(paid, (paid["disbursed_vnd"] > 0) & of_line.gt(0) & is_split & of_source.eq(0)):
        expected = message("a row of the sheet of capital for this project, source and year of the funds")
        yield Problem("disbursements", "source", row["row"], _amount(case, row), expected)


@check("disbursement-falls", "warning", "disbursements", ground=grounds.SNAPSHOTS, explainable=True, lasting=True)
def disbursement_falls(case: Case) -> Iterator[Problem]:
    """What is disbursed does not fall from one snapshot to the next."""
    paid = case["disbursements"].sort_values("date", kind="stable")
    before = paid.groupby([*_LINE, "source"])["disbursed_vnd"].shift()
    falls = (paid["disbursed_vnd"] < before) & ~is_small(case, "disbursements", "disbursed_vnd")
    for position, row in where(paid, falls[paid.index]):
        expected = message("at least {amount} đồng, as in the snapshot before", amount=int(before[position]))
        yield Problem("disbursements", "disbursed_vnd", row["row"], _amount(case, row), expected)


@check("split-and-unsplit", "error", "disbursements", ground=grounds.ONCE, lasting=True)
def split_and_unsplit(case: Case) -> Iterator[Problem]:
    """A snapshot of a project is split by source, or it is not."""
    paid = case["disbursements"]
    has_split = (paid["source"] != UNSPLIT).groupby([paid[name] for name in [*_LINE, "date"]]).transform("any")
    for _, row in where(paid, (paid["source"] == UNSPLIT) & has_split & (paid["disbursed_vnd"] > 0)):
        found = message(
            "{noun} {code} has amounts by source and an amount that is not split",
            code=row["project_code"],
            noun=case.noun(row["fund_year"]),
        )
        yield Problem(
            "disbursements", "source", row["row"], found, message("either of them: together they count twice")
        )


@check("snapshot-missing", "warning", "disbursements", ground=grounds.SNAPSHOTS)
def snapshot_missing(case: Case) -> Iterator[Problem]:
    """Between two months with a snapshot every month has one."""
    paid = case["disbursements"].sort_values("date", kind="stable")
    months = (paid["date"].dt.year * 12 + paid["date"].dt.month).tolist()
    for earlier, later, row in zip(months, months[1:], paid["row"].tolist()[1:], strict=False):
        if later - earlier > 1:
            missing = ", ".join(f"{(m - 1) % 12 + 1}/{(m - 1) // 12}" for m in range(earlier + 1, later))
            found = message("there is no snapshot of {months}", months=missing)
            yield Problem("disbursements", "date", row, found, message("a snapshot each month"))


@check("line-missing", "warning", "capital", "disbursements", ground=grounds.SNAPSHOTS)
def line_missing(case: Case) -> Iterator[Problem]:
    """The latest snapshot has a row for every project and source with capital."""
    paid, capital = case.money["disbursements"], case.money["capital"]
    if paid.empty:
        return
    days = paid.groupby("unit_code")["date"].max()
    latest = paid[paid["date"] == paid["unit_code"].map(days)]
    planned = capital[(capital["planned_vnd"] > 0) & _in_programme(case, capital)].drop_duplicates([*_LINE, "source"])
    there = set(latest[[*_LINE, "source"]].itertuples(index=False, name=None))
    lines = {line[:-1] for line in there}
    whole = {line[:-1] for line in there if line[-1] == UNSPLIT}
    told: set[tuple[Any, ...]] = set()
    for _, row in planned.iterrows():
        line = tuple(row[name] for name in _LINE)
        if line in whole or (*line, row["source"]) in there or line in told:
            continue
        if line not in lines:
            told.add(line)
        source = "" if line not in lines else case.data.catalogue.source_name(row["source"])
        yield Problem(
            "capital",
            "project_code",
            row["row"],
            *_lacking(case, row, days.get(row["unit_code"], paid["date"].max()).date(), source),
        )


def _lacking(case: Case, row: pd.Series, day: dt.date, source: str) -> tuple[Message, Message]:
    """Say what the latest snapshot lacks: a source of a line, or all of it."""
    year = row["fund_year"]
    fields = {"code": row["project_code"], "year": str(year), "noun": case.noun(year)}
    if not source:
        found = message("{noun} {code} has capital of {year} and no row in the snapshot of {day}", day=day, **fields)
    else:
        found = message(
            "{noun} {code} has {source} of {year} and no row of it in the snapshot of {day}",
            day=day,
            source=quoted(source),
            **fields,
        )
    return found, message("its amount, 0 where nothing is disbursed")


def _in_programme(case: Case, capital: pd.DataFrame) -> pd.Series:
    """Return whether the programme has the project of each allocation; what is said of others is that it has not."""
    of_year = {year: case.contents(year) for year in capital["fund_year"].dropna().unique()}
    known = [code in of_year[year] for code, year in zip(capital["project_code"], capital["fund_year"], strict=True)]
    return pd.Series(known, index=capital.index, dtype=bool)


@check("unsplit-disbursement", "warning", "disbursements", ground=message("the programme is followed by source"))
def unsplit_disbursement(case: Case) -> Iterator[Problem]:
    """Money disbursed is told apart by source."""
    paid = case["disbursements"]
    for _, row in where(paid, (paid["source"] == UNSPLIT) & (paid["disbursed_vnd"] > 0)):
        noun = case.noun(row["fund_year"])
        found = message("what {noun} {code} has disbursed is not split by source", code=row["project_code"], noun=noun)
        yield Problem("disbursements", "source", row["row"], found, message("the amount of each source"))


_STATE = message("a report shows the state at its cut-off")
_SNAPSHOTS = tuple(entry.name for entry in snapshot_tables())


@check("stale-snapshot", "warning", *_SNAPSHOTS, ground=_STATE)
def stale_snapshot(case: Case) -> Iterator[Problem]:
    """The latest snapshot is of the last month of the period, or of its last whole quarter or half-year."""
    if case.period is None:
        return
    cutoff = case.period.cutoff
    for entry in snapshot_tables():
        rows = case[entry.name]
        due = cutoff.month // entry.snapshot_months * entry.snapshot_months
        newest = rows["date"].max()
        if due and newest < pd.Timestamp(cutoff.year, due, 1):
            row = rows.loc[rows["date"].idxmax(), "row"]
            month = f"{due}/{cutoff.year}"
            yield Problem(entry.name, "date", row, *_stale(newest.date(), month, is_monthly=entry.snapshot_months == 1))


def _stale(day: dt.date, month: str, *, is_monthly: bool) -> tuple[Message, Message]:
    if is_monthly:
        found = message("the latest snapshot is of {day}, before the month reported", day=day)
        return found, message("a snapshot of {month}", month=month)
    return message("the latest figures are of {day}", day=day), message("figures up to the end of {month}", month=month)


@once_a_case
def _standing(case: Case) -> Mapping[str, pd.DataFrame]:
    """Return the tables of snapshots in the codes of the last day that is looked at, of units that stand then."""
    codes = {OWN, *_units_above(case)}
    now = {name: case.money.get(name, case[name]) for name in _SNAPSHOTS}
    return {name: rows[rows["unit_code"].isin(codes)] for name, rows in now.items()}


def _units_above(case: Case) -> dict[str, str]:
    return units_above(units_on(case["units"], case.day), case.unit)


@check("unit-behind", "warning", *_SNAPSHOTS, "units", ground=_STATE, explainable=True)
def unit_behind(case: Case) -> Iterator[Problem]:
    """The latest snapshots of all units are of one month."""
    now = units_on(case["units"], case.day)
    names = dict(zip(now["code"], now["name"], strict=True)) | {OWN: ""}
    for name, rows in _standing(case).items():
        parts = [rows[rows["unit_code"].eq(OWN)], rows[rows["unit_code"].ne(OWN)]]
        days = pd.concat([latest_days(each, _units_above(case), line=LINES[name]) for each in parts])
        late = behind(days).sort_values("date", kind="stable")
        if late.empty:
            continue
        oldest, newest = late.iloc[0], late["newest"].iloc[0]
        said = [
            f"{unit or case.unit} {names[unit]}".rstrip() + f" ({day:%d/%m/%Y})"
            for unit, day in zip(late["unit_code"], late["date"], strict=True)
        ]
        found = message(
            "{count} of {all} units have no figures of {month}, for {months} months at most: {units}",
            count=len(late),
            all=len(days),
            months=12 * (newest.year - oldest["date"].year) + newest.month - oldest["date"].month,
            month=f"{newest.month}/{newest.year}",
            units=first_of(said),
        )
        last = rows[rows["unit_code"].eq(oldest["unit_code"]) & rows["date"].eq(oldest["date"])]
        row = last.sort_values(LINES[name])["row"].iloc[0]
        yield Problem(name, "date", row, found, message("the figures of these units, as of the others"))


@check("row-missing", "warning", "mobilised", "works", "units", ground=grounds.SNAPSHOTS, explainable=True)
def row_missing(case: Case) -> Iterator[Problem]:
    """The latest snapshot of resources or kinds of work has a row for each that an earlier one has."""
    for name, amount in (("mobilised", "mobilised_vnd"), ("works", "done_vnd")):
        rows = _standing(case)[name].sort_values("date", kind="stable")
        last = rows.groupby([*LINES[name], "unit_code"], as_index=False)[["date", "row", amount]].last()
        newest = last.groupby("unit_code")["date"].transform("max")
        for position, row in where(last, last["date"].lt(newest.dt.to_period("M").dt.start_time) & last[amount].gt(0)):
            fields = {"amount": int(row[amount]), "day": row["date"].date(), "newest": newest[position].date()}
            found = message("{amount} đồng of {day} have no row in the snapshot of {newest} and count on", **fields)
            expected = message("a row in each snapshot, blank where nothing changed, 0 where it stands elsewhere now")
            yield Problem(name, amount, row["row"], found, expected)


@check("no-snapshot", "warning", "disbursements", "capital", ground=_STATE)
def no_snapshot(case: Case) -> Iterator[Problem]:
    """Where there is capital there is a snapshot of what is disbursed."""
    if case["disbursements"].empty and (case["capital"]["planned_vnd"] > 0).any():
        day = (
            dt.date(case.year, 12, calendar.monthrange(case.year, 12)[1]) if case.period is None else case.period.cutoff
        )
        found = message("nothing is said of what was disbursed up to {day}", day=day)
        yield Problem("disbursements", "date", 0, found, message("a snapshot, 0 where nothing is disbursed"))


_OF_THE_FORMS = ("half", "year")
"""Kinds of periods whose reports print the kinds of work beside the money of the budget."""


@check("works-place", "error", ground=grounds.PROGRAMME)
def works_place(case: Case) -> Iterator[Problem]:
    """A kind of work is one of the programme of the year."""
    known = _works(case)
    for _, row in where(case["works"], ~case["works"]["work"].isin(known)):
        words = quoted(choices("work", case.data.catalogue)[row["work"]])
        found = message("the programme of {year} has no kind of work {work}", year=str(case.year), work=words)
        yield Problem("works", "work", row["row"], found, message("nothing here, or a kind of work of its forms"))


@check("works-above-plan", "warning", ground=grounds.TREASURY, explainable=True)
def works_above_plan(case: Case) -> Iterator[Problem]:
    """No more is done of a kind of work than is planned."""
    rows = case["works"]
    for _, row in where(rows, (rows["done_vnd"] > rows["planned_vnd"]) & ~is_small(case, "works", "planned_vnd")):
        expected = message("at most the plan of {amount} đồng", amount=int(row["planned_vnd"]))
        yield Problem("works", "done_vnd", row["row"], message("{amount} đồng", amount=int(row["done_vnd"])), expected)


@check("works-fall", "warning", "works", ground=grounds.SNAPSHOTS, explainable=True)
def works_fall(case: Case) -> Iterator[Problem]:
    """What is done of a kind of work does not fall from one snapshot to the next."""
    rows = case["works"].sort_values("date", kind="stable")
    before = rows.groupby(["work", "unit_code"])["done_vnd"].shift()
    falls = (rows["done_vnd"] < before) & ~is_small(case, "works", "done_vnd")
    for position, row in where(rows, falls[rows.index]):
        expected = message("at least {amount} đồng, as in the snapshot before", amount=int(before[position]))
        yield Problem("works", "done_vnd", row["row"], message("{amount} đồng", amount=int(row["done_vnd"])), expected)


@check(
    "works-unlike-budget", "warning", "works", "capital", "disbursements", "units", ground=grounds.SUM, explainable=True
)
def works_unlike_budget(case: Case) -> Iterator[Problem]:
    """The kinds of work have together what the budget has allocated and disbursed of their source."""
    programme, rows = case.data.catalogue.programme(case.year), case["works"]
    if rows.empty or programme is None or not set(rows["work"]) <= set(_works(case)) or _has_small(case):
        return
    above = units_above(case["units"], case.unit)
    total = works_table(rows, _works(case), above).set_index("work").loc[TOTAL]
    last = rows["date"].max()
    budget = _budget(case, programme.work_source, last if _is_apart(case) else pd.Timestamp(case.day))
    for name, paid in (("planned_vnd", "planned_vnd"), ("done_vnd", "disbursed_vnd")):
        typed, known = total[name], budget[paid]
        if pd.notna(typed) and pd.notna(known) and typed != known:
            found = message("all kinds of work have {amount} đồng together", amount=int(typed))
            source = quoted(case.data.catalogue.source_name(programme.work_source))
            expected = message("{amount} đồng, as the budget has of {source}", amount=int(known), source=source)
            yield Problem("works", name, int(rows.loc[rows["date"] == last, "row"].min()), found, expected)


def _has_small(case: Case) -> bool:
    """Return whether amounts are hardly in đồng, of which that is said: the sums differ by them."""
    return any(small_amounts(case)[name].any(axis=None) for name in ("works", "capital", "disbursements"))


def _is_apart(case: Case) -> bool:
    """Return whether no report of the forms is looked at, so that money of a later day tells nothing of the works."""
    return case.period is None or case.period.kind not in _OF_THE_FORMS


def _budget(case: Case, source: str, until: dt.datetime) -> pd.Series:
    """Return planned_vnd and disbursed_vnd of a source of the year's funds on a day, as reports add them up."""
    tree = sources_of([case.year], case.data.catalogue)
    known = [*tree["code"], UNSPLIT]
    capital, paid = (
        frame[frame["fund_year"].eq(case.year) & frame["source"].isin(known) & ~(frame["date"] > until)]
        for frame in (case["capital"], case["disbursements"])
    )
    lines = funding.execution(capital, paid, tree, units_above(case["units"], case.unit))
    return lines.loc[lines["source"] == source, ["planned_vnd", "disbursed_vnd"]].sum(skipna=False)


def _works(case: Case) -> list[str]:
    programme = case.data.catalogue.programme(case.year)
    return [work.code for work in programme.works] if programme else []
