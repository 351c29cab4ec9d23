"""Kinds of defects in capital, disbursement and documents."""

from typing import Any

import pandas as pd

from giamngheo.demo.defects import Defect, added, typed, with_table
from giamngheo.intake.dataset import Dataset


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
