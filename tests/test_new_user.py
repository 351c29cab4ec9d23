"""An officer who knows the README: a new workbook, a month typed in, mistakes, what is said of them, the report."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.workbook import Workbook

from giamngheo.cli import main
from giamngheo.intake.template import HEADER_ROW

Row = dict[str, Any]
Reports = Callable[..., Any]

LAST_YEAR_END = dt.date(2023, 12, 31)
COMMUNES = {"99901": "An Phú", "99902": "Bình Sơn"}
FORM = (
    "999",
    "UBND HUYỆN MỚI",
    "PHÒNG LAO ĐỘNG",
    "Phòng Lao động huyện",
    "BC-LĐTBXH",
    "Huyện Mới",
    "UBND huyện Mới",
    "TRƯỞNG PHÒNG",
)


def heading(book: Workbook, sheet: str, name: str) -> int:
    """Number of the column with a heading."""
    return [cell.value for cell in book[sheet][HEADER_ROW]].index(name) + 1


def type_rows(book: Workbook, sheet: str, *rows: Row) -> None:
    """Types rows below the last one, each value under its heading."""
    free = HEADER_ROW + 1
    while any(cell.value is not None for cell in book[sheet][free]):
        free += 1
    for number, row in enumerate(rows, start=free):
        for name, value in row.items():
            book[sheet].cell(number, heading(book, sheet, name), value)


def review(unit: str, households: int, poor: int, near_poor: int) -> Row:
    row = {"Ngày chốt": LAST_YEAR_END, "Mã đơn vị": unit, "Tổng số hộ": households}
    return row | {"Hộ dân tộc thiểu số": households // 2, "Hộ nghèo": poor, "Hộ cận nghèo": near_poor}


def flow(unit: str, opening: int, above: int, closing: int) -> Row:
    names = {"(3) Vượt chuẩn cận nghèo, hộ": above, "(9) Cuối kỳ, hộ": closing}
    zeros = ("(2) Chuyển sang hộ cận nghèo", "(4) Giảm khác", "(5) Từ hộ cận nghèo chuyển sang")
    zeros += ("(6) Tái diện", "(7) Phát sinh mới", "(8) Tăng khác")
    return {"Ngày chốt": LAST_YEAR_END, "Mã đơn vị": unit, "(1) Đầu kỳ, hộ": opening} | {
        **{f"{name}, hộ": 0 for name in zeros},
        **names,
    }


def allocated(project: str, source: str, amount: int) -> Row:
    row = {"Ngày quyết định": dt.date(2024, 1, 15), "Số quyết định": "45/QĐ-UBND", "Mã dự án": project}
    row |= {"Nguồn vốn": source, "Cấp ngân sách": "Trung ương", "Năm của nguồn vốn": 2024}
    return row | {"Kế hoạch vốn (đồng)": amount}


def paid(day: dt.date, project: str, source: str, amount: int) -> Row:
    row = {"Ngày chốt": day, "Mã dự án": project, "Nguồn vốn": source, "Năm của nguồn vốn": 2024}
    return row | {"Giải ngân lũy kế (đồng)": amount}


def snapshot(day: dt.date, *amounts: int) -> list[Row]:
    lines = (("1.1", "Vốn đầu tư"), ("2", "Vốn sự nghiệp"), ("3.1", "Vốn sự nghiệp"))
    return [paid(day, *line, amount) for line, amount in zip(lines, amounts, strict=True)]


def type_march(book: Workbook) -> None:
    """Everything that the report of March 2024 needs."""
    for row, text in enumerate(FORM, start=HEADER_ROW + 1):
        book["Thể thức"].cell(row, 2, text)
    type_rows(book, "Nơi nhận", {"Thứ tự": 1, "Nơi nhận": "Như trên"}, {"Thứ tự": 2, "Nơi nhận": "Lưu: VT"})
    type_rows(book, "Đơn vị", {"Mã đơn vị": "999", "Tên đơn vị": "Mới", "Cấp": "Huyện"})
    for code, name in COMMUNES.items():
        type_rows(book, "Đơn vị", {"Mã đơn vị": code, "Tên đơn vị": name, "Cấp": "Xã", "Mã đơn vị cấp trên": "999"})
    type_rows(book, "Rà soát", review("99901", 1000, 300, 100), review("99902", 800, 200, 80))
    type_rows(book, "Biến động hộ nghèo", flow("99901", 340, 40, 300), flow("99902", 220, 20, 200))
    plan = {"Năm kế hoạch": 2024, "Mã đơn vị": "999", "Văn bản giao": "12/KH-UBND", "Tổng số hộ dự kiến": 1820}
    type_rows(book, "Kế hoạch", plan | {"Giảm hộ nghèo": 90, "Giảm hộ cận nghèo": 20})
    type_rows(
        book,
        "Vốn giao",
        allocated("1.1", "Vốn đầu tư", 5_000_000_000),
        allocated("2", "Vốn sự nghiệp", 3_200_000_000),
        allocated("3.1", "Vốn sự nghiệp", 1_200_000_000),
    )
    type_rows(book, "Giải ngân", *snapshot(dt.date(2024, 3, 31), 1_000_000_000, 640_000_000, 0))
    letter = {"Vai trò": "Ban hành", "Loại văn bản": "Công văn", "Số, ký hiệu": "88/UBND-LĐ"}
    letter |= {"Cơ quan ban hành": "UBND huyện Mới", "Ngày ban hành": dt.date(2024, 3, 5)}
    type_rows(book, "Văn bản", letter | {"Trích yếu": "đôn đốc giải ngân"})
    type_rows(book, "Phân công", {"Thứ tự": 1, "Cơ quan, đơn vị": "UBND các xã", "Nhiệm vụ": "Rà soát hộ nghèo"})
    type_rows(book, "Giải pháp", {"Giải pháp": "Đẩy nhanh giải ngân"})


Mistake = tuple[str, str, int, Any, str, str]
"""Sheet, heading, row and what is typed there; code and words of what is said."""

MISTAKES: tuple[Mistake, ...] = (
    ("Rà soát", "Tổng số khẩu", 5, "71,972", "typed-as-text", "chữ '71,972', được đọc là 71.972"),
    ("Rà soát", "Hộ cận nghèo", 5, "100 hộ", "typed-as-text", "chữ '100 hộ', được đọc là 100"),
    ("Rà soát", "Khẩu nghèo", 5, "-", "bad-cell", "chưa có số liệu thì để trống, không có thì ghi 0"),
    ("Rà soát", "Hộ nghèo dân tộc thiểu số", 6, 210, "part-above-total", "không quá 200 của cột 'Hộ nghèo'"),
    ("Biến động hộ nghèo", "(9) Cuối kỳ, hộ", 6, 205, "flow-does-not-close", "cần 200 theo các cột còn lại"),
    ("Biến động hộ nghèo", "Mã đơn vị", 5, "An Phú", "unknown-unit", "một mã trong trang Đơn vị: 99901 An Phú"),
    ("Vốn giao", "Kế hoạch vốn (đồng)", 6, "#REF!", "bad-cell", "thay cho công thức bị lỗi"),
    ("Vốn giao", "Kế hoạch vốn (đồng)", 7, "=600000000*2", "uncalculated-formula", "mở sổ bằng Excel rồi lưu lại"),
    ("Vốn giao", "Mã dự án", 5, "DA1", "unknown-project", "không có dự án 'DA1'; cần một trong: 1, 1.1, 1.2"),
    ("Giải ngân", "Ngày chốt", 5, "3/31/2024", "bad-cell", "ghi ngày trước tháng sau: 31/03/2024"),
    ("Giải ngân", "Nguồn vốn", 6, "Vốn SN", "bad-cell", "một trong: Vốn đầu tư, Vốn sự nghiệp, Chưa tách nguồn"),
    ("Giải ngân", "Ngày chốt", 7, dt.date(2042, 3, 31), "date-outside-year", "khoảng 01/01/2024 đến 31/01/2025"),
    ("Phương hướng", "Chỉ dùng cho kỳ", 5, "tháng 3/2024", "bad-cell", "kỳ báo cáo ghi 2023-08, 2023-Q3"),
)
SECOND_THOUGHTS: tuple[Mistake, ...] = (
    ("Giải ngân", "Giải ngân lũy kế (đồng)", 6, 3_300_000_000, "disbursed-above-plan", "không quá kế hoạch vốn 3.2"),
    ("Vốn giao", "Kế hoạch vốn (đồng)", 5, 5000, "amount-too-small", "5.000.000.000, nếu số đã ghi tính bằng triệu"),
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Path of a workbook made by `giamngheo new` in a fresh folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    assert CliRunner().invoke(main, ["new", "huyen-moi", "2024"]).exit_code == 0
    return tmp_path / "data" / "huyen-moi" / "2024.xlsx"


def validated(period: str = "2024-03") -> tuple[int, str]:
    """Exit status of `giamngheo validate` and what it says."""
    done = CliRunner().invoke(main, ["validate", "huyen-moi", period])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def assert_said(said: str, book: Workbook, mistakes: tuple[Mistake, ...]) -> None:
    """Each mistake is told at its cell, with its code and a way out."""
    told = said.split("\n\n")
    for sheet, name, row, _, code, words in mistakes:
        place = f"[{code}] 2024.xlsx, trang '{sheet}', ô {book[sheet].cell(row, heading(book, sheet, name)).coordinate}"
        assert any(place + "\n" in entry and words in entry.replace("\n  Cần: ", "; cần ") for entry in told), place


def make(book: Workbook, mistakes: tuple[Mistake, ...]) -> None:
    for sheet, name, row, value, _, _ in mistakes:
        book[sheet].cell(row, heading(book, sheet, name), value)


def test_a_fresh_workbook_says_what_is_to_be_filled_in(office: Path) -> None:
    status, said = validated()
    told = said.strip().split("\n\n")

    assert status == 1
    assert [entry.split("\n")[0] for entry in told[1:-1]] == [
        *(f"LỖI [blank-cell] 2024.xlsx, trang 'Thể thức', ô B{row}" for row in range(5, 13)),
        "LỖI [no-units] 2024.xlsx, trang 'Đơn vị'",
        "LỖI [nothing-known] 2024.xlsx, trang 'Rà soát'",
    ]
    assert "Cần: 'Cơ quan chủ quản', không được để trống (Dòng trên bên trái, ví dụ UBND HUYỆN …)" in said
    assert "Thấy: chưa có đơn vị nào" in said


def test_a_month_from_an_empty_workbook_through_mistakes_to_the_report_and_the_next(
    office: Path, giamngheo: Reports
) -> None:
    good = openpyxl.load_workbook(office)
    type_march(good)
    clean = office.with_name("2024 (sạch).xlsx")
    good.save(clean)
    bad = openpyxl.load_workbook(clean)
    make(bad, MISTAKES)
    type_rows(bad, "Văn bản", {cell.value: bad["Văn bản"].cell(5, cell.column).value for cell in bad["Văn bản"][4]})
    bad["Kế hoạch"].cell(4, heading(bad, "Kế hoạch", "Giảm hộ nghèo")).value = None
    bad["Giải pháp"].title = "Sheet1"
    bad.save(office)

    status, said = validated()

    assert status == 1
    assert_said(said, bad, MISTAKES)
    assert "[duplicate-row] 2024.xlsx, trang 'Văn bản', ô C6\n  Thấy: dòng này trùng với dòng 5" in said
    assert "trang 'Kế hoạch', ô F4\n  Thấy: không có cột 'Giảm hộ nghèo'; cột F có số liệu mà không có tiêu đề" in said
    assert "[missing-sheet] 2024.xlsx, trang 'Giải pháp'\n  Thấy: không có trang này, nhưng có trang 'Sheet1'" in said

    make(good, SECOND_THOUGHTS)
    type_rows(good, "Vốn giao", allocated("3", "Vốn sự nghiệp", 1_300_000_000))
    good.save(office)
    status, said = validated()
    assert status == 1
    assert_said(said, good, SECOND_THOUGHTS)
    assert "trang 'Vốn giao', ô C8\n  Thấy: dự án 3 ghi 1.300.000.000 đồng, các tiểu dự án của nó ghi 1.2" in said

    next_month = openpyxl.load_workbook(clean)
    next_month.save(office)
    assert validated() == (0, f"{office}: 0 lỗi, 0 cảnh báo, 0 lưu ý\n")

    type_rows(next_month, "Giải ngân", *snapshot(dt.date(2024, 4, 30), 1_500_000_000, 640_000_000, 100_000_000))
    next_month.save(office)
    assert validated("2024-04")[0] == 0
    march, april = reports(office, giamngheo, "2024-03", "2024-04")
    assert "lũy kế giải ngân vốn năm 2024 là 1.640/9.400 triệu đồng, đạt 17,45%" in march, "April does not change it"
    assert "Trong tháng 4 năm 2024 giải ngân 600 triệu đồng" in april


def reports(office: Path, giamngheo: Reports, *periods: str) -> list[str]:
    """Text of the reports of a first and a last period, made by one command."""
    here = office.parents[2]
    done = giamngheo("batch", "huyen-moi", "..".join(periods), "--formats", "html", cwd=here)
    assert done.returncode == 0, done.stderr
    return [(here / "outputs" / "huyen-moi" / period / "report.html").read_text("utf-8") for period in periods]
