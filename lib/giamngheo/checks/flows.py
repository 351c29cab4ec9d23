"""Checks of the two flow tables: they close, mirror each other and lead from one stock to the next."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from giamngheo.checks import grounds
from giamngheo.checks.check import FLOWS, Case, Problem, check, header, once_a_case, problem_in, where
from giamngheo.core.message import Message, message
from giamngheo.statistics import poverty
from giamngheo.workbook.schema import COUNTED

_MIRRORED = (("left_to_other_class", "entered_from_other_class"), ("entered_from_other_class", "left_to_other_class"))
_GROUPS = {"poor": message("poor households"), "near_poor": message("near-poor households")}


def _expected(case: Case, name: str, unit: str) -> pd.DataFrame:
    """Return the bounds low and high of column 9 of the form, 1 - 2 - 3 - 4 + 5 + 6 + 7 + 8, NA where not known.

    A decrease that is blank can only make it less, an increase only more.
    """
    flows = case.summed[name]
    leaving = flows[[f"{name}_{unit}" for name in ("left_to_other_class", "left_above")]]
    inflows = flows[[f"{name}_{unit}" for name in poverty.INFLOWS]]
    exits, lost = flows[f"left_{unit}"].fillna(_sum(leaving)), flows[f"other_decrease_{unit}"]
    known = flows[f"opening_{unit}"] - exits - lost.fillna(0) + _sum(inflows)
    may_be_less = lost.isna() | (flows[f"left_{unit}"].isna() & leaving.isna().any(axis=1))
    return pd.DataFrame({"low": known.mask(may_be_less), "high": known.mask(inflows.isna().any(axis=1))})


def _sum(frame: pd.DataFrame) -> pd.Series:
    """Return the sums of rows, what is blank as nothing."""
    return frame.fillna(0).sum(axis=1).astype("Int64")


@check("flow-does-not-close", "error", ground=grounds.REVIEW, explainable=True, lasting=True)
def flow_does_not_close(case: Case) -> Iterator[Problem]:
    """Column 9 is 1 - 2 - 3 - 4 + 5 + 6 + 7 + 8."""
    for name in FLOWS:
        flows = case.summed[name]
        for unit in COUNTED:
            closing, expected = flows[f"closing_{unit}"], _expected(case, name, unit)
            for position, row in where(flows, _is_outside(closing, expected)):
                low, high = expected.loc[position]
                count = int(low if pd.notna(low) and row[f"closing_{unit}"] < low else high)
                found = message("the closing stock is {count}", count=int(row[f"closing_{unit}"]))
                gap = int(row[f"closing_{unit}"]) - count
                yield problem_in(row, (name, f"closing_{unit}"), found, _wanted(low, high, count), gap=gap)


def _is_outside(closing: pd.Series, expected: pd.DataFrame) -> pd.Series:
    below, above = closing < expected["low"], closing > expected["high"]
    return below.fillna(value=False) | above.fillna(value=False)


def _wanted(low: Any, high: Any, count: int) -> Message:
    if pd.isna(low):
        return message("at most {count}, which the other columns give", count=count)
    if pd.isna(high):
        return message("at least {count}, which the other columns give", count=count)
    return message("{count}, which the other columns give", count=count)


@check("exits-do-not-add-up", "error", ground=grounds.SUM, explainable=True, lasting=True)
def exits_do_not_add_up(case: Case) -> Iterator[Problem]:
    """Exits (2)+(3) are the sum of columns 2 and 3 where both are given."""
    for name in FLOWS:
        flows = case.summed[name]
        for unit in COUNTED:
            parts = flows[f"left_to_other_class_{unit}"] + flows[f"left_above_{unit}"]
            for position, row in where(flows, flows[f"left_{unit}"] != parts):
                found = message("exits are {count}", count=int(row[f"left_{unit}"]))
                expected = message("{count}, the sum of columns 2 and 3", count=int(parts[position]))
                gap = int(row[f"left_{unit}"]) - int(parts[position])
                yield problem_in(row, (name, f"left_{unit}"), found, expected, gap=gap)


@check("transfers-not-mirrored", "error", *FLOWS, ground=grounds.REVIEW, explainable=True, lasting=True)
def transfers_not_mirrored(case: Case) -> Iterator[Problem]:
    """Households that one table hands over are the households that the other takes in."""
    both = case.summed["poor_flows"].merge(
        case.summed["near_poor_flows"], on=["date", "unit_code"], suffixes=("_poor", "_near")
    )
    for unit in COUNTED:
        for given, taken in _MIRRORED:
            here, there = f"{given}_{unit}_poor", f"{taken}_{unit}_near"
            for _, row in where(both, both[here] != both[there]):
                found = message("{count} in the table of poor households", count=int(row[here]))
                cell = case.data.cell("near_poor_flows", f"{taken}_{unit}", row["row_near"])
                expected = message(
                    "{count} as in the table of near-poor households, cell {cell}", count=int(row[there]), cell=cell
                )
                summed = "" if row["typed_poor"] else row["unit_code"]
                gap = int(row[here]) - int(row[there])
                yield Problem("poor_flows", f"{given}_{unit}", row["row_poor"], found, expected, summed, gap)


@check("opening-differs", "error", *FLOWS, "reviews", ground=grounds.REVIEW, explainable=True, lasting=True)
def opening_differs(case: Case) -> Iterator[Problem]:
    """The opening stock is the stock reviewed at the end of the year before."""
    for name, group in FLOWS.items():
        flows = case.summed[name]
        year_before = flows["date"] - pd.offsets.YearEnd()
        yield from _differing(case, name, "opening", _stocks(case, group, flows, year_before))


@check("closing-differs", "error", *FLOWS, "reviews", ground=grounds.REVIEW, explainable=True, lasting=True)
def closing_differs(case: Case) -> Iterator[Problem]:
    """The closing stock is the stock reviewed on that day."""
    for name, group in FLOWS.items():
        yield from _differing(case, name, "closing", _stocks(case, group, case.summed[name], case.summed[name]["date"]))


def _stocks(case: Case, group: str, flows: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    """Return the households and persons of a class in the reviews of the flows' units on given days, row for row."""
    wanted = flows[["unit_code", "date"]].assign(day=days.astype("datetime64[us]"))
    columns = {"date": "day"} | {f"{group}_{unit}": unit for unit in COUNTED}
    found = [
        some.merge(reviews[["unit_code", *columns]].rename(columns=columns), how="left").set_axis(some.index)
        for some, reviews in case.with_reviews(wanted)
    ]
    return pd.concat(found).loc[flows.index] if found else wanted.assign(**dict.fromkeys(COUNTED, pd.NA))


