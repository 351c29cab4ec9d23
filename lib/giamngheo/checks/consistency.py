"""Every check over a dataset: what is wrong with it, what it does not explain, what is worth knowing."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from giamngheo.checks import documents, entries, flows, grounds, plans, rounding, scale, stocks, sums, units
from giamngheo.checks.check import (
    Case,
    Check,
    Problem,
    Sums,
    check,
)
from giamngheo.checks.money import again, amounts, capital, disbursement
from giamngheo.core.finding import MOST_ALIKE, SEVERITIES, Contradiction, Finding, without_floods
from giamngheo.core.message import Message, message, quoted
from giamngheo.core.period import Period
from giamngheo.workbook.dataset import Dataset, as_of
from giamngheo.workbook.explanations import contradiction_of, explanation_of, place_and_figures
from giamngheo.workbook.schema import table

_MODULES = (
    units,
    entries,
    stocks,
    flows,
    sums,
    plans,
    amounts,
    scale,
    capital,
    again,
    disbursement,
    documents,
    rounding,
)

_OF_FIGURES = tuple(entry for module in _MODULES for entry in vars(module).values() if isinstance(entry, Check))

_EXPLAINABLE: Mapping[str, Check] = {entry.code: entry for entry in _OF_FIGURES if entry.explainable}
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
    there = list(_contradictions(case, {entry.code for _, entry in explained}))
    known = {place_and_figures(entry) for entry in there}
    figures = {place_and_figures(entry)[:-1]: entry.figures for entry in there}
    for row, entry in explained:
        if place_and_figures(entry) not in known:
            yield Problem(
                "explanations", "figures", row["row"], *_outdated(entry, figures.get(place_and_figures(entry)[:-1]))
            )


def _contradictions(case: Case, codes: Set[str]) -> Iterator[Contradiction]:
    """Yield the contradictions of some codes that there are, explained or not."""
    for one in _EXPLAINABLE.values():
        problems = one.problems_in(case) if one.code in codes else ()
        yield from filter(None, (one.contradiction(case, problem) for problem in problems))


def still_explained(dataset: Dataset, explanations: pd.DataFrame) -> pd.DataFrame:
    """Return the explanations, of any workbooks, that say all of a contradiction of which a dataset says nothing."""
    case = Case(dataset, Sums(dataset))
    there = {place_and_figures(one) for one in _contradictions(case, set(explanations["finding_code"]))}
    there -= {place_and_figures(contradiction_of(row)) for _, row in case["explanations"].iterrows() if _is_begun(row)}
    found = [_counts(row) and place_and_figures(contradiction_of(row)) in there for _, row in explanations.iterrows()]
    return explanations[found]


def _is_begun(row: pd.Series) -> bool:
    return any(not pd.isna(row[name]) and row[name] != "" for name in ("explanation", "decided_by", "decided_on"))


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


CHECKS = (*_OF_FIGURES, not_explainable, explanation_incomplete, explanation_outdated)
"""Every check: whatever is decorated as one, in the order of the workbook and then of its module."""

_FIRST = (entries.other_year, entries.date_outside_year, amounts.column_in_other_unit, scale.review_out_of_scale)
"""What is wrong with the whole of a workbook or table comes before what is wrong in it."""

NOTHING: Mapping[str, Set[int]] = MappingProxyType({})


def findings(
    dataset: Dataset,
    period: Period | None = None,
    *,
    broken: Mapping[str, Set[int]] = NOTHING,
    sums: Sums | None = None,
) -> list[Finding]:
    """Return what the reader and the checks find in a dataset, the worst first, as of a period when one is given.

    Checks that need the whole of a table of `broken` (reader.Reading), or of one with many dates outside its year, are
    left out: they would judge something else than what was typed. Those that judge each row by itself judge the rows
    that can be read. A workbook of another year than its name says is told that alone. sums: of the dataset, where
    somebody has them.
    """
    sums = sums or Sums(dataset)
    case = _case(sums, period, broken)
    found = [*dataset.findings, *entries.other_year.findings(case)]
    if len(found) == len(dataset.findings):
        whole = [finding for check in _FIRST[1:] for finding in check.findings(case)]
        misjudged = {**_misdated(case), **_in_other_unit(case), **_out_of_scale(case, whole)}
        wrong = {**broken, **{name: broken.get(name, set()) | rows for name, rows in misjudged.items()}}
        rest = _case(sums, period, wrong) if misjudged else case
        judged = (one for one in CHECKS if one not in _FIRST and wrong.keys().isdisjoint(one.reads))
        found += [*whole, *(finding for one in judged for finding in one.findings(rest))]
    severities = list(SEVERITIES)
    return sorted(without_floods(found), key=lambda finding: severities.index(finding.severity))


def _case(sums: Sums, period: Period | None, wrong: Mapping[str, Set[int]]) -> Case:
    """Return the case of a dataset without the rows that are wrong."""
    of_readable = Sums(_without(sums.typed, wrong)) if wrong else sums
    readable = of_readable.typed
    return Case(readable if period is None else as_of(readable, period), of_readable, period)


def _misdated(case: Case) -> dict[str, set[int]]:
    """Return rows with dates outside the year, of tables that have many: their checks would miss those rows."""
    rows: dict[str, set[int]] = {}
    for problem in entries.date_outside_year.problems_in(case):
        rows.setdefault(problem.table, set()).add(problem.row)
    return {name: found for name, found in rows.items() if len(found) > MOST_ALIKE}


def _in_other_unit(case: Case) -> dict[str, set[int]]:
    """Return the rows of tables whose amounts are not in đồng: what is said of them would be said of other amounts."""
    tables = {problem.table for problem in amounts.column_in_other_unit.problems_in(case)}
    return {name: set(case.typed[name]["row"]) for name in tables}


def _out_of_scale(case: Case, told: Iterable[Finding]) -> dict[str, set[int]]:
    """Return the rows of the reviews that lack a digit or have one too many, which nobody explained."""
    found = (one for one in told if one.code == scale.review_out_of_scale.code and not one.explanation)
    days = {pd.Timestamp(one.contradiction.date) for one in found if one.contradiction}
    reviews = case.typed["reviews"]
    return {"reviews": set(reviews.loc[reviews["date"].isin(days), "row"])} if days else {}


def _without(dataset: Dataset, rows: Mapping[str, Set[int]]) -> Dataset:
    """Return a dataset without some rows of its tables."""
    kept = {
        name: frame[~frame["row"].isin(rows.get(name, ()))] for name, frame in dataset.tables.items() if name in rows
    }
    return replace(dataset, tables={**dataset.tables, **kept})
