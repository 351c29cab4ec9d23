"""A workbook written from the schema: what an officer opens."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from giamngheo.regulation.programme import CARRIED_YEARS, NATIONAL, Catalogue, Programme
from giamngheo.workbook.schema import SOURCES, Column, Table, choices, guide, tables
from giamngheo.workbook.write import style
from giamngheo.workbook.write.save import put, workbook_bytes
from giamngheo.workbook.write.style import BODY, HINT, LINE_HEIGHT, LINK, TITLE, heading, label, lines_of, page

GUIDE_SHEET = "Hướng dẫn"

_WIDTHS = {"A": 26, "B": 60, "C": 42}


def write_guide(book: Workbook, tables: Sequence[Table], kind: str, year: int) -> None:
    """Write the sheet of instructions of a workbook of a kind ("unit" or "commune") as its first."""
    sheet = book.create_sheet(GUIDE_SHEET, 0)
    words = guide(kind, year)
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


Records = Sequence[Mapping[str, Any]]

TOTAL_ROW = 3
"""Totals stand above the headings: there they are always seen, and no row that is typed can meet them."""

HEADER_ROW = 4
EMPTY_ROWS = 30
"""Rows drawn below the last one; typing goes on below them in the same formats."""
LAST_ROW = 2000
"""How far down drop-downs, totals and filters reach."""

_LISTS = {
    "projects": ("MA_DU_AN", f"'Danh mục'!$A${HEADER_ROW + 1}:$A$300"),
    "units": ("MA_DON_VI", f"'Đơn vị'!$A${HEADER_ROW + 1}:$A$1000"),
}
"""Names of the cells that drop-downs offer: without a name Excel keeps a list of another sheet in a way of its own,
which other programs lose."""


def write_workbook(path: Path, records: Mapping[str, Records], *, year: int) -> None:
    """Write the workbook of a year to `path`: every sheet of the schema, filled with `records` by table name.

    A record maps column names to values in the types of the Dataset: codes for choices, dates, whole numbers.
    """
    content = workbook(records, tables(), year=year, kind="unit")
    put({path: lambda file: file.write(content)})


def workbook(
    records: Mapping[str, Records], entries: Sequence[Table], *, year: int, kind: str, catalogue: Catalogue = NATIONAL
) -> bytes:
    """Return the file of a workbook with some of the tables; `kind` is "unit" or "commune", as its guide is.

    catalogue: the programmes whose contents and sources it offers.
    """
    book = Workbook()
    del book[book.sheetnames[0]]
    style.add_styles(book)
    records = {"contents": content_records(year, catalogue), **records}
    entries, programmes = of_year(entries, year), programmes_of(year, catalogue)
    for table in entries:
        sheet = book.create_sheet(table.sheet)
        _head(sheet, table)
        write = _write_record if table.layout == "record" else _write_rows
        write(sheet, table, [_in_words(table, record, catalogue) for record in records.get(table.name, ())], programmes)
        _protect(sheet)
    used = {column.choices for table in entries for column in table.columns}
    for name, cells in (_LISTS[choice] for choice in _LISTS if choice in used):
        book.defined_names[name] = DefinedName(name, attr_text=cells)
    write_guide(book, entries, kind, year)
    book.active = 0
    return workbook_bytes(book)


def _in_words(table: Table, record: Mapping[str, Any], catalogue: Catalogue) -> Mapping[str, Any]:
    """Return a record with the words of the workbook in place of the codes of choices."""
    chosen = [column for column in table.columns if column.kind == "choice" and record.get(column.name)]
    return {**record, **{one.name: choices(one.choices, catalogue)[record[one.name]] for one in chosen}}


def _head(sheet: Worksheet, table: Table) -> None:
    for row, words, font in ((1, table.title, style.TITLE), (2, table.hint, style.HINT)):
        sheet.cell(row, 1, words).font = font
    sheet.row_dimensions[1].height = 22
    sheet.row_dimensions[TOTAL_ROW].height = 18
    style.page(sheet, "landscape")


def _write_rows(sheet: Worksheet, table: Table, records: Records, programmes: Sequence[Programme]) -> None:
    for index, column in enumerate(table.columns, start=1):
        style.heading(sheet, HEADER_ROW, index, column.header, required=column.required)
        _lay_out_column(sheet, index, column, programmes)
        values = [record.get(column.name) for record in records] + [None] * EMPTY_ROWS
        for row, value in enumerate(values, start=HEADER_ROW + 1):
            style.body(sheet.cell(row, index), column, value)
    for row, record in enumerate(records, start=HEADER_ROW + 1):
        sheet.row_dimensions[row].height = style.height(table.columns, record)
    _write_totals(sheet, table)
    last = get_column_letter(len(table.columns))
    sheet.row_dimensions[HEADER_ROW].height = style.heading_height(table.columns)
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 1)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{LAST_ROW}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def _lay_out_column(sheet: Worksheet, index: int, column: Column, programmes: Sequence[Programme]) -> None:
    """Set width, format and rules of a column, also below the rows that are drawn."""
    letter = get_column_letter(index)
    dimension = sheet.column_dimensions[letter]
    dimension.width = style.width(column)
    dimension.number_format = style.number_format_of(column.kind)
    dimension.font, dimension.protection = style.BODY, style.OPEN
    dimension.alignment = style.alignment(column.kind)
    _restrict(sheet, column, f"{letter}{HEADER_ROW + 1}:{letter}{LAST_ROW}", programmes)


def _write_totals(sheet: Worksheet, table: Table) -> None:
    """Write the row of totals of the rows that the filter shows; none where nothing can be added."""
    summed = [index for index, column in enumerate(table.columns, start=1) if column.unit]
    if not summed:
        return
    for index in range(1, len(table.columns) + 1):
        letter = get_column_letter(index)
        formula = f"=SUBTOTAL(109,{letter}{HEADER_ROW + 1}:{letter}{LAST_ROW})"
        style.total(sheet, TOTAL_ROW, index, formula if index in summed else "")
    style.total(sheet, TOTAL_ROW, 1, "Cộng các dòng đang hiện")


def _write_record(sheet: Worksheet, table: Table, records: Records, programmes: Sequence[Programme]) -> None:
    values = records[0] if records else {}
    for index, words in enumerate(("Mục", "Nội dung", "Giải thích"), start=1):
        style.heading(sheet, HEADER_ROW, index, words)
    for row, column in enumerate(table.columns, start=HEADER_ROW + 1):
        style.label(sheet, row, 1, column.header)
        style.body(sheet.cell(row, 2), column, values.get(column.name))
        style.label(sheet, row, 3, f"Bắt buộc. {column.meaning}" if column.required else column.meaning)
        sheet.cell(row, 3).font = style.HINT
        _restrict(sheet, column, f"B{row}", programmes)
    for letter, width in {"A": 28, "B": 60, "C": 60}.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 1)


def _protect(sheet: Worksheet) -> None:
    """Lock titles, headings and totals, without a password; everything else may be typed, sorted and laid out."""
    sheet.protection.enable()
    for freedom in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, freedom, False)
    beside = get_column_letter(sheet.max_column + 1)
    sheet.column_dimensions[beside].protection = style.OPEN
    sheet.column_dimensions[beside].min, sheet.column_dimensions[beside].max = sheet.max_column + 1, 50


def _restrict(sheet: Worksheet, column: Column, cells: str, programmes: Sequence[Programme]) -> None:
    """Give a column its drop-down, type check and input message."""
    rule = _rule(column, programmes)
    rule.allow_blank, rule.showDropDown = True, False
    rule.promptTitle, rule.prompt = column.header[:32], _prompt(column)[:255]
    rule.errorTitle, rule.error = "Giá trị không hợp lệ", f"{column.header}: {column.meaning}"[:225]
    rule.showInputMessage = rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(cells)


def _prompt(column: Column) -> str:
    need = "Bắt buộc." if column.required else ""
    unit = f"Đơn vị tính: {column.unit}." if column.unit else ""
    law = f"Căn cứ: {column.law}." if column.law else ""
    return " ".join(part for part in (f"{column.meaning}.", need, unit, law) if part)


_LONGEST_LIST = 255
"""Letters of the words that a drop-down offers in Excel, which damages the file with more."""


def _rule(column: Column, programmes: Sequence[Programme]) -> DataValidation:
    if column.choices in _LISTS:
        return DataValidation("list", formula1=_LISTS[column.choices][0])
    if column.kind == "percent":
        return DataValidation("decimal", operator="between", formula1="0", formula2="100")
    offered = _offered(column, programmes) if column.choices else []
    words = ",".join(offered)
    if offered and len(words) <= _LONGEST_LIST and words.count(",") < len(offered) and '"' not in words:
        return DataValidation("list", formula1=f'"{words}"')
    if column.kind in style.NUMBERS:
        return DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
    if column.kind == "date":
        return DataValidation("date", operator="greaterThan", formula1="36526")
    return DataValidation("textLength", operator="lessThanOrEqual", formula1="32767")


def content_records(year: int, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the rows of the list of contents: those of each programme that the year may have money of."""
    return [
        {
            "code": entry.code,
            "name": entry.name,
            "ministry": entry.ministry,
            "parent_code": entry.parent,
            "short": entry.short if entry.own and entry.short != entry.name else "",
        }
        for programme in programmes_of(year, catalogue)
        for entry in programme.contents
    ]


