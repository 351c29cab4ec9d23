"""What a public review prints, and which of its cells are left out.

All its tables are one system of relations that a reader knows. First stocks and flows are suppressed as in every
edition (statistics.disclosure); then everything else, while the stocks stay as they are. A cell is named (table, unit,
...). The tables of one level of units are protected together; those of another are another edition: publish one.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pandas as pd

from giamngheo.households import tables
from giamngheo.households.disclosure.peoples import add_peoples
from giamngheo.households.file.schema import POOR_CLASSES
from giamngheo.households.measures.alkire_foster import Poverty, deprived_poor, measures
from giamngheo.households.places import ancestry, counts_at, level_below
from giamngheo.households.review import Review, flows
from giamngheo.regulation.poverty import indicators
from giamngheo.statistics.disclosure.stocks import (
    Draft,
    blank_classes,
    every_flow,
    hidden_flows,
    hidden_in_commune,
    hidden_stocks,
    stocks_draft,
    untold,
)
from giamngheo.statistics.disclosure.suppression import Cell, Hidden, System, UnprotectableCellError, hidden_cells


@dataclass(frozen=True)
class Printed:
    """Whole numbers of households; the whole unit is last in each table with a row a unit.

    summary: tables.summary; parts: by "indicator", "cause", "group" the long tables of those names; flows: by class
    the flow tables, none without last year; flows_of_whole: those of the whole alone, as its workbook has them
    (households that move between villages of a commune have not left it); peoples: tables.ethnicity_table of the
    whole; patterns: counts by pattern of the units and of the whole, empty where the file has B2 only; burdens:
    unit_code, poor (by Alkire and Foster) and a column an indicator, how many of these it deprives; dimensions: the
    indicators of each; cutoff: so many deprivations make a household poor, None where the file does not tell
    indicators apart; stocks: the summary with the units that only the workbook's reports print, empty where there are
    none; before: the same of the review before, by the units of that day, empty without its file; of_villages: whether
    the units are villages, of which no workbook has reviews; is_of_others: review.Before.is_of_others.
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
    stocks: pd.DataFrame = field(default_factory=pd.DataFrame)
    before: pd.DataFrame = field(default_factory=pd.DataFrame)
    of_villages: bool = False
    is_of_others: bool = False


def printed_tables(result: Review, unit: str, below: str, counts: pd.DataFrame) -> Printed:
    """Return what is printed of a unit, from the class counts of the units below it (or of itself), at a level."""
    whole = counts.drop(columns="unit_code").groupby("class", as_index=False).sum().assign(unit_code=unit)
    both = pd.concat([counts[counts["unit_code"] != unit], whole], ignore_index=True)
    summary = with_total(tables.summary(counts, result.day), unit)
    of_whole = _flows_of_whole(result, unit)
    patterns = _patterns(result, unit, below)
    return Printed(
        summary=summary,
        parts={
            "indicator": tables.deprivation_table(both),
            "cause": tables.cause_table(both),
            "group": tables.group_table(both),
        },
        flows=_flows_by_unit(result, below, summary["unit_code"], of_whole),
        flows_of_whole=of_whole,
        peoples=_peoples(result, unit),
        patterns=patterns,
        burdens=_burdens(result, patterns),
        dimensions=_dimensions(result),
        cutoff=None if patterns.empty else result.standard.deprivation_cutoff,
        stocks=tables.as_in_workbook(summary, _inside(result, result.counts.classes, unit), result.tree, unit),
        before=_stocks_before(result, unit),
        of_villages=below == "village",
        is_of_others=result.before is not None and result.before.is_of_others,
    )


