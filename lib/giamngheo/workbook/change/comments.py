"""Comments added to the cells of a sheet, beside those that stand there."""

import re
from collections.abc import Iterator, Mapping
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import quoteattr

from openpyxl.utils import get_column_letter

from giamngheo.workbook.change.elements import (
    Edit,
    Element,
    UnusualXmlError,
    appended,
    edited,
    elements,
    local,
    start_tag,
    text_of,
)
from giamngheo.workbook.change.parts import DOCUMENT, Parts, add_part, free_name, related, relations

AUTHOR = "giamngheo"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument."
_COMMENTS = f'<comments xmlns="{_MAIN}"><authors/><commentList/></comments>'
_NAMESPACES = {
    "xmlns:v": "urn:schemas-microsoft-com:vml",
    "xmlns:o": "urn:schemas-microsoft-com:office:office",
    "xmlns:x": "urn:schemas-microsoft-com:office:excel",
}
_BOX = "_x0000_t202"
_SHAPE = "_x0000_s"
_FIRST_SHAPE = 1025
_SHAPE_TYPE = (
    f'<v:shapetype id="{_BOX}" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_LATER = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent"),
    *("webPublishItems", "tableParts", "extLst"),
)
"""What stands behind the drawing of the comments in a sheet."""

Place = tuple[int, int]
"""Row and column."""


def commented(parts: Parts, sheet: str, notes: Mapping[Place, str]) -> list[Edit]:
    """Add notes to the cells of a sheet; return the edits that the sheet itself needs for them.

    None is added where the boxes in which the comments of the sheet stand are not drawn as Excel draws them.
    """
    content = parts.content(sheet)
    tails = [("worksheet", name) for name in ("legacyDrawing", *_LATER)]
    found = list(elements(content, tails))
    if not found:
        raise UnusualXmlError
    drawing = next((entry for entry in found if entry.name == "legacyDrawing"), None)
    boxes = "" if drawing is None else _target(parts, sheet, drawing)
    try:
        drawn = _drawn(parts.content(boxes) if boxes else _empty_drawing(), notes)
    except (ExpatError, UnusualXmlError):
        return []
    _write_notes(parts, sheet, notes)
    if boxes:
        parts.changed[boxes] = drawn
        return []
    name = free_name(parts, "xl/drawings/giamngheo{}.vml")
    identity = add_part(parts, sheet, "vmlDrawing", (name, f"{_TYPES}vmlDrawing", drawn))
    root = found[-1]
    tag = start_tag(root.sibling("legacyDrawing"), {"xmlns:r": DOCUMENT, "r:id": identity}, closed=True)
    place = min((entry.start for entry in found[:-1] if entry.name in _LATER), default=root.closing)
    return [Edit(place, place, tag)]


def _target(parts: Parts, sheet: str, drawing: Element) -> str:
    identity = next((value for name, value in drawing.attributes.items() if local(name) == "id"), "")
    found = relations(parts, sheet).get(identity)
    if found is None or found.target not in parts.names():
        raise UnusualXmlError
    return found.target


def _write_notes(parts: Parts, sheet: str, notes: Mapping[Place, str]) -> None:
    known = related(parts, sheet, "comments")
    content = parts.content(known[0]) if known else _COMMENTS.encode()
    changed = edited(content, _notes(content, {_reference(place): note for place, note in notes.items()}))
    if known:
        parts.changed[known[0]] = changed
    else:
        name = free_name(parts, "xl/giamngheo-comments{}.xml")
        add_part(parts, sheet, "comments", (name, f"{_TYPES}spreadsheetml.comments+xml", changed))


def _notes(content: bytes, notes: Mapping[str, str]) -> Iterator[Edit]:
    """Yield edits of the part of the comments; a note to a cell that has one stands behind it."""
    comment = ("comments", "commentList", "comment")
    authors, waiting = 0, dict(notes)
    words: list[str] = []
    text: Element | None = None
    paths = [("comments", "authors", "author"), (*comment, "text", "t"), (*comment, "text", "r", "t")]
    for element in elements(content, paths):
        if element.name == "author":
            authors += 1
        elif element.name == "authors":
            yield appended(element, f"<{element.sibling('author')}>{AUTHOR}</{element.sibling('author')}>")
        elif element.name == "t":
            words.append(element.text)
        elif element.name == "text":
            text = element
        elif element.name == "comment":
            note = waiting.pop(element.attributes.get("ref", ""), None)
            if note is not None and text is not None:
                runs = _runs(element.prefix, ["".join(words), "\n\n", note])
                yield Edit(text.start, text.end, f"<{text.tag}>{runs}</{text.tag}>")
            words, text = [], None
        elif element.name == "commentList":
            new = (_comment(element.prefix, reference, authors, note) for reference, note in waiting.items())
            yield appended(element, "".join(new))


def _comment(prefix: str, reference: str, author: int, note: str) -> str:
    tag = start_tag(f"{prefix}comment", {"ref": reference, "authorId": str(author)})
    return f"{tag}<{prefix}text>{_runs(prefix, [note])}</{prefix}text></{prefix}comment>"


def _runs(prefix: str, texts: list[str]) -> str:
    tag = start_tag(f"{prefix}t", {"xml:space": "preserve"})
    return "".join(f"<{prefix}r>{tag}{text_of(text)}</{prefix}t></{prefix}r>" for text in texts)


def _empty_drawing() -> bytes:
    return f"{start_tag('xml', _NAMESPACES)}</xml>".encode()


def _drawn(content: bytes, notes: Mapping[Place, str]) -> bytes:
    """Return the drawing with a box for each note that has none yet."""
    data = ("xml", "shape", "ClientData")
    known: set[Place] = set()
    number, has_box, row, column = _FIRST_SHAPE - 1, False, "", ""
    for element in elements(content, [("xml", "shapetype"), (*data, "Row"), (*data, "Column")]):
        if element.name == "Row":
            row = element.text
        elif element.name == "Column":
            column = element.text
        elif element.name == "ClientData" and element.attributes.get("ObjectType") == "Note":
            known.add((int(row) + 1, int(column) + 1))
        elif element.name == "shape":
            numbered = re.fullmatch(f"{_SHAPE}([0-9]+)", element.attributes.get("id", ""))
            number = max(number, int(numbered[1]) if numbered else 0)
        elif element.name == "shapetype":
            has_box |= element.attributes.get("id") == _BOX
    new = [(place, note) for place, note in notes.items() if place not in known]
    named = {name: value for name, value in _NAMESPACES.items() if element.attributes.get(name) != value}
    kind = "" if has_box else _SHAPE_TYPE
    boxes = [kind, *(_box(number + count, *entry) for count, entry in enumerate(new, start=1))]
    return edited(content, [appended(element, "".join(_declared(box, named) for box in boxes if box))])


def _declared(box: str, namespaces: Mapping[str, str]) -> str:
    """Return a box with the namespaces that the drawing does not declare."""
    given = "".join(f" {name}={quoteattr(value)}" for name, value in namespaces.items())
    return box.replace(" ", f"{given} ", 1)


def _box(number: int, place: Place, note: str) -> str:
    height = 30 + 15 * (len(note) // 45 + note.count("\n") + 1)
    style = f"position:absolute;margin-left:60pt;margin-top:2pt;width:270pt;height:{height}pt;visibility:hidden"
    row, column = place
    return (
        f'<v:shape id="{_SHAPE}{number}" type="#{_BOX}" style="{style}" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


def _reference(place: Place) -> str:
    row, column = place
    return f"{get_column_letter(column)}{row}"
