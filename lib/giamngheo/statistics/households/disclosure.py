"""Small cells of a table left out before the public sees it, and others that would give them away.

Cells left out become NA. The tables here have a row of totals last, and each row is one sum, so
that a cell alone in its line would be known again. Source of the method: Cox (1980), Suppression
methodology and statistical disclosure control, Journal of the American Statistical Association 75.
Tables of one level are protected; tables of two levels are not to be published side by side.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from giamngheo.statistics.households.classification import CLASSES
from giamngheo.statistics.households.flows import FLOWS

SMALLEST_SHOWN = 5
"""Households below which a cell is not shown; nought may be."""

_RELUCTANCE = 1_000_000.0
"""How much rather an inner cell is left out than a total."""


def hidden_cells(counts: pd.DataFrame, already: pd.DataFrame | None = None) -> pd.DataFrame:
    """Which cells of a table of counts to leave out, as truth values.

    The last row is the sum of the others; each row is one sum or difference of all its columns, the
    last of them the result; `already` cells are left out elsewhere. Hidden is every cell from 1 to
    SMALLEST_SHOWN - 1, and with each hidden cell the three of least households that make a
    rectangle with it: values can be moved around the rectangle without any line telling.
    """
    values = counts.to_numpy(dtype=np.int64)
    hidden = (values > 0) & (values < SMALLEST_SHOWN)
    if already is not None:
        hidden |= already.to_numpy(dtype=bool) & (values > 0)
    for row, column in np.argwhere(hidden):
        across, down = _opposite(values, hidden, int(row), int(column))
        hidden[[across, row, across], [down, down, column]] = True
    return pd.DataFrame(hidden, index=counts.index, columns=counts.columns)


def with_total(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """The table with a last row of the sums of its counts under the unit code of the whole."""
    total = table.select_dtypes("number").sum().to_frame().T.assign(unit_code=code)
    same = [name for name in table.columns if name not in total]
    whole = total.assign(**{name: table[name].iloc[0] for name in same})
    return pd.concat([table, whole[table.columns].astype(table.dtypes)], ignore_index=True)


def hidden_classes(table: pd.DataFrame) -> pd.DataFrame:
    """Which classes of which units to leave out, of a summary with its row of totals last.

    One column a class and "households", the whole; one row a row of the summary.
    """
    counts = pd.DataFrame({name: table[f"{name}_households"] for name in CLASSES[:3]})
    counts["not_poor"] = table["households"] - counts.sum(axis=1)
    return hidden_cells(counts.assign(households=table["households"]))


def public_summary(table: pd.DataFrame) -> pd.DataFrame:
    """The summary, its row of totals last, without the cells that hidden_classes names.

    Left out with them are their persons, and the households of ethnic minorities of a class where
    they or the others of the class are few.
    """
    hidden = hidden_classes(table)
    shown = table.copy()
    for name in (*CLASSES[:3], "households"):
        prefix = "" if name == "households" else f"{name}_"
        shown = _without(shown, hidden[name], [f"{prefix}households", f"{prefix}persons"])
        minority = f"{prefix}ethnic_minority_households"
        if minority in table:
            few = hidden_share(table[minority], table[f"{prefix}households"], hidden[name])
            shown = _without(shown, few, [minority])
    return shown


def hidden_share(part: pd.Series, whole: pd.Series, hidden_whole: pd.Series) -> pd.Series:
    """Where to leave out a part of a whole: where it or the rest is small; totals last."""
    split = pd.DataFrame({"part": part, "rest": whole - part, "whole": whole})
    already = pd.DataFrame(dict.fromkeys(split, hidden_whole))
    return hidden_cells(split, already)["part"] | hidden_whole


def public_shares(table: pd.DataFrame, name: str, hidden: pd.DataFrame, units: Sequence[str]) -> pd.DataFrame:
    """A table of parts of a class (by indicator, group or cause) without its small cells.

    `name` is the column of the parts; `hidden` is hidden_classes of the summary whose rows are
    `units`, the whole last. Left out are households and rate_pct; of_households where the summary
    leaves it out.
    """
    shown = table.copy()
    for (kind, _), rows in table.groupby(["class", name]):
        ordered = rows.set_index("unit_code").reindex(list(units))
        of_class = pd.Series(hidden[str(kind)].to_numpy(), index=ordered.index)
        counts = ordered[["households", "of_households"]].fillna(0)
        few = hidden_share(counts["households"], counts["of_households"], of_class)
        place = rows["unit_code"]
        shown = _without(shown, place.map(few), ["households", "rate_pct"])
        shown = _without(shown, place.map(of_class), ["of_households"])
    return shown


def public_parts(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Parts of the classes of one unit (`name`: indicator, cause or group) without small cells.

    A part is left out where it, or the rest of its class, is small; and another where one alone is, since groups
    add up to their class.
    """
    few = _is_small(table["households"]) | _is_small(table["of_households"] - table["households"])
    for _, rows in table.groupby("class"):
        shown = rows[~few[rows.index] & (rows["households"] > 0)].sort_values("households")
        if few[rows.index].sum() == 1 and not shown.empty:
            few[shown.index[0]] = True
    return _without(table, few, ["households", "rate_pct"])


