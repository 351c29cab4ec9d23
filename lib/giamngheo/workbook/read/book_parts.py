"""What a workbook's parts beside its sheets say: which sheets there are, shared texts, which formats are of dates."""

import datetime as dt
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from giamngheo.workbook.read.xml_stream import MAIN, events, is_true, started

_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_KEY = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class NoSheetError(ValueError):
    """The archive lists no sheet."""


class StrictWorkbookError(ValueError):
    """The workbook is of Excel's second kind, which names everything otherwise: openpyxl cannot change it."""


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it; `part` is its file in the archive."""

    title: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Book:
    """What the cells of every sheet are read with.

    dates: numbers of the cell formats that show a number as a date, true for those that show a duration.
    calculated: whether the program that saved the workbook had calculated its formulas. columns: the most of a row.
    """

    sheets: Sequence[SheetEntry]
    strings: Sequence[str]
    dates: Mapping[int, bool]
    epoch: dt.datetime
    calculated: bool
    columns: int


def book(archive: ZipFile, columns: int) -> Book:
    """Return what a workbook's parts say, the sheets left out.

    Of the formats only those of dates are read: Excel passes over colours and fonts that it does not know. Raises
    NoSheetError, StrictWorkbookError, KeyError, what xml_stream.events raises.
    """
    names = {name.lower(): name for name in archive.namelist()}
    part = next(iter(_targets(archive, names, "", "/officeDocument").values()), "xl/workbook.xml")
    listed, epoch, calculated = _workbook(archive, part)
    parts = _targets(archive, names, part, "/worksheet")
    if not parts:
        raise NoSheetError(part)
    shared = _targets(archive, names, part, "/sharedStrings").values()
    styles = _targets(archive, names, part, "/styles").values()
    return Book(
        sheets=[SheetEntry(title, parts[key], hidden) for title, key, hidden in listed if key in parts],
        strings=[text for name in shared for text in _strings(archive, name)],
        dates={index: is_span for name in styles for index, is_span in _dates(archive, name).items()},
        epoch=epoch,
        calculated=calculated,
        columns=columns,
    )


def text_of(element: Element) -> str:
    """Return the text of a cell, without the readings that stand above East Asian texts.

    "_x000D_" stands for a sign that XML cannot hold, "_x005F_" for a "_" that begins no such thing.
    """
    parts = (part for child in element for part in ([child] if child.tag == f"{MAIN}t" else _run(child)))
    return unescaped("".join(part.text or "" for part in parts))


def _run(child: Element) -> Sequence[Element]:
    return child.findall(f"{MAIN}t") if child.tag == f"{MAIN}r" else ()


def unescaped(text: str) -> str:
    """Return a text with the signs in place of their "_xHHHH_"."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def escaped(text: str) -> str:
    """Return a text as it stands in a cell: what looks like an "_xHHHH_" is none."""
    return _LOOKS_ESCAPED.sub("_x005F_", text)


def _targets(archive: ZipFile, names: Mapping[str, str], part: str, kind: str) -> dict[str, str]:
    """Return the parts that a part refers to as of a kind, by the key of the relation; `names`: by lower-case name."""
    folder, name = posixpath.split(part)
    relations = names.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
    if relations is None:
        return {}
    found = {}
    with archive.open(relations) as stream:
        for _, entry in started(stream):
            path = posixpath.normpath(posixpath.join("/", folder, entry.get("Target", ""))).lstrip("/").lower()
            if entry.get("Type", "").endswith(kind) and path in names:
                found[entry.get("Id", "")] = names[path]
    return found


def _workbook(archive: ZipFile, part: str) -> tuple[list[tuple[str, str, bool]], dt.datetime, bool]:
    """Return titles of the sheets, with their keys and whether they are hidden; the epoch; whether calculated."""
    listed: list[tuple[str, str, bool]] = []
    epoch, calculated = CALENDAR_WINDOWS_1900, False
    with archive.open(part) as stream:
        for _, entry in started(stream):
            if entry.tag == f"{MAIN}sheet":
                hidden = entry.get("state", "visible") != "visible"
                listed.append((unescaped(entry.get("name", "")), entry.get(_KEY, ""), hidden))
            elif entry.tag.startswith(_STRICT):
                raise StrictWorkbookError
            elif entry.tag == f"{MAIN}workbookPr" and is_true(entry.get("date1904")):
                epoch = CALENDAR_MAC_1904
            elif entry.tag == f"{MAIN}calcPr":
                calculated = not is_true(entry.get("fullCalcOnLoad")) and is_true(entry.get("calcCompleted", "1"))
    return listed, epoch, calculated


def _dates(archive: ZipFile, part: str) -> dict[int, bool]:
    """Return the numbers of the cell formats that show dates, true for durations."""
    codes: dict[str, str] = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    used: list[str] = []
    with archive.open(part) as stream:
        for around, entry in started(stream):
            if (around, entry.tag) == (f"{MAIN}numFmts", f"{MAIN}numFmt"):
                codes[entry.get("numFmtId", "")] = unescaped(entry.get("formatCode", ""))
            elif (around, entry.tag) == (f"{MAIN}cellXfs", f"{MAIN}xf"):
                used.append(entry.get("numFmtId", "0"))
    dates = {number: is_timedelta_format(code) for number, code in codes.items() if is_date_format(code)}
    return {index: dates[number] for index, number in enumerate(used) if number in dates}


def _strings(archive: ZipFile, part: str) -> Iterator[str]:
    """Yield the texts that cells share, in their order."""
    with archive.open(part) as stream:
        table = None
        for event, element in events(stream):
            table = element if table is None else table
            if event == "end" and element.tag == f"{MAIN}si":
                yield text_of(element)
                table.clear()
