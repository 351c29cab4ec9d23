"""What the report of a unit's period still lacks, and whether it is made from its workbook as that is now."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from giamngheo.core.errors import GiamngheoError, UnreadableError
from giamngheo.core.finding import InvalidWorkbookError, of_severity
from giamngheo.core.paths import MisnamedWorkbookError, NoWorkbookError, UnitNameError, workbook_path
from giamngheo.core.period import Period
from giamngheo.report.key_figures import MalformedFiguresError, key_figures
from giamngheo.run.judgement import judgements_of
from giamngheo.run.kinds import ReportKind
from giamngheo.run.latest import NoDatedDataError, latest_month
from giamngheo.run.provenance.manifest import NoManifestError, is_in_place, read_manifest
from giamngheo.run.provenance.recipe import order_again, recipe
from giamngheo.run.publishing.publish import InterruptedRunError, holds_report, repair
from giamngheo.run.report import is_made_of
from giamngheo.statistics.units import summed_units, unit_tree
from giamngheo.workbook.dataset import Dataset, as_of
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.schema import table

Made = Literal["none", "current", "outdated", "older-program", "damaged", "interrupted", "other"]
"""State of a report.

none: not made. current: as it would be made now. outdated: of another workbook, notebook or parameters. older-program:
of the same inputs by another version. damaged: its manifest cannot be read, or a file of it is gone or torn.
interrupted: a killed run left its files aside, and this user cannot put them back. other: it is the report of another
unit or period.
"""


_TABLES = ("form", "units", "reviews", "plans", "capital", "disbursements", "documents", "activities")


@dataclass(frozen=True)
class Lack:
    """What is missing: a code that stays, and the words for people."""

    code: Literal["workbook", "snapshot", "capital", "review", "plan", "documents"]
    words: str

    @property
    def is_needed(self) -> bool:
        """Whether work is left to do: there are months without a document or an activity."""
        return self.code != "documents"


@dataclass(frozen=True)
class Status:
    """What a unit has of a period.

    errors, warnings: of its workbook as it is now; None where nobody knows, as it is not there or cannot be judged.
    reason: why it cannot be judged, in one line.
    """

    unit: str
    period: Period
    lacks: tuple[Lack, ...]
    errors: int | None
    warnings: int | None
    report: Made
    reason: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to do: all is there, nothing stops the report, and it is made."""
        return not any(lack.is_needed for lack in self.lacks) and self.errors == 0 and self.report == "current"


def newest_month(data: Path, units: Iterable[str]) -> tuple[Period, Mapping[str, str]]:
    """Return the newest month that any of the units has data of, and why others, by unit, may have a newer one.

    Raises NoDatedDataError where none has one, what stops the reading where of none a workbook can be read.
    """
    found, unread = [], {}
    for unit in units:
        try:
            found.append(latest_month(data, unit))
        except NoDatedDataError:
            continue
        except GiamngheoError as error:
            unread[unit] = error
    if not found:
        raise next(iter(unread.values()), NoDatedDataError(", ".join(units)))
    return max(found), {unit: str(error).partition("\n")[0] for unit, error in unread.items()}


def status(unit: str, period: Period, kind: ReportKind, *, data: Path, out: Path) -> Status:
    """Return the status of a unit in a period. Raises UnknownUnitError, PeriodOfKindError, BrokenRuleError."""
    made: Made = "outdated" if _is_there(out / unit / kind.folder_of(period)) else "none"
    try:
        path = workbook_path(data, unit, period)
        made, kept = _made(unit, period, kind, data=data, out=out)
    except (NoWorkbookError, MisnamedWorkbookError) as error:
        lack = Lack("workbook", f"sổ tính {period.year}.xlsx")
        return Status(unit, period, (lack,), None, None, made, str(error))
    except (UnitNameError, UnreadableError) as error:
        return Status(unit, period, (), None, None, made, str(error))
    try:
        lacks = tuple(_lacks(path, unit, period))
    except InvalidWorkbookError as error:
        return Status(unit, period, (), len(error.findings), None, made, str(error.findings[0]))
    except UnreadableError as error:
        return Status(unit, period, (), None, None, made, str(error))
    errors, warnings, reason = (0, kept, "") if made == "current" else _counted(data, unit, period)
    return Status(unit, period, lacks, errors, warnings, made, reason)


