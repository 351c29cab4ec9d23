"""What the values of a sheet do not tell: hidden rows and columns, merged cells, filters, its last row."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from openpyxl.utils import range_boundaries

from giamngheo.workbook.read.book_parts import BLOCK, MAIN, Begin, is_true, skim

LAST_COLUMN, LAST_ROW = 1 << 14, 1 << 20
"""What a sheet can have."""
MOST_MERGED = 100_000
MOST_FILTERED = 1000
MOST_ROWS, MOST_COLUMNS = 20_000, 100
"""Of a sheet of a workbook that are read: a province of 200 communes has 7,200 monthly rows in three years."""
MOST_READ = MOST_ROWS * MOST_COLUMNS
"""Cells that are read; merged areas that have more of them lie over each other."""
Area = tuple[int, int, int, int]
"""First column, first row, last column, last row."""
_EMPTY_ROWS = re.compile(rb'(?:<row r="[0-9]+"[^<>]*+(?:(?<=/)>|>(?:<c [^<>]*+(?<=/)>)*</row>))+')
"""No group is possessive: before Python 3.11.5 such a group may match more than it says (CPython's issue 106052)."""
_NUMBER = re.compile(r"[-+]?([0-9]+(?P<part>\.[0-9]*)?|(?P<only>\.[0-9]+))(?P<power>[eE][-+]?[0-9]+)?")
_MOST_DIGITS = 300
"""Of a whole number that a float, and so a cell of Excel, can hold."""


class MalformedSheetError(ValueError):
    """The sheet says what no sheet can hold."""


@dataclass(frozen=True)
class Marks:
    """What the values of a sheet do not tell.

    hidden_rows: numbers of those that are filled. hidden_columns: first and last of each run. merged, filtered:
    references of ranges, the latter of those of which a filter shows some rows only. last_row: the last that is filled,
    0 where none is.
    """

    hidden_rows: frozenset[int]
    hidden_columns: tuple[tuple[int, int], ...]
    merged: tuple[str, ...]
    filtered: tuple[str, ...]
    last_row: int

    def hides_column(self, column: int) -> bool:
        """Return whether a column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)

    def hidden_among(self, rows: Iterable[int]) -> tuple[list[int], list[int]]:
        """Return those of the rows that are hidden by a filter, and those hidden by hand, both in order."""
        spans = [boundaries(reference) for reference in self.filtered]
        found: tuple[list[int], list[int]] = [], []
        for row in sorted(self.hidden_rows.intersection(rows)):
            found[not any(top <= row <= bottom for _, top, _, bottom in spans)].append(row)
        return found


def marks(stream: IO[bytes]) -> Marks:
    """Return the marks of the sheet whose XML the stream holds; a million empty rows take a second, and no memory.

    Raises what book_parts.skim raises, MalformedSheetError and other kinds of ValueError.
    """
    seen = _Seen()
    begins: dict[str, Begin] = {
        f"{MAIN}row": seen.row,
        f"{MAIN}f": seen.fill,
        f"{MAIN}col": seen.column,
        f"{MAIN}mergeCell": seen.merge,
        f"{MAIN}autoFilter": seen.filter_range,
        f"{MAIN}filterColumn": seen.filter_column,
    }
    skim(_without_empty_rows(stream), begins, {f"{MAIN}sheetData": seen.end}, seen.text)
    rows, columns = frozenset(seen.hidden_rows), tuple(seen.hidden_columns)
    return Marks(rows, columns, tuple(seen.merged), tuple(seen.filtered), seen.last)


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Return whether a row or column is hidden, or shut: some programs give it no height or width instead."""
    return is_true(attributes.get("hidden")) or not attributes.get(size, "1").strip("0.")


@dataclass
class _Seen:
    """What a sheet has shown so far to the parser, which calls the methods.

    numbered: the last number that a row gives, and how many rows without one come since; is_new: whether the row has
    shown nothing yet; around: the range that a filter is of; last: the last row that is filled.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    covered: int = 0
    filtered: dict[str, None] = field(default_factory=dict)
    current: Mapping[str, str] = field(default_factory=dict)
    numbered: tuple[str, int] = ("0", 0)
    is_new: bool = False
    around: str = ""
    last: int = 0

    def row(self, attributes: Mapping[str, str]) -> None:
        """Begin a row."""
        number, since = self.numbered
        self.current, self.is_new = attributes, True
        self.numbered = (attributes["r"], 0) if "r" in attributes else (number, since + 1)

    def fill(self, _: object = None) -> None:
        """Note that the row is filled."""
        if self.is_new:
            self.is_new, self.last = False, int(min(number(self.numbered[0]), LAST_ROW)) + self.numbered[1]
            if _is_hidden(self.current, "ht"):
                self.hidden_rows.add(self.last)

    def text(self, said: str) -> None:
        """Note a text, which fills the row unless it is blank."""
        if self.is_new and not said.isspace():
            self.fill()

    def end(self) -> None:
        """End the last row: texts that come now are of no row."""
        self.is_new = False

    def column(self, attributes: Mapping[str, str]) -> None:
        """Note columns that are hidden."""
        if _is_hidden(attributes, "width") and len(self.hidden_columns) < LAST_COLUMN:
            self.hidden_columns.append((int(attributes.get("min", "0")), int(attributes.get("max", "0"))))

    def merge(self, attributes: Mapping[str, str]) -> None:
        """Note merged cells. Raises MalformedSheetError where there are too many, or some lie over others."""
        self.merged.append(_range(attributes.get("ref", "")))
        self.covered += cells_read(boundaries(self.merged[-1]))
        if len(self.merged) > MOST_MERGED or self.covered > MOST_READ:
            raise MalformedSheetError(len(self.merged))

    def filter_range(self, attributes: Mapping[str, str]) -> None:
        """Note the range of a filter."""
        self.around = attributes.get("ref", "")

    def filter_column(self, _: object) -> None:
        """Note that the filter shows some rows only. Raises MalformedSheetError where there are too many."""
        self.filtered[_range(self.around)] = None
        if len(self.filtered) > MOST_FILTERED:
            raise MalformedSheetError(len(self.filtered))


def _without_empty_rows(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield blocks of a sheet's XML without long runs of formatted empty rows, as Excel writes them.

    A million of them take 0.2 s in place of 1.5 s; written in another way they take longer, no more.
    """
    rest = b""
    while block := stream.read(BLOCK):
        rest += block
        start = rest.find(b"<row ")
        found = _EMPTY_ROWS.match(rest, start) if start >= 0 else None
        if found and found.end() - start > BLOCK // 2:
            yield rest[:start]
            rest = rest[found.end() :]
        else:
            yield rest
            rest = b""
    yield rest


def number(text: str) -> int | float:
    """Return a number as Excel shows it: of more than fifteen digits it keeps fifteen, 588.9999999999999 is 589.

    One that no cell of Excel can hold is infinite.
    """
    plain = text.strip()
    if plain.isdecimal() and plain.isascii() and len(plain) < _MOST_DIGITS:
        return int(plain)
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise MalformedSheetError(text)
    is_float = any(found.groupdict().values()) or len(plain) >= _MOST_DIGITS
    return float(f"{float(plain):.15g}") if is_float else int(plain)


def boundaries(reference: str) -> Area:
    """Return where a range begins and ends; "9:9" is a whole row. Raises ValueError."""
    left, top, right, bottom = range_boundaries(reference)
    return left or 1, top or 1, right or LAST_COLUMN, bottom or LAST_ROW


def cells_read(area: Area) -> int:
    """Return how many of the cells of an area are among those that are read."""
    left, top, right, bottom = area
    return max(0, min(right, MOST_COLUMNS) - left + 1) * max(0, min(bottom, MOST_ROWS) - top + 1)


def by_row(areas: Iterable[Area]) -> dict[int, list[Area]]:
    """Return the areas that lie in each row that is read; what lies beside the columns that are read is left out."""
    found: dict[int, list[Area]] = {}
    for area in areas:
        left, top, _, bottom = area
        for row in range(top, min(bottom, MOST_ROWS) + 1) if left <= MOST_COLUMNS else ():
            found.setdefault(row, []).append(area)
    return found


def _range(reference: str) -> str:
    """Return a reference that is one of a range. Raises ValueError."""
    boundaries(reference)
    return reference
