"""giamngheo new, validate and collect as a user runs them."""

import datetime as dt
import errno
import json
import os
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from giamngheo.checks.consistency import findings
from giamngheo.cli import main
from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.regulation.units import unit
from giamngheo.report.monthly import annex, record
from giamngheo.report.reading import facts
from giamngheo.workbook.collect import collected
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.write.fill import fill_workbook

DATA = Path(__file__).parents[2] / "data"
COMMUNES_2024 = ["23404", "23407", "23410", "23413", "23416", "23417", "23419", "23422", "23425", "23446", "23449"]


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return invoked


def invoked(*arguments):
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def type_in(path, sheet, **cells):
    book = openpyxl.load_workbook(path)
    for reference, value in cells.items():
        book[sheet][reference] = value
    book.save(path)


def test_a_new_workbook_knows_the_unit_and_its_communes(run, tmp_path):
    (tmp_path / "data").mkdir()
    assert run("new", "tu-mo-rong", "2024").exit_code == 0

    found = reading(tmp_path / "data/tu-mo-rong/2024.xlsx", "tu-mo-rong", 2024)

    assert found.dataset.form["unit_code"] == "617"
    assert len(found.dataset["units"]) == 1 + 1 + 11
    assert found.findings == (), "the form and the recipients are filled in"


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("tu-mo-rong", "Đã ghi sẵn huyện Tu Mơ Rông (mã 617) và 11 đơn vị trực thuộc"),
        (
            "van-xuoi",
            "Đã ghi sẵn xã Văn Xuôi (mã 23449); cơ quan và nơi nhận ghi theo cấp của đơn vị.",
        ),
        ("sao-mai", "Danh mục không có đơn vị 'sao-mai': ghi mã, tên của đơn vị và các xã"),
    ],
)
def test_which_unit_a_new_workbook_is_of_is_said(run, tmp_path, folder, told):
    (tmp_path / "data").mkdir()
    where, said = run("new", folder, "2024").output.splitlines()

    assert where.endswith(f"{folder}/2024.xlsx")
    assert said.startswith(told)


@pytest.mark.parametrize(
    ("typed", "year", "code", "listed", "told"),
    [
        (
            "Tu Mơ Rông",
            2026,
            "23425",
            ["23422", "23425", "23425", "51", "617"],
            "xã Tu Mơ Rông (mã 23425), 2 đơn vị cũ cho các ngày trước khi sáp nhập;",
        ),
        (
            "tu-mo-rong",
            2025,
            "617",
            ["62", "617", *COMMUNES_2024],
            "huyện Tu Mơ Rông (mã 617) và 11 đơn vị trực thuộc",
        ),
        (
            "tu-mo-rong",
            2025,
            "23425",
            ["23422", "23425", "23425", "51", "617"],
            "xã Tu Mơ Rông (mã 23425), 2 đơn vị cũ",
        ),
    ],
)
def test_a_new_workbook_has_all_units_with_their_days(run, tmp_path, typed, year, code, listed, told):
    (tmp_path / "data").mkdir()
    done = run("new", typed, str(year), *(["--code", code] if year == 2025 else []))
    assert done.exit_code == 0, done.output
    assert told in done.output

    found = reading(tmp_path / f"data/tu-mo-rong/{year}.xlsx", "tu-mo-rong", year)
    units = found.dataset["units"]
    assert sorted(units["code"]) == sorted(listed)
    assert found.findings == (), "the form and the recipients are filled in"
    for _, row in units.iterrows():
        own = unit(row["code"], on=row["valid_to"].date() if pd.notna(row["valid_to"]) else dt.date(year, 12, 31))
        assert pd.isna(row["valid_from"]) == (own.begins <= dt.date(year - 2, 12, 31))
        assert own.name == row["name"]


def test_a_province_of_the_year_of_the_merger_has_the_units_of_both_halves(run, tmp_path):
    (tmp_path / "data").mkdir()
    assert "và 109 đơn vị trực thuộc" in run("new", "quang-ngai", "2025", "--code", "51").output, (
        "13 districts, then 96 communes"
    )
    found = reading(tmp_path / "data/quang-ngai/2025.xlsx", "quang-ngai", 2025)

    assert len(found.dataset["units"]) == (1 + 13 + 170) + (1 + 10 + 102) + (1 + 96)
    assert found.findings == ()


def test_where_several_units_have_the_name_they_are_offered(run, tmp_path):
    (tmp_path / "data").mkdir()
    done = run("new", "tu-mo-rong", "2025")

    assert done.exit_code == 2
    assert "Năm 2025 có 2 đơn vị tên 'tu-mo-rong':" in done.output
    assert "  617  huyện Tu Mơ Rông, tỉnh Kon Tum (đến hết 30/06/2025)" in done.output
    assert "  23425  xã Tu Mơ Rông, tỉnh Quảng Ngãi (từ 01/07/2025)" in done.output
    assert "ví dụ giamngheo new tu-mo-rong 2025 --code 617" in done.output
    assert not list((tmp_path / "data").iterdir())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--code", "617"], "không có đơn vị mã '617' trong năm 2026 (từ ngày 01/07/2025 đã sáp nhập vào 23416,"),
        (["--code", "99999"], "không có đơn vị mã '99999' trong năm 2026;"),
        (["--code", "23425", "--for-communes"], "--code không dùng cùng --for-communes"),
    ],
)
def test_a_code_that_says_no_unit_is_refused(run, options, told):
    done = run("new", "tu-mo-rong", "2026", *options)
    assert done.exit_code == 2
    assert told in done.output


def test_a_unit_that_is_no_more_gets_no_workbook(run, tmp_path):
    (tmp_path / "data").mkdir()
    done = run("new", "huyện Tu Mơ Rông", "2026")
    assert done.exit_code == 2
    assert "huyện Tu Mơ Rông (mã 617) chỉ có đến hết ngày 30/06/2025" in done.output
    assert "23416, 23419, 23425, 23446" in done.output
    assert not list((tmp_path / "data").iterdir())


