"""The tables of a report as an Excel workbook: one sheet each, values with their types and formats."""

import io
import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from giamngheo.core.archive import CORE, core_properties, unzipped, zipped
from giamngheo.export.document import Document
from giamngheo.export.exporter import DocumentExporter
from giamngheo.report.elements.header import HeaderCell, header_rows
from giamngheo.report.elements.table import KEYS
from giamngheo.report.language.numbers import VND_PER_MILLION
from giamngheo.report.markup import one_line
from giamngheo.workbook.write.save import workbook_bytes

UNIT_LINE = "Đơn vị tính tiền: triệu đồng"

_FORMATS = {"count": "#,##0", "money": "#,##0.000", "percent": "0.00%", "points": "0.00%", "plain": "General"}

_SCALES = {"money": VND_PER_MILLION, "percent": 100, "points": 100}

_DATA_UNITS = {"money": " (đồng)", "percent": " (%)", "points": " (điểm %)"}

_WIDTHS = {"text": 46, "code": 8}

_FORM_WIDTHS = {"text": 24, "code": 8, "money": 13}
"""Those of a form but for the text that names its rows, which is as wide as elsewhere."""

_FONT = "font-family: Times New Roman; font-size: 12pt; "

_GRID = _FONT + "border: 1px solid #000000; vertical-align: middle; white-space: normal; "

_LINE_HEIGHT = 16.5

_HEADER_ROW = 3

_LONGEST_TEXT = 32_767
"""Letters that a cell of Excel holds."""

_CUT = " […cắt bớt: ô của Excel chỉ chứa 32.767 ký tự, xem đủ ở báo cáo]"

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

_LONGEST_NAME = 31


class XlsxExporter(DocumentExporter):
    """Tables of a report as Excel workbook."""

    export_from_notebook = "Bảng biểu Excel"
    output_mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    extension = ".xlsx"

    def written(self, document: Document) -> bytes:
        """Return the tables of the document as an Excel file."""
        return xlsx(document)


def xlsx(document: Document) -> bytes:
    """Return the tables of a document as an Excel file: each as it is printed, then each as data to go on with.

    As printed, money is in triệu đồng and rates are percentages of Excel's; as data, money is in đồng, rates are
    numbers of percent, one row of headings above, with the codes of units, contents and indicators, and filters.

    The data of a form has a row for each of its figures. The sheets of data are for programs and screen readers: one
    table from A1, no merged cells; a sheet before them says what each has.
    """
    tables = document.tables or [_NO_TABLE]
    data = [f"Dữ liệu {number}" for number, _ in enumerate(document.tables, 1)]
    names = sheet_names([*map(_called, tables), *([_NOTES] if data else []), *data])
    writer = pd.ExcelWriter(io.BytesIO(), engine="openpyxl")
    for table, name in zip(tables, names, strict=False):
        _write(writer, name, table)
    if data:
        notes, *data = names[len(tables) :]
        _write_data(writer.book.create_sheet(notes), _noted(document.tables, data))
        for table, name in zip(document.tables, data, strict=True):
            rows = _form_data(table) if table["row_codes"] else _data(table)
            _write_data(writer.book.create_sheet(name), rows)
    parts = unzipped(workbook_bytes(writer.book))  # pandas would write them with the time of now
    parts[CORE] = core_properties(title=document.title, author=document.author, lang=document.lang, date=document.date)
    return zipped(parts)


_NO_TABLE: dict[str, Any] = {
    "title": "Báo cáo không có bảng",
    "schema": {"fields": [{"name": "note", "header": ["Ghi chú"], "kind": "text"}]},
    "data": [],
    "strong_rows": [],
    "row_codes": [],
}


def _called(table: dict[str, Any]) -> str:
    """Return what the sheet of a table is named after: of a form, what officers call it, "Biểu 11"."""
    title: str = table["title"]
    return title.partition(". ")[0] if table["row_codes"] else title


def sheet_names(captions: Sequence[str]) -> list[str]:
    """Return the names of sheets from captions: what Excel allows, at most 31 characters, each once."""
    names: list[str] = []
    for number, caption in enumerate(captions, 1):
        name = _shortened(one_line(_FORBIDDEN.sub(" ", caption)).strip("' ") or f"Bảng {number}", _LONGEST_NAME)
        if name.lower() in {taken.lower() for taken in names} or name.lower() == "history":
            name = f"{_shortened(name, _LONGEST_NAME - 6)} ({number})"
        names.append(name)
    return names


def _shortened(text: str, length: int) -> str:
    """Return `text` up to `length`, cut between words where there are any."""
    if len(text) <= length:
        return text
    return (text[: length + 1].rpartition(" ")[0] or text[:length]).strip("' .,(–-")


