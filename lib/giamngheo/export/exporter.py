"""What the exporters share."""

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from giamngheo.export.document import Document, document


class DocumentExporter(Exporter):
    """Exporter of an executed notebook as a document; each says its extension and how it writes."""

    extension: str

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return self.extension

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """The written document, and the resources nbconvert keeps beside it."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return self.written(document(notebook)), resources

    def written(self, document: Document) -> str | bytes:
        """The content of the file."""
        raise NotImplementedError
