"""The stocks, flows and plans of a workbook as a public edition shows them: what public_stocks hides is blank."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import pandas as pd

from giamngheo.statistics.disclosure.stocks import (
    COMING,
    FLOWS,
    LEAVING,
    LIVING_STANDARDS,
    blank_classes,
    every_flow,
    flow_cell,
    hidden_flows,
    hidden_in_commune,
    hidden_stocks,
    minority_cell,
    smallest_shown,
    stocks_draft,
)
from giamngheo.statistics.disclosure.suppression import Hidden
from giamngheo.statistics.poverty import CLASSES
from giamngheo.statistics.units import descent, has_changed, in_units_of, standing, units_on

HiddenByDay = Mapping[pd.Timestamp, Hidden]


def public_tables(
    known: Mapping[str, pd.DataFrame],
    every_review: pd.DataFrame,
    of_days: pd.DataFrame,
    units: pd.DataFrame,
    *,
    whole: str,
    on: dt.date,
) -> tuple[dict[str, pd.DataFrame], HiddenByDay]:
    """Return the tables of a workbook as a public reader is shown them, and the stocks that are hidden, by day.

    known, every_review: its tables, and the reviews that are shown, in the units of the day `on`. of_days, units: the
    fullest reviews of it and of the two years before, in the units of their own days, and the joined lists of these.
    What is hidden of a day follows from all that they have of it, shown or not: the edition of then knew that, and two
    editions that hide one day in two ways tell more than each.
    """
    smallest, changed = smallest_shown(on), has_changed(units, on)
    reviews = fullest([every_review, in_units_of(of_days, units, on)])  # by the joined lists a sum may be incomplete
    hidden: HiddenByDay = hidden_by_day(reviews, standing(units, on) if changed else units, whole, smallest)
    if changed:
        of_parts = hidden_of_parts(of_days, units, on, smallest)
        hidden = {day: cells | of_parts.get(day, frozenset()) for day, cells in hidden.items()}
        hidden = hidden_between_levels(hidden, reviews, units, whole, on=on)
    flows = {name: known[f"{name}_flows"] for name in CLASSES}
    of_others = days_of_others(reviews, units, whole, on)
    flows = public_flows(flows, reviews, hidden, whole, smallest=smallest, of_others=of_others)
    return {
        "reviews": public_reviews(known["reviews"], hidden),
        "plans": public_plans(known["plans"], reviews[reviews["unit_code"] == whole], hidden, whole),
        **{f"{name}_flows": table for name, table in flows.items()},
        **{f"{name}_lacks": known[f"{name}_lacks"][:0] for name in CLASSES},  # no edition of them is public
    }, hidden


def fullest(reviews: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the reviews of several workbooks, of a unit and day every figure that some has, that of the first."""
    together = pd.concat(reviews, ignore_index=True).dropna(subset="date")
    return together.groupby(["date", "unit_code"], sort=False).first().reset_index()[list(together)]


def hidden_by_day(reviews: pd.DataFrame, units: pd.DataFrame, whole: str, smallest: int) -> HiddenByDay:
    """Return the suppressed stocks of a unit and of those directly below it, on each day of a review.

    smallest: smallest_shown on the day of the report, of stocks of any day: it is published then.
    """
    found: dict[pd.Timestamp, Hidden] = {}
    for day, rows in reviews.dropna(subset="date").groupby("date"):
        on = pd.Timestamp(str(day))
        begun = units["valid_from"].isna() | (units["valid_from"] <= on)
        below = units[(units["parent_code"] == whole) & begun & ~(units["valid_to"] < on)]
        printed = rows[rows["unit_code"].isin([whole, *below["code"]])].drop_duplicates("unit_code")
        is_whole = printed["unit_code"] == whole
        if is_whole.any() and below.get("level", pd.Series(dtype="str")).eq("village").any():
            in_order = pd.concat([printed[~is_whole], printed[is_whole]])
            found[on] = hidden_in_commune(in_order, whole, smallest)
            found[on] |= blank_classes(stocks_draft(in_order, whole), whole, found[on])
        else:
            found[on] = hidden_stocks(printed, whole, smallest)
    return found


def hidden_of_parts(reviews: pd.DataFrame, units: pd.DataFrame, on: dt.date, smallest: int) -> HiddenByDay:
    """Return the stocks, under the units of a day, that editions hid of units that have ended by then.

    And those of the units that such ones went into, if they stood before under their own code, and of all that these
    were below: a part could be told from the sum, a whole from its parts. reviews: in the units of their own days.
    """
    went = descent(units, on)
    targets = went.loc[went["valid_to"] < pd.Timestamp(on), "into"]
    codes = {*units.loc[units["valid_to"] < pd.Timestamp(on), "code"], *went.loc[went["into"].isin(targets), "code"]}
    above = units.loc[units["code"].isin(codes), "parent_code"]
    found: dict[pd.Timestamp, Hidden] = {}
    for whole in sorted({*codes, *above} - {""}):
        for day, cells in hidden_by_day(reviews, units, whole, smallest).items():
            at = went[~(went["valid_from"] > day) & ~(went["valid_to"] < day)]
            into = at.groupby("code")["into"].agg(list)
            moved = {(cell[0], code, *cell[2:]) for cell in cells for code in into.get(cell[1], ())}
            found[day] = found.get(day, frozenset()) | moved
    return found


