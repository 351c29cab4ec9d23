"""Where the cells of a table stand on its sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from giamngheo.intake.cells import text
from giamngheo.intake.schema import Table

HEADER_SEARCH_ROWS = 10
"""How far down a sheet its header is looked for: a title and a few notes may stand above it."""

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Line:
    """One row of a table: its Excel row and, by column name, the reference and value of each cell."""

    row: int
    cells: Mapping[str, tuple[str, Any]]


@dataclass(frozen=True)
class Grid:
    """The letters of the columns found on a sheet, by name, and the lines that are not empty."""

    columns: Mapping[str, str]
    lines: tuple[Line, ...]


def folded(label: Any) -> str:
    """Text by which two headers or sheet names are the same: spacing and capitals do not count."""
    return " ".join(text(label).casefold().split())


def grid(table: Table, rows: Rows) -> Grid:
    """Cells of `table` among the rows of its sheet."""
    return _record_grid(table, rows) if table.layout == "record" else _row_grid(table, rows)


def _row_grid(table: Table, rows: Rows) -> Grid:
    names = {folded(column.header): column.name for column in table.columns}
    located = [_located(row, names) for row in rows[:HEADER_SEARCH_ROWS]]
    header = max(range(len(located)), key=lambda index: len(located[index]), default=0)
    places = located[header] if located else {}
    letters = {name: get_column_letter(index + 1) for index, name in places.items()}
    lines = (_line(number, row, places) for number, row in enumerate(rows, start=1) if number > header + 1)
    return Grid(letters, tuple(line for line in lines if _filled(line)))


def _located(row: Sequence[Any], names: Mapping[str, str]) -> dict[int, str]:
    return {index: names[folded(v)] for index, v in enumerate(row) if folded(v) in names}


def _line(number: int, row: Sequence[Any], places: Mapping[int, str]) -> Line:
    cells = {
        name: (f"{get_column_letter(index + 1)}{number}", row[index] if index < len(row) else None)
        for index, name in places.items()
    }
    return Line(number, cells)


def _filled(line: Line) -> bool:
    return any(text(value) for _, value in line.cells.values())


def _record_grid(table: Table, rows: Rows) -> Grid:
    """A record sheet has its labels in column A and their values in column B."""
    names = {folded(column.header): column.name for column in table.columns}
    cells = {
        names[folded(row[0])]: (f"B{number}", row[1] if len(row) > 1 else None)
        for number, row in enumerate(rows, start=1)
        if row and folded(row[0]) in names
    }
    return Grid(dict.fromkeys(cells, "B"), (Line(0, cells),) if cells else ())
