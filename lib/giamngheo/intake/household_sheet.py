"""A household file typed in Excel, streamed into delimited text row by row."""

import csv
import datetime as dt
import itertools
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from giamngheo.intake.cells import text
from giamngheo.intake.finding import InvalidWorkbookError
from giamngheo.intake.household_errors import UnreadableHouseholdFileError
from giamngheo.intake.household_header import known_columns
from giamngheo.intake.household_text import DelimitedText
from giamngheo.intake.sheets import Row, sheet_streams

ROW_HEADER = "excel_row"
"""Heading of the column that carries the Excel row of each line."""

HEADER_SEARCH_ROWS = 10

MOST_ROWS = 1 << 20
"""Rows that a sheet can have."""


def sheet_text(path: Path, scratch: Path) -> DelimitedText:
    """Delimited copy, in `scratch`, of the sheet that holds the households.

    Raises UnreadableHouseholdFileError.
    """
    try:
        for sheet in sheet_streams(path, MOST_ROWS):
            rows = enumerate(sheet.rows, start=1)
            if (found := _header(rows)) is not None:
                _refuse_uncalculated(path, sheet.marks.uncalculated, known_columns(found))
                return _written(scratch / "households.csv", found, rows)
    except InvalidWorkbookError as error:
        raise UnreadableHouseholdFileError(path, str(error.findings[0].found)) from None
    raise UnreadableHouseholdFileError(path, "không trang nào có dòng tiêu đề của tệp hộ")


def _header(rows: Iterator[tuple[int, Row]]) -> tuple[str, ...] | None:
    """The heading among the first rows, which are used up; None where no row is one."""
    for _, row in itertools.islice(rows, HEADER_SEARCH_ROWS):
        if len(known_columns([text(value) for value in row])) >= 3:
            return tuple(text(value) for value in row)
    return None


def _refuse_uncalculated(path: Path, cells: Iterable[str], columns: Container[int]) -> None:
    """A formula without a result would be read as a blank, and many a blank is allowed."""
    places = (coordinate_to_tuple(cell) for cell in cells)
    within = [(row, column) for row, column in places if column - 1 in columns]
    if within:
        row, column = min(within)
        found = f"ô {get_column_letter(column)}{row} có công thức chưa được tính, cần mở tệp bằng Excel rồi lưu lại"
        raise UnreadableHouseholdFileError(path, found)


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
