"""Checks of the explanations of contradictions: each is whole, and of a contradiction that is there."""

from collections.abc import Iterator, Mapping

import pandas as pd

from giamngheo.checks import capital, disbursement, flows, grounds, plans, stocks, sums
from giamngheo.checks.check import (
    Case,
    Check,
    Problem,
    check,
    contradiction_of,
    explanation_of,
    place_and_figures,
)
from giamngheo.core.finding import Contradiction
from giamngheo.core.message import Message, message, quoted
from giamngheo.workbook.schema import table

_EXPLAINABLE: Mapping[str, Check] = {
    entry.code: entry
    for module in (stocks, flows, sums, plans, capital, disbursement)
    for entry in vars(module).values()
    if isinstance(entry, Check) and entry.explainable
}
_JUDGED = sorted({name for entry in _EXPLAINABLE.values() for name in entry.reads})
"""Tables without which it is not known which contradictions there are."""


@check("not-explainable", "warning", ground=grounds.EXPLAINED)
def not_explainable(case: Case) -> Iterator[Problem]:
    """What is explained is a contradiction of figures: what cannot be read, or stands twice, is put right."""
    for _, row in case["explanations"].iterrows():
        if row["finding_code"] not in _EXPLAINABLE:
            found = message("{code} is no contradiction that can be explained", code=quoted(row["finding_code"]))
            yield Problem("explanations", "finding_code", row["row"], found, message("the finding put right"))


@check("explanation-incomplete", "warning", ground=grounds.EXPLAINED)
def explanation_incomplete(case: Case) -> Iterator[Problem]:
    """An explanation says why, who decided it and when."""
    names = ("explanation", "decided_by", "decided_on")
    for _, row in case["explanations"].iterrows():
        missing = [name for name in names if pd.isna(row[name]) or row[name] == ""]
        if 0 < len(missing) < len(names):
            headers = ", ".join(table("explanations").column(name).header for name in missing)
            found = message("the explanation does not count yet: nothing stands in {headers}", headers=headers)
            yield Problem("explanations", missing[0], row["row"], found, message("these cells filled in"))


@check("explanation-outdated", "warning", "explanations", *_JUDGED, ground=grounds.EXPLAINED)
def explanation_outdated(case: Case) -> Iterator[Problem]:
    """An explanation is of a contradiction that is there, with the figures that were explained."""
    explained = [(row, contradiction_of(row)) for _, row in case["explanations"].iterrows() if _counts(row)]
    codes = {entry.code for _, entry in explained}
    there = [
        entry
        for check in _EXPLAINABLE.values()
        if check.code in codes
        for problem in check.problems(case)
        if (entry := check.contradiction(case, problem)) is not None
    ]
    known = {place_and_figures(entry) for entry in there}
    figures = {place_and_figures(entry)[:-1]: entry.figures for entry in there}
    for row, entry in explained:
        if place_and_figures(entry) not in known:
            yield Problem(
                "explanations", "figures", row["row"], *_outdated(entry, figures.get(place_and_figures(entry)[:-1]))
            )


def _counts(row: pd.Series) -> bool:
    return row["finding_code"] in _EXPLAINABLE and explanation_of(row) is not None


def _outdated(entry: Contradiction, now: str | None) -> tuple[Message, Message]:
    place = message("{code} in {sheet}, column {column}", code=entry.code, sheet=entry.sheet, column=entry.column)
    if now is None:
        found = message("{place}: there is no such contradiction any more", place=place)
        return found, message("this row taken out, or its place as validate tells it")
    found = message(
        "{place}: {figures} were explained, {now} contradict each other now",
        place=place,
        figures=quoted(entry.figures),
        now=quoted(now),
    )
    return found, message("an explanation of these figures: validate --explain adds its row")
