"""Foreign HTML as elements: its text, its tables, its images, in their order, and nothing that runs or loads.

nh3 makes it well-formed and takes away what a reader does not see; beautifulsoup4 walks what is left.
"""

import base64
import re
from collections.abc import Iterator
from typing import Any

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from giamngheo.export.foreign.shown import Printed, Shown, Words, image_of, paragraphs
from giamngheo.export.foreign.table import table_of
from giamngheo.report.elements.markup import one_line

_TABLE = {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}

_BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "section",
    "summary", "ul",
}  # fmt: skip

_UNSEEN = {
    "audio", "button", "canvas", "head", "iframe", "math", "noscript", "object", "option", "script", "select", "style",
    "svg", "template", "textarea", "title", "video",
}  # fmt: skip

_ATTRIBUTES = {"img": {"src", "alt", "width", "height"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}

_SCHEMES = {"attachment", "data"}

_BARE_AMPERSAND = re.compile(r"&(?!#?[A-Za-z0-9]{1,32};)")
"""What begins no reference to a character: nh3 takes quadratic time over many of them."""

_STAND_IN = "\ufdd0"
"""Stands for it meanwhile: a sign that no text may hold."""


def elements_of(html: str) -> list[Shown]:
    """Return what a reader sees of HTML, as elements; none where it shows nothing without being run."""
    soup = _soup(html, {*_TABLE, *_BLOCKS, "br", "img", "pre"})
    for tag in soup.find_all(["br", *_BLOCKS]):
        if tag.name == "br":
            tag.replace_with("\n")
        else:
            tag.insert(0, "\n- " if tag.name == "li" else "\n")
            tag.append("\n")
    return list(_elements(soup))


def images_and_texts(html: str) -> Iterator[dict[str, Any] | str]:
    """Yield the attributes of each image of HTML, and the texts between them."""
    for node in _soup(html, {"img"}).descendants:
        yield dict(node.attrs) if isinstance(node, Tag) else str(node)


def _soup(html: str, tags: set[str]) -> BeautifulSoup:
    clean = nh3.clean(
        _BARE_AMPERSAND.sub(_STAND_IN, _with_images_for_svg(html.replace(_STAND_IN, ""))),
        tags=tags,
        clean_content_tags=_UNSEEN,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return BeautifulSoup(clean.replace(_STAND_IN, "&amp;"), "html.parser")


def _with_images_for_svg(html: str) -> str:
    """Return HTML whose SVG is images, which are then checked as every image is."""
    pieces: list[str] = []
    rest = html
    while "<svg" in rest:
        before, _, rest = rest.partition("<svg")
        body, end, rest = rest.partition("</svg>")
        if not end:
            return "".join([*pieces, before])
        name = "" if "xmlns=" in body.partition(">")[0] else ' xmlns="http://www.w3.org/2000/svg"'
        address = base64.b64encode(f"<svg{name}{body}</svg>".encode()).decode()
        pieces += [before, f'<img src="data:image/svg+xml;base64,{address}">']
    return "".join([*pieces, rest])


def _elements(soup: BeautifulSoup) -> Iterator[Shown]:
    words: list[str] = []
    node: PageElement | None = soup.contents[0] if soup.contents else None
    while node is not None:
        found = _element(node)
        if found is not None:
            yield from _paragraphs(words)
            words = []
            yield found
            node = _after(node)
            continue
        if isinstance(node, NavigableString):
            words.append(str(node))
        node = node.next_element
    yield from _paragraphs(words)


def _element(node: PageElement) -> Shown | None:
    """Return the element that a tag is by itself."""
    if not isinstance(node, Tag):
        return None
    if node.name == "img":
        return image_of(node.attrs)
    if node.name == "pre" and (text := node.get_text()).strip():
        return Printed(text)
    return table_of(node) if node.name == "table" else None


def _after(node: PageElement) -> PageElement | None:
    """Return what follows a tag and all that is in it."""
    while node.next_sibling is None and node.parent is not None:
        node = node.parent
    return node.next_sibling


def _paragraphs(words: list[str]) -> Iterator[Words]:
    if lines := [line for line in map(one_line, "".join(words).split("\n")) if line]:
        yield paragraphs(*lines)
