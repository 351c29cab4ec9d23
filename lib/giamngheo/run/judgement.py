"""What is wrong in the workbooks that a report is made from, or in all of a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from giamngheo.checks.consistency import findings
from giamngheo.core.finding import Finding, InvalidWorkbookError, of_severity
from giamngheo.core.paths import is_there, workbook_path, workbook_paths
from giamngheo.core.period import Period
from giamngheo.export.letters import unshown_letters
from giamngheo.report.reading import facts
from giamngheo.run.latest import NoDatedDataError, latest_month
from giamngheo.workbook.dataset import as_of
from giamngheo.workbook.read.workbook import Reading, reading
from giamngheo.workbook.schema import tables


@dataclass(frozen=True)
class Judgement:
    """The findings of a workbook, and its sheets that no rule could judge, as they could not be read whole."""

    findings: Sequence[Finding]
    broken: Sequence[str] = ()

    @property
    def errors(self) -> Sequence[Finding]:
        """The findings that stop a report."""
        return of_severity(self.findings, "error")


def judgements(data: Path, unit: str) -> Mapping[Path, Judgement]:
    """Return the judgements of all workbooks of a unit.

    Raises UnknownUnitError, MisnamedWorkbookError, and where the newest report stops for another reason than a finding
    what it raises.
    """
    found = {path: _of_book(path, unit, None) for path in workbook_paths(data, unit)}
    if not any(entry.errors for entry in found.values()):
        facts(unit, str(_newest(data, unit)), str(data))
    return found


def _newest(data: Path, unit: str) -> Period:
    try:
        return latest_month(data, unit)
    except NoDatedDataError:
        return Period(max(int(path.stem) for path in workbook_paths(data, unit)), 12)


def judgements_of(data: Path, unit: str, period: Period) -> Mapping[Path, Judgement]:
    """Return the judgements of the workbooks that the report of a period is made from.

    Raises GiamngheoError where there are none, or where the report stops for another reason than a finding.
    """
    path = workbook_path(data, unit, period)
    found = {path: _of_book(path, unit, period)}
    earlier = path.with_name(f"{period.year - 1}.xlsx")
    if is_there(earlier) and (errors := _unread(earlier, unit)):
        found[earlier] = Judgement(errors)
    if not any(entry.errors for entry in found.values()):
        facts(unit, str(period), str(data))
    return found


def _of_book(path: Path, unit: str, period: Period | None) -> Judgement:
    try:
        return judgement(reading(path, unit, int(path.stem)), period)
    except InvalidWorkbookError as error:
        return Judgement(error.findings)


def judgement(found: Reading, period: Period | None) -> Judgement:
    """Return the judgement of a workbook that was read, as of a period when one is given."""
    broken = [entry.sheet for entry in tables() if entry.name in found.broken]
    printed = found.dataset if period is None else as_of(found.dataset, period)
    return Judgement([*unshown_letters(printed), *findings(found.dataset, period, broken=found.broken)], broken)


def _unread(path: Path, unit: str) -> Sequence[Finding]:
    """Return what cannot be read of the workbook of the year before, with which figures are compared."""
    try:
        return of_severity(reading(path, unit, int(path.stem)).findings, "error")
    except InvalidWorkbookError as error:
        return error.findings
