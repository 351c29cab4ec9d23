"""What concerns a workbook as a whole: its formulas, its names, and that Excel calculates it anew."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from giamngheo.workbook.change.elements import Edit, Element, UnusualXmlError, edited, elements, with_attributes
from giamngheo.workbook.change.formulas import Formula, formulas, named
from giamngheo.workbook.change.parts import Parts, related, remove_part, workbook_part
from giamngheo.workbook.read.marks import Area, boundaries
from giamngheo.workbook.read.sheets import Sheet

_BLOCK = 1 << 20
_LONGEST_SIGN = 16
_FORMULA_SIGNS = tuple(start + end for start in (b"<f", b":f") for end in (b">", b" ", b"/", b"\t", b"\n", b"\r"))


@dataclass(frozen=True)
class Book:
    """What dates are counted from, and what each defined name, as `named` gives it, stands for."""

    epoch: dt.datetime
    names: Mapping[str, Sequence[str]]


def book(parts: Parts) -> Book:
    """Return what the part that lists the sheets says."""
    epoch, names = CALENDAR_WINDOWS_1900, dict[str, list[str]]()
    content = parts.content(workbook_part(parts))
    for element in elements(content, [("workbook", "workbookPr"), ("workbook", "definedNames", "definedName")]):
        if element.name == "workbookPr" and element.attributes.get("date1904") in {"1", "true"}:
            epoch = CALENDAR_MAC_1904
        elif element.name == "definedName":
            names.setdefault(named(element.attributes.get("name", "")), []).append(element.text)
    return Book(epoch, names)


def all_formulas(parts: Parts, sheets: Sequence[Sheet]) -> dict[str, list[Formula]]:
    """Return formulas of every sheet by its name, as `named` gives it.

    Raises TooLargeError where a sheet with formulas is too large, UnusualXmlError where two have the same name.
    """
    found = {
        named(sheet.title): formulas(parts.content(sheet.part)) if _holds_formulas(parts, sheet.part) else []
        for sheet in sheets
    }
    if len(found) < len(sheets):
        raise UnusualXmlError
    return found


def _holds_formulas(parts: Parts, name: str) -> bool:
    """Return whether a formula may stand in a part; a sheet of nothing but formats is large and has none."""
    tail = b""
    with parts.archive.open(name) as stream:
        while block := stream.read(_BLOCK):
            if any(sign in tail + block for sign in _FORMULA_SIGNS):
                return True
            tail = block[-_LONGEST_SIGN:]
    return False


def calculate_anew(parts: Parts) -> None:
    """Has Excel calculate every formula when it opens the workbook, and forget in which order it did so before.

    A calculation engine of version 0 is older than any Excel. fullCalcOnLoad, which says the same, is not set: with it
    a stored result of 0 counts as one never calculated.
    """
    name = workbook_part(parts)
    content = parts.content(name)
    found = [entry for entry in elements(content, [("workbook", "calcPr")]) if entry.name == "calcPr"]
    parts.changed[name] = edited(content, [with_attributes(entry, {"calcId": "0"}) for entry in found])
    for chain in related(parts, name, "calcChain"):
        remove_part(parts, name, chain)


def extend_tables(parts: Parts, sheet: str, added: Collection[int]) -> None:
    """Make the tables (of Excel's kind) that end above the rows added reach to the last of these."""
    for name in related(parts, sheet, "table") if added else ():
        content = parts.content(name)
        found = list(elements(content, [("table", "autoFilter")]))
        area = boundaries(found[-1].attributes["ref"])
        if area[3] == min(added) - 1:
            edits = [entry for element in found for entry in _reaching(element, area, max(added))]
            parts.changed[name] = edited(content, edits)


def _reaching(element: Element, area: Area, row: int) -> Iterator[Edit]:
    if "ref" in element.attributes and boundaries(element.attributes["ref"])[3] == area[3]:
        first, _, last = element.attributes["ref"].partition(":")
        letters = (last or first).rstrip("0123456789")
        yield with_attributes(element, {"ref": f"{first}:{letters}{row}"})


def measured(content: bytes, area: Area) -> Iterator[Edit]:
    """Yield the edit that makes the size which a sheet says of itself hold an area."""
    path = ("worksheet", "dimension")
    for element in elements(content, [path, ("worksheet", "sheetData")]):
        if element.name == "dimension" and "ref" in element.attributes:
            known = boundaries(element.attributes["ref"])
            left, top, right, bottom = (f(a, b) for f, a, b in zip((min, min, max, max), known, area, strict=True))
            reference = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            yield with_attributes(element, {"ref": reference})
            return
        if element.name == "sheetData":
            return
