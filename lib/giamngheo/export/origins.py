"""Figures in the text of a page lead to the cell of a table that says where they come from.

A figure is known by its unit and how it is written. Where cells of other origins show the same, all of them are named.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

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

_UNITS = {"money": _MONEY, "count": _COUNT, "percent": _RATE, "points": _RATE}


def with_origins(parts: Iterable[Shown]) -> list[Shown]:
    """Return parts whose figures in text name the cells of the tables that tell their origin, and these their names."""
    made = list(parts)
    known = _known(made)
    if not known:
        return made
    named: dict[_Place, str] = {}
    shown = [Words(tuple(_marked(part.tokens, known, named))) if isinstance(part, Words) else part for part in made]
    return [
        _anchored(part, number, named) if isinstance(part, DataTable) else part for number, part in enumerate(shown)
    ]


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


def _marked(
    tokens: Iterable[Token], known: Mapping[_Figure, list[_Place]], named: dict[_Place, str]
) -> Iterator[Token]:
    """Yield tokens with the known figures of their texts as tokens of their own; the cells get names in `named`."""
    for token in tokens:
        if token["type"] == "text":
            yield from _split(token["raw"], known, named)
        else:
            yield token | {"children": list(_marked(token["children"], known, named))}


def _split(text: str, known: Mapping[_Figure, list[_Place]], named: dict[_Place, str]) -> Iterator[Token]:
    end = 0
    for found in _STATED.finditer(text):
        for figure, group in _figures(found):
            if figure not in known:
                continue
            last = found.end() if found["mark"] == "%" else found.end(group)
            yield from (text_token(before) for before in [text[end : found.start(group)]] if before)
            cells = [named.setdefault(place, f"n{len(named) + 1}") for place in known[figure]]
            yield {"type": "figure", "raw": text[found.start(group) : last], "attrs": {"cells": cells}, "children": []}
            end = last
    yield from (text_token(rest) for rest in [text[end:]] if rest or not end)


def _anchored(table: DataTable, number: int, named: Mapping[_Place, str]) -> DataTable:
    own = {(row, column): name for (at, row, column), name in named.items() if at == number}
    return replace(table, anchors=own) if own else table