def test_nothing_is_written_over(run, tmp_path):
    (tmp_path / "data").mkdir()
    run("new", "tu-mo-rong", "2024")
    again = run("new", "tu-mo-rong", "2024")

    assert again.exit_code == 1
    assert "không ghi đè" in again.output


@pytest.mark.parametrize("unit", ["../x", "Tu_Mơ_Rông", "a/b", "-x"])
def test_a_unit_is_the_name_of_a_folder(run, unit):
    done = run("new", "--", unit, "2024")
    assert done.exit_code == 2
    assert "ghi chữ thường không dấu" in done.output


def test_the_year_before_hands_over_its_stocks_units_and_form(run, tmp_path):
    (tmp_path / "data").mkdir()
    run("new", "ngan-ha", "2025", "--from", DATA / "demo/ngan-ha/2024.xlsx")
    before = reading(DATA / "demo/ngan-ha/2024.xlsx", "ngan-ha", 2024).dataset
    after = reading(tmp_path / "data/ngan-ha/2025.xlsx", "ngan-ha", 2025).dataset

    assert after.form == before.form
    closing = before["reviews"].query("date == '2024-12-31'").set_index("unit_code")["poor_households"]
    opening = after["poor_flows"].query("date == '2025-12-31'").set_index("unit_code")["opening_households"]
    assert opening.to_dict() == closing.to_dict()
    assert (after["capital"]["fund_year"] <= 2024).all()
    assert (
        after["capital"]["note"]
        .str.fullmatch(r"Chuyển nguồn từ năm 2024: giao [\d.]+ đồng, (dự án )?đã giải ngân .+")
        .all()
    )
    assert after["disbursements"].empty
    assert after["tasks"]["text"].tolist() == before["tasks"]["text"].tolist()


def test_validate_tells_everything_and_ends_with_1_on_errors(run, tmp_path):
    (tmp_path / "data").mkdir()
    run("new", "tu-mo-rong", "2024")
    type_in(tmp_path / "data/tu-mo-rong/2024.xlsx", "Thể thức", B6=None)
    done = run("validate", "tu-mo-rong")

    assert done.exit_code == 1
    assert "LỖI [blank-cell] 2024.xlsx, trang 'Thể thức', ô B6" in done.output
    assert "Cần: 'Cơ quan chủ quản', không được để trống" in done.output
    assert "Chưa lập được báo cáo khi còn lỗi." in done.output


def test_validate_speaks_english_and_json(run):
    done = run("validate", "tu-mo-rong", "2023-08", "--data", DATA, "--lang", "en", "--format", "json")
    findings = json.loads(done.output)

    assert done.exit_code == 0
    assert {finding["severity"] for finding in findings} == {"warning", "info"}
    first = findings[0]
    assert first["code"] == "unexplained-flow"
    assert "an increase of 55 is not explained" in first["found"]
    assert first["ground"] == "Decision 24/2021/QĐ-TTg"


def test_the_clean_real_workbook_has_the_warnings_it_deserves_and_no_error(run):
    findings = json.loads(run("validate", "tu-mo-rong", "--data", DATA, "--format", "json").output)

    assert sorted(finding["code"] for finding in findings if finding["severity"] == "warning") == [
        "undated-capital",
        "undated-document",
        "unexplained-flow",
        "unexplained-flow",
        "unsplit-disbursement",
    ]


def test_the_annotated_copy_has_the_finding_at_its_cell_and_on_its_first_sheet(run, tmp_path):
    copy = tmp_path / "copy.xlsx"
    run("validate", "tu-mo-rong", "2023-08", "--data", DATA, "--annotate", copy)
    book = openpyxl.load_workbook(copy)
    summary, flows = book["Kết quả kiểm tra"], book["Biến động hộ nghèo"]
    cell = next(row[3].value for row in summary.iter_rows(min_row=2) if row[2].value == "Biến động hộ nghèo")

    assert flows[cell].fill.fgColor.rgb.endswith("FFEB9C")
    assert flows[cell].comment.text.startswith("CẢNH BÁO unexplained-flow\nnăm 2022 hộ nghèo: đầu kỳ 3.546")
    assert book.sheetnames[0] == "Kết quả kiểm tra"


@pytest.fixture
def to_explain(run, tmp_path):
    """The workbook of Tu Mơ Rông, which was made before there was a sheet of explanations, with the rows to fill in."""
    shutil.copytree(DATA / "tu-mo-rong", tmp_path / "data/tu-mo-rong")
    done = run("validate", "tu-mo-rong", "2023-08", "--explain")
    assert "trang 'Giải trình': ghi 2 dòng chờ giải trình" in done.stderr
    return tmp_path / "data/tu-mo-rong/2023.xlsx"


def explain(path, row, why):
    type_in(path, "Giải trình", **{f"I{row}": why, f"J{row}": "Ông A", f"K{row}": dt.date(2023, 1, 5)})


def test_the_rows_to_explain_are_written_and_the_old_workbook_stays(to_explain):
    sheet = openpyxl.load_workbook(to_explain)["Giải trình"]
    place = ["unexplained-flow", "Biến động hộ nghèo", "(7) Phát sinh mới, hộ", dt.datetime(2022, 12, 31)]  # noqa: DTZ001
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=4)]
    assert rows[0][:7] == [*place, "617", None, "3546; 742; 2859; 55"]
    assert rows[0][7].startswith("năm 2022 hộ nghèo: đầu kỳ 3.546, thoát 742")
    assert rows[1][6] == "550; 228; 432; 110"
    assert not any(rows[2])
    assert to_explain.with_name("2023.xlsx.bak").read_bytes() == (DATA / "tu-mo-rong/2023.xlsx").read_bytes()


