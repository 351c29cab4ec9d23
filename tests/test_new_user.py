"""An officer's first month: a new workbook is filled in with the usual mistakes, led out of each by its message, and
becomes a report. Nothing is known but README.vi.md and what the program says."""

import datetime as dt
import json
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

PERIOD, GOOD = "2024-02", "good.xlsx"
BEFORE, NOW, PAID = dt.date(2022, 12, 31), dt.date(2023, 12, 31), dt.date(2024, 2, 29)

FORM = {
    "Mã đơn vị báo cáo": "990",
    "Cơ quan chủ quản": "UBND HUYỆN SAO MAI",
    "Cơ quan ban hành": "PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
    "Tên cơ quan trong lời văn": "Phòng Lao động - Thương binh và Xã hội huyện",
    "Ký hiệu văn bản": "BC-LĐTBXH",
    "Địa danh": "Sao Mai",
    "Kính gửi": "Ủy ban nhân dân huyện Sao Mai",
    "Chức vụ người ký": "TRƯỞNG PHÒNG",
}
ROWS = {
    "Nơi nhận": [(1, "Như trên"), (2, "Lưu: VT")],
    "Đơn vị": [("990", "Sao Mai", "Huyện"), ("99901", "Đông", "Xã", "990"), ("99902", "Tây", "Xã", "990")],
    "Rà soát": [  # households, persons, of ethnic minorities; poor households likewise; near-poor households likewise
        (BEFORE, "99901", 1200, None, 900, 420, None, 400, 130, None, 110),
        (BEFORE, "99902", 900, None, 700, 300, None, 280, 90, None, 80),
        (NOW, "99901", 1215, None, 910, 350, None, 335, 140, None, 120),
        (NOW, "99902", 910, None, 705, 250, None, 235, 95, None, 85),
    ],
    "Biến động hộ nghèo": [
        (NOW, "99901", 420, 80, 50, 30, 5, 5, 2, 6, 2, 350),
        (NOW, "99902", 300, 60, 35, 25, 3, 4, 1, 6, 2, 250),
    ],
    "Biến động hộ cận nghèo": [
        (NOW, "99901", 130, 45, 5, 40, 2, 50, 1, 5, 1, 140),
        (NOW, "99902", 90, 34, 4, 30, 1, 35, 0, 4, 1, 95),
    ],
    "Kế hoạch": [(dt.date(2024, 1, 10), 2024, "990", "02/QĐ-UBND", 2150, 110, 20)],
    "Vốn giao": [
        (dt.date(2024, 1, 15), "05/QĐ-UBND", "1", "Vốn đầu tư", "Trung ương", 2024, 20_000_000_000),
        (dt.date(2024, 1, 15), "05/QĐ-UBND", "2", "Vốn sự nghiệp", "Trung ương", 2024, 6_500_000_000),
        (dt.date(2024, 1, 15), "05/QĐ-UBND", "4.1", "Vốn sự nghiệp", "Trung ương", 2024, 1_250_000_000),
    ],
    "Giải ngân": [
        (PAID, "1", "Vốn đầu tư", 2024, 1_500_000_000),
        (PAID, "2", "Vốn sự nghiệp", 2024, 0, None, "Đang lập dự án"),
        (PAID, "4.1", "Vốn sự nghiệp", 2024, 250_000_000),
    ],
    "Văn bản": [("Ban hành", "Kế hoạch", "11/KH-UBND", dt.date(2024, 2, 5), "UBND huyện Sao Mai", "giảm nghèo")],
    "Phân công": [(1, "Phòng Lao động", "Tổng hợp, báo cáo")],
    "Giải pháp": [("Đẩy mạnh tuyên truyền",)],
    "Phương hướng": [(None, "Đẩy nhanh tiến độ giải ngân")],
}

