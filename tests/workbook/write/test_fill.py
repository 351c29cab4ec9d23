"""Rows put into a workbook: known by their keys as the reader reads them, and nothing else in the file changes."""

import datetime as dt
import errno
import os
import re
import tracemalloc
import zipfile

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.core.lock import passing_lock
from giamngheo.workbook.change.parts import NotChangedError
from giamngheo.workbook.read.workbook import read_workbook, reading
from giamngheo.workbook.schema import table
from giamngheo.workbook.write import save
from giamngheo.workbook.write.annotate import annotate
from giamngheo.workbook.write.fill import Filled, NotFilledError, fill_workbook, remarks
from giamngheo.workbook.write.save import ChangedMeanwhileError, NotWrittenError
from giamngheo.workbook.write.template import write_workbook

DAY = dt.datetime(2022, 12, 31)  # noqa: DTZ001
NEW = {"unit_code": "991", "households": 5, "poor_households": 1, "near_poor_households": 0}


@pytest.fixture
def workbook(package):
    return package.path


@pytest.fixture
def ours(tmp_path):
    """The workbook as giamngheo new makes it."""
    form = {column.name: "x" for column in table("form").columns} | {"unit_code": "617"}
    units = [{"code": "617", "name": "Huyện", "level": "district"}]
    typed = {"date": DAY, "unit_code": "617", "households": 10, "poor_households": 3, "near_poor_households": 1}
    path = tmp_path / "ours/2023.xlsx"
    write_workbook(path, {"form": [form], "units": units, "reviews": [typed]}, year=2023)
    return path


def reviews(*rows):
    frame = pd.DataFrame(rows).assign(date=pd.Timestamp(DAY))
    return {"reviews": frame.astype({name: "Int64" for name in frame if name.endswith("households")})}


def read(path, name="reviews"):
    return read_workbook(path, "x", 2023)[name]


def found(path):
    """Code, severity and cell of what is to be said of a workbook."""
    return [(finding.code, finding.severity, finding.cell) for finding in reading(path, "x", 2023).findings]


def test_a_row_with_the_same_key_is_written_over_and_its_other_cells_stay(workbook):
    done = fill_workbook(workbook, reviews({"unit_code": "617", "households": 12, "poor_households": None}))
    row = read(workbook).iloc[0]
    assert done == (Filled("reviews", replaced=1, added=0),)
    assert (row["households"], row["poor_households"], row["note"]) == (12, 3, "ghi tay")


def test_a_new_row_goes_below_the_last(workbook):
    assert fill_workbook(workbook, reviews(NEW)) == (Filled("reviews", replaced=0, added=1),)
    assert read(workbook)[["row", "unit_code", "households"]].values.tolist() == [[5, "617", 10], [6, "991", 5]]
    assert found(workbook) == []


def test_an_empty_sheet_is_filled_below_its_header(workbook):
    flows = pd.DataFrame({"date": [pd.Timestamp(DAY)], "unit_code": ["617"], "opening_households": [9]})
    fill_workbook(workbook, {"poor_flows": flows})
    assert read(workbook, "poor_flows")["row"].tolist() == [5]


def test_the_workbook_before_stays_beside_and_formats_stay_in(ours):
    workbook = ours
    before = workbook.read_bytes()
    os.utime(workbook, (10**9, 10**9))
    workbook.chmod(0o600)
    fill_workbook(workbook, reviews({"unit_code": "617", "households": 12}))
    backup = workbook.with_suffix(".xlsx.bak")
    assert (backup.read_bytes(), backup.stat().st_mtime) == (before, 10**9)
    assert [path.stat().st_mode & 0o777 for path in (workbook, backup)] == [0o600, 0o600]
    sheet = openpyxl.load_workbook(workbook)["Rà soát"]
    assert sheet["C5"].number_format == "#,##0"
    assert sheet.freeze_panes == "A5"
    assert sheet.data_validations.dataValidation


def test_a_text_that_looks_like_a_formula_or_an_escape_stays_a_text(workbook):
    fill_workbook(workbook, reviews(NEW | {"unit_code": "=1+1", "note": "dòng_x000D_mới <b> & 'c'"}))
    sheet = openpyxl.load_workbook(workbook)["Rà soát"]
    assert (sheet["B6"].value, sheet["B6"].data_type) == ("=1+1", "s")
    assert "<t xml:space=\"preserve\">dòng_x005F_x000D_mới &lt;b&gt; &amp; 'c'</t>" in sheet_xml(workbook, "Rà soát")


