"""The official tables of a review, from counts of classified households.

Source of the layouts: Decision 24/2021/QĐ-TTg. All take the counts of `counts.py`, at the level at
which they are wanted (see places.counts_at), and give whole numbers and unrounded rates.
"""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from giamngheo.households.file.schema import CLASSES, POOR_CLASSES, household_choices
from giamngheo.households.places import FROM_COMMUNE, counts_at
from giamngheo.statistics.ratio import percentage

_COUNTED = ("households", "persons")

_SUMMED = (*_COUNTED, "ethnic_minority_households", "income_households")


def summary(counts: pd.DataFrame, review: dt.date) -> pd.DataFrame:
    """Return the results of the review in the columns of the workbook's table `reviews`, one row a unit.

    date, unit_code, households, persons, ethnic_minority_households, and for poor, near_poor:
    _households, _persons, _ethnic_minority_households; average_households, average_persons, blank where a household
    above the lines gives no income: its score does not tell.
    """
    unit, units = pd.factorize(counts["unit_code"], sort=True)
    cells = _by_class(counts, unit, _SUMMED)
    columns = {count: cells[:, :, at].sum(axis=1) for at, count in enumerate(_SUMMED[:3])}
    for place, name in enumerate(CLASSES[:3]):
        columns |= {f"{name}_{count}": cells[:, place, at] for at, count in enumerate(_SUMMED[:3])}
    del columns["average_ethnic_minority_households"]
    table = pd.DataFrame({name: pd.array(numbers, "Int64") for name, numbers in columns.items()})
    households, *_, income = cells[:, 2:].sum(axis=1).T
    table.loc[income < households, ["average_households", "average_persons"]] = pd.NA
    table.insert(0, "date", pd.Timestamp(review))
    table.insert(1, "unit_code", units.astype("str"))
    return table


def as_in_workbook(table: pd.DataFrame, inside: pd.DataFrame, tree: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the summary of a unit alone with the units below that its workbook has: not all of it is theirs.

    inside: the class counts of the unit by the codes of its households.
    """
    codes = tree.set_index("unit_code")
    levels = [level for level in FROM_COMMUNE if codes.at[unit, level] == ""]
    lived = codes.loc[sorted(set(inside["unit_code"])), levels]
    below = [level for level in levels if (lived[level] != "").any()]
    if len(table) > 1 or not below:
        return table
    return pd.concat([summary(counts_at(inside, tree, below[-1]), table["date"].iloc[0]), table])


def deprivation_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Count the deprived households of the poor and the near-poor by indicator.

    Columns: unit_code, class, indicator ("01"), households, of_households (of the class),
    rate_pct.
    """
    return _long(counts, "deprivation", "indicator")


def cause_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Count poor and near-poor households by cause of poverty; a household may have several.

    Columns: unit_code, class, cause, households, of_households (of the class), rate_pct.
    """
    return _long(counts, "cause", "cause")


def group_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Count poor and near-poor households by group; ethnic minority cuts across the other groups.

    Columns: unit_code, class, group, households, of_households (of the class), rate_pct.
    """
    groups = ("ethnic_minority", *household_choices("group"))
    return _melted(counts, {name: f"{name}_households" for name in groups}, "group")


def ethnicity_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Count the households of each ethnic group and the poor and near-poor among them, one row a group.

    Columns: unit_code, ethnic_group, households, persons, and for each class _households, _persons,
    _rate_pct (of the group's households). `counts` are ethnicity_counts.
    """
    keys = ["unit_code", "ethnic_group"]
    pair = counts.groupby(keys, observed=True).ngroup().to_numpy()
    cells = _by_class(counts, pair, _COUNTED)
    first = np.unique(pair, return_index=True)[1]
    columns = {name: counts[name].array.take(first) for name in keys}
    columns |= {count: cells[:, :, at].sum(axis=1) for at, count in enumerate(_COUNTED)}
    for name in POOR_CLASSES:
        of_class = cells[:, CLASSES.index(name)]
        columns |= {f"{name}_{count}": of_class[:, at] for at, count in enumerate(_COUNTED)}
        columns[f"{name}_rate_pct"] = percentage(pd.Series(of_class[:, 0]), pd.Series(columns["households"])).array
    return pd.DataFrame(columns)


def _by_class(counts: pd.DataFrame, row: np.ndarray, columns: Sequence[str]) -> np.ndarray:
    """Add up columns of the counts in an array of three dimensions: `row` (that of each count), class, column."""
    cells = np.zeros((len(columns), (row.max(initial=-1) + 1) * len(CLASSES)), dtype="int64")
    place = row * len(CLASSES) + pd.Index(CLASSES).get_indexer(counts["class"])
    for at, column in enumerate(columns):
        np.add.at(cells[at], place, counts[column].to_numpy())
    return cells.reshape(len(columns), -1, len(CLASSES)).transpose(1, 2, 0)


def _long(counts: pd.DataFrame, kind: str, name: str) -> pd.DataFrame:
    codes = household_choices(name)
    return _melted(counts, {code: f"{kind}_{code}_households" for code in codes}, name)


def _melted(counts: pd.DataFrame, columns: dict[str, str], name: str) -> pd.DataFrame:
    """Return one row a unit, poor class and entry of `columns` (code to column of the counts)."""
    poor = counts[counts["class"].isin(POOR_CLASSES)]
    codes = sorted(columns)
    row = np.repeat(np.arange(len(poor)), len(codes))
    households = pd.Series(poor[[columns[code] for code in codes]].to_numpy().ravel())
    of_households = poor["households"].take(row).reset_index(drop=True)
    return pd.DataFrame(
        {
            **{key: poor[key].array.take(row) for key in ("unit_code", "class")},
            name: pd.array(codes, "str").take(np.tile(np.arange(len(codes)), len(poor))),
            "households": households,
            "of_households": of_households,
            "rate_pct": percentage(households, of_households),
        }
    )
