"""What the values of a sheet do not tell: hidden rows, merged cells, formulas never calculated, the last row filled.

The sheet's XML passes through in blocks of whole rows; nothing of it is kept, whatever its size.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

BLOCK = 1 << 20
HEAD = 1 << 12
LONGEST_ROW = 8 << 20
"""Bytes of one row, far above what a sheet can hold."""
MOST_ROWS = 20_000
"""Rows that are read: a province of 200 communes has 7,200 monthly rows in three years."""

_ROW_SIGNS = (b"<row ", b"<row>", b":row ", b":row>")
_FORMULA_SIGNS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row [^>]*?\br="([0-9]+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row (?=[^>]*\bhidden="(?:1|true)")[^>]*\br="([0-9]+)"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*\bref="([A-Z0-9:]+)"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c (?P<attributes>[^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_REFERENCE = re.compile(rb'\br="([A-Z]+[0-9]+)"')
_VALUES = (b"<v>", b"<v ", b":v>", b"<is>", b":is>", b"<f>", b"<f ", b":f>")


class RowTooLongError(ValueError):
    """A row is longer than a sheet can hold: the file was made to fill the memory."""


class DoctypeError(ValueError):
    """A sheet declares a document type, which can only be meant for entities: Excel writes none."""


@dataclass(frozen=True)
class Marks:
    """What was found: row numbers, references of ranges and of cells; last_row is 0 where no row is filled."""

    hidden_rows: frozenset[int]
    merged: tuple[str, ...]
    uncalculated: frozenset[str]
    last_row: int


def marks(stream: IO[bytes]) -> Marks:
    """Marks of the sheet whose XML the stream holds. Raises RowTooLongError."""
    hidden: set[int] = set()
    merged: list[str] = []
    uncalculated: set[str] = set()
    last = 0
    for block in _blocks(stream):
        # the plain searches come first: they are a hundred times faster, and seldom find anything
        if b'hidden="' in block:
            hidden.update(int(number) for number in _HIDDEN.findall(block))
        if b"mergeCell " in block:
            merged += (reference.decode() for reference in _MERGED.findall(block))
        if any(sign in block for sign in _FORMULA_SIGNS):
            uncalculated.update(_uncalculated(block))
        last = max(last, _last_row(block))
    return Marks(frozenset(hidden), tuple(merged), frozenset(uncalculated), last)


def refuse_doctype(stream: IO[bytes]) -> None:
    """Reads the XML up to its first element, before which a document type would stand. Raises DoctypeError."""
    parser, begun = expat.ParserCreate(), False

    def declared(*_: object) -> None:
        raise DoctypeError

    def element(*_: object) -> None:
        nonlocal begun
        begun, parser.StartElementHandler = True, None

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declared, element
    while not begun and (chunk := stream.read(HEAD)):
        parser.Parse(chunk)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The XML in pieces that end where a row ends."""
    tail = b""
    while chunk := stream.read(BLOCK):
        block = tail + chunk
        cut = max(block.rfind(b"<", 0, block.rfind(sign) + 1) for sign in _ROW_SIGNS)
        cut = max(cut, 0)
        yield block[:cut]
        tail = block[cut:]
        if len(tail) > LONGEST_ROW:
            raise RowTooLongError
    yield tail


def _uncalculated(block: bytes) -> Iterator[str]:
    for formula in _FORMULA.finditer(block):
        attributes = formula["attributes"]
        if b't="str"' not in attributes and (found := _REFERENCE.search(attributes)):
            yield found[1].decode()


def _last_row(block: bytes) -> int:
    """Number of the last row of a block that holds a value or a formula; MOST_ROWS where rows have no number."""
    filled = max(block.rfind(sign) for sign in _VALUES)
    if filled < 0:
        return 0
    start = max(block.rfind(b"<row ", 0, filled), block.rfind(b":row ", 0, filled) - 8, 0)
    found = _ROW_NUMBER.search(block, start)
    return int(found[1]) if found else MOST_ROWS
