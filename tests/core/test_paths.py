"""Workbooks are found where people keep them; what cannot be read is said, and hides nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from giamngheo.core.paths import (
    HiddenUnitError,
    MisnamedWorkbookError,
    NoFolderError,
    NotAFolderError,
    NoWorkbookError,
    ReservedNameError,
    UnknownUnitError,
    UnprintableNameError,
    UnreadableError,
    beside,
    located,
    units,
    workbook_path,
    workbook_paths,
)
from giamngheo.core.period import Period


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


def test_a_link_to_a_folder_that_is_gone_is_a_unit_of_which_that_is_said(data: Path) -> None:
    for name in ("xa-e", "notes.docx"):
        (data / name).symlink_to(data / "not mounted")
    assert units(data) == ["dong", "nam", "xa-e"], "the ending of the other tells that it was to a file"
    with pytest.raises(UnreadableError, match="xa-e"):
        workbook_path(data, "xa-e", Period(2023, 1))


def test_data_that_is_no_folder_is_said(data: Path) -> None:
    with pytest.raises(NotAFolderError, match="là tệp, không phải thư mục"):
        units(data / "2023.xlsx")


def refusal_of(name: str, data: Path) -> str:
    """What is said of the unit "tay", which has nothing but a file of a name; "nam" has it beside its workbooks."""
    (data / "tay").mkdir()
    for folder in ("tay", "nam"):
        (data / folder / name).touch()
    assert "tay" in units(data)
    with pytest.raises(MisnamedWorkbookError) as refused:
        workbook_paths(data, "tay")
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("2024.xls", "'2024.xls': mở bằng Excel, lưu dạng Excel Workbook (.xlsx) với tên 2024.xlsx"),
        ("2024.ods", "'2024.ods': mở bằng Excel, lưu dạng Excel Workbook (.xlsx) với tên 2024.xlsx"),
        ("2024.xlsb", "với tên 2024.xlsx"),
        ("2024.xlsm", "với tên 2024.xlsx"),
        ("2024.csv", "với tên 2024.xlsx"),
        ("Sổ 2024.xlsx", "'Sổ 2024.xlsx': đổi tên thành 2024.xlsx"),
        ("2024 (1).xlsx", "'2024 (1).xlsx': đổi tên thành 2024.xlsx"),
        ("2024.XLSX", "'2024.XLSX': đổi tên thành 2024.xlsx"),
        ("~$2024.xlsx", "'~$2024.xlsx' là tệp tạm của Excel, không phải sổ"),
    ],
)
def test_a_workbook_by_a_wrong_name_is_told_its_right_one(name: str, told: str, data: Path) -> None:
    alone = refusal_of(name, data)
    with pytest.raises(MisnamedWorkbookError) as beside:
        workbook_path(data, "nam", Period(2024, 3))
    assert told in alone
    assert told in str(beside.value)
    assert workbook_path(data, "nam", Period(2023, 3)).name == "2023.xlsx"


@pytest.mark.parametrize(
    "name",
    [
        *("households-2023.csv", "households-2023.xlsx", "Households_2023 (1).CSV", "Copy of households-2023.xlsx"),
        *("Tệp hộ 2023.xls", "Danh sách hộ nghèo 2023.xlsx", "DS hộ 2023.ods"),
    ],
)
def test_a_list_of_households_is_never_to_be_a_workbook(name: str, data: Path) -> None:
    """Saved or renamed as the message said, it would lie in the place of the workbook."""
    alone = refusal_of(name, data)
    assert f"Trong thư mục: {name!r} có tên của tệp hộ, không phải sổ; giữ nguyên tên." in alone
    (data / "nam" / "2023.xlsx").unlink()
    for unit in ("tay", "nam"):
        with pytest.raises(NoWorkbookError, match=r"thiếu .*2023\.xlsx; các năm có: (chưa có năm nào|2022)"):
            workbook_path(data, unit, Period(2023, 3))


def test_a_list_of_households_beside_a_misnamed_workbook_is_not_offered(data: Path) -> None:
    (data / "tay").mkdir()
    for name in ("households-2023.csv", "Sổ 2023.xlsx", "units.csv", "disbursement_history.csv"):
        (data / "tay" / name).touch()
    with pytest.raises(MisnamedWorkbookError) as of_year:
        workbook_path(data, "tay", Period(2023, 3))
    assert str(of_year.value).endswith("Trong thư mục: 'Sổ 2023.xlsx': đổi tên thành 2023.xlsx.")
    with pytest.raises(MisnamedWorkbookError) as of_any:
        workbook_paths(data, "tay")
    assert "units.csv" not in str(of_any.value)
    assert "disbursement_history.csv" not in str(of_any.value)


@pytest.mark.parametrize("name", ["", " ", "x" * 5000, "a/" * 3000])
def test_a_name_that_no_folder_can_have_is_not_found(name: str, data: Path) -> None:
    with pytest.raises(NoFolderError):
        located(name)


def test_only_a_name_without_a_dot_is_looked_for_farther_off(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = data / "nam"
    monkeypatch.chdir(below)
    assert located(data.name) == data
    assert located(f"../../{data.name}").samefile(data)
    with pytest.raises(NoFolderError):
        located(f"./{data.name}")


@pytest.mark.parametrize("unit", ["", ".", "..", "../nam", "nam/", "a/b", "x" * 5000, "2023.xlsx"])
def test_a_unit_is_the_name_of_a_folder(unit: str, data: Path) -> None:
    with pytest.raises(UnknownUnitError):
        workbook_path(data, unit, Period(2023, 3))


@pytest.mark.parametrize("unit", ["published", "Published"])
def test_a_unit_is_not_called_as_the_folder_of_published_versions(unit: str, data: Path) -> None:
    """Its reports would be taken for versions of another unit's."""
    (data / unit).mkdir()
    (data / unit / "2023.xlsx").touch()
    with pytest.raises(ReservedNameError, match="đổi tên thư mục"):
        workbook_path(data, unit, Period(2023, 8))


