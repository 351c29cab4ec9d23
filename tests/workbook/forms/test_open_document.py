"""OpenDocument spreadsheets: a cell says what is seen in it."""

import zipfile

import pytest

from giamngheo.core.errors import GiamngheoError
from giamngheo.workbook.forms.tables import tables_of

SPACES = "urn:oasis:names:tc:opendocument:xmlns"
LOOKS = {
    "raised": 'style:text-position="super 58%"',
    "lowered": 'style:text-position="-33% 58%"',
    "struck": 'style:text-line-through-type="single"',
    "plain": 'style:text-position="0% 100%" style:text-line-through-type="none"',
}


def saved(path, cells, document_type=""):
    """Saves a column of cells, each typed as text with the elements given; beside each stands the number 12."""
    spaces = " ".join(f'xmlns:{name}="{SPACES}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    styles = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {look}/></style:style>'
        for name, look in LOOKS.items()
    )
    number = '<table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell>'
    rows = "".join(
        "<table:table-row>"
        f'<table:table-cell office:value-type="string">{cell}</table:table-cell>{number}'
        "</table:table-row>"
        for cell in cells
    )
    content = (
        f"{document_type}<office:document-content {spaces}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Biểu">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{SPACES}:manifest:1.0"/>')
        archive.writestr("content.xml", content)


def span(look, words):
    return f'<text:span text:style-name="{look}">{words}</text:span>'


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("<text:p>1</text:p><text:p>5</text:p>", "1\n5"),
        ("<text:p>1<text:line-break/>5</text:p>", "1\n5"),
        ("<text:p>1<text:tab/>5</text:p>", "1\t5"),
        (f"<text:p>5{span('raised', '1')}</text:p>", "5¹"),
        (f"<text:p>5{span('lowered', '1')}</text:p>", "5¹"),
        (f"<text:p>{span('struck', '1')}5</text:p>", "~1~5"),
        (f"<text:p>{span('struck', span('plain', '1'))}5</text:p>", "~1~5"),
        (f"<text:p>5{span('plain', '1')}{span('unknown', '2')}</text:p>", "512"),
        ("<text:p>5<text:note><text:note-citation>1</text:note-citation></text:note></text:p>", "5"),
        ("<office:annotation><text:p>9</text:p></office:annotation><text:p>5</text:p>", "5"),
        (
            "<text:p><text:ruby><text:ruby-base>5</text:ruby-base><text:ruby-text>1</text:ruby-text></text:ruby></text:p>",
            "5",
        ),
        (
            "<table:table><table:table-row><table:table-cell><text:p>3</text:p></table:table-cell></table:table-row>"
            "</table:table><text:p>8</text:p>",
            "8",
        ),
        ("<text:p>Hộ &amp; khẩu &lt;5&gt;</text:p>", "Hộ & khẩu <5>"),
    ],
)
def test_digits_that_are_seen_apart_are_no_number(tmp_path, cell, seen):
    saved(tmp_path / "bieu.ods", [cell, "<text:p>Đơn vị</text:p>"])
    (table,) = tables_of(tmp_path / "bieu.ods")
    assert [list(row) for row in table.rows] == [[seen, 12], ["Đơn vị", 12]]


def test_a_cell_that_is_struck_through_holds_no_number(tmp_path):
    number = 'table:style-name="struck" office:value-type="float" office:value="7"'
    cell = f"<text:p>x</text:p></table:table-cell><table:table-cell {number}><text:p>7</text:p>"
    saved(tmp_path / "bieu.ods", [cell, f"<text:p>{span('struck', 'Xã')}</text:p>"])
    (table,) = tables_of(tmp_path / "bieu.ods")
    assert [list(row) for row in table.rows] == [["x", "~7~", 12], ["~Xã~", 12, None]]


@pytest.mark.parametrize(
    ("formula", "seen"),
    [
        ('table:formula="of:=90+10"', "=90+10"),
        ('table:formula="=90+10"', "=90+10"),
        ('table:formula="of:=90+10" office:value-type="float" office:value="100"', 100),
        ('table:formula="of:=&quot;&quot;" office:value-type="string"', None),
    ],
)
def test_a_formula_without_a_result_is_no_blank(tmp_path, formula, seen):
    saved(tmp_path / "bieu.ods", [f"<text:p>x</text:p></table:table-cell><table:table-cell {formula}>"])
    (table,) = tables_of(tmp_path / "bieu.ods")
    assert [list(row) for row in table.rows] == [["x", seen, 12]]


def test_entities_are_refused(tmp_path):
    saved(tmp_path / "bieu.ods", ["<text:p>&a;</text:p>"], '<!DOCTYPE x [<!ENTITY a "aaaa">]>')
    with pytest.raises(GiamngheoError, match="cần bản nguyên vẹn"):
        tables_of(tmp_path / "bieu.ods")
