"""What the exporters share."""

import logging
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from giamngheo.export.document import Document, document, marked
from giamngheo.export.refusals import RefusedExportError


class DocumentExporter(Exporter):
    """Exporter of an executed notebook as a document; each says its extension and how it writes."""

    extension: str

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return self.extension

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Return the written document, and the resources nbconvert keeps beside it. Raises RefusedExportError."""
        notebook, resources = super().from_notebook_node(marked(nb), resources, **kw)
        try:
            return self.written(document(notebook)), resources
        except RefusedExportError:
            self.log.addFilter(in_one_sentence)
            raise

    def written(self, document: Document) -> str | bytes:
        """Return the content of the file."""
        raise NotImplementedError


def in_one_sentence(record: logging.LogRecord) -> bool:
    """Make a line of the log about a refusal of ours that refusal: nbconvert and Jupyter add their traceback."""
    refusal = record.exc_info[1] if record.exc_info else None
    if isinstance(refusal, RefusedExportError):
        record.msg, record.args, record.exc_info = str(refusal), (), None
    return True
