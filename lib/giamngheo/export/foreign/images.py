"""Images of a notebook made fit for every format, and why some cannot be.

Every image becomes SVG that holds all it shows: it loads nothing, runs nothing and can be drawn in bounded time. A PNG
or JPEG file of an ordinary kind stays as it is in it, any other is made one.
"""

import base64
import binascii
import io
import math
import re
import subprocess
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import unquote_to_bytes

import typst
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from PIL import Image, ImageOps

from giamngheo.core.isolation import isolated
from giamngheo.export.refusals import BadImageError
from giamngheo.export.typesetting import UNREADABLE, image_page

SVG = "image/svg+xml"

MIME_TYPES = (SVG, "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/bmp", "image/tiff")
"""Kinds of images that an output may hold, the best first."""

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")

_KEPT = {"PNG": {"1", "L", "LA", "P", "RGB", "RGBA"}, "JPEG": {"L", "RGB"}, "MPO": {"RGB"}}
"""Formats and colours of files that stay as they are: browsers, Word, LibreOffice and Typst show them alike."""

_MOST_PIXELS = 60_000_000

_LONGEST_SIDE = 2400
"""Pixels beyond which an image is made smaller: 300 to an inch of a page."""

_ORIENTATION = 0x0112
"""Number of the Exif tag that says how a camera was held."""

Sizes = Mapping[str, Any]
"""What an output or a tag says of "width" and "height" of its image, in pixels."""

_LONGEST_SVG = 20_000_000

_DEEPEST = 200

_MOST_SHAPES = 200_000
"""Shapes of SVG, those that are used again counted again: ten short lines can make a thousand million."""

_MOST_PLAIN = 2000
"""Shapes and letters up to which an image of nothing but shapes and letters is surely drawn soon."""

_ELABORATE = frozenset({"filter", "image", "marker", "mask", "textPath"})
"""Elements of which a few can take hours."""

_ELABORATE_STYLE = re.compile(r"filter|url\(", re.IGNORECASE)
"""The same in a style sheet."""

_PATIENCE = 300
"""Seconds of the clock: on a machine that is busy an image is drawn as on any other."""

_BROKEN = "tệp hình hỏng"

_UNDRAWN = frozenset({"foreignObject", "iframe", "embed", "object", "video", "audio", "canvas"})
"""Elements that browsers alone draw, so that a printed document would lack them."""

_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")\s]*)")

_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")

_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!['\"#]|data:)|(?:image|image-set|src)\(|@import|\\", re.IGNORECASE)
"""What a style says of something outside, or hides from us by escapes."""

_INERT = re.compile(
    r"\{http://www\.w3\.org/(2000/svg|1999/02/22-rdf-syntax-ns#)\}"
    r"|\{http://(purl\.org/dc|creativecommons\.org|www\.inkscape\.org|sodipodi\.sourceforge\.net)/"
)
"""Vocabularies of elements that stay: drawings and what drawing programs note of them. A browser obeys others."""

_RUNS = frozenset({"script", "set", "animate", "animateColor", "animateMotion", "animateTransform", "discard"})
"""Elements that do something, some of them to the address of others; a document stands still."""

_INSTRUCTION = re.compile(r"<\?(?!xml\s)", re.IGNORECASE)

_BASE = "{http://www.w3.org/XML/1998/namespace}base"

_UNSEEN = "{http://www.w3.org/2000/svg}desc"


def image_svg(mime: str, content: Any, sizes: Sizes | None = None) -> str:
    """Return the image of an output as SVG. Raises BadImageError."""
    text = "".join(content) if isinstance(content, list) else content
    if not isinstance(text, str):
        raise BadImageError(_BROKEN)
    if mime == SVG:
        svg = checked_svg(text, linked_svg)
        require_drawable(svg)
        return svg
    return _wrapped(_from_base64("".join(text.split())), sizes or {})


def linked_svg(address: str, attachments: Mapping[str, Any] | None = None, sizes: Sizes | None = None) -> str:
    """Return the image at an address, which is among `attachments` or is the image itself.

    Raises BadImageError, also for an image that is elsewhere: a document loads nothing.
    """
    scheme, _, rest = address.strip().partition(":")
    if scheme.lower() == "attachment":
        held = (attachments or {}).get(rest)
        if not isinstance(held, Mapping) or not (kinds := [kind for kind in MIME_TYPES if kind in held]):
            raise BadImageError("không kèm trong sổ tay")
        return image_svg(kinds[0], held[kinds[0]], sizes)
    if scheme.lower() != "data":
        raise BadImageError("nằm ngoài sổ tay")
    head, _, body = rest.partition(",")
    kind, *options = head.lower().split(";")
    content = unquote_to_bytes(body)
    if "base64" in options:
        content = _from_base64("".join(content.decode("ascii", "replace").split()))
    return image_svg(SVG, content.decode("utf-8", "replace")) if kind == SVG else _wrapped(content, sizes or {})


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadImageError(_BROKEN) from error


def _wrapped(content: bytes, sizes: Sizes) -> str:
    """Return an image of pixels as SVG."""
    kind, content, (width, height) = _ordinary(content)
    shown = _length(sizes.get("width")), _length(sizes.get("height"))
    across = shown[0] or (width * shown[1] / height if shown[1] else width)
    down = shown[1] or height * across / width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across:g}" height="{down:g}">'
        f'<image width="{across:g}" height="{down:g}" preserveAspectRatio="none"'
        f' href="data:image/{kind};base64,{base64.b64encode(content).decode()}"/></svg>'
    )


