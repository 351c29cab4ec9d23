"""Elements of an XML part with the bytes at which they stand, so that some can be replaced and all others stay."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

CHUNK = 1 << 16

_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}

Path = tuple[str, ...]


class UnusualXmlError(ValueError):
    """The part declares a document type or is not written in UTF-8: Excel writes neither."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its tag and attributes as they are written, with prefixes, and its own text.

    start, end: the bytes of the whole; inside: the first byte after the start tag; closing: that of the end tag,
    the same as `end` where there is none.
    """

    tag: str
    attributes: Mapping[str, str]
    text: str
    start: int
    inside: int
    closing: int
    end: int

    @property
    def name(self) -> str:
        """The tag without its prefix."""
        return local(self.tag)

    @property
    def prefix(self) -> str:
        """The prefix of the tag with its colon, "" where there is none."""
        return self.tag[: len(self.tag) - len(self.name)]

    def sibling(self, name: str) -> str:
        """Return a tag of another name with the same prefix."""
        return self.prefix + name


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def elements(content: bytes, paths: Collection[Path]) -> Iterator[Element]:
    """Yield the elements at some paths of names from the root, when they end: inner ones before those around them.

    A path is reported only with every path that leads to it. Raises expat.ExpatError and UnusualXmlError.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    found: list[Element] = []
    opened: list[tuple[dict[str, Any], str, Mapping[str, str], int, list[str]]] = [(_nested(paths), "", {}, 0, [])]
    passed = 0

    def begin(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal passed
        inner = None if passed else opened[-1][0].get(local(tag))
        if inner is None:
            passed += 1
        else:
            opened.append((inner, tag, attributes, parser.CurrentByteIndex, []))

    def end(_tag: str) -> None:
        nonlocal passed
        if passed:
            passed -= 1
        else:
            found.append(_element(content, opened.pop(), parser.CurrentByteIndex))

    def written(text: str) -> None:
        if not passed:
            opened[-1][-1].append(text)

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = written
    parser.XmlDeclHandler, parser.StartDoctypeDeclHandler = _declared, _refused
    for start in range(0, len(content), CHUNK):
        parser.Parse(content[start : start + CHUNK], start + CHUNK >= len(content))
        yield from found
        found.clear()


def _nested(paths: Collection[Path]) -> dict[str, Any]:
    """Return the paths as mappings within mappings, by their names from the root."""
    wanted: dict[str, Any] = {}
    for path in paths:
        level = wanted
        for name in path:
            level = level.setdefault(name, {})
    return wanted


def _element(content: bytes, begun: tuple[Any, str, Mapping[str, str], int, list[str]], last: int) -> Element:
    _, tag, attributes, start, text = begun
    matched = _TAG.match(content, start)
    if matched is None:
        raise UnusualXmlError
    inside = matched.end()
    if content[inside - 2 : inside] == b"/>":
        return Element(tag, attributes, "", start, inside, inside, inside)
    return Element(tag, attributes, "".join(text), start, inside, last, content.index(b">", last) + 1)


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise UnusualXmlError


def _refused(*_: object) -> None:
    raise UnusualXmlError


def start_tag(tag: str, attributes: Mapping[str, str], *, closed: bool = False) -> str:
    """Return a start tag, or that of an element without content."""
    given = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{given}{'/' if closed else ''}>"


def text_of(value: str) -> str:
    """Return a text as it stands between tags, without what XML cannot hold."""
    return escape(_UNPRINTABLE.sub("", value))


@dataclass(frozen=True)
class Edit:
    """Bytes from `start` to `end` that others take the place of."""

    start: int
    end: int
    content: str


def with_attributes(element: Element, changes: Mapping[str, str | None]) -> Edit:
    """Return the edit that sets attributes of an element, or removes those that are None."""
    attributes = {name: value for name, value in {**element.attributes, **changes}.items() if value is not None}
    closed = element.closing == element.inside == element.end
    return Edit(element.start, element.inside, start_tag(element.tag, attributes, closed=closed))


def appended(element: Element, content: str) -> Edit:
    """Return the edit that puts content behind the last child of an element."""
    if element.inside == element.end:
        opened = start_tag(element.tag, element.attributes)
        return Edit(element.start, element.end, f"{opened}{content}</{element.tag}>")
    return Edit(element.closing, element.closing, content)


def edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the content with edits, which do not overlap; those at one place keep their order."""
    pieces, place = [], 0
    for edit in sorted(edits, key=lambda entry: (entry.start, entry.end)):
        if edit.start < place:
            raise UnusualXmlError
        pieces += [content[place : edit.start], edit.content.encode()]
        place = edit.end
    return b"".join([*pieces, content[place:]])
