"""giamngheo import as a user runs it."""

import os

import openpyxl
import pytest
from click.testing import CliRunner

from giamngheo.cli import main
from giamngheo.workbook.forms.plan import plan
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.write.template import write_workbook

UNITS = [
    {"code": "990", "name": "Sao Mai", "level": "district"},
    {"code": "991", "name": "Mỹ Lý", "level": "commune", "parent_code": "990"},
    {"code": "992", "name": "Đắk Hoà", "level": "commune", "parent_code": "990"},
]
FLOWS = {
    "nghèo": ("trở thành hộ cận nghèo", "vượt chuẩn cận nghèo", "Hộ cận nghèo trở thành hộ nghèo"),
    "cận nghèo": ("vượt chuẩn cận nghèo", "trở thành hộ nghèo", "Hộ nghèo trở thành hộ cận nghèo"),
}


def run(*arguments):
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def into(tmp_path):
    path = tmp_path / "sao-mai/2023.xlsx"
    path.parent.mkdir()
    write_workbook(path, {"form": [{"unit_code": "990"}], "units": UNITS}, year=2023)
    return path


@pytest.fixture
def forms(tmp_path):
    """Two flow forms whose columns (2) and (3) are the other way round."""
    paths = []
    for own, (second, third, taken) in FLOWS.items():
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append([f"DIỄN BIẾN HỘ {own.upper()} TRONG NĂM 2023"])
        heads = [f"Số hộ {own} đầu kỳ", f"Hộ {own} {second}", f"Hộ {own} {third}", "Giảm khác", taken]
        sheet.append(
            ["TT", "Đơn vị", *heads, f"Hộ tái {own}", f"Hộ {own} phát sinh mới", "Tăng khác", f"Số hộ {own} cuối kỳ"]
        )
        sheet.append([None, None, *(f"({n})" for n in range(1, 10))])
        sheet.append(["1", "Xã Mỹ Lý", 10, 2, 3, None, 1, 0, 4, None, 10])
        sheet.append(["2", "Xã Đăk Hòa", 20, 4, 6, 0, 2, 0, 8, 0, 20])
        paths.append(tmp_path / f"{own}.xlsx")
        book.save(paths[-1])
    return paths


def test_the_plan_is_shown_and_nothing_written_until_it_is_said(into, forms):
    before = into.read_bytes()
    done = run("import", *forms, "--into", into)

    assert done.exit_code == 0, done.output
    assert "cột D 'Hộ nghèo trở thành hộ cận nghèo' → '(2) Chuyển sang hộ cận nghèo, hộ'" in done.output
    assert "cột D 'Hộ cận nghèo vượt chuẩn cận nghèo' → '(3) Vượt chuẩn cận nghèo, hộ'" in done.output
    assert "Xã Đăk Hòa = 992" in done.output
    assert f"Chưa ghi gì: thêm --yes để ghi 32 số vào {into}." in done.output
    assert into.read_bytes() == before


def test_what_is_written_is_read_again_and_the_old_workbook_stays(into, forms):
    before = into.read_bytes()
    done = run("import", *forms, "--into", into, "--yes")

    assert done.exit_code == 0, done.output
    assert "Biến động hộ nghèo: thêm 2 dòng" in done.output
    assert into.with_name("2023.xlsx.bak").read_bytes() == before
    read = reading(into, "sao-mai", 2023).dataset
    near = read["near_poor_flows"].set_index("unit_code")
    assert near["left_above_households"].to_dict() == {"991": 2, "992": 4}
    assert near["left_to_other_class_households"].to_dict() == {"991": 3, "992": 6}
    assert near["other_decrease_households"].isna().to_dict() == {"991": True, "992": False}
    again = run("import", *forms, "--into", into, "--yes")
    assert again.output.endswith("Không có số nào mới để ghi.\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize(("mode", "is_told"), [(0o644, True), (0o664, False)])
def test_who_may_write_the_workbook_no_more_is_said(into, forms, mode, is_told):
    os.chown(into, 4711, -1)
    into.chmod(mode)
    done = run("import", *forms, "--into", into, "--yes")

    told = f"Lưu ý: {into} nay là của {into.owner()}; chủ cũ 4711 có thể không còn ghi được, cần thì cho nhóm ghi"
    assert (told in done.output) is is_told
    again = run("import", *forms, "--into", into, "--yes", "--replace")
    assert "chủ cũ" not in again.output


def test_what_is_saved_before_the_plan_is_written_is_not_written_over(into, forms, monkeypatch):
    def planned(*given, **options):
        found = plan(*given, **options)
        book = openpyxl.load_workbook(into)
        book["Đơn vị"]["A1"].value = "ghi thêm"
        book.save(into)
        return found

    monkeypatch.setattr("giamngheo.cli.import_.plan", planned)
    done = run("import", *forms, "--into", into, "--yes")

    assert done.exit_code == 1
    assert "sổ vừa được lưu từ chỗ khác. Chưa ghi gì" in done.output
    assert openpyxl.load_workbook(into)["Đơn vị"]["A1"].value == "ghi thêm"


def test_a_figure_that_differs_stays_unless_it_is_to_be_replaced(into, forms):
    run("import", *forms, "--into", into, "--yes")
    book = openpyxl.load_workbook(forms[0])
    book.active["C4"] = 11
    book.save(forms[0])

    kept = run("import", *forms, "--into", into, "--yes")
    assert kept.exit_code == 1
    assert "giữ nguyên; --replace để ghi đè" in kept.output
    replaced = run("import", *forms, "--into", into, "--yes", "--replace")
    assert replaced.exit_code == 0, replaced.output
    flows = reading(into, "sao-mai", 2023).dataset["poor_flows"].set_index("unit_code")
    assert flows["opening_households"]["991"] == 11


def test_all_problems_are_told_at_once_and_nothing_is_written(into, forms, tmp_path):
    book = openpyxl.load_workbook(forms[0])
    book.active["B4"], book.active["C5"] = "Xã Lạ", "mười"
    book.save(forms[0])
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    before = into.read_bytes()
    done = run("import", *forms, tmp_path / "x.pdf", "--into", into, "--yes")

    assert done.exit_code == 1
    assert done.output.count("LỖI ") == 3
    assert "không có 'Xã Lạ'" in done.output
    assert "ô C5: có 'mười'" in done.output
    assert "Chưa ghi gì vào sổ: 3 chỗ phải sửa hoặc trả lời trước." in done.output
    assert into.read_bytes() == before
    answered = run("import", forms[1], "--into", into, "--unit", "Xã Mỹ Lý=-", "--yes")
    assert answered.exit_code == 0, answered.output
    assert "dòng bỏ qua: Xã Mỹ Lý" in answered.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--unit", "Xã Mỹ Lý"), "ghi ví dụ"),
        (("--date", "31/13/2023"), "--date '31/13/2023' không đúng"),
    ],
)
def test_a_malformed_answer_is_wrong_use(into, forms, options, words):
    done = run("import", *forms, "--into", into, *options)
    assert done.exit_code == 2
    assert words in done.output
