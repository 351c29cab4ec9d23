"""Foreign drawings (SVG) that are safe to show: they load nothing, run nothing and can be drawn in bounded time."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import typst
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from giamngheo.export.refusals import BadPictureError
from giamngheo.export.typesetting import compiled
from giamngheo.report.elements.markup import typst_string

_LONGEST = 20_000_000

_DEEPEST = 200

_MOST_SHAPES = 200_000
"""Shapes of a drawing, those that are used again counted again: ten short lines can make a thousand million."""

_UNDRAWN = frozenset({"foreignObject", "iframe", "embed", "object", "video", "audio", "canvas"})
"""Elements that browsers alone draw, so that a printed document would lack them."""

_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")\s]*)")

_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")

_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!['\"#]|data:)|@import|\\", re.IGNORECASE)
"""What a style says of something outside, or hides from us by escapes."""


def checked_drawing(svg: str, linked: Callable[[str], str]) -> str:
    """Return a drawing without its scripts. linked: reads a picture within it by its address.

    Raises BadPictureError. What Typst alone finds in it is found by `require_drawable`.
    """
    root = _parsed(svg)
    for element in root.iter():
        _check(element, linked)
    if _shapes(root, _by_id(root), {}) > _MOST_SHAPES:
        raise BadPictureError("hình có quá nhiều nét")
    return _without_scripts(root, svg)


def _parsed(svg: str) -> ET.Element:
    if len(svg) > _LONGEST:
        raise BadPictureError("hình quá lớn")
    depth, root = 0, None
    try:
        for event, element in iterparse(io.BytesIO(svg.encode()), events=("start", "end")):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise BadPictureError("hình lồng quá nhiều lớp")
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadPictureError("tệp hình hỏng") from error
    if root is None or _name(root) != "svg":
        raise BadPictureError("tệp hình hỏng")
    return root


def _check(element: ET.Element, linked: Callable[[str], str]) -> None:
    """Require that an element can be drawn and shows nothing from outside."""
    name = _name(element)
    if name in _UNDRAWN:
        raise BadPictureError("hình có phần chỉ trình duyệt vẽ được")
    address = _address(element)
    if name in ("image", "feImage") and not address.startswith("#"):
        linked(address)
    elif address and name != "a" and not address.startswith("#"):
        raise BadPictureError("hình trỏ ra ngoài sổ tay")
    styles = [value for key, value in element.attrib.items() if key not in _HREFS and "(" in value]
    if any(map(_OUTSIDE.search, [*styles, (element.text or "") if name == "style" else ""])):
        raise BadPictureError("hình trỏ ra ngoài sổ tay")


def _by_id(root: ET.Element) -> dict[str, ET.Element]:
    return {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}


def _shapes(element: ET.Element, by_id: dict[str, ET.Element], known: dict[ET.Element, int]) -> int:
    """Return how many shapes an element draws; one that uses itself is not drawn again."""
    if element not in known:
        known[element] = 0
        used = [
            _address(element)[1:],
            *(name for value in element.attrib.values() for name in _REFERENCE.findall(value)),
        ]
        drawn = [*element, *(by_id[name] for name in used if name in by_id)]
        try:
            known[element] = 1 + sum(_shapes(other, by_id, known) for other in drawn)
        except RecursionError as error:
            raise BadPictureError("hình lồng quá nhiều lớp") from error
    return known[element]


def _without_scripts(root: ET.Element, svg: str) -> str:
    """Return a drawing without what runs in a browser: as it is written, where nothing does."""
    scripts = [(parent, child) for parent in root.iter() for child in parent if _name(child) == "script"]
    handlers = [(element, key) for element in root.iter() for key in element.attrib if key.lower().startswith("on")]
    links = [element for element in root.iter() if _name(element) == "a" and _address(element)]
    if not scripts and not handlers and not links:
        return svg
    for parent, child in scripts:
        parent.remove(child)
    for element, key in handlers:
        del element.attrib[key]
    for element in links:
        for key in _HREFS:
            element.attrib.pop(key, None)
    return ET.tostring(root, encoding="unicode")


def require_drawable(svg: str) -> None:
    """Require that Typst can draw it, so that it does not fail with the whole document around it.

    Raises BadPictureError.
    """
    try:
        compiled(
            f'#set page(width: 1cm, height: 1cm, margin: 0pt)\n#image(bytes({typst_string(svg)}), format: "svg",'
            " width: 1cm)",
            form="svg",
        )
    except typst.TypstError as error:
        raise BadPictureError("tệp hình hỏng") from error


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _address(element: ET.Element) -> str:
    """Return what an element refers to, "" where it refers to nothing."""
    return next((element.attrib[key].strip() for key in _HREFS if key in element.attrib), "")
