"""A household file typed in Excel, streamed into delimited text row by row."""

import csv
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import get_column_letter

from giamngheo.core.finding import InvalidWorkbookError, listed
from giamngheo.core.text import text
from giamngheo.households.file.schema import (
    HEADER_SEARCH_ROWS,
    SeveralTablesError,
    UnreadableHouseholdFileError,
    are_column_numbers,
    is_header,
    known_columns,
    refuse_legacy,
)
from giamngheo.households.file.text import DelimitedText
from giamngheo.workbook.read.marks import boundaries
from giamngheo.workbook.read.sheets import UNCALCULATED, Row, SheetStream, sheet_streams

MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
"""What a sheet can have."""

SHEET_STEP = 1 << 40
"""A place is SHEET_STEP x the number of the sheet + the row in it."""


@dataclass(frozen=True)
class _Table:
    """The households of a sheet: its headings that are known, with their columns from 0, and the rows below.

    below: numbers of the rows below the header.
    """

    title: str
    hidden: bool
    columns: tuple[int, ...]
    header: tuple[str, ...]
    below: range
    rows: Iterator[tuple[int, Row]]

    @property
    def names(self) -> list[str]:
        """Names of the columns, in the order of the names."""
        return sorted(known_columns(self.header).values())


def sheet_text(path: Path, scratch: Path) -> DelimitedText:
    """Copy the known columns of every sheet with households to a delimited text in `scratch`.

    Sheets of the same columns are one file. Raises UnreadableHouseholdFileError, LegacyEncodingError, and
    SeveralTablesError where sheets have other columns, or one of several is hidden.
    """
    try:
        return _copied(path, scratch / "households.csv")
    except InvalidWorkbookError as error:
        raise UnreadableHouseholdFileError(path, str(error.findings[0].found)) from None


def _copied(path: Path, target: Path) -> DelimitedText:
    tables: list[_Table] = []
    notes: list[str] = []
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for number, named in enumerate(sheet_streams(path, MOST_ROWS, columns=MOST_COLUMNS), start=1):
            sheet = replace(named, title=f"thứ {number}")  # its own title may be the name of a person
            if (table := _table(path, sheet)) is None:
                notes += [_unread(sheet)] if sheet.marks.last_row else []
                continue
            tables.append(table)
            notes += _hidden_parts(sheet, table)
            if not _agree(tables):
                continue
            if len(tables) == 1:
                writer.writerow(["place", *[""] * len(table.header)])
            writer.writerows(_lines(path, table, len(tables) - 1, known_columns(tables[0].header)))
    if not tables:
        raise UnreadableHouseholdFileError(path, "không trang nào có dòng tiêu đề của tệp hộ")
    if not _agree(tables):
        raise SeveralTablesError(path, [table.title for table in tables], [t.title for t in tables if t.hidden])
    parts = tuple(f"trang {table.title}" for table in tables) if len(tables) > 1 else ()
    return DelimitedText(target, ",", tables[0].header, 0, parts, tuple(notes))


def _agree(tables: Sequence[_Table]) -> bool:
    """Return whether the tables can be one; a hidden sheet beside others may be last year's, and they cannot."""
    alike = all(table.names == tables[0].names for table in tables)
    return alike and (len(tables) == 1 or not any(table.hidden for table in tables))


def _table(path: Path, sheet: SheetStream) -> _Table | None:
    """Return the households of a sheet, None where it has no header; rows are read down to the first household."""
    rows = enumerate(sheet.rows, start=1)
    for number, row in itertools.islice(rows, HEADER_SEARCH_ROWS):
        typed = ["" if value is None else str(value) for value in row]
        if not is_header(typed):
            continue
        refuse_legacy(path, typed, line=number)
        columns = tuple(known_columns(typed))
        _refuse_merged(path, sheet, number, columns)
        below = range(number + 1, sheet.marks.last_row + 1)
        header = tuple(typed[at] for at in columns)
        return _Table(sheet.title, sheet.hidden, columns, header, below, _without_numbers(rows))
    return None


def _refuse_merged(path: Path, sheet: SheetStream, header: int, columns: Sequence[int]) -> None:
    """Refuse cells of households that are merged: the value of the first would be a blank in the others."""
    for reference in sheet.marks.merged:
        left, top, right, bottom = boundaries(reference)
        is_below = header < bottom and top <= sheet.marks.last_row
        if is_below and any(left <= column + 1 <= right for column in columns):
            found = f"trang {sheet.title}, các ô {reference} gộp làm một, cần bỏ gộp rồi ghi đủ giá trị của từng hộ"
            raise UnreadableHouseholdFileError(path, found)


def _hidden_parts(sheet: SheetStream, table: _Table) -> Iterator[str]:
    """Yield notes on what nobody who looks at the sheet sees and what counts all the same."""
    filtered, by_hand = sheet.marks.hidden_among(table.below)
    letters = [get_column_letter(at + 1) for at in table.columns if sheet.marks.hides_column(at + 1)]
    found = {
        "trang bị ẩn": table.hidden,
        f"cột bị ẩn ({', '.join(letters)})": letters,
        f"{len(filtered)} dòng bị bộ lọc giấu ({listed(map(str, filtered))})": filtered,
        f"{len(by_hand)} dòng bị ẩn ({listed(map(str, by_hand))})": by_hand,
    }
    yield from (f"trang {sheet.title}: {words}, vẫn được tính" for words, is_so in found.items() if is_so)


def _without_numbers(rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Yield the rows below the header, without a row of column numbers."""
    first = list(itertools.islice(rows, 1))
    kept = [(number, row) for number, row in first if not are_column_numbers([text(value) for value in row])]
    return itertools.chain(kept, rows)


def _unread(sheet: SheetStream) -> str:
    return f"trang {sheet.title} ({sheet.marks.last_row} dòng) không được đọc: không có dòng tiêu đề của tệp hộ"


def _calculated(path: Path, table: _Table) -> Iterator[tuple[int, Row]]:
    """Yield the rows; refuse a formula without a result, which would be read as a blank."""
    for number, row in table.rows:
        for column in table.columns:
            if column < len(row) and row[column] is UNCALCULATED:
                where = f"trang {table.title}, ô {get_column_letter(column + 1)}{number}"
                found = f"{where} có công thức chưa được tính, cần mở tệp bằng Excel rồi lưu lại"
                raise UnreadableHouseholdFileError(path, found)
        yield number, row


def _lines(path: Path, table: _Table, number: int, order: dict[int, str]) -> Iterable[list[str]]:
    """Yield the rows that are not blank, each with its place, in the columns of the first table."""
    found = {name: table.columns[at] for at, name in known_columns(table.header).items()}
    columns = [found[name] for name in order.values()] if number else table.columns
    for row_number, row in _calculated(path, table):
        cells = [_written_value(row[at]) if at < len(row) else "" for at in columns]
        if any(cells):
            yield [str(number * SHEET_STEP + row_number), *cells]


def _written_value(value: Any) -> str:
    """Return a value as Excel shows it: numbers have fifteen digits, a logical value is a word and no number."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:.15g}" if isinstance(value, float) else text(value)
