"""HTML: one file that opens without network and runs nothing, for screens of any width and for paper."""

import base64
import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from giamngheo.export.document import Document
from giamngheo.export.exporter import DocumentExporter
from giamngheo.export.foreign.shown import Shown
from giamngheo.export.policy import content_security_policy
from giamngheo.report.elements import Figure

_FONT = files("giamngheo.report") / "drawing" / "fonts" / "figures.woff"
"""The Latin and Vietnamese letters of Liberation Serif, nameless as the licence asks. Made from it by

pyftsubset LiberationSerif-Regular.ttf --flavor=woff --no-hinting --layout-features='' --name-IDs=0,13,14
--unicodes=20-7E,A0-17F,192,1A0,1A1,1AF,1B0,300,301,303,309,323,1EA0-1EF9,2010-2015,2018-201E,2020-2022,2026,2030,20AB,
2190-2193,2212,2248,2260,2264,2265 --output-file=figures.woff
"""

_FAMILY = "Liberation Serif"


def with_font(svg: str) -> str:
    """Return SVG with the font of its text; as it is where it has no text in the font of our figures."""
    begin = svg.find("<svg")
    if begin < 0 or "<text" not in svg or _FAMILY not in svg:
        return svg
    inside = svg.index(">", begin) + 1
    return f"{svg[:inside]}{_font_style()}{svg[inside:]}"


@cache
def _font_style() -> str:
    font = base64.b64encode(_FONT.read_bytes()).decode()
    return f"<style>@font-face{{font-family:'{_FAMILY}';src:url(data:font/woff;base64,{font})}}</style>"


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
        """Return the document as HTML."""
        return html(document)


def html(document: Document) -> str:
    """Return a document as an HTML page."""
    style = _page_style()
    if document.running_head:
        style += _RUNNING_HEAD % {"text": _css_string(document.running_head)}
    policy = content_security_policy(styles=[style])
    return _template().render(parts=map(_html, document.parts), document=document, style=style, policy=policy)


def _html(part: Shown) -> str:
    """Return the HTML of a part; a figure with its font, which the machine may not have."""
    return replace(part, svg=with_font(part.svg)).html() if isinstance(part, Figure) else part.html()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("document.html.jinja")


def _css_string(text: str) -> str:
    """Return `text` as a string of CSS, with every sign but letters and digits by its number."""
    return '"' + re.sub(r"[^\w ]", lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


@cache
def _page_style() -> str:
    return _STYLE.read_text(encoding="utf-8")
