"""How the cells of a workbook look, and which of them may be typed in."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from giamngheo.workbook.read.book_parts import escaped
from giamngheo.workbook.schema import Column

FORMATS = {
    "date": "dd/mm/yyyy",
    "count": "#,##0",
    "money": "#,##0",
    "year": "0",
    "code": "@",
    "period": "@",
    "percent": "0.00##",
}
NUMBERS = {"count", "money", "year", "percent"}

_FACE = "Times New Roman"
TITLE = Font(name=_FACE, size=14, bold=True, color="1F4E78")
HINT = Font(name=_FACE, size=11, italic=True, color="595959")
HEADER = Font(name=_FACE, size=11, bold=True, color="FFFFFF")
BODY = Font(name=_FACE, size=11)
STRONG = Font(name=_FACE, size=11, bold=True)
LINK = Font(name=_FACE, size=11, color="0563C1", underline="single")
LINES = Border(*[Side(style="thin", color="BFBFBF")] * 4)
OPEN = Protection(locked=False)

_HEADER_FILL = PatternFill("solid", fgColor="1F4E78")
_REQUIRED_FILL = PatternFill("solid", fgColor="C55A11")
_LABEL_FILL = PatternFill("solid", fgColor="DDEBF7")
_TOTAL_FILL = PatternFill("solid", fgColor="F2F2F2")

LINE_HEIGHT = 15
_WIDTHS = {
    "text": 24,
    "code": 12,
    "choice": 17,
    "date": 13,
    "period": 13,
    "year": 11,
    "count": 13,
    "money": 20,
    "percent": 13,
}


_HEADING, _REQUIRED, _LABEL, _TOTAL, _TOTAL_WORDS = "Đầu cột", "Đầu cột bắt buộc", "Nhãn", "Cộng", "Chữ của dòng cộng"
_BODIES = {
    "text": "Ô nhập chữ",
    "code": "Ô nhập mã",
    "choice": "Ô chọn",
    "date": "Ô nhập ngày",
    "period": "Ô nhập kỳ",
    "year": "Ô nhập năm",
    "count": "Ô nhập số lượng",
    "money": "Ô nhập số tiền",
    "percent": "Ô nhập tỷ lệ",
}
"""Names of the styles of a workbook, as Excel lists them; by the kind of a column."""


def add_styles(book: Workbook) -> None:
    """Give a new workbook the styles that its cells have; one that has a name is set at once, not part by part."""
    centred = Alignment(horizontal="center", vertical="center", wrap_text=True)
    named = [
        NamedStyle(_HEADING, font=HEADER, fill=_HEADER_FILL, alignment=centred),
        NamedStyle(_REQUIRED, font=HEADER, fill=_REQUIRED_FILL, alignment=centred),
        NamedStyle(_LABEL, font=BODY, fill=_LABEL_FILL, alignment=Alignment(vertical="center", wrap_text=True)),
    ]
    for name, side in ((_TOTAL, "right"), (_TOTAL_WORDS, "left")):
        aligned = Alignment(horizontal=side, vertical="center")
        look = NamedStyle(name, font=STRONG, fill=_TOTAL_FILL, alignment=aligned, number_format=FORMATS["count"])
        named.append(look)
    for kind, name in _BODIES.items():
        form, aligned = number_format_of(kind), alignment(kind)
        named.append(NamedStyle(name, font=BODY, protection=OPEN, alignment=aligned, number_format=form))
    for look in named:
        look.border = LINES
        book.add_named_style(look)


def heading(sheet: Worksheet, row: int, index: int, words: str, *, required: bool = False) -> None:
    """Write a heading cell; a column that must be filled in has its own colour."""
    sheet.cell(row, index, words).style = _REQUIRED if required else _HEADING


def label(sheet: Worksheet, row: int, index: int, words: str) -> None:
    """Write a locked cell that names what stands beside it."""
    sheet.cell(row, index, words).style = _LABEL


def total(sheet: Worksheet, row: int, index: int, value: str) -> None:
    """Write a locked cell of the row of totals."""
    sheet.cell(row, index, value).style = _TOTAL if value.startswith("=") else _TOTAL_WORDS


def body(cell: Cell, column: Column, value: Any) -> None:
    """Fill a cell to type in, in the format of its column."""
    cell.value = escaped(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with "=" stays a text
    cell.style = _BODIES[column.kind]


def number_format_of(kind: str) -> str:
    """Return the number format of the cells of a kind of column."""
    return FORMATS.get(kind, "General")


def alignment(kind: str) -> Alignment:
    """Return the alignment of the cells of a kind of column: numbers right, texts left and wrapped."""
    horizontal = "right" if kind in NUMBERS else "left"
    return Alignment(horizontal=horizontal, indent=1, vertical="top", wrap_text=kind == "text")


def width(column: Column) -> int:
    """Return the width of a column in characters."""
    return column.width or _WIDTHS[column.kind]


def height(columns: Sequence[Column], values: Mapping[str, Any]) -> int:
    """Return the height in points that a row needs for its longest text."""
    lines = (
        lines_of(str(values.get(column.name, "")), width(column) - 1) for column in columns if column.kind == "text"
    )
    return 3 + LINE_HEIGHT * max(lines, default=1)


def heading_height(columns: Sequence[Column]) -> int:
    """Return the height in points that the headings need; bold letters on few characters break early."""
    return 15 + LINE_HEIGHT * max(lines_of(column.header, int(0.7 * width(column))) for column in columns)


def page(sheet: Worksheet, orientation: Literal["portrait", "landscape"]) -> None:
    """Show a sheet without grid, and print it as wide as an A4 page."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)


def lines_of(text: str, width: int) -> int:
    """Return the number of lines of a text in a column so many characters wide; our face is narrower than Excel's."""
    return max(1, math.ceil(len(text) / (1.15 * width)))
