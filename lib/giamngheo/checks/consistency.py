"""Every rule over a dataset: what is wrong with it, what it does not explain, what is worth knowing."""

from collections.abc import Set

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


def findings(dataset: Dataset, period: Period | None = None, *, broken: Set[str] = frozenset()) -> list[Finding]:
    """What the reader and the rules find in a dataset, the worst first, as of a period when one is given.

    Rules that read a table of `broken` are left out: they would judge something else than what was typed.
    """
    case = Case(dataset if period is None else as_of(dataset, period), dataset, period)
    judged = [rule for rule in RULES if broken.isdisjoint(rule.reads)]
    found = [*dataset.findings, *(finding for rule in judged for finding in rule.findings(case))]
    severities = list(SEVERITIES)
    return sorted(found, key=lambda finding: severities.index(finding.severity))
