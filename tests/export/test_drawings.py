"""Drawings in a page: ours are part of it, whatever could do more than be seen is not."""

import re
import xml.etree.ElementTree as ET

import pytest

from giamngheo.export.drawings import drawing_in_page
from giamngheo.report.drawing.letters import write
from giamngheo.report.drawing.looks import Look, fill
from giamngheo.report.drawing.sheet import sheet, svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9pt" height="9pt">'


@pytest.fixture(scope="module")
def drawn() -> str:
    with sheet() as axes:
        fill(axes, [(0.1, 0.1, 0.123456, 0.2)], Look("white", "lines"), axes.transData)
        write(axes, ["Xã <A> & 'B'"], [(0.5, 0.5)], axes.transData)
        return svg(axes)


def test_a_drawing_of_ours_is_part_of_the_page(drawn: str) -> None:
    shown = drawing_in_page(drawn, 'Hình "1"', 7)
    root = ET.fromstring(shown)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'Hình "1"')
    assert "Xã <A> & 'B'" in [text.text for text in root.iter("text")]
    assert "Liberation" not in shown
    assert not re.findall(r"\d\.\d{3}", shown)
    names = {element.get("id", "") for element in root.iter()} - {""}
    assert set(re.findall(r"#(h\w+-\w+)", shown)) == names
    assert all(name.startswith("h7-") for name in names)


def test_lines_that_are_level_or_upright_say_so() -> None:
    drawn = '<path d="M1 2L3 2L3 4L1 4zM1 4L1 4.5L2 5zM0 5L1 1"/><path d="M1 2C1 2 3 4 5 6L5 6"/>'
    shown = drawing_in_page(f"{HEAD}{drawn}</svg>", "", 1)
    assert re.findall(' d="(.*?)"', shown) == ["M1 2H3V4H1zM1 4V4.5L2 5zM0 5L1 1", "M1 2C1 2 3 4 5 6L5 6"]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<style>*{position:fixed}</style>",
        '<a href="https://x"><text>x</text></a>',
        '<image href="data:image/png;base64,AA"/>',
        '<g onclick="alert(1)"/>',
        '<path style="fill: url(https://x)"/>',
        '<path style="position: fixed"/>',
        '<rect fill="url(x.svg)" width="1"/>',
        '<rect fill="URL(x.svg)" width="1"/>',
        '<rect fill="&#10;url(x.svg)" width="1"/>',
        '<rect fill="url (x.svg)" width="1"/>',
        '<rect fill="image-set(x.svg)" width="1"/>',
        "<g>" * 9_999 + "</g>" * 9_999,
        '<use href="other.svg#a"/>',
        '<g xmlns:h="http://www.w3.org/1999/xhtml"><h:b>x</h:b></g>',
        "<foreignObject/>",
        "<path",
        '<path id="a b"/>',
    ],
)
def test_what_could_do_more_than_be_seen_stays_an_image(inside: str) -> None:
    assert drawing_in_page(f"{HEAD}{inside}</svg>", "", 1) == ""


@pytest.mark.parametrize("svg", ["", "<svg/>", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'])
def test_a_drawing_without_size_stays_an_image(svg: str) -> None:
    assert drawing_in_page(svg, "", 1) == ""
