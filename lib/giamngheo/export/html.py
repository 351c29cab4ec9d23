"""HTML: one file that opens without network and runs nothing, for screens of any width and for paper."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from giamngheo.export.document import Document
from giamngheo.export.exporter import DocumentExporter
from giamngheo.export.figure_font import with_font
from giamngheo.export.foreign.shown import Shown
from giamngheo.export.policy import content_security_policy
from giamngheo.report.elements import Figure

_STYLE = Path(__file__).parent / "templates" / "document.css"

_RUNNING_HEAD = """
@page {
  @top-left { content: %(text)s; font: bold 11pt "Times New Roman", serif; }
  @bottom-center { content: %(text)s; font: bold 11pt "Times New Roman", serif; }
}
"""


class HtmlExporter(DocumentExporter):
    """Report as HTML."""

    export_from_notebook = "Báo cáo HTML"
    output_mimetype = "text/html"
    extension = ".html"

    def written(self, document: Document) -> str:
        """The document as HTML."""
        return html(document)


def html(document: Document) -> str:
    """Return a document as an HTML page."""
    style = _style()
    if document.running_head:
        style += _RUNNING_HEAD % {"text": _css_string(document.running_head)}
    policy = content_security_policy(styles=[style])
    return _template().render(parts=map(_shown, document.parts), document=document, style=style, policy=policy)


def _shown(part: Shown) -> str:
    """Return the HTML of a part; a figure with its font, which the machine may not have."""
    return replace(part, svg=with_font(part.svg)).html() if isinstance(part, Figure) else part.html()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("document.html.jinja")


def _css_string(text: str) -> str:
    """`text` as a string of CSS: every sign but letters and digits by its number."""
    return '"' + re.sub(r"[^\w ]", lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
