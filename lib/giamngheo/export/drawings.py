"""Drawings as part of a page: their words are found and copied as the page's are, and all share its font.

A notebook may be anyone's. So a drawing is written anew from shapes, words and looks that can do nothing but be seen,
which is all that ours have; one with anything else stays an image of its own.
"""

import re
import xml.etree.ElementTree as ET

from defusedxml.ElementTree import fromstring

from giamngheo.report.markup import escape_html, printable

_KINDS = {
    "g": {"id", "clip-path"},
    "defs": set[str](),
    "clipPath": {"id"},
    "pattern": {"id", "patternUnits", "x", "y", "width", "height"},
    "path": {"id", "d", "style", "clip-path", "transform"},
    "rect": {"x", "y", "width", "height", "fill", "style"},
    "use": {"href", "x", "y", "style", "clip-path"},
    "text": {"style", "x", "y", "transform"},
}
"""Elements of a drawing that may be part of a page, and their attributes."""

_RULE = "*{stroke-linejoin: round; stroke-linecap: butt}"
"""The one style sheet that drawings of matplotlib have; templates/document.css says the same."""

_FAMILY = "font-family: 'Liberation Serif'"

_LOOK = re.compile(
    r"(fill|stroke|opacity|(fill|stroke)-opacity|stroke-(width|linejoin|linecap|dasharray|dashoffset|miterlimit)"
    r"|font-(size|weight|style)|text-anchor): (url\(#\w+\)|[\w#., -]+)"
)

_VALUE = re.compile(r"url\(#\w+\)|(?:(?:translate|scale|rotate|matrix)\(|[\w#+\-., )%\n])*")

_NAME = re.compile(r"\w+")

_SVG = "{http://www.w3.org/2000/svg}"

_FINE = re.compile(r"\d+\.\d{3,}")

_COLOUR = re.compile(r"#(\w)\1(\w)\2(\w)\3\b")

_USUAL = {_FAMILY, "font-size: 11px", "stroke-dashoffset: 0", "stroke-linecap: butt", ""}
"""Looks that browsers, or templates/document.css, give what says nothing else."""

_AT = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")

_LINES = re.compile(r"(?:[ML]-?[\d.]+ -?[\d.]+|z)+")


class _OtherError(Exception):
    """The drawing has something that ours never have."""


def drawing_in_page(svg: str, alt: str, number: int) -> str:
    """Return SVG as HTML, the drawing of that number in its page; "" where it has to stay an image of its own."""
    try:
        root = fromstring(printable(svg))
        if root.tag != f"{_SVG}svg":
            return ""
        frame = "".join(f' {name}="{_known(_VALUE, root.get(name))}"' for name in ("viewBox", "width", "height"))
        inside = "".join(_written(child, f"h{number}-") for child in root)
    except (ET.ParseError, ValueError, RecursionError, _OtherError):
        return ""
    return f'<svg role="img" aria-label="{escape_html(alt)}"{frame}>{inside}</svg>'


def _written(element: ET.Element, own: str) -> str:
    """Return an element as a page has it. own: what its names begin with. Raises _OtherError."""
    kind = element.tag.removeprefix(_SVG)
    if kind == "style" and element.text == _RULE:
        return ""
    if kind not in _KINDS:
        raise _OtherError
    items = dict(element.items())
    if kind == "text" and "x" not in items and (at := _AT.fullmatch(items.get("transform", ""))):
        items = items | {"transform": "", "x": at[1], "y": at[2]}
    told = "".join(_attribute(kind, key.rpartition("}")[2], value, own) for key, value in items.items())
    inside = escape_html(element.text or "") if kind == "text" else ""
    inside += "".join(_written(child, own) for child in element)
    if kind in ("g", "defs") and not (told and inside):  # matplotlib nests groups that say nothing
        return f"<defs>{inside}</defs>" if kind == "defs" and inside else inside
    return f"<{kind}{told}>{inside}</{kind}>" if inside else f"<{kind}{told}/>"


def _attribute(kind: str, key: str, value: str, own: str) -> str:
    """Return an attribute as a page has it, without what matters to nobody. Raises _OtherError."""
    if key not in _KINDS[kind]:
        raise _OtherError
    if key == "id":
        return "" if kind == "g" else f' id="{own}{_known(_NAME, value)}"'
    if key == "href":
        return f' href="#{own}{_known(_NAME, value.removeprefix("#"))}"'
    if key == "style":
        looks = [look.strip() for look in value.split(";")]
        value = ";".join(_known(_LOOK, look).replace(": ", ":") for look in looks if look not in _USUAL)
        value = _COLOUR.sub(r"#\1\2\3", value)
    else:
        value = " ".join(_known(_VALUE, value).split())
    value = _FINE.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
    value = _straight(re.sub(" ?([A-Za-z]) ?", r"\1", value)) if key == "d" else value
    return f' {key}="{value.replace("url(#", f"url(#{own}")}"' if value else ""


def _straight(path: str) -> str:
    """Return a path of lines with those that are level or upright by the one coordinate that changes."""
    if not _LINES.fullmatch(path):
        return path
    made, at = "", ("", "")
    for letter, x, y in re.findall(r"([MLz])(?:([^ MLz]+) ([^MLz]+))?", path):
        way = "z" if letter == "z" else f"{letter}{x} {y}"
        if letter == "L" and at != ("", ""):
            way = f"H{x}" if y == at[1] else f"V{y}" if x == at[0] else way
        made, at = made + way, (x, y)
    return made


def _known(form: re.Pattern[str], value: str | None) -> str:
    """Return a value that is of a form. Raises _OtherError."""
    if value is None or not form.fullmatch(value):
        raise _OtherError
    return value