def sheet_xml(path, title):
    book = openpyxl.load_workbook(path, read_only=True)
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xl/worksheets/sheet{book.sheetnames.index(title) + 1}.xml").decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"A5": "31/12/2022"},
        {"A5": "ngày 31 tháng 12 năm 2022"},
        {"B5": 617},
        {"B5": " 617 "},
        {"A5": DAY + dt.timedelta(hours=8)},
    ],
    ids=str,
)
def test_keys_are_compared_as_the_reader_reads_them(typed, package):
    package.cells("Rà soát", typed)
    assert fill_workbook(package.path, reviews(NEW | {"unit_code": "617"})) == (Filled("reviews", 1, 0),)
    assert read(package.path)[["unit_code", "households"]].values.tolist() == [["617", 5]]


def test_a_key_may_be_a_formula_and_stays_one(package):
    package.formula("Rà soát", "B5", "&quot;6&quot;&amp;17", "617")
    package.formula("Rà soát", "A5", "DATE(2022,12,31)", 44926)
    assert fill_workbook(package.path, reviews(NEW | {"unit_code": "617"})) == (Filled("reviews", 1, 0),)
    assert "<f>DATE(2022,12,31)</f><v>44926</v>" in package.sheet("Rà soát")
    assert read(package.path)["households"].tolist() == [5]


def test_two_rows_with_the_key_are_told_and_nothing_is_written(package):
    package.cells("Rà soát", {"A7": "31/12/2022", "B7": "617", "C7": 1, "F7": 1, "I7": 1})
    before = package.path.read_bytes()
    with pytest.raises(NotFilledError, match="trang 'Rà soát', dòng 5 và dòng 7: trùng Ngày chốt, Mã đơn vị; cần sửa"):
        fill_workbook(package.path, reviews(NEW | {"unit_code": "617"}))
    assert fill_workbook(package.path, reviews(NEW))[0].added == 1, "other rows have their place"
    assert package.path.with_suffix(".xlsx.bak").read_bytes() == before


@pytest.mark.parametrize(
    "below",
    [
        {"A6": "Cộng", "C6": "=SUM(C5:C5)"},
        {"C6": "=SUM(C5:C5)"},
        {"A7": "Người lập: (tên)"},
        {"A7": "Nguồn: Chi cục"},
    ],
    ids=str,
)
def test_what_stands_below_the_table_is_never_written_over(below, package):
    package.cells("Rà soát", below)
    before, row = package.path.read_bytes(), int(next(iter(below))[1:])
    two = reviews(NEW, NEW | {"unit_code": "992"})
    with pytest.raises(
        NotFilledError, match=f"trang 'Rà soát', dòng {row}: .* hãy chèn {8 - row} dòng trống phía trên"
    ):
        fill_workbook(package.path, two)
    assert package.path.read_bytes() == before
    assert list(package.path.parent.iterdir()) == [package.path]


def test_a_row_that_cannot_be_read_is_told(package):
    package.cells("Rà soát", {"K7": "GIÁM ĐỐC"})
    with pytest.raises(NotFilledError, match="ô A7: không đọc được; cần 'Ngày chốt', không được để trống"):
        fill_workbook(package.path, reviews(NEW))


def test_what_has_no_place_is_told_instead_of_passed_over(package):
    package.cells("Rà soát", {"G4": "Số khẩu"})
    before = package.path.read_bytes()
    package.cells("Rà soát", {"A4": "Hôm"})
    with pytest.raises(NotFilledError, match="không có cột 'Ngày chốt'"):
        fill_workbook(package.path, reviews(NEW))
    package.change("xl/workbook.xml", ("Rà soát", "Trang khác"))
    with pytest.raises(NotFilledError, match=r"2023\.xlsx, không có trang 'Rà soát'"):
        fill_workbook(package.path, reviews(NEW))
    package.path.write_bytes(before)
    (done,) = fill_workbook(package.path, reviews(NEW | {"poor_persons": 4}))
    assert list(remarks([done])) == ["trang 'Rà soát': không có cột 'Khẩu nghèo', số của cột ấy không được ghi."]


