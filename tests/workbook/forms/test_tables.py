import io
import json
import struct
import tracemalloc
import zipfile

import openpyxl
import pandas as pd
import pytest

from giamngheo.core.errors import GiamngheoError
from giamngheo.workbook.forms.figures import Answers
from giamngheo.workbook.forms.plan import plan
from giamngheo.workbook.forms.tables import UnreadableFormError, tables_of


def delimited(rows, sign):
    return "\n".join(sign.join("" if cell is None else str(cell) for cell in row) for row in rows)


@pytest.mark.parametrize(("suffix", "sign", "encoding"), [(".csv", ";", "utf-8-sig"), (".txt", "\t", "utf-16")])
def test_text_with_columns(tmp_path, workbook, review, suffix, sign, encoding):
    path = tmp_path / f"bieu{suffix}"
    path.write_text(delimited(review.rows, sign).replace("6.67", "6,67"), encoding)

    found = plan([tables_of(path)], workbook, Answers(), replace=False)
    assert (found.errors, found.doubts) == ((), ())
    assert list(found.frames()["reviews"]["poor_households"]) == [30, 5, 10, 15]


ABOVE, BELOW, TWO = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'


def test_tables_of_a_word_document_with_merged_cells(document, tmp_path, workbook):
    heads = [("TT", ABOVE), ("Đơn vị", ABOVE), ("Tổng số hộ", ABOVE), ("Hộ nghèo", TWO)]
    below = [("", BELOW)] * 3 + [("Số lượng", ""), ("Tỷ lệ (%)", "")]
    figures = [("1", ""), ("Xã Mỹ Lý", ""), ("1.200", ""), ("60", ""), ("5,00", "")]
    document(tmp_path / "bieu.docx", "KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023", [heads, below, figures])

    found = plan([tables_of(tmp_path / "bieu.docx")], workbook, Answers(), replace=False)
    assert (found.errors, found.doubts) == ((), ())
    row = found.frames()["reviews"].iloc[0]
    assert (row["unit_code"], row["households"], row["poor_households"]) == ("993", 1200, 60)


def test_numbers_below_each_other_in_a_cell_are_no_groups_of_one(document, tmp_path, workbook):
    heads = [(words, "") for words in ("TT", "Đơn vị", "Tổng số hộ", "Hộ nghèo", "Tỷ lệ hộ nghèo")]
    for below in ("</w:t></w:r></w:p><w:p><w:r><w:t>", "</w:t><w:br/><w:t>", "</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>"):
        row = [(words, "") for words in ("1", "Xã Mỹ Lý", "1.200", f"12{below}345", f"6{below}172")]
        document(tmp_path / "bieu.docx", "KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023", [heads, row])
        found = plan([tables_of(tmp_path / "bieu.docx")], workbook, Answers(), replace=False)
        (error,) = found.errors
        assert error.endswith("ô D3: có '12 / 345'; cần số nguyên, đơn vị tính 'hộ', ghi bằng chữ số")
        assert [key[3] for key in found.figures] == ["households"]


OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def test_other_kinds_of_workbooks_whatever_their_name(tmp_path, monkeypatch):
    (tmp_path / "python_calamine.py").write_text("raise SystemExit", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # whose modules never read a workbook
    spaces = " ".join(f'xmlns:{name}="{OPEN_DOCUMENT}:{name}:1.0"' for name in ("office", "table", "text"))
    words = '<table:table-cell office:value-type="string"><text:p>Đơn vị</text:p></table:table-cell>'
    figure = '<table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell>'
    rows = "".join(f"<table:table-row>{cell}</table:table-row>" for cell in (words, figure))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Biểu">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    for name in ("bieu.ods", "bieu.xlsx"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{OPEN_DOCUMENT}:manifest:1.0"/>')
            archive.writestr("content.xml", content)
        (table,) = tables_of(tmp_path / name)
        assert (table.sheet, [list(row) for row in table.rows]) == ("Biểu", [["Đơn vị"], [12]])


def record(kind, content=b""):
    """A record of a binary workbook (MS-XLSB 2.1.4): its kind, its size, both in groups of seven bits."""
    size = bytes([len(content) & 0x7F | 0x80, len(content) >> 7])
    return (bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])) + size + content


