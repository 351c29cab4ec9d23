"""Units as a tree: to which commune, district and province a unit belongs on a day."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from giamngheo.workbook.schema import choices

LEVELS = tuple(choices("level"))[::-1]

FROM_COMMUNE = LEVELS[LEVELS.index("commune") :]
"""The levels of which the workbook has reviews and flows."""


def ancestry(units: pd.DataFrame) -> pd.DataFrame:
    """Return the codes above each unit, unit_code and one column a level, with the unit itself at its own level.

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


def level_below(tree: pd.DataFrame, codes: Iterable[str], level: str) -> str:
    """Return the level at which a unit is broken down: the next below that all its `codes` have, or its own.

    tree: ancestry; codes: those of its households.
    """
    lived = tree.set_index("unit_code").loc[sorted(set(codes))]
    return next((name for name in reversed(LEVELS[: LEVELS.index(level)]) if (lived[name] != "").all()), level)


def counts_at(counts: pd.DataFrame, tree: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return counts added up to the units of a level, over equal keys.

    The households counted at a unit and at the units below it are others, so that both count; statistics.tree takes a
    figure of a whole for the sum of its parts, and would leave one of them out.

    Every column that is not a whole number is a key; no two counts have the same keys. Counts that are added have a
    category as unit_code. Units that have none of that level above drop out: a commune's own count says nothing of its
    villages.
    """
    units = pd.Categorical(counts["unit_code"])
    above = tree.set_index("unit_code")[level].reindex(units.categories, fill_value="").array
    is_kept = np.append(above != "", False)[units.codes]
    moved = counts if is_kept.all() else counts[is_kept].reset_index(drop=True)
    if ((above == units.categories) | (above == "")).all():
        return moved
    named = pd.Categorical(above)
    of_unit = np.append(named.codes, -1)[units.codes[is_kept]]
    moved = moved.assign(unit_code=pd.Categorical.from_codes(of_unit, named.categories))
    added = set(moved.select_dtypes("number").columns) - {"pattern"}
    keys = [name for name in moved.columns if name not in added]
    return moved.groupby(keys, as_index=False, sort=True, observed=True).sum()