def test_a_unit_is_not_hidden(data: Path) -> None:
    """No list and no verification would know its reports."""
    (data / ".nam").mkdir()
    (data / ".nam" / "2023.xlsx").touch()
    with pytest.raises(HiddenUnitError, match="dấu chấm là thư mục ẩn; đổi tên thư mục"):
        workbook_path(data, ".nam", Period(2023, 8))


@pytest.mark.skipif(os.name != "posix", reason="names of POSIX")
@pytest.mark.parametrize("unit", ["xa\nx: giống hệt từng byte.", "xa\x1b[31m", os.fsdecode(b"x\xffa"), "xa\u202e"])
def test_a_name_that_cannot_be_printed_is_refused_and_spelt_out(unit: str, data: Path) -> None:
    (data / unit).mkdir()
    (data / unit / "2023.xlsx").touch()
    with pytest.raises(UnprintableNameError) as raised:
        workbook_path(data, unit, Period(2023, 8))
    assert str(raised.value).isprintable()
    with pytest.raises(UnknownUnitError) as unknown:
        workbook_path(data, "no such", Period(2023, 8))
    assert str(unknown.value).isprintable()


def test_an_open_workbook_and_its_copies_are_told(data: Path) -> None:
    folder = data / "nam"
    for name in ("2023 (1).xlsx", "2023 - Copy.xlsx", "Copy of 2023.xlsx", "households-2023.csv", "~$2023.xlsx"):
        (folder / name).touch()
    is_open, copies = beside(folder / "2023.xlsx")
    assert is_open.endswith("đang mở ở Excel hoặc LibreOffice: phần chưa lưu không được đọc; lưu tệp rồi chạy lại.")
    assert copies.endswith("không được đọc: '2023 (1).xlsx', '2023 - Copy.xlsx', 'Copy of 2023.xlsx'.")
    assert beside(folder / "2022.xlsx") == []
