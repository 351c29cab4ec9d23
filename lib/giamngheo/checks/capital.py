"""Rules of the capital allocated: projects of the programme, each amount once, in đồng."""

import datetime as dt
from collections.abc import Iterator, Mapping

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.rule import Case, Problem, rule, where
from giamngheo.core.message import Message, message, quoted
from giamngheo.regulation.lookup import rule as law
from giamngheo.regulation.programme import Content
from giamngheo.statistics.programme import contents_in
from giamngheo.workbook.schema import choices


def projects(year: int) -> Mapping[str, Content]:
    """Return the contents of the programme that the money of a year belongs to, by code; none before there was one."""
    return {content.code: content for content in contents_in(year)}


@rule("unknown-project", "error", ground=grounds.PROGRAMME)
def unknown_project(case: Case) -> Iterator[Problem]:
    """Money belongs to a project or sub-project of the programme in force."""
    for name in ("capital", "disbursements"):
        for year, rows in case[name].groupby("fund_year"):
            known = projects(int(year))
            for _, row in where(rows, ~rows["project_code"].isin(list(known))):
                found = message(
                    "the programme of {year} has no project {code}", year=str(year), code=quoted(row["project_code"])
                )
                yield Problem(name, "project_code", row["row"], found, _codes(known))


def _codes(known: Mapping[str, Content]) -> Message:
    return message("one of: {labels}", labels=", ".join(known) or "-")


@rule("capital-unlike-project", "warning", ground=grounds.PROGRAMME)
def capital_unlike_project(case: Case) -> Iterator[Problem]:
    """A project is paid from the sources that the programme gives it."""
    capital = case["capital"]
    for _, row in where(capital, capital["planned_vnd"] > 0):
        project = projects(int(row["fund_year"])).get(row["project_code"])
        if project is not None and row["source"] not in project.capital:
            words = choices("source")
            found = message("project {code} has {source}", code=project.code, source=quoted(words[row["source"]]))
            expected = message("{sources}", sources=", ".join(words[source] for source in project.capital))
            yield Problem("capital", "source", row["row"], found, expected)


@rule("project-and-parts", "error", "capital", "disbursements", ground=grounds.SUM)
def project_and_parts(case: Case) -> Iterator[Problem]:
    """A project has money at its own level or at its sub-projects', not at both."""
    capital, paid = case["capital"], case["disbursements"]
    yield from _at_both_levels("capital", capital[capital["planned_vnd"] > 0].assign(vnd=capital["planned_vnd"]))
    snapshots = paid[paid["disbursed_vnd"] > 0].assign(vnd=paid["disbursed_vnd"])
    for _, snapshot in snapshots.groupby("date"):
        yield from _at_both_levels("disbursements", snapshot)


def _at_both_levels(name: str, amounts: pd.DataFrame) -> Iterator[Problem]:
    """Yield the rows of contents of which a part, however deep, has an amount too."""
    for year, rows in amounts.groupby("fund_year"):
        above = {code: set(_above(code, projects(int(year)))) for code in rows["project_code"].unique()}
        for _, row in where(rows, rows["project_code"].isin(set[str]().union(*above.values()))):
            code = row["project_code"]
            parts = int(rows.loc[[code in above[other] for other in rows["project_code"]], "vnd"].sum())
            found = message(
                "project {code} has {own} đồng and its sub-projects {parts} đồng: the money counts twice",
                code=code,
                own=int(row["vnd"]),
                parts=parts,
            )
            expected = message("the money at the sub-projects only, or at the project only")
            yield Problem(name, "project_code", row["row"], found, expected)


def _above(code: str, known: Mapping[str, Content]) -> Iterator[str]:
    """Yield the codes of the contents that a content is part of."""
    while code in known and (code := known[code].parent):
        yield code


@rule("maintenance-share", "warning", "capital", ground=grounds.PROGRAMME)
def maintenance_share(case: Case) -> Iterator[Problem]:
    """Recurrent budget for maintenance is about a tenth of the investment it maintains."""
    usual = law("plausibility/maintenance_pct", on=dt.date(max(case.year, 2022), 12, 31)).value
    capital = case["capital"][case["capital"]["fund_year"] == case.year]  # what is left of earlier years tells nothing
    for _, rows in capital[capital["project_code"] == usual["project"]].groupby("fund_year"):
        investment, recurrent = (rows.loc[rows["source"] == source] for source in ("investment", "recurrent"))
        built, kept = int(investment["planned_vnd"].sum()), int(recurrent["planned_vnd"].sum())
        if kept and built and not usual["from"] * built <= kept * 100 <= usual["to"] * built:
            found = message("maintenance has {kept} đồng beside {built} đồng of investment", kept=kept, built=built)
            expected = message("about {share} % of the investment", share=usual["usual"])
            yield Problem("capital", "planned_vnd", recurrent["row"].iloc[0], found, expected)


@rule("amount-too-small", "warning", ground=message("amounts are typed in đồng"))
def amount_too_small(case: Case) -> Iterator[Problem]:
    """An amount in đồng is not so small that it must be in million đồng."""
    smallest = law("plausibility/smallest_amount", on=dt.date(max(case.year, 2022), 12, 31)).value
    for name, column in (("capital", "planned_vnd"), ("disbursements", "disbursed_vnd")):
        frame = case[name]
        for _, row in where(frame, (frame[column] > 0) & (frame[column] < smallest)):
            amount = int(row[column])
            expected = message("{amount}, if it is in million đồng", amount=amount * 10**6)
            yield Problem(name, column, row["row"], message("the amount is {amount} đồng", amount=amount), expected)


@rule("undated-capital", "warning", "capital", ground=message("a report knows what was known at its cut-off"))
def undated_capital(case: Case) -> Iterator[Problem]:
    """Capital has the number and date of its decision; without a date it counts from the start of the year."""
    capital = case["capital"]
    missing = capital[capital["date"].isna() | (capital["decision"] == "")]
    if len(missing):
        found = message(
            "{count} allocations have no decision or date and count from the start of the year", count=len(missing)
        )
        expected = message("the number and date of the decision that allocates the money")
        yield Problem("capital", "decision", missing["row"].iloc[0], found, expected)
