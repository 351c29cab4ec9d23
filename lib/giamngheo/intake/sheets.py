"""The sheets of a workbook file as rows of values, read within bounds whatever the file holds."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import iterparse

from openpyxl.packaging.relationship import Relationship
from openpyxl.packaging.workbook import ChildSheet
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser

from giamngheo.intake.finding import Finding, InvalidWorkbookError
from giamngheo.intake.markup_scan import MOST_ROWS, Marks, marks, refuse_doctype
from giamngheo.intake.message import message
from giamngheo.intake.package import refusal

MOST_COLUMNS = 100

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows from the first, and what the values do not tell."""

    title: str
    rows: Rows
    hidden: bool
    marks: Marks


def sheets(path: Path) -> list[Sheet]:
    """Every sheet of the workbook at `path`, in order. Raises InvalidWorkbookError."""
    if (refused := refusal(path)) is not None:
        raise InvalidWorkbookError([Finding("unreadable-file", "error", path.name, "", "", *refused)])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # what openpyxl passes over is not for our users to read
            return _read(path)
    except Exception as error:  # openpyxl fails in countless ways on a damaged file, and all mean the same
        found = message("the file cannot be read: its content is damaged")
        expected = message("the workbook opened in Excel and saved again as .xlsx")
        raise InvalidWorkbookError([Finding("unreadable-file", "error", path.name, "", "", found, expected)]) from error


def _read(path: Path) -> list[Sheet]:
    with path.open("rb") as file:  # openpyxl leaves open what it opens and fails on
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        listed = ((entry, relation) for entry, relation in reader.parser.find_sheets() if _is_sheet(reader, relation))
        return [_sheet(reader, entry, relation.target) for entry, relation in listed]


def _is_sheet(reader: ExcelReader, relation: Relationship) -> bool:
    return relation.target in reader.valid_files and "chartsheet" not in relation.Type


def _sheet(reader: ExcelReader, entry: ChildSheet, part: str) -> Sheet:
    with reader.archive.open(part) as stream:
        found = marks(stream)
    last = min(found.last_row, MOST_ROWS)
    with reader.archive.open(part) as stream:
        refuse_doctype(stream)
    with reader.archive.open(part) as stream:
        rows = list(_rows(_parser(reader, stream), last))
    return Sheet(entry.name, rows, entry.state != "visible", found)


def _parser(reader: ExcelReader, stream: IO[bytes]) -> WorkSheetParser:
    book = reader.wb
    formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
    return WorkSheetParser(stream, reader.shared_strings, data_only=True, epoch=book.epoch, **formats)


def _rows(parser: WorkSheetParser, last: int) -> Iterator[Sequence[Any]]:
    """Values of the rows from the first to the last, an empty one where the sheet leaves one out.

    The parser of openpyxl, which reads cells well, is given rows by the XML parser of the interpreter: its own is
    ten times slower, as it must be to refuse the entities that are refused here before.
    """
    wanted = 1
    for _, element in iterparse(parser.source) if last else ():
        if element.tag != ROW_TAG:
            continue
        number, cells = parser.parse_row(element)
        element.clear()
        if number > last:
            return
        if number >= wanted:
            yield from ((),) * (number - wanted)
            yield _values(cells)
            wanted = number + 1


def _values(cells: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
    """Values of the cells of a row, each in the place of its column."""
    within = {cell["column"]: cell["value"] for cell in cells if cell["column"] <= MOST_COLUMNS}
    return [within.get(column) for column in range(1, max(within, default=0) + 1)]