def test_merged_cells_below_the_table_are_no_place_for_a_row(package):
    package.change_sheet("Rà soát", ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A6:C7"/></mergeCells>'))
    with pytest.raises(NotFilledError, match="dòng 6: bên dưới bảng đã có nội dung"):
        fill_workbook(package.path, reviews(NEW))


def test_free_rows_above_a_total_are_filled_and_the_total_is_calculated_anew(package):
    package.cells("Rà soát", {"A8": "Cộng", "C8": 0})
    package.formula("Rà soát", "C8", "SUM(C5:C7)", 10)
    assert fill_workbook(package.path, reviews(NEW)) == (Filled("reviews", 0, 1),)
    assert re.search(r'<c r="C8"[^>]*><f>SUM\(C5:C7\)</f></c>', package.sheet("Rà soát"))
    assert read(package.path)["unit_code"].tolist() == ["617", "991"]
    assert 'calcId="0"' in package.parts()["xl/workbook.xml"].decode()


PLAN = {"A5": DAY, "B5": 2023, "C5": "617", "E5": 24, "F5": 1, "G5": 1}
KEPT = ("12+12", "F5+23", "'Rà soát'!D5+24", "SUM('Rà soát'!D:XFD)", "[1]Sheet1!C5", '"C5"', "NGOÀI")
LOST = (
    *(
        "'Rà soát'!C5*2",
        "SUM('Rà soát'!C:C)",
        "SUM('Rà soát'!4:6)",
        "'rà soát'!$C$5",
        "TỔNG",
        "A2",
        "A3+1",
        "Bang1[Cột]",
    ),
    *(
        "INDIRECT(&quot;x&quot;)",
        "OFFSET(A1,1,1)",
        "SUM('Đơn vị:Vốn giao'!C5)",
        "LẠ!A1",
        "SUM(F5:INDEX(F:F,5))",
        "B1[C]",
    ),
)


def test_a_stored_result_is_kept_as_long_as_it_holds(package):
    places = {formula: f"T{row}" for row, formula in enumerate((*KEPT, *LOST), start=5)}
    package.cells("Kế hoạch", dict.fromkeys([*places.values(), "A2", "A3"], 0))
    for formula, place in [*places.items(), ("A2", "A3"), ("'Rà soát'!C5", "A2")]:
        package.formula("Kế hoạch", place, formula, 24)
    names = {"TỔNG": "SUM('Rà soát'!$C$5:$C$9)", "NGOÀI": "'Rà soát'!$D$5", "DỜI": "'Rà soát'!D5"}
    declared = "".join(f'<definedName name="{name}">{text}</definedName>' for name, text in names.items())
    package.change("xl/workbook.xml", ("<calcPr", f"<definedNames>{declared}</definedNames><calcPr"))

    fill_workbook(package.path, reviews({"unit_code": "617", "households": 12}))

    xml = package.sheet("Kế hoạch")
    kept = {formula for formula, place in places.items() if re.search(rf'<c r="{place}"[^>]*><f>[^<]*</f><v>24', xml)}
    assert kept == set(KEPT)


def test_sheets_whose_names_differ_by_a_space_are_two(package):
    package.change("xl/workbook.xml", ('name="Văn bản"', 'name="Rà  soát"'))
    part = f"xl/worksheets/sheet{openpyxl.load_workbook(package.path).sheetnames.index('Rà  soát') + 1}.xml"
    filler = "".join(f'<row r="{row}"><c r="A{row}"><f>1+1</f><v>2</v></c></row>' for row in range(5, 9))
    package.change(part, ("<row.*</row>", filler))
    before = package.parts()[part]
    with pytest.raises(InvalidWorkbookError):
        read(package.path)
    assert fill_workbook(package.path, reviews(NEW)) == (Filled("reviews", 0, 1),)
    assert package.parts()[part] == before


def test_a_formula_that_the_reader_needs_is_told_when_it_is_outdated(package):
    package.cells("Kế hoạch", PLAN)
    package.formula("Kế hoạch", "E5", "'Rà soát'!C5", 10)
    package.formula("Kế hoạch", "F5", "1+0", 1)
    done = fill_workbook(package.path, reviews({"unit_code": "617", "households": 12}))
    assert done == (Filled("reviews", 1, 0), Filled("plans", 0, 0, outdated=("E5",)))
    assert list(remarks(done)) == [
        "trang 'Kế hoạch': công thức ở ô E5 lấy số từ ô vừa ghi, chưa được tính lại; "
        "mở sổ bằng Excel, lưu lại rồi mới lập báo cáo."
    ]
    assert [place for place in found(package.path) if place[1] == "error"] == [("uncalculated-formula", "error", "E5")]


def test_a_formula_written_over_is_told_and_its_group_stands_on_its_own(package):
    package.cells(
        "Rà soát", {f"{c}{r}": 1 for c in "CFI" for r in (6, 7)} | {"A6": DAY, "A7": DAY, "B6": 991, "B7": 992}
    )
    package.formula("Rà soát", "C5", "F5+1", 4, ' t="shared" ref="C5:C7" si="0"')
    package.formula("Rà soát", "C6", "", 2, ' t="shared" si="0"')
    package.formula("Rà soát", "C7", "", 2, ' t="shared" si="0"')

    (done, *_) = fill_workbook(package.path, reviews({"unit_code": "617", "households": 12}))

    assert done == Filled("reviews", 1, 0, overwritten=("C5",))
    assert list(remarks([done])) == ["trang 'Rà soát': số được ghi thay cho công thức ở ô C5."]
    assert "<f>F6+1</f><v>2</v>" in package.sheet("Rà soát")
    assert read(package.path)["households"].tolist() == [12, 2, 2]


def test_formulas_that_are_shifts_of_another_are_judged_each_by_what_it_reads(package):
    package.cells("Kế hoạch", PLAN)
    package.formula("Kế hoạch", "E5", "'Rà soát'!D5", 24, ' t="shared" ref="E5:F5" si="0"')
    package.formula("Kế hoạch", "F5", "", 1, ' t="shared" si="0"')
    done = fill_workbook(package.path, reviews({"unit_code": "617", "ethnic_minority_households": 9}))
    assert [filled.outdated for filled in done] == [(), ("F5",)]


def test_a_formula_of_several_cells_that_would_change_is_refused(package):
    package.cells("Kế hoạch", PLAN)
    package.formula("Kế hoạch", "E5", "'Rà soát'!C5:D5", 24, ' t="array" ref="E5:F5"')
    with pytest.raises(NotFilledError, match="trang 'Kế hoạch', ô E5: công thức mảng của nhiều ô"):
        fill_workbook(package.path, reviews({"unit_code": "617", "households": 12}))


def test_results_of_0_still_count_as_calculated_afterwards(package):
    package.change("xl/workbook.xml", ("<calcPr[^>]*/>", '<calcPr calcId="191029"/>'))
    package.cells("Kế hoạch", PLAN)
    package.formula("Kế hoạch", "E5", "1-1", 0)
    package.change("xl/workbook.xml", ("<calcPr[^>]*/>", '<calcPr calcId="191029"/>'))
    fill_workbook(package.path, reviews(NEW))
    assert '<calcPr calcId="0"/>' in package.parts()["xl/workbook.xml"].decode()
    assert read(package.path, "plans")["expected_households"].tolist() == [0]


def test_every_other_part_and_row_stays_byte_for_byte(package):
    package.put(**{"xl/media/ảnh.emf": bytes(range(256)), "customXml/item1.xml": b"<a><!-- x --></a>"})
    tail = '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:y xmlns:x14="u"/></ext></extLst></worksheet>'
    package.change_sheet("Rà soát", ("</worksheet>", tail), ('<row r="4"', '<row a:z="1" xmlns:a="b" r="4"'))
    before, part = package.parts(), package.part_of("Rà soát")

    fill_workbook(package.path, reviews(NEW))

    after = package.parts()
    changed = {name for name in before if before[name] != after[name]}
    assert set(after) == set(before)
    assert changed <= {part, "xl/workbook.xml"}
    row = re.compile(rb'<row r="6".*?</row>')
    size = re.compile(rb"<dimension[^>]*/>")
    assert size.sub(b"", row.sub(b"", after[part])) == size.sub(b"", row.sub(b"", before[part]))


def test_nothing_is_written_where_nothing_is_new(package):
    before = package.path.read_bytes()
    again = {"unit_code": "617", "households": 10, "poor_households": 3}
    assert fill_workbook(package.path, reviews(again)) == (Filled("reviews", 0, 0),)
    assert package.path.read_bytes() == before
    assert list(package.path.parent.iterdir()) == [package.path]


def test_a_row_below_those_that_are_drawn_looks_like_the_one_above(ours, opened_package):
    package = opened_package(ours)
    xml = package.sheet("Rà soát")
    bare = re.sub(r'<row r="(?!5")[0-9]+".*?</row>', lambda row: row[0] if row[0] < '<row r="5"' else "", xml)
    package.put(**{package.part_of("Rà soát"): bare.encode()})
    fill_workbook(package.path, reviews(NEW))
    sheet = openpyxl.load_workbook(package.path)["Rà soát"]
    assert [sheet[f"{c}6"].number_format for c in "ABC"] == [sheet[f"{c}5"].number_format for c in "ABC"]
    assert read(package.path)["date"].tolist() == [DAY, DAY]


@pytest.mark.parametrize("styles", ["", "<cellXfs><xf/></cellXfs>", "<x:cellXfs><x:xf/></x:cellXfs>"])
def test_a_date_is_one_where_no_format_says_so(styles, package):
    root = "x:styleSheet" if "x:" in styles else "styleSheet"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    declared = f'<{root} xmlns{":x" if "x:" in styles else ""}="{space}">{styles}</{root}>'
    package.cells("Rà soát", {"A5": "31/12/2022"})
    for title in openpyxl.load_workbook(package.path, read_only=True).sheetnames:
        package.put(**{package.part_of(title): re.sub(r' (s|style)="[0-9]+"', "", package.sheet(title)).encode()})
    package.put(**{"xl/styles.xml": declared.encode()})
    fill_workbook(package.path, reviews(NEW))
    assert read(package.path)["date"].tolist() == [DAY, DAY]


def test_days_are_counted_from_1904_where_the_workbook_does(package):
    package.cells("Rà soát", {"A5": "31/12/2022"})
    package.change("xl/workbook.xml", ("<workbookPr(?=[ /])", '<workbookPr date1904="1"'))
    fill_workbook(package.path, reviews(NEW))
    assert read(package.path)["date"].tolist() == [DAY, DAY]


def test_tags_with_a_prefix_are_written_with_it(package):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package.change_sheet("Rà soát", (r"<(/?)(?=[a-zA-Z])", r"<\1x:"), (f'xmlns="{space}"', f'xmlns:x="{space}"'))
    fill_workbook(package.path, reviews(NEW, NEW | {"unit_code": "617", "note": "y"}))
    assert read(package.path)[["unit_code", "note"]].values.tolist() == [["617", "y"], ["991", ""]]


def test_a_table_of_excels_own_reaches_to_the_new_row(package):
    book = openpyxl.load_workbook(package.path)
    book["Rà soát"].auto_filter.ref = None
    book["Rà soát"].add_table(Table(displayName="Bang", ref="A4:P5"))
    book.save(package.path)
    fill_workbook(package.path, reviews(NEW, NEW | {"unit_code": "992"}))
    assert openpyxl.load_workbook(package.path)["Rà soát"].tables["Bang"].ref == "A4:P7"


def test_a_row_that_a_filter_hid_is_shown_when_it_is_filled(package):
    package.change_sheet("Rà soát", ("</sheetData>", '<row r="6" hidden="1"/></sheetData>'))
    fill_workbook(package.path, reviews(NEW))
    assert found(package.path) == []


def test_rows_and_cells_that_do_not_say_their_place_are_counted(package):
    package.formula("Rà soát", "C5", "5+5", 10)
    package.change_sheet("Rà soát", ('<row r="[0-9]+"', "<row"), ('<c r="[ABC][0-9]+"', "<c"))
    package.change_sheet("Rà soát", ("<sheetData>", "<sheetData><row/><row/>"))  # the headings stand in the fourth row
    fill_workbook(package.path, reviews(NEW, NEW | {"unit_code": "617"}))
    assert read(package.path)[["unit_code", "households"]].values.tolist() == [["617", 5], ["991", 5]]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ('<c r="A5"', '<c r="a5"'),
        ('<row r="4"', '<row r="6"'),
    ],
)
def test_a_sheet_not_written_as_excel_does_is_refused_in_a_sentence(pattern, words, package):
    package.change_sheet("Rà soát", (pattern, words))
    before = package.path.read_bytes()
    with pytest.raises(Exception, match="mở sổ bằng Excel") as raised:
        fill_workbook(package.path, reviews(NEW | {"unit_code": "617"}, NEW))
    assert "\n" not in str(raised.value)
    assert package.path.read_bytes() == before


