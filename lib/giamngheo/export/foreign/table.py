"""A table of foreign HTML, as pandas shows a frame."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby, takewhile

import pandas as pd
from bs4 import Tag

from giamngheo.report.elements import Column, DataTable
from giamngheo.report.elements.table import ColumnKind
from giamngheo.report.markup import one_line

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?(e[+-]\d\d)?", re.ASCII)
"""A number as pandas writes it. What begins with a zero is a code, and what has more digits than Excel keeps."""

_MOST_DIGITS = 15

_BROADEST = 40
"""Letters of a text beyond which a column does not grow."""

_MOST_CELLS = 1_000_000

_BLANKS = frozenset({"", "NaN", "<NA>", "None", "NaT"})


def table_of(table: Tag) -> DataTable | None:
    """Return a table of all its rows; without a header its columns are numbered. None where it has no body."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    head = sum(1 for _ in takewhile(lambda row: row.parent is not None and row.parent.name == "thead", rows))
    texts = _texts(rows)
    if head == len(rows) or texts is None:
        return None
    columns, values = [], {}
    for name, column in enumerate(zip(*texts, strict=True), 1):
        heading, values[str(name)] = _path(column[:head] or (str(name),)), _values(column[head:])
        kind: ColumnKind = "plain" if any(isinstance(value, Decimal) for value in values[str(name)]) else "text"
        breadth = min(max(map(len, column)), _BROADEST) + 2
        columns.append(Column(str(name), heading, kind, breadth, missing=""))
    caption = table.find("caption", recursive=False)
    words = one_line(caption.get_text() if caption else "")
    return DataTable(pd.DataFrame(values, dtype=object), tuple(columns), words, series="")


def _texts(rows: Sequence[Tag]) -> list[list[str]] | None:
    """Return the text at each row and column; a cell that spans several stands in each of them.

    None where the table has more of them than anybody reads.
    """
    grid: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (number, column) in grid:
                column += 1
            down, across = min(_span(cell, "rowspan"), len(rows) - number), min(_span(cell, "colspan"), 100)
            if len(grid) + down * across > _MOST_CELLS:
                return None
            text = _text(cell)
            for below in range(down):
                grid |= {(number + below, column + beside): text for beside in range(across)}
    width = 1 + max(column for _, column in grid) if grid else 1
    return [[grid.get((number, column), "") for column in range(width)] for number in range(len(rows))]


def _span(cell: Tag, name: str) -> int:
    number = str(cell.get(name, "1"))
    return int(number[:6]) if number.isascii() and number.isdecimal() and int(number[:6]) else 1


def _text(cell: Tag) -> str:
    for image in cell.find_all("img"):
        image.replace_with(f"[hình: {image.get('alt') or 'không có mô tả'}]")
    return one_line(cell.get_text())


def _path(texts: Sequence[str]) -> tuple[str, ...]:
    """Return headings from top to bottom, each once, without blank ones."""
    return tuple(text for text, _ in groupby(texts) if text.strip()) or ("",)


def _values(texts: Sequence[str]) -> list[Decimal | str | None]:
    """Return numbers where all texts are, else the texts; None for what pandas shows for a blank."""
    filled = [text for text in texts if text not in _BLANKS]
    numeric = bool(filled) and all(map(_is_number, filled))
    return [None if text in _BLANKS else Decimal(text) if numeric else text for text in texts]


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and len(Decimal(text).normalize().as_tuple().digits) <= _MOST_DIGITS
