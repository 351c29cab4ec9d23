"""Household files typed in Excel: as many as are read, as many are broken or hostile and told by one sentence."""

import datetime as dt
import re
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from giamngheo.households.engine import frame, households, workspace
from giamngheo.households.file.schema import (
    LegacyEncodingError,
    SeveralTablesError,
    UnreadableHouseholdFileError,
    household_columns,
)
from giamngheo.households.problems import problems

PART = "xl/worksheets/sheet1.xml"
MEGABYTES = 60


@pytest.fixture
def path(tmp_path, good):
    book = Workbook()
    book.active.append(list(good))
    for number in range(3):
        book.active.append(list((good | {"household_id": f"H{number}"}).values()))
    book.save(tmp_path / "households.xlsx")
    return tmp_path / "households.xlsx"


@pytest.fixture
def repacked(path):
    """Changes the XML of a part of the file."""

    def change(how, name=PART):
        with zipfile.ZipFile(path) as old:
            parts = {part: old.read(part) for part in old.namelist()}
        changed = how(parts[name])
        assert changed != parts[name]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for part, content in (parts | {name: changed}).items():
                new.writestr(part, content)

    return change


def ids(path):
    with workspace() as work:
        return frame(households(work, path), "select household_id from households")["household_id"].tolist()


def refused(path):
    with pytest.raises(UnreadableHouseholdFileError) as caught:
        ids(path)
    said = str(caught.value)
    assert said.startswith("households.xlsx: ")
    assert said.endswith("cần tệp CSV (UTF-8), Parquet hoặc XLSX với các cột như docs/households.md.")
    return said


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_file_cut_off_on_its_way(share, path):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "tệp bị hỏng hoặc bị cắt cụt" in refused(path)


def test_a_password(path):
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"))
    assert "có mật khẩu" in refused(path)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["mimetype", "content.xml"], "tệp OpenDocument"),
        (["[Content_Types].xml", "xl/workbook.bin"], "nhị phân (.xlsb)"),
        (["[Content_Types].xml", "word/document.xml"], "không phải sổ tính Excel"),
        (["[Content_Types].xml", "xl/workbook.xml"], "nội dung bị hỏng"),
    ],
)
def test_another_kind_of_archive_is_told_by_what_it_is(names, words, path):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert words in refused(path)


