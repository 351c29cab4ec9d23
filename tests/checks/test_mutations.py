"""Workbooks mutilated at random: whatever was done to them, what is wrong is said, and never by a traceback."""

import copy
import datetime as dt
import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giamngheo.checks.consistency import findings
from giamngheo.core.finding import Finding, InvalidWorkbookError
from giamngheo.workbook.read.workbook import reading

EXAMPLES = 20
"""Of each of the two tests, hence 40 workbooks."""

RELAXED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

Sheets = dict[str, list[list[Any]]]

VALUES = st.one_of(
    st.none(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(min_value=dt.datetime(1901, 1, 1), max_value=dt.datetime(9000, 1, 1)),  # noqa: DTZ001
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12),
    st.sampled_from(["#REF!", "=1+1", "12.000", "1e3", "31/12/2022", "617", "Tổng cộng", "Hộ nghèo", "Huyện", "990"]),
)

PLACE = st.integers(0, 10**6)

MUTATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("retype"), PLACE, PLACE, PLACE, VALUES),
        st.tuples(st.sampled_from(["delete row", "repeat row", "delete column", "move row"]), PLACE, PLACE, PLACE),
        st.tuples(st.sampled_from(["delete sheet", "rename sheet", "empty sheet", "swap sheets"]), PLACE, PLACE, PLACE),
    ),
    min_size=1,
    max_size=6,
)


def mutated(sheets: Sheets, steps: list[tuple[Any, ...]]) -> Sheets:
    for kind, sheet, row, column, *value in steps:
        if not sheets:
            break
        title = list(sheets)[sheet % len(sheets)]
        rows = sheets[title]
        here = row % len(rows) if rows else 0
        if kind == "rename sheet":
            sheets[f"{title[:20]} {column % 7}"] = sheets.pop(title)
        elif kind == "delete sheet":
            del sheets[title]
        elif kind == "empty sheet":
            sheets[title] = []
        elif kind == "swap sheets":
            other = list(sheets)[row % len(sheets)]
            sheets[title], sheets[other] = sheets[other], rows
        elif rows:
            change(rows, kind, here, column, value)
    return sheets


def change(rows: list[list[Any]], kind: str, row: int, column: int, value: list[Any]) -> None:
    if kind == "retype" and rows[row]:
        rows[row][column % len(rows[row])] = value[0]
    elif kind == "delete row":
        del rows[row]
    elif kind == "repeat row":
        rows.append(list(rows[row]))
    elif kind == "move row":
        rows.insert(column % len(rows), rows.pop(row))
    elif kind == "delete column":
        for cells in rows:
            if cells:
                del cells[column % len(cells)]


def content_of(sheets: Sheets) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if not sheets:
        book.create_sheet("Trang1")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def found_in(content: bytes) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "2023.xlsx"
        path.write_bytes(content)
        try:
            found = reading(path, "mau", 2023)
        except InvalidWorkbookError as error:
            return list(error.findings)
        return findings(found.dataset, broken=found.broken)


@cache
def clean() -> Sheets:
    """Rows of the real workbook by sheet; no fixture, whose value hypothesis would print."""
    source = Path(__file__).parents[2] / "data" / "tu-mo-rong" / "2023.xlsx"
    book = openpyxl.load_workbook(source, read_only=True)
    try:
        return {sheet.title: filled_rows(sheet) for sheet in book.worksheets}
    finally:
        book.close()


@cache
def clean_content() -> bytes:
    return content_of(clean())


def filled_rows(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]


@given(steps=MUTATIONS)
@RELAXED
def test_sheets_rows_and_cells_changed_at_random(steps):
    found = found_in(content_of(mutated(copy.deepcopy(clean()), steps)))

    assert all(finding.code and str(finding) and finding.said("en") for finding in found)


@given(places=st.lists(st.tuples(PLACE, st.integers(0, 255)), min_size=1, max_size=8), part=PLACE, inside=st.booleans())
@RELAXED
def test_bytes_changed_at_random(places, part, inside):
    content = clean_content()
    found = found_in(corrupted_inside(content, places, part) if inside else corrupted(content, places))

    assert all(finding.code and str(finding) for finding in found)


def corrupted(content: bytes, places: list[tuple[int, int]]) -> bytes:
    changed = bytearray(content)
    for place, byte in places:
        changed[place % len(changed)] = byte
    return bytes(changed)


def corrupted_inside(content: bytes, places: list[tuple[int, int]], part: int) -> bytes:
    """The workbook with bytes of one of its parts changed, in an archive that is whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        victim = old.namelist()[part % len(old.namelist())]
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, corrupted(data, places) if name == victim else data)
    return buffer.getvalue()
