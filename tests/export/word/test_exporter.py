import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import pytest

from giamngheo.export.document import document
from giamngheo.export.word.exporter import docx
from giamngheo.export.word.finish import finished_document
from giamngheo.export.word.reference import LANDSCAPE_WIDTH, TEXT_WIDTH
from giamngheo.export.word.styles import STYLES, W
from giamngheo.report.elements import Prose

NAMES = {"w": W, "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ET.fromstring(archive.read(name))


def value(element, path, attribute="val"):
    found = element.find(path, NAMES)
    return None if found is None else found.get(f"{{{W}}}{attribute}")


def paragraphs(body):
    """Style and text of each paragraph."""
    return [
        (value(p, "w:pPr/w:pStyle"), "".join(t.text or "" for t in p.iterfind(".//w:t", NAMES)))
        for p in body.iterfind(".//w:p", NAMES)
    ]


@pytest.fixture
def written(report):
    return docx(document(report))


@pytest.fixture
def body(written):
    return part(written, "word/document.xml")


def test_text_reads_as_it_was_written(body):
    text = " ".join(text for _, text in paragraphs(body))
    for phrase in ("41,06%", "4.569,482", "71.972", "765/UBND-LĐT&XH", "Nguyễn Thuận Hóa"):
        assert phrase in text


def test_every_paragraph_has_a_named_style(written, body):
    defined = {style.get(f"{{{W}}}styleId") for style in part(written, "word/styles.xml").iterfind("w:style", NAMES)}
    used = [style for style, _ in paragraphs(body)]
    assert used.count(None) == 1  # the break before the annex
    assert set(used) - {None} <= defined
    assert {value(table, "w:tblPr/w:tblStyle") for table in body.iterfind(".//w:tbl", NAMES)} == {
        "Table",
        "LayoutTable",
    }


def test_letterhead_and_signature_have_their_styles(body):
    styled = {style: text for style, text in paragraphs(body) if text.strip()}
    assert styled["Nation"] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert styled["Title"] == "BÁO CÁO"
    assert styled["Subtitle"].startswith("Kết quả thực hiện")
    assert styled["Signatory"] == "Nguyễn Thuận Hóa"
    assert styled["Recipient"] == "- Lưu: VT."


def test_headings_are_headings_of_word(body):
    headings = [(style, text) for style, text in paragraphs(body) if style and style.startswith("Heading")]
    assert headings[:5] == [
        ("Heading1", "I. Tình hình chỉ đạo, điều hành"),
        ("Heading1", "II. Kết quả thực hiện"),
        ("Heading2", "1. Kết quả rà soát hộ nghèo, hộ cận nghèo"),
        ("Heading3", "a) Hộ nghèo"),
        ("Heading3", "b) Hộ cận nghèo"),
    ]


def test_lists_are_lists_of_word_with_official_signs(written, body):
    items = [p for p in body.iterfind(".//w:p", NAMES) if p.find("w:pPr/w:numPr", NAMES) is not None]
    assert [value(item, "w:pPr/w:numPr/w:ilvl") for item in items[:4]] == ["0", "0", "1", "1"]
    level = part(written, "word/numbering.xml").find("w:abstractNum", NAMES)
    signs = [value(found, "w:lvlText") for found in level.iterfind("w:lvl", NAMES)]
    assert signs[:3] == ["-", "+", "-"]


def test_tables_repeat_their_header_and_fill_the_text(body):
    tables = body.findall(".//w:tbl", NAMES)
    data = [table for table in tables if value(table, "w:tblPr/w:tblStyle") == "Table"]
    assert [sum(1 for _ in table.iterfind(".//w:tblHeader", NAMES)) for table in data] == [3, 2]
    for table in tables:
        widths = [int(column.get(f"{{{W}}}w")) for column in table.iterfind("w:tblGrid/w:gridCol", NAMES)]
        assert sum(widths) == pytest.approx(TEXT_WIDTH, abs=len(widths))
    assert all(len(row.findall("w:trPr", NAMES)) == 1 for row in body.iterfind(".//w:tr", NAMES))


@pytest.mark.parametrize(
    ("follower", "kept"),
    [("TableCaption", False), ("CaptionedFigure", False), ("Heading1", False), ("TableNote", True), ("BodyText", True)],
)
def test_a_short_table_stays_whole_but_draws_no_heading_table_or_figure_after_it(follower, kept):
    row = '<w:tr><w:tc><w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr></w:p></w:tc></w:tr>'
    after = f'<w:p><w:pPr><w:pStyle w:val="{follower}"/></w:pPr></w:p>'
    table = f"<w:tbl><w:tblGrid/>{row * 3}</w:tbl>"
    document = f'<w:document xmlns:w="{W}"><w:body>{table}{after}</w:body></w:document>'
    rows = ET.fromstring(finished_document(document.encode())).findall(".//w:tr", NAMES)
    assert [row.find(".//w:keepNext", NAMES) is not None for row in rows] == [True, True, kept]


def test_numbers_of_a_table_stand_at_the_right(body):
    styles = {style for style, text in paragraphs(body) if re.fullmatch(r"[\d.,]+%?", text) and style}
    assert styles <= {"TableNumber9", "TableNumber10", "TableCode9"}
    assert next(style for style in STYLES if style.key == "TableNumber").align == "right"


def test_figures_have_alternative_text_and_captions(body):
    described = [drawing.get("descr") for drawing in body.iterfind(".//wp:docPr", NAMES)]
    assert described == [
        "Biểu đồ cột: 52.11, 41.06, 32.58",
        "Biểu đồ cột: 64.5, 15.1, 8.1, 5.5",
        "Biểu đồ cột: 9.84, 41.3, 95",
    ]
    assert ("ImageCaption", "Hình 1. Tỷ lệ hộ nghèo, hộ cận nghèo") in paragraphs(body)
    assert [text[:7] for style, text in paragraphs(body) if style == "TableCaption"] == ["Bảng 1.", "Bảng 2."]


def test_pictures_are_not_written_out_in_the_text(written):
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert b"base64" not in archive.read("word/document.xml")


def test_page_is_a4_with_the_margins_of_the_decree(body):
    section = body.find(".//w:sectPr", NAMES)
    assert (value(section, "w:pgSz", "w"), value(section, "w:pgSz", "h")) == ("11906", "16838")
    margins = [round(int(value(section, "w:pgMar", side)) / 56.7) for side in ("top", "right", "bottom", "left")]
    assert margins == [20, 15, 20, 30]
    assert section.find("w:titlePg", NAMES) is not None


@pytest.mark.parametrize("is_last", [False, True])
def test_a_form_has_a_section_of_pages_that_lie_on_their_side(is_last, executed, letterhead, a_form):
    after = () if is_last else (Prose("Cuối."),)
    body = part(docx(document(executed(letterhead, Prose("Lời văn."), a_form, *after))), "word/document.xml")
    sections = body.findall(".//w:sectPr", NAMES)
    sizes = [(value(one, "w:pgSz", "w"), value(one, "w:pgSz", "orient")) for one in sections]
    lying, upright = ("16838", "landscape"), ("11906", None)
    assert sizes == [upright, lying] + ([] if is_last else [upright])
    assert [one.find("w:titlePg", NAMES) is not None for one in sections] == [True] + [False] * len(sections[1:])
    assert {len(one.findall("w:headerReference", NAMES)) for one in sections} == {2}
    tables = body.findall(".//w:tbl", NAMES)
    widths = [
        sum(int(grid.get(f"{{{W}}}w")) for grid in table.iterfind("w:tblGrid/w:gridCol", NAMES)) for table in tables
    ]
    assert widths[-1] == pytest.approx(LANDSCAPE_WIDTH, abs=3)
    assert widths[0] == pytest.approx(TEXT_WIDTH, abs=3)


def test_number_of_the_page_stands_in_the_head_but_of_the_first(written):
    assert " PAGE " in ET.tostring(part(written, "word/header1.xml"), encoding="unicode")
    assert " PAGE " not in ET.tostring(part(written, "word/header2.xml"), encoding="unicode")


def test_marking_stands_at_head_and_foot_of_every_page(report):
    written = docx(replace(document(report), running_head="GIẢ <LẬP>"))
    for name in ("header1", "header2", "footer1", "footer2"):
        assert "GIẢ <LẬP>" in [text for _, text in paragraphs(part(written, f"word/{name}.xml"))]


def test_styles_are_vietnamese_times_new_roman(written):
    defaults = part(written, "word/styles.xml").find("w:docDefaults/w:rPrDefault/w:rPr", NAMES)
    assert value(defaults, "w:rFonts", "ascii") == "Times New Roman"
    assert value(defaults, "w:lang") == "vi-VN"


def test_core_properties_are_those_of_the_report(written):
    text = ET.tostring(part(written, "docProps/core.xml"), encoding="unicode")
    assert "Báo cáo: Kết quả thực hiện" in text
    assert text.count("2023-08-31T00:00:00Z") == 2
