"""Tables of foreign HTML, as pandas shows a frame."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from itertools import groupby, takewhile

import pandas as pd

from giamngheo.report.elements import Column, DataTable
from giamngheo.report.elements.table import Kind
from giamngheo.report.markup import one_line

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII)

_BROADEST = 40
"""Letters of a text beyond which a column does not grow."""

_BLANKS = frozenset({"", "NaN", "<NA>", "None", "NaT"})


def tables(html: str) -> list[DataTable]:
    """Tables of `html` that have a body."""
    if "<table" not in html:
        return []
    reader = _TableReader()
    reader.feed(html)
    reader.close()
    return [_table(rows) for rows in reader.tables if any(not row.is_header for row in rows)]


@dataclass
class _Cell:
    columns: int
    rows: int
    text: str = ""


@dataclass
class _Row:
    is_header: bool
    cells: list[_Cell] = field(default_factory=list)


class _TableReader(HTMLParser):
    """Collects the text of the cells of each table."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[_Row]] = []
        self._in_header = False
        self._in_cell = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "thead":
            self._in_header = True
        elif tag == "tr" and self.tables:
            self.tables[-1].append(_Row(self._in_header))
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            spans = dict(attributes)
            self.tables[-1][-1].cells.append(_Cell(_span(spans.get("colspan")), _span(spans.get("rowspan"))))
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            self._in_header = False
        elif tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[-1][-1].cells[-1].text += data


def _span(number: str | None) -> int:
    return min(int(number), 100) if number and number.isdecimal() and number != "0" else 1


def _table(rows: list[_Row]) -> DataTable:
    """A table of all the rows; without a header its columns are numbered."""
    head = sum(1 for _ in takewhile(lambda row: row.is_header, rows))
    texts = _texts(rows)
    columns, values = [], {}
    for name, column in enumerate(zip(*texts, strict=True), 1):
        heading, values[str(name)] = _path(column[:head] or (str(name),)), _values(column[head:])
        kind: Kind = "plain" if any(isinstance(value, Decimal) for value in values[str(name)]) else "text"
        breadth = min(max(map(len, column)), _BROADEST) + 2
        columns.append(Column(str(name), heading, kind, breadth, missing=""))
    return DataTable(pd.DataFrame(values, dtype=object), tuple(columns), caption="")


def _texts(rows: list[_Row]) -> list[list[str]]:
    """The text at each row and column; a cell that spans several stands in each of them."""
    grid: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            while (number, column) in grid:
                column += 1
            for below in range(min(cell.rows, len(rows) - number)):
                grid |= {(number + below, column + beside): one_line(cell.text) for beside in range(cell.columns)}
    width = 1 + max(column for _, column in grid) if grid else 1
    return [[grid.get((number, column), "") for column in range(width)] for number in range(len(rows))]


def _path(texts: Sequence[str]) -> tuple[str, ...]:
    """Headings from top to bottom, each once, without blank ones."""
    return tuple(text for text, _ in groupby(texts) if text.strip()) or ("",)


def _values(texts: Sequence[str]) -> list[Decimal | str | None]:
    """Numbers where all texts are, else the texts; None for what pandas shows for a blank."""
    filled = [text for text in texts if text not in _BLANKS]
    numeric = bool(filled) and all(map(_NUMBER.fullmatch, filled))
    return [None if text in _BLANKS else Decimal(text) if numeric else text for text in texts]