def of_year(entries: Sequence[Table], year: int) -> list[Table]:
    """Return tables as a workbook of a year has them: before 2026 no programme names resources beyond the budget."""
    worded = {table.name: table for table in tables(year)}
    programmes = programmes_of(year, NATIONAL)
    has = {
        "mobilised": any(source.mobilised for one in programmes for source in one.sources),
        "works": any(one.works for one in programmes),
    }
    return [worded[table.name] for table in entries if has.get(table.name, True)]


def programmes_of(year: int, catalogue: Catalogue) -> list[Programme]:
    """Return the programmes that a workbook may have money of, that of the year first, then those carried over from."""
    years = range(year, year - CARRIED_YEARS - 1, -1)
    found = {one.begins: one for fund_year in years if (one := catalogue.programme(fund_year))}
    return list(found.values())


def _offered(column: Column, programmes: Sequence[Programme]) -> list[str]:
    """Return the words that a drop-down offers: of sources, those of the budget in the programmes of the year."""
    words = choices(column.choices)
    if column.choices not in SOURCES:
        return list(words.values())
    entries = [entry for programme in programmes for entry in programme.sources]
    rest = words.keys() - NATIONAL.source_words().values()
    is_beyond = column.choices == "mobilised_source"
    return [entry.name for entry in entries if entry.mobilised == is_beyond] + [words[code] for code in rest]
