"""Early warning of money: who lags, and what the year's end may bring, from the curves of earlier years.

The method is reference class forecasting: of each earlier curve that of the capital which was left at the end of this
month, the share that was disbursed by the end of its year; the median of these shares is the projection, and two of
them, as far from the ends on both sides, are its band. Sources: Kahneman and Tversky (1979), Intuitive prediction,
TIMS Studies in Management Science 12; Flyvbjerg (2006), From Nobel Prize to project management, Project Management
Journal 37 (reference class); Wilks (1941), Determination of sample sizes for setting tolerance limits, Annals of
Mathematical Statistics 12 (the band: of n + 1 curves that are alike, each is as likely to be the lowest, the second
...; no distribution is assumed).

A curve is the cumulative disbursement of one unit and year of the funds by month: unit, fund_year, month (1 to 12),
planned_vnd (assigned by then) and disbursed_vnd.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from giamngheo.statistics.ratio import percentage

YEAR_END = 12
"""Month to whose end disbursement is projected."""

CONFIDENCE = 0.8
"""How often a band is meant to hold what comes true."""

FEWEST_CURVES = math.ceil(2 / (1 - CONFIDENCE) - 1e-9) - 1
"""Curves from which on the lowest and the highest of them are a band of that confidence: nine."""

_CURVE = ["unit", "fund_year"]


@dataclass(frozen=True, eq=False)
class Outlook:
    """What the end of a unit's year may bring.

    rates: percent of the plan as it was then, by each month with capital of which it is known. ends: the projection
    from one of them. errors: the row of past_errors of that month; None where no projection could be tested.
    """

    rates: Mapping[int, float]
    ends: pd.Series
    errors: pd.Series | None


def outlook(curves: pd.DataFrame, months: pd.DataFrame, month: int) -> Outlook | None:
    """Return the outlook at the end of a month; None in the last one, and without a known rate or enough curves.

    curves: of earlier years. months: month, planned_vnd, disbursed_vnd of the unit's own year.
    """
    rate = percentage(months["disbursed_vnd"], months["planned_vnd"])
    rates = {int(at): float(pct) for at, pct in zip(months["month"], rate, strict=True) if pd.notna(pct)}
    if month not in rates or month >= YEAR_END:
        return None
    ends = projection(curves, rates[month], month)
    if pd.isna(ends["estimate_pct"]):
        return None
    errors = past_errors(back_test(curves, [month]))
    return Outlook(rates, ends, None if errors.empty else errors.iloc[0])


def projection(curves: pd.DataFrame, rate_pct: float, month: int) -> pd.Series:
    """Return what a unit that has disbursed a rate at the end of a month will have disbursed at the year's end.

    curves: those of earlier years, the unit's own and its peers'. Index: curves (how many are known in both months),
    estimate_pct, low_pct, high_pct (of the capital as assigned, unrounded); blank where they are too few for a band.
    """
    shares = shares_of_rest(curves, month)["share"]
    found = _projected(pd.Series([rate_pct], dtype="Float64"), shares).iloc[0]
    return pd.concat([pd.Series({"curves": len(shares)}), found]).astype("Float64")


def _projected(rates: pd.Series, shares: pd.Series) -> pd.DataFrame:
    """Return the projection of each rate and its band: estimate_pct, low_pct, high_pct."""
    ordered, count = np.sort(shares.to_numpy(dtype=float)), len(shares)
    chosen = [math.nan] * 3
    if count >= FEWEST_CURVES:
        outside = math.floor((count + 1) * (1 - CONFIDENCE) / 2 + 1e-9)
        chosen = [float(np.median(ordered)), ordered[outside - 1], ordered[count - outside]]
    rest = (100 - rates).clip(lower=0)
    columns = zip(("estimate_pct", "low_pct", "high_pct"), chosen, strict=True)
    return pd.DataFrame({name: rates + rest * share for name, share in columns}).astype("Float64")


def shares_of_rest(curves: pd.DataFrame, month: int) -> pd.DataFrame:
    """Return of each curve the share of what was left at the end of a month that was disbursed at the year's end.

    Columns: unit, fund_year, rate_pct (at the end of the month), end_pct, share (from 0 to 1; below 0 where more
    capital came than was spent). A curve without a known rate below 100 % in that month, or without an end, is left
    out.
    """
    rated = curves.assign(rate_pct=percentage(curves["disbursed_vnd"], curves["planned_vnd"]))
    wide = rated.set_index([*_CURVE, "month"])["rate_pct"].unstack("month")
    wide = wide.reindex(columns=[month, YEAR_END]).set_axis(["rate_pct", "end_pct"], axis=1).dropna()
    wide = wide[wide["rate_pct"] < 100].astype(float)
    share = (wide["end_pct"] - wide["rate_pct"]) / (100 - wide["rate_pct"])
    return wide.assign(share=share).reset_index()


def back_test(curves: pd.DataFrame, months: Iterable[int] = range(1, YEAR_END)) -> pd.DataFrame:
    """Return what would have been projected in a month of each curve from the curves of earlier years alone.

    Columns: unit, fund_year, month, rate_pct, estimate_pct, low_pct, high_pct, end_pct (what came true), error_pp
    (estimate less what came true), is_within (the band). Only where earlier curves were enough.
    """
    tested = []
    for month in months:
        known = shares_of_rest(curves, month)
        for year in sorted(known["fund_year"].unique()):
            now, earlier = known[known["fund_year"] == year], known[known["fund_year"] < year]
            found = _projected(now["rate_pct"].astype("Float64"), earlier["share"])
            tested.append(pd.concat([now.drop(columns="share"), found], axis=1).assign(month=month))
    columns = [*_CURVE, "month", "rate_pct", "estimate_pct", "low_pct", "high_pct", "end_pct"]
    stacked = pd.concat(tested, ignore_index=True) if tested else pd.DataFrame(columns=columns, dtype="Float64")
    table = stacked[columns].dropna().reset_index(drop=True)
    return table.assign(
        error_pp=table["estimate_pct"] - table["end_pct"],
        is_within=table["end_pct"].between(table["low_pct"], table["high_pct"]),
    )


def past_errors(tested: pd.DataFrame) -> pd.DataFrame:
    """Return how far the projections of a back_test were off: a row a month.

    Columns: month, projections, median_error_pp (of the errors without their sign), largest_error_pp, within_pct
    (of the projections whose band held what came true).
    """
    sizes = tested.assign(error_pp=tested["error_pp"].abs(), is_within=100.0 * tested["is_within"])
    return sizes.groupby("month", as_index=False).agg(
        projections=("error_pp", "size"),
        median_error_pp=("error_pp", "median"),
        largest_error_pp=("error_pp", "max"),
        within_pct=("is_within", "mean"),
    )


def outlooks(curves: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return where each unit stands in a year of the funds, and what its end may bring, the furthest behind first.

    Columns: unit, month (the last known with capital), planned_vnd, disbursed_vnd, rate_pct, expected_pct (usual_rate
    of that month), behind_vnd (money that this rate would have paid and was not), estimate_pct, low_pct, high_pct;
    what rests on earlier curves is blank where these are too few.
    """
    earlier, own = curves[curves["fund_year"] < year], curves[curves["fund_year"] == year]
    own = own[own["planned_vnd"].gt(0) & own["disbursed_vnd"].notna()]
    latest = own.sort_values("month").drop_duplicates("unit", keep="last")
    rate = percentage(latest["disbursed_vnd"], latest["planned_vnd"])
    expected = {month: usual_rate(earlier, month) for month in latest["month"].unique()}
    table = latest.drop(columns="fund_year").assign(rate_pct=rate, expected_pct=latest["month"].map(expected))
    table = table.astype({"expected_pct": "Float64"})
    found = [projection(earlier, float(row["rate_pct"]), int(row["month"])) for _, row in table.iterrows()]
    ends = pd.DataFrame(found, columns=["estimate_pct", "low_pct", "high_pct"], index=table.index, dtype="Float64")
    behind = table["planned_vnd"] * table["expected_pct"] / 100 - table["disbursed_vnd"]
    table = table.assign(behind_vnd=behind, **ends)
    return table.sort_values("behind_vnd", ascending=False, kind="stable", ignore_index=True)


