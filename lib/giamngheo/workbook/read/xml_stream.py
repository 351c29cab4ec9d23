"""The XML of a workbook's parts, streamed within bounds, whatever prefixes, quotes and encoding it is written in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, Literal, cast
from xml.etree.ElementTree import Element, XMLPullParser
from xml.parsers import expat

BLOCK = 1 << 18
LONGEST = 8 << 20
"""Bytes of one row, text or comment, which are kept in memory: far above what a sheet can hold."""
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
    """Whether an attribute says yes, in one of the ways of XML."""
    return value in {"1", "true", "on"}


def _refuse_doctype(head: bytes) -> None:
    """Refuses a document type, which stands before the first element, and a part that does not come to one."""
    parser, begun = _parser(), False

    def element(*_: object) -> None:
        nonlocal begun
        begun, parser.StartElementHandler = True, None

    parser.StartElementHandler = element
    parser.Parse(head)
    if not begun:
        raise HostileXmlError


def _parser() -> expat.XMLParserType:
    """A parser that names elements "namespace}name" and refuses a document type."""
    parser = expat.ParserCreate(namespace_separator="}")

    def declared(*_: object) -> None:
        raise HostileXmlError

    parser.StartDoctypeDeclHandler = declared
    return parser
