"""Units as a tree: to which commune, district and province a unit belongs on a day."""

import datetime as dt

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
    parents = units.set_index("code")["parent_code"]
    levels = units.set_index("code")["level"]
    tree = pd.DataFrame({"unit_code": units["code"]} | dict.fromkeys(LEVELS, ""))
    above = tree["unit_code"].copy()
    for _ in LEVELS:
        for level in LEVELS:
            tree[level] = tree[level].mask(above.map(levels) == level, above)
        above = above.map(parents).fillna("")
    return tree


def rolled_up(counts: pd.DataFrame, tree: pd.DataFrame, level: str) -> pd.DataFrame:
    """Counts with `unit_code` of a level in place of the counted one, added up over equal keys.

    Every column that is not a whole number is a key. Units that have none of that level above drop
    out: a commune's own count says nothing of its villages.
    """
    above = counts["unit_code"].map(tree.set_index("unit_code")[level])
    moved = counts.assign(unit_code=above)[above.fillna("") != ""]
    numbers = set(moved.select_dtypes("number").columns) - {"pattern"}
    keys = [name for name in moved.columns if name not in numbers]
    return moved.groupby(keys, as_index=False, sort=True).sum()