def with_total(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the table with a last row for the whole, the sums of its counts; a sum of blanks is blank.

    A table of the whole alone stays as it is.
    """
    if list(table["unit_code"]) == [code]:
        return table
    table = table.assign(unit_code=table["unit_code"].astype("str"))
    total = table.select_dtypes("number").sum(skipna=False).to_frame().T.assign(unit_code=code)
    same = [name for name in table.columns if name not in total]
    whole = total.assign(**{name: table[name].iloc[0] for name in same})
    return pd.concat([table, whole[table.columns].astype(table.dtypes)], ignore_index=True)


def _of_every(flows: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the flows of some units, 0 where no household is or was of the class."""
    rows = flows.drop(columns="date").set_index("unit_code").reindex(codes, fill_value=0)
    return rows.astype("Int64").reset_index()


def _flows_of_whole(result: Review, unit: str) -> dict[str, pd.DataFrame]:
    """Return the flow tables of the unit itself, one row each; none without last year's file."""
    level = result.units.set_index("code")["level"][unit]
    tables_of_level = {name: flows(result, name, level) for name in POOR_CLASSES}
    return {name: _of_every(table, [unit]) for name, table in tables_of_level.items() if table is not None}


def _flows_by_unit(
    result: Review, below: str, lives: pd.Series, of_whole: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return the flow tables of the units at a level, those too where nobody lives any more, the whole last.

    lives: the units of the review, the whole last. Villages need not add up to it: who moved between them stayed in it.
    """
    unit, found = lives.iloc[-1], {}
    inside = set(_codes_inside(result, unit))
    for name, whole in of_whole.items():
        if (table := flows(result, name, below)) is not None:
            codes = sorted({*lives, *inside.intersection(table["unit_code"])} - {unit})
            found[name] = pd.concat([_of_every(table, codes), whole], ignore_index=True)
    return found


def _peoples(result: Review, unit: str) -> pd.DataFrame:
    """Return the table of ethnic groups of the unit, the largest first."""
    counts = _inside(result, result.counts.ethnicity, unit).assign(unit_code=unit)
    summed = counts.groupby(["unit_code", "class", "ethnic_group"], as_index=False).sum()
    return tables.ethnicity_table(summed).sort_values("households", ascending=False, ignore_index=True)


def peoples_by_unit(result: Review, unit: str, below: str) -> pd.DataFrame:
    """Return the ethnicity_table of the units below a unit, without peoples that have no poor or near-poor there.

    Units by code, in each the largest people first.
    """
    counts = counts_at(_inside(result, result.counts.ethnicity, unit), result.tree, below)
    table = tables.ethnicity_table(counts)
    concerned = table[table[[f"{name}_households" for name in POOR_CLASSES]].any(axis=1)]
    return concerned.sort_values(["unit_code", "households"], ascending=[True, False], ignore_index=True)


def _patterns(result: Review, unit: str, below: str) -> pd.DataFrame:
    """Return the counts by pattern of the unit and of the units below it; none of villages, which are not counted."""
    inside = _inside(result, result.counts.patterns, unit)
    whole = inside.assign(unit_code=unit)
    if below == "village":
        return whole
    parts = counts_at(inside, result.tree, below)
    return pd.concat([parts[parts["unit_code"] != unit], whole], ignore_index=True)


def _inside(result: Review, counts: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the counts of the unit and of the units below it."""
    return counts[counts["unit_code"].isin(_codes_inside(result, unit))].reset_index(drop=True)


def _codes_inside(result: Review, unit: str) -> pd.Series:
    """Return the codes of the unit and of the units below it."""
    level = result.units.set_index("code")["level"][unit]
    return result.tree.loc[result.tree[level] == unit, "unit_code"]


def _burdens(result: Review, patterns: pd.DataFrame) -> pd.DataFrame:
    """Return, for every unit of the patterns, the poor and how many of them each indicator deprives."""
    if patterns.empty:
        return pd.DataFrame()
    known = indicators(on=result.day)
    poverty = Poverty((1.0,) * len(known), result.standard.deprivation_cutoff)
    suffering = deprived_poor(patterns, poverty, ["unit_code"])
    wide = suffering.pivot(index="unit_code", columns="indicator", values="poor")
    poor = measures(patterns, poverty, ["unit_code"])[["unit_code", "poor"]]
    return poor.merge(wide.reset_index(), on="unit_code")


def _dimensions(result: Review) -> dict[str, list[str]]:
    """Return the codes of the indicators of each dimension."""
    found: dict[str, list[str]] = {}
    for entry in indicators(on=result.day):
        found.setdefault(entry.dimension, []).append(entry.code)
    return found


def _stocks_before(result: Review, unit: str) -> pd.DataFrame:
    """Return the stocks that last year's reports printed; empty where there is no such unit or file."""
    before = result.before
    level = "" if before is None else before.units.set_index("code")["level"].get(unit, "")
    if before is None or level == "":
        return pd.DataFrame()
    tree = ancestry(before.units)
    inside = before.classes[before.classes["unit_code"].isin(tree.loc[tree[level] == unit, "unit_code"])]
    if inside.empty:
        return pd.DataFrame()
    below = level_below(tree, inside["unit_code"], level)
    summary = with_total(tables.summary(counts_at(inside, tree, below), before.day), unit)
    return tables.as_in_workbook(summary, inside, tree, unit)


_ACROSS = "ethnic_minority"
"""The group that cuts across the others, which make up a class where every household has one."""

_OF_WHOLE, _ALL_OF_PEOPLE = 1e2, 1e3
"""How much more reluctantly a cell of the whole is hidden than one of a unit, and all households of a people."""


def hidden_of(printed: Printed, smallest: int) -> Hidden:
    """Return the cells that are suppressed in every table, figure and sentence of a public review.

    `smallest`: stocks.smallest_shown. A block of cells that cannot be protected by leaving out some of them, as where
    a class of five has three groups, is left out as a whole.
    """
    whole = str(printed.summary["unit_code"].iloc[-1])
    stocks = (hidden_in_commune if printed.of_villages else hidden_stocks)(_stocks(printed), whole, smallest)
    withheld: set[Cell] = set()
    while True:
        system = _system(printed, whole, stocks, withheld)
        left_out = {cell for cell in system.unprinted if _block(cell) in withheld}
        try:
            hidden = hidden_cells(system, smallest, stocks)
            return hidden | left_out | stocks | _hidden_flows(printed, whole, stocks, smallest)
        except UnprotectableCellError as error:
            more = {_block(error.cell)} - withheld or {_block(cell) for cell in system.values} - withheld
            if not more:
                raise
            withheld |= more


def _stocks(printed: Printed) -> pd.DataFrame:
    """Return the summary of all units of which the public reads stocks."""
    return printed.summary if printed.stocks.empty else printed.stocks


def _block(cell: Cell) -> Cell:
    """Return the cells that are suppressed together: parts of a class, a class of all peoples, or all measures."""
    if cell[0] in {"part", "rest"}:
        return ("part", *cell[1:4])
    if cell[0] == "slack" and cell[2] in POOR_CLASSES:
        return ("part", *cell[1:], "indicator")
    return ("people", cell[-1]) if cell[0] == "people" else ("measures",)


def _system(printed: Printed, whole: str, stocks: Hidden, withheld: Collection[Cell]) -> System:
    """Return the cells and relations of a review without its flows; the blocks withheld are printed nowhere."""
    draft = stocks_draft(_stocks(printed), whole)
    kept = frozenset(draft.values)
    draft.unprinted.update(untold(draft, stocks))
    if printed.of_villages:
        draft.unprinted.update(blank_classes(draft, whole, stocks))
    _add_parts(draft, printed, stocks, whole)
    add_peoples(draft, printed.peoples, whole)
    _add_sums_of_indicators(draft, printed)
    _add_burdens(draft, printed, whole)
    cost = {cell: _cost(cell, value, whole) for cell, value in draft.values.items()}
    draft.unprinted.update(cell for cell in draft.values.keys() - kept if _block(cell) in withheld)
    return System(draft.values, draft.relations, frozenset(draft.unprinted), kept, cost)


def _hidden_flows(printed: Printed, whole: str, stocks: Hidden, smallest: int) -> Hidden:
    """Return the suppressed flows: all where the opening or the closing stock is suppressed.

    All, too, where the opening stock is a sum of those of other units: with theirs it would tell a suppressed one.
    """
    if not printed.flows_of_whole:
        return frozenset()
    rows = printed.before.tail(1) if printed.of_villages else printed.before
    before = hidden_stocks(rows, whole, smallest) if len(rows) else frozenset()
    if printed.is_of_others or {("class", whole, name) for name in POOR_CLASSES} & (stocks | before):
        return every_flow(whole)
    ends = {"opening": printed.before, "closing": printed.summary}
    of_whole = ({key: of.iloc[-1] for key, of in both.items() if len(of)} for both in (printed.flows_of_whole, ends))
    return hidden_flows(*of_whole, unit=whole, smallest=smallest)


def _add_parts(draft: Draft, printed: Printed, stocks: Hidden, whole: str) -> None:
    """Add the parts of the classes: all those of the whole; of the units those that the heat map shows.

    Of a class that is hidden no part is printed.
    """
    for name, table in printed.parts.items():
        for (unit, kind), rows in table.groupby(["unit_code", "class"], observed=True):
            if unit != whole and (name, kind) != ("indicator", "poor"):
                continue
            of_class: Cell = ("class", str(unit), str(kind))
            counts = zip(rows[name], rows["households"], strict=True)
            cells: dict[Cell, int] = {("part", *of_class[1:], name, code): int(count) for code, count in counts}
            if of_class in stocks:
                draft.unprinted.update(cells)
            draft.values.update(cells)
            for cell in cells:
                draft.add_up(of_class, [cell], rest=("rest", *cell[1:]))
            groups = [cell for cell in cells if cell[-1] != _ACROSS]
            if name == "group" and not draft.add_up(of_class, groups):
                draft.add_up(of_class, groups, rest=("rest", *of_class[1:], name))
    _add_over_units(draft, whole, "part")


def _add_over_units(draft: Draft, whole: str, table: str) -> None:
    """Add the relations by which the units add up to the whole."""
    cells = sorted((cell for cell in draft.values if cell[0] == table), key=lambda cell: (cell[2:], cell[1]))
    for _, same in groupby(cells, key=lambda cell: cell[2:]):
        units = list(same)
        total = next((cell for cell in units if cell[1] == whole), None)
        if total is not None and len(units) > 1:
            draft.add_up(total, [cell for cell in units if cell != total])


def _add_sums_of_indicators(draft: Draft, printed: Printed) -> None:
    """Add that a poor household has at least so many deprivations, a near-poor one fewer.

    What a sum has beyond that is a slack. It is protected as a count is: one of three tells of one to three households
    that have more deprivations than the others must have, or fewer than they may.
    """
    for (unit, kind), cells in _of_class(draft, "part", "indicator").items():
        if printed.cutoff is None:
            continue
        slack: Cell = ("slack", unit, kind)
        if kind == "poor":
            not_deprived = [("rest", *cell[1:]) for cell in cells]
            draft.add_up(("class", unit, kind), not_deprived, rest=slack, times=len(cells) - printed.cutoff)
        else:
            draft.add_up(("class", unit, kind), cells, rest=slack, times=printed.cutoff - 1)


def _of_class(draft: Draft, table: str, name: str) -> Mapping[tuple[str, str], Sequence[Cell]]:
    """Return the cells of the parts of one kind, by unit and class."""
    cells = sorted(cell for cell in draft.values if cell[0] == table and cell[3:4] == (name,))
    return {key: list(same) for key, same in groupby(cells, key=lambda cell: (cell[1], cell[2]))}


def _add_burdens(draft: Draft, printed: Printed, whole: str) -> None:
    """Add the Alkire-Foster poor and their deprivations."""
    for row in printed.burdens.to_dict("records"):
        unit = str(row["unit_code"])
        deprived, every = ("deprived", unit), ("class", unit, "all")
        draft.values[deprived] = int(row["poor"])
        is_among = draft.add_up(deprived, [("class", unit, "poor")], rest=("above", unit))
        if not draft.add_up(every, [deprived, ("class", unit, "near_poor")], rest=("other", unit)):
            draft.add_up(every, [deprived], rest=("other", unit))
        sums = {name: sum(int(row[code]) for code in codes) for name, codes in printed.dimensions.items()}
        draft.values.update({("burden", unit, name): total for name, total in sums.items()})
        draft.values["burden", unit] = sum(sums.values())
        draft.add_up(("burden", unit), [("burden", unit, name) for name in sums])
        if printed.cutoff is not None:
            _add_bounds(draft, unit, sum(map(len, printed.dimensions.values())), printed.cutoff)
        if is_among and printed.cutoff is not None:
            _add_deprivations(draft, printed, unit, row)
    _add_over_units(draft, whole, "deprived")
    _add_over_units(draft, whole, "burden")


def _add_bounds(draft: Draft, unit: str, most: int, cutoff: int) -> None:
    """Add that each of the poor has from `cutoff` to `most` deprivations; what is beyond is protected as a count is."""
    lacking: Cell = ("slack", unit, "burden")
    if draft.add_up(("deprived", unit), [("burden", unit)], rest=lacking, times=most):
        draft.add_up(("deprived", unit), [lacking], rest=("slack", unit, "lacking"), times=most - cutoff)


def _add_deprivations(draft: Draft, printed: Printed, unit: str, row: Mapping[str, Any]) -> None:
    """Add that a dimension's deprivations are those of the poor below and above the income line.

    None of these has one more often than once, each has at least as many as the cut-off.
    """
    above, codes = ("above", unit), [code for dimension in printed.dimensions.values() for code in dimension]
    of_poor: dict[str, Cell] = {code: ("part", unit, "poor", "indicator", code) for code in codes}
    more = {code: int(row[code]) - draft.values.get(of_poor[code], 0) for code in codes}
    if min(more.values()) < 0 or max(more.values()) > draft.values[above]:
        return
    added: dict[Cell, int] = {("above", unit, code): count for code, count in more.items()}
    lacking: list[Cell] = [("lacking", unit, code) for code in codes]
    draft.values.update(added)
    draft.unprinted.update(added)
    for cell, rest in zip(added, lacking, strict=True):
        draft.add_up(above, [cell], rest=rest)
    for name, members in printed.dimensions.items():
        parts = [of_poor[code] for code in members if of_poor[code] in draft.values]
        draft.add_up(("burden", unit, name), [*parts, *(("above", unit, code) for code in members)])
    draft.add_up(above, lacking, rest=("slack", unit, "above"), times=len(codes) - (printed.cutoff or 0))


def _cost(cell: Cell, value: int, whole: str) -> float:
    dear = _OF_WHOLE if cell[1] == whole else 1.0
    return (1 + math.log2(1 + value)) * dear * (_ALL_OF_PEOPLE if cell[-1] == "all" else 1.0)
