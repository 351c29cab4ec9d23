"""All counts that the report of a review prints, for one unit and the units below it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from giamngheo.regulation.poverty import indicators
from giamngheo.statistics.households import tables
from giamngheo.statistics.households.alkire_foster import Poverty, deprived_poor, measures
from giamngheo.statistics.households.classification import POOR_CLASSES
from giamngheo.statistics.households.places import rolled_up
from giamngheo.statistics.households.review import Review, flows


@dataclass(frozen=True)
class Printed:
    """Whole numbers of households; the whole unit is last in each table with a row a unit.

    summary: tables.summary; parts: by "indicator", "cause", "group" the long tables of those names; flows: by class
    the flow tables, none without last year; peoples: tables.ethnicity_table of the whole; patterns: counts by
    pattern of the units and of the whole, empty where the file has B2 only; burdens: unit_code, poor (by Alkire and
    Foster) and a column a dimension, the deprivations of those in it.
    """

    summary: pd.DataFrame
    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    flows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    peoples: pd.DataFrame = field(default_factory=pd.DataFrame)
    patterns: pd.DataFrame = field(default_factory=pd.DataFrame)
    burdens: pd.DataFrame = field(default_factory=pd.DataFrame)


def printed_tables(result: Review, unit: str, below: str, counts: pd.DataFrame) -> Printed:
    """What is printed of a unit: `counts` are the class counts of the units below it (or of itself), at a level."""
    whole = counts.drop(columns="unit_code").groupby("class", as_index=False).sum().assign(unit_code=unit)
    both = pd.concat([counts[counts["unit_code"] != unit], whole], ignore_index=True)
    summary = with_total(tables.summary(counts, result.day), unit)
    moved = {name: flows(result, name, below) for name in POOR_CLASSES}
    patterns = _patterns(result, unit, below)
    return Printed(
        summary=summary,
        parts={
            "indicator": tables.deprivation_table(both),
            "cause": tables.cause_table(both),
            "group": tables.group_table(both),
        },
        flows={
            name: with_total(_of_every(table, summary["unit_code"], unit), unit)
            for name, table in moved.items()
            if table is not None
        },
        peoples=_peoples(result, unit),
        patterns=patterns,
        burdens=_burdens(result, patterns),
    )


def with_total(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """The table with a last row of the sums of its counts under the code of the whole; sums of blanks are blank.

    A table of the whole alone stays as it is.
    """
    if list(table["unit_code"]) == [code]:
        return table
    table = table.assign(unit_code=table["unit_code"].astype("str"))
    total = table.select_dtypes("number").sum(skipna=False).to_frame().T.assign(unit_code=code)
    same = [name for name in table.columns if name not in total]
    whole = total.assign(**{name: table[name].iloc[0] for name in same})
    return pd.concat([table, whole[table.columns].astype(table.dtypes)], ignore_index=True)


def _of_every(flows: pd.DataFrame, units: pd.Series, whole: str) -> pd.DataFrame:
    """The flows of every unit, nought where no household of the class was or is."""
    codes = [code for code in units.unique() if code != whole] or [whole]
    rows = flows.drop(columns="date").set_index("unit_code").reindex(codes, fill_value=0)
    return rows.astype("Int64").reset_index()


def _peoples(result: Review, unit: str) -> pd.DataFrame:
    """The table of ethnic groups of the unit, the largest first."""
    counts = _inside(result, result.counts.ethnicity, unit).assign(unit_code=unit)
    summed = counts.groupby(["unit_code", "class", "ethnic_group"], as_index=False).sum()
    return tables.ethnicity_table(summed).sort_values("households", ascending=False, ignore_index=True)


def peoples_by_unit(result: Review, unit: str, below: str) -> pd.DataFrame:
    """tables.ethnicity_table of the units below a unit, without peoples of whom nobody is poor or near-poor there.

    Units by code, in each the largest people first.
    """
    counts = rolled_up(_inside(result, result.counts.ethnicity, unit), result.tree, below)
    table = tables.ethnicity_table(counts)
    concerned = table[table[[f"{name}_households" for name in POOR_CLASSES]].any(axis=1)]
    return concerned.sort_values(["unit_code", "households"], ascending=[True, False], ignore_index=True)


def _patterns(result: Review, unit: str, below: str) -> pd.DataFrame:
    """Counts by pattern of the units below, which are known from the communes up, and of the unit itself."""
    inside = _inside(result, result.counts.patterns, unit)
    whole = inside.assign(unit_code=unit)
    if below == "village":
        return whole
    parts = rolled_up(inside, result.tree, below)
    return pd.concat([parts[parts["unit_code"] != unit], whole], ignore_index=True)


def _inside(result: Review, counts: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The counts of the units that are the unit or lie in it."""
    level = result.units.set_index("code")["level"][unit]
    codes = result.tree.loc[result.tree[level] == unit, "unit_code"]
    return counts[counts["unit_code"].isin(codes)].reset_index(drop=True)


def _burdens(result: Review, patterns: pd.DataFrame) -> pd.DataFrame:
    """The poor and their deprivations by dimension, of every unit of the patterns."""
    if patterns.empty:
        return pd.DataFrame()
    known = indicators(on=result.day)
    poverty = Poverty((1.0,) * len(known), result.standard.deprivation_cutoff)
    suffering = deprived_poor(patterns, poverty, ["unit_code"])
    named = suffering.assign(dimension=suffering["indicator"].map({entry.code: entry.dimension for entry in known}))
    wide = named.pivot_table(index="unit_code", columns="dimension", values="poor", aggfunc="sum")
    poor = measures(patterns, poverty, ["unit_code"])[["unit_code", "poor"]]
    return poor.merge(wide.reset_index(), on="unit_code")