def public_groups(table: pd.DataFrame) -> pd.DataFrame:
    """Ethnic groups of one unit, of tables.ethnicity_table, without small cells."""
    counts = table[["poor_households", "near_poor_households"]]
    split = counts.assign(rest=table["households"] - counts.sum(axis=1), households=table["households"])
    hidden = hidden_cells(pd.concat([split, split.sum().to_frame().T], ignore_index=True)).iloc[:-1]
    shown = _without(table, hidden["households"], ["households", "persons"])
    for kind in ("poor", "near_poor"):
        columns = [f"{kind}_households", f"{kind}_persons", f"{kind}_rate_pct"]
        shown = _without(shown, hidden[f"{kind}_households"], columns)
    return shown


def public_measures(table: pd.DataFrame) -> pd.DataFrame:
    """Alkire-Foster measures of units, the whole last, without those that few households are behind."""
    few = hidden_share(table["poor"], table["population"], pd.Series(False, index=table.index))
    columns = ["poor", "incidence_pct", "intensity_pct", "adjusted_headcount", "contribution_pct"]
    return _without(table, few, [name for name in columns if name in table])


def _is_small(counts: pd.Series) -> pd.Series:
    return (counts > 0) & (counts < SMALLEST_SHOWN)


def public_flows(table: pd.DataFrame) -> pd.DataFrame:
    """A flow table, its row of totals last, without its small cells, in households and persons."""
    counts = table[[f"{flow}_households" for flow in FLOWS if flow != "left"]]
    hidden = hidden_cells(counts).rename(columns=lambda name: name.removesuffix("_households"))
    left = hidden["left_to_other_class"] | hidden["left_above"]
    shown = table.copy()
    for flow, cells in hidden.assign(left=left).items():
        shown = _without(shown, cells, [f"{flow}_households", f"{flow}_persons"])
    return shown


def _without(table: pd.DataFrame, hidden: pd.Series, columns: Sequence[str]) -> pd.DataFrame:
    """The table with NA in `columns` of the hidden rows; rows that `hidden` lacks stay."""
    cells = hidden.reindex(table.index).fillna(value=False).astype(bool)
    blanked: Mapping[str, pd.Series] = {name: table[name].convert_dtypes().mask(cells) for name in columns}
    return table.assign(**blanked)


def _opposite(values: np.ndarray, hidden: np.ndarray, row: int, column: int) -> tuple[int, int]:
    """The opposite corner of the cheapest rectangle that hides a cell; no corner is nought."""
    cost = np.where(hidden, 0.0, values.astype(float))
    cost[-1, :] *= _RELUCTANCE
    cost[:, -1] *= _RELUCTANCE
    cost[values == 0] = np.inf
    whole = cost + cost[row, :][None, :] + cost[:, column][:, None]
    whole[row, :] = np.inf
    whole[:, column] = np.inf
    across, down = np.unravel_index(int(np.argmin(whole)), whole.shape)
    return int(across), int(down)
