"""What is wrong in a workbook, and where."""

import datetime as dt
import itertools
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from giamngheo.core.errors import GiamngheoError
from giamngheo.core.message import Lang, Message, first_of, message

Severity = Literal["error", "warning", "explained", "info"]
"""error: no report; warning: a report with a note; explained: one of them and why it stays; info: worth knowing."""

SEVERITIES: Mapping[Severity, Message] = {
    "error": message("error"),
    "warning": message("warning"),
    "explained": message("explained"),
    "info": message("notice"),
}
"""Severities with their names, the worst first."""


@dataclass(frozen=True)
class Contradiction:
    """Figures that contradict each other at one place, which an explanation is of: it is found again when rows move.

    sheet, column: names as they stand there. line: what of the row's key is neither date nor unit. figures: those that
    stand there and those that are expected, "130; 127".
    """

    code: str
    sheet: str
    column: str
    date: dt.date | None
    unit_code: str
    line: str
    figures: str


@dataclass(frozen=True)
class Explanation:
    """Why figures contradict each other, who decided that they stay and when."""

    text: str
    decided_by: str
    decided_on: dt.date

    @property
    def said(self) -> Message:
        """The explanation with who decided it."""
        text = self.text.rstrip(" .")
        return message("{text} (decided by {by}, {day})", text=text, by=self.decided_by, day=self.decided_on)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or unexplained: the place, what stands there, what is expected instead, and why.

    `code` is stable: it names the rule in every language and version. `also`: other cells of which the same is said.
    `contradiction`: of a finding that can be explained; `explanation`: of one that is.
    """

    code: str
    severity: Severity
    file: str
    sheet: str
    cell: str
    found: Message
    expected: Message
    ground: Message | None = None
    also: tuple[str, ...] = ()
    contradiction: Contradiction | None = None
    explanation: Explanation | None = None

    def __str__(self) -> str:
        return self.said()

    def said(self, lang: Lang = "vi") -> str:
        """Return the finding in one sentence."""
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

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell of which this is said."""
        return (self.cell, *self.also) if self.cell else ()


_REPEATING = {"bad-cell"}
"""Codes whose expectation repeats what stands in the cell, read otherwise: it is one fault all the same."""

MOST_ALIKE = 5
"""Findings that say the same of cells of one sheet; of more only the first is told, with the cells of the others."""
MOST_RANGES = 8
"""Ranges of cells that a message names."""


def without_floods(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in their order, where many cells of a sheet have one fault as one finding."""
    groups: dict[Hashable, list[Finding]] = {}
    for index, finding in enumerate(findings):
        place = (finding.severity, finding.file, finding.sheet) if finding.cell else index
        expected = finding.expected.words if finding.code in _REPEATING else finding.expected
        key = (finding.code, place, finding.found.words, expected, finding.contradiction)
        groups.setdefault(key, []).append(finding)
    return list(itertools.chain.from_iterable(map(_as_one, groups.values())))


def _as_one(alike: Sequence[Finding]) -> Sequence[Finding]:
    if len(alike) <= MOST_ALIKE:
        return alike
    first, *others = alike
    also = tuple(cell for finding in others for cell in finding.cells)
    also = tuple(cell for cell in dict.fromkeys((*first.also, *also)) if cell != first.cell)
    found = message("{found} (and {count} more cells: {cells})", found=first.found, count=len(also), cells=listed(also))
    return [replace(first, found=found, also=also)] if also else [first]


def listed(cells: Iterable[str]) -> str:
    """Return references as ranges down a column, "E5:E290, G7", the first of them where they are many."""
    return first_of(list(_ranges(cells)), MOST_RANGES)


def _ranges(cells: Iterable[str]) -> Iterator[str]:
    parts = (re.split("(?=[0-9])", cell, maxsplit=1) for cell in cells)
    places = sorted((len(column), column, int(row)) for column, row in parts)
    together = itertools.groupby(enumerate(places), key=lambda item: (item[1][1], item[1][2] - item[0]))
    for (column, _), run in together:
        rows = [row for _, (_, _, row) in run]
        yield f"{column}{rows[0]}" + (f":{column}{rows[-1]}" if rows[1:] else "")


class InvalidWorkbookError(GiamngheoError):
    """The workbook cannot be used; one line a finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in findings))


def of_severity(findings: Iterable[Finding], severity: Severity) -> list[Finding]:
    """Return the findings of one severity, in their order."""
    return [finding for finding in findings if finding.severity == severity]
