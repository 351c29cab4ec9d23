"""Checks of units and their parts: communes are all there and add up to the district."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import Case, Problem, check, dated_plans, header, where
from giamngheo.core.message import Message, first_of, message, quoted
from giamngheo.regulation import units as register
from giamngheo.statistics.tree import figures_in
from giamngheo.statistics.units import listed_in_part
from giamngheo.workbook.schema import choices, tables_that_add_up

ADDED_UP = tables_that_add_up()

_BLANK = -1
"""Stands for a blank among counts, which are never negative."""


@check("communes-do-not-add-up", "error", "units", *ADDED_UP, ground=grounds.REVIEW, explainable=True, lasting=True)
def communes_do_not_add_up(case: Case) -> Iterator[Problem]:
    """The communes, when all are given, add up to the district."""
    for name in ADDED_UP:
        yield from _unequal(name, case.data[name], case.sums.of_parts[name])


@check("plan-communes-do-not-add-up", "warning", "units", "plans", ground=grounds.SUM, explainable=True)
def plan_communes_do_not_add_up(case: Case) -> Iterator[Problem]:
    """The plans of the communes, when all are given, add up to the plan of the district."""
    yield from _unequal("plans", dated_plans(case.data), case.sums.plans_of_parts)


def _unequal(name: str, frame: pd.DataFrame, sums: pd.DataFrame) -> Iterator[Problem]:
    """Yield the typed figures of units that are not the sums of their parts."""
    if sums.empty or frame.empty:
        return
    figures = figures_in(frame)
    place = _keys(sums).get_indexer(_keys(frame))
    summed = frame[place >= 0]
    typed, added = _counts(summed[figures]), _counts(sums[figures])[place[place >= 0]]
    unequal = (typed != added) & (typed != _BLANK) & (added != _BLANK)
    for which, at in np.argwhere(unequal.T):
        column = figures[which]
        found = message("{header} is {count}", header=header(name, column), count=int(typed[at, which]))
        expected = message("{count}, the sum of the units below", count=int(added[at, which]))
        yield Problem(name, column, summed["row"].iloc[at], found, expected)


def _keys(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["date", "unit_code"]])


def _counts(figures: pd.DataFrame) -> npt.NDArray[np.int64]:
    return figures.to_numpy(dtype="int64", na_value=_BLANK)


@check("parts-above-whole", "error", "units", *ADDED_UP, ground=grounds.PART, explainable=True, lasting=True)
def parts_above_whole(case: Case) -> Iterator[Problem]:
    """Some of the units below one, where the list has no more, are together no more than it."""
    units = case["units"]
    above = units[units["parent_code"].isin(listed_in_part(units))].set_index("code")["parent_code"].to_dict()
    for name in ADDED_UP if above else ():
        rows, figures = case.data[name], figures_in(case.data[name])
        parts = rows.assign(unit_code=rows["unit_code"].map(above)).dropna(subset="unit_code")
        sums = parts.groupby(["date", "unit_code"])[figures].sum(min_count=1)
        both = rows.join(sums.add_suffix("_parts"), on=["date", "unit_code"])
        for column in figures:
            for _, row in where(both, both[f"{column}_parts"] > both[column]):
                found = message("{header} is {count}", header=header(name, column), count=int(row[column]))
                together = int(row[f"{column}_parts"])
                expected = message("at least {count}, which the units listed have together", count=together)
                yield Problem(name, column, row["row"], found, expected)


@check("communes-missing", "error", "units", *ADDED_UP, ground=grounds.SUM, lasting=True)
def communes_missing(case: Case) -> Iterator[Problem]:
    """Where some communes are given and the district is not, all communes are given."""
    yield from _missing(case, typed=False)


@check("communes-incomplete", "warning", "units", *ADDED_UP, ground=grounds.SUM, lasting=True)
def communes_incomplete(case: Case) -> Iterator[Problem]:
    """Where some communes are given beside the district, all communes are given."""
    yield from _missing(case, typed=True)


def _missing(case: Case, *, typed: bool) -> Iterator[Problem]:
    for name in ADDED_UP:
        for _, entry in case.incomplete[name].iterrows():
            if entry["typed"] == typed:
                found = message(
                    "on {day} {count} units below {unit} have no figures",
                    day=entry["date"].date(),
                    count=len(entry["missing"]),
                    unit=quoted(entry["unit_code"]),
                )
                wanted = _figures_of(case, entry["missing"])
                either = message(
                    "{figures}, or a row of {unit} itself", figures=wanted, unit=quoted(entry["unit_code"])
                )
                yield Problem(name, "unit_code", entry["row"], found, wanted if typed else either)


def _figures_of(case: Case, codes: tuple[str, ...]) -> Message:
    units = case["units"].drop_duplicates("code", keep="last")
    meant = units[units["code"].isin(codes)]
    return message("the figures of {codes}", codes=first_of([*(meant["code"] + " " + meant["name"])]))


@check("unit-outside", "error", "form", "units", *ADDED_UP, ground=grounds.SUM)
def unit_outside(case: Case) -> Iterator[Problem]:
    """A unit with figures below the level of the one that reports stands below it, so that it is part of the sums."""
    stray = _stray(case) if case.lists_unit else set()
    for name in ADDED_UP if stray else ():
        frame = case.data[name]
        for _, row in frame[frame["unit_code"].isin(stray)].drop_duplicates("unit_code").iterrows():
            unit, root = quoted(row["unit_code"]), quoted(case.unit)
            found = message("unit {unit} does not stand below {root}", unit=unit, root=root)
            expected = message("in the sheet of units, the code of the unit that it belongs to")
            yield Problem(name, "unit_code", row["row"], found, expected)


def _stray(case: Case) -> set[str]:
    """Return the units of a lower level than the one that reports that stand below nothing listed, or beside it."""
    units = case["units"]
    parents = dict(zip(units["code"], units["parent_code"], strict=True))
    level = units["level"].map(list(choices("level")).index)
    above, node = set[str](), parents[case.unit]
    while node in parents and node not in above:
        above, node = above | {node}, parents[node]
    lower = level > level[units["code"] == case.unit].min()
    beside = ~units["parent_code"].isin(set(parents)) | units["parent_code"].isin(above)
    return set(units.loc[lower & beside, "code"])


@check("units-unlisted", "error", "units", *ADDED_UP, ground=grounds.UNITS)
def units_unlisted(case: Case) -> Iterator[Problem]:
    """Where a unit is the sum of the units below, the list has all that the register has."""
    yield from _unlisted(case, typed=False)


@check("units-unlisted-beside-whole", "warning", "units", *ADDED_UP, ground=grounds.UNITS)
def units_unlisted_beside_whole(case: Case) -> Iterator[Problem]:
    """Where a unit has figures beside those of the units below, the list has all that the register has."""
    yield from _unlisted(case, typed=True)


def _unlisted(case: Case, *, typed: bool) -> Iterator[Problem]:
    """Yield, once a unit, the last day on which units that the register has below it are not in the list."""
    told = set[str]()
    for name in () if case.registered_units.empty else ADDED_UP:
        summed = case.summed[name]
        known = summed["unit_code"].isin(case.registered_units["code"])
        wholes = summed[known & (summed["given"] > 0) & (summed["typed"] == typed)].sort_values("date")
        tree = case.sums.trees[name]
        for _, row in wholes.drop_duplicates("unit_code", keep="last").iterrows():
            own = tree[(tree["date"] == row["date"]) & (tree["above"] == row["unit_code"])]
            lacking = [unit for unit in _registered(row) if unit.code not in set(own["code"])]
            if lacking and row["unit_code"] not in told:
                told.add(row["unit_code"])
                found = message(
                    "the list has {count} of the {all} units below {unit}",
                    count=len(own),
                    all=len(own) + len(lacking),
                    unit=quoted(row["unit_code"]),
                )
                yield Problem(
                    name, "unit_code", row["row"], found, _all_or_some(row["unit_code"], lacking, typed=typed)
                )


def _all_or_some(unit: str, lacking: Sequence[register.Unit], *, typed: bool) -> Message:
    """Return what to do about units that are not in the list: add them, or say that it has only some."""
    known = {
        "codes": first_of([f"{each.code} {each.name}" for each in lacking]),
        "some": quoted(choices("listed")["some"]),
        "header": header("units", "parts_listed"),
        "unit": quoted(unit),
    }
    if typed:
        return message("the figures of {codes}; or {some} in the column {header} of {unit}", **known)
    return message("the figures of {codes}; or {some} in the column {header} of {unit}, with a row of its own", **known)


def _registered(row: pd.Series) -> tuple[register.Unit, ...]:
    """Return the units below a unit on the day of its figures, where the register has all of them."""
    code, day = row["unit_code"], row["date"].date()
    return register.children(code, on=day) if register.complete(code, on=day) else ()
