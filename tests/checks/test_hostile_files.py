"""Files that are broken, hostile or oddly laid out: each gets its sentence, in seconds, and never a traceback."""

import datetime as dt
import os
import re
import time
import tracemalloc
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from giamngheo.checks.consistency import findings
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.write.annotate import annotate

SECONDS = 60
"""Of processor: no busy machine takes as long, a walk without end does."""

MEGABYTES = 120

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.fixture
def good(records, written):
    return written(records)


def only(findings):
    (finding,) = findings
    return finding


def repacked(path: Path, changes: dict[str, bytes | None]) -> None:
    """Changes parts of a workbook file; None takes one out."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts |= changes
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)


def part_of(path: Path, sheet: str) -> str:
    """The part of the archive that holds a sheet."""
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        return f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"
    finally:
        book.close()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tệp rỗng"),
        (b"Ho ngheo;Ho can ngheo\n1;2", "không phải sổ tính Excel"),
        (b"<html><table></table></html>", "không phải sổ tính Excel"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "Excel 97-2003 (.xls); cần sổ tính ấy lưu lại dạng .xlsx"),
        (
            bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"),
            "sổ tính có mật khẩu; cần sổ tính đã lưu lại không có mật khẩu",
        ),
        (b"PK\x03\x04" + bytes(100), "bị hỏng hoặc bị cắt cụt"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_by_what_it_is(content, words, tmp_path, said):
    path = tmp_path / "2023.xlsx"
    path.write_bytes(content)
    finding = only(said(path))
    assert finding.code == "unreadable-file"
    assert words in str(finding)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["mimetype", "content.xml"], "tệp OpenDocument"),
        (["[Content_Types].xml", "xl/workbook.bin"], "nhị phân (.xlsb)"),
        (["[Content_Types].xml", "word/document.xml"], "không phải sổ tính Excel"),
        (["a.txt"], "không phải sổ tính Excel"),
        (["[Content_Types].xml", "xl/workbook.xml"], "nội dung bị hỏng"),
    ],
)
def test_another_kind_of_archive_is_told_by_what_it_is(names, words, tmp_path, said):
    path = tmp_path / "2023.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert words in str(only(said(path)))


def test_a_file_that_is_not_there(tmp_path, said):
    assert "không có tệp này; cần một sổ tính Excel" in str(only(said(tmp_path / "2023.xlsx")))
    for name in ("2023.xls", "Sổ 2023.xlsx", "2022.ods", "~$2023.xlsx", "households-2023.xlsx"):
        (tmp_path / name).touch()
    told = str(only(said(tmp_path / "2023.xlsx")))
    assert "thư mục có '2023.xls', 'Sổ 2023.xlsx'; cần tệp đúng trong số đó, lưu dạng .xlsx với tên 2023.xlsx" in told


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda path: path.symlink_to("gone.xlsx"), "liên kết dẫn tới tệp không còn"),
        (lambda path: os.mkfifo(path), "thư mục, đường ống hoặc thiết bị"),
        (Path.mkdir, "thư mục, đường ống hoặc thiết bị"),
    ],
)
def test_what_has_the_name_of_a_workbook_and_is_none(made, told, tmp_path, said):
    made(tmp_path / "2023.xlsx")
    assert f"đây là {told}; cần một sổ tính Excel" in str(only(said(tmp_path / "2023.xlsx")))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_file_cut_off_on_its_way(share, good, said):
    content = good.read_bytes()
    good.write_bytes(content[: int(len(content) * share)])
    assert "bị cắt cụt" in str(only(said(good)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(good, said):
    repacked(good, {part_of(good, "Rà soát"): b" " * 300_000_000})
    tracemalloc.start()
    finding = only(said(good))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "khi giải nén, tệp sẽ làm đầy bộ nhớ" in str(finding)
    assert peak < MEGABYTES * 10**6


def test_entities_of_xml_are_not_expanded(good, said):
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    repacked(good, {part_of(good, "Rà soát"): bomb + SHEET % cell})
    assert "nội dung bị hỏng" in str(only(said(good)))


@cache
def formatted_rows() -> bytes:
    """A million rows of one cell each that is formatted and blank."""
    return b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (row, row) for row in range(8, 1_048_577))


def million_rows(path: Path, size: bytes) -> None:
    """Formats every row of a sheet, which says its size or not."""
    part = part_of(path, "Rà soát")
    with zipfile.ZipFile(path) as archive:
        content = archive.read(part)
    content = content.replace(b"</sheetData>", formatted_rows() + b"</sheetData>")
    repacked(path, {part: content.replace(b"<sheetData>", size + b"<sheetData>")})


@pytest.mark.parametrize("size", [b'<dimension ref="A1:U1048576"/>', b""], ids=["sized", "unsized"])
def test_a_million_formatted_rows_are_passed_over(size, good, said):
    million_rows(good, size)
    tracemalloc.start()
    found = said(good)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == []
    assert peak < MEGABYTES * 10**6


def test_something_far_below_the_table_is_told(records, written, said):
    path = written(records)
    book = openpyxl.load_workbook(path)
    book["Rà soát"]["A900000"] = "ghi chú"
    book.save(path)
    finding = next(finding for finding in said(path) if finding.code == "rows-too-far")
    assert (finding.severity, finding.cell) == ("error", "A900000")
    assert "dòng 900.000 có nội dung; cần không ghi gì dưới dòng 20.000" in str(finding)


def rewritten(path: Path, change) -> None:
    """Changes the XML of the sheet of reviews."""
    part = part_of(path, "Rà soát")
    with zipfile.ZipFile(path) as archive:
        content = archive.read(part)
    changed = change(content)
    assert changed != content
    repacked(path, {part: changed})


def prefixed(xml: bytes) -> bytes:
    return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x=")


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: re.sub(rb'(<(?:c|row) )r="[ABC]?[0-9]+"', rb"\1", xml),
        lambda xml: re.sub(rb'(<row [^>]*r="[0-9]+)"', rb'\1.0"', xml),
        prefixed,
    ],
    ids=["no references", "row numbers as fractions", "prefixes"],
)
def test_a_sheet_written_in_another_way_reads_the_same(change, good, said):
    rewritten(good, change)
    assert said(good) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        *(
            (b"<v>300</v>", b"<v>%s</v>" % number, "ô C2: có '#NUM!'; cần")
            for number in (b"1e999", b"-1e999", b"9" * 400, b"-" + b"9" * 400, b"9" * 5000)
        ),
        (b'r="2"', b'r="1e999"', "nội dung bị hỏng"),
        (b'r="2"', b'r="%s"' % (b"9" * 400), "nội dung bị hỏng"),
        (b"<v>300</v>", b"<v>nan</v>", "nội dung bị hỏng"),
        (b"<v>44926</v>", b"<v>99999999</v>", "ô A5: có '#VALUE!'"),
        (b'r="C2"', b'r="ZZZZZZ2"', "nội dung bị hỏng"),
    ],
)
def test_values_that_no_sheet_can_hold(old, new, words, good, said):
    rewritten(good, lambda xml: xml.replace(old, new))
    assert any(words in str(finding) for finding in said(good) if finding.severity == "error")


def test_the_strict_kind_of_workbook_is_told_and_what_to_save_instead(good, said):
    with zipfile.ZipFile(good) as archive:
        content = archive.read("xl/workbook.xml")
    main, strict = b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"
    repacked(good, {"xl/workbook.xml": content.replace(main, strict)})
    assert "cần sổ tính đó lưu lại ở dạng 'Excel Workbook (.xlsx)'" in str(only(said(good)))


def test_what_openpyxl_would_warn_of_is_passed_over(good, said, tmp_path):
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    rewritten(good, lambda xml: xml.replace(b"</worksheet>", extension))
    assert said(good) == []
    annotate(good, said(good), tmp_path / "copy.xlsx")


def test_one_endless_row_is_refused(good, said):
    cells = b'<c r="A1"><v>1</v></c>' * 400_000  # 9 MB, of which 8 may be kept in memory
    junk = b"".join(b"<!--%d-->" % n for n in range(300_000))  # or it is refused for how well it packs
    repacked(good, {part_of(good, "Rà soát"): SHEET % (b'<row r="1">' + cells + junk + b"</row>")})
    assert only(said(good)).code == "unreadable-file"


@pytest.fixture
def edited(good):
    """The small workbook opened as Excel would, to be changed and saved."""
    book = openpyxl.load_workbook(good)
    yield book
    book.close()


def saved(book, path):
    book.save(path)
    return path


def test_merged_cells(edited, good, said):
    edited["Rà soát"].merge_cells("C5:C6")
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.severity, finding.cell) == ("merged-cells", "error", "C5")
    assert "các ô C5:C6 bị gộp" in str(finding)


@pytest.mark.parametrize("links", [[("a", "b"), ("b", "a")], [(str(at), str(at + 1)) for at in range(3_000)]], ids=len)
def test_units_in_a_ring_or_a_line_without_end_are_refused_at_once(links, edited, good, said):
    for code, above in links:
        edited["Đơn vị"].append([code, f"Xã {code}", "Xã", above])
    start = time.process_time()
    found = [finding for finding in said(saved(edited, good)) if finding.severity == "error"]
    assert "xếp vòng hoặc quá nhiều cấp; cần mỗi đơn vị thuộc một đơn vị cấp cao hơn" in str(only(found))
    assert time.process_time() - start < SECONDS


def test_hidden_rows_and_sheets_count_and_are_told(edited, good, said):
    edited["Rà soát"].row_dimensions[3].hidden = True
    edited["Rà soát"].column_dimensions["D"].hidden = True
    edited["Rà soát"].column_dimensions["O"].hidden = True  # in which nothing stands
    edited["Giải ngân"].sheet_state = "hidden"
    found = said(saved(edited, good))
    assert [(finding.code, finding.severity, finding.cell) for finding in found] == [
        ("hidden-column", "warning", "D1"),
        ("hidden-row", "warning", "A3"),
        ("hidden-sheet", "warning", ""),
    ]


def test_a_formula_that_was_never_calculated(edited, good, said):
    edited["Rà soát"]["C4"] = "=100+100"
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.cell) == ("uncalculated-formula", "C4")
    assert "mở sổ bằng Excel rồi lưu lại" in str(finding)


@pytest.mark.parametrize("value", ["#REF!", "#DIV/0!", "#N/A"])
def test_a_formula_that_fails(value, edited, good, said):
    edited["Rà soát"]["C4"] = value
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.cell) == ("bad-cell", "C4")
    assert f"có '{value}'; cần giá trị thay cho công thức bị lỗi" in str(finding)


def test_columns_and_notes_beside_the_table_do_no_harm(edited, good, said):
    sheet = edited["Rà soát"]
    for row, words in enumerate(["Người ghi", "A", "=1+1", "#REF!", 5], start=1):
        sheet.cell(row, 30, words)
    sheet.cell(20, 31, "hỏi lại xã")
    assert said(saved(edited, good)) == []


def test_columns_in_another_order_are_found_by_their_headings(edited, good, said):
    edited["Vốn giao"].move_range("A1:I10", cols=3)
    edited["Vốn giao"].move_range("K1:K10", cols=-10)
    assert said(saved(edited, good)) == []


def test_a_header_in_the_third_row_under_a_title(edited, good, said):
    edited["Rà soát"].insert_rows(1, 2)
    edited["Rà soát"]["A1"] = "KẾT QUẢ RÀ SOÁT"
    assert said(saved(edited, good)) == []


def test_totals_and_notes_below_the_table_are_told_and_not_read(edited, good, said):
    edited["Vốn giao"]["A5"], edited["Vốn giao"]["G5"] = "Tổng cộng", 1_600_000_000
    edited["Vốn giao"]["A6"] = "Nguồn: Phòng Tài chính"
    found = said(saved(edited, good))
    assert [(finding.code, finding.severity, finding.cell) for finding in found] == [
        ("skipped-row", "info", "A5"),
        ("skipped-row", "info", "A6"),
    ]


def test_a_renamed_sheet_is_offered(edited, good, said):
    edited["Rà soát"].title = "Ra soat 2023"
    finding = next(finding for finding in said(saved(edited, good)) if finding.code == "missing-sheet")
    assert "không có trang này, nhưng có trang 'Ra soat 2023'; cần một trang tên 'Rà soát'" in str(finding)


def test_a_sheet_of_another_name_is_known_by_its_columns(edited, good, said):
    edited["Rà soát"].title = "Sheet1"
    edited["Vốn giao"].title = "Sheet2"
    found = [finding for finding in said(saved(edited, good)) if finding.code == "missing-sheet"]
    assert [finding.sheet for finding in found] == ["Rà soát", "Vốn giao"]
    assert "không có trang này, nhưng có trang 'Sheet1'" in str(found[0])
    assert "không có trang này, nhưng có trang 'Sheet2'" in str(found[1])


@pytest.mark.parametrize("cell", ["C1", "G1"])
def test_a_heading_taken_away_from_its_figures_is_asked_back(cell, edited, good, said):
    header = edited["Rà soát"][cell].value
    edited["Rà soát"][cell] = None
    finding = next(finding for finding in said(saved(edited, good)) if finding.code == "missing-column")
    assert (finding.severity, finding.cell) == ("error", cell)
    assert f"không có cột '{header}'; cột {cell[0]} có số liệu mà không có tiêu đề" in str(finding)


def test_a_fraction_is_shown_as_excel_shows_it(edited, good, said):
    edited["Vốn giao"]["G2"] = 4569.482
    finding = only(said(saved(edited, good)))
    assert "có 4.569,482; cần số tiền chẵn đồng; nếu tính bằng triệu đồng thì ghi 4569482000" in str(finding)


def test_a_renamed_column_is_offered_even_where_it_may_be_blank(edited, good, said):
    edited["Rà soát"]["G1"] = "Khau ngheo"
    finding = next(finding for finding in said(saved(edited, good)) if finding.code == "missing-column")
    assert finding.severity == "error"
    assert "không có cột 'Khẩu nghèo', nhưng có cột 'Khau ngheo'" in str(finding)


def test_a_column_that_may_be_blank_may_be_absent(edited, good, said):
    edited["Rà soát"]["P1"] = None
    found = said(saved(edited, good))
    assert [(finding.code, finding.severity) for finding in found] == [("missing-column", "info")]


def test_a_repeated_column(edited, good, said):
    edited["Rà soát"]["V1"] = "Hộ nghèo"
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.severity, finding.cell) == ("repeated-column", "error", "V1")


def test_a_sheet_without_headings(edited, good, said):
    edited["Kế hoạch"].delete_rows(1)
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.sheet) == ("missing-header", "Kế hoạch")


def test_macros_are_told_and_never_run(good, said):
    repacked(good, {"xl/vbaProject.bin": b"\x00" * 10})
    finding = only(said(good))
    assert (finding.code, finding.severity) == ("macros", "info")


def test_a_wrong_size_of_the_sheet_hides_no_rows(good, said):
    part = part_of(good, "Rà soát")
    with zipfile.ZipFile(good) as archive:
        content = archive.read(part)
    repacked(good, {part: content.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>', 1)})
    assert said(good) == []


def test_numbers_typed_as_text_are_taken_and_told(edited, good, said):
    edited["Rà soát"]["C2"] = "３00 "
    edited["Giải ngân"]["E2"] = "200.000.000"
    found = said(saved(edited, good))
    assert [(finding.code, finding.severity, finding.cell) for finding in found] == [
        ("typed-as-text", "info", "C2"),
        ("typed-as-text", "info", "E2"),
    ]
    assert "chữ '200.000.000', được đọc là 200.000.000" in str(found[1])


def test_what_is_typed_in_a_cell_stays_a_text_in_the_annotated_copy(edited, good, said, tmp_path):

    edited["Rà soát"]["C4"].value = "x"
    edited["Rà soát"]["C4"].value, edited["Rà soát"]["C4"].data_type = '=HYPERLINK("http://x","y")', "s"
    found = said(saved(edited, good))
    annotate(good, found, tmp_path / "copy.xlsx")
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert all(cell.data_type != "f" for row in book["Kết quả kiểm tra"].iter_rows() for cell in row)
    assert book["Rà soát"]["C4"].data_type == "s"


def test_reading_closes_the_file(good, said):
    said(good)
    good.unlink()
    assert not good.exists()


def test_a_filter_that_is_on_is_one_note_and_nobody_is_told_to_delete_a_row(edited, good, said):
    sheet = edited["Rà soát"]
    sheet.auto_filter.ref = "A1:U7"
    sheet.auto_filter.add_filter_column(1, ["990"])
    for row in (3, 4, 6, 7):
        sheet.row_dimensions[row].hidden = True
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.severity, finding.cell) == ("filtered-rows", "info", "A3")
    assert "bộ lọc đang giấu 4 dòng (3:4, 6:7), số liệu vẫn được tính" in str(finding)
    assert "xóa" not in str(finding)


def test_rows_hidden_by_hand_are_one_warning(edited, good, said):
    for row in (3, 4, 6):
        edited["Rà soát"].row_dimensions[row].hidden = True
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.severity, finding.cell) == ("hidden-row", "warning", "A3")
    assert "3 dòng bị ẩn (3:4, 6)" in str(finding)
    assert "xóa" not in str(finding)


def test_formulas_that_nothing_calculated_are_one_finding_of_a_sheet(edited, good, said):
    for row in range(2, 8):
        edited["Rà soát"][f"C{row}"], edited["Rà soát"][f"F{row}"] = "=1+1", "=1+1"
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.cell) == ("uncalculated-formula", "C2")
    assert "(và 11 ô nữa: C3:C7, F2:F7)" in str(finding)


def test_a_row_of_nothing_but_formulas_without_results_is_no_empty_row(edited, good, said):
    for cell in edited["Kế hoạch"][2]:
        cell.value = "=1+1" if cell.value is not None else None
    assert {finding.code for finding in said(saved(edited, good))} == {"uncalculated-formula"}


def test_a_text_typed_in_an_old_font_is_told_with_its_cell_and_its_meaning(edited, good, said):
    edited["Hoạt động"]["B2"] = "Hç trî hé nghÌo söa nhµ ë, ®· bµn giao"
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.severity, finding.cell) == ("legacy-text", "warning", "B2")
    assert "phông cũ (TCVN3 (ABC)), được đọc là 'Hỗ trợ hộ nghèo sửa nhà ở, đã bàn giao'" in str(finding)
    assert reading(good, "mau", 2023).dataset["activities"]["text"].tolist() == [
        "Hỗ trợ hộ nghèo sửa nhà ở, đã bàn giao"
    ]


def test_what_is_typed_in_an_old_font_is_read_by_the_kind_of_its_column(edited, good, said):
    edited["Đơn vị"]["C3"], edited["Rà soát"]["C2"], edited["Kế hoạch"]["E2"] = "X·", "300 hé", "kho¶ng 300"
    found = {finding.cell: finding for finding in said(saved(edited, good))}
    assert {cell: (finding.code, finding.severity) for cell, finding in found.items()} == {
        "C3": ("legacy-text", "warning"),
        "C2": ("bad-cell", "error"),
        "E2": ("bad-cell", "error"),
    }


def test_headings_typed_in_an_old_font_are_told(edited, good, said):
    for cell in edited["Kế hoạch"][1]:
        cell.value = "Sè hé dù kiÕn"
    finding = only(said(saved(edited, good)))
    assert (finding.code, finding.sheet, finding.cell) == ("legacy-text", "Kế hoạch", "A1")


@pytest.mark.parametrize(
    ("sheet", "cell", "most", "words"),
    [
        ("Rà soát", "D2", 10**9, "một số không quá một tỷ"),
        ("Biến động hộ nghèo", "D2", 10**9, "một số không quá một tỷ"),
        ("Vốn giao", "G2", 10**14, "số tiền không quá một trăm nghìn tỷ đồng"),
        ("Giải ngân", "E2", 10**14, "số tiền không quá một trăm nghìn tỷ đồng"),
    ],
)
@pytest.mark.parametrize("typed", [int, str, float], ids=["number", "text", "fraction"])
def test_no_count_and_no_amount_is_so_large_that_sums_go_wrong(sheet, cell, most, words, typed, edited, good, said):
    edited[sheet][cell] = typed(most + 1)
    found = [finding for finding in said(saved(edited, good)) if finding.severity == "error"]
    assert [(finding.code, finding.cell) for finding in found if finding.code == "bad-cell"] == [("bad-cell", cell)]
    assert any(words in str(finding) for finding in found)


def test_a_workbook_named_for_another_year_is_one_finding(records, written, tmp_path):
    path = written(records).rename(tmp_path / "2025.xlsx")
    found = reading(path, "mau", 2025)
    finding = only(findings(found.dataset, broken=found.broken))
    assert (finding.code, finding.severity) == ("other-year", "error")
    assert "7 dòng là của năm 2023, không dòng nào của năm 2025; cần đổi tên tệp thành 2023.xlsx" in str(finding)


def test_a_wrong_year_in_many_rows_is_one_finding(records, written, said):
    paid = records["disbursements"][:1]
    late = [paid[0] | {"date": dt.datetime(2032, 8, day)} for day in range(1, 29)]  # noqa: DTZ001
    records["disbursements"] += late
    finding = only(said(written(records)))
    assert (finding.code, finding.cell) == ("date-outside-year", "A8")
    assert "ngày ghi là 01/08/2032 (và 27 ô nữa: A9:A35); cần ngày trong khoảng" in str(finding)


def test_every_cell_of_one_finding_is_coloured_in_the_annotated_copy(edited, good, said, tmp_path):
    for row in range(2, 8):
        edited["Rà soát"][f"C{row}"], edited["Rà soát"][f"F{row}"] = "=1+1", "=1+1"
    annotate(good, said(saved(edited, good)), tmp_path / "copy.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "copy.xlsx")["Rà soát"]
    assert {sheet[f"{column}{row}"].fill.fgColor.rgb[-6:] for column in "CF" for row in range(2, 8)} == {"FFC7CE"}


def test_a_column_of_amounts_in_millions_is_one_error(edited, good, said):
    for row, amount in enumerate((4569.482, 88.815, 0.5, 7.25, 1.125, 9.75), start=2):
        edited["Vốn giao"].cell(row, 7).value = amount
    found = said(saved(edited, good))
    (column,) = (finding for finding in found if finding.code == "amounts-in-millions")
    assert "bad-cell" not in {finding.code for finding in found}
    assert "6 số ở cột 'Kế hoạch vốn (đồng)' hình như ghi bằng triệu đồng: G2:G7" in str(column)
    assert "số lớn nhất, 4.569,482, là 4.569.482.000" in str(column)
