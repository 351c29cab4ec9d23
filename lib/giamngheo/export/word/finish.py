"""What pandoc leaves undone in a Word document: whole rows, full widths, the signs of official lists."""

import xml.etree.ElementTree as ET
from itertools import pairwise

from giamngheo.export.word.reference import TEXT_WIDTH
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


def finished_document(part: bytes) -> bytes:
    """Return the part word/document.xml with its tables as wide as the text and their rows kept whole.

    The rows of a short table stay together; the last one of any stays with what follows, unless that is a heading or
    the next table or figure: those would draw a page full of tables after them.
    """
    root = ET.fromstring(part)
    followers = {child: after for parent in root.iter() for child, after in pairwise(parent)}
    for table in root.iter(_tag("tbl")):
        _widen(table)
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


def _widen(table: ET.Element) -> None:
    columns = table.findall(f"{_tag('tblGrid')}/{_tag('gridCol')}")
    widths = [int(column.get(_tag("w"), "0")) for column in columns]
    for column, width in zip(columns, widths, strict=True):
        if width:
            column.set(_tag("w"), str(round(width * TEXT_WIDTH / sum(widths))))


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


def _tag(name: str) -> str:
    return f"{{{W}}}{name}"


def _serialised(root: ET.Element) -> bytes:
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)
