"""Pictures of every kind are shown in every format, or a word says that one is missing."""

import base64
import io
import re
import time
import zipfile
from typing import Any

import nbformat
import pytest
from matplotlib.figure import Figure as Canvas
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image

from giamngheo.export.document import Document, document
from giamngheo.export.foreign.images import image_svg, linked_svg
from giamngheo.export.html import html
from giamngheo.export.pdf import pdf
from giamngheo.export.refusals import BadImageError
from giamngheo.export.word.exporter import docx
from giamngheo.report.elements import Figure

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="50" height="50">%s</svg>'
)


def file(form: str, mode: str = "RGB", size: tuple[int, int] = (60, 30), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, form, **options)
    return buffer.getvalue()


def text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def shown(mime: str, content: str, **about: Any) -> Document:
    output = new_output("display_data", {mime: content, "text/plain": "<Figure size 1>"}, metadata={mime: about})
    return document(nbformat.v4.new_notebook(cells=[new_code_cell("x", execution_count=1, outputs=[output])]))


def inner(svg: str) -> Image.Image:
    found = re.search(r"base64,([^\"]+)", svg)
    assert found
    return Image.open(io.BytesIO(base64.b64decode(found[1])))


@pytest.mark.parametrize(
    ("form", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("GIF", "P"), ("WEBP", "RGBA"), ("AVIF", "RGB"), ("BMP", "RGB")]
    + [("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")],
)
def test_a_picture_is_shown_in_every_format(form: str, mode: str) -> None:
    made = shown(f"image/{form.lower()}", text(file(form, mode)), alt="Bản đồ xã")
    (figure,) = [part for part in made.parts if isinstance(part, Figure)]
    assert figure.alt == "Bản đồ xã"
    picture = inner(figure.svg)
    assert (picture.format, picture.size) in {("PNG", (60, 30)), ("JPEG", (60, 30))}
    assert picture.mode in {"1", "L", "LA", "P", "RGB", "RGBA"}
    assert 'alt="Bản đồ xã"' in html(made)
    assert b"/Image" in pdf(made)
    with zipfile.ZipFile(io.BytesIO(docx(made))) as archive:
        assert any(name.startswith("word/media/") for name in archive.namelist())


def test_a_picture_has_the_size_that_its_output_says() -> None:
    assert 'width="30" height="15"' in image_svg("image/png", text(file("PNG")), {"width": "30px"})
    assert 'width="60" height="30"' in image_svg("image/png", text(file("PNG")), {"width": "100%", "height": -1})


def test_a_photograph_stands_as_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert inner(image_svg("image/jpeg", text(file("JPEG", exif=exif)))).size == (30, 60)


def test_a_large_photograph_has_no_more_pixels_than_a_page_shows() -> None:
    svg = image_svg("image/jpeg", text(file("JPEG", size=(6000, 3000))))
    assert inner(svg).size == (2400, 1200)
    assert 'width="6000" height="3000"' in svg


def bomb(width: int, height: int) -> str:
    png = bytearray(file("PNG", "L", (1, 1)))
    png[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    import zlib

    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4, "big")
    return text(bytes(png))


LAUGHS = ['<g id="a0"><path d="M0 0h1"/></g>']
LAUGHS += [f'<g id="a{n}">{f"""<use href="#a{n - 1}"/>""" * 10}</g>' for n in range(1, 9)]

