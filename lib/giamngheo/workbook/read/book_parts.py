"""The XML of a workbook, streamed within bounds, and what its parts beside the sheets say."""

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Literal, cast
from xml.etree.ElementTree import Element, XMLPullParser
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

BLOCK = 1 << 18
LONGEST = 8 << 20
"""Bytes of one row, text or comment, which are kept in memory: far above what a sheet can hold."""
MOST_SHEETS = 1000
LONGEST_TEXT = 32_767
"""Letters of a cell, as Excel has it: thousands of cells may share one text, and each is looked at."""
DEEPEST = 100
"""Elements within each other; those of a workbook stand ten deep."""
_OUTER = 3
"""How deep rows, merged ranges and cell formats stand."""

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
"""Namespace of a workbook's elements."""

Begin = Callable[[Mapping[str, str]], object]
Event = tuple[Literal["start", "end"], Element]


class HostileXmlError(ValueError):
    """The XML declares a document type, which can only be meant for entities, or is made to fill the memory."""


def events(stream: IO[bytes]) -> Iterator[Event]:
    """Yield the outer elements of a part as they begin and end; whoever reads them clears what is no longer needed.

    Outer are those at most two within others: rows, merged ranges, cell formats, shared texts. Raises
    HostileXmlError, xml.etree.ElementTree.ParseError.
    """
    parser: XMLPullParser[Any] = XMLPullParser(("start", "end"))
    held = depth = 0
    block = stream.read(BLOCK)
    _refuse_doctype(block)
    while True:
        parser.feed(block) if block else parser.close()
        held += len(block)
        for event in parser.read_events():
            begins = event[0] == "start"
            depth += begins
            if depth <= _OUTER:
                held = 0
                yield cast("Event", event)
            elif depth > DEEPEST:
                raise HostileXmlError
            depth -= not begins
        if held > LONGEST:
            raise HostileXmlError
        if not block:
            return
        block = stream.read(BLOCK)


