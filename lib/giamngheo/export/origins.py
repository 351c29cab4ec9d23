"""Figures in the text of a page lead to the cell of a table that says where they come from.

A figure is known by its unit and how it is written. Where cells of other origins show the same, all of them are named.
Findings lead the other way: from the cell of the workbook that they name to the figures that come from it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from giamngheo.export.foreign.shown import Shown, Words, text_token
from giamngheo.report.elements import DataTable
from giamngheo.report.elements.markdown import Token

_Figure = tuple[str, str]
"""Unit and digits."""

_Place = tuple[int, int, str]
"""Number of the table, row and column."""

_RATE, _MONEY, _COUNT = "%", "triệu đồng", "hộ"

_NUMBER = r"\d[\d.]*(?:,\d+)?"

_STATED = re.compile(
    rf"(?<![\w.,])(?P<rate>{_NUMBER})(?P<mark>%| điểm phần trăm)"
    rf"|(?<![\w.,])(?P<part>{_NUMBER})(?:(?P<over>/)(?P<whole>{_NUMBER}))?(?P<unit> triệu đồng| hộ\b| khẩu\b)"
)
"""Figures as sentences have them: "9,84%", "34,95 điểm phần trăm", "2.859/6.963 hộ", "4.569,482 triệu đồng"."""

_CELL = re.compile(r"trang '([^']+)', ô ([A-Z]{1,3})(\d+)")
"""A cell of the workbook as findings name it."""

_CELLS = re.compile(r"'([^'\[]+)'!([A-Z]{1,3})(\d+)(?::[A-Z]{1,3}(\d+))?")
"""Cells of the report's own workbook as formulas name them, a range within one column."""

_Cell = tuple[str, str, int]
"""Sheet, letters of the column, row."""

_Span = tuple[int, int, list[_Place]]
"""Where a text leads to cells: from, to, which."""

_UNITS = {"money": _MONEY, "count": _COUNT, "percent": _RATE, "points": _RATE}


def with_origins(parts: Sequence[Shown], annex: Sequence[Shown]) -> list[Shown]:
    """Return all parts, with the names of the cells that tell where what a text states comes from, and these named.

    Figures of a text lead to cells only where its part of the document has a table of known origin: elsewhere they are
    what people typed, such as tasks and documents, and would be like others by chance. In the annex the cells that
    findings name lead to the figures that come from them.
    """
    cut = list(_by_part(parts))
    made = [*(part for part, _ in cut), *annex]
    known, users = _known(made), _users(made)
    if not known:
        return made
    told = {number for part, number in cut if isinstance(part, DataTable) and any(map(any, part.origins.values()))}
    spans = [_stated(known) if number in told else None for _, number in cut] + [_found(users)] * len(annex)
    named: dict[_Place, str] = {}
    shown = [
        Words(tuple(_marked(part.tokens, of, named))) if of and isinstance(part, Words) else part
        for part, of in zip(made, spans, strict=True)
    ]
    return [
        _anchored(part, number, named) if isinstance(part, DataTable) else part for number, part in enumerate(shown)
    ]


def _by_part(parts: Iterable[Shown]) -> Iterator[tuple[Shown, int]]:
    """Yield what a document shows with the number of its part; text is cut where a part begins."""
    number = 0
    for part in parts:
        if not isinstance(part, Words):
            yield part, number
            continue
        run: list[Token] = []
        for token in part.tokens:
            if token["type"] == "heading" and token["attrs"]["level"] == 1:
                yield from [(Words(tuple(run)), number)] if run else []
                run, number = [], number + 1
            run.append(token)
        yield Words(tuple(run)), number


def _known(parts: list[Shown]) -> dict[_Figure, list[_Place]]:
    """Return the cells that show each figure, one of each origin."""
    found: dict[_Figure, dict[str, _Place]] = {}
    for number, table in enumerate(parts):
        if isinstance(table, DataTable):
            for figure, origin, row, column in _told(table):
                found.setdefault(figure, {}).setdefault(origin, (number, row, column))
    return {figure: list(places.values()) for figure, places in found.items()}


