"""What the manifest keeps of the report of a review: key figures as its reader sees them, notes on its files."""

from typing import Any

import pandas as pd

from giamngheo.report.elements.record import Record, plain
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.statistics.ratio import percentage

_COUNTS = ("households", "poor_households", "near_poor_households")


def record(facts: HouseholdFacts) -> Record:
    """Return the record of a report; for a public audience without the cells that are left out, and without notes."""
    row, units, notes = facts.summary.iloc[-1], facts.review.units.set_index("code"), facts.review.notes
    above = units.loc[units.index == units["parent_code"][facts.unit]]
    figures: dict[str, Any] = {
        "unit": facts.unit_name,
        "code": facts.unit,
        "level": units["level"][facts.unit],
        "within": "".join(map(facts.words_of, above.index)),
        "marking": facts.data.form.get("marking", ""),
        "reviewed": f"{facts.review.day:%Y-%m-%d}",
        "warnings": len(notes),
    }
    figures |= {name: plain(row[name]) for name in _COUNTS}
    for name in ("poor", "near_poor"):
        counts = pd.Series([row[f"{name}_households"]]), pd.Series([row["households"]])
        figures[f"{name}_rate_pct"] = plain(percentage(*counts).iloc[0])
    told = [{"code": "household-file", "severity": "warning", "file": file, "text": note} for file, note in notes]
    return Record(figures, () if facts.is_public else told)
