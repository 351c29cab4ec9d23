"""PDF by Typst: the form of Decree 30, tagged for screen readers (PDF/UA-1), fit for archives (PDF/A-2a)."""

import datetime as dt
import logging
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from giamngheo.export.document import Document, in_page_width, with_drawable_figures
from giamngheo.export.exporter import DocumentExporter
from giamngheo.export.refusals import NoGlyphError, UnwritableDocumentError
from giamngheo.export.typesetting import compiled, forget
from giamngheo.report.markup import typst_string

if TYPE_CHECKING:
    from typst import PDFStandard

_TEMPLATE = Path(__file__).parent / "templates" / "document.typ"

_LOG = logging.getLogger(__name__)

_NO_GLYPH = re.compile('the text `"(.*)"` could not be displayed')
"""How Typst says that no font has a letter."""

_STANDARDS: list["PDFStandard"] = ["ua-1", "a-2a"]


class PdfExporter(DocumentExporter):
    """Report as PDF."""

    export_from_notebook = "Báo cáo PDF"
    output_mimetype = "application/pdf"
    extension = ".pdf"

    is_drawn = True

    def written(self, document: Document) -> bytes:
        """Return the document as PDF."""
        made = pdf(document, is_whole=bool(self.is_whole))
        if not self.is_annex:  # which is small
            forget()
        return made


def pdf(document: Document, *, is_whole: bool = False) -> bytes:
    """Return a document as PDF.

    PDF/UA and PDF/A demand a glyph for each character. A document with one that no bundled font has, such as an
    emoji, is written without the claim to them, and a line of the log says so; one that is to be whole is refused.
    Raises UnwritableDocumentError, NoGlyphError.
    """
    document = in_page_width(document)
    try:
        return _compiled(document, _STANDARDS)
    except typst.TypstError as error:
        if is_whole and (lacking := _NO_GLYPH.search(error.message)):
            raise NoGlyphError(lacking[1]) from error
        _LOG.warning("PDF không đạt chuẩn PDF/UA, PDF/A: %s", error.message)
    try:
        return _compiled(with_drawable_figures(document), [])
    except typst.TypstError as error:
        raise UnwritableDocumentError("PDF", error.message) from error


def _compiled(document: Document, standards: list["PDFStandard"]) -> bytes:
    midnight = dt.datetime.combine(document.date, dt.time(), dt.UTC)
    return compiled(_source(document), form="pdf", pdf_standards=standards, timestamp=midnight)


def _source(document: Document) -> str:
    date = document.date
    form = f"""#show: document-form.with(
  title: {typst_string(document.title)},
  author: {typst_string(document.author)},
  date: datetime(year: {date.year}, month: {date.month}, day: {date.day}),
  lang: {typst_string(document.lang)},
  marking: {typst_string(document.running_head)},
)"""
    return "\n".join([_template(), form, *(part.typst() for part in document.parts)])


@cache
def _template() -> str:
    return _TEMPLATE.read_text(encoding="utf-8")
