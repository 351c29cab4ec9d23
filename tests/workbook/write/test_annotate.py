"""The annotated copy: every finding at its cell and on a list, everything else as in the workbook."""

import os
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from giamngheo.core.finding import Finding
from giamngheo.core.message import message
from giamngheo.workbook.write.annotate import HIGHEST_ROW, LONGEST_COMMENT, MOST_COMMENTS, NotAnnotatedError, annotate
from giamngheo.workbook.write.save import NotWrittenError

FOUND, EXPECTED = message("the file is empty"), message("every sheet shown")


def finding(cell, severity="error", sheet="Rà soát"):
    return Finding("mã", severity, "2023.xlsx", sheet, cell, FOUND, EXPECTED)


@pytest.fixture
def annotated(package, tmp_path):
    """Annotates the workbook with findings and opens the copy."""

    def made(*findings):
        annotate(package.path, findings, tmp_path / "copy.xlsx")
        return openpyxl.load_workbook(tmp_path / "copy.xlsx")

    return made


def test_a_cell_has_its_colour_and_its_comment_and_keeps_its_format(package, annotated):
    package.cells("Rà soát", {"B5": "617"})
    book = annotated(finding("A5", "info"), finding("A5"), finding("B5", "warning"), finding("Z40"), finding(""))
    sheet = book["Rà soát"]
    colours = {cell: sheet[cell].fill.fgColor.rgb for cell in ("A5", "B5", "Z40", "A1")}
    assert colours == {"A5": "FFFFC7CE", "B5": "FFFFEB9C", "Z40": "FFFFC7CE", "A1": "FFFFC7CE"}
    assert sheet["A5"].comment.text == "\n\n".join(
        f"{word} mã\ntệp rỗng; cần hiện lại trang." for word in ("LƯU Ý", "LỖI")
    )
    assert (sheet["B5"].number_format, sheet["B5"].value, sheet["A5"].is_date) == ("@", "617", True)


def test_the_list_comes_first_is_shown_and_links_to_the_cells(package, annotated):
    source = openpyxl.load_workbook(package.path)
    source.active = source["Rà soát"]
    source["Rà soát"].sheet_view.tabSelected = True
    source["Rà soát"].print_title_rows = "4:4"
    source.save(package.path)
    book = annotated(finding("C5"), finding("", sheet="2023.xlsx"))
    summary = book["Kết quả kiểm tra"]
    assert (book.sheetnames[0], book.active.title) == ("Kết quả kiểm tra",) * 2
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["Kết quả kiểm tra"]
    assert book["Rà soát"].print_title_rows == "$4:$4"
    assert [cell.value for cell in summary[2]][:5] == ["lỗi", "mã", "Rà soát", "C5", "tệp rỗng"]
    assert summary["D2"].hyperlink.location == "'Rà soát'!C5"
    assert summary["D3"].hyperlink is None
    assert summary.freeze_panes == "A2"


def test_a_list_has_a_name_of_its_own_where_there_is_one(package, tmp_path):
    package.change("xl/workbook.xml", ("Hướng dẫn", "Kết quả kiểm tra"))
    annotate(package.path, [finding("A5")], tmp_path / "copy.xlsx")
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx").sheetnames[:2] == ["Kết quả kiểm tra 2", "Kết quả kiểm tra"]


def test_comments_that_stand_there_stay(package, annotated):
    book = openpyxl.load_workbook(package.path)
    book["Rà soát"]["C5"].comment = Comment("hỏi lại xã & thôn", "A")
    book["Rà soát"]["D5"].comment = Comment("cũ", "B")
    book.save(package.path)
    sheet = annotated(finding("C5"), finding("E5"))["Rà soát"]
    texts = {cell: sheet[cell].comment.text for cell in ("C5", "D5", "E5")}
    assert texts["C5"].startswith("hỏi lại xã & thôn\n\nLỖI mã\n")
    assert (texts["D5"], texts["E5"][:3]) == ("cũ", "LỖI")
    drawing = next(part for name, part in package.parts().items() if name.endswith(".vml"))
    with zipfile.ZipFile(package.path.with_name("copy.xlsx")) as archive:
        (now,) = (archive.read(name) for name in archive.namelist() if name.endswith(".vml"))
    assert now.count(b"ClientData ObjectType") == drawing.count(b"ClientData ObjectType") + 1


def test_a_drawing_of_comments_that_is_no_xml_costs_the_comments_only(package, annotated):
    book = openpyxl.load_workbook(package.path)
    book["Rà soát"]["D5"].comment = Comment("cũ", "B")
    book.save(package.path)
    name = next(name for name in package.parts() if name.endswith(".vml"))
    package.put(**{name: b"<xml><br></xml>"})
    sheet = annotated(finding("C5"))["Rà soát"]
    assert (sheet["C5"].fill.fgColor.rgb, sheet["C5"].comment, sheet["D5"].comment.text) == ("FFFFC7CE", None, "cũ")


