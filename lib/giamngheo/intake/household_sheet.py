"""A household file typed in Excel, streamed into delimited text row by row."""

import csv
import datetime as dt
import itertools
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from giamngheo.intake.cells import text
from giamngheo.intake.household_errors import UnreadableHouseholdFileError
from giamngheo.intake.household_header import known_columns
from giamngheo.intake.household_text import DelimitedText

ROW_HEADER = "excel_row"
"""Heading of the column that carries the Excel row of each line."""

HEADER_SEARCH_ROWS = 10

Row = Sequence[Any]


def sheet_text(path: Path, scratch: Path) -> DelimitedText:
    """Delimited copy, in `scratch`, of the sheet that holds the households.

    Raises UnreadableHouseholdFileError.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError):
        raise UnreadableHouseholdFileError(path, "không mở được như sổ tính Excel") from None
    try:
        for sheet in book.worksheets:
            rows = enumerate(sheet.iter_rows(values_only=True), start=1)
            if (found := _header(rows)) is not None:
                return _written(scratch / "households.csv", found, rows)
    finally:
        book.close()
    raise UnreadableHouseholdFileError(path, "không trang nào có dòng tiêu đề của tệp hộ")


def _header(rows: Iterator[tuple[int, Row]]) -> tuple[str, ...] | None:
    """The heading among the first rows, which are used up; None where no row is one."""
    for _, row in itertools.islice(rows, HEADER_SEARCH_ROWS):
        if len(known_columns([text(value) for value in row])) >= 3:
            return tuple(text(value) for value in row)
    return None


def _written(target: Path, header: tuple[str, ...], rows: Iterable[tuple[int, Row]]) -> DelimitedText:
    whole = (ROW_HEADER, *header)
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(whole)
        for number, row in rows:
            if any(value is not None for value in row):
                writer.writerow([number, *(_written_value(value) for value in row[: len(header)])])
    return DelimitedText(target, ",", whole)


def _written_value(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return str(int(value))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else text(value)
