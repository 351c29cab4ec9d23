"""The sheets of a workbook file as rows of values, read within bounds whatever the file holds."""

import datetime as dt
import itertools
import lzma
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import from_excel, from_ISO8601

from giamngheo.core.errors import UnreadableError
from giamngheo.core.finding import Finding, InvalidWorkbookError
from giamngheo.core.message import Message, message
from giamngheo.workbook.read.book_parts import (
    MAIN,
    Book,
    StrictWorkbookError,
    book,
    events,
    is_true,
    struck,
    text_of,
    unescaped,
)
from giamngheo.workbook.read.marks import (
    LAST_COLUMN,
    LAST_ROW,
    MOST_COLUMNS,
    MOST_ROWS,
    MalformedSheetError,
    Marks,
    boundaries,
    marks,
    number,
)
from giamngheo.workbook.read.package import refusal

Row = Sequence[Any]


_ROW, _CELL, _RESULT, _FORMULA = f"{MAIN}row", f"{MAIN}c", f"{MAIN}v", f"{MAIN}f"
_REFERENCE = re.compile("([A-Z]{1,3})[0-9]{1,7}")


@dataclass(frozen=True)
class Uncalculated:
    """What stands in a cell whose formula has no result yet; as text it is nothing."""

    def __str__(self) -> str:
        return ""


UNCALCULATED = Uncalculated()


def rows(stream: IO[bytes], book: Book, last: int) -> Iterator[Row]:
    """Yield the values of the rows from the first to the last, an empty one where the sheet leaves one out.

    Raises what book_parts.events raises, MalformedSheetError and other kinds of ValueError, IndexError.
    """
    path: list[Element] = []
    given, current, arrays = 0, 0, dict[int, int]()
    for event, element in events(stream) if last else ():
        if event == "start":
            path.append(element)
            continue
        path.pop()
        if len(path) == 2 and element.tag == _ROW:
            current = _row_number(element.attrib, current)
            if current > last:
                break
            cells = _cells(element, current, book, arrays)
            yield from itertools.repeat((), current - given - 1)
            yield [cells.get(column) for column in range(1, max(cells, default=0) + 1)]
            given = current
        if 1 <= len(path) <= 2:
            del path[-1][:]  # what was read is not kept
    if given < last:
        raise MalformedSheetError(given)  # a row stands below one that comes after it


def _row_number(attributes: Mapping[str, str], above: int) -> int:
    """Return the number of a row, the next where it has none; rows stand in their order."""
    said = number(attributes.get("r", str(above + 1)))
    if not above < said <= LAST_ROW or said != int(said):
        raise MalformedSheetError(said)
    return int(said)


def _cells(row: Element, line: int, book: Book, arrays: dict[int, int]) -> dict[int, Any]:
    """Return the values of a row by column, blanks left out; arrays: where the array formula in each column ends."""
    found, column = {}, 0
    for cell in row.iterfind(_CELL):
        column = _column(cell.get("r"), column)
        if column > book.columns:
            continue
        formula = cell.find(_FORMULA)
        if formula is not None and formula.get("ref") and formula.get("t") in {"array", "dataTable"}:
            left, _, right, bottom = boundaries(formula.get("ref", ""))
            arrays.update(dict.fromkeys(range(left, min(right, book.columns) + 1), bottom))
        is_result = formula is not None or line <= arrays.get(column, 0)
        value = _value(cell, book) if not is_result or _has_result(cell, formula, book) else UNCALCULATED
        if value is not None and value != "":
            found[column] = _struck(value) if _style(cell) in book.struck else value
    return found


def _style(cell: Element) -> int | None:
    """Return the number of the format of a cell; None of one that names none."""
    style = cell.get("s", "")
    return int(style) if style.isdecimal() else None


def _struck(value: Any) -> Any:
    """Return the value of a cell that is struck through, as no number (book_parts.struck)."""
    if value is UNCALCULATED:
        return value
    return struck(f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value))


def _column(reference: str | None, before: int) -> int:
    """Return the column of a cell, the next where it does not say."""
    if reference is None:
        return before + 1
    found = _REFERENCE.fullmatch(reference)
    if found is None or (column := column_index_from_string(found[1])) > LAST_COLUMN:
        raise MalformedSheetError(reference)
    return column


def _has_result(cell: Element, formula: Element | None, book: Book) -> bool:
    """Return whether a formula was calculated; programs that cannot calculate leave its result out, or write 0."""
    result = cell.find(_RESULT)
    if formula is not None and (result is None or (not result.text and cell.get("t") != "str")):
        return False
    said = "" if result is None or result.text is None else result.text.strip()
    is_nothing = not said or (cell.get("t", "n") in {"n", "b"} and number(said) == 0)
    return book.calculated or not is_nothing


