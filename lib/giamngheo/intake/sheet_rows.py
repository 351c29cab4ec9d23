"""The rows of values of one sheet, from its XML.

openpyxl reads a sheet to its end, rules and formats included, by defusedxml's parser, which is in Python; this uses the
one in C, stops where the rows end, and leaves to openpyxl's reader each cell that is not a plain number or text.
Entities of XML are refused before: openpyxl has opened the sheet with defusedxml to look for its size.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from openpyxl.utils import get_column_letter
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser, _cast_number

MOST_COLUMNS = 100

_COLUMNS = {get_column_letter(number): number for number in range(1, MOST_COLUMNS + 1)}
_DIGITS = "0123456789"
_EMPTY: tuple[Any, ...] = (None,) * MOST_COLUMNS

Rows = Sequence[Sequence[Any]]


def sheet_rows(archive: zipfile.ZipFile, sheet: ReadOnlyWorksheet, last: int) -> Rows:
    """The first `last` rows of a sheet, MOST_COLUMNS values in each, None where a cell is empty.

    Raises what openpyxl or the parser raises of a damaged sheet.
    """
    rows: list[Sequence[Any]] = []
    with archive.open(sheet._worksheet_path) as stream:
        parser = _parser(stream, sheet)
        for number, row in _numbered(stream):
            if number > last:
                break
            if number > len(rows):
                rows.extend([_EMPTY] * (number - len(rows) - 1))
                rows.append(_values(parser, row, number))
    return rows + [_EMPTY] * (last - len(rows))


def _parser(stream: IO[bytes], sheet: ReadOnlyWorksheet) -> WorkSheetParser:
    """The reader of cells of openpyxl, as its read-only sheets make it."""
    book = sheet.parent
    return WorkSheetParser(
        stream,
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def _numbered(stream: IO[bytes]) -> Iterator[tuple[int, Element]]:
    number = 0
    for _, element in iterparse(stream):
        if element.tag == ROW_TAG:
            number = int(float(element.get("r", number + 1)))
            yield number, element
            element.clear()
        elif element.tag == DATA_TAG:
            return


def _values(parser: WorkSheetParser, row: Element, number: int) -> Sequence[Any]:
    values: list[Any] = [None] * MOST_COLUMNS
    parser.row_counter, parser.col_counter = number, 0
    for cell in row:
        column = _COLUMNS.get(cell.get("r", "").rstrip(_DIGITS), 0)
        kind = cell.get("t", "n")
        if column and kind == "n" and int(cell.get("s", 0)) not in parser.date_formats:
            values[column - 1] = _number(cell)
        elif column and kind == "s":
            values[column - 1] = parser.shared_strings[int(cell.findtext(VALUE_TAG, ""))]
        else:
            _place(values, parser.parse_cell(cell))
            continue
        parser.col_counter = column
    return values


def _number(cell: Element) -> int | float | None:
    digits = cell.findtext(VALUE_TAG)
    return _cast_number(digits) if digits else None


def _place(values: list[Any], told: Mapping[str, Any]) -> None:
    if told["column"] <= MOST_COLUMNS:
        values[told["column"] - 1] = told["value"]
