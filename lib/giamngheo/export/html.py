"""HTML: one file that opens without network and runs nothing, for screens of any width and for paper."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from giamngheo.export.document import Document, Part
from giamngheo.export.exporter import DocumentExporter
from giamngheo.export.figure_font import with_font
from giamngheo.report.elements import Figure

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
    return _template().render(document=document, shown=_shown, style=_style())


def _shown(part: Part) -> str:
    """Return the HTML of a part; a figure with its font, which the machine may not have."""
    if not part.svg:
        return part.html
    return str(Figure(with_font(part.svg), part.alt, part.caption)._repr_mimebundle_()[0]["text/html"])


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("giamngheo.export"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["css_string"] = _css_string
    return environment.get_template("document.html.jinja")


def _css_string(text: str) -> Markup:
    """`text` as a string of CSS: every sign but letters and digits by its number."""
    return Markup('"' + re.sub(r"[^\w ]", lambda sign: f"\\{ord(sign[0]):x} ", text) + '"')


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