def _write(writer: pd.ExcelWriter, name: str, table: dict[str, Any]) -> None:
    fields = table["schema"]["fields"]
    header = header_rows([tuple(field["header"]) for field in fields])
    has_money = any(field["kind"] == "money" for field in fields)
    rest = [None] * (len(fields) - 1)
    titles = [[table["title"], *rest], [UNIT_LINE if has_money else None, *rest]]
    above = [*titles, *(_header_texts(row, len(fields)) for row in header)]
    body = [[_value(row[field["name"]], field["kind"]) for field in fields] for row in table["data"]]
    below = [[table["note"], *rest]] if table["row_codes"] else []
    cells = pd.DataFrame([*above, *body, *below], columns=range(len(fields)), dtype=object)
    css = _styles(len(header), fields, [row in table["strong_rows"] for row in range(len(body))])
    if table["row_codes"]:
        css = _form_styles(css)
    cells.style.apply(lambda _: css, axis=None).to_excel(writer, sheet_name=name, header=False, index=False)
    _finish(writer.sheets[name], header, table)
    if table["row_codes"]:
        _dress_form(writer.sheets[name], table)


def _dress_form(sheet: Any, table: dict[str, Any]) -> None:
    """Let the title of a form, what it is counted in and its note reach over all its columns, as on paper."""
    note = sheet.max_row
    for row in (1, 2, note):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=sheet.max_column)
    for row in (1, note):
        sheet.row_dimensions[row].height = 2 * _LINE_HEIGHT


_NOTES = "Ghi chú"

_IN_MILLIONS, _FORM_IN_MILLIONS = " (triệu đồng)", "Đơn vị tính: triệu đồng."

_OF_ALL = (
    "Mỗi trang một bảng, bắt đầu từ ô A1, dòng đầu là tên cột. Tiền tính bằng đồng, tỷ lệ tính bằng phần trăm. Ô trống"
    " là chưa có số liệu, không phải số 0. Cột “Nguồn” là công thức trên các ô của sổ tính, viết như trong Excel."
)

_COUNTED_IN = {"money": "đồng", "percent": "%", "points": "điểm %"}

_WIDEST = 60

_Rows = list[list[Any]]


def _noted(tables: list[dict[str, Any]], names: Sequence[str]) -> _Rows:
    """Return what each sheet of data has, below headings, without what is said of amounts as they are printed."""
    told = [
        [name, table["title"].replace(_IN_MILLIONS, ""), table["note"].removeprefix(_FORM_IN_MILLIONS).strip()]
        for name, table in zip(names, tables, strict=True)
    ]
    return [["Trang tính", "Bảng", "Ghi chú"], ["Các trang dữ liệu", "", _OF_ALL], *told]


def _form_data(table: dict[str, Any]) -> _Rows:
    """Return a row for each figure of each row of a form, below headings; blank is unknown."""
    fields, form = table["schema"]["fields"], _called(table)
    label = next(field["name"] for field in fields if field["kind"] == "text")
    told = [field for field in fields if field["kind"] != "code" and field["name"] != label]
    rows = [
        [form, code, row[label], field["name"], field["title"], value, _COUNTED_IN.get(field["kind"], "")]
        for code, row in zip(table["row_codes"], table["data"], strict=True)
        for field in told
        if (value := row[field["name"]]) not in (None, "") or field["kind"] != "text"
    ]
    return [["Biểu", "Mã dòng", "Nội dung", "Mã cột", "Cột", "Giá trị", "Đơn vị tính"], *rows]


def _data(table: dict[str, Any]) -> _Rows:
    """Return the values of a table below headings; blank is unknown. Origins of figures stand last."""
    fields = table["schema"]["fields"]
    names = [*table["keys"], *(field["name"] for field in fields)]
    titles = [KEYS[key] for key in table["keys"]] + [_data_title(field) for field in fields]
    origins = {field["name"]: _data_title(field) for field in fields if field["name"] in table["origins"]}
    rows = [
        [row[name] for name in names] + [table["origins"][name][number] for name in origins]
        for number, row in enumerate(table["data"])
    ]
    return [titles + [f"Nguồn: {title}" for title in origins.values()], *rows]


def _distinct(titles: list[str]) -> list[str]:
    """Return the headings of columns, each there and unlike those before it; other people's tables have blank ones."""
    named = [title or f"Cột {number}" for number, title in enumerate(titles, 1)]
    return [f"{title} ({number})" if title in named[: number - 1] else title for number, title in enumerate(named, 1)]


def _write_data(sheet: Any, rows: _Rows) -> None:
    """Write headings and the rows below them into an empty sheet of openpyxl, with filters."""
    for row in [_distinct(rows[0]), *rows[1:]]:
        sheet.append([None if value == "" else _value(value, "") for value in row])
    for number, column in enumerate(zip(*rows, strict=True), 1):
        width = max(len(str(value)) for value in column) + 2
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = min(width, _WIDEST)
    _keep_texts(sheet)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _set_page(sheet, "1:1")


