"""The sentences of a report: Markdown written from the template that stands beside the module of its section."""

from functools import cache
from typing import Any

import jinja2
import pandas as pd

from giamngheo.report.language import numbers, words
from giamngheo.report.markup import escape_markdown

_FILTERS = {
    "count": numbers.count,
    "money": numbers.money,
    "percent": numbers.percent,
    "points": numbers.points,
    "day": numbers.day,
    "decrease": words.decrease,
    "remaining": words.remaining,
    "uncapitalised": lambda text: text[:1].lower() + text[1:],
    "two_digits": words.two_digits,
    "citation": words.citation,
}


def narrative(template: str, **context: Any) -> str:
    """Return Markdown of a section; every value put into it is escaped, so that text from cells stays text."""
    return _environment().get_template(f"{template}.md.j2").render(**context)


def compile_templates() -> None:
    """Compile every template, which the first use of each would do."""
    for name in _environment().list_templates(["j2"]):
        _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("giamngheo.report", ""),
        finalize=_escaped,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # HTML escapes would be wrong here: `finalize` escapes for Markdown
    )
    environment.filters |= _FILTERS
    environment.tests["known"] = _known
    return environment


def _escaped(value: Any) -> Any:
    return escape_markdown(value) if isinstance(value, str) else value


def _known(value: Any) -> bool:
    return not pd.isna(value)
