"""Poor and near-poor households: stocks, rates, flows, plan and result.

Source of the tables and identities: Decision 24/2021/QĐ-TTg; of the published multidimensional rate,
(poor + near-poor) / households: Decree 07/2021/NĐ-CP.
"""

import datetime as dt
from typing import Any

import pandas as pd

from giamngheo.core.rounding import agrees, shown_difference
from giamngheo.statistics.ratio import percentage

CLASSES = ("poor", "near_poor")
"""The classes of poverty."""

RATED = (*CLASSES, "multidimensional")
"""What has a rate of its own: the classes, and both together."""

INFLOWS = ("entered_from_other_class", "fell_back", "new", "other_increase")


def rates(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return review results with their rates, one row a review and unit.

    Adds multidimensional_households; poor_rate_pct, near_poor_rate_pct and multidimensional_rate_pct (of households),
    and poor_ethnic_minority_share_pct, near_poor_ethnic_minority_share_pct (of the class), all unrounded. Where the
    counts are not known, or a published rate is another than theirs, the rate is the published one; that of both
    classes is the sum of theirs where it is known no other way.
    """
    counted = counted_rates(reviews)
    of_class = {f"{name}_rate_pct": _published_or(reviews, name, counted) for name in CLASSES}
    of_both = _published_or(reviews, "multidimensional", counted)
    minority = {
        f"{name}_ethnic_minority_share_pct": percentage(
            reviews[f"{name}_ethnic_minority_households"], reviews[f"{name}_households"]
        )
        for name in CLASSES
    }
    return reviews.assign(
        multidimensional_households=counted["multidimensional_households"],
        multidimensional_rate_pct=of_both.fillna(of_class["poor_rate_pct"] + of_class["near_poor_rate_pct"]),
        **of_class,
        **minority,
    )


def counted_rates(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return what the counts of reviews say: multidimensional_households, and {class}_rate_pct of each class."""
    both = reviews["poor_households"] + reviews["near_poor_households"]
    counts = {name: reviews[f"{name}_households"] for name in CLASSES} | {"multidimensional": both}
    rates = {f"{name}_rate_pct": percentage(count, reviews["households"]) for name, count in counts.items()}
    return pd.DataFrame({"multidimensional_households": both, **rates})


def _published_or(reviews: pd.DataFrame, name: str, counted: pd.DataFrame) -> pd.Series:
    """Return the counted rates of a class, and the published one where there is none or where it is another."""
    rate, published = counted[f"{name}_rate_pct"], reviews.get(f"published_{name}_rate_pct")
    if published is None or published.isna().all():
        return rate
    return rate.mask(~as_published(published, rate), published)


def as_published(published: pd.Series, counted: pd.Series) -> pd.Series:
    """Return whether rates are those published, as far as these are rounded; true where none is published."""
    pairs = zip(published, counted, strict=True)
    said = [pd.isna(one) or (not pd.isna(other) and agrees(one, other)) for one, other in pairs]
    return pd.Series(said, published.index, dtype="bool")


def stock(reviews: pd.DataFrame, unit_code: str, on: dt.date) -> pd.DataFrame:
    """Return the unit's latest review on or before a day: one row, or none where there is no such review."""
    known = reviews[(reviews["unit_code"] == unit_code) & (reviews["date"] <= pd.Timestamp(on))]
    return known.sort_values("date").tail(1).reset_index(drop=True)


def flow_balance(flows: pd.DataFrame, reviews: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return how the flows of a class ("poor" or "near_poor") lead from one stock to the next, in households.

    One row a unit and date: opening_, left_, other_decrease_, inflow_, closing_ and unexplained_households.
    An opening or closing that the flow table leaves blank is taken from the review of that day or of the year
    before. `unexplained` = closing - (opening - left - other decrease + recorded inflows): what the recorded
    flows leave open; flows that nobody recorded count as not recorded, hence are part of it.
    """
    stocks = reviews.set_index(["unit_code", "date"])[f"{name}_households"]
    year_before = flows["date"] - pd.DateOffset(years=1)
    opening = flows["opening_households"].fillna(_at(stocks, flows["unit_code"], year_before))
    closing = flows["closing_households"].fillna(_at(stocks, flows["unit_code"], flows["date"]))
    inflow = flows[[f"{flow}_households" for flow in INFLOWS]].fillna(0).sum(axis=1).astype("Int64")
    left, decrease = exits(flows), flows["other_decrease_households"].fillna(0)
    return flows[["date", "unit_code"]].assign(
        opening_households=opening,
        left_households=left,
        other_decrease_households=decrease,
        inflow_households=inflow,
        closing_households=closing,
        unexplained_households=closing - (opening - left - decrease + inflow),
    )


def exits(flows: pd.DataFrame) -> pd.Series:
    """Return households that left the class: the total where it is given, else its two parts added."""
    parts = flows["left_to_other_class_households"] + flows["left_above_households"]
    return flows["left_households"].fillna(parts)


def escaped(flows: pd.DataFrame, name: str) -> pd.Series:
    """Return the households that escaped a class: of the near-poor only those that rose above its line.

    A near-poor household that became poor left its class and did not escape. What left in all stands for those that
    escaped only where nobody told the two apart. Source: Decision 24/2021/QĐ-TTg.
    """
    if name == "poor":
        return exits(flows)
    fallen = flows["left_to_other_class_households"]
    return flows["left_above_households"].fillna(flows["left_households"] - fallen.fillna(0))


def _at(stocks: pd.Series, units: pd.Series, dates: pd.Series) -> pd.Series:
    wanted = pd.MultiIndex.from_arrays([units, dates])
    return pd.Series(stocks.reindex(wanted).array, index=units.index)


def plan_base(stock: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the stock that the plan of a year starts from: none where the newest is older than the year before."""
    return stock[stock["date"].dt.year >= year - 1]


_STARTS = ["unit_code", *(f"{name}_households" for name in CLASSES), *(f"{name}_rate_pct" for name in RATED)]
"""What a plan is measured from."""


def plan_targets(plans: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return what the plan leaves at the end of its year, from the stock it starts from; one row a plan.

    `base` is the stock of the plan's unit (rates). Columns: expected_households, and for each class
    {class}_reduction_households, {class}_remaining_households, {class}_remaining_rate_pct and {class}_reduction_pp, the
    difference of the shown rates; all but the first of these for both classes together (multidimensional). Of a plan in
    points the rate that remains is what these leave of the shown rate, and its households are not known.
    """
    start = plans[["unit_code"]].merge(base[_STARTS], on="unit_code", how="left", validate="many_to_one")
    start = start.set_axis(plans.index)
    targets = plans[["date", "year", "unit_code", "expected_households"]].copy()
    for name in CLASSES:
        reduction = plans[f"{name}_reduction_households"]
        targets[f"{name}_reduction_households"] = reduction
        targets[f"{name}_remaining_households"] = start[f"{name}_households"] - reduction
    targets["multidimensional_remaining_households"] = (
        targets["poor_remaining_households"] + targets["near_poor_remaining_households"]
    )
    for name in RATED:
        remaining = percentage(targets[f"{name}_remaining_households"], plans["expected_households"])
        rate, planned = start[f"{name}_rate_pct"], plans[f"{name}_reduction_pp"]
        targets[f"{name}_remaining_rate_pct"] = remaining.fillna(_shown_difference(rate, planned))
        targets[f"{name}_reduction_pp"] = _shown_difference(rate, remaining).fillna(planned)
    of_classes = targets["poor_reduction_pp"] + targets["near_poor_reduction_pp"]
    return targets.assign(multidimensional_reduction_pp=of_classes.fillna(targets["multidimensional_reduction_pp"]))


def _shown_difference(minuend: pd.Series, subtrahend: pd.Series) -> pd.Series:
    """Return the differences of rates as they are shown, Float64; NA where one is unknown."""
    pairs: list[tuple[Any, Any]] = list(zip(minuend, subtrahend, strict=True))
    found = [None if pd.isna(one) or pd.isna(two) else float(shown_difference(one, two)) for one, two in pairs]
    return pd.Series(found, minuend.index, dtype="Float64")


def plan_progress(targets: pd.DataFrame, base: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the result against plan: households of each class fewer than at the start, and their share of the plan.

    One row a plan; {class}_reduced_households (negative when there are more), {class}_reduced_pp (of the shown rates)
    and {class}_plan_done_pct, of a plan in points that of the points; blank where there has been no review since the
    plan's base.
    """
    start = targets[["unit_code"]].merge(base[_STARTS], on="unit_code", how="left")
    since = now.loc[now["date"] > base["date"].max(), _STARTS]
    reached = targets[["unit_code"]].merge(since, on="unit_code", how="left")
    progress = targets[["year", "unit_code"]].copy()
    for name in CLASSES:
        reduced = start[f"{name}_households"] - reached[f"{name}_households"]
        progress[f"{name}_reduced_households"] = reduced.set_axis(targets.index)
        fallen = _shown_difference(start[f"{name}_rate_pct"], reached[f"{name}_rate_pct"]).set_axis(targets.index)
        progress[f"{name}_reduced_pp"] = fallen
        of_households = percentage(progress[f"{name}_reduced_households"], targets[f"{name}_reduction_households"])
        of_points = percentage(fallen, targets[f"{name}_reduction_pp"])
        progress[f"{name}_plan_done_pct"] = of_households.fillna(of_points)
    return progress
