"""Which programme the money of a year is of, and which of its sources a table has room for."""

import pandas as pd

from giamngheo.regulation.programme import Programme
from giamngheo.report.facts import Facts


def programme_of(facts: Facts, fund_year: int) -> Programme:
    """Return the programme that the funds of a year belong to, the first that there is for years before any."""
    catalogue = facts.data.catalogue
    return catalogue.programme(fund_year) or next(catalogue.programmes())


def earlier_years(facts: Facts) -> list[int]:
    """Return the earlier years with money of the programme of the report's own year, the newest first."""
    return [year for year in _earlier(facts) if not _is_former(facts, year)]


def former_years(facts: Facts) -> list[int]:
    """Return the earlier years with money of the programme before that of the report's own year, the newest first."""
    return [year for year in _earlier(facts) if _is_former(facts, year)]


def _earlier(facts: Facts) -> list[int]:
    return [year for year in facts.funds if year < facts.year]


def _is_former(facts: Facts, fund_year: int) -> bool:
    return programme_of(facts, fund_year).begins != programme_of(facts, facts.year).begins


def is_nested(facts: Facts, fund_year: int) -> bool:
    """Return whether sources of a year have parts, so that a table by content shows the groups only."""
    return bool((facts.sources_of(fund_year)["above"] != "").any())


def shown_sources(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the sources that a table by content has columns for: those just below all, of nested ones with money."""
    fund_year = int(rows["fund_year"].iloc[0])
    sources = facts.sources_of(fund_year)
    groups = sources[sources["above"] == ""]
    if not is_nested(facts, fund_year):
        return groups
    return groups[[_has_money(rows, code) for code in groups["code"]]]


def _has_money(rows: pd.DataFrame, source: str) -> bool:
    amounts = rows[[name for name in rows if name.endswith(f"_vnd/{source}")]]
    return bool((amounts.isna() | amounts.ne(0)).any(axis=None))


def lowest_sources(facts: Facts, row: pd.Series) -> pd.DataFrame:
    """Return the sources with capital in a row of a programme table of which no part has any, in official order."""
    sources = facts.sources_of(row["fund_year"])
    given = {code: above for code, above in zip(sources["code"], sources["above"], strict=True) if _has_plan(row, code)}
    return sources[[code in given and code not in given.values() for code in sources["code"]]]


def _has_plan(row: pd.Series, source: str) -> bool:
    return bool(row[f"planned_vnd/{source}"] != 0)
