"""What the exporters share."""

import logging
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Bool, default

from giamngheo.export.document import Document, annex_of, document, marked
from giamngheo.export.letters import letters_without_font
from giamngheo.export.refusals import NoGlyphError, RefusedExportError
from giamngheo.report.elements import Figure
from giamngheo.report.markup import one_line


class DocumentExporter(Exporter):
    """Exporter of an executed notebook as a document; each says its extension and how it writes.

    is_drawn: whether figures are drawn with our fonts, not by the program that shows the document.
    """

    extension: str
    is_drawn = False
    is_annex = Bool(False, help="Write the annex alone.").tag(config=True)
    is_whole = Bool(False, help="Refuse a document with a letter that no font has.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return self.extension

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Return the written document, and the resources nbconvert keeps beside it. Raises RefusedExportError."""
        notebook, resources = super().from_notebook_node(marked(nb), resources, **kw)
        try:
            return self.from_document(document(notebook)), resources
        except RefusedExportError:
            self.log.addFilter(in_one_sentence)
            raise

    @staticmethod
    def document_of(notebook: NotebookNode) -> Document:
        """Return the document of an executed notebook, of which each exporter writes a file. Raises as `document`."""
        return document(notebook)

    def from_document(self, whole: Document) -> str | bytes:
        """Return the content of the file of a document, or of its annex. Raises RefusedExportError."""
        made = annex_of(whole) if self.is_annex else whole
        if self.is_drawn:
            self._tell_boxes(made)
        return self.written(made)

    def _tell_boxes(self, made: Document) -> None:
        """Tell of letters of foreign drawings that no font has: they would be missing. Raises NoGlyphError."""
        for figure in (part for part in made.parts + made.annex if isinstance(part, Figure)):
            letters = letters_without_font(figure.svg)
            if letters and self.is_whole:
                raise NoGlyphError(letters)
            if letters:
                name = one_line(figure.caption or figure.alt)
                self.log.warning("Hình “%s” thiếu chữ “%s”: không phông chữ nào của báo cáo có.", name, letters)

    def written(self, document: Document) -> str | bytes:
        """Return the content of the file."""
        raise NotImplementedError


def in_one_sentence(record: logging.LogRecord) -> bool:
    """Make a line of the log about a refusal of ours that refusal: nbconvert and Jupyter add their traceback."""
    refusal = record.exc_info[1] if record.exc_info else None
    if isinstance(refusal, RefusedExportError):
        record.msg, record.args, record.exc_info = str(refusal), (), None
    return True
