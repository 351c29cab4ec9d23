"""The rows of contradictions put into the sheet of explanations, for an officer to fill in."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from giamngheo.core.finding import Finding
from giamngheo.core.message import message
from giamngheo.workbook.write.fill import fill_workbook
from giamngheo.workbook.write.placing import Filled


def write_contradictions(path: Path, findings: Sequence[Finding]) -> tuple[Filled, ...]:
    """Write a row for each contradiction that nobody explained; return what was done, nothing where there is none.

    A row that stands there stays, with whatever was typed into it; of other figures at its place there is a new one.
    Raises what fill_workbook raises.
    """
    rows = [_row(finding) for finding in findings if finding.contradiction and not finding.explanation]
    if not rows:
        return ()
    frame = pd.DataFrame(rows).astype({"date": "datetime64[us]"}).drop_duplicates(ignore_index=True)
    return fill_workbook(path, {"explanations": frame})


def _row(finding: Finding) -> dict[str, object]:
    entry = asdict(finding.contradiction) if finding.contradiction else {}
    matter = message("{found}; expected: {expected}.", found=finding.found, expected=finding.expected)
    return {"finding_code": entry.pop("code"), **entry, "matter": matter.said()}
