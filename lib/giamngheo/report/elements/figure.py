"""A figure with its description and caption."""

import base64
from dataclasses import dataclass, field
from typing import Any

from giamngheo.report.elements.bundle import MimeBundle, bundle, html, typst


@dataclass(frozen=True)
class Figure:
    """A drawing. svg: its text; alt: what it shows."""

    svg: str = field(repr=False)
    alt: str
    caption: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        words = {"alt": self.alt, "caption": self.caption}
        source = "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()
        data, metadata = bundle(
            self.caption or self.alt,
            html("figure", source=source, **words),
            typst("figure", svg=self.svg, **words),
            **words,
        )
        return data | {"image/svg+xml": self.svg}, metadata
