"""Formulas and footnotes of text, in every format."""

import io
import zipfile

import nbformat
import pypdf
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from giamngheo.export.document import Document, document
from giamngheo.export.html import html
from giamngheo.export.pdf import pdf
from giamngheo.export.refusals import RefusedExportError
from giamngheo.export.word.exporter import docx

TEXT = r"""# Thước đo

Chỉ số[^a] $M_0 = H \times A$, giá $5 và $10, sai $\saihet{x}$, mã `$x$`.

$$\frac{q}{n} < 1 \text{ <script> "Hộ" \#set}$$

[^a]: Alkire và *Foster*, $k = 3$."""


@pytest.fixture(scope="module")
def made() -> Document:
    return document(new_notebook(cells=[new_markdown_cell(TEXT), new_markdown_cell("hai[^a]\n\n[^a]: Ghi chú.")]))


def test_a_page_has_formulas_as_mathml_and_notes_at_its_end(made: Document) -> None:
    page = html(made)
    body = page[page.index("<main") :]
    assert body.count("<math ") == 3
    assert "<mfrac><mi>q</mi><mi>n</mi></mfrac>" in body
    assert "giá $5 và $10" in body
    assert "<code>\\saihet{x}</code>" in body
    assert "<code>$x$</code>" in body
    assert "<script> " not in body
    assert body.index('href="#chu-thich-1"') < body.index('href="#chu-thich-2"') < body.index('id="chu-thich-1"')
    assert "Alkire và <em>Foster</em>" in body


def test_a_pdf_has_formulas_and_notes_at_the_foot_and_keeps_its_standard(made: Document) -> None:
    written = pdf(made, is_whole=True)
    text = pypdf.PdfReader(io.BytesIO(written)).pages[0].extract_text()
    assert "Alkire và Foster" in text
    assert text.index("hai") < text.index("Alkire")
    assert b"pdfuaid" in written


def test_word_has_formulas_of_its_own_and_notes(made: Document) -> None:
    with zipfile.ZipFile(io.BytesIO(docx(made))) as archive:
        text, notes = archive.read("word/document.xml").decode(), archive.read("word/footnotes.xml").decode()
    assert text.count("<m:oMath>") == 2
    assert text.count("<w:footnoteReference ") == 2
    assert "Foster" in notes
    assert "<m:oMath>" in notes


def test_notebooks_without_formulas_ask_pandoc_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("pandoc"))
    assert document(nbformat.v4.new_notebook(cells=[new_markdown_cell("chữ $ và $")]))


def test_a_formula_that_takes_pandoc_forever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("giamngheo.export.foreign.formulas._SECONDS", 0.5)
    with pytest.raises(RefusedExportError, match="lồng quá nhiều lớp"):
        document(new_notebook(cells=[new_markdown_cell(f"${'a^{' * 40}x{'}' * 40}$")]))


@pytest.mark.parametrize(
    "name", [r"$$\tag{1}\label{a}\label{b}$$", "\\begin{align}\nx\\label{a}\\\\y\\label{b}\n\\end{align}"]
)
def test_the_names_of_formulas_harm_no_pdf(name: str) -> None:
    assert pdf(document(new_notebook(cells=[new_markdown_cell(name)])), is_whole=True)
