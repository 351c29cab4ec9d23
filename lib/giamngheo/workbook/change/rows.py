"""Cells written into the rows of a sheet."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900, to_excel

from giamngheo.workbook.change.elements import (
    Edit,
    Element,
    UnusualXmlError,
    appended,
    elements,
    start_tag,
    text_of,
    with_attributes,
)
from giamngheo.workbook.change.styles import DATE_FORMAT, NUMBER_FORMAT, Styles
from giamngheo.workbook.read.book_parts import escaped

SHEET = ("worksheet", "sheetData")
ROW = (*SHEET, "row")
CELL = (*ROW, "c")
COLUMN = ("worksheet", "cols", "col")

Value = int | float | str | dt.datetime


@dataclass(frozen=True)
class Marked:
    """In place of a value: the fill that a cell gets, which keeps what it says."""

    fill: int


_REFERENCE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_PRESERVED = {"xml:space": "preserve"}


@dataclass(frozen=True)
class Look:
    """How new cells look: as those of the row `like`, or else of their column; dates are counted from `epoch`.

    Rows below `like` are new to their table, and shown.
    """

    styles: Styles
    like: int
    epoch: dt.datetime = CALENDAR_WINDOWS_1900


def row_number(row: Element, before: int) -> int:
    """Return the number of a row, the next after `before` where it does not say its own."""
    return int(row.attributes.get("r", before + 1))


def column_numbers(cells: Iterable[Element]) -> list[int]:
    """Return numbers of the columns of the cells of a row. Raises UnusualXmlError where they are not in order."""
    numbers: list[int] = []
    for cell in cells:
        before = numbers[-1] if numbers else 0
        matched = _REFERENCE.fullmatch(cell.attributes.get("r", f"{get_column_letter(before + 1)}1"))
        if matched is None or (number := column_index_from_string(matched[1])) <= before:
            raise UnusualXmlError
        numbers.append(number)
    return numbers


def style_number(element: Element, name: str = "s") -> int:
    """Return the number of the format of a cell or a column, 0 where there is none."""
    found = element.attributes.get(name, "")
    return int(found) if found.isascii() and found.isdigit() else 0


def written(content: bytes, rows: Mapping[int, Mapping[int, Value | Marked]], look: Look) -> Iterator[Edit]:
    """Yield edits of a sheet that write into cells, given by row and column; what else stands there stays."""
    wanted = sorted(rows, reverse=True)
    cells: list[Element] = []
    columns: list[Element] = []
    above: dict[int, int] = {}
    before, is_sheet = 0, False
    for element in elements(content, [CELL, COLUMN]):
        if element.name == "c":
            cells.append(element)
        elif element.name == "col":
            columns.append(element)
        elif element.name == "row":
            number = row_number(element, before)
            if number <= before:
                raise UnusualXmlError
            before = number
            if number == look.like:
                above = dict(zip(column_numbers(cells), map(style_number, cells), strict=True))
            painter = _Painter(look, above, columns)
            while wanted and wanted[-1] < number:
                yield Edit(element.start, element.start, painter.row(element.prefix, wanted[-1], rows[wanted.pop()]))
            if wanted and wanted[-1] == number:
                yield from painter.into(element, (number, cells), rows[wanted.pop()])
            cells.clear()
        elif element.name == "sheetData":
            is_sheet = True
            painter = _Painter(look, above, columns)
            rest = (painter.row(element.prefix, number, rows[number]) for number in reversed(wanted))
            yield appended(element, "".join(rest))
    if not is_sheet:
        raise UnusualXmlError


@dataclass(frozen=True)
class _Painter:
    """Writes cells; above: formats of the row to be like, by column."""

    look: Look
    above: Mapping[int, int]
    columns: Sequence[Element]

    def row(self, prefix: str, number: int, values: Mapping[int, Value | Marked]) -> str:
        """Return a row that the sheet does not have yet."""
        cells = "".join(self.cell(prefix, (number, column), values[column], None) for column in sorted(values))
        return f"{start_tag(prefix + 'row', {'r': str(number)})}{cells}</{prefix}row>"

    def into(
        self, row: Element, has: tuple[int, Sequence[Element]], values: Mapping[int, Value | Marked]
    ) -> Iterator[Edit]:
        """Yield edits that put values into a row that has a number and cells; one that is new to the table is shown."""
        number, cells = has
        there = dict(zip(column_numbers(cells), cells, strict=True))
        gone: dict[str, str | None] = dict.fromkeys(("spans", "hidden") if number > self.look.like else ("spans",))
        if row.inside == row.end:
            kept = {name: value for name, value in row.attributes.items() if name not in gone}
            new = "".join(self.cell(row.prefix, (number, column), values[column], None) for column in sorted(values))
            yield Edit(row.start, row.end, f"{start_tag(row.tag, kept)}{new}</{row.tag}>")
            return
        yield with_attributes(row, gone)
        for column, value in sorted(values.items()):
            old = there.get(column)
            if old is not None and isinstance(value, Marked):
                yield with_attributes(old, {"s": str(self._filled(style_number(old), value))})
                continue
            place = next((other.start for at, other in there.items() if at >= column), row.closing)
            cell = self.cell(row.prefix, (number, column), value, old)
            yield Edit(place, place if old is None else old.end, cell)

    def cell(self, prefix: str, place: tuple[int, int], value: Value | Marked, old: Element | None) -> str:
        """Return a cell with a value, in the format that stood there or that its neighbours have."""
        row, column = place
        style = self.above.get(column, self._of_column(column)) if old is None else style_number(old)
        if isinstance(value, int | float | dt.datetime) and self.look.styles.is_date(style) != isinstance(
            value, dt.datetime
        ):
            form = DATE_FORMAT if isinstance(value, dt.datetime) else NUMBER_FORMAT
            style = self.look.styles.like(style, numFmtId=form, applyNumberFormat="1")
        if isinstance(value, Marked):
            style = self._filled(style, value)
        attributes = {"r": f"{get_column_letter(column)}{row}", "s": str(style)}
        if isinstance(value, Marked):
            return start_tag(f"{prefix}c", attributes, closed=True)
        if isinstance(value, str):
            return text_cell(prefix, attributes, value)
        number = int(to_excel(value, self.look.epoch)) if isinstance(value, dt.datetime) else value
        return f"{start_tag(f'{prefix}c', attributes)}<{prefix}v>{number}</{prefix}v></{prefix}c>"

    def _filled(self, style: int, mark: Marked) -> int:
        return self.look.styles.like(style, fillId=str(mark.fill), applyFill="1")

    def _of_column(self, column: int) -> int:
        found = (
            style_number(entry, "style")
            for entry in self.columns
            if int(entry.attributes.get("min", 0)) <= column <= int(entry.attributes.get("max", 0))
        )
        return next(found, 0)


def text_cell(prefix: str, attributes: Mapping[str, str], value: str) -> str:
    """Return a cell with a text; what looks like an escaped character in it is escaped itself."""
    tag, space = start_tag(f"{prefix}c", {**attributes, "t": "inlineStr"}), start_tag(f"{prefix}t", _PRESERVED)
    words = text_of(escaped(value))
    return f"{tag}<{prefix}is>{space}{words}</{prefix}t></{prefix}is></{prefix}c>"
