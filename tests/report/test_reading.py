"""Facts read from the workbooks of a unit."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from giamngheo.core.errors import UnreadableError
from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.regulation.lookup import BrokenRuleError
from giamngheo.report import monthly
from tests.hindered import HINDRANCES
from tests.report.monthly.changed import DATA, said


def test_an_unreadable_workbook_of_the_year_before_is_said(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA / "demo" / "ngan-ha", tmp_path / "ngan-ha"))
    (folder / "2023.xlsx").write_bytes(b"PK not a workbook")
    with pytest.raises(InvalidWorkbookError, match=r"2023\.xlsx"):
        monthly.facts("ngan-ha", "2024-08", str(tmp_path))


@pytest.mark.parametrize("hinder", HINDRANCES)
def test_a_year_before_that_cannot_be_read_is_not_taken_for_none(
    hinder: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(DATA / "demo" / "ngan-ha", tmp_path / "ngan-ha"))
    (folder / "2023.xlsx").unlink()
    hinder(folder / "2023.xlsx")
    with pytest.raises(UnreadableError, match=r"2023\.xlsx"):
        monthly.facts("ngan-ha", "2024-08", str(tmp_path))


def test_without_the_workbook_of_the_year_before_nothing_is_said_of_that_year(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA / "demo" / "ngan-ha", tmp_path / "ngan-ha"))
    (folder / "2023.xlsx").unlink()
    facts = monthly.facts("ngan-ha", "2024-08", str(tmp_path))
    assert "cùng kỳ" not in said(monthly.poverty_change(facts))
    assert "Cùng kỳ" not in said(monthly.disbursement_change(facts))
    assert "Năm 2023" not in monthly.months_figure(facts).alt


def test_what_cannot_be_read_is_said_again_of_the_same_workbook_elsewhere(tmp_path: Path) -> None:
    for name in ("first", "second"):
        folder = tmp_path / name
        shutil.copytree(DATA / "demo" / "ngan-ha", folder / "ngan-ha")
        (folder / "regulation").mkdir()
        (folder / "regulation" / "x.toml").touch()
        with pytest.raises(BrokenRuleError, match=r"regulation/x\.toml"):
            monthly.facts("ngan-ha", "2024-08", str(folder))
        shutil.rmtree(folder)


def test_a_file_of_the_law_under_another_name_is_another_law(tmp_path: Path) -> None:
    shutil.copytree(DATA / "demo" / "ngan-ha", tmp_path / "ngan-ha")
    (tmp_path / "regulation").mkdir()
    law = tmp_path / "regulation" / "poverty.toml"
    law.write_text("[income_line]\n", "utf-8")
    monthly.facts("ngan-ha", "2024-08", str(tmp_path))
    law.rename(law.with_name("programme.toml"))
    with pytest.raises(BrokenRuleError, match="income_line"):
        monthly.facts("ngan-ha", "2024-08", str(tmp_path))
