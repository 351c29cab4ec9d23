"""Checks of scale: amounts typed in thousands or millions of đồng, counts that lost a digit or have one too many."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from giamngheo.checks.check import Case, Problem, check, header, once_a_case, problem_in
from giamngheo.checks.money.amounts import (
    FAR,
    Range,
    are_many,
    joined,
    largest_of_level,
    likely,
    smallest_amount,
    usual,
)
from giamngheo.core.finding import MOST_ALIKE
from giamngheo.core.message import Message, first_of, message
from giamngheo.statistics.tree import figures_in

_FEW = 4
"""Amounts among which none can be told from the others by its size."""

_NEAR, _FAR = 3, 10
"""So many times: an amount is told that is far from all others, and would be near them in another unit."""


@check(
    "amount-out-of-scale",
    "warning",
    "capital",
    ground=message("amounts of one table are of one unit"),
    explainable=True,
)
def amount_out_of_scale(case: Case) -> Iterator[Problem]:
    """An amount is not a thousand or a million times smaller or larger than it would be beside its fellows."""
    capital = case["capital"]
    judged = capital[(capital["planned_vnd"] >= smallest_amount(case)) & capital["fund_year"].notna()]
    for (year, _), rows in judged.groupby(["fund_year", judged["unit_code"].ne("")]):
        told: set[Any] = set()
        of_sources = [(group, _FAR) for _, group in rows.groupby("source")]
        for some, far in (*of_sources, (rows, FAR)):  # one source may have far more than another
            for position, within in _strangers(some["planned_vnd"].astype("int64"), far):
                amount = int(some.loc[position, "planned_vnd"])
                if position in told or (year < case.year and amount < within[0]):
                    continue  # what is left of an earlier year may be little
                told.add(position)
                found = message("the amount is {amount} đồng", amount=amount)
                expected = joined(list(likely(amount, within).values()))
                yield Problem("capital", "planned_vnd", some.loc[position, "row"], found, expected)


def _strangers(amounts: pd.Series, far: int) -> Iterator[tuple[Any, Range]]:
    """Yield the labels of amounts `far` below or above most others, all of which would be near them in another unit.

    With the bounds within which they would then be.
    """
    ordered = amounts.sort_values(kind="stable")
    for place in range(1, len(ordered)):
        below, above = ordered.iloc[:place], ordered.iloc[place:]
        few, many = (below, above) if len(below) < len(above) else (above, below)
        gap = int(above.iloc[0]) / int(below.iloc[-1])
        if len(many) < _FEW or gap < far:
            continue
        near = _NEAR if gap < FAR else _FAR
        within = int(many.min()) // near, int(many.max()) * near
        if all(likely(int(amount), within) for amount in few):
            yield from ((label, within) for label in few.index)
            return


@check(
    "capital-out-of-scale", "warning", "capital", "units", ground=message("amounts are typed in đồng"), explainable=True
)
def capital_out_of_scale(case: Case) -> Iterator[Problem]:
    """The largest amount of the year's capital is what the largest of a unit of its level can be."""
    capital, bounds = case["capital"], largest_of_level(case)
    own = capital[(capital["unit_code"] == "") & (capital["fund_year"] == case.year) & (capital["planned_vnd"] > 0)]
    if bounds is None or len(own) < _FEW:
        return
    row = own.loc[own["planned_vnd"].astype("int64").idxmax()]
    amount, (low, high) = int(row["planned_vnd"]), bounds
    if not low <= amount <= high and amount >= smallest_amount(case):
        found = message(
            "the largest of {count} amounts of {header} is {amount} đồng",
            count=len(own),
            header=header("capital", "planned_vnd"),
            amount=amount,
        )
        expected = message("{low} to {high} đồng, the largest amount of such a unit", low=low, high=high)
        expected = joined([expected, *likely(amount, (low, high)).values()])
        yield Problem("capital", "planned_vnd", row["row"], found, expected)


