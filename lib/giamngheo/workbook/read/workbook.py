"""A workbook read into a Dataset, every problem said at once."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter

from giamngheo.core.finding import Finding, InvalidWorkbookError, listed, of_severity, without_floods
from giamngheo.core.message import Message, Value, message, quoted
from giamngheo.core.text import as_typed, legacy_encoding_of, number_text, text, unicode_of
from giamngheo.regulation.own import own_catalogue
from giamngheo.regulation.programme import Catalogue
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.grid import HEADER_SEARCH_ROWS, Grid, grid
from giamngheo.workbook.own_contents import with_own
from giamngheo.workbook.read.cells import amounts_in_millions, cell_value
from giamngheo.workbook.read.marks import boundaries, by_row
from giamngheo.workbook.read.package import has_macros
from giamngheo.workbook.read.sheets import Sheet, sheets
from giamngheo.workbook.read.structure import copied_sheets, missing_sheet, sheet_findings, sheet_of
from giamngheo.workbook.read.typed import MILLION, CellError
from giamngheo.workbook.schema import Column, Table, tables

_DTYPES = {"date": "datetime64[us]", "count": "Int64", "money": "Int64", "year": "Int64", "percent": "Float64"}
_OF_CELLS = {"blank-cell", "bad-cell", "legacy-text", "uncalculated-formula"}
_MOST_LEVELS = 20
"""Units above each other, thrice as many as there are levels: each is looked for in the whole list."""
_UNICODE = message("Unicode text (Times New Roman, Arial), typed again or turned by Unikey")
_ABSENT: dict[str, Any] = {"text": "", "code": "", "period": "", "choice": ""}


@dataclass(frozen=True)
class Reading:
    """What could be read of a workbook.

    A cell that cannot be read is blank in the dataset; `broken` names the tables that have such cells, with the rows
    of these, or that lack a sheet or column, with all their rows: what is said about them would be said about
    something else than what was typed.
    """

    dataset: Dataset
    findings: tuple[Finding, ...]
    broken: Mapping[str, frozenset[int]]


@dataclass(frozen=True)
class _TableReading:
    frame: pd.DataFrame
    grid: Grid
    findings: tuple[Finding, ...]


def read_workbook(path: Path, unit: str, year: int) -> Dataset:
    """Return the Dataset of the workbook at `path`; findings that are no errors stand in it.

    Raises InvalidWorkbookError with every missing sheet or column and every cell that does not fit its column.
    """
    found = reading(path, unit, year)
    if errors := of_severity(found.findings, "error"):
        raise InvalidWorkbookError(errors)
    return found.dataset


def reading(
    path: Path, unit: str, year: int, wanted: Sequence[Table] | None = None, *, law: Catalogue | None = None
) -> Reading:
    """Return what can be read of the workbook at `path`, of every table or only of those `wanted`.

    law: the programmes of the office that reads it, where it is not that of the folder that the file lies in.
    Raises InvalidWorkbookError where the file is not a workbook.
    """
    entries = tables(year) if wanted is None else wanted
    catalogue = own_catalogue(path.parent.parent) if law is None else law
    book = sheets(path)
    read = {table.name: _table_reading(table, book, (path.name, catalogue)) for table in entries}
    copies = copied_sheets(entries, book, path.name)
    findings = (*_macros(path), *copies, *(finding for entry in read.values() for finding in entry.findings))
    broken = {name: _broken_rows(entry) for name, entry in read.items() if of_severity(entry.findings, "error")}
    if "contents" in read:
        frame = read["contents"].frame
        catalogue = with_own(catalogue, frame[~frame["row"].isin(broken.get("contents", ()))])
    found = replace(_dataset(read, path, (unit, year), findings), catalogue=catalogue)
    return Reading(found, findings, broken)


def _broken_rows(entry: _TableReading) -> frozenset[int]:
    """Return the rows with a cell that cannot be read; all where something is wrong with the sheet."""
    errors = of_severity(entry.findings, "error")
    if any(error.code not in _OF_CELLS for error in errors):
        return frozenset(entry.frame["row"])
    return frozenset(int(cell.lstrip(ascii_uppercase)) for error in errors for cell in error.cells)


def _macros(path: Path) -> Iterator[Finding]:
    if has_macros(path):
        found = message("the workbook carries macros, which are never run")
        yield Finding("macros", "info", path.name, "", "", found, message("a workbook without macros (.xlsx)"))


def _table_reading(table: Table, book: Sequence[Sheet], of: tuple[str, Catalogue]) -> _TableReading:
    """Return what can be read of a table; `of` names the file and has the programmes of which sources may stand."""
    file, catalogue = of
    sheet = sheet_of(table, book)
    if sheet is None:
        return _TableReading(_frame(table, Grid({}), {}), Grid({}), tuple(missing_sheet(table, book, file)))
    found = grid(table, sheet.rows)
    if not found.columns:
        return _TableReading(_frame(table, found, {}), found, (_no_header(table, sheet, file),))
    values, problems = _values(table, found, file, catalogue)
    findings = without_floods([*sheet_findings(table, sheet, found, file), *problems])
    frame = _frame(table, found, values)
    if table.name == "units" and (row := _far_below(frame)):
        findings.append(_without_top(file, table.sheet, found.cell("parent_code", row)))
        frame = frame[:0]
    return _TableReading(frame, found, _without_echo(findings, sheet))


def _without_top(file: str, sheet: str, cell: str) -> Finding:
    found = message("the units from here up stand below each other without end")
    expected = message("each unit below one of a higher level")
    return Finding("units-without-top", "error", file, sheet, cell, found, expected)


def _far_below(units: pd.DataFrame) -> int:
    """Return the first row of a unit that stands below itself or more others than there are levels; 0 without one."""
    above = {code: parent for code, parent in zip(units["code"], units["parent_code"], strict=True) if code and parent}
    below: dict[str, int] = {}
    for row, code in zip(units["row"], units["code"], strict=True):
        line: list[str] = []
        while code in above and code not in below and len(line) <= _MOST_LEVELS:
            line.append(code)
            code = above[code]
        below |= {each: below.get(code, 0) + steps for steps, each in enumerate(reversed(line), 1)}
        if line and below[line[0]] > _MOST_LEVELS:
            return int(row)
    return 0


def _no_header(table: Table, sheet: Sheet, file: str) -> Finding:
    """Return the finding of a sheet without headings; headings in an old font are told as such."""
    for number, row in enumerate(sheet.rows[:HEADER_SEARCH_ROWS], start=1):
        for index, value in enumerate(row, start=1):
            if isinstance(value, str) and (encoding := legacy_encoding_of(value)):
                cell = f"{get_column_letter(index)}{number}"
                return Finding("legacy-text", "error", file, table.sheet, cell, _legacy(value, encoding), _UNICODE)
    found = message("there is no row with the headings of the table in the first ten rows")
    expected = message("the heading row of the template, copied from another workbook or one made by giamngheo new")
    return Finding("missing-header", "error", file, table.sheet, "", found, expected)


def _values(table: Table, found: Grid, file: str, catalogue: Catalogue) -> tuple[dict[str, list[Any]], list[Finding]]:
    """Return the values of every column found, blank where they cannot be read, and what is wrong, row by row."""
    values: dict[str, list[Any]] = {}
    problems: list[tuple[int, Finding]] = []
    for name in found.columns:
        column, typed = table.column(name), [line.values[name] for line in found.lines]
        read = list(_column_values(column, typed, catalogue))
        values[name] = [value for value, _ in read]
        in_millions = amounts_in_millions(typed) if column.kind == "money" else {}
        if in_millions:
            rows = [found.lines[index].row for index in in_millions]
            places = [found.cell(name, row) for row in rows]
            problems.append((rows[0], _of_column(column, (file, table.sheet), places, list(in_millions.values()))))
        for index, (line, (_, problem)) in enumerate(zip(found.lines, read, strict=True)):
            if problem and index not in in_millions:
                code, severity, stands, expected = problem
                cell = found.cell(name, line.row)
                problems.append((line.row, Finding(code, severity, file, table.sheet, cell, stands, expected)))
    return values, [finding for _, finding in sorted(problems, key=lambda entry: entry[0])]


def _of_column(column: Column, place: tuple[str, str], cells: Sequence[str], amounts: Sequence[Decimal]) -> Finding:
    """Return the one finding of a column that is in million đồng."""
    found = message(
        "{count} amounts of {header} are in million đồng, it seems: {cells}",
        count=len(cells),
        header=quoted(column.header),
        cells=listed(cells),
    )
    largest = max(amounts)
    expected = message(
        "amounts in đồng: {amount}, the largest, is {words}",
        amount=float(largest),
        words=message("{amount}, if it is {unit}", amount=int(largest * MILLION), unit=message("in million đồng")),
    )
    return Finding("amounts-in-millions", "error", *place, cells[0], found, expected, also=tuple(cells[1:]))


def _column_values(
    column: Column, cells: Sequence[Any], catalogue: Catalogue
) -> Iterator[tuple[Any, tuple[Any, ...] | None]]:
    """Yield what each cell of a column says and what is wrong with it; the same cells again are read once."""
    known: dict[tuple[type, Any], tuple[Any, tuple[Any, ...] | None]] = {}
    for value in cells:
        key = (value.__class__, value)  # 1, 1.0 and True are equal, and say different things
        if key not in known:
            known[key] = _parsed(value, column, catalogue)
        yield known[key]


def _parsed(value: Any, column: Column, catalogue: Catalogue) -> tuple[Any, tuple[Any, ...] | None]:
    encoding = legacy_encoding_of(value) if isinstance(value, str) else None
    try:
        typed = cell_value(unicode_of(value, encoding) if encoding else value, column, catalogue)
    except CellError as error:
        if error.found is not None:
            return _ABSENT.get(column.kind), (*error.kind, error.found, error.needed)
        if not text(value):
            return _ABSENT.get(column.kind), ("blank-cell", "error", message("nothing stands here"), error.needed)
        stands = message("{value} stands here", value=_seen(value))
        return _ABSENT.get(column.kind), (*error.kind, stands, error.needed)
    if encoding:
        return typed.value, ("legacy-text", "warning", _legacy(value, encoding), _UNICODE)
    if not typed.converted:
        return typed.value, None
    stands = message("the text {text}, read as {value}", text=quoted(text(value)), value=_in_words(typed.value, column))
    return typed.value, (
        "typed-as-text",
        "info",
        stands,
        message("a number or a date in place of the text, unless that is meant"),
    )


def _legacy(value: str, encoding: str) -> Message:
    read = quoted(text(unicode_of(value, encoding)))
    return message(
        "{value} stands here, typed in an old font ({encoding}), read as {read}",
        value=quoted(text(value)),
        encoding=encoding,
        read=read,
    )


def _seen(value: Any) -> Value:
    """Return a cell as a message repeats it: a fraction with the mark of the language, as Excel shows it."""
    return (
        value
        if isinstance(value, float) and math.isfinite(value)
        else quoted(number_text(value) if isinstance(value, str) else as_typed(value))
    )


def _in_words(value: Any, column: Column) -> Any:
    return str(value) if column.kind == "year" else value


def _without_echo(findings: Sequence[Finding], sheet: Sheet) -> tuple[Finding, ...]:
    """Return findings without those of a blank cell that is merged with another."""
    merged = by_row(map(boundaries, sheet.marks.merged))

    def echoes(cell: str) -> bool:
        column, row, _, _ = boundaries(cell)
        return any(left <= column <= right for left, _, right, _ in merged.get(row, ()))

    return tuple(finding for finding in findings if finding.code != "blank-cell" or not all(map(echoes, finding.cells)))


def _dataset(
    read: dict[str, _TableReading], path: Path, place: tuple[str, int], findings: tuple[Finding, ...]
) -> Dataset:
    frames = {name: entry.frame for name, entry in read.items()}
    record = frames.pop("form", pd.DataFrame()).drop(columns="row", errors="ignore")
    form = {str(name): str(value) for name, value in record.iloc[0].items()} if len(record) else {}
    letters = {name: entry.grid.columns for name, entry in read.items()}
    return Dataset(*place, path.name, frames, form, letters, tuple(findings))


def _frame(table: Table, found: Grid, values: dict[str, list[Any]]) -> pd.DataFrame:
    data: dict[str, Any] = {"row": np.array([line.row for line in found.lines], dtype="int64")}
    for column in table.columns:
        blank = [_ABSENT.get(column.kind)] * len(found.lines)
        data[column.name] = pd.array(values.get(column.name, blank), dtype=_DTYPES.get(column.kind, "str"))
    return pd.DataFrame(data, copy=False)
