"""Administrative units as a tree that changes with time: a code names a unit from one day to another."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from giamngheo.regulation.lookup import NoRuleInForceError
from giamngheo.regulation.units import MERGER, destinations, unit
from giamngheo.regulation.units import known as is_registered
from giamngheo.statistics.tree import figures_in, outside, rolled_up, sums_of_parts
from giamngheo.statistics.unit_money import OWN

_MONEY_LINE = ["project_code", "fund_year", "work"]


def units_on(units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return the units of a list (code, valid_from, valid_to ...) that stand on a day."""
    day = pd.Timestamp(on)
    begun = units["valid_from"].isna() | (units["valid_from"] <= day)
    lasting = units["valid_to"].isna() | (units["valid_to"] >= day)
    return units[begun & lasting].reset_index(drop=True)


def unit_tree(units: pd.DataFrame, root: str, days: pd.Series) -> pd.DataFrame:
    """Return the units below `root`, however far, that stand on each day: date, code, above.

    Before the first day of `root` these are the units below those that it was made from. Units directly below one of
    which the list has some parts only (listed_in_part) are left out: it is no sum of theirs.
    """
    moments = pd.DataFrame({"date": days.dropna().drop_duplicates().sort_values()})
    listed = below(units, *lineage(units, root))[["code", "parent_code", "valid_from", "valid_to"]]
    listed = listed[~listed["parent_code"].isin(listed_in_part(units))]
    at = moments.merge(listed.rename(columns={"parent_code": "above"}), how="cross")
    begun = at["valid_from"].isna() | (at["valid_from"] <= at["date"])
    ended = at["valid_to"] < at["date"]
    return at.loc[begun & ~ended, ["date", "code", "above"]].drop_duplicates(["date", "code"], ignore_index=True)


def listed_in_part(units: pd.DataFrame) -> set[str]:
    """Return the units of which the list says that it has some of the units below only."""
    return set(units.loc[units["parts_listed"] == "some", "code"]) if "parts_listed" in units else set()


def below(units: pd.DataFrame, *roots: str) -> pd.DataFrame:
    """Return the units of a list that stand below one of the roots at any time, however far."""
    found: set[str] = set()
    parents = {*roots}
    while parents:
        parents = set(units.loc[units["parent_code"].isin(parents), "code"]) - found - {*roots}
        found |= parents
    return units[units["code"].isin(found)]


