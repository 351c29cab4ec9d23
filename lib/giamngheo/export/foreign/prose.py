"""Cells of Markdown as text and figures: their images shown, their headings in order."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from giamngheo.export.foreign.html import elements_of, images_and_texts
from giamngheo.export.foreign.images import linked_svg
from giamngheo.export.foreign.shown import NO_ALT, Shown, Words, missing_words, text_token
from giamngheo.export.refusals import BadImageError
from giamngheo.report.elements import Figure
from giamngheo.report.elements.markdown import Token, plain_text, tokens_of

Attachments = Mapping[str, Any]


def words_of(markdown: str, attachments: Attachments | None = None) -> Iterator[Shown]:
    """Yield Markdown as text; an image that is a paragraph of its own is a figure, HTML is what a reader sees of it."""
    tokens = [_with_images(token, attachments or {}) for token in tokens_of(markdown)]
    for kind, run in groupby(tokens, _kind):
        if kind == "figure":
            yield from (
                Figure(image["attrs"]["svg"], plain_text(image), "") for image in map(_lone_image, run) if image
            )
        elif kind == "html":
            yield from (element for token in run for element in elements_of(token["raw"]))
        else:
            yield Words(tuple(run))


def _kind(token: Token) -> str:
    if token["type"] == "block_html":
        return "html"
    return "text" if _lone_image(token) is None else "figure"


def ordered(words: Words, open_levels: list[int]) -> Words:
    """Return text whose headings never skip a level, and are of one level where they are written so.

    open_levels: as written, of the heading before and those that it stands below; changed to those of the last one.
    """
    tokens = []
    for token in words.tokens:
        if token["type"] == "heading":
            written = token["attrs"]["level"]
            while open_levels and open_levels[-1] >= written:
                open_levels.pop()
            open_levels.append(written)
            token = token | {"attrs": token["attrs"] | {"level": len(open_levels)}}
        tokens.append(token)
    return Words(tuple(tokens))


def titled(words: Words) -> tuple[str, Words] | None:
    """Return the title that text begins with, and the text whose first heading is that of the document."""
    first = words.tokens[0] if words.tokens else None
    if first is None or first["type"] != "heading" or first["attrs"]["level"] != 1:
        return None
    return plain_text(first), Words((first | {"type": "title"}, *words.tokens[1:]))


def referred(words: Words, labels: Mapping[str, str]) -> Words:
    """Return text whose links to tables and figures, "[bảng vốn](#funding_table)", are their labels, "Bảng 2".

    A link to what the document does not have stays the words that it is.
    """
    return Words(tuple(_labelled(token, labels) for token in words.tokens))


def _labelled(token: Token, labels: Mapping[str, str]) -> Token:
    address = str(token["attrs"]["url"]) if token["type"] == "link" else ""
    if address.startswith("#") and address[1:] in labels:
        return text_token(labels[address[1:]])
    return token | {"children": [_labelled(child, labels) for child in token["children"]]}


def _lone_image(token: Token) -> Token | None:
    """Return the image that a paragraph consists of."""
    if token["type"] == "paragraph" and len(token["children"]) == 1:
        (child,) = token["children"]
        if child["type"] == "image" and "svg" in child["attrs"]:
            return child
    return None


def _with_images(token: Token, attachments: Attachments) -> Token:
    """Return a token whose images are SVG, or words where they are missing."""
    if token["type"] == "image":
        return _image(str(token["attrs"]["url"]), plain_text(token), attachments, {})
    if token["type"] == "inline_html" and "<img" in token["raw"].lower():
        return _inline("block_text", _from_html(token["raw"], attachments))
    if token["type"] == "block_html" and "<img" in token["raw"].lower():
        return _inline("paragraph", _from_html(token["raw"], attachments))
    return token | {"children": [_with_images(child, attachments) for child in token["children"]]}


def _from_html(html: str, attachments: Attachments) -> Iterator[Token]:
    for part in images_and_texts(html):
        if isinstance(part, str):
            if part.strip():
                yield text_token(part)
        else:
            yield _image(str(part.get("src", "")), str(part.get("alt", "")), attachments, part)


def _image(address: str, alt: str, attachments: Attachments, sizes: Mapping[str, Any]) -> Token:
    name = address if address.startswith("data:") else unquote(address)
    try:
        svg = linked_svg(name, attachments, sizes)
    except BadImageError as error:
        return {"type": "emphasis", "children": [text_token(missing_words(alt, error))]}
    return {"type": "image", "attrs": {"svg": svg}, "children": [text_token(alt.strip() or NO_ALT)]}


def _inline(kind: str, tokens: Iterable[Token]) -> Token:
    """Return tokens beneath one of a kind."""
    return {"type": kind, "children": list(tokens)}
