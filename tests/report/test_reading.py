"""Facts read from the workbooks of a unit."""

import shutil
from pathlib import Path

import pytest

from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.report import monthly
from tests.report.monthly.changed import DATA, said


def test_an_unreadable_workbook_of_the_year_before_is_said(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA / "demo" / "ngan-ha", tmp_path / "ngan-ha"))
    (folder / "2023.xlsx").write_bytes(b"PK not a workbook")
    with pytest.raises(InvalidWorkbookError, match=r"2023\.xlsx"):
        monthly.facts("ngan-ha", "2024-08", str(tmp_path))


def test_without_the_workbook_of_the_year_before_nothing_is_said_of_that_year(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA / "demo" / "ngan-ha", tmp_path / "ngan-ha"))
    (folder / "2023.xlsx").unlink()
    facts = monthly.facts("ngan-ha", "2024-08", str(tmp_path))
    assert "cùng kỳ" not in said(monthly.poverty_change(facts))
    assert "Cùng kỳ" not in said(monthly.disbursement_change(facts))
    assert "Năm 2023" not in monthly.months_figure(facts).alt
