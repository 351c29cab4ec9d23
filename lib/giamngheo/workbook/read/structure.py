"""What is wrong with the sheets and headers of a workbook, before any cell is read."""

import difflib
import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string

from giamngheo.core.finding import Finding, Severity, listed
from giamngheo.core.message import Message, message, quoted
from giamngheo.core.text import bare, folded
from giamngheo.workbook.grid import Grid
from giamngheo.workbook.grid import grid as grid_of
from giamngheo.workbook.read.marks import MOST_ROWS, boundaries
from giamngheo.workbook.read.sheets import Sheet
from giamngheo.workbook.schema import Column, Table, tables

LIKENESS = 0.6
"""From which share of equal letters on a name is offered in place of another."""


def sheet_of(table: Table, book: Sequence[Sheet]) -> Sheet | None:
    """Return the sheet of a table: the first of its name."""
    return next((sheet for sheet in book if folded(sheet.title) == folded(table.sheet)), None)


def missing_sheet(table: Table, book: Sequence[Sheet], file: str) -> Iterator[Finding]:
    """Yield the finding of a table without a sheet; a sheet of a like name is offered.

    An optional sheet may be missing, but not be there under another name: its rows would be missed.
    """
    known = {folded(entry.sheet) for entry in tables()}
    others = [sheet.title for sheet in book if folded(sheet.title) not in known]
    like = nearest(table.sheet, others) or _with_columns(table, book, known)
    if table.optional and not like:
        return
    found = message("there is no such sheet")
    if like:
        found = message("there is no such sheet, but one called {name}", name=quoted(like))
    expected = message("a sheet called {name}", name=quoted(table.sheet))
    yield Finding("missing-sheet", "error", file, table.sheet, "", found, expected)


def copied_sheets(wanted: Sequence[Table], book: Sequence[Sheet], file: str) -> Iterator[Finding]:
    """Yield the findings of copies of a table's sheet, such as "Giải ngân (2)": figures typed there are not read."""
    for sheet in book:
        table = next((entry for entry in wanted if _is_copy(sheet.title, entry.sheet)), None)
        if table is not None and grid_of(table, sheet.rows).lines:
            found = message("the sheet {name} is a copy and is not read", name=quoted(sheet.title))
            expected = message("all figures in the sheet {name}", name=quoted(table.sheet))
            yield Finding("copied-sheet", "warning", file, sheet.title, "", found, expected)


def _is_copy(title: str, original: str) -> bool:
    """Return whether a sheet bears the name that Excel and LibreOffice give to a copy of another."""
    return re.fullmatch(rf"{re.escape(folded(original))} ?(\([0-9]+\)|_[0-9]+)", folded(title)) is not None


def _with_columns(table: Table, book: Sequence[Sheet], known: Set[str]) -> str:
    """Name of the sheet that has most of the table's columns under another name, "" when none has."""
    others = [sheet for sheet in book if folded(sheet.title) not in known]
    shares = {sheet.title: len(grid_of(table, sheet.rows).columns) / len(table.columns) for sheet in others}
    best = max(shares, key=shares.__getitem__, default="")
    return best if shares.get(best, 0) >= LIKENESS else ""


def nearest(name: str, others: Sequence[str]) -> str:
    """Return the name most like `name`, "" when none is."""
    by_bare = {bare(other): other for other in others}
    close = difflib.get_close_matches(bare(name), by_bare, n=1, cutoff=LIKENESS)
    return by_bare[close[0]] if close else ""


def sheet_findings(table: Table, sheet: Sheet, grid: Grid, file: str) -> Iterator[Finding]:
    """Yield the findings of one sheet: header, columns, hidden and merged parts, rows too far down."""
    for code, severity, cell, found, expected in (*_columns(table, grid), *_parts(table, sheet, grid)):
        yield Finding(code, severity, file, table.sheet, cell, found, expected)


Part = tuple[str, Severity, str, Message, Message]
"""Code, severity, cell, what stands there and what is expected."""


def _columns(table: Table, grid: Grid) -> Iterator[Part]:
    """Yield what is wrong with the headings: columns that are not there, or there twice."""
    missing = [column for column in table.columns if column.name not in grid.columns]
    absent = [column for column in missing if not column.optional or nearest(column.header, grid.strangers)]
    for column, letter in itertools.zip_longest(absent, grid.untitled[: len(absent)]):
        yield "missing-column", *_missing(column, grid, letter)
    for name, cell in (grid.repeated or {}).items():
        found = message("a second column {header}", header=quoted(table.column(name).header))
        yield "repeated-column", "error", cell, found, message("each column once")