def test_what_was_explained_is_counted_apart_and_printed_with_its_explanation(run, to_explain):
    explain(to_explain, 2, "Theo *biểu* của huyện.")
    entries = json.loads(run("validate", "tu-mo-rong", "2023-08", "--format", "json").stdout)
    told = run("validate", "tu-mo-rong", "2023-08", "--explain")

    assert "; 1 mâu thuẫn đã giải trình" in told.stdout.splitlines()[0]
    assert "  Giải trình: Theo *biểu* của huyện (Ông A quyết định ngày 05/01/2023)" in told.stdout
    assert "các dòng chờ giải trình đã có sẵn" in told.stderr
    assert openpyxl.load_workbook(to_explain)["Giải trình"]["I2"].value == "Theo *biểu* của huyện."
    (entry,) = (one for one in entries if one["severity"] == "explained")
    assert (entry["explanation"], entry["by"], entry["on"]) == ("Theo *biểu* của huyện.", "Ông A", "2023-01-05")
    report = facts("tu-mo-rong", "2023-08")
    printed = annex(report).markdown
    assert "Giải trình: Theo \\*biểu\\* của huyện \\(Ông A quyết định" in printed
    assert printed.count("còn 55 hộ tăng chưa được giải thích") == 1
    kept = [finding for finding in record(report).findings if finding["severity"] == "explained"]
    assert [(one["code"], one["explanation"], one["by"], one["on"]) for one in kept] == [
        ("unexplained-flow", "Theo *biểu* của huyện.", "Ông A", "2023-01-05")
    ]
    assert annex(facts("tu-mo-rong", "2023-08", audience="public")).markdown == ""


def test_the_copy_never_takes_the_place_of_the_workbook(run):
    done = run("validate", "tu-mo-rong", "2023-08", "--data", DATA, "--annotate", DATA / "tu-mo-rong/2023.xlsx")
    assert done.exit_code == 2
    assert "đó chính là sổ tính gốc" in done.output


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """The data folder of a district of two communes with the workbooks that they are to fill in."""
    data = tmp_path_factory.mktemp("empty") / "data"
    data.mkdir()
    invoked("new", "mau", "2023", "--data", data)
    path = data / "mau/2023.xlsx"
    form = {f"B{row}": text for row, text in zip(range(5, 13), ["990", *"ABCDEFG"], strict=True)}
    type_in(path, "Thể thức", **form)
    units = (("990", "Mẫu", "Huyện", None), ("991", "Một", "Xã", "990"), ("992", "Hai", "Xã", "990"))
    cells = {
        f"{column}{row}": value for row, unit in enumerate(units, 5) for column, value in zip("ABCD", unit, strict=True)
    }
    type_in(path, "Đơn vị", **cells)
    assert invoked("new", "mau", "2023", "--for-communes", "--data", data).exit_code == 0
    return data


@pytest.fixture
def communes(empty, tmp_path):
    """The workbook of a district of two communes and those that they are to fill in."""
    folder = shutil.copytree(empty, tmp_path / "data") / "mau"
    return folder / "2023.xlsx", folder / "2023-xa/991-mot.xlsx", folder / "2023-xa/992-hai.xlsx"


def test_communes_are_put_together_and_who_is_missing_is_told(run, communes):
    path, one, two = communes
    type_in(one, "Rà soát", C5=100, F5=40, I5=20)

    done = run("collect", one, two, "--into", path)

    assert done.exit_code == 0, "the second is not filled in, which is no error"
    assert "Chưa có số liệu của: 992 Hai." in done.output
    assert "Rà soát: thêm 1 dòng, cập nhật 0 dòng." in done.output
    type_in(two, "Rà soát", C5=200, F5=80, I5=44)
    done = run("collect", two, "--into", path)
    assert reading(path, "mau", 2023).dataset["reviews"]["households"].tolist() == [100, 200]
    assert path.with_suffix(".xlsx.bak").exists()
    assert path.with_suffix(".xlsx.bak2").exists()


def test_a_commune_whose_villages_are_all_there_is_not_missing(run, communes):
    """A commune sends the rows of the villages that it collected; those that it has not heard of are missing."""
    path, one, _ = communes
    for file in (path, one):
        for row, village in enumerate(("9911", "9912"), 20):
            type_in(file, "Đơn vị", **{f"A{row}": village, f"B{row}": f"Thôn {village[3]}", f"C{row}": "Thôn"})
            type_in(file, "Đơn vị", **{f"D{row}": "991"})
    type_in(one, "Rà soát", B5="9911", C5=60, F5=20, I5=10)
    assert "Chưa có số liệu của: 9912 Thôn 2, 992 Hai." in run("collect", one, "--into", path).output
    type_in(one, "Rà soát", A6=dt.datetime(2023, 12, 31), B6="9912", C6=40, F6=20, I6=10)  # noqa: DTZ001
    assert "Chưa có số liệu của: 992 Hai." in run("collect", one, "--into", path).output


def test_what_another_put_there_meanwhile_is_not_written_over(run, communes, monkeypatch):
    path, one, _ = communes
    type_in(one, "Rà soát", C5=100, F5=40, I5=20)

    def put_together(*given, **options):
        found = collected(*given, **options)
        type_in(path, "Rà soát", A5="31/12/2023", B5="991", C5=99)
        return found

    monkeypatch.setattr("giamngheo.cli.collect.collected", put_together)
    done = run("collect", one, "--into", path)

    assert done.exit_code == 1
    assert "sổ vừa được lưu từ chỗ khác. Chưa ghi gì" in done.output
    assert reading(path, "mau", 2023).dataset["reviews"]["households"].tolist() == [99]


def test_what_the_workbook_has_is_written_over_only_when_asked(run, communes):
    path, one, _ = communes
    type_in(one, "Rà soát", C5=100, F5=40, I5=20)
    run("collect", one, "--into", path)
    type_in(one, "Rà soát", F5=41)

    kept = run("collect", one, "--into", path)

    assert kept.exit_code == 1
    told = "CẢNH BÁO [differs-from-workbook] 991-mot.xlsx, trang 'Rà soát', ô F5: ghi '41', còn ở 2023.xlsx"
    assert told in kept.output
    assert reading(path, "mau", 2023).dataset["reviews"]["poor_households"].tolist() == [40]
    assert run("collect", one, "--into", path, "--replace").exit_code == 0
    assert reading(path, "mau", 2023).dataset["reviews"]["poor_households"].tolist() == [41]