def test_a_signed_workbook_is_not_changed(package):
    package.put(**{"_xmlsignatures/sig1.xml": b"<Signature/>"})
    with pytest.raises(NotChangedError, match="sửa thì mất chữ ký số"):
        fill_workbook(package.path, reviews(NEW))


def test_a_merged_column_takes_no_memory(package):
    package.change_sheet("Hướng dẫn", ("</mergeCells>", '<mergeCell ref="K40:N1048576"/></mergeCells>'))
    tracemalloc.start()
    fill_workbook(package.path, reviews(NEW))
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_a_link_is_written_through(package, tmp_path):
    link = tmp_path / "link" / "2023.xlsx"
    link.parent.mkdir()
    link.symlink_to(package.path)
    fill_workbook(link, reviews(NEW))
    assert link.is_symlink()
    assert len(read(package.path)) == 2
    assert link.with_suffix(".xlsx.bak").is_file()


def test_on_a_full_disk_everything_is_as_it_was(package, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = package.path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWrittenError, match=r"Không ghi được .*2023\.xlsx\.bak: đĩa đầy"):
        fill_workbook(package.path, reviews(NEW))
    assert package.path.read_bytes() == before
    assert list(package.path.parent.iterdir()) == [package.path]


def test_what_somebody_saves_in_the_meantime_is_not_lost(package, monkeypatch):
    def saved_elsewhere(*_):
        package.path.write_bytes(b"saved")
        return ()

    monkeypatch.setattr("giamngheo.workbook.write.fill.extend_tables", saved_elsewhere)
    with pytest.raises(ChangedMeanwhileError):
        fill_workbook(package.path, reviews(NEW))
    assert package.path.read_bytes() == b"saved"