def summed_units(figures: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of units (date, unit_code ...) with those of every unit that is the sum of its parts.

    tree: unit_tree of the days. Columns are added as by tree.rolled_up. Figures of a unit that stands elsewhere, or
    nowhere, on their day are part of no sum and stay as they are; repeated ones are left out: the checks name both.
    """
    once = figures.drop_duplicates(["date", "unit_code"])
    if tree.empty:
        return once.assign(parts=0, given=0, typed=True)
    elsewhere = outside_units(once, tree)
    summed = rolled_up(once[~elsewhere], tree, node="unit_code", by=["date"], absent="unknown")
    return pd.concat([summed, once[elsewhere].assign(parts=0, given=0, typed=True)], ignore_index=True)


def sums_of_units(summed: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of the parts of each unit of which every part has a row (tree.sums_of_parts)."""
    return summed[:0] if tree.empty else sums_of_parts(summed, tree, node="unit_code", by=["date"])


def outside_units(figures: pd.DataFrame, tree: pd.DataFrame) -> pd.Series:
    """Return which figures of units are of one that does not stand in the tree on their day."""
    return outside(figures, tree, node="unit_code", by=["date"])


def missing_parts(summed: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    """Return the units of which only some parts have figures: summed_units with `missing`, the codes of the others."""
    gaps = summed[(summed["given"] > 0) & (summed["given"] < summed["parts"])]
    there = pd.MultiIndex.from_frame(summed[["date", "unit_code"]])
    parts = tree[~pd.MultiIndex.from_frame(tree[["date", "code"]]).isin(there)]
    missing = parts.groupby(["date", "above"])["code"].agg(tuple).rename("missing")
    return gaps.join(missing, on=["date", "unit_code"])


def with_first_days(units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return a list of units with the first day of those of the great merger, where it gives none.

    Before that day the code of such a unit, one of the register on the day given, was that of another.
    """
    born = pd.Timestamp(MERGER)
    blank = units["valid_from"].isna() & ~(units["valid_to"] < born)
    codes = [code for code in units.loc[blank, "code"] if _is_of_the_merger(code, on)]
    return units.assign(valid_from=units["valid_from"].mask(blank & units["code"].isin(codes), born))


def _is_of_the_merger(code: str, on: dt.date) -> bool:
    try:
        return is_registered(code) and unit(code, on=on).begins == MERGER
    except NoRuleInForceError:
        return False


def joined_lists(units: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return the units of a year's list with those that only the list of the year before has.

    Where that says that a unit of a code ended and this one gives the code no first day, it begins on the day after.
    """
    end = ["code", "valid_to"]
    ended = earlier.dropna(subset="valid_to")
    ended = ended[~pd.MultiIndex.from_frame(ended[end]).isin(pd.MultiIndex.from_frame(units[end]))]
    others = earlier[earlier["valid_to"].isna() & ~earlier["code"].isin(units["code"])]
    begins = ended.groupby("code")["valid_to"].max() + pd.Timedelta(days=1)
    known = pd.Series(begins.reindex(units["code"]).to_numpy(), units.index, dtype="datetime64[us]")
    since = units["valid_from"].astype("datetime64[us]").fillna(known)
    return pd.concat([units.assign(valid_from=since), ended, others], ignore_index=True)


def by_era(figures: pd.DataFrame, units: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, dt.date]]:
    """Yield the dated rows of figures between two days on which units of a list ended, with the last day of theirs."""
    ends = np.sort(units["valid_to"].dropna().unique())
    for _, rows in figures.groupby(np.searchsorted(ends, figures["date"].to_numpy())):
        yield rows, rows["date"].max().date()


def has_changed(units: pd.DataFrame, on: dt.date) -> bool:
    """Return whether a unit of a list has begun or ended by a day."""
    day = pd.Timestamp(on)
    return bool((units["valid_from"] <= day).any() or (units["valid_to"] < day).any())


def in_units_of(figures: pd.DataFrame, units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return figures of units (date, unit_code ...) in the units of a day: those of before under what they became.

    A unit that was made from whole others is their sum, on each day on which all of them have a row; a figure is blank
    where one of theirs is. Where one is missing or was divided there is no row. What stands nowhere on its day, or went
    nowhere, has none either. A sum has the row of its first part and, where the figures say whether they were typed,
    was not.
    """
    if figures.empty or not has_changed(units, on):
        return figures
    members = _members(figures, units, on)
    groups = members.groupby([*_keys(figures), "into"])
    size = groups["code"].transform("size")
    complete = groups["whole"].transform("all") & groups["there"].transform("all")
    rows = members[complete & (size == 1)].assign(unit_code=lambda single: single["into"])[list(figures)]
    several = members[complete & (size > 1)]
    return pd.concat([rows, _sums(several, figures)]).astype(figures.dtypes).reset_index(drop=True)


def standing(units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return the units of a list that stand on a day, on every day: figures of all days are under them then."""
    return units_on(units, on).assign(valid_from=pd.NaT, valid_to=pd.NaT).astype(units.dtypes)


def plans_in_units_of(plans: pd.DataFrame, units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return plans in the units of a day (in_units_of): the sum of the last plans of the units that one was made from.

    A plan without a date is of the first day of its year, and so are such sums.
    """
    if plans.empty or not has_changed(units, on):
        return plans
    new_year = pd.to_datetime(plans["year"].astype("str") + "-01-01").astype("datetime64[us]")
    dated = plans.assign(date=plans["date"].fillna(new_year))
    ended = units[units["valid_to"] < pd.Timestamp(on)]
    at = dated.reset_index()[["index", "date", "unit_code"]].merge(ended, left_on="unit_code", right_on="code")
    at = at[~(at["valid_from"] > at["date"]) & ~(at["valid_to"] < at["date"])]
    of_ended = dated.index.isin(at["index"])
    last = dated[of_ended].sort_values("date").drop_duplicates(["unit_code", "year"], keep="last")
    last = last.assign(date=new_year.loc[last.index])
    return in_units_of(pd.concat([last, dated[~of_ended]]).sort_values("row", ignore_index=True), units, on)


def without_sum(figures: pd.DataFrame, units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return the units of a day that have no sum on an earlier day on which some that they were made from have a row.

    Columns: date, unit_code, row (of the first part with one), missing and divided: the codes of the parts that have
    no row, and of those that did not go into it whole.
    """
    columns = ["date", "unit_code", "row", "missing", "divided"]
    if figures.empty or not has_changed(units, on):
        return pd.DataFrame(columns=columns)
    members = _members(figures, units, on)
    groups = members.groupby(["date", "into"])
    complete = groups["whole"].transform("all") & groups["there"].transform("all")
    found = [
        (*key, int(rows["row"].min()), tuple(rows.loc[~rows["there"], "code"]), tuple(rows.loc[~rows["whole"], "code"]))
        for key, rows in members[~complete & groups["there"].transform("any")].groupby(["date", "into"])
    ]
    return pd.DataFrame(found, columns=columns)


def made_from(units: pd.DataFrame, code: str, on: dt.date) -> pd.DataFrame:
    """Return the units of a list that the unit of a code on a day was made from: their rows and `whole`.

    They are those that ended before the day and went into it, the last of each line.
    """
    went = gone(units, on)
    return went[went["into"] == code].sort_values(["valid_to", "code"], ignore_index=True)


def made_of_parts(units: pd.DataFrame, on: dt.date) -> frozenset[str]:
    """Return the codes of the units of a day that one which was divided went into."""
    went = gone(units, on)
    return frozenset(went.loc[~went["whole"], "into"])


def in_codes_of(rows: pd.DataFrame, units: pd.DataFrame, root: str, on: dt.date) -> pd.DataFrame:
    """Return rows of money with the code that the unit of each has on a later day, OWN for `root`, and `before`.

    before: the code that was typed, where the unit went whole into another, "" elsewhere. Undated rows are of the first
    day of the year of `on`. Rows of `root` by the code of a unit that ends later are its own, too. Where it has rows of
    its own from before, they are the money of those that it was made from, whose rows are left out. Rows of a unit that
    was divided, or went nowhere, stay as they are.
    """
    went = descent(units, on) if len(rows) and units["valid_to"].notna().any() else pd.DataFrame()
    if len(went):
        ended, own = went["valid_to"] < pd.Timestamp(on), went["into"].eq(root) & went["valid_to"].notna()
        went = went[(ended | own) & went["whole"]]
    if went.empty:
        return rows.assign(before=pd.Series("", rows.index, dtype="str"))
    day = rows["date"].fillna(pd.Timestamp(on.year, 1, 1))
    named = pd.DataFrame({"code": rows["unit_code"], "day": day, "at": range(len(rows))}).merge(went, on="code")
    named = named[~(named["valid_from"] > named["day"]) & ~(named["valid_to"] < named["day"])].drop_duplicates("at")
    moved = pd.Series(named["into"].replace(root, OWN).to_numpy(), named["at"]).reindex(range(len(rows))).to_numpy()
    before = rows["unit_code"].where(pd.notna(moved), "")
    codes = rows["unit_code"].mask(pd.notna(moved), pd.Series(moved, rows.index))
    found = rows.assign(unit_code=codes.astype("str"), before=before.astype("str"))
    return found[~_spread(found, day <= went["valid_to"].max())]


def _spread(rows: pd.DataFrame, is_earlier: pd.Series) -> pd.Series:
    """Return which rows say how money that the reporting unit tells of itself is spread over what it was made from."""
    keys = pd.MultiIndex.from_frame(rows[[name for name in _MONEY_LINE if name in rows]])
    own = rows["unit_code"].eq(OWN) & rows["before"].eq("") & is_earlier
    return rows["unit_code"].eq(OWN) & rows["before"].ne("") & keys.isin(keys[own])


def lineage(units: pd.DataFrame, root: str) -> set[str]:
    """Return a code with those of all units that went, in any number of steps, into units of it."""
    into = {code: set(destinations(words)[0]) for code, words in zip(units["code"], _merged_into(units), strict=True)}
    found: set[str] = set()
    more = {root}
    while more:
        found |= more
        more = {code for code, codes in into.items() if codes & more} - found
    return found


def _merged_into(units: pd.DataFrame) -> Sequence[str]:
    return units["merged_into"].tolist() if "merged_into" in units else [""] * len(units)


def descent(units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return where each unit of a list is on a day: code, name, valid_from, valid_to, into, whole; a row a target."""
    rows = units.assign(merged_into=_merged_into(units)).to_dict("records")
    by_code: dict[str, list[Mapping[Any, Any]]] = {}
    for row in rows:
        by_code.setdefault(row["code"], []).append(row)
    kept = ("code", "name", "level", "kind", "valid_from", "valid_to")
    found = [
        {name: row.get(name) for name in kept} | {"into": into, "whole": whole}
        for row in rows
        for into, whole in _went(row, by_code, pd.Timestamp(on))
    ]
    frame = pd.DataFrame(found, columns=[*kept, "into", "whole"])
    return frame.astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]", "whole": "bool"})


def gone(units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return where the units of a list are that ended before a day: the columns of `descent`."""
    ended = units["valid_to"] < pd.Timestamp(on)
    went = descent(units if ended.any() else units[:0], on)
    return went[went["valid_to"] < pd.Timestamp(on)]


def _went(
    unit: Mapping[Any, Any], by_code: Mapping[str, Sequence[Mapping[Any, Any]]], on: pd.Timestamp
) -> Iterator[tuple[str, bool]]:
    """Yield the codes of the units that stand on a day and that a unit went into, in any number of steps."""
    if unit["valid_from"] > on:
        return
    if not unit["valid_to"] < on:
        yield unit["code"], True
        return
    codes, whole = destinations(unit["merged_into"])
    day_after = unit["valid_to"] + pd.Timedelta(days=1)
    for code in codes:
        after = next((other for other in by_code.get(code, ()) if _stands(other, day_after)), None)
        if after is not None:
            yield from ((into, whole and all_of) for into, all_of in _went(after, by_code, on))


def _stands(unit: Mapping[Any, Any], day: pd.Timestamp) -> bool:
    return not unit["valid_from"] > day and not unit["valid_to"] < day


def _members(figures: pd.DataFrame, units: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return the units of each day of the figures with what they are on a later day, and their figures.

    Columns: those of the figures, code, into, whole and there, whether the unit has a row.
    """
    keys = _keys(figures)
    at = figures[keys].drop_duplicates().merge(descent(units, on), how="cross")
    at = at[~(at["valid_from"] > at["date"]) & ~(at["valid_to"] < at["date"])]
    at = at.drop_duplicates([*keys, "code", "into"])[[*keys, "code", "into", "whole"]]
    rows = figures.assign(code=figures["unit_code"], there=True)
    joined = at.merge(rows, on=[*keys, "code"], how="left")
    return joined.assign(there=joined["there"].notna()).sort_values([*keys, "into", "code"], ignore_index=True)


def _keys(figures: pd.DataFrame) -> list[str]:
    """Return the columns by which figures of one unit differ: the day and, of plans, the year."""
    return [name for name in ("date", "year") if name in figures]


def _sums(members: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of the figures of the members of each group, as rows of the figures that nobody typed."""
    grouped = members.groupby([*_keys(figures), "into"])
    sums = grouped[figures_in(figures)].sum(skipna=False)
    counted = {"parts": grouped.size(), "given": grouped.size(), "typed": False}
    if "row" in figures:
        counted["row"] = grouped["row"].min()
    sums = sums.assign(**{name: value for name, value in counted.items() if name in figures})
    sums = sums.rename_axis(index={"into": "unit_code"}).reset_index().reindex(columns=list(figures))
    blank = [name for name in figures if figures[name].dtype == "str" and name != "unit_code"]
    return sums.assign(**dict.fromkeys(blank, ""))
