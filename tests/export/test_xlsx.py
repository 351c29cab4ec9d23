import io
import time

import openpyxl
import pandas as pd
import pytest

from giamngheo.export.document import document
from giamngheo.export.xlsx import UNIT_LINE, sheet_names, xlsx
from giamngheo.report.elements import Column, DataTable, Prose


def workbook(notebook):
    return openpyxl.load_workbook(io.BytesIO(xlsx(document(notebook))))


@pytest.fixture
def funding(report):
    return workbook(report)["Bảng 2. Vốn và giải ngân theo"]


def test_every_table_has_its_sheet(report):
    printed = ["Bảng 1. Hộ nghèo, hộ cận nghèo", "Bảng 2. Vốn và giải ngân theo"]
    assert workbook(report).sheetnames == [*printed, "Ghi chú", "Dữ liệu 1", "Dữ liệu 2"]


def test_a_table_is_there_as_data_with_codes_and_filters(executed):
    frame = pd.DataFrame(
        {"name": ["=A1", "Tổng"], "unit_code": ["23365", "608"], "vnd": [4_569_482_000, None], "rate": [41.058, 7.0]}
    )
    columns = (
        Column("name", ("Đơn vị",)),
        Column("vnd", ("Kế hoạch (triệu đồng)", "Tổng"), "money"),
        Column("rate", ("Tỷ lệ",), "percent"),
    )
    sheet = workbook(executed(DataTable(frame, columns, "Vốn")))["Dữ liệu 1"]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["Mã đơn vị", "Đơn vị", "Kế hoạch – Tổng (đồng)", "Tỷ lệ (%)"],
        ["23365", "=A1", 4_569_482_000, 41.058],
        ["608", "Tổng", None, 7],
    ]
    assert sheet["B2"].data_type == "s"
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A1:D3", "A2")


def test_values_are_numbers_with_formats(funding):
    total = [cell for cell in funding[20] if cell.value is not None]
    assert [cell.value for cell in total] == [
        "Tổng cộng",
        71972,
        42218,
        29754,
        4569.482,
        pytest.approx(0.0634897),
        67402.518,
    ]
    assert [cell.number_format for cell in total[-2:]] == ["0.00%", "#,##0.000"]


def test_header_is_merged_and_stays_in_sight(funding):
    assert funding["A1"].value == "Bảng 2. Vốn và giải ngân theo dự án, tiểu dự án (triệu đồng)"
    assert funding["A2"].value == UNIT_LINE
    assert {"A3:A4", "C3:E3", "F3:H3"} <= {str(merged) for merged in funding.merged_cells.ranges}
    assert all(":" in str(merged) for merged in funding.merged_cells.ranges)
    assert funding.freeze_panes == "C5"
    assert funding.print_title_rows == "$3:$4"


def test_totals_are_bold_and_texts_have_room(funding):
    assert funding["B20"].font.bold
    assert not funding["B6"].font.bold
    assert funding.column_dimensions["B"].width > 40


