"""Where rows go on a sheet: over those with the same key, as the reader reads it, or into the free rows below."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from openpyxl.utils import column_index_from_string

from giamngheo.core.text import text
from giamngheo.regulation.programme import NATIONAL, Catalogue
from giamngheo.workbook.change.formulas import Formula
from giamngheo.workbook.change.rows import Value
from giamngheo.workbook.grid import Grid, Line, grid
from giamngheo.workbook.read.cells import cell_value
from giamngheo.workbook.read.marks import MOST_ROWS, boundaries, by_row
from giamngheo.workbook.read.sheets import Sheet
from giamngheo.workbook.read.typed import CellError
from giamngheo.workbook.schema import Table, choices


@dataclass(frozen=True)
class Filled:
    """What was done to a table: rows of which cells were written over, rows added.

    overwritten: cells whose formula gave way to a value; outdated: cells whose formula reads what has changed, and has
    no result until Excel calculates it; lost: headings of columns that the sheet does not have.
    """

    table: str
    replaced: int
    added: int
    overwritten: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """What is to be written into a sheet: values by row and column; like: the row that new ones look like."""

    sheet: Sheet
    filled: Filled
    cells: Mapping[int, Mapping[int, Value]]
    added: range
    like: int
    problems: tuple[str, ...] = ()


def placed(
    table: Table, sheet: Sheet, frame: pd.DataFrame, formulas: Sequence[Formula], *, law: Catalogue = NATIONAL
) -> Placed:
    """Return the rows of a frame as cells of the sheet of their table, of which the formulas are given.

    law: the programmes whose sources may stand in the sheet.
    """
    found = _with_values(grid(table, sheet.rows))
    records = frame.to_dict("records")
    standing, problems = _standing(table, found, {_key(table, record) for record in records}, law)
    cells: dict[int, Mapping[int, Value]] = {}
    new: list[Mapping[int, Value]] = []
    for record in records:
        row = standing.get(_key(table, record)) if table.key else None
        values = _different(table, found, record, {} if row is None else row[1], law=law)
        if row is None:
            new.append(values)
        elif values:
            cells[row[0]] = values
    last = max((line.row for line in found.lines), default=found.header)
    added = range(last + 1, last + 1 + len(new))
    lost = [table.column(str(name)) for name in frame if _is_lost(frame, str(name), found)]
    problems += [f"không có cột {column.header!r}" for column in lost if column.required or column.name in table.key]
    problems += _no_room(sheet, found, added, formulas)
    filled = Filled(table.name, len(cells), len(new), lost=tuple(column.header for column in lost))
    said = tuple(f"trang {table.sheet!r}, {problem}" for problem in problems)
    return Placed(sheet, filled, {**cells, **dict(zip(added, new, strict=True))}, added, last, said)


def _is_lost(frame: pd.DataFrame, name: str, found: Grid) -> bool:
    """Return whether a column of the frame says something for which the sheet has no column."""
    return name not in found.columns and any(_plain(value) is not None for value in frame[name])


def _with_values(found: Grid) -> Grid:
    """Return the grid without lines of nothing but formulas that have no results yet: totals of what is to come."""
    lines = (line for line in found.lines if any(map(text, line.values.values())))
    return replace(found, lines=tuple(lines))


Standing = Mapping[tuple[Any, ...], tuple[int, Mapping[str, Any]]]


def _standing(
    table: Table, found: Grid, wanted: Collection[tuple[Any, ...]], law: Catalogue
) -> tuple[Standing, list[str]]:
    """Return the rows of the sheet whose keys are wanted, with their values as read, and what hinders reading them."""
    rows: dict[tuple[Any, ...], tuple[int, Mapping[str, Any]]] = {}
    problems = []
    for line in found.lines if table.key else ():
        keys, unreadable = _values(table, found, line, [name for name in table.key if name in line.values], law=law)
        problems += unreadable
        if (key := _key(table, keys)) not in wanted:
            continue
        values, unreadable = _values(table, found, line, list(line.values), law=law)
        problems += unreadable
        earlier, _ = rows.setdefault(key, (line.row, values))
        if earlier != line.row:
            headers = ", ".join(table.column(name).header for name in table.key)
            problems.append(f"dòng {earlier} và dòng {line.row}: trùng {headers}; cần sửa để mỗi dòng một khác")
    return rows, problems


def _values(
    table: Table, found: Grid, line: Line, names: Sequence[str], *, law: Catalogue
) -> tuple[dict[str, Any], list[str]]:
    """Return values of some columns of a row as the reader reads them, and the cells that it cannot read."""
    values: dict[str, Any] = {}
    problems = []
    for name in names:
        try:
            values[name] = cell_value(line.values[name], table.column(name), law).value
        except CellError as error:
            problems.append(f"ô {found.cell(name, line.row)}: không đọc được; cần {error.needed}")
    return values, problems


def _key(table: Table, record: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(_plain(record.get(name)) for name in table.key)


def _plain(value: Any) -> Value | None:
    """Return a value as the reader gives it; None where nothing is given."""
    if pd.isna(value) or value == "":
        return None
    if isinstance(value, str):
        return text(value)
    if hasattr(value, "year"):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return float(value) if isinstance(value, float) and value != int(value) else int(value)


def _different(
    table: Table, found: Grid, record: Mapping[str, Any], old: Mapping[str, Any], *, law: Catalogue
) -> dict[int, Value]:
    """Return what a record changes in the row that stands in the sheet, by column, in the words of the workbook."""
    values: dict[int, Value] = {}
    for name, letter in found.columns.items():
        value, column = _plain(record.get(name)), table.column(name)
        if value is None or value == _plain(old.get(name)):
            continue
        is_choice = column.kind == "choice" and isinstance(value, str)
        values[column_index_from_string(letter)] = choices(column.choices, law)[str(value)] if is_choice else value
    return values


def _no_room(sheet: Sheet, found: Grid, added: range, formulas: Sequence[Formula]) -> Iterator[str]:
    """Yield what stands where rows are to be added: totals, notes, signatures, merged cells."""
    columns = [column_index_from_string(letter) for letter in found.columns.values()]
    if not added or not columns:
        return
    if added.stop - 1 > MOST_ROWS:
        yield f"bảng dài quá dòng {MOST_ROWS}; cần để không có gì dưới dòng ấy"
        return
    first, last = min(columns), max(columns)
    calculated = {formula.row for formula in formulas if first <= formula.column <= last}
    merged = by_row(map(boundaries, sheet.marks.merged))

    def is_taken(row: int) -> bool:
        values = sheet.rows[row - 1][first - 1 : last] if row <= len(sheet.rows) else ()
        joined = any(left <= last and right >= first for left, _, right, _ in merged.get(row, ()))
        return any(text(value) for value in values) or row in calculated or joined

    row = next(filter(is_taken, added), None)
    if row is not None:
        missing = added.stop - row
        yield (
            f"dòng {row}: bên dưới bảng đã có nội dung, không đủ chỗ cho {len(added)} dòng mới; "
            f"hãy chèn {missing} dòng trống phía trên dòng {row}, lưu sổ rồi chạy lại"
        )
