"""What one year hands to the next: closing stocks as opening stocks, money not disbursed as money carried over."""

import datetime as dt

import pandas as pd

from giamngheo.statistics.funding import TOTAL, unit_lines

_LINE = ["project_code", "source", "fund_year", "unit_code"]
_WHOLE = ["project_code", "fund_year", "unit_code"]


def opening_stocks(reviews: pd.DataFrame, name: str, on: dt.date) -> pd.DataFrame:
    """Return the stocks of a class ("poor" or "near_poor") on a day, as the opening of a flow table.

    Columns: unit_code, opening_households, opening_persons.
    """
    closing = reviews[reviews["date"] == pd.Timestamp(on)]
    columns = {f"{name}_households": "opening_households", f"{name}_persons": "opening_persons"}
    return closing[["unit_code", *columns]].rename(columns=columns).reset_index(drop=True)


def carried_capital(capital: pd.DataFrame, disbursements: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the money allocated and not disbursed, a row a content, source, budget level, unit and year of funds.

    sources: as of funding.execution. Columns: project_code, source, unit_code, budget_level, fund_year, allocated_vnd,
    disbursed_vnd (of the line from all sources, as far as it is known) and planned_vnd, what is left. What is left is
    blank where the snapshots do not tell it: no row of the source, an amount that is not split by source, or several
    budget levels in one source. Lines with nothing left have no row.
    """
    lines = capital.groupby([*_LINE, "budget_level"], as_index=False)["planned_vnd"].sum()
    lines = lines.rename(columns={"planned_vnd": "allocated_vnd"})
    known = unit_lines(capital, disbursements, sources)
    paid = known[known["source"] != TOTAL].set_index(_LINE)["disbursed_vnd"]
    total = known[known["source"] == TOTAL].set_index(_WHOLE)["disbursed_vnd"]
    of_source = pd.Series(paid.reindex(pd.MultiIndex.from_frame(lines[_LINE])).array)
    of_line = pd.Series(total.reindex(pd.MultiIndex.from_frame(lines[_WHOLE])).array)
    unclear = lines.duplicated(_LINE, keep=False) & of_source.fillna(1).gt(0)
    left = (lines["allocated_vnd"] - of_source).mask(unclear)
    carried = lines.assign(disbursed_vnd=of_line, planned_vnd=left)
    return carried[carried["allocated_vnd"].gt(0) & carried["planned_vnd"].fillna(1).gt(0)].reset_index(drop=True)


def merged_capital(carried: pd.DataFrame) -> pd.DataFrame:
    """Return the carried_capital of several units as that of one that took them in; a sum of unknowns is unknown."""
    keys, sums = [*_LINE, "budget_level"], ["allocated_vnd", "disbursed_vnd", "planned_vnd"]
    return carried.groupby(keys, as_index=False, dropna=False)[sums].sum(skipna=False)