def started(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Yield the elements of a part as they begin, each with the tag of the one around it. Raises what events raises."""
    path: list[Element] = []
    for event, element in events(stream):
        if event == "start":
            yield path[-1].tag if path else "", element
            path.append(element)
        else:
            path.pop()
            if len(path) < _OUTER:
                element.clear()


def skim(
    blocks: Iterable[bytes],
    begins: Mapping[str, Begin],
    ends: Mapping[str, Callable[[], object]],
    text: Callable[[str], object],
) -> None:
    """Call what `begins` and `ends` have for the tags of the elements that begin and end, and `text` for every text.

    Nothing is kept: it is three times as fast as `events`. Raises HostileXmlError, expat.ExpatError.
    """
    parser, depth = _parser(), 0
    first, last = {tag[1:]: call for tag, call in begins.items()}, {tag[1:]: call for tag, call in ends.items()}

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if name in first:
            first[name](attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if name in last:
            last[name]()

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
    given = 0
    for block in blocks:
        parser.Parse(block)
        given += len(block)
        if depth > DEEPEST or given - parser.CurrentByteIndex > LONGEST:
            raise HostileXmlError
    parser.Parse(b"", True)


def is_true(value: str | None) -> bool:
    """Return whether an attribute says yes, in one of the ways of XML."""
    return value in {"1", "true", "on"}


def _refuse_doctype(head: bytes) -> None:
    """Refuse a document type, which stands before the first element, and a part that does not come to one."""
    parser, begun = _parser(), False

    def element(*_: object) -> None:
        nonlocal begun
        begun, parser.StartElementHandler = True, None

    parser.StartElementHandler = element
    parser.Parse(head)
    if not begun:
        raise HostileXmlError


def _parser() -> expat.XMLParserType:
    """Return a parser that names elements "namespace}name" and refuses a document type."""
    parser = expat.ParserCreate(namespace_separator="}")

    def declared(*_: object) -> None:
        raise HostileXmlError

    parser.StartDoctypeDeclHandler = declared
    return parser


_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_KEY = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


_LITERAL = re.compile(r"\"[^\"]*\"|[\\_*].|General|\[(?!(?:hh?|mm?|ss?)\])[^\]]*\]", re.IGNORECASE)
"""What of a number format is shown as it stands, and its colours, conditions and languages."""

_SHOWN_AS_IT_STANDS = re.compile(r"\"[^\"]*\"|[\\_*].|\[[^\]]*\]")
_QUOTED = re.compile(r"\"[^\"]*\"|\\.")
_CONDITION = re.compile(r"\[[<>=]")
_SCALED = re.compile(r"[0#?] *,+ *(?![0#?, ])")
"""A comma after the last digit leaves thousands away, as "#,##0,," shows millions."""

_DATE = re.compile("[dmyhs]|g+e|^e+$|b{2,4}|a{3,4}|[ก-ฮ]", re.IGNORECASE)
"""Days, months, years, hours and seconds; years of an era (e), Buddhist years (b), Japanese weekdays, Thai letters."""

NUMBER_FORMATS: Mapping[int, str] = {
    **BUILTIN_FORMATS,
    **dict.fromkeys((*range(27, 37), *range(50, 59), *range(71, 79), 80, 81), "yyyy-mm-dd"),
    79: "[h]:mm:ss",
}
"""The formats that need no code in a workbook, by number; in East Asia and Thailand Excel has dates among them."""


class NoSheetError(ValueError):
    """The archive lists no sheet."""


class TooManySheetsError(ValueError):
    """The workbook lists more sheets than any has, or one of them again and again."""


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
    percents: those that show it in percent. others: those that show other digits (shows_other). struck: those that
    strike it through. calculated: whether the program that saved the workbook had calculated its formulas. columns: the
    most of a row.
    """

    sheets: Sequence[SheetEntry]
    strings: Sequence[str]
    dates: Mapping[int, bool]
    percents: frozenset[int]
    others: frozenset[int]
    struck: frozenset[int]
    epoch: dt.datetime
    calculated: bool
    columns: int


def book(archive: ZipFile, columns: int) -> Book:
    """Return what a workbook's parts say, the sheets left out.

    Of the formats only those that show something else than the number, or strike it through, are read: Excel passes
    over colours and fonts that it does not know.
    Raises NoSheetError, TooManySheetsError, StrictWorkbookError, KeyError, what book_parts.events raises.
    """
    names = {name.lower(): name for name in archive.namelist()}
    part = next(iter(_targets(archive, names, "", "/officeDocument").values()), "xl/workbook.xml")
    listed, epoch, calculated = _workbook(archive, part)
    parts = _targets(archive, names, part, "/worksheet")
    if not parts:
        raise NoSheetError(part)
    found = [SheetEntry(title, parts[key], hidden) for title, key, hidden in listed if key in parts]
    if len(found) > min(MOST_SHEETS, len({entry.part for entry in found})):
        raise TooManySheetsError(len(found))
    shared = next(iter(_targets(archive, names, part, "/sharedStrings").values()), None)
    styles = next(iter(_targets(archive, names, part, "/styles").values()), None)
    formats, struck_through = _formats(archive, styles) if styles else ([], frozenset[int]())
    return Book(
        sheets=found,
        strings=list(_strings(archive, shared)) if shared else [],
        dates={index: bool(is_timedelta_format(code)) for index, code in formats if shows_date(code)},
        percents=frozenset(index for index, code in formats if "%" in _LITERAL.sub("", code)),
        others=frozenset(index for index, code in formats if shows_other(code)),
        struck=struck_through,
        epoch=epoch,
        calculated=calculated,
        columns=columns,
    )


def shows_date(code: str) -> bool:
    """Return whether a number format shows a number as a date or a time, in one of its sections."""
    return any(_DATE.search(section) for section in _LITERAL.sub("", code).split(";"))


def shows_other(code: str) -> bool:
    """Return whether a format shows other digits than a number has: only its thousands, digits of its own, or none.

    Of the sections that of positive numbers counts; where they have conditions, every one but that of zero.
    """
    sections = (
        [part for part in code.split(";") if "[=0]" not in part]
        if _CONDITION.search(code)
        else [code.split(";")[0] if ";" in code else code or "0"]
    )
    return any(map(_shows_other, sections))


def _shows_other(section: str) -> bool:
    plain = _SHOWN_AS_IT_STANDS.sub("", section)
    has_number = "general" in section.casefold() or any(sign in plain for sign in "0#?@") or shows_date(section)
    own = "".join(_QUOTED.findall(section))
    return not has_number or bool(_SCALED.search(plain)) or any(map(str.isdigit, own))


def text_of(element: Element) -> str:
    """Return the text of a cell, without the readings that stand above East Asian texts.

    "_x000D_" stands for a sign that XML cannot hold, "_x005F_" for a "_" that begins no such thing.
    """
    return unescaped("".join(map(_words, element)))


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(words: str) -> str:
    """Return words that stand above or below their line: the mark of a note is no digit of the number beside it."""
    return words.translate(_RAISED)


def struck(words: str) -> str:
    """Return words that are struck through as no number is typed: what stands beside them replaces them."""
    return f"~{words}~" if words.strip() else words


def _words(child: Element) -> str:
    """Return the words of a part of a text; what is raised, lowered or struck through in it belongs to no number."""
    if child.tag == f"{MAIN}t":
        return child.text or ""
    if child.tag != f"{MAIN}r":
        return ""
    words = "".join(part.text or "" for part in child.findall(f"{MAIN}t"))
    looks = child.find(f"{MAIN}rPr")
    if looks is None:
        return words
    aligned, strike = looks.find(f"{MAIN}vertAlign"), looks.find(f"{MAIN}strike")
    if aligned is not None and aligned.get("val") in {"superscript", "subscript"}:
        words = raised(words)
    return struck(words) if strike is not None and is_true(strike.get("val", "1")) else words


def unescaped(text: str) -> str:
    """Return a text with the signs in place of their "_xHHHH_". Raises HostileXmlError where no cell can hold it."""
    if "_x" in text:
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if len(text) > LONGEST_TEXT:
        raise HostileXmlError
    return text


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


def _formats(archive: ZipFile, part: str) -> tuple[list[tuple[int, str]], frozenset[int]]:
    """Return the numbers of the cell formats that show something else than a number as it is, with their codes.

    And the numbers of those whose letters are struck through.
    """
    codes = {str(number): code for number, code in NUMBER_FORMATS.items()}
    used: list[str] = []
    fonts: list[bool] = []
    crossed: set[int] = set()
    path: list[str] = []
    with archive.open(part) as stream:
        for event, entry in events(stream):
            if event == "start":
                path.append(entry.tag)
                continue
            match [tag.removeprefix(MAIN) for tag in path[1:]]:
                case "numFmts", "numFmt":
                    codes[entry.get("numFmtId", "")] = unescaped(entry.get("formatCode", ""))
                case "fonts", "font":
                    strike = entry.find(f"{MAIN}strike")
                    fonts.append(strike is not None and is_true(strike.get("val", "1")))
                case "cellXfs", "xf":
                    font = entry.get("fontId", "")
                    if font.isdecimal() and int(font) < len(fonts) and fonts[int(font)]:
                        crossed.add(len(used))
                    used.append(entry.get("numFmtId", "0"))
            path.pop()
            entry.clear()
    odd = {number: code for number, code in codes.items() if shows_date(code) or "%" in code or shows_other(code)}
    return [(index, odd[number]) for index, number in enumerate(used) if number in odd], frozenset(crossed)


def _strings(archive: ZipFile, part: str) -> Iterator[str]:
    """Yield the texts that cells share, in their order."""
    with archive.open(part) as stream:
        table = None
        for event, element in events(stream):
            table = element if table is None else table
            if event == "end" and element.tag == f"{MAIN}si":
                yield text_of(element)
                table.clear()