def _value(cell: Element, book: Book) -> Any:
    """Return the value of a cell; None and "" where it is blank."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(f"{MAIN}is")
        return None if inline is None else text_of(inline)
    result = cell.findtext(_RESULT)
    if not result:
        return None
    match kind:
        case "n":
            return _number_or_date(number(result), _style(cell), book)
        case "s" if result.strip().isdecimal():
            return book.strings[int(result)]
        case "str":
            return unescaped(result)
        case "b":
            return is_true(result.strip())
        case "e":
            return result
        case "d":
            return _iso_date(result)
    raise MalformedSheetError(kind)


class Fraction(float):
    """A number that its cell shows in percent: 0.41 as 41 %."""


class Other(float):
    """A number that its cell shows with other digits: 4569482000 as 4569."""

    def __str__(self) -> str:
        return f"{float(self):.15g}"


def _number_or_date(value: int | float, style: int | None, book: Book) -> Any:
    """Return a number, as a date where the format of its cell shows one; an error where there is no such thing."""
    if not math.isfinite(value):
        return "#NUM!"
    if style in book.percents:
        return Fraction(value)
    if style is None or style not in book.dates:
        return Other(value) if style in book.others else value
    try:
        return from_excel(value, book.epoch, timedelta=book.dates[style])
    except (OverflowError, ValueError):
        return "#VALUE!"


def _iso_date(text: str) -> Any:
    """Return a date written in ISO 8601; the text as it stands where there is no such date."""
    try:
        return from_ISO8601(text)
    except (OverflowError, ValueError):
        return text


_DAMAGES = (
    *(ParseError, ExpatError, ValueError, LookupError, OverflowError, NotImplementedError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
)
"""What a damaged archive or its XML makes the readers of both raise."""

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its part of the file, its rows from the first, and what the values do not tell."""

    title: str
    part: str
    rows: Sequence[Row]
    hidden: bool
    marks: Marks


@dataclass(frozen=True)
class SheetStream:
    """One sheet of a workbook that is being read: its rows, from the first, are made as they are asked for."""

    title: str
    part: str
    rows: Iterator[Row]
    hidden: bool
    marks: Marks


def sheets(path: Path) -> list[Sheet]:
    """Return every sheet of the workbook at `path`, in order. Raises UnreadableError, InvalidWorkbookError."""
    return [
        Sheet(sheet.title, sheet.part, list(sheet.rows), sheet.hidden, sheet.marks)
        for sheet in sheet_streams(path, MOST_ROWS)
    ]


CellValues = Mapping[tuple[str, str], str]
"""What stands in cells, as text, by the name of the sheet and the address."""


def cell_values(path: Path) -> CellValues:
    """Return what stands in the cells of a workbook, blank ones left out. Raises InvalidWorkbookError."""
    return {
        (sheet.title, f"{get_column_letter(column)}{row}"): str(value)
        for sheet in sheets(path)
        for row, values in enumerate(sheet.rows, 1)
        for column, value in enumerate(values, 1)
        if value is not None and str(value)
    }


def sheet_streams(path: Path, most: int, *, columns: int = MOST_COLUMNS) -> Iterator[SheetStream]:
    """Yield every sheet of the workbook at `path`, in order, each to be used before the next is asked for.

    No sheet gives more than `most` rows or more than `columns`. Raises UnreadableError; InvalidWorkbookError, as do the
    rows.
    """
    try:
        refused = refusal(path)
    except OSError as error:
        raise UnreadableError(path, error) from error
    if refused is not None:
        raise _unreadable(path, *refused)
    for sheet in _guarded(path, _read(path, most, columns)):
        yield SheetStream(sheet.title, sheet.part, _guarded(path, sheet.rows), sheet.hidden, sheet.marks)


def _guarded(path: Path, items: Iterator[_Item]) -> Iterator[_Item]:
    """Yield the items; raise one error for the many ways in which a damaged file shows."""
    try:
        yield from items
    except StrictWorkbookError as error:
        found = message("the workbook is saved as 'Strict Open XML Spreadsheet'")
        raise _unreadable(path, found, message("the same workbook saved as 'Excel Workbook (.xlsx)'")) from error
    except _DAMAGES as error:
        found = message("the file cannot be read: its content is damaged")
        raise _unreadable(path, found, message("the workbook opened in Excel and saved again as .xlsx")) from error
    except OSError as error:
        raise UnreadableError(path, error) from error


def _unreadable(path: Path, found: Message, expected: Message) -> InvalidWorkbookError:
    return InvalidWorkbookError([Finding("unreadable-file", "error", path.name, "", "", found, expected)])


def _read(path: Path, most: int, columns: int) -> Iterator[SheetStream]:
    with zipfile.ZipFile(path) as archive:
        found = book(archive, columns)
        for entry in found.sheets:
            with archive.open(entry.part) as stream:
                found_marks = marks(stream)
            with archive.open(entry.part) as stream:
                values = itertools.islice(rows(stream, found, found_marks.last_row), most)
                yield SheetStream(entry.title, entry.part, values, entry.hidden, found_marks)
