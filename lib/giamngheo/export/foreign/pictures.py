"""Pictures of a notebook made fit for every format, and why some cannot be.

Every picture becomes a drawing (SVG) that holds all it shows: it loads nothing and runs nothing. A PNG or JPEG file of
an ordinary kind stays as it is in it, any other is made one.
"""

import base64
import binascii
import io
import math
import warnings
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote_to_bytes

from PIL import Image, ImageOps

from giamngheo.export.foreign.drawings import checked_drawing, require_drawable
from giamngheo.export.refusals import BadPictureError

SVG = "image/svg+xml"

MIME_TYPES = (SVG, "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/bmp", "image/tiff")
"""Kinds of pictures that an output may hold, the best first."""

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")

_KEPT = {"PNG": {"1", "L", "LA", "P", "RGB", "RGBA"}, "JPEG": {"L", "RGB"}, "MPO": {"RGB"}}
"""Formats and colours of files that stay as they are: browsers, Word, LibreOffice and Typst show them alike."""

_MOST_PIXELS = 60_000_000

_LONGEST_SIDE = 2400
"""Pixels beyond which a picture is made smaller: 300 to an inch of a page."""

_ORIENTATION = 0x0112
"""Number of the Exif tag that says how a camera was held."""

Sizes = Mapping[str, Any]
"""What an output or a tag says of "width" and "height" of its picture, in pixels."""


def drawing_of(mime: str, content: Any, sizes: Sizes | None = None) -> str:
    """Return the picture of an output as a drawing. Raises BadPictureError."""
    text = "".join(content) if isinstance(content, list) else content
    if not isinstance(text, str):
        raise BadPictureError("tệp hình hỏng")
    if mime == SVG:
        drawing = checked_drawing(text, linked_drawing)
        require_drawable(drawing)
        return drawing
    return _wrapped(_from_base64("".join(text.split())), sizes or {})


def linked_drawing(address: str, attachments: Mapping[str, Any] | None = None, sizes: Sizes | None = None) -> str:
    """Return the picture at an address, which is among `attachments` or is the picture itself.

    Raises BadPictureError, also for a picture that is elsewhere: a document loads nothing.
    """
    scheme, _, rest = address.strip().partition(":")
    if scheme.lower() == "attachment":
        held = (attachments or {}).get(rest)
        if not isinstance(held, Mapping) or not (kinds := [kind for kind in MIME_TYPES if kind in held]):
            raise BadPictureError("không kèm trong sổ tay")
        return drawing_of(kinds[0], held[kinds[0]], sizes)
    if scheme.lower() != "data":
        raise BadPictureError("nằm ngoài sổ tay")
    head, _, body = rest.partition(",")
    kind, *options = head.lower().split(";")
    content = unquote_to_bytes(body)
    if "base64" in options:
        content = _from_base64("".join(content.decode("ascii", "replace").split()))
    return drawing_of(SVG, content.decode("utf-8", "replace")) if kind == SVG else _wrapped(content, sizes or {})


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPictureError("tệp hình hỏng") from error


def _wrapped(content: bytes, sizes: Sizes) -> str:
    """Return a picture of pixels as a drawing."""
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
                    raise BadPictureError("hình quá lớn")
                return _read(image, content)
        except Image.DecompressionBombError as error:
            raise BadPictureError("hình quá lớn") from error
        except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError) as error:
            raise BadPictureError("tệp hình hỏng") from error  # Pillow's own readers raise all of these


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
    """Return a picture in greys or colours of eight bits."""
    if image.mode.startswith(("I", "F")):
        grey = image.convert("F")
        _, lightest = cast("tuple[float, float]", grey.getextrema())
        most = 65535 if lightest > 255 else 255 if lightest > 1 else 1
        return grey.point(lambda value: value * (255 / most)).convert("L")
    if image.mode in ("L", "RGB", "RGBA"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
