"""Known defects planted in made-up workbooks, each with the code and cell by which it is to be found.

Each kind has units, lines and months of its own, so that several in one workbook do not hide each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.schema import table
from giamngheo.workbook.write.template import HEADER_ROW


@dataclass(frozen=True)
class Defect:
    """A dataset with a defect, and where: the code of the rule it breaks, table, column and label of the row."""

    data: Dataset
    code: str
    table: str
    column: str
    label: Any


@dataclass(frozen=True)
class Place:
    """Where a defect is to be found: the code of the finding, the sheet, the cell."""

    code: str
    sheet: str
    cell: str


Kind = Callable[[Dataset], Defect]


def planted(data: Dataset, kinds: Sequence[Kind]) -> tuple[Dataset, list[Place]]:
    """The dataset with a defect of each kind, its rows numbered as they will stand on the sheets, and the places."""
    found = []
    for kind in kinds:
        found.append(kind(data))
        data = found[-1].data
    data = replace(data, tables={name: _numbered(frame) for name, frame in data.tables.items()})
    places = [
        Place(
            defect.code,
            table(defect.table).sheet,
            data.cell(defect.table, defect.column, data[defect.table].loc[defect.label, "row"]),
        )
        for defect in found
    ]
    return data, places


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(row=range(HEADER_ROW + 1, HEADER_ROW + 1 + len(frame)))


def with_table(data: Dataset, name: str, frame: pd.DataFrame) -> Dataset:
    """The dataset with another frame for one of its tables."""
    return replace(data, tables={**data.tables, name: frame})


def typed(data: Dataset, code: str, where: tuple[str, str, Any], value: Any) -> Defect:
    """The defect of one cell, given by table, column and row, in which `value` stands."""
    name, column, label = where
    frame = data[name].copy()
    if isinstance(value, str):
        frame[column] = frame[column].astype(object)
    frame.loc[label, column] = value
    return Defect(with_table(data, name, frame), code, name, column, label)


def added(data: Dataset, code: str, name: str, column: str, row: pd.Series) -> Defect:
    """The defect of one more row."""
    frame = data[name]
    more = row.to_frame().T.set_axis([frame.index.max() + 1]).astype(frame.dtypes)
    return Defect(with_table(data, name, pd.concat([frame, more])), code, name, column, more.index[0])


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


def _capital(data: Dataset, project: str, source: str = "recurrent") -> Any:
    """First row of the year's capital of a project."""
    frame = data["capital"]
    own = (frame["project_code"] == project) & (frame["source"] == source) & (frame["fund_year"] == data.year)
    return frame.index[own][0]


def _snapshot(data: Dataset, project: str, month: int) -> Any:
    """Row of a project's own money in the snapshot of a month."""
    frame = data["disbursements"]
    own = (frame["project_code"] == project) & (frame["fund_year"] == data.year)
    return frame.index[own & (frame["date"].dt.month == month)][-1]


def unknown_project(data: Dataset) -> Defect:
    """Capital of a project that the programme does not have."""
    return typed(data, "unknown-project", ("capital", "project_code", _capital(data, "6.1")), "8.1")


def typed_in_millions(data: Dataset) -> Defect:
    """An amount typed in million đồng."""
    row = _capital(data, "7.2")
    vnd = data["capital"].loc[row, "planned_vnd"] // 1_000_000
    return typed(data, "amount-too-small", ("capital", "planned_vnd", row), vnd)


def too_much_maintenance(data: Dataset) -> Defect:
    """Maintenance of a third of the investment."""
    row = _capital(data, "1.1")
    vnd = data["capital"].loc[row, "planned_vnd"] * 3
    return typed(data, "maintenance-share", ("capital", "planned_vnd", row), vnd)


def money_of_next_year(data: Dataset) -> Defect:
    """Capital of a year that has not come."""
    return typed(data, "fund-year", ("capital", "fund_year", _capital(data, "4.2")), data.year + 1)


def undated_capital(data: Dataset) -> Defect:
    """Capital without the number of its decision."""
    return typed(data, "undated-capital", ("capital", "decision", _capital(data, "3.1")), "")


def more_than_planned(data: Dataset) -> Defect:
    """More disbursed than allocated."""
    row = _snapshot(data, "5", 12)
    return typed(data, "disbursed-above-plan", ("disbursements", "disbursed_vnd", row), 10**12)


def falling_disbursement(data: Dataset) -> Defect:
    """Less disbursed than the month before."""
    frame = data["disbursements"].copy()
    before, row = _snapshot(data, "2", 10), _snapshot(data, "2", 11)
    frame.loc[before, "disbursed_vnd"] = frame.loc[row, "disbursed_vnd"] + 1_000_000
    return typed(
        with_table(data, "disbursements", frame),
        "disbursement-falls",
        ("disbursements", "disbursed_vnd", row),
        frame.loc[row, "disbursed_vnd"],
    )


def missing_snapshot(data: Dataset) -> Defect:
    """A month without a snapshot."""
    frame = data["disbursements"]
    kept = frame[frame["date"].dt.month != 8]
    first = kept.index[kept["date"].dt.month == 9][0]
    return Defect(with_table(data, "disbursements", kept), "snapshot-missing", "disbursements", "date", first)


def undated_document(data: Dataset) -> Defect:
    """A document without its date."""
    documents = data["documents"]
    row = documents.index[documents["role"] == "directive"][0]
    return typed(data, "undated-document", ("documents", "date", row), pd.NaT)


def second_symbol(data: Dataset) -> Defect:
    """One document under two symbols."""
    documents = data["documents"]
    twin = documents[documents["number"].str.contains("UBND-LĐTBXH")].iloc[0]
    other = twin.copy()
    other["number"] = twin["number"].replace("LĐTBXH", "LĐTĐBH")
    return added(data, "two-symbols", "documents", "number", other)


def count_with_its_unit(data: Dataset) -> Defect:
    """A count typed as text with its unit, which is read nevertheless."""
    row = data["reviews"].index[-1]
    return typed(data, "typed-as-text", ("reviews", "households", row), f"{data['reviews'].loc[row, 'households']} hộ")


def period_in_words(data: Dataset) -> Defect:
    """A period written in words."""
    return typed(data, "bad-cell", ("next_steps", "period", data["next_steps"].index[-1]), "tháng tám")


def task_of_nothing(data: Dataset) -> Defect:
    """An agency without its task."""
    return typed(data, "blank-cell", ("tasks", "text", data["tasks"].index[-1]), "")


AGAINST_CHECKS: tuple[Kind, ...] = (
    more_minority_than_poor,
    falling_disbursement,
    open_flow,
    unknown_project,
    review_twice,
    plan_above_stock,
    missing_snapshot,
    communes_unlike_district,
    undated_document,
    fewer_persons,
    typed_in_millions,
    unlike_transfers,
    plan_of_next_year,
    more_than_planned,
    too_few_households,
    second_symbol,
    too_much_maintenance,
    unlike_exits,
    plan_of_nobody,
    too_few_deprivations,
    money_of_next_year,
    other_opening,
    undated_capital,
    plan_of_growth,
)
"""The kinds that break a rule, each another one."""

SLIPS: tuple[Kind, ...] = (count_with_its_unit, period_in_words, task_of_nothing)
"""The kinds that the reader sees."""

KINDS = (*AGAINST_CHECKS, *SLIPS)
"""Every kind of defect, in the order in which they are planted."""
