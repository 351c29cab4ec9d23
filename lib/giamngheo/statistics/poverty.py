"""Poor and near-poor households: stocks, rates, flows, plan and result.

Source of the tables and identities: Decision 24/2021/QĐ-TTg; of the published multidimensional rate,
(poor + near-poor) / households: Decree 07/2021/NĐ-CP.
"""

import datetime as dt

import pandas as pd

from giamngheo.statistics.ratio import percentage

CLASSES = ("poor", "near_poor")

INFLOWS = ("entered_from_other_class", "fell_back", "new", "other_increase")


def rates(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return review results with their rates, one row a review and unit.

    Adds poor_rate_pct, near_poor_rate_pct and multidimensional_rate_pct (of households), and
    poor_ethnic_minority_share_pct, near_poor_ethnic_minority_share_pct (of the class), all unrounded.
    """
    multidimensional = reviews["poor_households"] + reviews["near_poor_households"]
    of_class = {
        f"{name}_rate_pct": percentage(reviews[f"{name}_households"], reviews["households"]) for name in CLASSES
    }
    minority = {
        f"{name}_ethnic_minority_share_pct": percentage(
            reviews[f"{name}_ethnic_minority_households"], reviews[f"{name}_households"]
        )
        for name in CLASSES
    }
    return reviews.assign(
        multidimensional_households=multidimensional,
        multidimensional_rate_pct=percentage(multidimensional, reviews["households"]),
        **of_class,
        **minority,
    )


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


def plan_targets(plans: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return what the plan leaves at the end of its year, from the stock it starts from; one row a plan.

    `base` is the stock of the plan's unit. Columns: expected_households, and for each class
    {class}_reduction_households, {class}_remaining_households, {class}_remaining_rate_pct; the remaining of both
    classes together as multidimensional_remaining_households and multidimensional_remaining_rate_pct.
    """
    start = plans[["unit_code"]].merge(base, on="unit_code", how="left", validate="many_to_one")
    targets = plans[["date", "year", "unit_code", "expected_households"]].copy()
    for name in CLASSES:
        reduction = plans[f"{name}_reduction_households"]
        remaining = start[f"{name}_households"].set_axis(plans.index) - reduction
        targets[f"{name}_reduction_households"] = reduction
        targets[f"{name}_remaining_households"] = remaining
        targets[f"{name}_remaining_rate_pct"] = percentage(remaining, plans["expected_households"])
    both = targets["poor_remaining_households"] + targets["near_poor_remaining_households"]
    targets["multidimensional_remaining_households"] = both
    targets["multidimensional_remaining_rate_pct"] = percentage(both, plans["expected_households"])
    return targets


def plan_progress(targets: pd.DataFrame, base: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the result against plan: households of each class fewer than at the start, and their share of the plan.

    One row a plan; {class}_reduced_households (negative when there are more) and {class}_plan_done_pct, blank
    where there has been no review since the plan's base.
    """
    start = targets[["unit_code"]].merge(base, on="unit_code", how="left")
    reached = targets[["unit_code"]].merge(now[now["date"] > base["date"].max()], on="unit_code", how="left")
    progress = targets[["year", "unit_code"]].copy()
    for name in CLASSES:
        reduced = start[f"{name}_households"] - reached[f"{name}_households"]
        progress[f"{name}_reduced_households"] = reduced.set_axis(targets.index)
        plan = targets[f"{name}_reduction_households"]
        progress[f"{name}_plan_done_pct"] = percentage(progress[f"{name}_reduced_households"], plan)
    return progress
