"""Drawings set by Typst: milliseconds each, the same bytes everywhere, with the letters of their text as outlines."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Any, cast

import typst

from giamngheo.report.markup import printable

_NEEDLESS = re.compile(r' (?:fill-rule="nonzero"|stroke-line(?:cap="butt"|join="miter")|stroke-miterlimit="4")')
"""What Typst says of every shape though SVG takes it for granted."""

_FINER = re.compile(r"(?<=\.\d\d\d)\d+")
"""Digits finer than a thousandth of a point: half of a drawing."""


def drawing(data: Mapping[str, Any]) -> str:
    """SVG of what `data` describes to templates/drawings.typ. Texts in it are data there, never code."""
    inputs = {"data": printable(json.dumps(data, ensure_ascii=False, allow_nan=False))}
    compiler = typst.Compiler(_template(), font_paths=fonts(), sys_inputs=inputs)
    svg = cast(bytes, compiler.compile(format="svg")).decode()
    return _FINER.sub("", _NEEDLESS.sub("", svg))


@cache
def fonts() -> typst.Fonts:
    """Liberation Serif, and behind it, for signs it lacks, the fonts within Typst; none of the machine's."""
    with as_file(files("giamngheo.report") / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])


@cache
def _template() -> bytes:
    return (files("giamngheo.report") / "templates" / "drawings.typ").read_bytes()