def test_a_row_that_differs_in_every_column_is_told_once(run, communes):
    path, one, _ = communes
    columns = "CDEFGHIJK"
    type_in(one, "Rà soát", **{f"{column}5": 90 - number for number, column in enumerate(columns)})
    run("collect", one, "--into", path)
    type_in(one, "Rà soát", **{f"{column}5": 80 - number for number, column in enumerate(columns)})
    told = run("collect", one, "--into", path, "--replace").output
    assert told.count("differs-from-workbook") == 1
    assert "ghi '80', còn ở 2023.xlsx, trang 'Rà soát', ô C5 ghi '90' (và 8 ô nữa: D5" in told


def test_two_files_that_contradict_each_other_keep_everything_out(run, communes, tmp_path):
    path, one, _ = communes
    type_in(one, "Rà soát", C5=100, F5=40, I5=20)
    again = tmp_path / "991 (2).xlsx"
    again.write_bytes(one.read_bytes())
    before = path.read_bytes()

    assert "LƯU Ý [sent-twice] 991 (2).xlsx" in run("collect", one, again, "--into", path, "--replace").output
    path.write_bytes(before)
    type_in(again, "Rà soát", F5=45)
    done = run("collect", one, again, "--into", path)

    assert done.exit_code == 1
    told = "LỖI [contradiction] 991 (2).xlsx, trang 'Rà soát', ô F5: ghi '45', còn ở 991-mot.xlsx"
    assert told in done.output
    assert "trang 'Rà soát', ô F5 ghi '40'; cần hai số như nhau" in done.output
    assert path.read_bytes() == before


@pytest.mark.parametrize("is_first", [True, False])
def test_parts_of_a_row_in_two_files_are_both_written(run, communes, tmp_path, is_first):
    path, one, _ = communes
    again = tmp_path / "991 (2).xlsx"
    again.write_bytes(one.read_bytes())
    type_in(one, "Rà soát", C5=100, F5=40)
    type_in(again, "Rà soát", C5=100, I5=20)
    files = (one, again) if is_first else (again, one)

    done = run("collect", *files, "--into", path)

    column = "Hộ cận nghèo" if is_first else "Hộ nghèo"
    assert done.exit_code == 0, done.output
    assert f"LƯU Ý [sent-in-parts] {files[1].name}, trang 'Rà soát', ô {'I' if is_first else 'F'}5" in done.output
    assert f"dòng này có cả trong {files[0].name}, ở đó chưa có '{column}'" in done.output
    found = reading(path, "mau", 2023).dataset["reviews"]
    figures = ["households", "poor_households", "near_poor_households"]
    assert found[figures].to_numpy().tolist() == [[100, 40, 20]]


FLOWS = "Biến động hộ nghèo"
LAST_DAY = dt.datetime(2023, 12, 31)  # noqa: DTZ001


@pytest.mark.parametrize("is_first", [True, False])
def test_the_opening_of_a_flow_is_a_figure_like_others(run, communes, tmp_path, is_first):
    path, one, _ = communes
    again = tmp_path / "991 (2).xlsx"
    again.write_bytes(one.read_bytes())
    type_in(one, FLOWS, A5=LAST_DAY, B5="991", C5=None, D5=10)
    type_in(again, FLOWS, A5=LAST_DAY, B5="991", C5=90, J5=3, L5=83)
    files = (one, again) if is_first else (again, one)
    assert run("collect", *files, "--into", path).exit_code == 0
    figures = ["opening_households", "left_households", "new_households", "closing_households"]
    found = reading(path, "mau", 2023).dataset["poor_flows"].query("unit_code == '991'")
    assert found[figures].to_numpy().tolist() == [[90, 10, 3, 83]]

    type_in(one, FLOWS, C5=70)
    before = path.read_bytes()
    done = run("collect", *files, "--into", path)
    assert (done.exit_code, "[contradiction]" in done.output, path.read_bytes()) == (1, True, before)
    done = run("collect", one, "--into", path)
    assert "CẢNH BÁO [differs-from-workbook] 991-mot.xlsx, trang 'Biến động hộ nghèo', ô C5: ghi '70'" in done.output
    assert path.read_bytes() == before


def test_a_third_file_is_compared_with_what_both_before_it_say(run, communes, tmp_path):
    path, one, _ = communes
    second, third = (tmp_path / f"991 ({number}).xlsx" for number in (2, 3))
    for file, figures in ((one, {"C5": 100}), (second, {"F5": 40}), (third, {"F5": 41})):
        file.write_bytes(one.read_bytes())
        type_in(file, "Rà soát", **figures)
    type_in(second, "Rà soát", C5=None)
    type_in(third, "Rà soát", C5=None)
    before = path.read_bytes()

    done = run("collect", one, second, third, "--into", path)

    assert done.exit_code == 1
    assert "LỖI [contradiction] 991 (3).xlsx, trang 'Rà soát', ô F5: ghi '41', còn ở 991 (2).xlsx" in done.output
    assert path.read_bytes() == before


def test_a_row_of_last_year_as_the_workbook_has_it_is_nothing_to_tell(run, communes):
    path, one, _ = communes
    last_year = dt.datetime(2022, 12, 31)  # noqa: DTZ001
    for file in (path, one):
        type_in(file, "Rà soát", A5=last_year, B5="991", C5=90, F5=9, I5=9)

    for words in ([], ["--replace"]):
        done = run("collect", one, "--into", path, *words)
        assert (done.exit_code, "another-year" in done.output) == (0, False), done.output


def test_a_unit_of_another_district_is_an_error(run, communes):
    path, one, _ = communes
    type_in(one, "Rà soát", B5="777", C5=100, F5=40, I5=20)

    done = run("collect", one, "--into", path)

    assert done.exit_code == 1
    assert "mã '777' không có trong trang Đơn vị; cần một đơn vị của 2023.xlsx" in done.output


@pytest.mark.parametrize("code", ["992", "990"])
def test_a_row_with_the_code_of_another_unit_than_the_file_is_refused(run, communes, code):
    path, one, _ = communes
    type_in(one, "Rà soát", B5=code, C5=100, F5=40, I5=20)
    before = path.read_bytes()

    done = run("collect", one, "--into", path, "--replace")

    assert done.exit_code == 1
    assert (
        f"LỖI [another-unit] 991-mot.xlsx, trang 'Rà soát', ô B5: mã '{code}' không phải mã của đơn vị gửi tệp; "
        "cần mã ở trang Đơn vị của tệp: 991." in done.output
    )
    assert path.read_bytes() == before