def test_of_two_who_write_at_once_one_is_told(package, monkeypatch):
    """The second begins and ends when the first knows what to write and does not hold the lock yet."""
    before = package.path.read_bytes()

    def second_meanwhile(path):
        monkeypatch.setattr(save, "passing_lock", passing_lock)
        fill_workbook(package.path, reviews({**NEW, "households": 9}))
        return passing_lock(path)

    monkeypatch.setattr(save, "passing_lock", second_meanwhile)
    with pytest.raises(ChangedMeanwhileError):
        fill_workbook(package.path, reviews(NEW))
    assert read(package.path)["households"].tolist()[-1] == 9
    (kept,) = (path for path in package.path.parent.iterdir() if path != package.path)
    assert (kept.name, kept.read_bytes()) == ("2023.xlsx.bak", before)


def test_capitals_in_the_names_of_parts_do_not_count(package):
    book = openpyxl.load_workbook(package.path)
    book["Rà soát"]["A1"].comment = Comment("giữ", "A")
    book.save(package.path)
    part = package.part_of("Rà soát")
    name = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    parts = {other.replace("/_rels/sheet", "/_Rels/Sheet"): content for other, content in package.parts().items()}
    assert name not in parts
    with zipfile.ZipFile(package.path, "w") as archive:
        for other, content in parts.items():
            archive.writestr(other, content)
    fill_workbook(package.path, reviews(NEW))
    annotate(package.path, [], package.path.with_name("copy.xlsx"))
    assert len(read(package.path)) == 2
    assert set(package.parts()) == set(parts)


def test_whole_rows_may_be_merged(package):
    package.change_sheet("Rà soát", ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="9:9"/></mergeCells>'))
    assert found(package.path) == []
    fill_workbook(package.path, reviews(NEW))
    assert found(package.path) == []
    package.change_sheet("Rà soát", ('ref="9:9"', 'ref="6:6"'))
    assert found(package.path)[0] == ("merged-cells", "error", "A6")


def test_what_looks_like_an_escape_is_read_as_it_was_written(package, ours):
    words = "dòng_x000D_mới"
    fill_workbook(package.path, reviews(NEW | {"note": words}))
    assert read(package.path)["note"].tolist() == ["ghi tay", words]
    write_workbook(ours, {"solutions": [{"position": 1, "text": words}]}, year=2023)
    assert reading(ours, "x", 2023).dataset["solutions"]["text"].tolist() == [words]
