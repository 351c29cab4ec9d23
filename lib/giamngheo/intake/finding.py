"""What is wrong in a workbook, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from giamngheo.errors import GiamngheoError

Severity = Literal["error", "warning", "info"]
"""error: no report; warning: a report with a note; info: worth knowing."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or unexplained: the place, what stands there, what is expected instead."""

    code: str
    severity: Severity
    file: str
    sheet: str
    cell: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place}: {self.found}; cần {self.expected}."

    @property
    def place(self) -> str:
        """File, sheet and cell, as far as they are known."""
        sheet = f"trang '{self.sheet}'" if self.sheet else ""
        cell = f"ô {self.cell}" if self.cell else ""
        return ", ".join(part for part in (self.file, sheet, cell) if part)


class InvalidWorkbookError(GiamngheoError):
    """The workbook cannot be used; one line a finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in findings))
