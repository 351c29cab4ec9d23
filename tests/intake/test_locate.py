"""Workbooks are found where people keep them; what cannot be read is said, and hides nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from giamngheo.intake.locate import (
    NoWorkbookError,
    UnknownUnitError,
    UnreadableError,
    units,
    workbook_path,
    workbook_paths,
)
from giamngheo.intake.period import Period


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two units, and what is none."""
    for name in (
        "nam/2023.xlsx",
        "nam/2022.xlsx",
        "nam/notes.xlsx",
        "dong/2023.xlsx",
        "letters/2023.docx",
        "2023.xlsx",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def locked(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A unit's folder that belongs to somebody else, also for root, who may read everything."""
    folder, iterdir = data / "nam", Path.iterdir

    def refused(path: Path) -> Iterator[Path]:
        if path == folder:
            raise PermissionError(13, "Permission denied")
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", refused)
    return folder


def test_units_are_the_folders_that_hold_workbooks(data: Path) -> None:
    assert units(data) == ["dong", "nam"]
    assert workbook_paths(data, "nam") == [data / "nam" / "2022.xlsx", data / "nam" / "2023.xlsx"]


def test_a_unit_or_year_that_is_not_there_is_said_with_those_that_are(data: Path) -> None:
    with pytest.raises(UnknownUnitError, match=r"'bac'.*dong, nam"):
        workbook_paths(data, "bac")
    with pytest.raises(NoWorkbookError, match=r"2024-01.*2022, 2023"):
        workbook_path(data, "nam", Period(2024, 1))


def test_a_folder_that_cannot_be_read_is_a_unit_of_which_that_is_said(data: Path, locked: Path) -> None:
    assert units(data) == ["dong", "nam"]
    assert workbook_path(data, "dong", Period(2023, 1)) == data / "dong" / "2023.xlsx"
    with pytest.raises(UnreadableError, match=r"nam: không có quyền.*quyền đọc"):
        workbook_path(data, "nam", Period(2023, 1))


def test_data_that_is_no_folder_is_said(data: Path) -> None:
    with pytest.raises(UnreadableError, match="Không đọc được"):
        units(data / "2023.xlsx")
