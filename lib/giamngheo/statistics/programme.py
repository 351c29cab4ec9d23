"""The trees of a programme's contents and sources of funds, by the year of the funds that they hold for."""

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from giamngheo.regulation.programme import Catalogue, Programme


def contents_of(years: Iterable[int], catalogue: Catalogue) -> pd.DataFrame:
    """Return the contents of the programme that the funds of each year belong to, in official order.

    Columns: fund_year, code, above ("" for those just below the programme), name, short, label, full_label. A year
    of which no programme is known has no row.
    """
    rows = [
        (year, entry.code, entry.parent, entry.name, entry.short, entry.label, entry.full_label)
        for year, programme in _programmes(years, catalogue)
        for entry in programme.contents
    ]
    return _tree(rows, ["name", "short", "label", "full_label"])


def sources_of(years: Iterable[int], catalogue: Catalogue) -> pd.DataFrame:
    """Return the sources of funds of each year: fund_year, code, above ("" for those just below all), name, short."""
    rows = [
        (year, entry.code, entry.parent, entry.name, entry.short)
        for year, programme in _programmes(years, catalogue)
        for entry in programme.sources
    ]
    return _tree(rows, ["name", "short"])


def _programmes(years: Iterable[int], catalogue: Catalogue) -> Iterator[tuple[int, Programme]]:
    for year in sorted(set(years)):
        if programme := catalogue.programme(year):
            yield year, programme


def _tree(rows: Sequence[tuple[object, ...]], words: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["fund_year", "code", "above", *words]).astype({"fund_year": "Int64"})
