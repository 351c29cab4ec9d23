"""What one year hands to the next: closing stocks as opening stocks, money not disbursed as money carried over."""

import datetime as dt

import pandas as pd

_LINE = ["project_code", "source", "fund_year"]


def opening_stocks(reviews: pd.DataFrame, name: str, on: dt.date) -> pd.DataFrame:
    """Stocks of a class ("poor" or "near_poor") on a day, as the opening of a flow table.

    Columns: unit_code, opening_households, opening_persons.
    """
    closing = reviews[reviews["date"] == pd.Timestamp(on)]
    columns = {f"{name}_households": "opening_households", f"{name}_persons": "opening_persons"}
    return closing[["unit_code", *columns]].rename(columns=columns).reset_index(drop=True)


def carried_capital(capital: pd.DataFrame, disbursements: pd.DataFrame) -> pd.DataFrame:
    """Money allocated and not disbursed, a row a project, source, budget level and year of the funds.

    Columns: project_code, source, budget_level, fund_year, allocated_vnd, disbursed_vnd (of the project and year of
    the funds, at its latest snapshot) and planned_vnd, what is left. It is blank where the snapshot does not tell
    it: money disbursed that is not split by source, or several budget levels in one source. Lines with nothing left
    have no row.
    """
    lines = capital.groupby([*_LINE, "budget_level"], as_index=False)["planned_vnd"].sum()
    lines = lines.rename(columns={"planned_vnd": "allocated_vnd"})
    newest = disbursements.groupby(["project_code", "fund_year"])["date"].transform("max")
    latest = disbursements[disbursements["date"] == newest]
    paid = latest.groupby(_LINE)["disbursed_vnd"].sum()
    unsplit = latest[(latest["source"] == "unsplit") & (latest["disbursed_vnd"] > 0)]
    of_source = pd.Series(paid.reindex(pd.MultiIndex.from_frame(lines[_LINE])).array).fillna(0)
    of_line = latest.groupby(["project_code", "fund_year"])["disbursed_vnd"].sum()
    total = of_line.reindex(pd.MultiIndex.from_frame(lines[["project_code", "fund_year"]]))
    unclear = lines.duplicated(_LINE, keep=False) & of_source.gt(0) | _unsplit(lines, unsplit)
    left = (lines["allocated_vnd"] - of_source).mask(unclear)
    carried = lines.assign(disbursed_vnd=pd.Series(total.array).fillna(0), planned_vnd=left)
    return carried[carried["allocated_vnd"].gt(0) & carried["planned_vnd"].fillna(1).gt(0)].reset_index(drop=True)


def _unsplit(lines: pd.DataFrame, unsplit: pd.DataFrame) -> pd.Series:
    """Whether the latest snapshot of a line's project and year of the funds is not split."""
    keys = pd.MultiIndex.from_frame(lines[["project_code", "fund_year"]])
    return pd.Series(keys.isin(pd.MultiIndex.from_frame(unsplit[["project_code", "fund_year"]])), index=lines.index)
