"""What the manifest keeps of a report: its key figures and findings, carried by a cell that shows nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from giamngheo.core.finding import Finding, of_severity
from giamngheo.report.elements.bundle import MimeBundle, bundle
from giamngheo.report.facts import Facts, first_row
from giamngheo.workbook.schema import choices

RECORD = "record"
"""What it is called in the metadata of the output, and its key there."""

_REVIEW = ("households", "poor_households", "near_poor_households", "poor_rate_pct", "near_poor_rate_pct")
_FUNDS = ("planned_vnd", "disbursed_vnd", "rate_pct")


@dataclass(frozen=True)
class Record:
    """What the manifest keeps of one report.

    figures: unit, its level, the unit above it, marking, day of the review, households and rates, capital of the
    year, disbursed (in đồng), its rate; None where unknown; the number of warnings. findings: code, severity, place and
    words of each; none for a public audience.
    """

    figures: Mapping[str, Any]
    findings: Sequence[Mapping[str, str]]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        kept = {"figures": dict(self.figures), "findings": [dict(finding) for finding in self.findings]}
        return bundle(RECORD, "", "", **{RECORD: kept})


def record(facts: Facts) -> Record:
    """Record of a report."""
    review, funds = first_row(facts.review_now), facts.funds.get(facts.year)
    figures: dict[str, Any] = {"unit": facts.unit, **_place(facts), "marking": facts.data.form.get("marking", "")}
    figures["reviewed"] = None if review is None else f"{review['date']:%Y-%m-%d}"
    figures |= {name: None if review is None else _plain(review[name]) for name in _REVIEW}
    figures |= {name: None if funds is None else _plain(funds.iloc[0][name]) for name in _FUNDS}
    figures["warnings"] = len(of_severity(facts.findings, "warning"))
    return Record(figures, () if facts.audience == "public" else tuple(map(_told, facts.findings)))


def _place(facts: Facts) -> dict[str, str]:
    """Level of the unit, and the unit above it with its level, "tỉnh Kon Tum"; "" where the workbook names none."""
    units = facts.units
    own = units[units["code"] == facts.data.form["unit_code"]].iloc[0]
    above = first_row(units[units["code"] == own["parent_code"]])
    within = "" if above is None else f"{choices('level')[above['level']].lower()} {above['name']}"
    return {"level": own["level"], "within": within}


def _plain(value: Any) -> Any:
    """A number as JSON has it."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _told(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "text": str(finding),
    }
