"""Figures of units added up to the units above them.

Counts have date, unit_code, row (of the workbook) and figures; units have code, parent_code, valid_from, valid_to.
A sum is made where every unit below a parent, as it stands on the day, has a row; a figure that one of them leaves
blank has a blank sum. Source of the identity: Decision 24/2021/QĐ-TTg, communes add up to the district.
"""

from collections.abc import Iterator

import pandas as pd

FIGURES = ("households", "persons", "deprivations")
"""How the names of the columns end that add up."""

_KEYS = ["date", "unit_code"]


def with_sums(counts: pd.DataFrame, units: pd.DataFrame, root: str) -> pd.DataFrame:
    """Counts in which a unit whose parts are all given has their sums, from the smallest parts up to unit `root`.

    A blank sum leaves what was typed; a row that nobody typed has the row number of its first part.
    """
    for parents in _generations(units, root):
        sums = sums_of_parts(families(counts, units[units["parent_code"].isin(parents)]))
        if not sums.empty:
            counts = _replaced(counts, sums)
    return counts


def sums_of_parts(families: pd.DataFrame) -> pd.DataFrame:
    """The sums of the units below each parent, a row a day and parent whose parts are all given.

    families: as of the function of that name. Columns: date, unit_code (the parent), row (of the first part) and the
    figures.
    """
    grouped = families.groupby(_KEYS)
    rows = grouped["row"]
    complete = rows.size() == rows.count()
    sums = grouped[[column for column in families if column.endswith(FIGURES)]].sum(skipna=False)[complete]
    return sums.assign(row=rows.min()[complete].astype("int64")).reset_index()


def missing_parts(families: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Parents of which some parts have figures on a day and some have not.

    families: as of the function of that name, of `counts`. Columns: date, unit_code (the parent), missing (codes of the
    parts), typed (whether the parent has a row itself) and row, where it stands, or else the first part.
    """
    if families["row"].notna().all():
        return pd.DataFrame(columns=[*_KEYS, "missing", "row", "typed"])
    gaps = pd.DataFrame(_gaps(families), columns=[*_KEYS, "missing", "first_row"]).astype(
        {"date": counts["date"].dtype}
    )
    own = gaps.merge(counts[[*_KEYS, "row"]].drop_duplicates(_KEYS), on=_KEYS, how="left")
    return own.assign(typed=own["row"].notna(), row=own["row"].fillna(own["first_row"]).astype("int64"))


def _gaps(families: pd.DataFrame) -> Iterator[tuple[pd.Timestamp, str, tuple[str, ...], float]]:
    """Day and parent of the families of which some have figures and some have not, who lacks them, the first row."""
    rows = families.groupby(_KEYS)["row"]
    given = rows.transform("count")
    for (day, parent), part in families[(given > 0) & (given < rows.transform("size"))].groupby(_KEYS):
        yield day, parent, tuple(part.loc[part["row"].isna(), "code"]), part["row"].min()


def below(units: pd.DataFrame, root: str) -> pd.DataFrame:
    """The units that stand below unit `root`, however far."""
    parents = set[str]().union(*_generations(units, root))
    return units[units["parent_code"].isin(parents)]


def families(counts: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Every unit that stands below another on a day of the counts, with its counts.

    Columns: date, unit_code (the parent), code (the part), row (blank where it has none) and the figures.
    """
    figures = [column for column in counts if column.endswith(FIGURES)]
    days = counts[["date"]].dropna().drop_duplicates()
    parts = units.loc[units["parent_code"] != "", ["code", "parent_code", "valid_from", "valid_to"]]
    standing = days.merge(parts, how="cross")
    begun = standing["valid_from"].isna() | (standing["valid_from"] <= standing["date"])
    ended = standing["valid_to"] < standing["date"]
    of_parts = counts[[*_KEYS, "row", *figures]].drop_duplicates(_KEYS).rename(columns={"unit_code": "code"})
    found = standing.loc[begun & ~ended, ["date", "parent_code", "code"]].merge(
        of_parts, on=["date", "code"], how="left"
    )
    return found.rename(columns={"parent_code": "unit_code"})


def _generations(units: pd.DataFrame, root: str) -> list[set[str]]:
    """Units with parts, from `root` down, the smallest first."""
    generations: list[set[str]] = []
    parents = {root}
    while parents and len(generations) < len(units):
        generations.insert(0, parents)
        parts = units.loc[units["parent_code"].isin(parents), "code"]
        parents = set(parts[parts.isin(units["parent_code"])]) - {root}
    return generations


def _replaced(counts: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    typed = counts.drop_duplicates(_KEYS).set_index(_KEYS)
    own_rows = typed["row"].reindex(pd.MultiIndex.from_frame(sums[_KEYS])).array
    placed = sums.assign(row=pd.Series(own_rows).fillna(sums["row"]).astype("int64")).set_index(_KEYS)
    both = pd.concat([placed, typed]).groupby(_KEYS, dropna=False).first().reset_index()
    text = [column for column in counts if counts[column].dtype == "str"]
    whole = both.assign(**{column: both[column].fillna("") for column in text})
    return whole[counts.columns].astype(counts.dtypes)
