"""A table of an analyst's own, printed and numbered as those of the reports are."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from giamngheo.report.elements import Column, DataTable
from giamngheo.report.elements.table import ColumnKind
from giamngheo.report.language.numbers import day
from giamngheo.workbook.schema import tables

_KINDS: Mapping[str, ColumnKind] = {
    "_vnd": "money",
    "_pct": "percent",
    "_pp": "points",
    "_households": "count",
    "_persons": "count",
}
"""What the end of a column's name says of its values, as everywhere in giamngheo."""

_HEADINGS = {
    "date": "Ngày",
    "planned_vnd": "Kế hoạch vốn",
    "unit_name": "Đơn vị",
    "level_name": "Cấp",
    "project_name": "Nội dung",
    "source_name": "Nguồn vốn",
    "indicator_name": "Chỉ số thiếu hụt",
    "poor_rate_pct": "Tỷ lệ hộ nghèo",
    "near_poor_rate_pct": "Tỷ lệ hộ cận nghèo",
    "multidimensional_rate_pct": "Tỷ lệ hộ nghèo và cận nghèo",
    "rate_pct": "Tỷ lệ",
    "remaining_vnd": "Còn lại",
}

_NONE: Mapping[str, str] = MappingProxyType({})

_BROADEST, _NARROWEST, _OF_NUMBERS = 40, 6, 10.0
"""Letters by which the widths of columns are weighed."""


def own_table(
    frame: pd.DataFrame, *, caption: str, headings: Mapping[str, str] = _NONE, note: str = "", name: str = ""
) -> DataTable:
    """Return a frame as a table of a report: numbered, its numbers written as reports write them.

    The end of a column's name says what it is: _vnd (đồng, printed in triệu đồng), _pct, _pp (a difference of rates),
    _households, _persons. headings: of columns whose name says too little; those of the workbook have their heading
    there. A named index is columns too. note: stands beneath. name: "[bảng](#name)" in a text becomes its number.
    """
    named = [label for label in frame.index.names if label is not None]
    shown = frame.reset_index(names=named) if named else frame.reset_index(drop=True)
    known = {column.name: column.header for table in tables() for column in table.columns} | _HEADINGS | {**headings}
    columns, values = [], {}
    for place, label in enumerate(shown.columns):
        path = tuple(str(part) for part in label) if isinstance(label, tuple) else (str(label),)
        kind, series = _kind(path[-1], shown.iloc[:, place]), shown.iloc[:, place]
        values[str(place)] = series.map(day, na_action="ignore") if series.dtype.kind == "M" else series
        heads = [known.get(part, part) for part in path if part]
        heads[-1] = _with_unit(heads[-1], kind)
        columns.append(Column(str(place), tuple(heads), kind, _width(series), missing="" if kind == "text" else "…"))
    return DataTable(pd.DataFrame(values), tuple(columns), caption, note=note, name=name)


def _kind(name: str, series: pd.Series) -> ColumnKind:
    if series.dtype.kind not in "iuf":
        return "text"
    found = next((kind for end, kind in _KINDS.items() if f"_{name}".endswith(end)), None)
    return found or ("code" if "year" in name else "plain")


def _with_unit(heading: str, kind: ColumnKind) -> str:
    """Return the heading of a column with the unit in which it is printed."""
    return f"{heading.removesuffix(' (đồng)')} (triệu đồng)" if kind == "money" else heading


def _width(series: pd.Series) -> float:
    if series.dtype.kind in "iufM":
        return _OF_NUMBERS
    longest = series.astype(str).str.len().max() if len(series) else 0
    return float(min(max(longest, _NARROWEST), _BROADEST))
