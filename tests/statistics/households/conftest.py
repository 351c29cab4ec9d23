import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from giamngheo.intake.household_schema import deprivation_columns

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


@pytest.fixture
def good():
    """Fields of one household without a problem."""
    return GOOD


@pytest.fixture
def written(tmp_path):
    """Writes households (the fields that differ from a good one; ids are made) to a CSV file.

    Gives its path.
    """

    def write(
        *rows: dict, name: str = "households.csv", without: tuple[str, ...] = (), **options
    ) -> Path:
        fields = [GOOD | {"household_id": f"H{i}"} | row for i, row in enumerate(rows, start=1)]
        path = tmp_path / name
        frame = pd.DataFrame(fields).drop(columns=list(without))
        frame.to_csv(path, index=False, **options)
        return path

    return write


@pytest.fixture
def review():
    return dt.date(2022, 12, 31)
