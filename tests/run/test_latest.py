"""The newest period with data."""

import shutil
from pathlib import Path

import pytest

from giamngheo.intake.period import Period
from giamngheo.intake.template import write_workbook
from giamngheo.run.latest import NoDatedDataError, latest_period

ROOT = Path(__file__).parents[2]

OPENING = {"reviews": [{"date": "2023-12-31", "unit_code": "617", "households": 10}]}


def test_the_month_of_the_newest_row() -> None:
    assert latest_period(ROOT / "data", "tu-mo-rong") == Period(2023, 8)


def test_a_new_workbook_with_only_the_opening_stock_is_not_newer(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "tu-mo-rong", tmp_path / "tu-mo-rong")
    write_workbook(tmp_path / "tu-mo-rong" / "2024.xlsx", OPENING, year=2024)
    assert latest_period(tmp_path, "tu-mo-rong") == Period(2023, 8)


def test_no_data_at_all_is_said(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    write_workbook(tmp_path / "new" / "2024.xlsx", OPENING, year=2024)
    with pytest.raises(NoDatedDataError, match="new"):
        latest_period(tmp_path, "new")
