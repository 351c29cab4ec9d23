"""What is wrong in a workbook, and where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from giamngheo.errors import GiamngheoError
from giamngheo.intake.message import Lang, Message, message

Severity = Literal["error", "warning", "info"]
"""error: no report; warning: a report with a note; info: worth knowing."""

SEVERITIES: Mapping[Severity, Message] = {
    "error": message("error"),
    "warning": message("warning"),
    "info": message("notice"),
}
"""Severities with their names, the worst first."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or unexplained: the place, what stands there, what is expected instead, and why.

    `code` is stable: it names the rule in every language and version.
    """

    code: str
    severity: Severity
    file: str
    sheet: str
    cell: str
    found: Message
    expected: Message
    ground: Message | None = None

    def __str__(self) -> str:
        return self.said()

    def said(self, lang: Lang = "vi") -> str:
        """The finding in one sentence."""
        parts = {"place": self.place, "found": self.found, "expected": self.expected}
        if self.ground is None:
            return message("{place}: {found}; expected: {expected}.", **parts).said(lang)
        told = message("{place}: {found}; expected: {expected}. (Ground: {ground}.)", **parts, ground=self.ground)
        return told.said(lang)

    @property
    def place(self) -> Message:
        """File, sheet and cell, as far as they are known."""
        if self.cell:
            return message("{file}, sheet '{sheet}', cell {cell}", file=self.file, sheet=self.sheet, cell=self.cell)
        if self.sheet:
            return message("{file}, sheet '{sheet}'", file=self.file, sheet=self.sheet)
        return message("{file}", file=self.file)


class InvalidWorkbookError(GiamngheoError):
    """The workbook cannot be used; one line a finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in findings))


def of_severity(findings: Iterable[Finding], severity: Severity) -> list[Finding]:
    """Findings of one severity, in their order."""
    return [finding for finding in findings if finding.severity == severity]
