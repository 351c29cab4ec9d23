"""A figure with its description and caption."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from giamngheo.report.elements.bundle import MimeBundle, bundle, html, typst
from giamngheo.report.elements.captions import full_caption
from giamngheo.report.markup import SVG_ADDRESS, svg_address


@dataclass(frozen=True)
class Figure:
    """A figure. svg: what is drawn; alt: what it shows. series, name, number: as of captions.Captioned."""

    svg: str = field(repr=False)
    alt: str
    caption: str
    series: str = "Hình"
    name: str = ""
    number: int = 0

    def html(self) -> str:
        """Return the figure as HTML that holds what is drawn."""
        return html("figure", source=svg_address(self.svg), alt=self.alt, caption=full_caption(self))

    def typst(self) -> str:
        """Return the figure as Typst."""
        return typst("figure", svg=self.svg, alt=self.alt, caption=full_caption(self))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        payload = {"alt": self.alt, "caption": self.caption, "series": self.series, "name": self.name}
        return bundle("figure", self.caption or self.alt, self.html(), **payload)


def svg_of(html: str) -> str:
    """Return the SVG that the HTML of a figure shows, "" where it shows none: a notebook keeps it there only."""
    try:
        return base64.b64decode(html.partition(SVG_ADDRESS)[2].partition('"')[0]).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
