"""HTML: one file that opens without network, for screens of any width and for paper.

Its one script, templates/document.js, helps to read what is there without it.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from giamngheo.export.document import Document
from giamngheo.export.drawings import drawing_in_page
from giamngheo.export.exporter import DocumentExporter
from giamngheo.export.foreign.shown import Shown, Words
from giamngheo.export.origins import with_origins
from giamngheo.export.page import content_security_policy, page_template, shared_script
from giamngheo.report.elements import DataTable, Figure
from giamngheo.report.elements.captions import full_caption
from giamngheo.report.elements.markdown import Token, plain_text, tokens_html
from giamngheo.report.markup import printable

_FONT = files("giamngheo.report") / "drawing" / "fonts" / "figures.woff2"
"""The Latin and Vietnamese letters of Liberation Serif, nameless as the licence asks. Made from it by

pyftsubset LiberationSerif-Regular.ttf --flavor=woff2 --no-hinting --layout-features='' --name-IDs=0,13,14
--unicodes=20-7E,A0-FF,102,103,110,111,128,129,168,169,1A0,1A1,1AF,1B0,300,301,303,309,323,1EA0-1EF9,2010-2015,
2018-201E,2020-2022,2026,2030,20AB,2190-2193,2212,2248,2260,2264,2265 --output-file=figures.woff2
"""

_ASCII = re.compile(r"[\x00-\x7f]+")

_OWN_FAMILY = "giamngheo"
"""What templates/document.css calls the font of the page, which comes after those of the reader's machine."""


@cache
def _page_font() -> str:
    """Return the rule for letters that the reader's own fonts lack: old ones have none of Vietnamese."""
    font = base64.b64encode(_FONT.read_bytes()).decode()
    return f"@font-face {{ font-family: '{_OWN_FAMILY}'; src: url(data:font/woff2;base64,{font}) }}\n"


_TEMPLATES = Path(__file__).parent / "templates"

_LEAST_CONTENTS = 3
"""Headings from which on a page has a table of contents."""

_DEEPEST = 2
"""Level of the headings that it lists, in Markdown's count."""

_PLAIN_IN_ADDRESS = " !'()*,/:;=?@[]$&+<>"
"""Signs that stand for themselves in the address of a drawing: one in base64 is a third longer, as is a picture."""

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


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents. anchor: name of the place in the page."""

    text: str
    level: int
    anchor: str


def html(document: Document) -> str:
    """Return a document as an HTML page."""
    style, script = _page_font() + _page_style(), _page_script()
    if document.running_head:
        style += _RUNNING_HEAD % {"text": _css_string(document.running_head)}
    parts, notes = _with_note_marks(with_origins(document.parts, document.annex))
    parts, headings = _anchored(parts)
    return page_template(__package__, "document").render(
        parts=[_html(part, number) for number, part in enumerate(parts, 1)],
        notes=notes,
        contents=headings if len(headings) >= _LEAST_CONTENTS else (),
        document=document,
        style=style,
        script=script,
        policy=content_security_policy(styles=[style], scripts=[script]),
    )


def _anchored(parts: Iterable[Shown]) -> tuple[list[Shown], list[Heading]]:
    """Return parts whose headings can be linked to, and those that the table of contents lists."""
    headings: list[Heading] = []

    def anchored(words: Words) -> Words:
        tokens = []
        for token in words.tokens:
            if token["type"] == "heading" and token["attrs"]["level"] <= _DEEPEST:
                heading = Heading(plain_text(token), token["attrs"]["level"], f"muc-{len(headings) + 1}")
                headings.append(heading)
                token = token | {"attrs": token["attrs"] | {"anchor": heading.anchor}}
            tokens.append(token)
        return Words(tuple(tokens))

    return [anchored(part) if isinstance(part, Words) else part for part in parts], headings


def _with_note_marks(parts: Iterable[Shown]) -> tuple[list[Shown], list[str]]:
    """Return parts with numbers in place of footnotes, and the HTML of what these say."""
    notes: list[str] = []

    def marked(token: Token) -> Token:
        if token["type"] != "footnote":
            return token | {"children": [marked(child) for child in token["children"]]}
        notes.append(tokens_html([token | {"type": "block_text"}]))
        return {"type": "note_mark", "attrs": {"number": len(notes)}, "children": []}

    marks = [Words(tuple(map(marked, part.tokens))) if isinstance(part, Words) else part for part in parts]
    return marks, notes


def _html(part: Shown, number: int) -> str:
    """Return the HTML of a part, which has a number in its page; of a figure with its numbers in words."""
    if not isinstance(part, Figure):
        return part.page() if isinstance(part, DataTable) else part.html()
    return page_template(__package__, "figure").render(
        drawing=drawing_in_page(part.svg, part.alt, number),
        source=drawing_address(part.svg),
        alt=part.alt,
        caption=full_caption(part),
        numbers=part.alt if any(map(str.isdecimal, part.alt)) else "",
    )


def drawing_address(svg: str) -> str:
    """Return the address of SVG that is part of the page that shows it, its letters as they are.

    A line break is a space in XML, as in an attribute; in an address browsers drop it.
    """
    written = printable(svg).replace("\n", " ").replace("\t", " ")
    ascii_only = _ASCII.sub(lambda run: quote(run[0], safe=_PLAIN_IN_ADDRESS), written)
    return f"data:image/svg+xml;charset=utf-8,{ascii_only}"


def _css_string(text: str) -> str:
    """Return `text` as a string of CSS, with every sign but letters and digits by its number."""
    return '"' + re.sub(r"[^\w ]", lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


@cache
def _page_style() -> str:
    return (_TEMPLATES / "document.css").read_text(encoding="utf-8")


@cache
def _page_script() -> str:
    return shared_script() + (_TEMPLATES / "document.js").read_text(encoding="utf-8")
