"""A workbook read into a Dataset, every problem said at once."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from giamngheo.intake.cells import CellError, cell_value, text
from giamngheo.intake.dataset import Dataset
from giamngheo.intake.finding import Finding, InvalidWorkbookError
from giamngheo.intake.grid import Grid, Line, Rows, folded, grid
from giamngheo.intake.schema import Table, tables

_DTYPES = {"date": "datetime64[us]", "count": "Int64", "money": "Int64", "year": "Int64"}


def read_workbook(path: Path, unit: str, year: int) -> Dataset:
    """Dataset of the workbook at `path`.

    Raises InvalidWorkbookError with every missing sheet or column and every cell that does not fit its column.
    """
    sheets = _sheets(path)
    findings: list[Finding] = []
    frames = {}
    for table in tables():
        rows = sheets.get(folded(table.sheet))
        place = (path.name, table.sheet)
        findings += _structure(table, rows, place)
        found = grid(table, rows or ())
        findings += (problem for line in found.lines for problem in _problems(table, line, place))
        frames[table.name] = found
    if findings:
        raise InvalidWorkbookError(findings)
    return _dataset(frames, path, unit, year)


def _sheets(path: Path) -> dict[str, Rows]:
    """Rows of every sheet by its folded name."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        finding = Finding("unreadable", "error", path.name, "", "", "không mở được", "một sổ tính Excel (.xlsx)")
        raise InvalidWorkbookError([finding]) from error
    try:
        return {folded(s.title): list(s.iter_rows(values_only=True)) for s in book.worksheets}
    finally:
        book.close()


def _structure(table: Table, rows: Rows | None, place: tuple[str, str]) -> Iterator[Finding]:
    """Findings of a sheet that is not there or lacks columns."""
    if rows is None:
        yield Finding("missing-sheet", "error", *place, "", "không có trang này", "đủ các trang của mẫu")
        return
    present = grid(table, rows).columns
    for column in table.columns:
        if column.name not in present:
            found = f"không có cột {column.header!r}"
            yield Finding("missing-column", "error", *place, "", found, "đủ các cột của mẫu")


def _problems(table: Table, line: Line, place: tuple[str, str]) -> Iterator[Finding]:
    for name, (reference, value) in line.cells.items():
        try:
            cell_value(value, table.column(name))
        except CellError as error:
            found = f"có {text(value)!r}" if text(value) else "để trống"
            yield Finding("bad-cell", "error", *place, reference, found, str(error))


def _dataset(grids: dict[str, Grid], path: Path, unit: str, year: int) -> Dataset:
    frames = {table.name: _frame(table, grids[table.name]) for table in tables()}
    record = frames.pop("form").drop(columns="row").iloc[0]
    form = {str(name): str(value) for name, value in record.items()}
    letters = {name: found.columns for name, found in grids.items()}
    return Dataset(unit, year, path.name, frames, form, letters)


def _frame(table: Table, found: Grid) -> pd.DataFrame:
    data: dict[str, Any] = {
        column.name: pd.Series(
            [cell_value(line.cells[column.name][1], column) for line in found.lines],
            dtype=_DTYPES.get(column.kind, "str"),
        )
        for column in table.columns
    }
    return pd.DataFrame({"row": pd.Series([line.row for line in found.lines], dtype="int64")} | data)
