"""Administrative units as a tree that changes with time: a code names a unit from one day to another."""

import datetime as dt

import pandas as pd

from giamngheo.statistics.tree import outside, rolled_up


def units_on(units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return the units of a list (code, valid_from, valid_to ...) that stand on a day."""
    day = pd.Timestamp(on)
    begun = units["valid_from"].isna() | (units["valid_from"] <= day)
    lasting = units["valid_to"].isna() | (units["valid_to"] >= day)
    return units[begun & lasting].reset_index(drop=True)


def unit_tree(units: pd.DataFrame, root: str, days: pd.Series) -> pd.DataFrame:
    """Return the units below `root`, however far, that stand on each day: date, code, above."""
    moments = pd.DataFrame({"date": days.dropna().drop_duplicates().sort_values()})
    listed = below(units, root)[["code", "parent_code", "valid_from", "valid_to"]]
    at = moments.merge(listed.rename(columns={"parent_code": "above"}), how="cross")
    begun = at["valid_from"].isna() | (at["valid_from"] <= at["date"])
    ended = at["valid_to"] < at["date"]
    return at.loc[begun & ~ended, ["date", "code", "above"]].drop_duplicates(["date", "code"], ignore_index=True)


def below(units: pd.DataFrame, root: str) -> pd.DataFrame:
    """Return the units of a list that stand below `root` at any time, however far."""
    found: set[str] = set()
    parents = {root}
    while parents:
        parents = set(units.loc[units["parent_code"].isin(parents), "code"]) - found - {root}
        found |= parents
    return units[units["code"].isin(found)]


def summed_units(figures: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of units (date, unit_code ...) with those of every unit that is the sum of its parts.

    tree: unit_tree of the days. Columns are added as by tree.rolled_up. Figures of a unit that stands elsewhere, or
    nowhere, on their day are part of no sum and stay as they are; repeated ones are left out: the checks name both.
    """
    once = figures.drop_duplicates(["date", "unit_code"])
    if tree.empty:
        return once.assign(parts=0, given=0, typed=True)
    elsewhere = outside_units(once, tree)
    summed = rolled_up(once[~elsewhere], tree, node="unit_code", by=["date"], absent="unknown")
    return pd.concat([summed, once[elsewhere].assign(parts=0, given=0, typed=True)], ignore_index=True)


def outside_units(figures: pd.DataFrame, tree: pd.DataFrame) -> pd.Series:
    """Return which figures of units are of one that does not stand in the tree on their day."""
    return outside(figures, tree, node="unit_code", by=["date"])


def missing_parts(summed: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    """Return the units of which only some parts have figures: summed_units with `missing`, the codes of the others."""
    gaps = summed[(summed["given"] > 0) & (summed["given"] < summed["parts"])]
    there = pd.MultiIndex.from_frame(summed[["date", "unit_code"]])
    parts = tree[~pd.MultiIndex.from_frame(tree[["date", "code"]]).isin(there)]
    missing = parts.groupby(["date", "above"])["code"].agg(tuple).rename("missing")
    return gaps.join(missing, on=["date", "unit_code"])