BAD = {
    "empty": ("image/png", ""),
    "zero bytes": ("image/png", text(bytes(200))),
    "not base64": ("image/png", "không phải ảnh"),
    "no picture": ("image/png", text(b"just some text, no picture")),
    "cut png": ("image/png", text(file("PNG"))[:60]),
    "cut jpeg": ("image/jpeg", text(file("JPEG", size=(300, 300))[:700])),
    "cut webp": ("image/webp", text(file("WEBP", size=(300, 300))[:60])),
    "cut gif": ("image/gif", text(file("GIF")[:20])),
    "bomb": ("image/png", bomb(60_000, 60_000)),
    "bomb of Pillow's": ("image/png", bomb(10_000, 10_000)),
    "bad checksum": ("image/png", text(file("PNG")[:40] + b"xxxx" + file("PNG")[44:])),
    "postscript": ("image/png", text(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")),
    "svg malformed": ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"><g></svg>'),
    "svg empty": ("image/svg+xml", ""),
    "svg of no size": ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>'),
    "svg that is html": ("image/svg+xml", "<html><body>x</body></html>"),
    "svg linked picture": ("image/svg+xml", SVG % '<image href="http://example.org/a.png" width="9" height="9"/>'),
    "svg relative picture": ("image/svg+xml", SVG % '<image xlink:href="secret.png" width="9" height="9"/>'),
    "svg file": ("image/svg+xml", SVG % '<image href="file:///etc/passwd" width="9" height="9"/>'),
    "svg bad picture": ("image/svg+xml", SVG % '<image href="data:image/png;base64,AAAA" width="9" height="9"/>'),
    "svg used from outside": ("image/svg+xml", SVG % '<use href="other.svg#a"/>'),
    "svg style behind a part of it": ("image/svg+xml", SVG % "<style>a{b:c}<x/>@import 'http://x.vn/a.css'</style>"),
    "svg style from outside": ("image/svg+xml", SVG % "<style>@import 'http://x.vn/a.css'; rect{x:calc(1)}</style>"),
    "svg picture of a style": (
        "image/svg+xml",
        SVG % "<rect style=\"fill: -webkit-image-set('http://x.vn/a.png' 1x)\"/>",
    ),
    "svg picture of a style sheet": ("image/svg+xml", SVG % "<style>rect{cursor:image-set('http://x.vn/a')}</style>"),
    "svg foreign object": ("image/svg+xml", SVG % "<foreignObject><p>x</p></foreignObject>"),
    "svg unknown prefix": ("image/svg+xml", SVG % "<inkscape:x/>"),
    "svg entities": ("image/svg+xml", '<!DOCTYPE svg [<!ENTITY a "aa">]>' + SVG % "<text>&a;</text>"),
    "svg deep": ("image/svg+xml", SVG % ("<g>" * 5000 + "</g>" * 5000)),
    "svg laughs": ("image/svg+xml", SVG % ("".join(LAUGHS))),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_costs_its_place_only(name: str) -> None:
    made = shown(*BAD[name], alt="bản đồ")
    page = html(made)
    assert "[Hình không hiển thị được: bản đồ (" in page
    assert "Figure size" not in page
    assert pdf(made).startswith(b"%PDF")
    assert docx(made)


@pytest.mark.parametrize("name", [name for name in BAD if name.startswith("svg ") and name != "svg empty"])
def test_a_bad_drawing_that_bears_our_mark_costs_its_place_only(name: str) -> None:
    data, metadata = Figure(BAD[name][1], "bản đồ", "Hình 1")._repr_mimebundle_()
    output = new_output("display_data", data, metadata=metadata)
    made = document(nbformat.v4.new_notebook(cells=[new_code_cell("x", execution_count=1, outputs=[output])]))
    assert pdf(made).startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(docx(made))) as archive:
        assert "Hình không hiển thị được: Hình 1" in archive.read("word/document.xml").decode()
    assert "http:" not in html(made).partition("<main>")[2].replace("http://www.w3.org/", "")


@pytest.mark.parametrize("size", ['width="1000000" height="1000000"', 'width="9" height="900000"', 'viewBox="0 0 9 9"'])
def test_a_drawing_of_any_size_is_no_larger_than_a_page(size: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect width="9" height="9"/></svg>'
    made = shown("image/svg+xml", svg)
    assert pdf(made).startswith(b"%PDF")
    with zipfile.ZipFile(io.BytesIO(docx(made))) as archive:
        (name,) = [name for name in archive.namelist() if name.startswith("word/media/")]
        width, height = Image.open(io.BytesIO(archive.read(name))).size
    assert width <= 1300
    assert height <= 1800


def test_a_drawing_loses_its_scripts_and_stays_as_it_is_without() -> None:
    harmless = SVG % '<rect width="9" height="9"/>'
    assert image_svg("image/svg+xml", harmless) == harmless
    cleaned = image_svg(
        "image/svg+xml",
        SVG % '<script>x()</script><a xlink:href="javascript:x()"><rect onclick="x()" width="9" height="9"/></a>',
    )
    assert not re.search(r"script|onclick", cleaned)
    assert "rect" in cleaned


OBEYED = {
    "animated link": "<a><set attributeName='href' to='javascript:x()'/>%s</a>",
    "animated copy": "<use href='#a'><animate attributeName='xlink:href' values='http://x.vn/a.svg#a'/></use>%s",
    "picture of a page": "<h:img src='http://x.vn/a.png'/>%s",
    "page in metadata": "<metadata><h:body background='http://x.vn/a.png'/></metadata>%s",
    "way to another page": "<h:meta http-equiv='refresh' content='0;url=http://x.vn'/>%s",
    "button": "<h:form action='javascript:x()'><h:button formaction='javascript:x()'/></h:form>%s",
    "base": "<g xml:base='http://x.vn/'>%s</g>",
    "unknown vocabulary": "<x:set xmlns:x='urn:x' href='#a' to='http://x.vn'/>%s",
    "style sheet before it": "<?xml-stylesheet href='http://x.vn/a.css'?>%s",
}


@pytest.mark.parametrize("name", OBEYED)
def test_a_drawing_opened_by_itself_asks_for_nothing(name: str) -> None:
    """Whoever opens a picture of a document by itself, in a browser, has no policy of ours around it."""
    drawn = '<text y="9">a<h:b>b</h:b>c</text>'
    svg = SVG.replace("<svg", '<svg xmlns:h="http://www.w3.org/1999/xhtml"') % (OBEYED[name] % drawn)
    cleaned = image_svg("image/svg+xml", svg)
    assert not re.search(r"javascript|x\.vn|xhtml", cleaned)
    assert re.findall(r">(\w)<", cleaned) == ["a", "c"]


def test_what_drawing_programs_note_stays() -> None:
    buffer = io.StringIO()
    Canvas().savefig(buffer, format="svg")
    assert image_svg("image/svg+xml", buffer.getvalue()) == buffer.getvalue()


MARKDOWN = {
    "attachment": "![bản đồ](attachment:a.png)",
    "with text": "xem ![bản đồ](attachment:a.png) này",
    "list": "- ![bản đồ](attachment:a.png)",
    "table": "|a|\n|-|\n|![bản đồ](attachment:a.png)|",
    "tag": '<img src="attachment:a.png" alt="bản đồ" width="100">',
    "tag in text": 'xem <img src="attachment:a.png" alt="bản đồ"> này',
    "tag in a block": '<div align="center"><img src="attachment:a.png" alt="bản đồ"></div>',
    "data": f"![bản đồ](data:image/png;base64,{text(file('PNG'))})",
    "jpeg data": f"![bản đồ](data:image/jpeg;base64,{text(file('JPEG'))})",
}


@pytest.mark.parametrize("name", MARKDOWN)
def test_pictures_of_markdown_are_shown(name: str) -> None:
    cell = new_markdown_cell(MARKDOWN[name])
    cell["attachments"] = {"a.png": {"image/png": text(file("PNG"))}}
    made = document(nbformat.v4.new_notebook(cells=[cell]))
    assert re.search(r'<img src="data:image/svg\+xml;[^"]+" alt="bản đồ">', html(made))
    assert b"/Image" in pdf(made)
    with zipfile.ZipFile(io.BytesIO(docx(made))) as archive:
        assert any(name.startswith("word/media/") for name in archive.namelist())


@pytest.mark.parametrize(
    "address",
    ["attachment:b.png", "a.png", "https://x.vn/a.png", "file:///etc/passwd", "data:image/png;base64,AA", "data:,", ""],
)
def test_a_missing_picture_of_markdown_is_told(address: str) -> None:
    for markdown in (f"![bản đồ](<{address}>)", f'<img src="{address}" alt="bản đồ">'):
        cell = new_markdown_cell(markdown)
        cell["attachments"] = {"a.png": {"image/png": text(file("PNG"))}}
        assert "[Hình không hiển thị được: bản đồ (" in html(document(nbformat.v4.new_notebook(cells=[cell])))


@pytest.mark.parametrize("attachments", [{}, {"a.png": None}, {"a.png": {}}, {"a.png": {"image/png": 1}}, None])
def test_forged_attachments_are_told(attachments: Any) -> None:
    with pytest.raises(BadImageError):
        linked_svg("attachment:a.png", attachments)


def test_a_long_address_takes_linear_time() -> None:
    def seconds(length: int) -> float:
        cell = new_markdown_cell(f"![x](data:image/png;base64,{'A' * length})")
        begin = time.process_time()
        document(nbformat.v4.new_notebook(cells=[cell]))
        return time.process_time() - begin

    assert seconds(1_000_000) < 30
