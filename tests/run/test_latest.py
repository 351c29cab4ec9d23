"""The newest period with data."""

import os
import shutil
from pathlib import Path

import pytest

from giamngheo.core.errors import UnreadableError
from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.core.period import Period
from giamngheo.run.latest import NoDatedDataError, latest_month
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.write.template import write_workbook

ROOT = Path(__file__).parents[2]

OPENING = {"reviews": [{"date": "2023-12-31", "unit_code": "617", "households": 10}]}


def reviewed(month: int, *, year: int = 2023) -> dict[str, list[dict[str, object]]]:
    """Rows of a workbook whose newest is a review of a month."""
    return {"reviews": [{"date": f"{year}-{month:02}-20", "unit_code": "617", "households": 10}]}


def test_the_month_of_the_newest_row() -> None:
    assert latest_month(ROOT / "data", "tu-mo-rong") == Period(2023, 8)


def test_a_new_workbook_with_only_the_opening_stock_is_not_newer(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "tu-mo-rong", tmp_path / "tu-mo-rong")
    write_workbook(tmp_path / "tu-mo-rong" / "2024.xlsx", OPENING, year=2024)
    assert latest_month(tmp_path, "tu-mo-rong") == Period(2023, 8)


def test_each_unit_has_its_own_newest_month(tmp_path: Path) -> None:
    for unit in ("dong", "nam", "tay"):
        (tmp_path / unit).mkdir()
        write_workbook(tmp_path / unit / "2023.xlsx", reviewed(3), year=2023)
    write_workbook(tmp_path / "nam" / "2024.xlsx", {}, year=2024)
    write_workbook(tmp_path / "tay" / "2024.xlsx", reviewed(5, year=2024), year=2024)
    newest = {unit: latest_month(tmp_path, unit) for unit in ("dong", "nam", "tay")}
    assert newest == {"dong": Period(2023, 3), "nam": Period(2023, 3), "tay": Period(2024, 5)}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"<html>a page saved as a workbook</html>"])
def test_a_damaged_newest_workbook_is_said_and_no_older_month_taken_for_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "nam").mkdir()
    write_workbook(tmp_path / "nam" / "2023.xlsx", reviewed(3), year=2023)
    (tmp_path / "nam" / "2024.xlsx").write_bytes(content)
    with pytest.raises(InvalidWorkbookError, match=r"2024\.xlsx"):
        latest_month(tmp_path, "nam")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_workbook_that_this_user_may_not_read_is_said(tmp_path: Path) -> None:
    book = tmp_path / "nam" / "2023.xlsx"
    book.parent.mkdir()
    tmp_path.chmod(0o755)
    write_workbook(book, reviewed(3), year=2023)
    book.chmod(0)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)  # root may read everything
        with pytest.raises(UnreadableError, match=r"(2023\.xlsx|regulation): không có quyền\. Kiểm tra quyền đọc"):
            reading(book, "nam", 2023)
    finally:
        os.seteuid(user)


def test_no_data_at_all_is_said(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    write_workbook(tmp_path / "new" / "2024.xlsx", OPENING, year=2024)
    with pytest.raises(NoDatedDataError, match="new"):
        latest_month(tmp_path, "new")
