"""A table of a report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from typing import Any, Literal

import pandas as pd

from giamngheo.report.elements.bundle import MimeBundle, bundle, html, typst
from giamngheo.report.elements.captions import full_caption
from giamngheo.report.elements.header import HeaderCell, header_rows
from giamngheo.report.elements.layout import (
    LANDSCAPE,
    PORTRAIT,
    Paper,
    Placed,
    fits_page,
    is_tall,
    landscape_size,
    page_columns,
    shares,
    type_size,
)
from giamngheo.report.language import numbers
from giamngheo.report.markup import printable

ColumnKind = Literal["text", "code", "count", "money", "percent", "points", "plain"]

RESOURCE = "application/vnd.dataresource+json"
"""Mime type of the values of a table (Frictionless Data), for the workbook."""

_TYPES = {"text": "string", "code": "string", "count": "integer", "money": "integer"}

_NUMBERS = {
    "count": numbers.count,
    "money": numbers.money,
    "percent": numbers.percent,
    "points": numbers.points,
    "plain": numbers.plain,
}


_READABLE = 8
"""Type size in points below which a table on its side is rather printed in parts."""

_NAMING, _MOST_NAMING = ("text", "code"), 2
"""Columns that say what a row is of, and how many of them each part of a wide table repeats."""


KEYS: Mapping[str, str] = {"unit_code": "Mã đơn vị", "project_code": "Mã dự án", "indicator": "Mã chỉ số"}
"""Codes of what a row is of, which a frame has although none of its columns shows them: the workbook has them."""


@dataclass(frozen=True)
class Column:
    """How a column of a frame is shown.

    name: the column of the frame. header: its headings from top to bottom; neighbours under the same heading share
    it. kind: text, code (short text, centred), or a number: count, money (in đồng, shown in triệu đồng), percent
    (a rate), points (a difference of rates), plain (as it is). width: its share of the table's width. missing: stands
    for a blank.
    """

    name: str
    header: tuple[str, ...]
    kind: ColumnKind = "text"
    width: float = 1.0
    missing: str = numbers.UNKNOWN

    @property
    def style(self) -> str:
        """How its cells stand: text, code or number."""
        return "number" if self.kind in _NUMBERS else self.kind

    def shown(self, value: Any) -> str:
        """Return a value as the reader sees it."""
        if self.kind in _NUMBERS:
            return _NUMBERS[self.kind](value, missing=self.missing)
        return self.missing if pd.isna(value) else str(value)


@dataclass(frozen=True)
class Cell:
    """A cell of the body as it is shown. style: text, indented, code or number. origin, anchor: as of DataTable."""

    text: str
    style: str
    is_strong: bool
    names_row: bool
    origin: str
    anchor: str


@dataclass(frozen=True, eq=False)
class DataTable:
    """A frame shown by its `columns`, in their order.

    strong_rows, indented_rows: positions of rows printed bold (totals), and of rows whose text is set in (parts of
    the row above). note: a line beneath the table. series, name, number: as of captions.Captioned. origins: by column,
    where each of its cells comes from (report.formula.told), "" where that is not told. anchors: by row and column,
    what a text that refers to a cell calls it. is_landscape: it stands on pages of its own that lie on their side.
    row_codes: of a form that others read as data, what each row is called there; the workbook has such a table twice,
    as it is laid out and as a tidy sheet.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    caption: str
    strong_rows: tuple[int, ...] = ()
    indented_rows: tuple[int, ...] = ()
    note: str = ""
    series: str = "Bảng"
    name: str = ""
    number: int = 0
    origins: Mapping[str, Sequence[str]] = field(default_factory=dict)
    anchors: Mapping[tuple[int, str], str] = field(default_factory=dict)
    is_landscape: bool = False
    row_codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError where something told of rows is not of as many as there are."""
        told = [*self.origins.values(), *filter(None, [self.row_codes])]
        if any(len(each) != len(self.frame) for each in told):
            raise ValueError("origins and row codes must be of every row")

    def html(self) -> str:
        """Return the table as HTML."""
        return html("table", in_page=False, **self._layout())

    def page(self) -> str:
        """Return the table as HTML for a page that has templates/document.css of the exporters."""
        return html("table", in_page=True, **self._layout())

    def typst(self) -> str:
        """Return the table as Typst."""
        layout, (header, rows) = self._layout(), self._rows
        paper, size = self._paper, layout["size"]
        placed = list(_placed(header, rows, layout["shares"]))
        fits = not self.is_landscape and fits_page(placed, size, layout["caption"], self.note)
        tall_header = is_tall(placed[: len(header)], size, paper)
        tall_rows = any(is_tall([row], size, paper) for row in placed[len(header) :])
        return typst("table", fits=fits, tall_header=tall_header, tall_rows=tall_rows, **layout)

    def pages(self) -> "list[DataTable]":
        """Return the table as pages have room for it: as it is, on its side, or in parts.

        The columns that name a row are in each part.
        """
        naming = sum(1 for _ in takewhile(lambda column: column.kind in _NAMING, self.columns[:-1]))
        texts = _texts(*self._rows)
        parts = page_columns(texts, min(max(naming, 1), _MOST_NAMING))
        if self.is_landscape or len(parts) == 1:
            return [self]
        if landscape_size(texts) >= _READABLE:
            return [replace(self, is_landscape=True)]
        pieces = [
            replace(
                self,
                columns=tuple(self.columns[column] for column in part),
                caption=f"{full_caption(self)} (phần {number} trong {len(parts)})".strip(),
                note="",
                series="",
                number=0,
            )
            for number, part in enumerate(parts, 1)
        ]
        return [*pieces[:-1], replace(pieces[-1], note=self.note)]

    @property
    def _paper(self) -> Paper:
        return LANDSCAPE if self.is_landscape else PORTRAIT

    def _layout(self) -> dict[str, Any]:
        header, rows = self._rows
        texts = _texts(header, rows)
        size = landscape_size(texts) if self.is_landscape else type_size(len(self.columns))
        return {
            "caption": full_caption(self),
            "note": printable(self.note),
            "size": size,
            "shares": shares([column.width for column in self.columns], texts, size, self._paper),
            "is_landscape": self.is_landscape,
            "header": header,
            "rows": rows,
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        data, metadata = bundle("table", self.caption, self.html())
        return data | {RESOURCE: self.resource()}, metadata

    @cached_property
    def _rows(self) -> tuple[list[list[HeaderCell]], list[list[Cell]]]:
        """Return the rows of the header and of the body."""
        header = header_rows([column.header for column in self.columns])
        return header, [self._cells(position, values) for position, values in enumerate(self._values())]

    def _values(self) -> Iterator[tuple[Any, ...]]:
        return zip(*(self.frame[column.name] for column in self.columns), strict=True)

    def _cells(self, position: int, values: tuple[Any, ...]) -> list[Cell]:
        naming = next((column for column in self.columns if column.kind == "text"), None)
        text = "indented" if position in self.indented_rows else "text"
        return [
            Cell(
                text=column.shown(value),
                style=text if column.style == "text" else column.style,
                is_strong=position in self.strong_rows,
                names_row=column is naming,
                origin=self.origins[column.name][position] if column.name in self.origins else "",
                anchor=self.anchors.get((position, column.name), ""),
            )
            for column, value in zip(self.columns, values, strict=True)
        ]

    def resource(self) -> dict[str, Any]:
        """Return the table's values and how they are shown, as a tabular data resource."""
        fields = [
            {
                "name": column.name,
                "type": _TYPES.get(column.kind, "number"),
                "title": printable(" – ".join(column.header)),
                "header": [printable(heading) for heading in column.header],
                "kind": column.kind,
                "width": column.width,
                "missing": column.missing,
            }
            for column in self.columns
        ]
        names = [column.name for column in self.columns]
        keys = [name for name in KEYS if name in self.frame and name not in names]
        values = zip(*(self.frame[name] for name in (*names, *keys)), strict=True)
        return {
            "title": printable(full_caption(self)),
            "schema": {"fields": fields},
            "keys": keys,
            "data": [dict(zip((*names, *keys), map(_plain, row), strict=True)) for row in values],
            "strong_rows": list(self.strong_rows),
            "indented_rows": list(self.indented_rows),
            "note": printable(self.note),
            "series": self.series,
            "name": self.name,
            "origins": {name: list(texts) for name, texts in self.origins.items() if any(texts)},
            "is_landscape": self.is_landscape,
            "row_codes": list(self.row_codes),
        }


def _texts(header: list[list[HeaderCell]], rows: list[list[Cell]]) -> list[list[str]]:
    """Return the texts of each column, its own heading's among them."""
    headings = {cell.column: cell.text for row in header for cell in row if cell.columns == 1}
    columns = sum(cell.columns for cell in header[0])
    return [
        [*([headings[column]] if column in headings else []), *(row[column].text for row in rows)]
        for column in range(columns)
    ]


def _placed(header: list[list[HeaderCell]], rows: list[list[Cell]], widths: list[float]) -> Iterator[list[Placed]]:
    """Yield the texts of each row with the width they have."""
    for headings in header:
        yield [(cell.text, sum(widths[cell.column : cell.column + cell.columns])) for cell in headings]
    for row in rows:
        yield [(cell.text, width) for cell, width in zip(row, widths, strict=True)]


def _plain(value: Any) -> str | int | float | None:
    """Return a value as JSON has it."""
    if pd.isna(value):
        return None
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, int | float) else printable(str(value))
