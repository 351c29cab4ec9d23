"""Household files typed in Excel: as many as are read, as many are broken or hostile and told by one sentence."""

import re
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

from giamngheo.intake.household_errors import UnreadableHouseholdFileError
from giamngheo.statistics.households.engine import frame, households, workspace

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
