"""A figure with its description and caption."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from giamngheo.report.elements.bundle import METADATA_KEY, MimeBundle, html
from giamngheo.report.markup import printable

_SOURCE = "data:image/svg+xml;base64,"


@dataclass(frozen=True)
class Figure:
    """A drawing. svg: its text; alt: what it shows."""

    svg: str = field(repr=False)
    alt: str
    caption: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        words = {"alt": self.alt, "caption": self.caption}
        source = _SOURCE + base64.b64encode(self.svg.encode()).decode()
        shown = {"text/html": html("figure", source=source, **words), "text/plain": printable(self.caption or self.alt)}
        return shown, {METADATA_KEY: words}


def svg_of(html: str) -> str:
    """Return the drawing that the HTML of a figure shows, "" where it shows none: a notebook keeps it there only."""
    try:
        return base64.b64decode(html.partition(_SOURCE)[2].partition('"')[0]).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
