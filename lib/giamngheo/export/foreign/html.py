"""Foreign HTML as elements: its text, its tables, its images, in their order, and nothing that runs or loads.

nh3 makes it well-formed and takes away what a reader does not see; beautifulsoup4 walks what is left.
"""

import base64
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from giamngheo.export.foreign.shown import Printed, Shown, Words, image_of, text_token
from giamngheo.export.foreign.table import table_of
from giamngheo.report.elements.markdown import Token
from giamngheo.report.markup import printable

_TABLE = {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}

_BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "section",
    "summary", "ul",
}  # fmt: skip

_SPANS = {"b": "strong", "strong": "strong", "em": "emphasis", "i": "emphasis"}
"""Tags within a text, and what Markdown calls them."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}

_MOST_ABOVE = 30
"""Tags above a text that say what it is; nobody means more of them."""

_UNSEEN = {
    "audio", "button", "canvas", "head", "iframe", "math", "noscript", "object", "option", "script", "select", "style",
    "svg", "template", "textarea", "title", "video",
}  # fmt: skip

_ATTRIBUTES = {"img": {"src", "alt", "width", "height"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}

_SCHEMES = {"attachment", "data"}

Piece = tuple[str, frozenset[str]]
"""A text, and the names of the tags that it stands in."""

_BARE_AMPERSAND = re.compile(r"&(?!#?[A-Za-z0-9]{1,32};)")
"""What begins no reference to a character: nh3 takes quadratic time over many of them."""

_STAND_IN = "\ufdd0"
"""Stands for it meanwhile: a sign that no text may hold."""


def elements_of(html: str) -> list[Shown]:
    """Return what a reader sees of HTML, as elements; none where it shows nothing without being run."""
    soup = _soup(html, {*_TABLE, *_BLOCKS, *_SPANS, "br", "img", "pre"})
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
    words: list[Piece] = []
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
            words.append((str(node), frozenset(tag.name for tag in islice(node.parents, _MOST_ABOVE))))
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


def _paragraphs(words: list[Piece]) -> Iterator[Words]:
    """Yield the lines of pieces of text as paragraphs and headings."""
    lines: list[list[Piece]] = [[]]
    for text, tags in words:
        first, *others = printable(text).split("\n")
        lines[-1].append((first, tags))
        lines += [[(other, tags)] for other in others]
    blocks = [_block(line) for line in lines if any(text.strip() for text, _ in line)]
    if blocks:
        yield Words(tuple(blocks))


def _block(line: list[Piece]) -> Token:
    """Return a line as a paragraph, or the heading that it is of."""
    pieces = [(re.sub(r"\s+", " ", text), tags) for text, tags in line]
    while pieces and not pieces[0][0].strip():
        pieces.pop(0)
    pieces[0] = (pieces[0][0].lstrip(), pieces[0][1])
    pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    children = [_span(text, tags) for text, tags in pieces if text]
    levels = [level for tag, level in _HEADINGS.items() if tag in pieces[0][1]]
    if levels:
        return {"type": "heading", "attrs": {"level": levels[0]}, "children": children}
    return {"type": "paragraph", "children": children}


def _span(text: str, tags: frozenset[str]) -> Token:
    token = text_token(text)
    for kind in sorted({_SPANS[tag] for tag in tags & set(_SPANS)}):
        token = {"type": kind, "children": [token]}
    return token
