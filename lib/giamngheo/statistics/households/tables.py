"""The official tables of a review, from counts of classified households.

Source of the layouts: Decision 24/2021/QĐ-TTg. All take the counts of `counts.py`, at the level at
which they are wanted (see places.rolled_up), and give whole numbers and unrounded rates.
"""

import datetime as dt

import numpy as np
import pandas as pd

from giamngheo.intake.household_schema import household_choices
from giamngheo.statistics.households.classification import CLASSES
from giamngheo.statistics.ratio import percentage

POOR_CLASSES = ("poor", "near_poor")

_SUMMED = ("households", "persons", "ethnic_minority_households", "income_households")


def summary(counts: pd.DataFrame, review: dt.date) -> pd.DataFrame:
    """Results of the review in the columns of the workbook's table `reviews`, one row a unit.

    date, unit_code, households, persons, ethnic_minority_households, and for poor, near_poor:
    _households, _persons, _ethnic_minority_households; average_households, average_persons, blank where a household
    above the lines gives no income: its score does not tell.
    """
    unit, units = pd.factorize(counts["unit_code"], sort=True)
    cells = np.zeros((len(units), len(CLASSES), len(_SUMMED)), dtype="int64")
    np.add.at(cells, (unit, pd.Index(CLASSES).get_indexer(counts["class"])), counts[list(_SUMMED)].to_numpy())
    columns = {count: cells[:, :, at].sum(axis=1) for at, count in enumerate(_SUMMED[:3])}
    for place, name in enumerate(CLASSES[:3]):
        columns |= {f"{name}_{count}": cells[:, place, at] for at, count in enumerate(_SUMMED[:3])}
    del columns["average_ethnic_minority_households"]
    table = pd.DataFrame({name: pd.array(numbers, "Int64") for name, numbers in columns.items()})
    households, *_, income = cells[:, 2:].sum(axis=1).T
    table.loc[income < households, ["average_households", "average_persons"]] = pd.NA
    table.insert(0, "date", pd.Timestamp(review))
    table.insert(1, "unit_code", units)
    return table


def deprivation_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Deprived households of the poor and the near-poor by indicator.

    Columns: unit_code, class, indicator ("01"), households, of_households (of the class),
    rate_pct.
    """
    return _long(counts, "deprivation", "indicator")


def cause_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Poor and near-poor households by cause of poverty; a household may have several.

    Columns: unit_code, class, cause, households, of_households (of the class), rate_pct.
    """
    return _long(counts, "cause", "cause")


def group_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Poor and near-poor households by group; ethnic minority cuts across the other groups.

    Columns: unit_code, class, group, households, of_households (of the class), rate_pct.
    """
    groups = ("ethnic_minority", *household_choices("group"))
    return _melted(counts, {name: f"{name}_households" for name in groups}, "group")


def ethnicity_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Households of each ethnic group and the poor and near-poor among them, one row a group.

    Columns: unit_code, ethnic_group, households, persons, and for each class _households, _persons,
    _rate_pct (of the group's households). `counts` are ethnicity_counts.
    """
    groups = counts.groupby(["unit_code", "ethnic_group"])
    table, row = groups[["households", "persons"]].sum(), groups.ngroup().to_numpy()
    for name in POOR_CLASSES:
        of_class = (counts["class"] == name).to_numpy()
        for count in ("households", "persons"):
            cells = np.zeros(len(table), dtype="int64")
            np.add.at(cells, row[of_class], counts[count].to_numpy()[of_class])
            table[f"{name}_{count}"] = cells
        table[f"{name}_rate_pct"] = percentage(table[f"{name}_households"], table["households"])
    return table.reset_index()


def _long(counts: pd.DataFrame, kind: str, name: str) -> pd.DataFrame:
    codes = household_choices(name)
    return _melted(counts, {code: f"{kind}_{code}_households" for code in codes}, name)


def _melted(counts: pd.DataFrame, columns: dict[str, str], name: str) -> pd.DataFrame:
    """One row a unit, poor class and entry of `columns` (code to column of the counts)."""
    poor = counts[counts["class"].isin(POOR_CLASSES)].sort_values(["unit_code", "class"])
    codes = sorted(columns)
    table = poor[["unit_code", "class"]].loc[poor.index.repeat(len(codes))].reset_index(drop=True)
    table[name] = codes * len(poor)
    table["households"] = poor[[columns[code] for code in codes]].to_numpy().ravel()
    table["of_households"] = poor["households"].repeat(len(codes)).array
    return table.assign(rate_pct=percentage(table["households"], table["of_households"]))
