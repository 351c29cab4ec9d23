"""Whatever people type into a cell comes out of every format as they typed it, and does nothing."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.export.document import Document, document
from giamngheo.export.html import html
from giamngheo.export.pdf import pdf
from giamngheo.export.word.exporter import docx
from giamngheo.export.xlsx import xlsx
from giamngheo.report.elements import Closing, Column, DataTable, Figure, Letterhead, Prose
from giamngheo.report.markup import escape_markdown, one_line

HOSTILE = (
    "</td><script>alert(1)</script>",
    "</style></title></svg>",
    '#import "x": *',
    "#{panic()}",
    "*a* _b_ `c` ~~d~~",
    "[x](javascript:alert)",
    "![x](/etc/passwd)",
    "<https://example.vn/>",
    "=cmd|' /C calc'!A0",
    "]",
    "}))",
    "$x$ \\ \\n \\u{41}",
    "a \" b ' c",
    "- x",
    "1. x",
    "# x",
    "|a|b|",
    "&lt;b&gt; &amp;",
    "a -- b --- c...",
    "@ref <label> // /* x */",
    "{{ x }} {% y %}",
    "%41 ${x} <!-- x --> <?x?> ]]>",
    "\u202eRTL\u202c",
    "Đăk Rơ Ông",
)

TEXTS = st.text(st.characters(), max_size=30) | st.text(
    st.sampled_from("*_`[]()<>#+-.!|\\&;:~$\"'={}@/%\n\t 1a"), max_size=30
)


def report_of(executed, texts) -> Document:
    """A report that shows each of the texts wherever a text can stand."""
    first, *_ = texts
    frame = pd.DataFrame({"a": list(texts)})
    return document(
        executed(
            Letterhead(
                parent_body=first,
                issuing_body=first,
                symbol=first,
                place=first,
                year=2023,
                month=8,
                title=first,
                subject=first,
                addressee=first,
                bases=(first,),
                marking=first,
            ),
            Prose("\n\n".join(f"x {escape_markdown(text)} y" for text in texts)),
            Prose("\n".join(f"- x{escape_markdown(text)}y" for text in texts)),
            DataTable(frame, (Column("a", (first, first)), Column("a", (first, "b"))), first, note=first),
            Figure("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", first, first),
            Closing((first,), first, first),
        )
    )


class Texts(HTMLParser):
    """Collects the text of a page and the names of its tags."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.tags, self.attributes = [], set(), set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_data(self, data):
        self.texts.append(data)


ATTRIBUTES = {
    "alt", "aria-hidden", "aria-label", "charset", "class", "colspan", "content", "http-equiv", "lang", "name", "role",
    "rowspan", "scope", "src", "style", "tabindex",
}  # fmt: skip


def assert_harmless_html(made, texts):
    page = Texts(html(made).rpartition("<script>")[0])  # without the script of ours, which is the last
    assert not page.tags & {"script", "a", "b", "svg", "code", "del"}
    assert page.attributes <= ATTRIBUTES
    shown = "\n".join(page.texts)
    assert all(f"x {one_line(text)} y" in shown for text in texts)


@pytest.mark.parametrize("first", range(len(HOSTILE)))
def test_html_shows_what_was_typed(executed, first):
    texts = (*HOSTILE[first:], *HOSTILE[:first])
    assert_harmless_html(report_of(executed, texts), texts)


def test_pdf_shows_what_was_typed(executed):
    for first in range(len(HOSTILE)):
        pdf(report_of(executed, (*HOSTILE[first:], *HOSTILE[:first])))
    pages = pypdf.PdfReader(io.BytesIO(pdf(report_of(executed, HOSTILE)))).pages
    shown = "".join("".join(page.extract_text().split()) for page in pages)
    for text in HOSTILE:
        if "\u202e" not in text:  # a reader of the file sees it in the order it is drawn
            assert f"x{''.join(text.split())}y" in shown


def test_word_shows_what_was_typed(executed):
    for texts in (HOSTILE, HOSTILE[::-1]):
        with zipfile.ZipFile(io.BytesIO(docx(report_of(executed, texts)))) as archive:
            body = archive.read("word/document.xml")
        paragraphs = ET.fromstring(body).iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
        shown = ["".join(paragraph.itertext()) for paragraph in paragraphs]
        assert all(f"x {one_line(text)} y" in shown for text in texts)
        assert all(one_line(text) in shown for text in texts)
        assert b"hyperlink" not in body.split(b"<w:body>")[1]


def test_workbook_shows_what_was_typed(executed):
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(report_of(executed, HOSTILE)))).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(min_row=5)]
    assert tuple(cell.value for cell in cells) == HOSTILE
    assert {cell.data_type for cell in cells} == {"s"}


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_no_text_breaks_html_pdf_or_workbook(texts):
    made = report_of(_executed, texts)
    assert_harmless_html(made, texts)
    assert pdf(made).startswith(b"%PDF")
    assert xlsx(made)


@settings(max_examples=10, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_no_text_breaks_word(texts):
    with zipfile.ZipFile(io.BytesIO(docx(report_of(_executed, texts)))) as archive:
        for name in archive.namelist():
            if re.search(r"\.(xml|rels)$", name):
                ET.fromstring(archive.read(name))


def test_reader_reads_nothing_from_the_machine(executed, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("bí mật")
    texts = (f'#read("{secret}")', f"[x]({secret})", f'<img src="{secret}">', f'<iframe src="{secret}">')
    made = report_of(executed, texts)
    assert "bí mật" not in html(made)
    with zipfile.ZipFile(io.BytesIO(docx(made))) as archive:
        assert "bí mật" not in archive.read("word/document.xml").decode()
    assert "bí mật" not in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(made))).pages)


def _executed(*elements):
    import nbformat

    bundles = [element._repr_mimebundle_() for element in elements]
    outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata) for data, metadata in bundles]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", execution_count=1, outputs=outputs)])