UNREADABLE = [
    ("Giải ngân", "E5", "71,972", "bad-cell", "ghi 71972 nếu là đồng, ghi 71972000000 nếu là triệu đồng"),
    ("Giải ngân", "A6", "02/29/2024", "bad-cell", "ghi ngày trước tháng sau: 29/02/2024, nếu đó là ngày muốn ghi"),
    ("Giải ngân", "A7", dt.date(2042, 2, 28), "date-outside-year", "ngày trong khoảng 01/01/2024 đến 31/01/2025"),
    ("Vốn giao", "D5", "đầu tư công", "bad-cell", "một trong: Vốn đầu tư, Vốn sự nghiệp"),
    ("Rà soát", "F7", "chừng 350", "bad-cell", "số nguyên, đơn vị tính 'hộ', ghi bằng chữ số"),
    ("Rà soát", "C8", "#REF!", "bad-cell", "giá trị thay cho công thức bị lỗi"),
    ("Rà soát", "C7", "=1200+15", "uncalculated-formula", "mở sổ bằng Excel rồi lưu lại"),
    ("Thể thức", "B10", None, "blank-cell", "'Địa danh', không được để trống (Đứng trước ngày, tháng, năm)"),
    ("Kế hoạch", "G4", None, "missing-column", "tiêu đề 'Giảm hộ cận nghèo' ở dòng 4"),
    ("Giải pháp", "", "Giai phap 2024", "missing-sheet", "một trang tên 'Giải pháp'"),
    ("Kế hoạch", "F5", "110 hộ", "typed-as-text", "số hoặc ngày thay cho chữ; không phải sửa nếu đã hiểu đúng"),
    ("Rà soát", "D5", "-", "bad-cell", "chữ số; chưa có số liệu thì để trống, không có thì ghi 0"),
    ("Biến động hộ nghèo", "B6", "Tây", "unknown-unit", "một mã trong trang Đơn vị: 99902 Tây"),
    ("Vốn giao", "C6", "DA2", "unknown-project", "một trong: 1, 1.1, 1.2, 2,"),
    ("Phương hướng", "A5", "tháng 2/2024", "bad-cell", "kỳ báo cáo ghi 2023-08"),
]
WRONG = [
    ("Giải ngân", "E5", 25_000_000_000, "disbursed-above-plan", "không quá kế hoạch vốn 20.000.000.000 đồng"),
    ("Rà soát", "H7", 390, "part-above-total", "không quá 350 của cột 'Hộ nghèo'"),
    ("Rà soát", "C6", 250, "part-above-total", "không quá 250 của cột 'Tổng số hộ'"),
    ("Biến động hộ nghèo", "J5", 9, "flow-does-not-close", "353 theo các cột còn lại"),
    ("Giải ngân", "B6", "1.3", "unknown-project", "một trong: 1, 1.1, 1.2, 2,"),
    ("Vốn giao", "C6", "4", "project-and-parts", "chỉ ghi vốn ở các phần thuộc nó, hoặc chỉ ghi ở chính nó"),
    ("Rà soát", "B8", "99901", "duplicate-row", "mỗi bộ sau một dòng: Ngày chốt, Mã đơn vị"),
]
ELSEWHERE = {"flow-does-not-close": "L5", ("Rà soát", "C6"): "E6"}
"""Where a message stands that is not at the cell that was typed in: at what the cell contradicts."""


def typed(book: Workbook) -> None:
    """Everything that a person types, from the first free row of each sheet on."""
    for row in book["Thể thức"].iter_rows(min_row=5, max_row=14):
        row[1].value = FORM.get(row[0].value)
    for sheet, rows in ROWS.items():
        for number, values in enumerate(rows, start=5):
            for column, value in enumerate(values, start=1):
                book[sheet].cell(number, column).value = value


