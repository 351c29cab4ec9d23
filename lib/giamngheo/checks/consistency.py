"""Every check over a dataset: what is wrong with it, what it does not explain, what is worth knowing."""

from collections.abc import Mapping, Set
from dataclasses import replace
from types import MappingProxyType

from giamngheo.checks import (
    capital,
    disbursement,
    documents,
    entries,
    explanations,
    flows,
    plans,
    rounding,
    scale,
    stocks,
    sums,
    units,
)
from giamngheo.checks.check import Case, Check, Sums
from giamngheo.core.finding import MOST_ALIKE, SEVERITIES, Finding, without_floods
from giamngheo.core.period import Period
from giamngheo.workbook.dataset import Dataset, as_of

_MODULES = (units, entries, stocks, flows, sums, plans, scale, capital, disbursement, documents, rounding, explanations)

CHECKS = tuple(entry for module in _MODULES for entry in vars(module).values() if isinstance(entry, Check))
"""Every check: whatever is decorated as one, in the order of the workbook and then of its module."""

_FIRST = (entries.other_year, entries.date_outside_year, scale.column_in_other_unit)
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
        misjudged = {**_misdated(case), **_in_other_unit(case)}
        wrong = {**broken, **{name: broken.get(name, set()) | rows for name, rows in misjudged.items()}}
        rest = _case(sums, period, wrong)
        judged = (check for check in CHECKS if check not in _FIRST and wrong.keys().isdisjoint(check.reads))
        found += [*whole, *(finding for check in judged for finding in check.findings(rest))]
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
    for problem in entries.date_outside_year.problems(case):
        rows.setdefault(problem.table, set()).add(problem.row)
    return {name: found for name, found in rows.items() if len(found) > MOST_ALIKE}


def _in_other_unit(case: Case) -> dict[str, set[int]]:
    """Return the rows of tables whose amounts are not in đồng: what is said of them would be said of other amounts."""
    tables = {problem.table for problem in scale.column_in_other_unit.problems(case)}
    return {name: set(case.typed[name]["row"]) for name in tables}


def _without(dataset: Dataset, rows: Mapping[str, Set[int]]) -> Dataset:
    """Return a dataset without some rows of its tables."""
    kept = {
        name: frame[~frame["row"].isin(rows.get(name, ()))] for name, frame in dataset.tables.items() if name in rows
    }
    return replace(dataset, tables={**dataset.tables, **kept})
