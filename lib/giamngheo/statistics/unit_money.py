"""Money of units below the one that reports: a unit's own figure, or the sum of those of the units below it.

A line is a content and a year of the funds (and a month). Where a unit has rows of a line itself, they are its money of
that line, and those of units below it say how it is spread; where it has none, its money is theirs together.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from giamngheo.statistics.ratio import percentage

OWN = ""
"""What stands in place of the code of the unit that reports."""

LINES: Mapping[str, list[str]] = {
    "capital": ["project_code", "fund_year"],
    "disbursements": ["project_code", "fund_year"],
    "mobilised": ["project_code", "source"],
    "works": ["work"],
}
"""What of a table of money a unit has either itself or from the units below it (`counted`)."""

_FIGURES = {"planned_vnd", "disbursed_vnd", "date"}


def units_above(units: pd.DataFrame, root: str) -> dict[str, str]:
    """Return the unit above each of those below `root`, which itself is OWN; of a code used twice that of the later."""
    listed = units.sort_values("valid_to", na_position="last", kind="stable")
    parents = dict(zip(listed["code"], listed["parent_code"], strict=True))
    parents = {code: OWN if above == root else above for code, above in parents.items() if above and code != root}
    return {code: parents[code] for code in parents if _chain(code, parents)[-1] == OWN}


def counted(rows: pd.DataFrame, above: Mapping[str, str], *, line: list[str]) -> pd.Series:
    """Return which rows of units (unit_code and the columns of `line`) make up the money of the one that reports.

    Those of units that do not stand below it are none of them, nor are those of units below one with a row of the line.
    """
    units = rows["unit_code"].unique()
    number = {unit: place for place, unit in enumerate(units)}
    place = rows["unit_code"].map(number).to_numpy("int64")
    lines = rows.groupby(line, dropna=False).ngroup().to_numpy()
    pairs = lines * len(units) + place
    keeps = np.zeros(len(rows), np.bool_)
    for unit, own in number.items():
        chain = _chain(unit, above)
        if chain[-1] != OWN:
            continue
        mine = place == own
        wholes = [number[other] for other in chain[1:] if other in number]
        keeps |= mine & ~_has_row(lines, wholes, pairs, len(units))
    return pd.Series(keeps, rows.index)


def _chain(unit: str, above: Mapping[str, str]) -> list[str]:
    """Return a unit and those above it, up to the one that reports."""
    chain = [unit]
    while chain[-1] in above and above[chain[-1]] not in chain:
        chain.append(above[chain[-1]])
    return chain


def units_heard(rows: pd.DataFrame, above: Mapping[str, str]) -> set[str]:
    """Return the units just below the one that reports of which, or of units below them, there are rows."""
    chains = (_chain(unit, above) for unit in rows["unit_code"].unique())
    return {chain[-2] for chain in chains if len(chain) > 1 and chain[-1] == OWN}


def latest_days(rows: pd.DataFrame, above: Mapping[str, str], *, line: list[str]) -> pd.DataFrame:
    """Return the day of the latest snapshot (date) of each unit whose rows are `counted`, in the order of the units."""
    own = rows[counted(rows, above, line=line)]
    return own.groupby("unit_code", as_index=False)["date"].max()


def behind(days: pd.DataFrame) -> pd.DataFrame:
    """Return which units (date: the day of the latest snapshot of each) have none of the month of the newest of all.

    Adds newest, that day. Days of one month are alike: the State Treasury does not close all accounts on one.
    """
    known = days.dropna(subset="date")
    newest = known["date"].max()
    return known[known["date"] < newest.replace(day=1)].assign(newest=newest) if len(known) else known.assign(newest=[])


def _has_row(
    lines: npt.NDArray[np.int64], wholes: list[int], pairs: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(lines), np.bool_)
    for whole in wholes:
        found |= np.isin(lines * count + whole, pairs)
    return found


def over_units(lines: pd.DataFrame, above: Mapping[str, str]) -> pd.DataFrame:
    """Return the lines of the unit that reports: its own, or the sums of those below, blank where one of them is.

    lines: of funding.lines_by_source with a unit_code. A source has the oldest day of its parts, the total the latest.
    """
    if lines["unit_code"].eq(OWN).all():
        return lines.drop(columns="unit_code")
    keys = [name for name in lines if name not in {*_FIGURES, "unit_code", "source"}]
    own = lines[counted(lines, above, line=keys)]
    grouped = own.groupby([*keys, "source"], sort=False)
    sums = grouped[["planned_vnd", "disbursed_vnd"]].sum(skipna=False)
    date = grouped["date"].min().where(sums.index.get_level_values("source") != "", grouped["date"].max())
    return sums.assign(date=date).reset_index()[[name for name in lines if name != "unit_code"]]


def by_unit(lines: pd.DataFrame, units: pd.DataFrame, above: Mapping[str, str], fund_year: int) -> pd.DataFrame:
    """Return the money of one year of the funds of each unit just below the one that reports, ranked.

    Columns: unit_code, name, planned_vnd, disbursed_vnd (blank where a line with capital has no snapshot), date (of the
    latest snapshot), rate_pct, remaining_vnd, rate_rank (1 for the highest rate; none where the rate is blank). A unit
    without money is blank.
    """
    parts = units.loc[units["code"].map(above).eq(OWN), ["code", "name"]]
    whole = lines[(lines["fund_year"] == fund_year) & (lines["source"] == "") & (lines["unit_code"] != OWN)]
    own = whole[counted(whole, above, line=[name for name in whole if name not in {*_FIGURES, "unit_code", "source"}])]
    of_part = own["unit_code"].map(lambda unit: _chain(unit, above)[-2])
    grouped = own.groupby(of_part)
    sums = grouped[["planned_vnd", "disbursed_vnd"]].sum(skipna=False).astype("Int64")
    dated = sums.assign(date=grouped["date"].max())
    frame = dated.reindex(parts["code"]).rename_axis("unit_code").reset_index()
    frame.insert(1, "name", parts["name"].to_numpy())
    rate = percentage(frame["disbursed_vnd"], frame["planned_vnd"])
    remaining = frame["planned_vnd"] - frame["disbursed_vnd"]
    rank = rate.rank(method="min", ascending=False).astype("Int64")
    return frame.assign(rate_pct=rate, remaining_vnd=remaining, rate_rank=rank)