def _data_title(field: dict[str, Any]) -> str:
    """Return the one heading of a column, with the unit of its values."""
    unit = _DATA_UNITS.get(field["kind"], "")
    return " – ".join(text.replace(_IN_MILLIONS, "") for text in field["header"]) + unit


def _header_texts(cells: list[HeaderCell], columns: int) -> list[str | None]:
    texts = {cell.column: cell.text for cell in cells}
    return [texts.get(column) for column in range(columns)]


def _value(value: Any, kind: str) -> Any:
    """Return a value in the unit its format shows; of a text no more than a cell holds, and that it was cut."""
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{value[: _LONGEST_TEXT - len(_CUT)]}{_CUT}"
    return value / _SCALES[kind] if kind in _SCALES and value is not None else value


def _styles(header_depth: int, fields: list[dict[str, Any]], strong: list[bool]) -> pd.DataFrame:
    """Return the style of each cell, as CSS."""
    above = [[_FONT + "font-weight: bold"] * len(fields), [_FONT + "font-style: italic"] * len(fields)]
    header = [[_GRID + "font-weight: bold; text-align: center"] * len(fields)] * header_depth
    body = [[_body_style(field["kind"], is_strong) for field in fields] for is_strong in strong]
    return pd.DataFrame([*above, *header, *body])


def _form_styles(css: pd.DataFrame) -> pd.DataFrame:
    """Return the styles of a form: its title over its middle, what it is counted in at its right, its note beneath."""
    placed = _FONT + "vertical-align: middle; white-space: normal; "
    title, unit = f"{placed}font-weight: bold; text-align: center", f"{placed}font-style: italic; text-align: right"
    width = len(css.columns)
    note = [f"{placed}font-style: italic; text-align: left"] * width
    return pd.DataFrame([[title] * width, [unit] * width, *css.to_numpy().tolist()[2:], note])


def _body_style(kind: str, is_strong: bool) -> str:
    weight = "font-weight: bold; " if is_strong else ""
    if kind in _FORMATS:
        return f"{_GRID}{weight}text-align: right; number-format: {_FORMATS[kind]}"
    return f"{_GRID}{weight}text-align: {'center' if kind == 'code' else 'left'}; number-format: @"


def _finish(sheet: Any, header: list[list[HeaderCell]], table: dict[str, Any]) -> None:
    """Set what styles do not say; `sheet` is openpyxl's."""
    kinds = [field["kind"] for field in table["schema"]["fields"]]
    named = kinds.index("text") + 1 if "text" in kinds else 0
    known = _FORM_WIDTHS if table["row_codes"] else _WIDTHS
    widths = [_WIDTHS["text"] if place == named else known.get(kind, 15) for place, kind in enumerate(kinds, 1)]
    body_row = _HEADER_ROW + len(header)
    _merge(sheet, header)
    _size(sheet, widths, body_row)
    _keep_texts(sheet)
    sheet.freeze_panes = sheet.cell(body_row, named + 1)
    _set_page(sheet, f"{_HEADER_ROW}:{body_row - 1}")


def _set_page(sheet: Any, repeated: str) -> None:
    """Print a sheet as wide as an A4 page on its side, with its header on each."""
    sheet.print_title_rows = repeated
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _merge(sheet: Any, header: list[list[HeaderCell]]) -> None:
    """Merge the cells of each heading; Excel mends, or refuses, a file with a merger of one cell."""
    for row, cells in enumerate(header, _HEADER_ROW):
        for cell in cells:
            first, last = cell.column + 1, cell.column + cell.columns
            if cell.rows * cell.columns > 1:
                sheet.merge_cells(start_row=row, end_row=row + cell.rows - 1, start_column=first, end_column=last)


def _size(sheet: Any, widths: list[int], body_row: int) -> None:
    """Set the widths of columns, and the heights of rows whose texts need several lines."""
    for width, cell in zip(widths, sheet[body_row - 1], strict=True):
        sheet.column_dimensions[sheet.cell(1, cell.column).column_letter].width = width
    for row in sheet.iter_rows(min_row=_HEADER_ROW):
        texts = [(cell.value, widths[cell.column - 1]) for cell in row if isinstance(cell.value, str)]
        lines = max((math.ceil(len(text) / width) for text, width in texts), default=1)
        sheet.row_dimensions[row[0].row].height = _LINE_HEIGHT * lines


def _keep_texts(sheet: Any) -> None:
    """Keep texts that look like formulas texts, even when someone edits their cell."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                cell.data_type = "s"
                cell.quotePrefix = True