@check("review-out-of-scale", "error", ground=message("a count has all its digits"), explainable=True, lasting=True)
def review_out_of_scale(case: Case) -> Iterator[Problem]:
    """Columns of a review, or most figures of a unit, are not about ten times smaller or larger than those before."""
    for cells in _out_of_scale(case):
        first = cells.iloc[0]
        found = message(
            "{count} figures of {headers} of {day} are about ten times smaller or larger than in the review before;"
            " the first is {figure}",
            count=len(cells),
            headers=_headers(cells["column"].unique()),
            day=first["date"].date(),
            figure=int(first["count"]),
        )
        yield Problem("reviews", first["column"], first["row"], found, _as_before(first))


_MOST_HEADERS = 4
"""Columns that a message names; more would hide it."""


def _headers(columns: Sequence[str]) -> str:
    names = [header("reviews", column) for column in columns]
    return first_of(names, _MOST_HEADERS)


def _out_of_scale(case: Case) -> Iterator[pd.DataFrame]:
    """Yield the counts of a day that are about ten times smaller or larger, where those of a column or row are many."""
    counts = _leaps(case)
    counts = counts[counts["typed"]]
    if not counts["is_tenth"].any():
        return
    affected = counts.groupby("date")["is_tenth"].transform("sum") > MOST_ALIKE
    for _, of_day in counts[affected].groupby("date"):
        columns = [rows for _, rows in of_day.groupby("column", sort=False) if _are_alike(rows)]
        whole = pd.concat(columns) if columns else of_day[:0]
        if len(whole):
            yield whole[whole["is_tenth"]]
        rest = of_day.drop(index=whole.index)
        yield from (rows[rows["is_tenth"]] for _, rows in rest.groupby("row") if _are_alike(rows))


def _are_alike(counts: pd.DataFrame) -> bool:
    return are_many(int(counts["is_tenth"].sum()), len(counts))


@check(
    "stock-out-of-scale",
    "warning",
    "form",
    "units",
    "reviews",
    ground=message("a count has all its digits"),
    explainable=True,
    lasting=True,
)
def stock_out_of_scale(case: Case) -> Iterator[Problem]:
    """A count of a review is not about ten times smaller or larger than in the review before."""
    counts = _leaps(case)
    leapt = counts[counts["is_far"]]
    of_all = leapt.loc[leapt["column"] == "households", ["date", "unit_code"]]
    others = leapt[~pd.MultiIndex.from_frame(leapt[["date", "unit_code"]]).isin(pd.MultiIndex.from_frame(of_all))]
    for _, row in others.iterrows():
        found = message("{header} is {count}", header=header("reviews", row["column"]), count=int(row["count"]))
        yield problem_in(row, ("reviews", row["column"]), found, _as_before(row))


def _as_before(row: pd.Series) -> Message:
    return message("about {count}, as in the review before", count=int(row["before"]))


@once_a_case
def _leaps(case: Case) -> pd.DataFrame:
    """Return the counts of reviews beside those before, where they are not small.

    Columns: date, unit_code, row, typed, column, count, before; is_far, whether one is many times the other, and
    is_tenth, whether it is about ten times.
    """
    limits = usual(case, "digit_lost")
    found = []
    for some, reviews in case.with_reviews(case.reviews):
        counts = _beside_before(reviews)
        found.append(counts[counts["date"] >= some["date"].min()])
    counts = pd.concat(found, ignore_index=True) if found else _beside_before(case.reviews)
    both = counts[["count", "before"]].to_numpy("int64")
    large, small = both.max(axis=1), both.min(axis=1)
    is_far = large >= small * limits["times"]
    is_tenth = is_far & (small > 0) & (large < small * 2 * limits["times"])
    return counts.assign(is_far=is_far, is_tenth=is_tenth)[large >= limits["from"]]


def _beside_before(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return the known counts of reviews, a row a figure, with those known before of the same unit."""
    ordered = reviews.sort_values("date", kind="stable")
    counts = ordered.melt(["date", "unit_code", "row", "typed"], figures_in(reviews), "column", "count").dropna()
    before = counts.groupby(["unit_code", "column"])["count"].shift()
    return counts.assign(before=before).dropna(subset="before")
