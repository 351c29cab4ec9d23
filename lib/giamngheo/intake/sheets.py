"""The sheets of a workbook file as rows of values, read within bounds whatever the file holds."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar
from xml.etree.ElementTree import iterparse

from openpyxl.packaging.relationship import Relationship
from openpyxl.packaging.workbook import ChildSheet
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser

from giamngheo.intake.finding import Finding, InvalidWorkbookError
from giamngheo.intake.locate import UnreadableError
from giamngheo.intake.markup_scan import MOST_ROWS, Marks, marks, refuse_doctype
from giamngheo.intake.message import Message, message
from giamngheo.intake.package import refusal

MOST_COLUMNS = 100

Row = Sequence[Any]

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Sheet:
    """One sheet: the part that holds it, its rows from the first, and what the values do not tell."""

    title: str
    part: str
    rows: Sequence[Row]
    hidden: bool
    marks: Marks


class _Bounds(NamedTuple):
    """How many rows and columns of a sheet are read."""

    rows: int
    columns: int


@dataclass(frozen=True)
class SheetStream:
    """One sheet of a workbook that is being read: its rows, from the first, are made as they are asked for."""

    title: str
    part: str
    rows: Iterator[Row]
    hidden: bool
    marks: Marks


def sheets(path: Path) -> list[Sheet]:
    """Every sheet of the workbook at `path`, in order. Raises InvalidWorkbookError."""
    return [
        Sheet(sheet.title, sheet.part, list(sheet.rows), sheet.hidden, sheet.marks)
        for sheet in sheet_streams(path, MOST_ROWS)
    ]


def sheet_streams(path: Path, most: int, *, columns: int = MOST_COLUMNS) -> Iterator[SheetStream]:
    """Every sheet of the workbook at `path`, in order, each to be used before the next is asked for.

    No sheet gives more than `most` rows or more than `columns`. Raises UnreadableError; InvalidWorkbookError, as do the
    rows.
    """
    try:
        refused = refusal(path)
    except OSError as error:
        raise UnreadableError(path, error) from error
    if refused is not None:
        raise _unreadable(path, *refused)
    for sheet in _guarded(path, _read(path, _Bounds(most, columns))):
        yield SheetStream(sheet.title, sheet.part, _guarded(path, sheet.rows), sheet.hidden, sheet.marks)


def _guarded(path: Path, items: Iterator[_Item]) -> Iterator[_Item]:
    """The items, and one error for the countless ways in which openpyxl fails on a damaged file."""
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # what openpyxl passes over is not for our users to read
                item = next(items)
        except StopIteration:
            return
        except Exception as error:
            found = message("the file cannot be read: its content is damaged")
            raise _unreadable(path, found, message("the workbook opened in Excel and saved again as .xlsx")) from error
        yield item


def _unreadable(path: Path, found: Message, expected: Message) -> InvalidWorkbookError:
    return InvalidWorkbookError([Finding("unreadable-file", "error", path.name, "", "", found, expected)])


def _read(path: Path, most: _Bounds) -> Iterator[SheetStream]:
    with path.open("rb") as file:  # openpyxl leaves open what it opens and fails on
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        for entry, relation in reader.parser.find_sheets():
            if _is_sheet(reader, relation):
                yield _sheet(reader, entry, relation.target, most)


def _is_sheet(reader: ExcelReader, relation: Relationship) -> bool:
    return relation.target in reader.valid_files and "chartsheet" not in relation.Type


def _sheet(reader: ExcelReader, entry: ChildSheet, part: str, most: _Bounds) -> SheetStream:
    with reader.archive.open(part) as stream:
        found = marks(stream)
    with reader.archive.open(part) as stream:
        refuse_doctype(stream)
    rows = _rows(reader, part, _Bounds(min(found.last_row, most.rows), most.columns))
    return SheetStream(entry.name, part, rows, entry.state != "visible", found)


def _parser(reader: ExcelReader, stream: IO[bytes]) -> WorkSheetParser:
    book = reader.wb
    formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
    return WorkSheetParser(stream, reader.shared_strings, data_only=True, epoch=book.epoch, **formats)


def _rows(reader: ExcelReader, part: str, most: _Bounds) -> Iterator[Row]:
    """Values of the rows from the first to the last, an empty one where the sheet leaves one out.

    The parser of openpyxl, which reads cells well, is given rows by the XML parser of the interpreter: its own is
    ten times slower, as it must be to refuse the entities that are refused here before.
    """
    wanted = 1
    with reader.archive.open(part) as stream:
        parser = _parser(reader, stream)
        for _, element in iterparse(stream) if most.rows else ():
            if element.tag != ROW_TAG:
                continue
            number, cells = parser.parse_row(element)
            element.clear()
            parser.row_dimensions.clear()
            if number > most.rows:
                return
            if number >= wanted:
                yield from ((),) * (number - wanted)
                yield _values(cells, most.columns)
                wanted = number + 1


def _values(cells: Sequence[Mapping[str, Any]], most: int) -> Row:
    """Values of the first cells of a row, each in the place of its column."""
    within = {cell["column"]: cell["value"] for cell in cells if cell["column"] <= most}
    return [within.get(column) for column in range(1, max(within, default=0) + 1)]
