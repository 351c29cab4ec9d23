"""The check of capital that a later decision assigns once more: rows of capital add up, so it counts twice."""

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check
from giamngheo.core.message import message, quoted

_LINE = ["project_code", "source", "budget_level", "fund_year", "unit_code"]

_FEW = 3
"""Fewer lines than these may have a second part of the year's money that is as large as the first."""


@check("capital-assigned-again", "warning", "capital", "units", ground=grounds.SUM, explainable=True)
def capital_assigned_again(case: Case) -> Iterator[Problem]:
    """A decision assigns no capital once more that the rows before have, also those of the units merged."""
    capital = case.money["capital"]
    capital = capital[capital["planned_vnd"].gt(0).fillna(value=False) & capital["fund_year"].notna()]
    for (day, decision), rows in capital.groupby(["date", "decision"]):
        judged = _beside_before(rows, capital[~(capital["date"] >= day)])
        again = judged[judged["is_again"]]
        if not (len(again) >= _FEW and _are_most(judged)):
            merged = judged[judged["was_merged"]].groupby("unit_code").filter(_are_most)
            again = merged[merged["is_again"]]
        if len(again):
            yield _problem(again, len(rows), decision, day.date())


def _beside_before(rows: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a decision beside the earlier ones of their lines.

    is_again: whether a row has as much as they have together; was_merged: whether the unit was made from others that
    have some of them.
    """
    lines = earlier.assign(was_merged=earlier["before"].ne("")).groupby(_LINE)
    known = lines.agg(known_vnd=("planned_vnd", "sum"), was_merged=("was_merged", "any"))
    judged = rows.join(known, on=_LINE)
    of_merged = judged["unit_code"].isin(judged.loc[judged["was_merged"].eq(True), "unit_code"]) & rows["before"].eq("")
    is_again = judged["planned_vnd"].eq(judged["known_vnd"]).fillna(value=False)
    return judged.assign(is_again=is_again.astype("bool"), was_merged=of_merged)


def _are_most(judged: pd.DataFrame) -> bool:
    return bool(2 * judged["is_again"].sum() > len(judged))


def _problem(again: pd.DataFrame, count: int, decision: str, day: dt.date) -> Problem:
    first = again.iloc[0]
    found = message(
        "{again} of {count} amounts of {decision} of {day} are what the rows before have together of the same content,"
        " source, year and unit, the first {amount} đồng: rows of capital add up, so the money counts twice",
        again=len(again),
        count=count,
        decision=quoted(decision) if decision else message("the decision"),
        day=day,
        amount=int(first["planned_vnd"]),
    )
    expected = message(
        "each amount once: these rows left out, as those before count also after a merger;"
        " a raise as a row of what is added, a cut by putting right the row before"
    )
    return Problem("capital", "planned_vnd", first["row"], found, expected)
