"""giamngheo status as a user or a scheduler runs it."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result

from giamngheo.cli import main
from giamngheo.workbook.write.template import write_workbook


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["status", *map(str, arguments)], catch_exceptions=False)


def test_a_unit_that_is_done_ends_with_0(report_folder: Path) -> None:
    done = run("--out", report_folder.parents[1])
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Kỳ 2023-08",
        "Đơn vị      Còn thiếu  Lỗi  Cảnh báo  Báo cáo",
        "tu-mo-rong          0    0         5  mới",
        "1 đơn vị: 1 xong, 0 thiếu số liệu, 0 có lỗi; báo cáo: 1 mới, 0 chưa lập, 0 cần lập lại.",
    ]


def test_what_is_lacking_stands_below_its_unit_and_ends_with_1(tmp_path: Path) -> None:
    done = run("tu-mo-rong", "2023-09", "--out", tmp_path)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[2:] == [
        "tu-mo-rong          1    0         6  chưa lập",
        "    thiếu giải ngân chốt từ 01/09/2023 đến 30/09/2023",
        "    chưa có văn bản, hoạt động trong kỳ",
        "1 đơn vị: 0 xong, 1 thiếu số liệu, 0 có lỗi; báo cáo: 0 mới, 1 chưa lập, 0 cần lập lại.",
    ]
    assert list(tmp_path.iterdir()) == []


def test_programs_get_json(tmp_path: Path) -> None:
    (found,) = json.loads(run("tu-mo-rong", "2024-01", "--out", tmp_path, "--format", "json").stdout)
    assert found["lacks"] == {"workbook": "sổ tính 2024.xlsx"}
    assert (found["unit"], found["period"], found["errors"], found["ready"]) == ("tu-mo-rong", "2024-01", None, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2023-08", "2023-09"], "Chỉ ghi một kỳ (đang ghi 2023-08, 2023-09)"),
        (["2023-13"], "Kỳ báo cáo '2023-13' không đúng"),
        (["nowhere", "2023-08"], "Không có đơn vị 'nowhere'"),
    ],
)
def test_wrong_use_ends_with_2(words: list[str], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(("shut", "mode"), [("nam", 0), ("nam", 0o711), ("nam", 0o744), ("nam/2023.xlsx", 0)])
def test_a_unit_that_this_user_may_not_read_is_a_line_of_the_table(shut: str, mode: int) -> None:
    user = os.geteuid()
    with TemporaryDirectory() as name:  # those of pytest are root's alone
        Path(name).chmod(0o755)
        data = Path(name) / "data"
        for unit in ("bac", "nam"):
            (data / unit).mkdir(parents=True)
            write_workbook(data / unit / "2023.xlsx", {}, year=2023)
        words = ("2023-08", "--data", data, "--out", Path(name) / "outputs")
        run(*words)  # loads what the other user may not read either
        (data / shut).chmod(mode)
        try:
            if user == 0:
                os.seteuid(65534)  # root may read everything
            done = run(*words)
        finally:
            os.seteuid(user)
            (data / shut).chmod(0o755)
    assert (done.exit_code, done.stderr) == (1, "")
    assert "\nbac  " in done.stdout
    table = done.stdout.splitlines()
    at = next(number for number, line in enumerate(table) if line.startswith("nam"))
    assert table[at].split() == ["nam", "0", "–", "–", "chưa", "lập"]
    assert table[at + 1].startswith(f"    Không đọc được {data / shut}")
    assert ": không có quyền." in table[at + 1]


@pytest.mark.skipif(os.name != "posix", reason="names of POSIX")
def test_a_folder_whose_name_cannot_be_printed_stops_no_other_unit(tmp_path: Path) -> None:
    for unit in ("nam", "x\nnam  0  0  0  mới"):
        (tmp_path / "data" / unit).mkdir(parents=True)
        (tmp_path / "data" / unit / "2023.xlsx").write_text("none")
    done = run("2023-08", "--data", tmp_path / "data", "--out", tmp_path / "outputs")
    assert done.exit_code == 1
    assert [line.split("  ")[0] for line in done.stdout.splitlines() if line.endswith("chưa lập")] == [
        "nam",
        [r"'x\nnam", r"0", r"0", r"0", r"mới'"][0],
    ]
