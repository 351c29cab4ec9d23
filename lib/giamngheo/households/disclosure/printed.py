"""All counts that the report of a review prints, for one unit and the units below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from giamngheo.households import tables
from giamngheo.households.classification import POOR_CLASSES
from giamngheo.households.measures.alkire_foster import Poverty, deprived_poor, measures
from giamngheo.households.places import ancestry, level_below, rolled_up
from giamngheo.households.review import Review, flows
from giamngheo.regulation.poverty import indicators


@dataclass(frozen=True)
class Printed:
    """Whole numbers of households; the whole unit is last in each table with a row a unit.

    summary: tables.summary; parts: by "indicator", "cause", "group" the long tables of those names; flows: by class
    the flow tables, none without last year; flows_of_whole: those of the whole alone, as its workbook has them
    (households that move between villages of a commune have not left it); peoples: tables.ethnicity_table of the
    whole; patterns: counts by pattern of the units and of the whole, empty where the file has B2 only; burdens:
    unit_code, poor (by Alkire and Foster) and a column an indicator, how many of these it deprives; dimensions: the
    indicators of each; cutoff: so many deprivations make a household poor, None where the file does not tell
    indicators apart; before: tables.summary of the review before, by the units of that day, empty without its file.
    """

    summary: pd.DataFrame
    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    flows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    flows_of_whole: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    peoples: pd.DataFrame = field(default_factory=pd.DataFrame)
    patterns: pd.DataFrame = field(default_factory=pd.DataFrame)
    burdens: pd.DataFrame = field(default_factory=pd.DataFrame)
    dimensions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cutoff: int | None = None
    before: pd.DataFrame = field(default_factory=pd.DataFrame)


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
        flows_of_whole=_flows_of_whole(result, unit),
        peoples=_peoples(result, unit),
        patterns=patterns,
        burdens=_burdens(result, patterns),
        dimensions=_dimensions(result),
        cutoff=None if patterns.empty else result.standard.deprivation_cutoff,
        before=_summary_before(result, unit),
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


def _flows_of_whole(result: Review, unit: str) -> dict[str, pd.DataFrame]:
    """The flow tables of the unit at its own level, a row each; none without last year's file."""
    level, whole = result.units.set_index("code")["level"][unit], pd.Series([unit])
    tables_of_level = {name: flows(result, name, level) for name in POOR_CLASSES}
    return {
        name: _of_every(table[table["unit_code"] == unit], whole, unit)
        for name, table in tables_of_level.items()
        if table is not None
    }


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
    """The poor and how many of them each indicator deprives, of every unit of the patterns."""
    if patterns.empty:
        return pd.DataFrame()
    known = indicators(on=result.day)
    poverty = Poverty((1.0,) * len(known), result.standard.deprivation_cutoff)
    suffering = deprived_poor(patterns, poverty, ["unit_code"])
    wide = suffering.pivot(index="unit_code", columns="indicator", values="poor")
    poor = measures(patterns, poverty, ["unit_code"])[["unit_code", "poor"]]
    return poor.merge(wide.reset_index(), on="unit_code")


def _dimensions(result: Review) -> dict[str, list[str]]:
    """The codes of the indicators of each dimension."""
    found: dict[str, list[str]] = {}
    for entry in indicators(on=result.day):
        found.setdefault(entry.dimension, []).append(entry.code)
    return found


def _summary_before(result: Review, unit: str) -> pd.DataFrame:
    """The summary that last year's report of the unit printed; empty where there is no such unit or file."""
    before = result.before
    level = "" if before is None else before.units.set_index("code")["level"].get(unit, "")
    if before is None or level == "":
        return pd.DataFrame()
    tree = ancestry(before.units)
    inside = before.classes[before.classes["unit_code"].isin(tree.loc[tree[level] == unit, "unit_code"])]
    if inside.empty:
        return pd.DataFrame()
    below = level_below(tree, inside["unit_code"], level)
    return with_total(tables.summary(rolled_up(inside, tree, below), before.day), unit)
