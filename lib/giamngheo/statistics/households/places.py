"""Units as a tree: to which commune, district and province a unit belongs on a day."""

import datetime as dt

import numpy as np
import pandas as pd

LEVELS = ("village", "commune", "district", "province")


def units_on(units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Units that exist on a day, of a table of units with their validity dates."""
    day = pd.Timestamp(on)
    begun = units["valid_from"].isna() | (units["valid_from"] <= day)
    lasting = units["valid_to"].isna() | (units["valid_to"] >= day)
    return units[begun & lasting].reset_index(drop=True)


def ancestry(units: pd.DataFrame) -> pd.DataFrame:
    """Codes above each unit: unit_code and one column a level, the unit itself at its own level.

    "" where there is no unit of that level above (villages of a commune, districts since July
    2025).
    """
    codes = pd.Index(units["code"])
    parents, levels = codes.get_indexer(units["parent_code"]), pd.Index(LEVELS).get_indexer(units["level"])
    found = np.full((len(LEVELS), len(units)), -1)
    lower = above = np.arange(len(units))
    for _ in LEVELS:
        known = levels[above] >= 0
        found[levels[above[known]], lower[known]] = above[known]
        lower, above = lower[parents[above] >= 0], parents[above[parents[above] >= 0]]
    named = {level: codes.take(row).where(row >= 0, "") for level, row in zip(LEVELS, found, strict=True)}
    return pd.DataFrame({"unit_code": units["code"], **named}, index=units.index)


def rolled_up(counts: pd.DataFrame, tree: pd.DataFrame, level: str) -> pd.DataFrame:
    """Counts with `unit_code` of a level in place of the counted one, added up over equal keys.

    Every column that is not a whole number is a key; no two counts have the same keys; unit_code becomes a category.
    Units that have none of that level above drop out: a commune's own count says nothing of its villages.
    """
    numbers, names = pd.factorize(tree[level], sort=True)
    of_unit = np.append(np.where(tree[level] == "", -1, numbers), -1)
    units = pd.Categorical(counts["unit_code"])
    place = np.append(pd.Index(tree["unit_code"]).get_indexer(units.categories), -1)[units.codes]
    above, is_above_itself = of_unit[place], np.append(tree[level] == tree["unit_code"], True)[place]
    moved = counts.assign(unit_code=pd.Categorical.from_codes(above, names))
    if (above < 0).any():
        moved = moved[above >= 0].reset_index(drop=True)
    if is_above_itself[above >= 0].all():
        return moved
    added = set(moved.select_dtypes("number").columns) - {"pattern"}
    keys = [name for name in moved.columns if name not in added]
    return moved.groupby(keys, as_index=False, sort=True, observed=True).sum()