def hidden_between_levels(
    hidden: HiddenByDay, reviews: pd.DataFrame, units: pd.DataFrame, whole: str, *, on: dt.date
) -> HiddenByDay:
    """Return the suppressed stocks with all parts of a unit that are no sums of those that it had on their day.

    That is where anything of the day is suppressed: its edition of then told of districts, that of today tells of
    communes, and both together tell more than each. reviews: in the units of `on`; units: with those of before.
    """
    found, went = dict(hidden), descent(units, on)
    today = set(units_on(units, on).query("parent_code == @whole")["code"])
    for day, cells in hidden.items():
        then = units_on(units, day).query("parent_code == @whole")["code"]
        parts = today & set(reviews.loc[reviews["date"] == day, "unit_code"])
        at = went[~(went["valid_from"] > day) & ~(went["valid_to"] < day) & went["into"].isin(parts)]
        if cells and not at["code"].isin(then).all():
            found[day] = cells | {("class", code, name) for code in parts for name in ("all", *LIVING_STANDARDS)}
    return found


def public_reviews(reviews: pd.DataFrame, hidden: HiddenByDay) -> pd.DataFrame:
    """Return the reviews with suppressed stocks blank, in households and in persons, and their parts too.

    A published rate is blank where its count or the households are blank: nobody can tell what it discloses.
    """
    keys = list(zip(reviews["date"], reviews["unit_code"], strict=True))
    shown = reviews.copy()
    for name in ("all", *LIVING_STANDARDS):
        prefix = "" if name == "all" else f"{name}_"
        are_hidden = [("class", unit, name) in hidden.get(day, ()) for day, unit in keys]
        columns = [column for column in (f"{prefix}households", f"{prefix}persons") if column in shown]
        shown[columns] = shown[columns].mask(pd.Series(are_hidden, index=shown.index), axis=0)
        if (minority := f"{prefix}ethnic_minority_households") in shown:
            is_part = [minority_cell(unit, name) in hidden.get(day, ()) for day, unit in keys]
            either = [one or other for one, other in zip(are_hidden, is_part, strict=True)]
            shown[minority] = shown[minority].mask(pd.Series(either, index=shown.index))
    return _with_shown_rates(shown)