def test_a_row_of_last_year_never_replaces_what_the_workbook_has(run, communes):
    path, one, _ = communes
    last_year = dt.datetime(2022, 12, 31)  # noqa: DTZ001
    type_in(path, "Rà soát", A5=last_year, B5="991", C5=90, F5=9, I5=9)
    type_in(one, "Rà soát", A5=last_year, C5=100, F5=40, I5=20)
    before = path.read_bytes()

    done = run("collect", one, "--into", path, "--replace")

    assert done.exit_code == 1
    told = "[another-year] 991-mot.xlsx, trang 'Rà soát', ô A5: ngày 31/12/2022 không thuộc năm của sổ 2023.xlsx"
    assert f"LỖI {told}; cần ngày trong năm 2023." in done.output
    assert path.read_bytes() == before
    assert f"CẢNH BÁO {told}" in run("collect", one, "--into", path).output


def test_nothing_is_called_updated_where_nothing_changed(run, communes):
    path, one, _ = communes
    type_in(one, "Rà soát", C5=100, F5=40, I5=20)
    run("collect", one, "--into", path)
    before = path.read_bytes()

    for options in ((), ("--replace",)):
        done = run("collect", one, "--into", path, *options)
        assert (done.exit_code, "Rà soát: thêm 0 dòng, cập nhật 0 dòng." in done.output) == (0, True)
    assert path.read_bytes() == before
    assert len(list(path.parent.glob("*.bak*"))) == 1


def test_communes_with_odd_names_have_files_in_the_folder(run, communes):
    path, _, _ = communes
    type_in(path, "Đơn vị", A8="993", B8="Ba/Bốn ../x", C8="Xã", D8="990")
    shutil.rmtree(path.parent / "2023-xa")
    done = run("new", "mau", "2023", "--for-communes", "--data", path.parents[1])
    assert done.exit_code == 0, done.output
    names = sorted(made.name for made in (path.parent / "2023-xa").iterdir())
    assert names == ["991-mot.xlsx", "992-hai.xlsx", "993-ba-bon-x.xlsx"]


def test_a_full_disk_leaves_no_workbook_that_stops_the_next_run(run, tmp_path, monkeypatch):
    def full(handle):
        if os.fstat(handle).st_size > 1024:  # there is room for the marks of hidden folders
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        done = run("new", "tu-mo-rong", "2024", "--data", tmp_path / "data")
    assert done.exit_code == 1
    assert "tu-mo-rong/2024.xlsx: đĩa đầy. Chưa ghi gì." in done.output
    assert list(tmp_path.iterdir()) == []
    assert run("new", "tu-mo-rong", "2024", "--data", tmp_path / "data").exit_code == 0


def test_a_new_workbook_is_written_through_a_link(run, tmp_path):
    folder = tmp_path / "data/tu-mo-rong"
    folder.mkdir(parents=True)
    (folder / "2024.xlsx").symlink_to(tmp_path / "elsewhere.xlsx")
    assert run("new", "tu-mo-rong", "2024", "--data", tmp_path / "data").exit_code == 0
    assert (folder / "2024.xlsx").is_symlink()
    assert reading(tmp_path / "elsewhere.xlsx", "tu-mo-rong", 2024).dataset.form["unit_code"] == "617"


def test_the_annotated_copy_says_where_it_is(run, tmp_path):
    done = run("validate", "tu-mo-rong", "2023-08", "--data", DATA, "--annotate", tmp_path / "copy.xlsx")
    assert f"Bản chú thích: {tmp_path / 'copy.xlsx'}\n" in done.stderr
    (tmp_path / "data/x").mkdir(parents=True)
    (tmp_path / "data/x/2023.xlsx").write_text("xin chào")
    done = run("validate", "x", "--data", tmp_path / "data", "--annotate", tmp_path / "x.xlsx")
    assert "Không ghi bản chú thích: không đọc được sổ." in done.stderr
    assert not (tmp_path / "x.xlsx").exists()


def test_a_file_that_is_no_workbook_is_told_with_the_others(run, communes, tmp_path):
    path, _, _ = communes
    (tmp_path / "thu.xlsx").write_text("xin chào")
    done = run("collect", tmp_path / "thu.xlsx", "--into", path)

    assert done.exit_code == 1
    assert "thu.xlsx: tệp này không phải sổ tính Excel" in done.output


def test_files_that_are_open_and_sheets_that_are_not_read_are_told_wherever_they_are_read(run, communes):
    path, one, _ = communes
    book = openpyxl.load_workbook(path)
    copied = book.copy_worksheet(book["Đơn vị"])
    copied.title = "Đơn vị (2)"
    book.save(path)
    for file in (path, one):
        (file.parent / f"~${file.name}").write_bytes(b"x")
    type_in(one, "Rà soát", C5=100, F5=40, I5=20)

    after = run("new", "mau", "2024", "--from", path)
    assert "CẢNH BÁO [copied-sheet] 2023.xlsx, trang 'Đơn vị (2)'" in after.stderr
    for done, files in (
        (run("collect", one, "--into", path), (path, one)),
        (after, [path]),
        (run("status", "mau", "2023-08", "--data", path.parents[1]), [path]),
    ):
        assert all(f"{file.name} đang mở ở Excel" in done.stderr for file in files)


