"""The newest period that a unit has data of, for a kind of report."""

from pathlib import Path

from giamngheo.core.errors import GiamngheoError
from giamngheo.core.paths import workbook_paths
from giamngheo.core.period import Period
from giamngheo.run.kinds import ReportKind
from giamngheo.run.provenance.recipe import has_inputs

LATEST = "latest"
"""How the newest period is asked for."""

_DATED = ("reviews", "capital", "disbursements")


class NoDatedDataError(GiamngheoError):
    """No workbook of the unit has a review, capital or disbursement of its year."""

    def __init__(self, unit: str) -> None:
        super().__init__(
            f"Các sổ tính của {unit} chưa có kết quả rà soát, vốn giao hay giải ngân nào của năm; hãy nhập số liệu."
        )


def latest_period(data: Path, unit: str, kind: ReportKind) -> Period:
    """Return the newest month that a unit has data of; for a yearly kind the newest year that it has files of.

    Raises what `latest_month` raises, TwoInputsError.
    """
    return latest_month(data, unit) if "month" in kind.periods else _latest_year(data, unit, kind)


def latest_month(data: Path, unit: str) -> Period:
    """Return the month of the newest review, capital or disbursement of a unit.

    What a workbook repeats from the years before does not count. Raises UnknownUnitError, NoDatedDataError,
    InvalidWorkbookError where a file is no workbook.
    """
    import pandas as pd

    from giamngheo.workbook.read.workbook import reading
    from giamngheo.workbook.schema import table

    for path in reversed(workbook_paths(data, unit)):
        found = reading(path, unit, int(path.stem), [table(name) for name in _DATED]).dataset
        days = pd.concat([found[name]["date"] for name in _DATED])
        months = days[days.dt.year == found.year].dt.month
        if not months.empty:
            return Period(found.year, int(months.max()))
    raise NoDatedDataError(unit)


def _latest_year(data: Path, unit: str, kind: ReportKind) -> Period:
    """Return the newest year all of whose needed files are there, or the newest that has a workbook."""
    books = [int(path.stem) for path in workbook_paths(data, unit)]
    years = [Period(year, 12, "year") for year in range(books[-1], books[0] - 2, -1)]
    return next((period for period in years if has_inputs(data, unit, period, kind)), years[0])