def _with_shown_rates(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return reviews with the published rates of which every count is there."""
    counts = {name: [f"{name}_households"] for name in CLASSES} | {
        "multidimensional": [f"{n}_households" for n in CLASSES]
    }
    rates = {
        column: reviews[column].where(reviews[["households", *names]].notna().all(axis=1))
        for name, names in counts.items()
        if (column := f"published_{name}_rate_pct") in reviews
    }
    return reviews.assign(**rates)


def days_of_others(reviews: pd.DataFrame, units: pd.DataFrame, whole: str, on: dt.date) -> Set[pd.Timestamp]:
    """Return the days of reviews on which a unit of a day was several others, the sum of which it has."""
    went = descent(units, on)
    parts = went[went["into"] == whole]
    days = reviews["date"].dropna().unique()
    return {day for day in days if (~(parts["valid_from"] > day) & ~(parts["valid_to"] < day)).sum() > 1}


def public_flows(
    flows: Mapping[str, pd.DataFrame],
    reviews: pd.DataFrame,
    hidden: HiddenByDay,
    whole: str,
    *,
    smallest: int,
    of_others: Set[pd.Timestamp] = frozenset(),
) -> dict[str, pd.DataFrame]:
    """Return the flow tables of "poor" and "near_poor" with the suppressed flows of the whole blank.

    They open with the last review of the year before. Where that is not known none is shown: it may be hidden in its
    own edition. None, too, where some of them are blank: the review by household, which has all, may hide others to
    protect the same; and none of the days `of_others`, on which the whole was several units: beside the flows that were
    published of one, their sum would tell suppressed ones of another. reviews: the stocks that the flows lead from and
    to, as they are; a flow table may leave these out.
    """
    days = sorted({day for table in flows.values() for day in table.loc[table["unit_code"] == whole, "date"].dropna()})
    reviewed = reviews.loc[reviews["unit_code"] == whole, "date"].dropna()
    shown = dict(flows)
    for day in days:
        ends = {"opening": reviewed[reviewed.dt.year == day.year - 1].max(), "closing": day}
        cells = {("class", whole, name) for name in CLASSES}
        rows = {name: _with_stocks(table, reviews, name, ends, whole=whole) for name, table in flows.items()}
        if (
            day in of_others
            or pd.isna(ends["opening"])
            or any(cells & hidden.get(end, frozenset()) for end in ends.values())
            or not all(map(_has_every_flow, rows.values()))
            or not _has_stocks(reviews, whole, ends.values())
        ):
            left_out = every_flow(whole)
        else:
            left_out = _hidden_flows(rows, reviews, ends, whole=whole, smallest=smallest)
        shown = {name: _without(table, name, day, left_out) for name, table in shown.items()}
    return shown


def _hidden_flows(
    rows: Mapping[str, Any], reviews: pd.DataFrame, ends: Mapping[str, pd.Timestamp], *, whole: str, smallest: int
) -> Hidden:
    """Return the suppressed flows of the rows of both classes between two reviews, ends."""
    own = reviews[reviews["unit_code"] == whole].set_index("date")
    stocks = {end: own.loc[on] for end, on in ends.items() if on in own.index}
    left_out = hidden_flows(rows, stocks, unit=whole, smallest=smallest)
    if left_out & {flow_cell(whole, "near_poor", flow) for flow in LEAVING[:2]}:
        # all who left would stand for those who escaped (poverty.escaped)
        left_out |= {flow_cell(whole, "near_poor", "left")}
    return left_out


def public_plans(plans: pd.DataFrame, stocks: pd.DataFrame, hidden: HiddenByDay, whole: str) -> pd.DataFrame:
    """Return the plans, with reductions blank where the stock to be reduced is suppressed; of both classes too.

    It is that of the year before; of a unit that began within the year, that of its first review. Where it is not known
    it may be hidden in its own edition. stocks: the reviews of the whole.
    """
    shown, first = plans.copy(), stocks["date"].min()
    for name in CLASSES:
        days = [day for day, cells in hidden.items() if ("class", whole, name) in cells]
        known = stocks.loc[stocks[f"{name}_households"].notna(), "date"]
        are_hidden, are_known = (
            shown["year"].isin({day.year + 1 for day in some} | {day.year for day in some if day == first})
            for some in (days, known)
        )
        columns = [f"{name}_reduction_households", f"{name}_reduction_pp", "multidimensional_reduction_pp"]
        columns = [column for column in columns if column in shown]
        shown[columns] = shown[columns].mask(are_hidden | ~are_known)
    return shown


def _with_stocks(
    table: pd.DataFrame, reviews: pd.DataFrame, name: str, ends: Mapping[str, pd.Timestamp], *, whole: str
) -> pd.Series | None:
    """Return the row of the whole in a flow table, blank stocks taken from the reviews; None without a row."""
    rows = table[(table["unit_code"] == whole) & (table["date"] == ends["closing"])]
    if rows.empty:
        return None
    row = rows.iloc[0].copy()
    for end, day in ends.items():
        known = reviews[(reviews["unit_code"] == whole) & (reviews["date"] == day)]
        if pd.isna(row[f"{end}_households"]) and len(known):
            row[f"{end}_households"] = known.iloc[0][f"{name}_households"]
    if pd.isna(row["left_households"]):  # the review prints it, and its readers add up
        row["left_households"] = row[[f"{flow}_households" for flow in LEAVING[:2]]].sum(skipna=False)
    return row


def _has_every_flow(row: pd.Series | None) -> bool:
    """Return whether a row of a flow table has all flows of a class; their sums follow from these."""
    return row is not None and bool(row[[f"{flow}_households" for flow in (*LEAVING, *COMING)]].notna().all())


def _has_stocks(reviews: pd.DataFrame, whole: str, days: Iterable[pd.Timestamp]) -> bool:
    """Return whether the households and classes of a unit are known on some days, as the review knows them."""
    own = reviews[reviews["unit_code"] == whole].set_index("date")
    counts = ["households", *(f"{name}_households" for name in CLASSES)]
    return all(day in own.index and bool(own.loc[day, counts].notna().all()) for day in days)


def _without(table: pd.DataFrame, name: str, day: pd.Timestamp, left_out: Hidden) -> pd.DataFrame:
    """Return a flow table with the suppressed flows of a day blank."""
    shown = table.copy()
    for flow in FLOWS:
        for unit in {cell[1] for cell in left_out}:
            if flow_cell(unit, name, flow) in left_out:
                are_hidden = (shown["date"] == day) & (shown["unit_code"] == unit)
                columns = [column for column in (f"{flow}_households", f"{flow}_persons") if column in shown]
                shown[columns] = shown[columns].mask(are_hidden, axis=0)
    return shown
