"""The tables of a public review without the cells that disclosure.hidden_of names; what is left out becomes NA.

A ratio is shown only where its numerator and its denominator are.
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from giamngheo.households.file.schema import CLASSES
from giamngheo.households.flows import FLOWS
from giamngheo.statistics.disclosure.stocks import flow_cell
from giamngheo.statistics.disclosure.suppression import Hidden


def shown_summary(table: pd.DataFrame, hidden: Hidden) -> pd.DataFrame:
    """Return the summary without suppressed classes, and without the average where it is not known."""
    shown = table.drop(columns=[name for name in table if "ethnic_minority" in name])
    for name in (*CLASSES[:3], "all"):
        prefix = "" if name == "all" else f"{name}_"
        left_out = _are_hidden(table["unit_code"], "class", (name,), hidden)
        if name == "average" and table["average_households"].isna().any():
            left_out[:] = True
        shown = _without(shown, left_out, [f"{prefix}households", f"{prefix}persons"])
    return shown


def shown_parts(table: pd.DataFrame, name: str, hidden: Hidden) -> pd.DataFrame:
    """Return a table of parts of the classes (`name`: indicator, cause, group) without suppressed cells and rates.

    Of a class that is hidden no part is shown.
    """
    units, kinds, codes = table["unit_code"], table["class"], table[name]
    part = [("part", *key, name, code) in hidden for *key, code in zip(units, kinds, codes, strict=True)]
    of_class = [("class", *key) in hidden for key in zip(units, kinds, strict=True)]
    either = [one or other for one, other in zip(part, of_class, strict=True)]
    shown = _without(table, pd.Series(either, index=table.index), ["households", "rate_pct"])
    return _without(shown, pd.Series(of_class, index=table.index), ["of_households"])


def shown_flows(table: pd.DataFrame, name: str, hidden: Hidden) -> pd.DataFrame:
    """Return the flows of the whole, in households, without suppressed cells; by units nearly all would be."""
    shown = table.drop(columns=[column for column in table if column.endswith("_persons")])
    for flow in FLOWS:
        left_out = [flow_cell(unit, name, flow) in hidden for unit in shown["unit_code"]]
        shown = _without(shown, pd.Series(left_out, index=shown.index), [f"{flow}_households"])
    return shown


def shown_peoples(table: pd.DataFrame, hidden: Hidden) -> pd.DataFrame:
    """Return the ethnic groups of the whole without suppressed cells and their rates.

    The largest first; those that are suppressed come last, by name: a place among the others would bound them.
    """
    whole = _are_hidden(table["ethnic_group"], "people", ("all",), hidden)
    shown = _without(table, whole, ["households", "persons"])
    for kind in ("poor", "near_poor"):
        few = _are_hidden(table["ethnic_group"], "people", (kind,), hidden)
        shown = _without(shown, few, [f"{kind}_households", f"{kind}_persons"])
        shown = _without(shown, few | whole, [f"{kind}_rate_pct"])
    return shown.sort_values(["households", "ethnic_group"], ascending=[False, True], ignore_index=True)


def shown_measures(table: pd.DataFrame, hidden: Hidden) -> pd.DataFrame:
    """Return Alkire-Foster measures of units, the whole last, without suppressed counts and rates that tell them."""
    poor, burden = (_are_hidden(table["unit_code"], name, (), hidden) for name in ("deprived", "burden"))
    everybody = _are_hidden(table["unit_code"], "class", ("all",), hidden)
    shown = _without(table, poor, ["poor"])
    shown = _without(shown, poor | everybody, ["incidence_pct"])
    shown = _without(shown, poor | burden, ["intensity_pct"])
    shown = _without(shown, burden | everybody, ["adjusted_headcount"])
    shown = _without(shown, burden | burden.iloc[-1], ["contribution_pct"])
    return _without(shown, everybody | everybody.iloc[-1], ["population_share_pct"])


def shown_burdens(units: Iterable[str], dimensions: Sequence[str], hidden: Hidden) -> list[str]:
    """Return the units of which no deprivations of a dimension are suppressed."""
    keys = [("deprived",), ("burden",), *(("burden", name) for name in dimensions)]
    return [unit for unit in units if not any((table, unit, *rest) in hidden for table, *rest in keys)]


def _are_hidden(codes: pd.Series, table: str, rest: tuple[str, ...], hidden: Hidden) -> pd.Series:
    """Return which rows of a frame are suppressed: those whose cell is (table, code of the row, *rest)."""
    return pd.Series([(table, code, *rest) in hidden for code in codes], index=codes.index, dtype=bool)


def _without(table: pd.DataFrame, left_out: pd.Series, columns: Sequence[str]) -> pd.DataFrame:
    """Return the table with NA in those of `columns` it has, in the rows left out."""
    given = [name for name in columns if name in table]
    return table.assign(**{name: table[name].convert_dtypes().mask(left_out.astype(bool)) for name in given})