def _length(value: Any) -> float:
    """Return a length in pixels as a number, 0 where there is none that makes sense."""
    try:
        number = float(str(value).strip().removesuffix("px"))
    except ValueError:
        return 0.0
    return number if 1 <= number <= 10_000 else 0.0


def _ordinary(content: bytes) -> tuple[str, bytes, tuple[int, int]]:
    """Return a PNG or JPEG file that every program shows, its kind before it and its size behind it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Pillow finds odd but can read
        try:
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                if math.prod(image.size) > _MOST_PIXELS:
                    raise BadImageError("hình quá lớn")
                return _read(image, content)
        except Image.DecompressionBombError as error:
            raise BadImageError("hình quá lớn") from error
        except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError) as error:
            raise BadImageError(_BROKEN) from error  # Pillow's own readers raise all of these


def _read(image: Image.Image, content: bytes) -> tuple[str, bytes, tuple[int, int]]:
    kind = "jpeg" if image.format in ("JPEG", "MPO") else "png"
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    image.load()
    if not turned and max(image.size) <= _LONGEST_SIDE and image.mode in _KEPT.get(image.format or "", ()):
        return kind, content, image.size
    pixels = _eight_bits(ImageOps.exif_transpose(image))
    size = pixels.size
    pixels.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    buffer = io.BytesIO()
    pixels.save(buffer, kind, **({"quality": 90} if kind == "jpeg" else {}))
    return kind, buffer.getvalue(), size


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return an image in greys or colours of eight bits."""
    if image.mode.startswith(("I", "F")):
        grey = image.convert("F")
        _, lightest = cast("tuple[float, float]", grey.getextrema())
        most = 65535 if lightest > 255 else 255 if lightest > 1 else 1
        return grey.point(lambda value: value * (255 / most)).convert("L")
    if image.mode in ("L", "RGB", "RGBA"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def checked_svg(svg: str, linked: Callable[[str], str]) -> str:
    """Return SVG without its scripts. linked: reads an image within it by its address.

    Raises BadImageError, also for one that is not drawn in bounded time.
    """
    root = _parsed(svg)
    for element in root.iter():
        _check(element, linked)
    shapes = _shapes(root, _by_id(root), {})
    if shapes > _MOST_SHAPES:
        raise BadImageError("hình có quá nhiều nét")
    drawn = _without_scripts(root, svg)
    if shapes > _MOST_PLAIN or any(map(_is_elaborate, root.iter())):
        require_drawn_soon(drawn)
    return drawn


def _is_elaborate(element: ET.Element) -> bool:
    """Return whether an element may take any time: what style sheets refer to is not among the shapes counted."""
    name, attributes = _name(element), element.attrib
    if name == "style":
        return bool(_ELABORATE_STYLE.search("".join(element.itertext())))
    return name in _ELABORATE or "filter" in attributes or "filter" in attributes.get("style", "").lower()


def _parsed(svg: str) -> ET.Element:
    if len(svg) > _LONGEST_SVG:
        raise BadImageError("hình quá lớn")
    depth, root = 0, None
    try:
        for event, element in iterparse(io.BytesIO(svg.encode()), events=("start", "end")):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise BadImageError("hình lồng quá nhiều lớp")
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadImageError(_BROKEN) from error
    if root is None or _name(root) != "svg":
        raise BadImageError(_BROKEN)
    return root


def _check(element: ET.Element, linked: Callable[[str], str]) -> None:
    """Require that an element can be drawn and shows nothing from outside."""
    name = _name(element)
    if name in _UNDRAWN:
        raise BadImageError("hình có phần chỉ trình duyệt vẽ được")
    address = _address(element)
    if name in ("image", "feImage") and not address.startswith("#"):
        linked(address)
    elif address and name != "a" and not address.startswith("#"):
        raise BadImageError("hình trỏ ra ngoài sổ tay")
    styles = [value for key, value in element.attrib.items() if key not in _HREFS and "(" in value]
    if any(map(_OUTSIDE.search, [*styles, "".join(element.itertext()) if name == "style" else ""])):
        raise BadImageError("hình trỏ ra ngoài sổ tay")


def _by_id(root: ET.Element) -> dict[str, ET.Element]:
    return {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}


def _shapes(element: ET.Element, by_id: dict[str, ET.Element], known: dict[ET.Element, int]) -> int:
    """Return how many shapes and letters an element draws; one that uses itself is not drawn again."""
    if element not in known:
        known[element] = 0
        used = [
            _address(element)[1:],
            *(name for value in element.attrib.values() for name in _REFERENCE.findall(value)),
        ]
        drawn = [*element, *(by_id[name] for name in used if name in by_id)]
        try:
            letters = len("".join(element.itertext())) if _name(element) == "text" else 0
            known[element] = 1 + letters + sum(_shapes(other, by_id, known) for other in drawn)
        except RecursionError as error:
            raise BadImageError("hình lồng quá nhiều lớp") from error
    return known[element]


def _without_scripts(root: ET.Element, svg: str) -> str:
    """Return SVG without what a browser obeys that draws nothing: as it is written, where there is nothing of it."""
    obeyed = [element for element in root.iter() if _is_obeyed(element)]
    told = [(element, key) for element in root.iter() for key in element.attrib if _is_told(element, key)]
    if not obeyed and not told and not _INSTRUCTION.search(svg):
        return svg
    for element in obeyed:
        text_behind = element.tail
        element.clear()
        element.tag, element.tail = _UNSEEN, text_behind
    for element, key in told:
        element.attrib.pop(key, None)
    return ET.tostring(root, encoding="unicode")


def _is_obeyed(element: ET.Element) -> bool:
    return _name(element) in _RUNS or not _INERT.match(str(element.tag))


def _is_told(element: ET.Element, key: str) -> bool:
    """Return whether an attribute is a handler, the address of a link or what other addresses begin with."""
    return key.lower().startswith("on") or key == _BASE or (_name(element) == "a" and key in _HREFS)


def require_drawable(svg: str) -> None:
    """Require that Typst can read it, so that it does not fail with the whole document around it.

    Raises BadImageError.
    """
    try:
        image_page(svg, ("1cm", "1cm"), "svg")
    except typst.TypstError as error:
        raise BadImageError(_BROKEN) from error


def require_drawn_soon(svg: str) -> None:
    """Require that a process of its own draws it as large as a page within bounds. Raises BadImageError."""
    command = isolated("from giamngheo.export.typesetting import main; main()")
    try:
        status = subprocess.run(command, input=svg.encode(), capture_output=True, timeout=_PATIENCE).returncode
    except subprocess.TimeoutExpired:
        status = None
    if status != 0:
        raise BadImageError(_BROKEN if status == UNREADABLE else "vẽ quá lâu hoặc tốn quá nhiều bộ nhớ")


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _address(element: ET.Element) -> str:
    """Return what an element refers to, "" where it refers to nothing."""
    return next((element.attrib[key].strip() for key in _HREFS if key in element.attrib), "")
