"""The first sheet of a workbook: how it is filled in, and what stands on which sheet."""

from collections.abc import Sequence

from openpyxl.styles import Alignment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from giamngheo.workbook.schema import Table, guide
from giamngheo.workbook.write.template_style import BODY, HINT, LINE_HEIGHT, LINK, TITLE, heading, label, lines_of, page

GUIDE_SHEET = "Hướng dẫn"

_WIDTHS = {"A": 26, "B": 60, "C": 42}


def write_guide(book: Workbook, tables: Sequence[Table], kind: str) -> None:
    """Writes the sheet of instructions of a workbook of a kind ("unit" or "commune") as its first."""
    sheet = book.create_sheet(GUIDE_SHEET, 0)
    words = guide(kind)
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.cell(1, 1, words.title).font = TITLE
    for row, step in enumerate(words.steps, start=3):
        _paragraph(sheet, row, f"{row - 2}. {step}")
    first = len(words.steps) + 4
    for index, heading_words in enumerate(("Trang", "Nội dung", "Căn cứ"), start=1):
        heading(sheet, first, index, heading_words)
    for row, table in enumerate(tables, start=first + 1):
        _entry(sheet, row, table)
    sheet.protection.enable()
    page(sheet, "portrait")


def _paragraph(sheet: Worksheet, row: int, text: str) -> None:
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_WIDTHS))
    cell = sheet.cell(row, 1, text)
    cell.font, cell.alignment = BODY, Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[row].height = 3 + LINE_HEIGHT * lines_of(text, sum(_WIDTHS.values()))


def _entry(sheet: Worksheet, row: int, table: Table) -> None:
    for index, words in enumerate((table.sheet, f"{table.title}. {table.hint}", table.law), start=1):
        label(sheet, row, index, words)
    sheet.cell(row, 1).hyperlink = f"#'{table.sheet}'!A1"
    sheet.cell(row, 1).font = LINK
    sheet.cell(row, 3).font = HINT
    sheet.row_dimensions[row].height = 3 + LINE_HEIGHT * lines_of(f"{table.title}. {table.hint}", _WIDTHS["B"])
