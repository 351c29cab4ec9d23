"""The sheets of a workbook file as rows of values, read within bounds whatever the file holds."""

import itertools
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from giamngheo.core.finding import Finding, InvalidWorkbookError
from giamngheo.core.message import Message, message
from giamngheo.core.paths import UnreadableError
from giamngheo.workbook.read.book_parts import StrictWorkbookError, book
from giamngheo.workbook.read.package import refusal
from giamngheo.workbook.read.sheet_rows import Marks, Row, marks, rows

MOST_ROWS = 20_000
"""Rows that are read: a province of 200 communes has 7,200 monthly rows in three years."""
MOST_COLUMNS = 100

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
    """Every sheet of the workbook at `path`, in order. Raises UnreadableError, InvalidWorkbookError."""
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
    for sheet in _guarded(path, _read(path, most, columns)):
        yield SheetStream(sheet.title, sheet.part, _guarded(path, sheet.rows), sheet.hidden, sheet.marks)


def _guarded(path: Path, items: Iterator[_Item]) -> Iterator[_Item]:
    """The items, and one error for the many ways in which a damaged file shows."""
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