def test_counts_and_rates(report):
    sheet = workbook(report)["Bảng 1. Hộ nghèo, hộ cận nghèo"]
    row = list(sheet[6])[:6]
    assert [cell.value for cell in row] == [
        "Hộ nghèo",
        3546,
        pytest.approx(3546 / 6805),
        2859,
        pytest.approx(2859 / 6963),
        0.1105,
    ]
    assert row[1].number_format == "#,##0"


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_is_never_a_formula(executed, text):
    table = DataTable(pd.DataFrame({"a": [text]}), (Column("a", (text,)),), text, series="")
    sheet = workbook(executed(table)).worksheets[0]
    for cell in (sheet["A1"], sheet["A3"], sheet["A4"]):
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_a_form_is_laid_out_as_on_paper_and_stands_beside_it_as_tidy_data(executed, a_form):
    book = workbook(executed(a_form))
    assert book.sheetnames == ["Biểu 12", "Ghi chú", "Dữ liệu 1"]
    laid_out, notes, tidy = book.worksheets
    merged = {str(cells) for cells in laid_out.merged_cells.ranges}
    assert merged == {"A1:E1", "A2:E2", "A3:A5", "B3:B5", "C3:D3", "C4:C5", "E3:E5", "A8:E8"}
    assert [laid_out[cell].value for cell in ("A1", "A2", "D4", "D5", "C6", "D7", "A8")] == [
        *(a_form.caption, UNIT_LINE, "NSTW", "ĐTPT", 3, None, a_form.note),
    ]
    assert [laid_out[cell].alignment.horizontal for cell in ("A1", "A2", "A8")] == ["center", "right", "left"]
    assert [cell.value for cell in notes[3]] == ["Dữ liệu 1", a_form.caption, None]
    assert [[cell.value for cell in row] for row in tidy.iter_rows()] == [
        ["Biểu", "Mã dòng", "Nội dung", "Mã cột", "Cột", "Giá trị", "Đơn vị tính"],
        ["Biểu 12", "total", "TỔNG SỐ", "done_vnd/total", "Kết quả – Tổng số", 3_000_000, "đồng"],
        ["Biểu 12", "total", "TỔNG SỐ", "done_vnd/invest", "Kết quả – NSTW – ĐTPT", 1_000_001, "đồng"],
        ["Biểu 12", "HP1", "Hợp phần", "done_vnd/total", "Kết quả – Tổng số", 0, "đồng"],
        ["Biểu 12", "HP1", "Hợp phần", "done_vnd/invest", "Kết quả – NSTW – ĐTPT", None, "đồng"],
        ["Biểu 12", "HP1", "Hợp phần", "note", "Ghi chú", "=1+1", None],
    ]
    assert (tidy["F6"].data_type, tidy.freeze_panes) == ("s", "A2")


def test_blank_stays_blank(executed):
    table = DataTable(pd.DataFrame({"a": pd.array([None], dtype="Int64")}), (Column("a", ("Vốn",), "money"),), "x")
    assert workbook(executed(table)).worksheets[0]["A4"].value is None


def test_report_without_tables_is_a_workbook_that_says_so(executed):
    assert workbook(executed(Prose("a"))).worksheets[0]["A1"].value == "Báo cáo không có bảng"


def test_names_of_sheets_are_what_excel_allows():
    names = sheet_names(["a/b:c*[d]?", "'x'", "", "History", "History", "dài " * 20, "dài " * 20])
    assert names == [
        "a b c d",
        "x",
        "Bảng 3",
        "History (4)",
        "History (5)",
        "dài dài dài dài dài dài dài dài",
        "dài dài dài dài dài dài (7)",
    ]
    assert all(len(name) <= 31 for name in names)


def test_tables_of_pandas_are_written_with_their_numbers(analysis):
    book = workbook(analysis)
    assert [cell.value for cell in book.worksheets[0][4]] == [0, "Đăk Hà", 41.06]
    assert book["Dữ liệu 1"]["A1"].value == "Cột 1"


@pytest.mark.parametrize("year", [1975, 2120])
def test_the_tables_are_written_in_a_year_that_no_zip_can_hold(year, report, monkeypatch):
    now = xlsx(document(report))
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((year, 6, 1, 12, 0, 0, 0, 152, 0)))
    assert xlsx(document(report)) == now


def test_data_says_where_its_figures_come_from_and_no_formula_is_run(executed):
    frame = pd.DataFrame({"name": ["A", "B"], "vnd": [1_500_000, 0]})
    columns = (Column("name", ("Dự án",)), Column("vnd", ("Vốn",), "money"))
    table = DataTable(frame, columns, "Vốn", origins={"vnd": ["='Vốn giao'!G5", ""]})
    sheet = workbook(executed(table))["Dữ liệu 1"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_col=3)] == [
        ["Nguồn: Vốn (đồng)"],
        ["='Vốn giao'!G5"],
        [None],
    ]
    assert sheet["C2"].data_type == "s"
