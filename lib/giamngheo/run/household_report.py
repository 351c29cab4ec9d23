"""The report of an annual review: its notebook executed, exported, published."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from giamngheo.intake.locate import located
from giamngheo.run.execute import executed
from giamngheo.run.exports import FORMATS, exported
from giamngheo.run.normalise import normalised, notebook_bytes
from giamngheo.run.publish import publish
from giamngheo.scratch import ended_in_order, sweep_scratch

NOTEBOOK = "notebooks/household_review.ipynb"


def make_household_report(
    workbook: Path,
    files: Mapping[str, Path | None],
    parameters: Mapping[str, Any],
    *,
    out: Path,
    formats: Sequence[str] = FORMATS,
    progress: bool = False,
) -> list[Path]:
    """Paths of the files of the report on a household file, which it writes to the folder `out`.

    `files` are the other parameters of the notebook that are files, `parameters` those that are not. Raises
    GiamngheoError when the report cannot be made; the earlier one then stays as it was.
    """
    folder = workbook.resolve().parent
    asked = {name: _seen_from(folder, path) if path else "" for name, path in files.items()}
    asked |= {"workbook": workbook.resolve().name, **parameters}
    with ended_in_order():
        try:
            notebook = normalised(executed(located(NOTEBOOK), asked, cwd=folder, progress=progress))
        finally:
            sweep_scratch()  # a kernel that is stopped on the way clears nothing up
    written = exported(notebook, formats) | {"report.ipynb": notebook_bytes(notebook)}
    publish(out, written)
    return [out / name for name in written]


def _seen_from(folder: Path, path: Path) -> str:
    """A path from a folder on, so that no report tells where on a disk it was made; in full on another drive."""
    try:
        return Path(os.path.relpath(path.resolve(), folder)).as_posix()
    except ValueError:
        return path.resolve().as_posix()
