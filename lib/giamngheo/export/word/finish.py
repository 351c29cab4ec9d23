"""What pandoc leaves undone in a Word document: whole rows, full widths, the signs of official lists."""

import copy
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise

from giamngheo.export.word.reference import LANDSCAPE, LANDSCAPE_WIDTH, TEXT_WIDTH
from giamngheo.export.word.styles import W

_PREFIXES = {
    "w": W,
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}

_LONGEST_WHOLE_TABLE = 15
"""Rows of a table, with those of its header, that is kept on one page."""

_LONGEST_WHOLE_ROW = 1000
"""Letters of a row beyond which it may be higher than a page, and goes on on the next."""

_INDENTS = {"-": 567, "+": 850}
"""First-line indents by sign, in twentieths of a point."""


def _tag(name: str) -> str:
    return f"{{{W}}}{name}"


_SECTION_END = f"{_tag('pPr')}/{_tag('sectPr')}"
"""Where the last paragraph of a section keeps how its pages are."""


def finished_document(part: bytes) -> bytes:
    """Return the part word/document.xml with its tables as wide as the text and their rows kept whole.

    The rows of a short table stay together; the last one of any stays with what follows, unless that is a heading or
    the next table or figure: those would draw a page full of tables after them.
    """
    root = ET.fromstring(part)
    lying = set(_lying_tables(root))
    _complete_sections(root)
    followers = {child: after for parent in root.iter() for child, after in pairwise(parent)}
    for table in root.iter(_tag("tbl")):
        _widen(table, LANDSCAPE_WIDTH if table in lying else TEXT_WIDTH)
        if table in lying:
            _narrow_margins(table)
        rows = table.findall(_tag("tr"))
        for row in rows:
            if not _is_tall(row):
                _keep_whole(row)
            _style_blanks(row)
        first = 0 if len(rows) <= _LONGEST_WHOLE_TABLE else len(rows) - 1
        last = len(rows) if _belongs_to_what_is_before(followers.get(table)) else len(rows) - 1
        for row in rows[first:last]:
            if not _is_tall(row):
                _keep_with_next(row)
    return _serialised(root)


def finished_numbering(part: bytes) -> bytes:
    """Return the part word/numbering.xml whose lists have official signs: a dash, a plus beneath, no hanging lines."""
    root = ET.fromstring(part)
    for level in root.iter(_tag("lvl")):
        kind = level.find(_tag("numFmt"))
        if kind is not None and kind.get(_tag("val")) == "bullet":
            _make_official(level, kind)
    return _serialised(root)


def _lying_tables(root: ET.Element) -> Iterator[ET.Element]:
    """Yield the tables on pages that lie on their side, as word.lua marked the ends of their sections."""
    waiting: list[ET.Element] = []
    for element in root.iterfind(f"{_tag('body')}/*"):
        waiting += element.iter(_tag("tbl"))
        if (section := element.find(_SECTION_END)) is not None:
            yield from waiting if len(section) else ()
            waiting = []


def _complete_sections(root: ET.Element) -> None:
    """Give the marked ends of sections the head, foot and margins of the document, which pandoc gives its last one.

    The first page of the document only has no number. Nothing follows a last table on its side: not even a page.
    """
    (body,) = root.iterfind(_tag("body"))
    last = body[-1]
    ends = [element for element in body if element.find(_SECTION_END) is not None]
    for place, paragraph in enumerate(ends):
        (marked,) = paragraph.iterfind(_SECTION_END)
        is_lying, section = len(marked) > 0, copy.deepcopy(last)
        if place:
            _remove(section, "titlePg")
        if is_lying:
            _lay_down(section)
        (properties,) = paragraph.iterfind(_tag("pPr"))
        properties.remove(marked)
        properties.append(section)
    if ends:
        _remove(last, "titlePg")
    if ends and body[-2] is ends[-1]:
        _lay_down(last)
        body.remove(ends[-1])


def _lay_down(section: ET.Element) -> None:
    for name, values in LANDSCAPE.items():
        (element,) = section.iterfind(_tag(name))
        for key, value in values.items():
            element.set(_tag(key), value)


def _remove(section: ET.Element, name: str) -> None:
    for element in section.findall(_tag(name)):
        section.remove(element)


def _narrow_margins(table: ET.Element) -> None:
    """Give the cells of a table of many columns less room at their sides."""
    (properties,) = table.iterfind(_tag("tblPr"))
    margins = ET.Element(_tag("tblCellMar"))
    for side in ("left", "right"):
        ET.SubElement(margins, _tag(side), {_tag("w"): "40", _tag("type"): "dxa"})
    look = properties.find(_tag("tblLook"))
    properties.insert(len(properties) if look is None else list(properties).index(look), margins)


def _widen(table: ET.Element, width_of_text: int) -> None:
    columns = table.findall(f"{_tag('tblGrid')}/{_tag('gridCol')}")
    widths = [int(column.get(_tag("w"), "0")) for column in columns]
    for column, width in zip(columns, widths, strict=True):
        if width:
            column.set(_tag("w"), str(round(width * width_of_text / sum(widths))))


def _is_tall(row: ET.Element) -> bool:
    return sum(map(len, row.itertext())) > _LONGEST_WHOLE_ROW


def _keep_whole(row: ET.Element) -> None:
    properties = row.find(_tag("trPr"))
    if properties is None:
        properties = ET.Element(_tag("trPr"))
        row.insert(0, properties)
    properties.insert(0, ET.Element(_tag("cantSplit")))


def _style_blanks(row: ET.Element) -> None:
    """Give blank cells the style of another cell: in the style of body text they would make the row higher."""
    style = row.find(f".//{_tag('pStyle')}")
    for paragraph in row.iter(_tag("p")):
        if style is not None and paragraph.find(f".//{_tag('pStyle')}") is None:
            properties = paragraph.find(_tag("pPr"))
            owner = ET.SubElement(paragraph, _tag("pPr")) if properties is None else properties
            owner.insert(0, ET.Element(_tag("pStyle"), style.attrib))


def _belongs_to_what_is_before(follower: ET.Element | None) -> bool:
    """Return whether what follows a table is a note of it, or words, or the signature."""
    style = None if follower is None else follower.find(f"{_tag('pPr')}/{_tag('pStyle')}")
    name = "" if style is None else style.get(_tag("val"), "")
    return follower is not None and not name.startswith(("Heading", "TableCaption", "CaptionedFigure"))


def _keep_with_next(row: ET.Element) -> None:
    for properties in row.iter(_tag("pPr")):
        style = properties.find(_tag("pStyle"))
        properties.insert(0 if style is None else 1, ET.Element(_tag("keepNext")))


def _make_official(level: ET.Element, kind: ET.Element) -> None:
    sign = "+" if int(level.get(_tag("ilvl"), "0")) % 2 else "-"
    for child in list(level)[list(level).index(kind) + 1 :]:
        level.remove(child)
    for name, value in (("suff", "space"), ("lvlText", sign), ("lvlJc", "left")):
        ET.SubElement(level, _tag(name), {_tag("val"): value})
    properties = ET.SubElement(level, _tag("pPr"))
    ET.SubElement(properties, _tag("ind"), {_tag("left"): "0", _tag("firstLine"): str(_INDENTS[sign])})


def _serialised(root: ET.Element) -> bytes:
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)
