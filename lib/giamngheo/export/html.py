"""HTML: one file that opens without network and runs nothing, for screens of any width and for paper."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from giamngheo.export.document import Document
from giamngheo.export.exporter import DocumentExporter

_STYLE = Path(__file__).parent / "templates" / "document.css"


class HtmlExporter(DocumentExporter):
    """Report as HTML."""

    export_from_notebook = "Báo cáo HTML"
    output_mimetype = "text/html"
    extension = ".html"

    def written(self, document: Document) -> str:
        """The document as HTML."""
        return html(document)


def html(document: Document) -> str:
    """A document as an HTML page."""
    return _template().render(document=document, style=_style())


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("giamngheo.export"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("document.html.jinja")


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