@pytest.fixture(scope="module")
def office(tmp_path_factory, called) -> Path:
    """A folder with the workbook that the program made and a person filled in."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "data").mkdir()
    assert called("new", "sao-mai", "2024", "--data", folder / "data").returncode == 0
    book = openpyxl.load_workbook(folder / "data" / "sao-mai" / "2024.xlsx")
    typed(book)
    book.save(folder / GOOD)
    return folder


def test_a_fresh_workbook_says_what_is_to_be_filled_in_and_nothing_else(tmp_path, giamngheo):
    giamngheo("new", "sao-mai", "2024", "--data", tmp_path)
    done = giamngheo("validate", "sao-mai", PERIOD, "--data", tmp_path, "--format", "json")
    assert [(entry["code"], entry["sheet"], entry["cell"]) for entry in json.loads(done.stdout)] == [
        *(("blank-cell", "Thể thức", f"B{row}") for row in range(5, 13)),
        ("no-units", "Đơn vị", ""),
        ("nothing-known", "Rà soát", ""),
    ]


def saved_with(office: Path, mistakes: list[tuple]) -> None:
    """The workbook with mistakes typed over the good figures, or without: then it is mended."""
    book = openpyxl.load_workbook(office / GOOD)
    for sheet, cell, value, *_ in mistakes:
        if cell:
            book[sheet][cell].value = value
        else:
            book[sheet].title = value
    book.save(office / "data" / "sao-mai" / "2024.xlsx")


@pytest.fixture(params=[UNREADABLE, WRONG], ids=["unreadable", "wrong"])
def told(request, office, called) -> tuple[list[tuple], list[dict[str, str]]]:
    """The mistakes of a kind, and what the program says of a workbook that has all of them."""
    saved_with(office, request.param)
    done = called("validate", "sao-mai", PERIOD, "--data", office / "data", "--format", "json")
    assert done.returncode == 1
    return request.param, json.loads(done.stdout)


def test_every_mistake_is_told_at_once_where_it_is_and_what_to_do(told):
    mistakes, findings = told
    said = [(entry["sheet"], entry["cell"], entry["code"]) for entry in findings]
    for sheet, cell, _, code, expected in mistakes:
        place = (sheet, ELSEWHERE.get((sheet, cell), ELSEWHERE.get(code, cell)), code)
        assert place in said
        assert expected in findings[said.index(place)]["expected"]


def test_what_is_not_judged_yet_is_said(office, called):
    saved_with(office, UNREADABLE)
    done = called("validate", "sao-mai", PERIOD, "--data", office / "data")
    assert "số liệu chưa được đối chiếu: Thể thức, Rà soát, Kế hoạch, Vốn giao, Giải ngân," in done.stdout
    assert "Chưa lập được báo cáo khi còn lỗi." in done.stdout


def test_no_report_is_made_until_all_is_mended_and_then_one_is(office, called):
    saved_with(office, WRONG)
    report = ("report", "sao-mai", PERIOD, "--data", office / "data", "--out", office / "outputs", "--formats", "html")
    refused = called(*report)
    assert (refused.returncode, (office / "outputs").exists()) == (1, False)
    assert "trang 'Giải ngân', ô E5" in refused.stderr

    saved_with(office, [])
    clean = called("validate", "sao-mai", PERIOD, "--data", office / "data")
    assert (clean.returncode, ": 0 lỗi, 0 cảnh báo, 2 lưu ý" in clean.stdout) == (0, True), clean.stdout
    assert "cộng các đơn vị thuộc '990': báo cáo in 34,29% và 10,48%, tổng hai loại in 44,76%" in clean.stdout
    assert called(*report).returncode == 0

    words = reported(office, PERIOD)
    # 350 + 250 of 1,215 + 910 households; 1,750 of 27,750 million đồng
    assert "Hộ nghèo: 600/2.125 hộ, chiếm tỷ lệ 28,24%" in words
    assert "1.750/27.750 triệu đồng, đạt 6,31%" in words


def test_the_next_month_takes_the_new_snapshot_and_leaves_the_month_before(office, called):
    book = openpyxl.load_workbook(office / GOOD)
    for number, (_, *line) in enumerate(ROWS["Giải ngân"], start=8):
        for column, value in enumerate((dt.date(2024, 3, 31), *line), start=1):
            book["Giải ngân"].cell(number, column).value = value
    book["Giải ngân"]["E8"].value = 2_500_000_000
    book.save(office / "data" / "sao-mai" / "2024.xlsx")
    for period in (PERIOD, "2024-03"):
        folders = ("--data", office / "data", "--out", office / "outputs")
        made = called("report", "sao-mai", period, *folders, "--formats", "html")
        assert made.returncode == 0, made.stderr
    assert "Trong tháng 3 năm 2024 giải ngân 1.000 triệu đồng" in reported(office, "2024-03")
    assert "1.750/27.750 triệu đồng, đạt 6,31%" in reported(office, PERIOD)


def reported(office: Path, period: str) -> str:
    """Words of the report of a period."""
    html = (office / "outputs" / "sao-mai" / period / "report.html").read_text("utf-8")
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?a\b[^>]*>", "", html)).split())
