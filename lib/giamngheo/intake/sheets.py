"""The sheets of a workbook file as rows of values, read within bounds whatever the file holds."""

import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from giamngheo.intake.finding import Finding, InvalidWorkbookError
from giamngheo.intake.markup_scan import MOST_ROWS, Marks, marks
from giamngheo.intake.message import message
from giamngheo.intake.package import refusal
from giamngheo.intake.sheet_rows import Rows, sheet_rows


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
    with path.open("rb") as file, zipfile.ZipFile(path) as archive:  # openpyxl leaves open what it opens and fails on
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            return [_sheet(sheet, archive) for sheet in book.worksheets]
        finally:
            book.close()


def _sheet(sheet: ReadOnlyWorksheet, archive: zipfile.ZipFile) -> Sheet:
    with archive.open(sheet._worksheet_path) as stream:
        found = marks(stream)
    rows = sheet_rows(archive, sheet, min(found.last_row, MOST_ROWS))
    return Sheet(sheet.title, rows, sheet.sheet_state != "visible", found)
