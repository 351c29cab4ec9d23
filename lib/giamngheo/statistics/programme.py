"""The trees of a programme's contents and sources of funds, by the year of the funds that they hold for."""

import datetime as dt
from collections.abc import Iterable, Sequence

import pandas as pd

from giamngheo.regulation.lookup import NoRuleInForceError
from giamngheo.regulation.programme import Content, Source, contents, sources


def contents_of(years: Iterable[int]) -> pd.DataFrame:
    """Return the contents of the programme that the funds of each year belong to, in official order.

    Columns: fund_year, code, above ("" for those just below the programme), name, short, label, full_label. A year
    of which no programme is known has no row.
    """
    rows = [
        (year, entry.code, entry.parent, entry.name, entry.short, entry.label, entry.full_label)
        for year in sorted(set(years))
        for entry in contents_in(year)
    ]
    return _tree(rows, ["name", "short", "label", "full_label"])


def sources_of(years: Iterable[int]) -> pd.DataFrame:
    """Return the sources of funds of each year: fund_year, code, above ("" for those just below all), name, short."""
    rows = [
        (year, entry.code, entry.parent, entry.name, entry.short)
        for year in sorted(set(years))
        for entry in sources_in(year)
    ]
    return _tree(rows, ["name", "short"])


def contents_in(year: int) -> tuple[Content, ...]:
    """Return the contents of the programme that the funds of a year belong to; none where none is known."""
    try:
        return contents(on=dt.date(year, 12, 31))
    except NoRuleInForceError:
        return ()


def sources_in(year: int) -> tuple[Source, ...]:
    """Return the sources of funds of a year; none where none are known."""
    try:
        return sources(on=dt.date(year, 12, 31))
    except NoRuleInForceError:
        return ()


def _tree(rows: Sequence[tuple[object, ...]], words: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["fund_year", "code", "above", *words]).astype({"fund_year": "Int64"})
