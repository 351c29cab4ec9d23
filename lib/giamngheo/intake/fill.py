"""Rows put into a workbook that an officer already uses: its formats, notes and formulas stay."""

import itertools
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pandas as pd
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from giamngheo.intake.cells import text
from giamngheo.intake.grid import Grid, folded, grid
from giamngheo.intake.save import opened
from giamngheo.intake.schema import Table, choices, tables


@dataclass(frozen=True)
class Filled:
    """What was done to a table: rows written over rows with the same key, rows added below."""

    table: str
    replaced: int
    added: int


def fill_workbook(path: Path, frames: Mapping[str, pd.DataFrame]) -> tuple[Filled, ...]:
    """Writes the rows of each table into the workbook at `path`, and says what it did.

    A row whose key (of the schema) stands in the sheet is written over it, cell by cell, other cells of the row
    stay; a new one goes below the last. Columns that a frame lacks and values that are NA leave their cells as
    they are. The workbook is replaced at once, when all is written; the old one stays beside it as .xlsx.bak, or
    .xlsx.bak2 and so on.
    """
    book = opened(path)
    sheets = {folded(sheet.title): sheet for sheet in book.worksheets}
    done = tuple(
        _fill(sheets[folded(table.sheet)], table, frames[table.name]) for table in tables() if table.name in frames
    )
    with NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as aside:
        book.save(aside)
    shutil.copymode(path, aside.name)
    shutil.copy2(path, _free_backup(path))
    Path(aside.name).replace(path)
    return done


def _free_backup(path: Path) -> Path:
    """Where the workbook is kept: no older copy is written over."""
    names = itertools.chain([f"{path}.bak"], (f"{path}.bak{number}" for number in itertools.count(2)))
    return next(copy for copy in map(Path, names) if not copy.exists())


def _fill(sheet: Worksheet, table: Table, frame: pd.DataFrame) -> Filled:
    found = grid(table, list(sheet.iter_rows(values_only=True)))
    standing = {_key(table, line.values): line.row for line in found.lines}
    free = max(standing.values(), default=found.header) + 1
    replaced = 0
    for record in _in_words(table, frame).to_dict("records"):
        row = standing.get(_key(table, record))
        replaced += row is not None
        _write(sheet, found, free if row is None else row, record)
        free += row is None
    return Filled(table.name, replaced, len(frame) - replaced)


def _in_words(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the words that stand in the workbook for the codes of choices."""
    chosen = [column for column in table.columns if column.kind == "choice" and column.name in frame]
    return frame.assign(**{column.name: frame[column.name].replace(choices(column.choices)) for column in chosen})


def _key(table: Table, record: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_same(record.get(name)) for name in table.key)


def _same(value: Any) -> str:
    """Text by which a value typed in Excel and one computed are the same."""
    if pd.isna(value):
        return ""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return text(pd.Timestamp(value).date() if hasattr(value, "year") else value)


def _write(sheet: Worksheet, found: Grid, row: int, record: Mapping[str, Any]) -> None:
    given: Sequence[str] = [name for name in found.columns if name in record and not pd.isna(record[name])]
    for name in given:
        value = record[name]
        plain = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
        cell = sheet.cell(row, column_index_from_string(found.columns[name]))
        cell.value = plain if isinstance(plain, str) or hasattr(plain, "year") else int(plain)
        if isinstance(plain, str):
            cell.data_type = "s"  # a text that begins with "=" stays a text