def _is_there(folder: Path) -> bool:
    """Return whether there is a report in a folder; one that cannot be entered may have one."""
    try:
        return holds_report(folder)
    except UnreadableError:
        return True


def _counted(data: Path, unit: str, period: Period) -> tuple[int | None, int | None, str]:
    """Count the errors and warnings that a report would stop at or tell; say why where it stops for other reasons."""
    try:
        found = [finding for entry in judgements_of(data, unit, period).values() for finding in entry.findings]
    except GiamngheoError as error:
        return None, None, str(error).partition("\n")[0]
    return len(of_severity(found, "error")), len(of_severity(found, "warning")), ""


def _made(unit: str, period: Period, kind: ReportKind, *, data: Path, out: Path) -> tuple[Made, int | None]:
    """Return the state of a report and how many warnings its manifest tells."""
    folder = out / unit / kind.folder_of(period)
    try:
        repair(folder)
        kept = read_manifest(folder)
        warnings = key_figures(kept.figures).warnings
    except InterruptedRunError:
        return "interrupted", None
    except (NoManifestError, MalformedFiguresError):
        return "damaged" if _is_there(folder) else "none", None
    if not is_in_place(folder, kept.recipe):
        return "other", None
    again = order_again(kept.recipe, period, kind, data=data, out=out)
    needed = recipe(again)  # once: somebody may save the workbook meanwhile
    if is_made_of(folder, needed):
        return "current", warnings
    if (needed.inputs, needed.parameters) != (kept.recipe.inputs, kept.recipe.parameters):
        return "outdated", warnings
    return "damaged" if needed.software == kept.recipe.software else "older-program", warnings


def _lacks(path: Path, unit: str, period: Period) -> Iterator[Lack]:
    """Yield what is not typed yet of what the report of a period is made from. Raises InvalidWorkbookError."""
    data = as_of(reading(path, unit, period.year, [table(name) for name in _TABLES]).dataset, period)
    begin = pd.Timestamp(period.begin)
    if not (data["disbursements"]["date"] >= begin).any():
        yield Lack("snapshot", f"giải ngân chốt từ {period.begin:%d/%m/%Y} đến {period.cutoff:%d/%m/%Y}")
    if data["capital"].empty:
        yield Lack("capital", f"vốn giao năm {period.year}")
    for day in _review_days(period):
        yield from _review_lack(data, day)
    plans = data["plans"]
    if not ((plans["year"] == period.year) & (plans["unit_code"] == data.form.get("unit_code"))).any():
        yield Lack("plan", f"kế hoạch giảm nghèo năm {period.year}")
    is_new = (data["documents"]["date"] >= begin).any() or (data["activities"]["period"] == str(period)).any()
    if not is_new:
        yield Lack("documents", "văn bản, hoạt động trong kỳ")


def _review_days(period: Period) -> list[dt.date]:
    """Return the days whose reviews a report compares: the end of the year before, and of the year when it is over."""
    base = dt.date(period.year - 1, 12, 31)
    return [base, period.cutoff] if period.month == 12 else [base]


def _review_lack(data: Dataset, day: dt.date) -> Iterator[Lack]:
    """Yield the review of the unit on a day where it is neither typed nor the sum of all units below."""
    own, moment = data.form.get("unit_code", ""), pd.Timestamp(day)
    reviews = data["reviews"]
    summed = summed_units(reviews[reviews["date"] == moment], unit_tree(data["units"], own, pd.Series([moment])))
    found = summed[summed["unit_code"] == own]
    if found.empty or not (found["typed"] | (found["given"] > 0)).any():
        yield Lack("review", f"rà soát ngày {day:%d/%m/%Y}")
    elif missing := int((found["parts"] - found["given"]).max()) * int(not found["typed"].any()):
        yield Lack("review", f"rà soát ngày {day:%d/%m/%Y} của {missing} đơn vị trực thuộc")
