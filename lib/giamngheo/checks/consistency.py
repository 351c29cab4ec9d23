"""Every rule over a dataset: what is wrong with it, what it does not explain, what is worth knowing."""

from collections.abc import Mapping, Set
from dataclasses import replace
from types import MappingProxyType

from giamngheo.checks import capital, disbursement, documents, entries, flows, plans, rounding, stocks, sums, units
from giamngheo.checks.rule import Case, Rule
from giamngheo.intake.dataset import Dataset, as_of
from giamngheo.intake.finding import SEVERITIES, Finding
from giamngheo.intake.period import Period

RULES: tuple[Rule, ...] = tuple(
    rule
    for room in (units, entries, stocks, flows, sums, plans, capital, disbursement, documents, rounding)
    for rule in room.RULES
)
"""Every rule, in the order of the workbook."""


NOTHING: Mapping[str, Set[int]] = MappingProxyType({})


def findings(
    dataset: Dataset, period: Period | None = None, *, broken: Mapping[str, Set[int]] = NOTHING
) -> list[Finding]:
    """What the reader and the rules find in a dataset, the worst first, as of a period when one is given.

    Rules that need the whole of a table of `broken` (reader.Reading) are left out: they would judge something else
    than what was typed. Those that judge each row by itself judge the rows that can be read.
    """
    readable = _without(dataset, broken)
    case = Case(readable if period is None else as_of(readable, period), readable, period)
    judged = [rule for rule in RULES if broken.keys().isdisjoint(rule.reads)]
    found = [*dataset.findings, *(finding for rule in judged for finding in rule.findings(case))]
    severities = list(SEVERITIES)
    return sorted(found, key=lambda finding: severities.index(finding.severity))


def _without(dataset: Dataset, rows: Mapping[str, Set[int]]) -> Dataset:
    if not rows:
        return dataset
    kept = {
        name: frame[~frame["row"].isin(rows.get(name, ()))] for name, frame in dataset.tables.items() if name in rows
    }
    return replace(dataset, tables={**dataset.tables, **kept})
