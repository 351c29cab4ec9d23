"""What the manifest keeps of a report: an element that shows nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from giamngheo.report.elements.bundle import MimeBundle, bundle

RECORD = "record"
"""What it is called in the metadata of the output, and its key there."""


@dataclass(frozen=True)
class Record:
    """What the manifest keeps of one report.

    figures: unit, its code, its level, the unit above it, marking, day of the review, households and rates, capital of
    the year, disbursed (in đồng), its rate; None where unknown; the number of warnings. findings: code, severity, place
    and words of each; none for a public audience.
    """

    figures: Mapping[str, Any]
    findings: Sequence[Mapping[str, str]]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        kept = {"figures": dict(self.figures), "findings": [dict(finding) for finding in self.findings]}
        return bundle(RECORD, "", "", **{RECORD: kept})


def plain(value: Any) -> Any:
    """Return a number as JSON has it, None where it is unknown."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
