"""Text from outside (cells of a workbook, outputs of a notebook) made harmless: it reads as it was typed."""

import base64
import html
import re

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane + last) for plane in range(0x10000, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)

_LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")

_SPACES = re.compile("[ \t\n]+")

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

_TYPST_SPECIAL = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t"}
"""Signs with a meaning in a string, and how they are written there; the backslash first."""


SVG_ADDRESS = "data:image/svg+xml;base64,"
"""How the address of SVG begins that is part of the page."""


def printable(text: str) -> str:
    """Return `text` without the characters that XML or PDF cannot hold, each kind of line break as a line feed."""
    if text.replace("\n", "").isprintable():  # most are; what Python calls so is stricter than XML and PDF
        return text
    return _UNPRINTABLE.sub("", _LINE_BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Return printable `text` on one line, without spaces at its ends."""
    return _SPACES.sub(" ", printable(text)).strip(" ")


def escape_markdown(text: str) -> str:
    """Return Markdown that reads as `text` does, on one line, whatever it contains."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))


def escape_html(text: str) -> str:
    """Return HTML that reads as `text` does, in an element or between the quotes of an attribute."""
    return html.escape(printable(text))


def with_apostrophes(text: str) -> str:
    """Return HTML as `escape_html` does, for double quotes only, with the apostrophes that formulas are full of."""
    return html.escape(printable(text), quote=False).replace('"', "&quot;")


def svg_address(svg: str) -> str:
    """Return the address of SVG that is part of the page that shows it."""
    return SVG_ADDRESS + base64.b64encode(svg.encode()).decode()


def typst_string(text: str) -> str:
    """Return `text` as a string of Typst's code, with its quotes: nothing in a string has a meaning."""
    string = printable(text)
    for sign, written in _TYPST_SPECIAL.items():  # ten times as fast as str.translate, and a figure is long
        string = string.replace(sign, written)
    return f'"{string}"'
