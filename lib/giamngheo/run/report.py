"""One report: executed, exported, published."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from giamngheo.intake.locate import located, workbook_path
from giamngheo.intake.period import Period
from giamngheo.run.execute import executed
from giamngheo.run.exports import FORMATS, exported
from giamngheo.run.normalise import normalised, notebook_bytes
from giamngheo.run.publish import publish

NOTEBOOK = "notebooks/monthly_report.ipynb"


def make_report(
    unit: str,
    period: Period,
    parameters: Mapping[str, Any],
    *,
    data: Path,
    out: Path,
    formats: Sequence[str] = FORMATS,
    progress: bool = False,
) -> list[Path]:
    """Paths of the files of a unit's report, which it writes to `out`/unit/period.

    Raises GiamngheoError when the report cannot be made; the earlier one then stays as it was.
    """
    workbook_path(data, unit, period)
    data = data.resolve()
    asked = {"unit": unit, "period": str(period), "data": data.name} | dict(parameters)
    notebook = normalised(executed(located(NOTEBOOK), asked, cwd=data.parent, progress=progress))
    files = exported(notebook, formats) | {"report.ipynb": notebook_bytes(notebook)}
    folder = out / unit / str(period)
    publish(folder, files)
    return [folder / name for name in files]