def _missing(column: Column, grid: Grid, untitled: str | None) -> tuple[Severity, str, Message, Message]:
    """Return what to say of a column that is not there: one that may be blank may also be absent, but not renamed.

    `untitled` is the letter of a column that may be it and has lost its heading.
    """
    header, like = quoted(column.header), nearest(column.header, grid.strangers)
    if like:
        found = message("there is no column {header}, but one called {like}", header=header, like=quoted(like))
    elif untitled:
        found = message(
            "there is no column {header}, and column {letter} has no heading", header=header, letter=untitled
        )
    else:
        found = message("there is no column {header}", header=header)
    severity: Severity = "error" if like or untitled or column.required else "info"
    if not grid.header:
        return severity, "", found, message("the line {header} in column A, as in the template", header=header)
    cell = f"{untitled}{grid.header}" if untitled and not like else ""
    return severity, cell, found, message("the heading {header} in row {row}", header=header, row=str(grid.header))


def _parts(table: Table, sheet: Sheet, grid: Grid) -> Iterator[Part]:
    rows = {line.row for line in grid.lines}
    if sheet.hidden:
        yield (
            "hidden-sheet",
            "warning",
            "",
            message("the sheet is hidden, and its figures count"),
            message("every sheet shown"),
        )
    yield from _hidden_columns(sheet, grid)
    yield from _hidden_rows(sheet, rows)
    for row in grid.skipped:
        found = message("row {row} holds a total or a note and is not read", row=str(row))
        yield "skipped-row", "info", f"A{row}", found, message("totals and notes beside or above the table")
    if sheet.marks.last_row > MOST_ROWS:
        found = message("something stands in row {row}", row=sheet.marks.last_row)
        yield (
            "rows-too-far",
            "error",
            f"A{sheet.marks.last_row}",
            found,
            message("nothing below row {row}", row=MOST_ROWS),
        )
    yield from _merged(sheet, grid, rows)


def _hidden_columns(sheet: Sheet, grid: Grid) -> Iterator[Part]:
    """Yield one warning of the columns that are hidden and in which something stands."""
    letters = [
        letter
        for name, letter in grid.columns.items()
        if grid.header
        and sheet.marks.hides_column(column_index_from_string(letter))
        and any(line.values.get(name) not in (None, "") for line in grid.lines)
    ]
    if letters:
        found = message("columns are hidden ({columns}), and their figures count", columns=", ".join(letters))
        yield "hidden-column", "warning", f"{letters[0]}{grid.header}", found, message("every column shown")


def _hidden_rows(sheet: Sheet, rows: Set[int]) -> Iterator[Part]:
    """Yield one note of the rows that a filter hides, one warning of those that are hidden by hand."""
    filtered, by_hand = sheet.marks.hidden_among(rows)
    if filtered:
        found = message("a filter hides {count} rows ({rows}), and their figures count", **_told(filtered))
        yield "filtered-rows", "info", f"A{filtered[0]}", found, message("nothing; to see them, clear the filter")
    if len(by_hand) == 1:
        found = message("row {row} is hidden, and its figures count", row=str(by_hand[0]))
        yield "hidden-row", "warning", f"A{by_hand[0]}", found, message("every row shown")
    elif by_hand:
        found = message("{count} rows are hidden ({rows}), and their figures count", **_told(by_hand))
        yield "hidden-row", "warning", f"A{by_hand[0]}", found, message("every row shown")


def _told(rows: Sequence[int]) -> dict[str, int | str]:
    """Return how many rows there are, and which."""
    return {"count": len(rows), "rows": listed(map(str, rows))}


def _merged(sheet: Sheet, grid: Grid, rows: set[int]) -> Iterator[Part]:
    columns, lines = _column_numbers(grid), sorted(rows)
    for reference in sheet.marks.merged:
        left, top, right, bottom = boundaries(reference)
        at = bisect_left(lines, top)
        if at < len(lines) and lines[at] <= bottom and any(left <= column <= right for column in columns):
            found = message("the cells {cells} are merged: one value for several", cells=reference)
            yield (
                "merged-cells",
                "error",
                f"{get_column_letter(left)}{top}",
                found,
                message("one value a cell, nothing merged"),
            )


def _column_numbers(grid: Grid) -> list[int]:
    return [column_index_from_string(reference.rstrip("0123456789")) for reference in grid.columns.values()]