def _told(table: DataTable) -> Iterator[tuple[_Figure, str, int, str]]:
    """Yield the figures of a table with their origin, row and column."""
    for column in table.columns:
        for row, origin in enumerate(table.origins.get(column.name, ())):
            shown = column.shown(table.frame[column.name].iloc[row]) if origin else ""
            if column.kind in _UNITS:
                shown = shown.lstrip("-+") + ("" if _UNITS[column.kind] == _RATE else f" {_UNITS[column.kind]}")
            for found in _STATED.finditer(shown):
                yield from ((figure, origin, row, column.name) for figure, _ in _figures(found))


def _figures(found: re.Match[str]) -> Iterator[tuple[_Figure, str]]:
    """Yield the figures that a match states, and the name of the group that has their digits."""
    if found["rate"]:
        yield (_RATE, found["rate"]), "rate"
        return
    unit = _MONEY if found["unit"].strip() == _MONEY else _COUNT
    yield (unit, found["part"]), "part"
    if found["whole"]:
        yield (unit, found["whole"]), "whole"


def _users(parts: list[Shown]) -> dict[_Cell, list[_Place]]:
    """Return the cells of tables that come from each cell of the workbook."""
    found: dict[_Cell, list[_Place]] = {}
    for number, table in enumerate(parts):
        if isinstance(table, DataTable):
            for name, origins in table.origins.items():
                for row, origin in enumerate(origins):
                    for sheet, column, first, last in _CELLS.findall(origin):
                        for line in range(int(first), int(last or first) + 1):
                            found.setdefault((sheet, column, line), []).append((number, row, name))
    return found


_Spans = Callable[[str], Iterator[_Span]]


def _stated(known: Mapping[_Figure, list[_Place]]) -> _Spans:
    """Return what yields where a text states figures that are known."""

    def spans(text: str) -> Iterator[_Span]:
        for found in _STATED.finditer(text):
            for figure, group in _figures(found):
                last = found.end() if found["mark"] == "%" else found.end(group)
                if figure in known:
                    yield found.start(group), last, known[figure]

    return spans


def _found(users: Mapping[_Cell, list[_Place]]) -> _Spans:
    """Return what yields where a text names a cell that figures come from."""

    def spans(text: str) -> Iterator[_Span]:
        for found in _CELL.finditer(text):
            if places := users.get((found[1], found[2], int(found[3]))):
                yield found.start(2), found.end(), list(dict.fromkeys(places))

    return spans


def _marked(tokens: Iterable[Token], spans: _Spans, named: dict[_Place, str]) -> Iterator[Token]:
    """Yield tokens with what leads to cells as tokens of its own; the cells get names in `named`."""
    for is_text, run in groupby(tokens, lambda token: token["type"] == "text"):
        if is_text:  # Markdown cuts a text at each sign that was escaped
            yield from _split("".join(token["raw"] for token in run), spans, named)
        else:
            yield from (token | {"children": list(_marked(token["children"], spans, named))} for token in run)


def _split(text: str, spans: _Spans, named: dict[_Place, str]) -> Iterator[Token]:
    end = 0
    for first, last, places in spans(text):
        yield from (text_token(before) for before in [text[end:first]] if before)
        cells = [named.setdefault(place, f"n{len(named) + 1}") for place in places]
        yield {"type": "figure", "raw": text[first:last], "attrs": {"cells": cells}, "children": []}
        end = last
    yield from (text_token(rest) for rest in [text[end:]] if rest or not end)


def _anchored(table: DataTable, number: int, named: Mapping[_Place, str]) -> DataTable:
    own = {(row, column): name for (at, row, column), name in named.items() if at == number}
    return replace(table, anchors=own) if own else table
