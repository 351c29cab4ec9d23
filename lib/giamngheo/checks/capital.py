"""Rules of the capital allocated: projects of the programme, each amount once, in đồng."""

import datetime as dt
from collections.abc import Iterator, Mapping

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.rule import Case, Problem, rule, where
from giamngheo.intake.message import Message, message, quoted
from giamngheo.intake.schema import choices
from giamngheo.regulation.lookup import NoRuleInForceError
from giamngheo.regulation.lookup import rule as law
from giamngheo.regulation.programme import Project, programme


def projects(year: int) -> Mapping[str, Project]:
    """Projects of the programme that the money of a year belongs to, by code; none before there was one."""
    try:
        return {project.code: project for project in programme(on=dt.date(year, 12, 31))}
    except NoRuleInForceError:
        return {}


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


def _codes(known: Mapping[str, Project]) -> Message:
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


@rule("project-and-parts", "error", "capital", ground=grounds.SUM)
def project_and_parts(case: Case) -> Iterator[Problem]:
    """A project is budgeted at its own level or at its sub-projects', not at both."""
    capital = case["capital"]
    for year, rows in capital[capital["planned_vnd"] > 0].groupby("fund_year"):
        parents = rows["project_code"].map({code: project.parent for code, project in projects(int(year)).items()})
        for _, row in where(rows, rows["project_code"].isin(set(parents.dropna()) - {""})):
            parts = int(rows.loc[parents == row["project_code"], "planned_vnd"].sum())
            yield Problem("capital", "project_code", row["row"], *_both_levels(row, parts))


def _both_levels(row: pd.Series, parts: int) -> tuple[Message, Message]:
    found = message(
        "project {code} has {own} đồng and its sub-projects {parts} đồng: the money counts twice",
        code=row["project_code"],
        own=int(row["planned_vnd"]),
        parts=parts,
    )
    return found, message("the money at the sub-projects only, or at the project only")


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


RULES = (
    unknown_project,
    capital_unlike_project,
    project_and_parts,
    maintenance_share,
    amount_too_small,
    undated_capital,
)
