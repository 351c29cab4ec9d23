"""What a document shows beside the elements of a report: text as Markdown has it, printed text, foreign images."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from giamngheo.export.foreign.images import linked_svg
from giamngheo.export.refusals import BadImageError
from giamngheo.report.elements import Closing, DataTable, Figure, Letterhead
from giamngheo.report.elements.markdown import Token, tokens_html, tokens_typst
from giamngheo.report.markup import escape_html, one_line, typst_string

NO_ALT = "Hình không có mô tả"


@dataclass(frozen=True)
class Words:
    """Text as blocks of Markdown."""

    tokens: tuple[Token, ...]

    def html(self) -> str:
        """Return the text as HTML."""
        return tokens_html(self.tokens)

    def typst(self) -> str:
        """Return the text as Typst."""
        return tokens_typst(self.tokens)


@dataclass(frozen=True)
class Printed:
    """Text that a program printed, as it is."""

    text: str

    def html(self) -> str:
        """Return the text as HTML."""
        return f"<pre>{escape_html(self.text.rstrip())}</pre>\n"

    def typst(self) -> str:
        """Return the text as Typst."""
        return f"#code-block({typst_string(self.text.rstrip())})"


Shown = Closing | DataTable | Figure | Letterhead | Printed | Words
"""What every format can write."""


def text_token(text: str) -> Token:
    """Return text as it is."""
    return {"type": "text", "raw": text, "children": []}


def paragraphs(*texts: str, kind: str = "text") -> Words:
    """Return texts as paragraphs. kind: "emphasis" sets them off."""
    tokens = map(text_token, texts)
    spans = tokens if kind == "text" else ({"type": kind, "children": [token]} for token in tokens)
    return Words(tuple({"type": "paragraph", "children": [span]} for span in spans))


def image_of(attributes: Mapping[str, Any], attachments: Mapping[str, Any] | None = None) -> Figure | Words:
    """Return the image of a tag by its attributes, or the words that stand where it is missing."""
    alt = one_line(str(attributes.get("alt") or ""))
    try:
        return Figure(linked_svg(str(attributes.get("src") or ""), attachments, attributes), alt or NO_ALT, "")
    except BadImageError as error:
        return missing(alt, error)


def missing(alt: str, why: BadImageError) -> Words:
    """Return what stands in the place of an image that cannot be shown."""
    return paragraphs(missing_words(alt, why), kind="emphasis")


def missing_words(alt: str, why: BadImageError) -> str:
    """Return the words for an image that cannot be shown: what it is of, and why."""
    return f"[Hình không hiển thị được{': ' if alt else ''}{one_line(alt)} ({why})]"
