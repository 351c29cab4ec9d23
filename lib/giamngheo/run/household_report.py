"""The report of an annual review: its notebook executed, exported, published."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from giamngheo.intake.locate import located
from giamngheo.run.execute import executed
from giamngheo.run.exports import FORMATS, exported
from giamngheo.run.normalise import normalised, notebook_bytes
from giamngheo.run.publish import publish
from giamngheo.statistics.households.scratch import ended_in_order, sweep_scratch

NOTEBOOK = "notebooks/household_review.ipynb"


def make_household_report(
    file: Path,
    workbook: Path,
    parameters: Mapping[str, Any],
    *,
    out: Path,
    formats: Sequence[str] = FORMATS,
    progress: bool = False,
) -> list[Path]:
    """Paths of the files of the report on a household file, which it writes to the folder `out`.

    `parameters` are those of the notebook. Raises GiamngheoError when the report cannot be made; the earlier one
    then stays as it was.
    """
    asked = {"file": str(file.resolve()), "workbook": str(workbook.resolve()), "before": ""} | dict(parameters)
    with ended_in_order():
        try:
            notebook = normalised(executed(located(NOTEBOOK), asked, cwd=workbook.resolve().parent, progress=progress))
        finally:
            sweep_scratch()  # a kernel that is stopped on the way clears nothing up
    files = exported(notebook, formats) | {"report.ipynb": notebook_bytes(notebook)}
    publish(out, files)
    return [out / name for name in files]