def _differing(case: Case, name: str, end: str, stocks: pd.DataFrame) -> Iterator[Problem]:
    flows = case.summed[name]
    for unit in COUNTED:
        column = f"{end}_{unit}"
        for position, row in where(flows, flows[column] != stocks[unit]):
            found = message("{header} is {count}", header=header(name, column), count=int(row[column]))
            day = stocks.loc[position, "day"].date()
            wanted = message("{count}, the review of {day}", count=int(stocks.loc[position, unit]), day=day)
            gap = int(row[column]) - int(stocks.loc[position, unit])
            yield problem_in(row, (name, column), found, wanted, gap=gap)


@once_a_case
def _balances(case: Case) -> dict[str, pd.DataFrame]:
    """Return how the flows of each flow table lead from one stock to the next (poverty.flow_balance)."""
    return {name: _balance(case, case.summed[name], group) for name, group in FLOWS.items()}


def _balance(case: Case, flows: pd.DataFrame, group: str) -> pd.DataFrame:
    found = [poverty.flow_balance(some, reviews, group) for some, reviews in case.with_reviews(flows)]
    return pd.concat(found).loc[flows.index] if found else poverty.flow_balance(flows, case.reviews, group)


@check("more-left-than-were", "error", *FLOWS, "reviews", ground=grounds.PART, explainable=True, lasting=True)
def more_left_than_were(case: Case) -> Iterator[Problem]:
    """No more households leave than there were."""
    for name, balance in _balances(case).items():
        gone = balance["left_households"] + balance["other_decrease_households"]
        for position, row in where(balance, gone > balance["opening_households"]):
            found = message("{count} households left or were lost", count=int(gone[position]))
            wanted = message("at most the opening stock of {count}", count=int(row["opening_households"]))
            yield problem_in(case.summed[name].loc[position], (name, "left_households"), found, wanted)


@check("unexplained-flow", "warning", *FLOWS, "reviews", ground=grounds.REVIEW, explainable=True, lasting=True)
def unexplained_flow(case: Case) -> Iterator[Problem]:
    """Opening stock, exits and recorded inflows give the closing stock."""
    for name, group in FLOWS.items():
        flows, balance = case.summed[name], _balances(case)[name]
        expected = _expected(case, name, "households")
        told = expected.notna().all(axis=1) | _is_outside(flows["closing_households"], expected)
        is_open = (balance["unexplained_households"] != 0) & ~(flows["closing_households"].notna() & told)
        for position, row in where(balance, is_open):
            yield problem_in(flows.loc[position], (name, "new_households"), *_gap(row, group))


def _gap(row: pd.Series, group: str) -> tuple[Message, Message]:
    gap = int(row["unexplained_households"])
    found = message(
        "in {year} {group}: opening {opening}, exits {left}, closing {closing}; {change} is not explained",
        year=str(row["date"].year),
        group=_GROUPS[group],
        opening=int(row["opening_households"]),
        left=int(row["left_households"]),
        closing=int(row["closing_households"]),
        change=message("an increase of {count}", count=gap)
        if gap > 0
        else message("a decrease of {count}", count=-gap),
    )
    return found, message("the households that are new, fell back, changed class, came or went otherwise")
