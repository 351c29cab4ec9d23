"""What moved between two days: stocks, disbursement, documents and capital; ranks and movers among units.

Disbursement is handed out as cumulative snapshots, so that what a period disbursed is the difference of two of
them. A snapshot that is missing leaves the difference blank: unknown is not zero.
"""

import datetime as dt

import pandas as pd

from giamngheo.statistics.funding import execution

CLASSES = ("poor", "near_poor", "multidimensional")

_LINE = ["project_code", "fund_year"]
_PAID = ("disbursed_vnd", "disbursed_investment_vnd", "disbursed_recurrent_vnd")
_FIRST_OF_YEAR = (1, 1)


def dated_within(frame: pd.DataFrame, begin: dt.date, end: dt.date) -> pd.DataFrame:
    """Rows of a dated table from the first day to the last; an undated row is not new at any time."""
    return frame[frame["date"].between(pd.Timestamp(begin), pd.Timestamp(end))].reset_index(drop=True)


def reviews_within(reviews: pd.DataFrame, begin: dt.date, end: dt.date) -> pd.DataFrame:
    """Each unit's latest review between two days."""
    return dated_within(reviews, begin, end).sort_values("date").drop_duplicates("unit_code", keep="last")


def stock_changes(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """How the stocks of units moved between two reviews (poverty.rates), one row a unit of `now`, in its order.

    Columns: unit_code, date, date_before, households, and for each class (poor, near_poor, multidimensional)
    {class}_households, {class}_rate_pct, {class}_change_households, {class}_change_pp: now less before, unrounded,
    blank for a unit without a review before; {class}_rate_before_pct.
    """
    both = now.merge(before, on="unit_code", how="left", suffixes=("", "_before"), validate="one_to_one")
    changes = both[["unit_code", "date", "date_before", "households"]].copy()
    for name in CLASSES:
        households, rate = f"{name}_households", f"{name}_rate_pct"
        changes[households], changes[rate] = both[households], both[rate]
        changes[f"{name}_rate_before_pct"] = both[f"{rate}_before"]
        changes[f"{name}_change_households"] = both[households] - both[f"{households}_before"]
        changes[f"{name}_change_pp"] = both[rate] - both[f"{rate}_before"]
    return changes


def ranked(changes: pd.DataFrame) -> pd.DataFrame:
    """`changes` with rate_rank, 1 for the highest multidimensional rate, and change_rank, 1 for the largest decrease.

    Equal values share the better rank, and the rank after them is left out; blank values have none.
    """
    by_rate = changes["multidimensional_rate_pct"].rank(method="min", ascending=False)
    by_change = changes["multidimensional_change_pp"].rank(method="min")
    return changes.assign(rate_rank=by_rate.astype("Int64"), change_rank=by_change.astype("Int64"))


def best_movers(changes: pd.DataFrame, count: int) -> pd.DataFrame:
    """The units whose multidimensional rate fell most, at most `count`, those that tie with the last as well."""
    fallen = changes[changes["multidimensional_change_pp"] < 0]
    return fallen.nsmallest(count, "multidimensional_change_pp", keep="all")


def worst_movers(changes: pd.DataFrame, count: int) -> pd.DataFrame:
    """The units whose multidimensional rate rose most or fell least, counted likewise; none of the best ones."""
    others = changes.drop(index=best_movers(changes, count).index)
    return others.nlargest(count, "multidimensional_change_pp", keep="all")


def disbursed_between(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """What each line of capital disbursed in a period: lines_before its first day, lines_at its last.

    Columns: project_code, fund_year, planned_*_vnd (allocated by the end) and, in total and by source, the cumulative
    disbursed_vnd, disbursed_investment_vnd and disbursed_recurrent_vnd at the end, before_*vnd at the eve and
    period_*vnd, their differences. Of capital that is allocated within the period nothing is disbursed at the eve; a
    line that the snapshot of a month lacks is blank.
    """
    earlier = before[[*_LINE, *_PAID]].rename(columns={name: _of("before", name) for name in _PAID})
    both = now.drop(columns="date").merge(earlier.assign(was=True), on=_LINE, how="left")
    is_new = both.pop("was").isna()
    for name in _PAID:
        both[_of("before", name)] = both[_of("before", name)].mask(is_new, 0)
        both[_of("period", name)] = both[name] - both[_of("before", name)]
    return both


def lines_at(capital: pd.DataFrame, disbursements: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Lines of capital as allocated by a day, with what the snapshots of its month say (funding.execution)."""
    allocated = capital[capital["date"].isna() | (capital["date"] <= pd.Timestamp(day))]
    return execution(allocated, dated_within(disbursements, day.replace(day=1), day))


def lines_before(capital: pd.DataFrame, disbursements: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """lines_at the eve of a day; none at the start of a year, when nothing is disbursed."""
    if (day.month, day.day) == _FIRST_OF_YEAR:
        return execution(capital.iloc[:0], disbursements.iloc[:0])
    return lines_at(capital, disbursements, day - dt.timedelta(days=1))


def _of(time: str, column: str) -> str:
    return column.replace("disbursed", time)


def cumulative_by_month(
    capital: pd.DataFrame, disbursements: pd.DataFrame, fund_year: int, end: dt.date
) -> pd.DataFrame:
    """What the money of one year of the funds had disbursed at the end of each month of a year up to a day.

    One row a month: month, planned_vnd (allocated by then), disbursed_vnd (cumulative), month_vnd (of the month).
    Blank where a line with capital has no snapshot; before any is allocated nothing is disbursed.
    """
    own, paid = (frame[frame["fund_year"] == fund_year] for frame in (capital, disbursements))
    planned, disbursed = _allocated(own, end), _snapshots(paid, end)
    lines = planned.columns.union(disbursed.columns)
    planned, disbursed = planned.reindex(columns=lines, fill_value=0), disbursed.reindex(columns=lines)
    known = disbursed.mask(disbursed.isna() & (planned == 0), 0)
    months = pd.DataFrame({"planned_vnd": planned.sum(axis=1), "disbursed_vnd": known.sum(axis=1, skipna=False)})
    before = months["disbursed_vnd"].shift(fill_value=0)
    return months.astype("Int64").assign(month_vnd=months["disbursed_vnd"] - before).rename_axis("month").reset_index()


def _allocated(capital: pd.DataFrame, end: dt.date) -> pd.DataFrame:
    """Capital by the end of each month (rows) and line (columns); undated and earlier capital is there from January."""
    known = capital[capital["date"].isna() | (capital["date"] <= pd.Timestamp(end))]
    month = known["date"].dt.month.where(known["date"].dt.year == end.year, 1)
    return _by_month(known["planned_vnd"], [month, known["project_code"]], end).fillna(0).cumsum()


def _snapshots(disbursements: pd.DataFrame, end: dt.date) -> pd.DataFrame:
    """What the last snapshot of each month (rows) says of each line (columns)."""
    paid = dated_within(disbursements, dt.date(end.year, 1, 1), end)
    keys = [paid["date"].dt.month, paid["project_code"]]
    is_last = paid["date"] == paid.groupby(keys)["date"].transform("max")
    return _by_month(paid["disbursed_vnd"].where(is_last), keys, end)


def _by_month(amounts: pd.Series, keys: list[pd.Series], end: dt.date) -> pd.DataFrame:
    table = amounts.groupby(keys).sum(min_count=1).unstack()
    return table.reindex(range(1, end.month + 1)).astype("Int64")
