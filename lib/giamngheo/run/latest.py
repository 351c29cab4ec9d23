"""The newest period that a unit's workbooks have data of."""

from pathlib import Path

import pandas as pd

from giamngheo.core.errors import GiamngheoError
from giamngheo.core.paths import workbook_paths
from giamngheo.core.period import Period
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.schema import table

LATEST = "latest"
"""How the newest period is asked for."""

_DATED = ("reviews", "capital", "disbursements")


class NoDatedDataError(GiamngheoError):
    """No workbook of the unit has a review, capital or disbursement of its year."""

    def __init__(self, unit: str) -> None:
        super().__init__(
            f"Các sổ tính của {unit} chưa có kết quả rà soát, vốn giao hay giải ngân nào của năm; hãy nhập số liệu."
        )


def latest_period(data: Path, unit: str) -> Period:
    """Month of the newest review, capital or disbursement of a unit.

    What a workbook repeats from the years before does not count. Raises UnknownUnitError, NoDatedDataError,
    InvalidWorkbookError where a file is no workbook.
    """
    for path in reversed(workbook_paths(data, unit)):
        found = reading(path, unit, int(path.stem), [table(name) for name in _DATED]).dataset
        days = pd.concat([found[name]["date"] for name in _DATED])
        months = days[days.dt.year == found.year].dt.month
        if not months.empty:
            return Period(found.year, int(months.max()))
    raise NoDatedDataError(unit)
