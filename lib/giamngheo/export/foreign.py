"""Outputs that are no elements of ours (tables of pandas, pictures, printed text) as if they were.

Of foreign HTML only the tables are taken, and of them only their text, so that nothing in it runs or loads.
"""

import base64
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from giamngheo.export.foreign_table import tables
from giamngheo.report.elements import Figure, Prose
from giamngheo.report.elements.bundle import MimeBundle, bundle
from giamngheo.report.markup import escape_html, typst_string

NO_ALT = "Hình không có mô tả"


def text_bundle(text: str) -> MimeBundle:
    """Bundle of printed text."""
    code = text.rstrip()
    return bundle(text, f"<pre>{escape_html(code)}</pre>" if code else "", f"#code-block({typst_string(code)})")


def foreign_bundle(data: Mapping[str, Any]) -> Iterator[MimeBundle]:
    """Bundles of an output, from the best of its formats that a document can hold; none of a widget."""
    if "application/vnd.jupyter.widget-view+json" in data:
        return
    if found := tables(data.get("text/html", "")):
        yield from (table._repr_mimebundle_() for table in found)
    elif "image/svg+xml" in data:
        yield Figure(data["image/svg+xml"], alt=NO_ALT, caption="")._repr_mimebundle_()
    elif "image/png" in data:
        yield Figure(_wrapped(data["image/png"]), alt=NO_ALT, caption="")._repr_mimebundle_()
    elif "text/markdown" in data:
        yield Prose(data["text/markdown"])._repr_mimebundle_()
    elif "text/plain" in data:
        yield text_bundle(data["text/plain"])


def _wrapped(png: str) -> str:
    """A picture of pixels as a drawing."""
    width, height = struct.unpack(">II", base64.b64decode(png)[16:24])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{"".join(png.split())}"/></svg>'
    )