def test_the_strict_kind_of_workbook(path, repacked):
    main, strict = b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"
    repacked(lambda xml: xml.replace(main, strict), "xl/workbook.xml")
    assert "Strict Open XML" in refused(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(path, repacked):
    repacked(lambda _: b" " * 300_000_000)
    tracemalloc.start()
    said = refused(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "khi giải nén, tệp sẽ làm đầy bộ nhớ" in said
    assert peak < MEGABYTES * 10**6


def test_entities_of_xml_are_not_expanded(path, repacked):
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    repacked(lambda xml: bomb + xml.replace(b"<sheetData>", b"<sheetData>&b;"))
    assert "nội dung bị hỏng" in refused(path)


def test_damage_below_the_heading_is_told_as_such(path, repacked):
    repacked(lambda xml: xml.replace(b'r="C3"', b'r="ZZZZZZ3"'))
    assert "nội dung bị hỏng" in refused(path)


@pytest.mark.parametrize("size", [b'<dimension ref="A1"/>', b'<dimension ref="A1:B2"/>', b""])
def test_the_size_that_a_sheet_says_it_has_is_not_believed(size, path, repacked):
    repacked(lambda xml: re.sub(rb"<dimension [^>]*/>", size, xml))
    assert ids(path) == ["H0", "H1", "H2"]


def test_a_million_formatted_rows_below_are_passed_over(path, repacked):
    empty = b"".join(b'<row r="%d" ht="15"><c r="A%d" s="0"/></row>' % (row, row) for row in range(5, 1_048_577))
    repacked(lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"))
    tracemalloc.start()
    assert ids(path) == ["H0", "H1", "H2"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MEGABYTES * 10**6


def test_a_formula_that_was_never_calculated_is_no_blank(path, repacked):
    repacked(lambda xml: re.sub(rb'<c r="H3"[^>]*><v>1000000</v></c>', b'<c r="H3"><f>2*500000</f></c>', xml))
    assert "ô H3 có công thức chưa được tính" in refused(path)


def test_a_formula_beside_the_table_does_no_harm(path, repacked):
    repacked(lambda xml: xml.replace(b"</row>", b'<c r="AZ1"><f>1+1</f></c></row>', 1))
    assert ids(path) == ["H0", "H1", "H2"]


@pytest.fixture
def book(tmp_path, good):
    """Writes a workbook of sheets, by their title the rows; gives its path."""

    def write(sheets, hidden=()):
        made = Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            sheet.sheet_state = "hidden" if title in hidden else "visible"
            for row in rows:
                sheet.append(list(row))
        made.save(tmp_path / "households.xlsx")
        return tmp_path / "households.xlsx"

    return write


def listed(good, *ids):
    return [list((good | {"household_id": name}).values()) for name in ids]


def test_blank_last_cells_are_blanks(book, good):
    head = [*good, "previous_class", "Ghi chú"]
    rows = [[*listed(good, "a")[0], "poor", "mới tách hộ"], listed(good, "b")[0]]
    with workspace() as work:
        found = frame(households(work, book({"Hộ": [head, *rows]})), "select household_id, broken from households")
    assert found.values.tolist() == [["a", False], ["b", False]]


def test_a_heading_of_two_lines_loses_no_household(book, good):
    headers = {column.name: column.header for column in household_columns()}
    head = [headers[name].replace(" ", "\n") for name in good]
    assert ids(book({"Hộ": [head, *listed(good, "a", "b")]})) == ["a", "b"]


def test_columns_far_to_the_right_are_read(book, good):
    answers = [f"câu {number}" for number in range(200)]
    path = book({"Hộ": [[*answers, *good, "previous_class"], [*answers, *listed(good, "a")[0], "poor"]]})
    with workspace() as work:
        found = frame(households(work, path), "select household_id, previous_class from households")
    assert found.values.tolist() == [["a", "poor"]]


def test_sheets_of_the_same_columns_are_one_file_whatever_their_order(book, good):
    turned = [list(row[::-1]) for row in ([*good], *listed(good, "c"))]
    path = book({"Xã 1": [[*good], *listed(good, "a", "b")], "Xã 2": turned})
    with workspace() as work:
        rows = households(work, path)
        assert frame(rows, "select household_id, members from households").values.tolist() == [
            ["a", 4],
            ["b", 4],
            ["c", 4],
        ]
        assert rows.notes == ()


def test_an_id_of_two_sheets_is_told_by_its_sheets(book, good):
    path = book({"Xã 1": [[*good], *listed(good, "a")], "Xã 2": [[*good], *listed(good, "b", "a")]})
    with workspace() as work:
        rows = households(work, path)
        (problem,) = problems(rows, dt.date(2022, 12, 31), standard=None)
    assert problem.first_places == ("trang thứ 1 dòng 2", "trang thứ 2 dòng 3")


def test_a_sheet_without_the_header_is_named_an_empty_one_is_not(book, good):
    path = book({"Hướng dẫn": [["Cách ghi"], ["Mỗi hộ một dòng"]], "Hộ": [[*good], *listed(good, "a")], "Sheet3": []})
    with workspace() as work:
        rows = households(work, path)
    assert rows.notes == ("trang thứ 1 (2 dòng) không được đọc: không có dòng tiêu đề của tệp hộ",)


@pytest.mark.parametrize("kind", ["other columns", "hidden"])
def test_which_of_several_sheets_is_asked_for(kind, book, good):
    second = [[*good], *listed(good, "b")]
    if kind == "other columns":
        second = [row[:-1] for row in second]
    path = book({"2022": [[*good], *listed(good, "a")], "Cũ": second}, hidden=["Cũ"] if kind == "hidden" else [])
    with pytest.raises(SeveralTablesError) as caught, workspace() as work:
        households(work, path)
    why = "trong đó thứ 2 bị ẩn" if kind == "hidden" else "với các cột khác nhau"
    assert f"các trang thứ 1, thứ 2 đều có bảng hộ, {why}" in str(caught.value)
    assert "Cũ" not in str(caught.value)  # a name of a sheet may be one of a person


def test_a_title_and_a_row_of_column_numbers_are_no_households(book, good):
    numbers = [f"({number})" for number in range(1, len(good) + 1)]
    path = book({"Hộ": [["DANH SÁCH HỘ"], [], [*good], numbers, *listed(good, "a"), [], *listed(good, "b")]})
    with workspace() as work:
        found = frame(households(work, path), "select place, household_id from households")
    assert found.values.tolist() == [[5, "a"], [7, "b"]]


def test_headings_in_an_old_encoding_are_named(book):
    path = book({"Hộ": [["M· hé", "M· ®¬n vÞ", "Khu vùc", "Sè khÈu"], ["a", "b", "c", 1]]})
    with pytest.raises(LegacyEncodingError, match="TCVN3"), workspace() as work:
        households(work, path)


def test_numbers_have_the_fifteen_digits_that_excel_shows(book, good):
    path = book({"Hộ": [[*good], list((good | {"income_vnd": 1600000.0000000002, "unit_code": 23404.0}).values())]})
    with workspace() as work:
        found = frame(households(work, path), "select income_vnd, unit_code, unreadable from households")
    assert found.values.tolist() == [[1_600_000, "23404", 0]]


def test_what_is_hidden_counts_and_is_told(path):
    book = load_workbook(path)
    sheet = book.active
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.save(path)
    with workspace() as work:
        rows = households(work, path)
        assert frame(rows, "select count(*) as n from households")["n"].item() == 3
    assert rows.notes == (
        "trang thứ 1: cột bị ẩn (B), vẫn được tính",
        "trang thứ 1: 2 dòng bị ẩn (3:4), vẫn được tính",
    )


def test_rows_that_a_filter_hides_count_and_are_told(path):
    book = load_workbook(path)
    sheet = book.active
    sheet.auto_filter.ref = "A1:Z4"
    sheet.auto_filter.add_filter_column(0, ["H0"])
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("Ghi chú").append(["x"])
    sheet.sheet_state = "hidden"
    book.save(path)
    with workspace() as work:
        rows = households(work, path)
    assert rows.notes[:2] == (
        "trang thứ 1: trang bị ẩn, vẫn được tính",
        "trang thứ 1: 1 dòng bị bộ lọc giấu (3), vẫn được tính",
    )


@pytest.mark.parametrize("merged", ["C2:C4", "C3:D3", "A4:Z4", "C1:C2"])
def test_merged_cells_of_households_are_refused(merged, path):
    book = load_workbook(path)
    book.active.merge_cells(merged)
    book.save(path)
    assert f"trang thứ 1, các ô {merged} gộp làm một, cần bỏ gộp rồi ghi đủ giá trị của từng hộ" in refused(path)


def test_merged_cells_beside_and_above_households_are_read(path):
    book = load_workbook(path)
    sheet = book.active
    sheet.insert_rows(1)
    sheet["A1"] = "Danh sách hộ"
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("AZ3:AZ5")
    sheet.merge_cells("A30:D30")
    book.save(path)
    assert ids(path) == ["H0", "H1", "H2"]