def test_what_a_commune_explained_goes_with_its_figures_and_into_the_next_year(run, communes):
    path, one, _ = communes
    type_in(one, "Rà soát", C5=100, F5=40, I5=20)
    contradiction = {"finding_code": "published-rate-differs", "sheet": "Rà soát", "column": "Tỷ lệ hộ nghèo (%)"}
    why = {"explanation": "Đã công bố", "decided_by": "Chủ tịch xã", "decided_on": pd.Timestamp(2024, 1, 5)}
    place = {"date": pd.Timestamp(2023, 12, 31), "unit_code": "991"}
    rows = [contradiction | place | why | {"figures": figures} for figures in ("41.5; 40.0", "41.0; 40.0")]
    rate = pd.DataFrame([place | {"published_poor_rate_pct": 41.5}])
    fill_workbook(one, {"reviews": rate, "explanations": pd.DataFrame(rows)})

    done = run("collect", one, "--into", path)
    assert "Giải trình: thêm 1 dòng" in done.output
    assert "1 giải trình của xã không ghi vào sổ: sổ không có mâu thuẫn ấy" in done.output
    assert "Giải trình" not in run("collect", one, "--into", path).output.replace("2 giải trình", "")

    assert run("new", "mau", "2024", "--from", path).exit_code == 0
    after = reading(path.with_name("2024.xlsx"), "mau", 2024).dataset
    assert after["reviews"]["published_poor_rate_pct"].tolist() == [41.5]
    told = findings(after)
    assert [finding.severity for finding in told if finding.code == "published-rate-differs"] == ["explained"]
    assert "explanation-outdated" not in {finding.code for finding in told}


def test_a_year_goes_on_from_the_one_before_and_no_other(run, tmp_path):
    done = run("new", "ngan-ha", "2026", "--data", tmp_path / "data", "--from", DATA / "demo/ngan-ha/2024.xlsx")

    assert done.exit_code == 2
    assert "Sổ năm 2026 lấy số của sổ năm 2025, tên tệp 2025.xlsx" in done.output
    assert not (tmp_path / "data").exists()


def test_a_workbook_with_nothing_but_the_form_says_what_comes_next(run, tmp_path):
    run("new", "huyen-moi", "2024", "--data", tmp_path)
    words = {f"B{row}": "x" for row in range(6, 13)}
    type_in(tmp_path / "huyen-moi/2024.xlsx", "Thể thức", B5="990", **words)
    first = run("validate", "huyen-moi", "--data", tmp_path)
    assert "Cần: đơn vị báo cáo, và các đơn vị trực thuộc nếu có số liệu riêng" in first.output

    type_in(tmp_path / "huyen-moi/2024.xlsx", "Đơn vị", A5="990", B5="Mới", C5="Huyện")
    second = run("validate", "huyen-moi", "2024-03", "--data", tmp_path)
    assert second.exit_code == 1
    assert "Thấy: chưa có kết quả rà soát, vốn giao hay giải ngân nào đến ngày 31/03/2024" in second.output
    assert "Cần: kết quả rà soát ngày 31/12/2023" in second.output
    assert "Cần: một dòng kế hoạch của đơn vị" in second.output


def test_validate_takes_latest_and_all_units(run, tmp_path):
    data = tmp_path / "data"
    for name in ("tu-mo-rong", "demo/ngan-ha"):
        folder = data / Path(name).name
        folder.mkdir(parents=True)
        shutil.copy(DATA / name / "2023.xlsx", folder)
    (data / "tay").mkdir()
    (data / "tay/Sổ 2024.xlsx").touch()

    latest, every = run("validate", "tu-mo-rong", "latest"), run("validate", "--all", "2023-08")

    assert latest.exit_code == 0
    assert latest.output == run("validate", "tu-mo-rong", "2023-08").output
    assert every.exit_code == 1
    assert every.stderr.count("\n") == 1
    assert "'Sổ 2024.xlsx': đổi tên thành 2024.xlsx" in every.stderr
    assert sum(f"{data}/{unit}/2023.xlsx: 0 lỗi" in every.stdout for unit in ("ngan-ha", "tu-mo-rong")) == 2
    assert run("validate", "--all").exit_code == 1
    assert run("validate", "--all", "2023-13").stderr.count("Kỳ báo cáo '2023-13' không đúng") == 1
    assert run("validate", "--all", "x", "2023-08").exit_code == 2
    assert run("validate").exit_code == 2


def test_what_stops_the_report_is_said_by_validate_too(run, tmp_path):
    data = shutil.copytree(DATA / "demo/ngan-ha", tmp_path / "data/ngan-ha").parent
    assert run("validate", "ngan-ha", "2024-08").exit_code == 0

    type_in(data / "ngan-ha/2023.xlsx", "Vốn giao", G5="nhiều")
    with pytest.raises(InvalidWorkbookError) as stopped:
        facts("ngan-ha", "2024-08", str(data))
    done = run("validate", "ngan-ha", "2024-08")

    assert done.exit_code == 1
    assert "LỖI [bad-cell] 2023.xlsx, trang 'Vốn giao', ô G5" in done.output
    assert [finding.file for finding in stopped.value.findings] == ["2023.xlsx"]


def test_the_list_of_contents_goes_on_from_year_to_year(run, tmp_path):
    (tmp_path / "data").mkdir()
    assert run("new", "sao-mai", "2026").exit_code == 0
    path = tmp_path / "data/sao-mai/2026.xlsx"
    cells = {cell.value: cell.row for cell in openpyxl.load_workbook(path)["Danh mục"]["A"]}
    added = max(cells.values()) + 1
    type_in(path, "Danh mục", **{f"B{cells['HP1.3']}": "Sinh kế"})
    type_in(path, "Danh mục", **{f"A{added}": "HP1.3.a", f"B{added}": "Chăn nuôi", f"D{added}": "HP1.3"})
    type_in(path, "Thể thức", **{f"B{line}": "x" for line in range(5, 13)})
    type_in(path, "Thể thức", B5="99001")
    type_in(path, "Đơn vị", A5="99001", B5="Sao Mai", C5="Xã")

    done = run("new", "sao-mai", "2027", "--from", path)
    assert done.exit_code == 0, done.output

    programme = reading(path.with_name("2027.xlsx"), "sao-mai", 2027).dataset.catalogue.programme(2027)
    assert [(entry.code, entry.name) for entry in programme.contents if entry.own] == [
        ("HP1.3", "Sinh kế"),
        ("HP1.3.a", "Chăn nuôi"),
    ]


def test_a_broken_file_of_an_office_stops_validate_as_it_stops_report(run, tmp_path):
    shutil.copytree(DATA / "tu-mo-rong", tmp_path / "data/tu-mo-rong")
    (tmp_path / "data/regulation").mkdir()
    (tmp_path / "data/regulation/programme.toml").write_text("[units]")

    for command in ("validate", "report"):
        done = run(command, "tu-mo-rong", "2023-08")
        assert done.exit_code == 1
        assert "regulation/programme.toml: có mục lạ 'units'" in done.output


