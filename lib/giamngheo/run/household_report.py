"""The report of an annual review: its notebook executed, exported, published."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from giamngheo.core.errors import MachineError
from giamngheo.core.scratch import ended_in_order, temporary_files
from giamngheo.households.engine import parquet_parts
from giamngheo.run.execute import ReportFailedError, executed_apart
from giamngheo.run.exports import FORMATS, exported, load_exporters
from giamngheo.run.inputs import copied
from giamngheo.run.normalise import normalised, notebook_bytes
from giamngheo.run.publish import publish
from giamngheo.run.recipe import PROJECT
from giamngheo.run.report import executed_copy

NOTEBOOK = "notebooks/household_review.ipynb"

_COPIES = {
    "file": "household-file",
    "before": "household-file-before",
    "workbook": "workbook",
    "standard": "poverty-standard",
}
"""What a report calls its files, by parameter: their own names and folders may name persons."""

_SUFFIXES = {".csv", ".parquet", ".toml", ".tsv", ".txt", ".xlsm", ".xlsx"}


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
    given = {name: path.resolve() for name, path in {"workbook": workbook, **files}.items() if path}
    copies = {name: _copy_name(name, path) for name, path in given.items()}
    sources = {NOTEBOOK: PROJECT / NOTEBOOK}
    for name, path in given.items():
        sources |= dict(_parts(path, copies[name]))
    asked = {name: copies.get(name, "") for name in ("workbook", *files)} | dict(parameters)
    execute = partial(executed_apart, progress=progress, meanwhile=partial(load_exporters, formats))
    with ended_in_order(), temporary_files(), copied(sources) as inputs:
        try:
            notebook = normalised(executed_copy(NOTEBOOK, asked, inputs, execute=execute))
            written = exported(notebook, formats) | {"report.ipynb": notebook_bytes(notebook)}
        except ReportFailedError as error:
            raise ReportFailedError(_told(str(error), given, copies), error.exit_status) from error
        except OSError as error:
            raise MachineError(error) from error
    publish(out, written)
    return [out / name for name in written]


def _copy_name(name: str, path: Path) -> str:
    """Name of the copy of a file, or of the folder of copies; a workbook keeps its own where that is a year."""
    if name == "workbook" and path.stem.isdecimal():
        return path.name
    return _COPIES[name] + (path.suffix.lower() if path.suffix.lower() in _SUFFIXES else "")


def _parts(path: Path, copy: str) -> Iterator[tuple[str, Path]]:
    """Yield the names of the copies of a file or of the Parquet files of a folder, in their order."""
    if not path.is_dir():
        yield copy, path
        return
    for number, part in enumerate(parquet_parts(path)[0], 1):
        yield f"{copy}/{copy}-{number:06}.parquet", part


def _told(message: str, given: Mapping[str, Path], copies: Mapping[str, str]) -> str:
    """A message in which folders, too, have their own names; the files in them have theirs already."""
    for name, path in given.items():
        if path.is_dir():
            message = message.replace(copies[name], path.name)
    return message
