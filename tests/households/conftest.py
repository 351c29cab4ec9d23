import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from giamngheo.households.engine import workspace
from giamngheo.households.file.schema import deprivation_columns
from giamngheo.regulation.poverty import Standard

GOOD = {
    "household_id": "H1",
    "unit_code": "23404",
    "area": "rural",
    "members": 4,
    "ethnic_minority": 1,
    "ethnic_group": "Xơ Đăng",
    "date": "2022-12-31",
    "income_vnd": 1_000_000,
    "b1_score": 120,
} | dict.fromkeys(deprivation_columns(), 0)


YEAR_AFTER = {"date": "2023-12-31"}
"""The field by which a household is of the review a year after that of a good one."""


@pytest.fixture
def good():
    """Fields of one household without a problem."""
    return GOOD


@pytest.fixture
def written(tmp_path):
    """Writes households (the fields that differ from a good one; ids are made) to a CSV file.

    Gives its path.
    """

    def write(*rows: dict, name: str = "households.csv", without: tuple[str, ...] = (), **options) -> Path:
        fields = [GOOD | {"household_id": f"H{i}"} | row for i, row in enumerate(rows, start=1)]
        path = tmp_path / name
        frame = pd.DataFrame(fields).drop(columns=list(without))
        frame.to_csv(path, index=False, **options)
        return path

    return write


@pytest.fixture
def as_parquet():
    """Writes what a query gives to a Parquet file."""

    def write(query: str, path: Path) -> None:
        with workspace() as work:
            work.connection.execute(f"copy ({query}) to '{path}'")

    return write


@pytest.fixture
def review():
    return dt.date(2022, 12, 31)


@pytest.fixture
def standard():
    """The standard of the reviews of 2022-2026."""
    return Standard(
        income_line_vnd={"rural": 1_500_000, "urban": 2_000_000},
        average_line_vnd={"rural": 2_250_000, "urban": 3_000_000},
        deprivation_cutoff=3,
        deprivation_points=10,
        score_line={"rural": 140, "urban": 175},
        reference="Nghị định 07/2021/NĐ-CP",
    )


@pytest.fixture
def work():
    with workspace() as opened:
        yield opened


@pytest.fixture
def deprived():
    """Fields of a household with the given number of deprivations, the first ones."""

    def fields(count: int) -> dict:
        return dict.fromkeys(deprivation_columns()[:count], 1)

    return fields


UNITS = pd.DataFrame(
    [
        ("62", "Kon Tum", "province", ""),
        ("617", "Tu Mơ Rông", "district", "62"),
        ("23404", "Ngọk Lây", "commune", "617"),
        ("23407", "Đăk Na", "commune", "617"),
        ("23404-1", "Thôn 1", "village", "23404"),
        ("23404-2", "Thôn 2", "village", "23404"),
    ],
    columns=["code", "name", "level", "parent_code"],
).assign(valid_from=pd.NaT, valid_to=pd.NaT)


@pytest.fixture
def units():
    """A district of two communes, one with two villages."""
    return UNITS