def typed_money(path, planned, paid):
    """Types an allocation and a snapshot into the sheets of a commune."""
    day = dt.datetime(2023, 6, 30)  # noqa: DTZ001
    type_in(path, "Vốn giao", C5="2", D5="Vốn sự nghiệp", E5="Trung ương", F5=2023, G5=planned)
    type_in(path, "Giải ngân", A5=day, B5="2", C5="Vốn sự nghiệp", D5=2023, E5=paid)


def test_money_of_communes_is_put_together_under_their_codes(run, communes):
    path, one, two = communes
    typed_money(one, 500_000_000, 100_000_000)
    typed_money(two, 300_000_000, 0)

    done = run("collect", one, two, "--into", path)

    assert done.exit_code == 0, done.output
    assert "Đã đủ các xã." in done.output
    found = reading(path, "mau", 2023).dataset
    assert found["capital"][["unit_code", "planned_vnd"]].to_numpy().tolist() == [
        ["991", 500_000_000],
        ["992", 300_000_000],
    ]
    typed_money(one, 500_000_000, 120_000_000)
    done = run("collect", one, "--into", path, "--replace")
    assert "Giải ngân: thêm 0 dòng, cập nhật 1 dòng." in done.output
    assert reading(path, "mau", 2023).dataset["disbursements"]["disbursed_vnd"].tolist() == [120_000_000, 0]


def test_a_commune_may_send_its_own_workbook_which_lists_its_parts_and_what_it_was_made_from(run, communes, tmp_path):
    path, *files = communes
    sent = [tmp_path / name / "2023.xlsx" for name in "ab"]
    for file, place, planned in zip(files, sent, (500_000_000, 300_000_000), strict=True):
        place.parent.mkdir()
        typed_money(shutil.move(file, place), planned, 0)
    type_in(sent[0], "Đơn vị", A7="993", B7="Cũ", C7="Xã", D7="990", F7=dt.date(2023, 6, 30), G7="991")
    type_in(sent[0], "Đơn vị", A8="9911", B8="Thôn 1", C8="Thôn", D8="991")

    done = run("collect", *sent, "--into", path)

    assert done.exit_code == 0, done.output
    assert reading(path, "mau", 2023).dataset["capital"]["unit_code"].tolist() == ["991", "992"]
    typed_money(sent[1], 4, 5)
    assert "[differs-from-workbook] b/2023.xlsx, trang 'Vốn giao'" in run("collect", *sent, "--into", path).output


def test_money_of_a_commune_s_own_content_is_that_of_the_content_above(run, communes):
    """The district's list has no such content: money of it would be refused, or stand beside that of the others."""
    path, one, two = communes
    typed_money(one, 500_000_000, 100_000_000)
    typed_money(two, 300_000_000, 0)
    for row, name in enumerate(("2.A", "2.B"), 60):
        type_in(one, "Danh mục", **{f"A{row}": name, f"B{row}": f"Đường {name}", f"D{row}": "2"})
    type_in(one, "Vốn giao", C5="2.A", C6="2.B", D6="Vốn sự nghiệp", E6="Trung ương", F6=2023, G6=70_000_000)

    done = run("collect", one, two, "--into", path)

    assert "danh mục của 2023.xlsx không có '2.A'" in done.output
    assert "số được cộng vào '2'" in done.output
    found = reading(path, "mau", 2023).dataset["capital"]
    assert found[["project_code", "planned_vnd"]].to_numpy().tolist() == [["2", 570_000_000], ["2", 300_000_000]]


@pytest.mark.parametrize(
    ("sheet", "cell", "wrong", "told"),
    [
        ("Vốn giao", "B5", "36/QĐ-UBND", ["A5"]),
        ("Giải ngân", "B5", "1", ["A5"]),  # the content, of the same day
        ("Giải ngân", "A5", dt.datetime(2023, 9, 30), ["A5"]),  # noqa: DTZ001  # the later day would be the latest
        ("Giải ngân", "A5", dt.datetime(2023, 3, 31), []),  # noqa: DTZ001  # as of any month before
    ],
)
def test_what_a_commune_corrected_is_told_where_the_workbook_has_it_as_it_was(run, communes, sheet, cell, wrong, told):
    """The row as it was stays, and counts beside that which is right."""
    path, one, two = communes
    typed_money(two, 300_000_000, 0)
    typed_money(one, 500_000_000, 100_000_000)
    right = openpyxl.load_workbook(one)[sheet][cell].value
    type_in(one, sheet, **{cell: wrong})
    run("collect", one, two, "--into", path)
    type_in(one, sheet, **{cell: right})

    done = run("collect", one, "--into", path, "--replace")

    assert f"{sheet}: thêm 1 dòng" in done.output
    words = [f"CẢNH BÁO [not-sent-again] 2023.xlsx, trang '{sheet}', ô {there}" for there in told]
    assert [line.split(":")[0] for line in done.output.splitlines() if "not-sent" in line] == words
    assert done.exit_code == len(told)
    assert ("not-sent-again" in run("collect", one, "--into", path).output) == bool(told), "as long as it is there"


def test_a_decision_in_other_capitals_is_the_same_row(run, communes, tmp_path):
    path, one, _ = communes
    again = tmp_path / "991 (2).xlsx"
    again.write_bytes(one.read_bytes())
    for file, decision in ((one, "QĐ 12/QĐ-UBND"), (again, "qđ  12/qđ-ubnd")):
        typed_money(file, 500_000_000, 0)
        type_in(file, "Vốn giao", A5=dt.datetime(2023, 2, 1), B5=decision)  # noqa: DTZ001

    done = run("collect", one, again, "--into", path)
    assert "[sent-twice] 991 (2).xlsx, trang 'Vốn giao'" in done.output
    found = reading(path, "mau", 2023).dataset["capital"]
    assert found[["decision", "planned_vnd"]].to_numpy().tolist() == [["QĐ 12/QĐ-UBND", 500_000_000]]
    run("collect", again, "--into", path)  # what stands in the workbook is known by it too
    assert len(reading(path, "mau", 2023).dataset["capital"]) == 1


