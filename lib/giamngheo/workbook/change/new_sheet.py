"""A sheet of texts put before the others of a workbook, or behind them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from openpyxl.utils import get_column_letter, quote_sheetname

from giamngheo.workbook.change.elements import (
    Edit,
    Element,
    UnusualXmlError,
    edited,
    elements,
    start_tag,
    with_attributes,
)
from giamngheo.workbook.change.parts import (
    DOCUMENT,
    Parts,
    add_part,
    free_name,
    related,
    relations,
    remove_part,
    workbook_part,
)
from giamngheo.workbook.change.rows import text_cell
from giamngheo.workbook.change.styles import MAIN

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SETTINGS = ("workbook", "bookViews", "workbookView")
_NAME = ("workbook", "definedNames", "definedName")
_SHEET = ("workbook", "sheets", "sheet")
_KINDS = ("worksheet", "chartsheet", "dialogsheet")


@dataclass(frozen=True)
class Text:
    """The text of a cell with the number of its format, and the sheet and cell that it is a link to, if any."""

    text: str
    style: int
    link: tuple[str, str] | None = None


def sheet_of_texts(rows: Sequence[Sequence[Text]], widths: Sequence[int], heights: Mapping[int, int]) -> bytes:
    """Return a sheet whose first row, of headings, stays in sight; it prints as wide as a page.

    widths: characters of each column; heights: points of rows, by their numbers.
    """
    columns = (
        start_tag("col", {"min": str(n), "max": str(n), "width": str(width), "customWidth": "1"}, closed=True)
        for n, width in enumerate(widths, start=1)
    )
    links = [
        start_tag("hyperlink", {"ref": f"{get_column_letter(c)}{r}", "location": _location(*cell.link)}, closed=True)
        for r, row in enumerate(rows, start=1)
        for c, cell in enumerate(row, start=1)
        if cell.link is not None
    ]
    pieces = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns={quoteattr(MAIN)}>',
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>',
        f"<cols>{''.join(columns)}</cols><sheetData>",
        *(_row(number, row, heights.get(number)) for number, row in enumerate(rows, start=1)),
        "</sheetData>",
        f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "",
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>',
    )
    return "".join(pieces).encode()


def _location(sheet: str, cell: str) -> str:
    return f"{quote_sheetname(sheet)}!{cell}"


def _row(number: int, row: Sequence[Text], height: int | None) -> str:
    size = {} if height is None else {"ht": str(height), "customHeight": "1"}
    places = (f"{get_column_letter(column)}{number}" for column in range(1, len(row) + 1))
    cells = (_cell({"r": place, "s": str(cell.style)}, cell.text) for place, cell in zip(places, row, strict=True))
    return f"{start_tag('row', {'r': str(number)} | size)}{''.join(cells)}</row>"


def _cell(attributes: Mapping[str, str], text: str) -> str:
    return text_cell("", attributes, text) if text else start_tag("c", attributes, closed=True)


def put_first(parts: Parts, title: str, part: str, content: bytes) -> None:
    """Put a sheet before the others, which the workbook then opens with."""
    name = workbook_part(parts)
    for chain in related(parts, name, "calcChain"):
        remove_part(parts, name, chain)
    identity = add_part(parts, name, "worksheet", (part, _TYPE, content))
    old = parts.content(name)
    parts.changed[name] = edited(old, _listed(old, title, identity))


def put_last(parts: Parts, title: str, content: bytes) -> str:
    """Put a sheet behind the others; return the name of its part."""
    name, part = workbook_part(parts), free_name(parts, "xl/worksheets/giamngheo{}.xml")
    identity = add_part(parts, name, "worksheet", (part, _TYPE, edited(content, unselected(content))))
    old = parts.content(name)
    sheets = [entry for entry in elements(old, [_SHEET]) if entry.name == "sheet"]
    if not sheets:
        raise UnusualXmlError
    parts.changed[name] = edited(old, [Edit(sheets[-1].end, sheets[-1].end, _entry(sheets, title, identity))])
    return part


def _entry(sheets: Sequence[Element], title: str, identity: str) -> str:
    """Return what lists a sheet beside others."""
    number = max(int(entry.attributes.get("sheetId", "0")) for entry in sheets) + 1
    attributes = {"name": title, "sheetId": str(number), "xmlns:r": DOCUMENT, "r:id": identity}
    return start_tag(sheets[0].tag, attributes, closed=True)


def _listed(content: bytes, title: str, identity: str) -> Iterator[Edit]:
    """Yield edits of the list of sheets; names that hold on one sheet count the sheets before it."""
    found = list(elements(content, [_SETTINGS, _NAME, _SHEET]))
    sheets = [entry for entry in found if entry.name == "sheet"]
    if not sheets:
        raise UnusualXmlError
    yield Edit(sheets[0].start, sheets[0].start, _entry(sheets, title, identity))
    for element in found:
        if element.name == "workbookView":
            yield with_attributes(element, {"activeTab": None, "firstSheet": None})
        elif element.name == "definedName" and "localSheetId" in element.attributes:
            yield with_attributes(element, {"localSheetId": str(int(element.attributes["localSheetId"]) + 1)})


def sheet_parts(parts: Parts) -> list[str]:
    """Return names of the parts of all sheets, also of those that are nothing but a chart."""
    found = relations(parts, workbook_part(parts)).values()
    return [entry.target for entry in found if entry.kind in _KINDS and entry.target in parts.names()]


def unselected(content: bytes) -> Iterator[Edit]:
    """Yield the edits that deselect a sheet: what is typed while several are selected is typed into all."""
    views = [(kind, "sheetViews", "sheetView") for kind in _KINDS]
    for element in elements(content, [*views, ("worksheet", "sheetData")]):
        if element.name == "sheetView" and "tabSelected" in element.attributes:
            yield with_attributes(element, {"tabSelected": None})
        elif element.name in {"sheetViews", "sheetData"}:
            return
