"""A workbook written from the schema: what an officer opens."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from giamngheo.intake.schema import Column, Table, choices, tables
from giamngheo.regulation.programme import programme

Records = Sequence[Mapping[str, Any]]

HEADER_ROW = 3
EMPTY_ROWS = 100
"""Rows ready to be typed in below the last one, with formats and drop-downs."""

CODES_SHEET = "Danh mục"

_FORMATS = {"date": "dd/mm/yyyy", "count": "#,##0", "money": "#,##0", "year": "0", "code": "@", "month": "@"}
_FACE = "Times New Roman"
_TITLE = Font(name=_FACE, size=14, bold=True)
_HINT = Font(name=_FACE, size=11, italic=True, color="595959")
_HEADER = Font(name=_FACE, size=11, bold=True, color="FFFFFF")
_BODY = Font(name=_FACE, size=11)
_HEADER_FILL = PatternFill("solid", fgColor="1F4E78")
_LABEL_FILL = PatternFill("solid", fgColor="DDEBF7")
_LINES = Border(*[Side(style="thin", color="BFBFBF")] * 4)
_NUMBERS = {"count", "money", "year"}


def write_workbook(path: Path, records: Mapping[str, Records], *, year: int) -> None:
    """Writes the workbook of a year to `path`: every sheet of the schema, filled with `records` by table name.

    A record maps column names to values in the types of the Dataset: codes for choices, dates, whole numbers.
    """
    book = Workbook()
    del book[book.sheetnames[0]]
    for table in tables():
        sheet = book.create_sheet(table.sheet)
        _head(sheet, table)
        write = _write_record if table.layout == "record" else _write_rows
        write(sheet, table, records.get(table.name, ()))
    _write_codes(book.create_sheet(CODES_SHEET), year)
    book.save(path)


def _head(sheet: Worksheet, table: Table) -> None:
    for row, words, font in ((1, table.title, _TITLE), (2, table.hint, _HINT)):
        sheet.cell(row, 1, words).font = font
    sheet.row_dimensions[1].height = 22
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_rows(sheet: Worksheet, table: Table, records: Records) -> None:
    last = HEADER_ROW + len(records) + EMPTY_ROWS
    for index, column in enumerate(table.columns, start=1):
        _header_cell(sheet, HEADER_ROW, index, column.header)
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        values = [record.get(column.name) for record in records] + [None] * EMPTY_ROWS
        for row, value in enumerate(values, start=HEADER_ROW + 1):
            _body_cell(sheet, row, index, column, value)
        _restrict(sheet, column, f"{letter}{HEADER_ROW + 1}:{letter}{last}")
    sheet.row_dimensions[HEADER_ROW].height = 48
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 1)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_area = f"A1:{get_column_letter(len(table.columns))}{HEADER_ROW + max(len(records), 1)}"


def _write_record(sheet: Worksheet, table: Table, records: Records) -> None:
    values = records[0] if records else {}
    for index, words in enumerate(("Mục", "Nội dung", "Giải thích"), start=1):
        _header_cell(sheet, HEADER_ROW, index, words)
    for row, column in enumerate(table.columns, start=HEADER_ROW + 1):
        _body_cell(sheet, row, 1, column, column.header).fill = _LABEL_FILL
        _body_cell(sheet, row, 2, column, values.get(column.name))
        _body_cell(sheet, row, 3, column, column.meaning).font = _HINT
    for letter, width in {"A": 28, "B": 60, "C": 60}.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 1)


def _header_cell(sheet: Worksheet, row: int, index: int, words: str) -> None:
    cell = sheet.cell(row, index, words)
    cell.font, cell.fill, cell.border = _HEADER, _HEADER_FILL, _LINES
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _body_cell(sheet: Worksheet, row: int, index: int, column: Column, value: Any) -> Any:
    if column.kind == "choice" and value:
        value = choices(column.choices)[value]
    cell = sheet.cell(row, index, value)
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with "=" stays a text
    cell.number_format = _FORMATS.get(column.kind, "General")
    cell.font, cell.border = _BODY, _LINES
    side = "right" if column.kind in _NUMBERS else "left"
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=column.kind == "text")
    return cell


def _restrict(sheet: Worksheet, column: Column, cells: str) -> None:
    """Drop-down, type check and input message of a column."""
    rule = _rule(column)
    rule.allow_blank, rule.showDropDown = True, False
    rule.promptTitle, rule.prompt = column.header[:32], column.meaning[:255]
    rule.errorTitle, rule.error = "Giá trị không hợp lệ", f"{column.header}: {column.meaning}"[:255]
    rule.showInputMessage = rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(cells)


def _rule(column: Column) -> DataValidation:
    if column.choices == "projects":
        return DataValidation("list", formula1=f"'{CODES_SHEET}'!$A$4:$A$40")
    if column.choices == "units":
        return DataValidation("list", formula1="'Đơn vị'!$A$4:$A$200")
    if column.choices:
        return DataValidation("list", formula1='"' + ",".join(choices(column.choices).values()) + '"')
    if column.kind in _NUMBERS:
        return DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
    if column.kind == "date":
        return DataValidation("date", operator="greaterThan", formula1="36526")
    return DataValidation("textLength", operator="lessThanOrEqual", formula1="32767")


def _write_codes(sheet: Worksheet, year: int) -> None:
    """The list of projects that the drop-downs offer."""
    sheet.cell(1, 1, f"Danh mục dự án, tiểu dự án năm {year}").font = _TITLE
    for index, words in enumerate(("Mã dự án", "Tên dự án, tiểu dự án"), start=1):
        _header_cell(sheet, HEADER_ROW, index, words)
    for row, entry in enumerate(programme(on=dt.date(year, 12, 31)), start=HEADER_ROW + 1):
        code, name = sheet.cell(row, 1, entry.code), sheet.cell(row, 2, entry.name)
        code.number_format, code.font, name.font = "@", _BODY, _BODY
        code.border = name.border = _LINES
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 12, 110
    sheet.freeze_panes = "A4"