def test_an_own_content_that_two_files_place_otherwise_is_two(run, communes, tmp_path):
    path, one, _ = communes
    again = tmp_path / "991 (2).xlsx"
    again.write_bytes(one.read_bytes())
    for file, parent in ((one, "2"), (again, "4.1")):
        type_in(file, "Danh mục", A60="9.9", B60="Đường", D60=parent)
        money = {"C5": "9.9", "D5": "Vốn sự nghiệp", "E5": "Trung ương", "F5": 2023, "G5": 5_000_000}
        type_in(file, "Vốn giao", A5=LAST_DAY, **money)

    run("collect", one, again, "--into", path)

    found = reading(path, "mau", 2023).dataset["capital"]
    assert found[["project_code", "planned_vnd"]].to_numpy().tolist() == [["2", 5_000_000], ["4.1", 5_000_000]]


def test_what_is_wrong_with_many_files_alike_is_told_once(run, communes):
    path, one, two = communes
    for file in (one, two):
        type_in(file, "Rà soát", A5=dt.datetime(2022, 12, 31), C5=100, F5=40, I5=20)  # noqa: DTZ001

    done = run("collect", one, two, "--into", path)

    assert done.output.count("[another-year]") == 1
    assert "Cũng vậy ở 1 tệp khác: 992-hai.xlsx." in done.output


def test_money_of_communes_is_not_put_into_a_sheet_without_a_column_for_their_codes(run, communes):
    path, one, _ = communes
    typed_money(one, 500_000_000, 100_000_000)
    book = openpyxl.load_workbook(path)
    for name in ("Vốn giao", "Giải ngân"):
        heading = next(cell for cell in book[name][4] if cell.value == "Mã đơn vị")
        heading.value = None
    book.save(path)

    done = run("collect", one, "--into", path)

    assert done.exit_code == 1
    assert "không có cột 'Mã đơn vị'" in done.output
    assert reading(path, "mau", 2023).dataset["capital"].empty


def test_files_for_communes_that_a_killed_run_left_are_kept_and_the_others_made(run, communes):
    path, *_ = communes
    folder = path.parent / "2023-xa"
    shutil.rmtree(folder)
    command = ("new", "mau", "2023", "--for-communes")
    assert run(*command).exit_code == 0
    whole = {one.name: one.read_bytes() for one in folder.iterdir()}
    first, *others = sorted(folder.iterdir())
    first.unlink()
    done = run(*command)
    assert (done.exit_code, done.output) == (0, f"{first}\n")
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == whole
    assert run(*command).exit_code == 1, "nothing is left to make"

    first.unlink()
    others[0].write_bytes(b"filled in")
    done = run(*command)
    assert (done.exit_code, first.exists(), others[0].read_bytes()) == (1, False, b"filled in")


OWN_SOURCE = """
[sources.from.2022-06-01]
law = "Quyết định 12/QĐ-UBND"
article = "1"
checked = 2026-11-26
value = [{ code = "fund", parent = "recurrent", name = "Quỹ của tỉnh" }]
"""


def test_a_source_of_an_office_goes_along_to_its_communes_and_back(run, communes, tmp_path):
    """A commune's file is offered it and is read with it, wherever it lies when it comes back."""
    path, _, _ = communes
    (tmp_path / "data/regulation").mkdir()
    (tmp_path / "data/regulation/programme.toml").write_text(OWN_SOURCE, "utf-8")
    shutil.rmtree(path.parent / "2023-xa")
    done = run("new", "mau", "2023", "--for-communes")
    assert done.exit_code == 0, done.output
    one = path.parent / "2023-xa/991-mot.xlsx"
    sheet = openpyxl.load_workbook(one)["Vốn giao"]
    assert any("Quỹ của tỉnh" in (rule.formula1 or "") for rule in sheet.data_validations.dataValidation)

    day = dt.datetime(2023, 6, 30)  # noqa: DTZ001
    type_in(one, "Vốn giao", C5="2", D5="Quỹ của tỉnh", E5="Tỉnh", F5=2023, G5=500_000_000)
    type_in(one, "Giải ngân", A5=day, B5="2", C5="Quỹ của tỉnh", D5=2023, E5=100_000_000)
    (tmp_path / "mail").mkdir()
    done = run("collect", shutil.move(one, tmp_path / "mail"), "--into", path)

    assert "Vốn giao: thêm 1 dòng" in done.output
    assert reading(path, "mau", 2023).dataset["capital"]["source"].tolist() == ["fund"]


def test_curves_of_workbooks_are_put_into_the_file_of_all_units(run, tmp_path):
    into, book = tmp_path / "disbursement_history.csv", DATA / "tu-mo-rong/2023.xlsx"
    into.write_text(
        "unit,fund_year,month,planned_vnd,disbursed_vnd\ndak-ha,2021,12,9,8\ntu-mo-rong,2023,8,9,8\n", "utf-8"
    )
    into.chmod(0o600)

    refused = run("collect", book, "--into", into)
    done = run("collect", book, "--into", into, "--replace")

    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert "đã có số khác của: tu-mo-rong 2023. Chưa ghi gì; thêm --replace" in refused.output
    assert "2 đường giải ngân của 2 đơn vị" in done.output
    rows = into.read_text("utf-8").splitlines()
    assert rows[1] == "dak-ha,2021,12,9,8"
    assert "tu-mo-rong,2023,8,71972000000,4569482000" in rows
    assert run("collect", book, "--into", into).exit_code == 0, "nothing differs now"
    (backup,) = tmp_path.glob("*.bak*")
    assert (backup.name, backup.stat().st_mode) == ("disbursement_history.csv.bak", into.stat().st_mode)
    assert "cùng đơn vị, cùng năm: tu-mo-rong 2023" in run("collect", book, book, "--into", into).output
    (tmp_path / "=1+1").mkdir()
    odd = shutil.copy(book, tmp_path / "=1+1")
    assert "'=1+1' có tên mà Excel hiểu là công thức" in run("collect", odd, "--into", into).output