def test_findings_of_merged_cells_stand_at_the_first(package, annotated):
    package.change_sheet("Rà soát", ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="C5:D6"/></mergeCells>'))
    assert annotated(finding("D6"))["Rà soát"]["C5"].comment.text.startswith("LỖI")


def test_whole_rows_may_be_merged(package, opened_package, tmp_path):
    package.change_sheet("Rà soát", ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="9:9"/></mergeCells>'))
    annotate(package.path, [finding("D9")], tmp_path / "copy.xlsx")
    assert b'<comment ref="A9"' in opened_package(tmp_path / "copy.xlsx").parts()["xl/giamngheo-comments1.xml"]


def test_a_format_made_before_is_used_again(package, annotated):
    book = openpyxl.load_workbook(package.path)
    book["Rà soát"]["A5"].fill = PatternFill("solid", fgColor="FF00FF00")
    book.save(package.path)
    before = len(openpyxl.load_workbook(package.path)._cell_styles)
    book = annotated(*(finding(f"{column}{row}") for row in range(20, 60) for column in "ABC"))
    assert len(book._cell_styles) <= before + 8


def test_what_openpyxl_would_lose_stays(package, tmp_path):
    package.put(**{"xl/media/ảnh.emf": b"x", "customXml/item1.xml": b"<a><!-- x --></a>"})
    tail = '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:y xmlns:x14="u"/></ext></extLst></worksheet>'
    package.change_sheet("Rà soát", ("</worksheet>", tail))
    before = package.parts()
    annotate(package.path, [finding("C5")], tmp_path / "copy.xlsx")
    with zipfile.ZipFile(tmp_path / "copy.xlsx") as archive:
        after = {name: archive.read(name) for name in archive.namelist()}
    changed = {name for name in before if before[name] != after[name]}
    assert {name.rpartition("/")[2] for name in changed} <= {
        *("workbook.xml", "workbook.xml.rels", "styles.xml", "[Content_Types].xml"),
        package.part_of("Rà soát").rpartition("/")[2],
    }
    assert tail.encode() in after[package.part_of("Rà soát")]


def test_a_flood_of_findings_is_listed_whole_and_commented_in_part(package, annotated):
    many = MOST_COMMENTS + 50
    book = annotated(*(finding(f"C{row}") for row in range(5, 5 + many)))
    assert book["Kết quả kiểm tra"].max_row == 1 + many
    sheet = book["Rà soát"]
    assert sum(row[2].comment is not None for row in sheet.iter_rows(min_row=5)) == MOST_COMMENTS
    assert sheet.cell(4 + many, 3).fill.fgColor.rgb == "FFFFC7CE"


def test_what_is_told_of_one_cell_is_cut_where_excel_would_refuse_it(package, annotated):
    long = Finding("mã", "error", "2023.xlsx", "Rà soát", "C5", message("{text}", text="x" * 20_000), EXPECTED)
    book = annotated(long, long)
    assert len(book["Rà soát"]["C5"].comment.text) == LONGEST_COMMENT + 1
    assert book["Kết quả kiểm tra"].row_dimensions[2].height == HIGHEST_ROW


def test_a_merged_column_takes_no_memory(package, tmp_path):
    package.change_sheet("Hướng dẫn", ("</mergeCells>", '<mergeCell ref="K40:N1048576"/></mergeCells>'))
    tracemalloc.start()
    annotate(package.path, [finding("A5")], tmp_path / "copy.xlsx")
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "đó là thư mục; hãy ghi thêm tên tệp"),
        ("2023.xlsx", "đó chính là sổ tính gốc, hãy chọn tên khác"),
        ("link.xlsx", "đó chính là sổ tính gốc, hãy chọn tên khác"),
        ("hard.xlsx", "đó chính là sổ tính gốc, hãy chọn tên khác"),
        ("chưa-có/copy.xlsx", "không có thư mục .*chưa-có"),
        ("2023.xlsx/copy.xlsx", "không có thư mục .*2023.xlsx"),
        ("copy.docx", r"tên phải kết thúc bằng \.xlsx"),
        ("copy", r"tên phải kết thúc bằng \.xlsx"),
        ("khác.xlsx", "ở đó đã có tệp khác, không ghi đè; hãy chọn tên khác"),
        ("chữ.xlsx", "ở đó đã có tệp khác, không ghi đè; hãy chọn tên khác"),
    ],
)
def test_where_the_copy_may_not_be_is_told_in_a_sentence(name, words, package, tmp_path):
    (tmp_path / "link.xlsx").symlink_to(package.path)
    (tmp_path / "hard.xlsx").hardlink_to(package.path)
    (tmp_path / "khác.xlsx").write_bytes(package.path.read_bytes())
    (tmp_path / "chữ.xlsx").write_text("ghi chú", "utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(NotAnnotatedError, match=words) as raised:
        annotate(package.path, [finding("A5")], tmp_path / name)
    assert "\n" not in str(raised.value)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_copy_of_before_is_written_over_and_a_link_through(package, tmp_path):
    (tmp_path / "link").mkdir()
    link = tmp_path / "link" / "copy.xlsx"
    link.symlink_to(tmp_path / "copy.xlsx")
    annotate(package.path, [finding("A5")], link)
    first = (tmp_path / "copy.xlsx").read_bytes()
    annotate(package.path, [finding("A5")], link)
    assert link.is_symlink()
    assert (tmp_path / "copy.xlsx").read_bytes() == first, "the same workbook and findings give the same bytes"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_who_may_read_the_workbook_may_read_the_copy(package, tmp_path):
    package.path.chmod(0o600)
    annotate(package.path, [finding("A5")], tmp_path / "copy.xlsx")
    assert (tmp_path / "copy.xlsx").stat().st_mode & 0o777 == 0o600


def test_a_place_that_cannot_be_written_is_told(package, tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(NotWrittenError, match=r"Không ghi được .*copy\.xlsx: không có quyền\. Chưa ghi gì\."):
        annotate(package.path, [finding("A5")], tmp_path / "copy.xlsx")
    assert list(tmp_path.iterdir()) == [package.path]


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_copy_in_the_place_of_a_link_that_leads_to_itself(package, tmp_path):
    (tmp_path / "copy.xlsx").symlink_to("copy.xlsx")
    annotate(package.path, [finding("A5")], tmp_path / "copy.xlsx")
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx").sheetnames[0] == "Kết quả kiểm tra"