def usual_rate(curves: pd.DataFrame, month: int) -> float | None:
    """Return the median rate of curves at the end of a month; None where they are too few to project from."""
    rates = shares_of_rest(curves, month)["rate_pct"]
    return float(rates.median()) if len(rates) >= FEWEST_CURVES else None


def lagging(table: pd.DataFrame, expected_pct: float) -> pd.DataFrame:
    """Return contents or units ranked by how much they lag behind a rate, the furthest behind first.

    table: planned_vnd, disbursed_vnd. Adds rate_pct, behind_pp (expected less the rate), behind_vnd (money that the
    expected rate would have paid and was not, unrounded; below 0 for one that is ahead) and lag_rank (1: most money
    behind; equal amounts share the better rank). One without capital or a known amount is left out.
    """
    known = table[table["planned_vnd"].gt(0) & table["disbursed_vnd"].notna()]
    behind = known["planned_vnd"] * (expected_pct / 100) - known["disbursed_vnd"]
    rate = percentage(known["disbursed_vnd"], known["planned_vnd"])
    ranked = known.assign(rate_pct=rate, behind_pp=expected_pct - rate, behind_vnd=behind)
    ranked = ranked.assign(lag_rank=behind.rank(method="min", ascending=False).astype("Int64"))
    return ranked.sort_values("behind_vnd", ascending=False, kind="stable").reset_index(drop=True)
