"""What the manifest keeps of a monthly report: its key figures and findings."""

from typing import Any

from giamngheo.core.finding import Finding, of_severity
from giamngheo.report.elements.record import Record, plain
from giamngheo.report.facts import Facts, first_row
from giamngheo.report.language import words

_REVIEW = ("households", "poor_households", "near_poor_households", "poor_rate_pct", "near_poor_rate_pct")
_FUNDS = ("planned_vnd", "disbursed_vnd", "rate_pct")


def record(facts: Facts) -> Record:
    """Return the record of a report."""
    review, funds = first_row(facts.review_now), facts.funds.get(facts.year)
    figures: dict[str, Any] = {"unit": facts.unit, **_place(facts), "marking": facts.data.form.get("marking", "")}
    figures["reviewed"] = None if review is None else f"{review['date']:%Y-%m-%d}"
    figures |= {name: None if review is None else plain(review[name]) for name in _REVIEW}
    figures |= {name: None if funds is None else plain(funds.iloc[0][name]) for name in _FUNDS}
    figures["warnings"] = len(of_severity(facts.findings, "warning"))
    return Record(figures, () if facts.audience == "public" else tuple(map(_told, facts.findings)))


def _place(facts: Facts) -> dict[str, str]:
    """Return the level of the unit, and the unit above it with its level, "tỉnh Kon Tum", "" where none is named."""
    units = facts.units
    own = units[units["code"] == facts.data.form["unit_code"]].iloc[0]
    above = first_row(units[units["code"] == own["parent_code"]])
    within = "" if above is None else words.unit_words(above)
    return {"level": own["level"], "within": within}


def _told(finding: Finding) -> dict[str, str]:
    why = finding.explanation
    explained = {} if why is None else {"explanation": why.text, "by": why.decided_by, "on": why.decided_on.isoformat()}
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "text": str(finding),
        **explained,
    }