def wide(words):
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def binary(path, rows):
    """Saves rows as the sheet "Biểu" of a binary workbook."""
    cells = b""
    for number, row in enumerate(rows):
        cells += record(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        for column, value in ((column, value) for column, value in enumerate(row) if value is not None):
            place = struct.pack("<II", column, 0)
            is_text = isinstance(value, str)
            cells += record(6, place + wide(value)) if is_text else record(5, place + struct.pack("<d", value))
    size = record(148, struct.pack("<4I", 0, len(rows) - 1, 0, 20))
    sheet = record(129) + size + record(145) + cells + record(146) + record(130)
    listed = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Biểu"))
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.bin"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{kinds}"/>')
        archive.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{relations}">{links}</Relationships>')
        archive.writestr("xl/workbook.bin", record(131) + record(143) + listed + record(144) + record(132))
        archive.writestr("xl/worksheets/sheet1.bin", sheet)


def test_a_binary_workbook_says_what_the_form_says(tmp_path, workbook, review):
    binary(tmp_path / "bieu.xlsb", review.rows)
    (table,) = tables_of(tmp_path / "bieu.xlsb")

    found = plan([[table]], workbook, Answers(), replace=False)
    assert found.errors == ()
    (doubt,) = found.doubts
    assert doubt.startswith("bieu.xlsb: loại tệp này không cho biết định dạng số")
    expected = plan([[review]], workbook, Answers(), replace=False).figures
    assert {key: one.value for key, one in found.figures.items()} == {key: one.value for key, one in expected.items()}


def test_a_rate_that_may_be_a_share_is_asked_for_where_the_file_does_not_tell(tmp_path, workbook):
    heads = ["TT", "Đơn vị", "Tổng số hộ", "Hộ nghèo", "Tỷ lệ hộ nghèo"]
    for counts, rates in (((None, None), None), (("1.200", "492"), [41])):
        rows = [["KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023"], heads, ["1", "Xã Mỹ Lý", *counts, 0.41]]
        binary(tmp_path / "bieu.xlsb", rows)
        found = plan([tables_of(tmp_path / "bieu.xlsb")], workbook, Answers(), replace=False)
        if rates:
            assert found.frames()["reviews"]["published_poor_rate_pct"].tolist() == rates
        else:
            assert "ô E3: có '0.41', chưa rõ có phải phần trăm không; lưu biểu lại thành .xlsx" in found.errors[0]


def test_a_formula_without_a_result_is_no_blank(saved):
    path = saved("bieu.xlsx", [["Đơn vị", '="Hộ" & " nghèo"'], ["Xã Mỹ Lý", "=50+50"], *[["Xã", "=1"]] * 5])
    with pytest.raises(UnreadableFormError) as caught:
        tables_of(path)
    assert str(caught.value) == (
        "bieu.xlsx: trang 'Biểu', ô B1, B2, B3, B4, B5 và 2 ô khác có công thức chưa tính; cần biểu mở bằng Excel rồi"
        " lưu lại, hoặc số thay cho công thức."
    )


def swollen(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml" if path.suffix == ".ods" else "word/document.xml", b" " * 50_000_000)


def cut(path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>" * 100)
    path.write_bytes(buffer.getvalue()[:60])


def with_entities(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')


def spoilt(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(range(256)) * 50)
    content = bytearray(path.read_bytes())
    content[60:90] = b"?" * 30
    path.write_bytes(content)


def nothing(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [swollen, cut, with_entities, spoilt, nothing])
@pytest.mark.parametrize("name", ["bieu.docx", "bieu.ods", "bieu.xlsx", "bieu.xls", "bieu.xlsb"])
def test_hostile_files_are_refused_in_a_sentence(tmp_path, name, spoil):
    spoil(tmp_path / name)
    with pytest.raises(GiamngheoError) as caught:
        tables_of(tmp_path / name)
    assert "cần" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("~$2023.xlsx", "tên 2023.xlsx, sau khi lưu và đóng Excel"),
        ("bieu.pdf", "không đọc được loại tệp '.pdf'; cần một tệp .xlsx"),
        ("bieu.csv", "không có tệp này"),
    ],
)
def test_other_files_are_refused_with_what_is_needed(tmp_path, name, words):
    with pytest.raises(UnreadableFormError, match=words.replace("$", r"\$")):
        tables_of(tmp_path / name)


def test_a_document_of_brackets_in_brackets_is_refused(document, tmp_path):
    document(tmp_path / "bieu.docx", "Biểu", [[("x", "")]])
    link, end = '<w:hyperlink w:anchor="a">', "</w:hyperlink>"
    with zipfile.ZipFile(tmp_path / "bieu.docx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "bieu.docx", "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace("<w:r><w:t>x", f"{link * 900}<w:r><w:t>x{end * 900}<w:r><w:t>"))
    with pytest.raises(GiamngheoError, match="cần"):
        tables_of(tmp_path / "bieu.docx")


def test_quotation_marks_that_do_not_close_swallow_no_rows(tmp_path, review):
    notes = [""] * 3 + ["Ghi chú"] + [""] * 4 + ['"cũ'] + [""] * 2
    rows = [[*row, *[None] * (7 - len(row)), note] for row, note in zip(review.rows, notes, strict=True)]
    (tmp_path / "bieu.csv").write_text(delimited(rows, ";"), "utf-8")
    with pytest.raises(UnreadableFormError, match="đến dòng 11 có ngoặc kép không khép"):
        tables_of(tmp_path / "bieu.csv")


def test_cells_merged_with_thousands_take_no_memory(document, tmp_path):
    wide = '<w:gridSpan w:val="9000"/>'
    document(tmp_path / "bieu.docx", "Biểu", [[("x", wide + ABOVE)], *[[("", wide + BELOW)]] * 50])
    tracemalloc.start()
    (table,) = tables_of(tmp_path / "bieu.docx")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert (len(table.rows), table.value(2, 1)) == (52, "x\n")


@pytest.mark.parametrize("name", ["a.csv", "a.docx"])
def test_a_file_without_a_table_is_refused(document, tmp_path, name):
    document(tmp_path / "a.docx", "Biểu", [])
    (tmp_path / "a.csv").write_text(" \n", "utf-8")
    with pytest.raises(UnreadableFormError, match="không có bảng nào"):
        tables_of(tmp_path / name)


def test_a_file_in_which_no_form_is_known_is_an_error(tmp_path, workbook):
    (tmp_path / "a.csv").write_text("Họ tên;Chức vụ\nA;B\n", "utf-8")
    found = plan([tables_of(tmp_path / "a.csv")], workbook, Answers(), replace=False)
    assert found.errors == ("a.csv: không nhận ra biểu nào theo tiêu đề cột, không đọc",)


def test_text_that_is_not_unicode_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes("Đơn vị;Hộ nghèo".encode("cp1258", "replace"))
    with pytest.raises(UnreadableFormError, match="CSV UTF-8"):
        tables_of(tmp_path / "a.csv")


def test_hidden_rows_are_told(saved, workbook, review):
    path = saved("bieu.xlsx", review.rows, ["D4:E4", "F4:G4"])
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[9].hidden = True
    book.save(path)

    found = plan([tables_of(path)], workbook, Answers(), replace=False)
    assert found.doubts == ("bieu.xlsx, trang 'Biểu': dòng 9 bị ẩn, vẫn được đọc",)
    assert len(found.frames()["reviews"]) == 4


def test_a_hidden_column_is_told_and_what_lies_under_a_merged_cell_is_not_read(saved, workbook, review):
    path = saved("bieu.xlsx", review.rows, ["D4:E4", "F4:G4"])
    book = openpyxl.load_workbook(path)
    book.active.column_dimensions["F"].hidden = True
    book.active.merged_cells.add("C9:D9")
    book.save(path)

    found = plan([tables_of(path)], workbook, Answers(), replace=False)
    assert "bieu.xlsx, trang 'Biểu': cột F bị ẩn, vẫn được đọc" in found.doubts
    assert found.frames()["reviews"]["poor_households"].tolist() == [30, 5, pd.NA, 15]


@pytest.mark.parametrize("format", ["#,##0,", "0.0,,", ";;;", '"1"0', "0%"])
def test_a_number_that_its_cell_shows_as_another_one_is_an_error(format, saved, workbook, review):
    path = saved("bieu.xlsx", review.rows, ["D4:E4", "F4:G4"])
    book = openpyxl.load_workbook(path)
    book.active["D9"].number_format = format
    book.save(path)

    (error,) = plan([tables_of(path)], workbook, Answers(), replace=False).errors
    assert "ô D9: có '10" in error
    assert "cần ô hiện đúng số đã ghi" in error


def test_rates_without_counts_are_read_as_their_cells_show_them(saved, workbook):
    heads = ["TT", "Đơn vị", "Tỷ lệ hộ nghèo", "Tỷ lệ hộ cận nghèo"]
    path = saved("bieu.xlsx", [["KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023"], heads, [1, "Xã Mỹ Lý", 0.41, 0.41]])
    book = openpyxl.load_workbook(path)
    book.active["C3"].number_format = "0%"
    book.save(path)

    row = plan([tables_of(path)], workbook, Answers(), replace=False).frames()["reviews"].iloc[0]
    assert (row["published_poor_rate_pct"], row["published_near_poor_rate_pct"]) == (41, 0.41)


def test_merged_cells_over_each_other_are_refused(tmp_path, monkeypatch):
    sheet = {"title": "Trang", "rows": [["x"]], "merged": [(1, 1, 100, 20_000)] * 2}
    monkeypatch.setattr("giamngheo.workbook.forms.tables._bounded", lambda *_: json.dumps({"sheets": [sheet]}))
    (tmp_path / "bieu.xls").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1"))
    with pytest.raises(UnreadableFormError, match="có ô gộp chồng lên nhau"):
        tables_of(tmp_path / "bieu.xls")


def altered(path, old, new):
    path.write_bytes(path.read_bytes().replace(old, new))


def unnamed(path):
    """Gives the main part of an archive a name that is no UTF-8, and says that it is."""
    content, name = bytearray(path.read_bytes()), b"word/document.xml"
    here, listed = content.find(name), content.rfind(name)
    content[here] = 0xDB
    content[listed - 37] |= 0x08
    path.write_bytes(content)


def test_an_archive_that_was_altered_on_its_way_gives_no_other_figure(document, tmp_path, review):
    binary(tmp_path / "bieu.xlsb", review.rows)
    altered(tmp_path / "bieu.xlsb", struct.pack("<d", 30), struct.pack("<d", 31))
    for name in ("bieu.docx", "name.docx"):
        document(tmp_path / name, "KẾT QUẢ", [[("Xã Mỹ Lý", ""), ("1.200", "")]])
    altered(tmp_path / "bieu.docx", b"1.200", b"1.300")
    unnamed(tmp_path / "name.docx")
    for path in tmp_path.iterdir():
        with pytest.raises(UnreadableFormError, match="tệp bị hỏng hoặc bị cắt khi chuyển"):
            tables_of(path)


def test_a_form_of_more_rows_than_are_read_loses_none_without_a_word(tmp_path, workbook, saved, review):
    rows = [*review.rows, *review.rows[-1:] * 5_000]
    binary(tmp_path / "bieu.xlsb", rows)
    (tmp_path / "bieu.csv").write_text(delimited(rows, ";").replace("6.67", "6,67"), "utf-8")
    for path in (tmp_path / "bieu.xlsb", tmp_path / "bieu.csv", saved("bieu.xlsx", rows, ["D4:E4", "F4:G4"])):
        found = plan([tables_of(path)], workbook, Answers(), replace=False)
        assert any("bảng dài hơn 5000 dòng; chia thành nhiều tệp" in error for error in found.errors), path


def test_a_form_of_more_columns_than_are_read_loses_none_without_a_word(tmp_path, workbook, saved, review):
    rows = [[*row, *[None] * (99 - len(row)), 1, 1] for row in review.rows]
    binary(tmp_path / "bieu.xlsb", rows)
    (tmp_path / "bieu.csv").write_text(delimited(rows, ";").replace("6.67", "6,67"), "utf-8")
    for path in (tmp_path / "bieu.xlsb", tmp_path / "bieu.csv", saved("bieu.xlsx", rows, ["D4:E4", "F4:G4"])):
        found = plan([tables_of(path)], workbook, Answers(), replace=False)
        assert any("bảng rộng từ 100 cột trở lên; chia thành nhiều bảng" in error for error in found.errors), path


def test_cells_of_several_lines_are_one_row(tmp_path, workbook, review):
    path = tmp_path / "bieu.csv"
    head, *rows = delimited(review.rows, ";").replace("6.67", "6,67").splitlines()
    path.write_text("\n".join(['"' + "\n" * 6_000 + '"', head, *rows]), "utf-8")
    found = plan([tables_of(path)], workbook, Answers(), replace=False)
    assert found.errors == ()
    assert list(found.frames()["reviews"]["poor_households"]) == [30, 5, 10, 15]
