"""Where the cells of a table stand on its sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from giamngheo.core.text import folded, text
from giamngheo.workbook.schema import Table

HEADER_SEARCH_ROWS = 10
"""How far down a sheet its header is looked for: a title, notes and totals may stand above it."""

NOT_DATA = ("cộng", "tổng", "ghi chú", "nguồn", "người lập")
"""How a row begins that sums or explains the others."""

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Line:
    """One row of a table: its Excel row, 0 in a record sheet, and its cells by column name."""

    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Grid:
    """What of a table stands on a sheet.

    columns: the letter of each column found (in a record sheet the reference of its cell); lines: those that are
    not empty; header: row of the headings; skipped: rows of totals and notes; repeated: columns found twice;
    strangers: other texts of the header row; untitled: letters of columns between those found that hold something
    below a blank heading.
    """

    columns: Mapping[str, str]
    header: int = 0
    lines: tuple[Line, ...] = ()
    skipped: tuple[int, ...] = ()
    repeated: Mapping[str, str] | None = None
    strangers: tuple[str, ...] = ()
    untitled: tuple[str, ...] = ()

    def cell(self, name: str, row: int) -> str:
        """Return the reference of a column's cell in a row."""
        return f"{self.columns[name]}{row or ''}"


def grid(table: Table, rows: Rows) -> Grid:
    """Return the cells of `table` among the rows of its sheet."""
    return _record_grid(table, rows) if table.layout == "record" else _row_grid(table, rows)


def _row_grid(table: Table, rows: Rows) -> Grid:
    names = {folded(words): column.name for column in table.columns for words in (*column.also, column.header)}
    located = [_located(row, names) for row in rows[:HEADER_SEARCH_ROWS]]
    header = max(range(len(located)), key=lambda index: len(located[index]), default=0)
    if not located or not located[header]:
        return Grid({})
    places: dict[str, int] = {}
    repeated = {}
    for index, name in located[header].items():
        if name in places:
            repeated[name] = f"{get_column_letter(index + 1)}{header + 1}"
        places.setdefault(name, index)
    lines = [_line(number, row, places) for number, row in enumerate(rows[header + 1 :], start=header + 2)]
    filled = [line for line in lines if any(map(_stands, line.values.values()))]
    skipped = tuple(line.row for line in filled if _explains(line))
    return Grid(
        columns={name: get_column_letter(index + 1) for name, index in places.items()},
        header=header + 1,
        lines=tuple(line for line in filled if line.row not in skipped),
        skipped=skipped,
        repeated=repeated,
        strangers=tuple(text(cell) for cell in rows[header] if text(cell) and folded(cell) not in names),
        untitled=_untitled(rows[header], rows[header + 1 :], places),
    )


def _untitled(headings: Sequence[Any], rows: Rows, places: Mapping[str, int]) -> tuple[str, ...]:
    blank = [index for index in range(max(places.values())) if not text(headings[index])]
    return tuple(
        get_column_letter(index + 1) for index in blank if any(index < len(row) and _stands(row[index]) for row in rows)
    )


def _located(row: Sequence[Any], names: Mapping[str, str]) -> dict[int, str]:
    return {index: names[folded(v)] for index, v in enumerate(row) if isinstance(v, str) and folded(v) in names}


def _line(number: int, row: Sequence[Any], places: Mapping[str, int]) -> Line:
    return Line(number, {name: row[index] if index < len(row) else None for name, index in places.items()})


def _stands(value: Any) -> bool:
    """Return whether something stands in a cell: a text of spaces is nothing."""
    return value is not None and (not isinstance(value, str) or bool(text(value)))


def _explains(line: Line) -> bool:
    """Return whether the first cell filled says that the row sums or explains others."""
    filled = next((name for name, value in line.values.items() if _stands(value)), "")
    return filled not in {"text", "note"} and folded(line.values[filled]).startswith(NOT_DATA)


def _record_grid(table: Table, rows: Rows) -> Grid:
    """Return the cells of a record sheet, which has its labels in column A and their values in column B."""
    names = {folded(column.header): column.name for column in table.columns}
    found = {
        names[folded(row[0])]: (f"B{number}", row[1] if len(row) > 1 else None)
        for number, row in enumerate(rows, start=1)
        if row and folded(row[0]) in names
    }
    lines = (Line(0, {name: value for name, (_, value) in found.items()}),) if found else ()
    return Grid({name: reference for name, (reference, _) in found.items()}, lines=lines)
