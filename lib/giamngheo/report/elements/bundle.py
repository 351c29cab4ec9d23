"""What an element hands to Jupyter: itself in several formats, and what the exporters must know of it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from giamngheo.report.markup import printable, typst_string, with_apostrophes

MimeBundle = tuple[dict[str, Any], dict[str, Any]]
"""Data by mime type, and metadata."""

METADATA_KEY = "giamngheo"
"""Under it stands, in the metadata of an output, what the element is made of: the exporters render it anew from that,
so that no HTML and no Typst code of a notebook file, which anybody may have written, reaches a document."""


def bundle(element: str, text: str, html: str, **payload: Any) -> MimeBundle:
    """Return what a notebook shows and keeps of an element. payload: what `stored.element_of` makes it from again."""
    return {"text/html": html, "text/plain": printable(text)}, {METADATA_KEY: {"element": element, **payload}}


def html(template: str, **values: Any) -> str:
    """Return the HTML template rendered; every value is escaped."""
    return _environments()["html"].get_template(f"{template}.html.jinja").render(values)


def typst(template: str, **values: Any) -> str:
    """Return the Typst template rendered; every text is a string of Typst's code."""
    return _environments()["typ"].get_template(f"{template}.typ.jinja").render(values)


def compile_templates() -> None:
    """Compile every template, which the first use of each would do."""
    for language, environment in _environments().items():
        for name in environment.list_templates():
            if name.endswith(f".{language}.jinja"):
                environment.get_template(name)


def listed(items: Sequence[str]) -> list[str]:
    """Return items as official texts list them: without dashes, a semicolon after each, a full stop after the last."""
    bare = [item.strip().lstrip("- ").rstrip(";. ") for item in items]
    return [f"{item};" for item in bare[:-1]] + [f"{item}." for item in bare[-1:]]


@cache
def _environments() -> dict[str, Environment]:
    loader = PackageLoader(__package__)
    options: dict[str, Any] = {
        "loader": loader,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    page = Environment(autoescape=True, finalize=_printable, **options)
    page.filters["text"] = with_apostrophes
    return {
        "html": page,
        "typ": Environment(autoescape=False, finalize=_typst_value, **options),
    }


def _printable(value: Any) -> Any:
    return printable(value) if type(value) is str else value


def _typst_value(value: Any) -> Any:
    return typst_string(value) if isinstance(value, str) else value
