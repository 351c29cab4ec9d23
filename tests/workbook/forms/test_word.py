import zipfile

import pytest

from giamngheo.workbook.forms.figures import Answers
from giamngheo.workbook.forms.plan import plan
from giamngheo.workbook.forms.tables import UnreadableFormError, tables_of


@pytest.mark.parametrize(
    ("looks", "read"),
    [
        ('<w:vertAlign w:val="superscript"/>', "60¹"),
        ('<w:vertAlign w:val="subscript"/>', "60¹"),
        ("<w:strike/>", "60~1~"),
        ("<w:dstrike/>", "60~1~"),
        ("<w:vanish/>", "60~1~"),
        ('<w:position w:val="8"/>', "60~1~"),
    ],
)
def test_what_is_raised_or_struck_through_in_a_document_is_no_digit(document, looks, read, tmp_path, workbook):
    row = [("1", ""), ("Xã Mỹ Lý", ""), ("1.200", ""), (f"60</w:t></w:r><w:r><w:rPr>{looks}</w:rPr><w:t>1", "")]
    heads = [(words, "") for words in ("TT", "Đơn vị", "Tổng số hộ", "Hộ nghèo")]
    document(tmp_path / "bieu.docx", "KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023", [heads, row])
    tables = tables_of(tmp_path / "bieu.docx")
    assert tables[0].rows[-1][-1].strip() == read
    (error,) = plan([tables], workbook, Answers(), replace=False).errors
    assert read in error


MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ('</w:t></w:r><w:fldSimple w:instr="=SUM(ABOVE)"><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t>', "601"),
        (f"</w:t></w:r><m:oMath {MATH}><m:r><m:t>1</m:t></m:r></m:oMath><w:r><w:t>", "60□"),
        (
            "</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>1</w:t></w:r></w:p></w:txbxContent></w:pict><w:t>",
            "60□",
        ),
        ("</w:t><w:tab/><w:t>123", "60\n123"),
    ],
)
def test_what_pandoc_passes_over_is_read_or_told(document, inside, read, tmp_path):
    document(tmp_path / "bieu.docx", "Biểu", [[("Xã Mỹ Lý", ""), (f"60{inside}", "")]])
    assert tables_of(tmp_path / "bieu.docx")[0].value(2, 2).strip() == read


def test_cells_that_a_row_leaves_out_at_its_beginning_shift_no_figure(document, tmp_path):
    document(tmp_path / "bieu.docx", "Biểu", [[(word, "") for word in row] for row in ("abc", "xy")])
    with zipfile.ZipFile(tmp_path / "bieu.docx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "bieu.docx", "w") as archive:
        for name, part in parts.items():
            before, row, cells = part.rpartition("<w:tr>")
            left_out = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' if row else ""
            archive.writestr(name, before + row + left_out + cells)
    assert [str(cell or "").strip() for cell in tables_of(tmp_path / "bieu.docx")[0].rows[-1]] == ["", "x", "y"]


@pytest.mark.parametrize("hostile", ['<!DOCTYPE x [<!ENTITY a "aaaa">]>', " " * 5_000 + "<!DOCTYPE x>"])
def test_a_document_with_entities_is_refused_wherever_they_are_declared(hostile, document, tmp_path):
    document(tmp_path / "bieu.docx", "Biểu", [[("x", "")]])
    with zipfile.ZipFile(tmp_path / "bieu.docx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "bieu.docx", "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, f'<?xml version="1.0"?>{hostile}{part}' if "document" in name else part)
    with pytest.raises(UnreadableFormError, match="không phải văn bản Word"):
        tables_of(tmp_path / "bieu.docx")
