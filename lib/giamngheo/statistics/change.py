"""What moved between two days: stocks, disbursement, documents and capital; ranks and movers among units.

Disbursement is handed out as cumulative snapshots, so that what a period disbursed is the difference of two of
them. A snapshot that is missing leaves the difference blank: unknown is not zero.
"""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from giamngheo.statistics.funding import TOTAL, lines_by_source
from giamngheo.statistics.poverty import RATED
from giamngheo.statistics.ratio import percentage
from giamngheo.statistics.unit_money import over_units

_PART = ["project_code", "fund_year", "source"]


def dated_within(frame: pd.DataFrame, begin: dt.date, end: dt.date) -> pd.DataFrame:
    """Return the rows of a dated table from the first day to the last; undated rows are new at no time."""
    return frame[frame["date"].between(pd.Timestamp(begin), pd.Timestamp(end))].reset_index(drop=True)


def reviews_within(reviews: pd.DataFrame, begin: dt.date, end: dt.date) -> pd.DataFrame:
    """Return each unit's latest review between two days."""
    return dated_within(reviews, begin, end).sort_values("date").drop_duplicates("unit_code", keep="last")


def stock_changes(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return how the stocks of units moved between two reviews (poverty.rates), one row a unit of `now`, in its order.

    Columns: unit_code; unit (the folder of the workbooks, by which rows of one code are told apart), unit_name and
    level as far as `now` has them; date, date_before, households, and for each class (poor, near_poor,
    multidimensional) {class}_households, {class}_rate_pct, {class}_change_households, {class}_change_pp: now less
    before, unrounded, blank for a unit without a review before; {class}_rate_before_pct.
    """
    keys = [column for column in ("unit", "unit_code") if column in now and column in before]
    named = [column for column in ("unit", "unit_code", "unit_name", "level") if column in now]
    compared = ["date", *(f"{name}_{figure}" for name in RATED for figure in ("households", "rate_pct"))]
    earlier = before[[*keys, *compared]]
    both = now[[*named, "households", *compared]].merge(
        earlier, on=keys, how="left", suffixes=("", "_before"), validate="one_to_one"
    )
    changes = {column: both[column] for column in (*named, "date", "date_before", "households")}
    for name in RATED:
        households, rate = f"{name}_households", f"{name}_rate_pct"
        changes |= {
            households: both[households],
            rate: both[rate],
            f"{name}_rate_before_pct": both[f"{rate}_before"],
            f"{name}_change_households": both[households] - both[f"{households}_before"],
            f"{name}_change_pp": both[rate] - both[f"{rate}_before"],
        }
    return pd.DataFrame(changes)


def ranked(changes: pd.DataFrame) -> pd.DataFrame:
    """Return `changes` with rate_rank (1: highest multidimensional rate) and change_rank (1: largest decrease).

    Equal values share the better rank, and the rank after them is left out; blank values have none.
    """
    by_rate = changes["multidimensional_rate_pct"].rank(method="min", ascending=False)
    by_change = changes["multidimensional_change_pp"].rank(method="min")
    return changes.assign(rate_rank=by_rate.astype("Int64"), change_rank=by_change.astype("Int64"))


def shares(parts: pd.DataFrame, whole: pd.DataFrame) -> pd.Series:
    """Return what part of the poor and near-poor households of `whole` (one row) each unit has, in %, unrounded.

    Blank where either count is not known.
    """
    households = whole["multidimensional_households"].iloc[0]
    return percentage(parts["multidimensional_households"], pd.Series(households, parts.index, dtype="Int64"))


def best_movers(changes: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return the `count` units whose multidimensional rate fell most, and those that tie with the last."""
    fallen = changes[changes["multidimensional_change_pp"] < 0]
    return fallen.nsmallest(count, "multidimensional_change_pp", keep="all")


def worst_movers(changes: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return the `count` units whose multidimensional rate rose most or fell least, without the best movers."""
    others = changes.drop(index=best_movers(changes, count).index)
    return others.nlargest(count, "multidimensional_change_pp", keep="all")


def disbursed_between(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return what each line and source disbursed in a period: lines of the day before it, and of its last day.

    Columns: project_code, fund_year, source, planned_vnd (allocated by the end), the cumulative disbursed_vnd at the
    end, before_vnd at the eve and period_vnd, their difference. Of capital that is allocated within the period nothing
    is disbursed at the eve; a source that the snapshot of a month lacks is blank.
    """
    earlier = before[[*_PART, "disbursed_vnd"]].rename(columns={"disbursed_vnd": "before_vnd"})
    both = now[[*_PART, "planned_vnd", "disbursed_vnd"]].merge(earlier.assign(was=True), on=_PART, how="left")
    before_vnd = both["before_vnd"].mask(both.pop("was").isna(), 0)
    return both.assign(before_vnd=before_vnd, period_vnd=both["disbursed_vnd"] - before_vnd)


def monthly_lines(
    capital: pd.DataFrame, disbursements: pd.DataFrame, sources: pd.DataFrame, *, year: int, above: Mapping[str, str]
) -> pd.DataFrame:
    """Return the lines at the end of each month of a year, with what the snapshots of that month alone say.

    The columns of funding.execution and month. above: as there. Undated and earlier capital is there from January on.
    """
    month = capital["date"].dt.month.where(capital["date"].dt.year == year, 1)
    ends = pd.DataFrame({"month": range(1, 13)})
    allocated = ends.merge(capital.assign(since=month.mask(capital["date"] < f"{year}-01-01", 1)), how="cross")
    allocated = allocated[allocated["since"] <= allocated["month"]]
    keys = ["month", "project_code", "fund_year", "unit_code"]
    planned = allocated.groupby([*keys, "source"], as_index=False)["planned_vnd"].sum(min_count=1)
    paid = dated_within(disbursements, dt.date(year, 1, 1), dt.date(year, 12, 31))
    paid = paid.assign(month=paid["date"].dt.month.astype("int64"))
    return over_units(lines_by_source(planned, paid, sources, keys=keys), above)


def at_end_of(lines: pd.DataFrame, month: int) -> pd.DataFrame:
    """Return the rows of monthly_lines of a month; none of month 0, when nothing is disbursed yet."""
    return lines[lines["month"] == month].reset_index(drop=True)


def cumulative_by_month(lines: pd.DataFrame, fund_year: int, last: int) -> pd.DataFrame:
    """Return what the money of one year of the funds had disbursed at the end of each month up to `last`.

    lines: monthly_lines. A row a month: month, planned_vnd (allocated by then), disbursed_vnd (cumulative), month_vnd
    (of the month). Blank where a line with capital has no snapshot; before any is allocated nothing is disbursed.
    """
    own = lines[(lines["fund_year"] == fund_year) & (lines["source"] == TOTAL)]
    grouped = own.groupby("month")
    planned = grouped["planned_vnd"].sum().reindex(range(1, last + 1), fill_value=0)
    known = own.assign(
        disbursed_vnd=own["disbursed_vnd"].mask(own["disbursed_vnd"].isna() & own["planned_vnd"].eq(0), 0)
    )
    disbursed = known.groupby("month")["disbursed_vnd"].sum(skipna=False).reindex(range(1, last + 1), fill_value=0)
    months = pd.DataFrame({"planned_vnd": planned, "disbursed_vnd": disbursed}).astype("Int64")
    before = months["disbursed_vnd"].shift(fill_value=0)
    return months.assign(month_vnd=months["disbursed_vnd"] - before).rename_axis("month").reset_index()
