"""What a document shows beside the elements of a report: text as Markdown has it, printed text, foreign pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from giamngheo.export.pictures import linked_drawing
from giamngheo.export.refusals import BadPictureError
from giamngheo.report.elements import Closing, DataTable, Figure, Letterhead, Prose
from giamngheo.report.markdown import Token, tokens_html, tokens_typst
from giamngheo.report.markup import escape_html, escape_markdown, one_line, typst_string

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


Part = Closing | DataTable | Figure | Letterhead | Printed | Words
"""What every format can write."""

Shown = Part | Prose


def picture(attributes: Mapping[str, Any], attachments: Mapping[str, Any] | None = None) -> Figure | Prose:
    """Return the picture of a tag by its attributes, or the words that stand where it is missing."""
    alt = one_line(str(attributes.get("alt") or ""))
    try:
        return Figure(linked_drawing(str(attributes.get("src") or ""), attachments, attributes), alt or NO_ALT, "")
    except BadPictureError as error:
        return missing(alt, error)


def missing(alt: str, why: BadPictureError) -> Prose:
    """Return what stands in the place of a picture that cannot be shown."""
    return Prose(f"*{escape_markdown(missing_words(alt, why))}*")


def missing_words(alt: str, why: BadPictureError) -> str:
    """Return the words for a picture that cannot be shown: what it is of, and why."""
    return f"[Hình không hiển thị được{': ' if alt else ''}{one_line(alt)} ({why})]"
