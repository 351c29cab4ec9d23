"""Kinds of defects in reviews, flows and plans."""

from typing import Any

import pandas as pd

from giamngheo.demo.defects import Defect, added, typed
from giamngheo.intake.dataset import Dataset


def _stock(data: Dataset, commune: int, month: int) -> Any:
    """Row of the review of a commune, by its number, at the end of a month; of the district for number -1."""
    frame = data["reviews"]
    codes = [*data["units"]["code"][1:], data["units"]["code"][0]]
    at = (
        (frame["unit_code"] == codes[commune])
        & (frame["date"].dt.month == month)
        & (frame["date"].dt.year == data.year)
    )
    return frame.index[at][0]


def _of_unit(data: Dataset, name: str, commune: int) -> Any:
    """Last row of a commune in a table."""
    frame = data[name]
    return frame.index[frame["unit_code"] == data["units"]["code"][commune + 1]][-1]


def more_minority_than_poor(data: Dataset) -> Defect:
    """More poor households of ethnic minorities than poor households."""
    row = _stock(data, 0, 3)
    too_many = data["reviews"].loc[row, "poor_households"] + 3
    return typed(data, "part-above-total", ("reviews", "poor_ethnic_minority_households", row), too_many)


def fewer_persons(data: Dataset) -> Defect:
    """Fewer poor persons than poor households."""
    row = _stock(data, 1, 3)
    too_few = data["reviews"].loc[row, "poor_households"] - 1
    return typed(data, "fewer-persons-than-households", ("reviews", "poor_persons", row), too_few)


def too_few_households(data: Dataset) -> Defect:
    """Fewer households than poor and near-poor ones."""
    row = _stock(data, 2, 3)
    classes = data["reviews"].loc[row, ["poor_households", "near_poor_households"]].sum()
    return typed(data, "classes-above-households", ("reviews", "households", row), classes - 1)


def too_few_deprivations(data: Dataset) -> Defect:
    """Poor households with fewer deprivations than make them poor."""
    row = _stock(data, 3, 12)
    lacking = 2 * data["reviews"].loc[row, "poor_households"]
    return typed(data, "deprivations-out-of-bounds", ("reviews", "poor_deprivations", row), lacking)


def communes_unlike_district(data: Dataset) -> Defect:
    """A district that is not the sum of its communes."""
    row = _stock(data, -1, 4)
    persons = data["reviews"].loc[row, "persons"] + 5
    return typed(data, "communes-do-not-add-up", ("reviews", "persons", row), persons)


def review_twice(data: Dataset) -> Defect:
    """A review typed twice."""
    return added(data, "duplicate-row", "reviews", "unit_code", data["reviews"].loc[_stock(data, 4, 5)])


def open_flow(data: Dataset) -> Defect:
    """A closing stock that the flows do not lead to."""
    row = _of_unit(data, "poor_flows", 5)
    closing = data["poor_flows"].loc[row, "closing_households"] + 1
    return typed(data, "flow-does-not-close", ("poor_flows", "closing_households", row), closing)


def unlike_transfers(data: Dataset) -> Defect:
    """Households handed over that the other table does not take in."""
    row = _of_unit(data, "poor_flows", 6)
    handed = data["poor_flows"].loc[row, "left_to_other_class_households"] + 1
    where = ("poor_flows", "left_to_other_class_households", row)
    return typed(data, "transfers-not-mirrored", where, handed)


def unlike_exits(data: Dataset) -> Defect:
    """Exits that are not the sum of their parts."""
    row = _of_unit(data, "poor_flows", 7)
    left = data["poor_flows"].loc[row, "left_households"] + 1
    return typed(data, "exits-do-not-add-up", ("poor_flows", "left_households", row), left)


def other_opening(data: Dataset) -> Defect:
    """An opening stock that is not the closing one of the year before."""
    row = _of_unit(data, "near_poor_flows", 0)
    opening = data["near_poor_flows"].loc[row, "opening_households"] + 2
    return typed(data, "opening-differs", ("near_poor_flows", "opening_households", row), opening)


def plan_of_next_year(data: Dataset) -> Defect:
    """A plan dated after its year."""
    row = _of_unit(data, "plans", 1)
    return typed(data, "date-outside-year", ("plans", "date", row), pd.Timestamp(data.year + 1, 2, 1))


def plan_of_nobody(data: Dataset) -> Defect:
    """A plan for a unit that is not listed."""
    return typed(data, "unknown-unit", ("plans", "unit_code", _of_unit(data, "plans", 2)), "99999")


def plan_above_stock(data: Dataset) -> Defect:
    """A plan that takes more households out of poverty than are poor."""
    where = ("plans", "poor_reduction_households", _of_unit(data, "plans", 3))
    return typed(data, "plan-above-stock", where, 100_000)


def plan_of_growth(data: Dataset) -> Defect:
    """A plan that expects half as many households more."""
    row = _of_unit(data, "plans", 4)
    expected = data["plans"].loc[row, "expected_households"] * 3 // 2
    return typed(data, "plan-households", ("plans", "expected_households", row), expected)
