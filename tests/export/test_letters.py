"""A letter that no figure can show is told by what checks the workbook, before the report stops at it."""

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from giamngheo.cli import main
from giamngheo.demo.households import make_household_demo
from giamngheo.export.letters import PLAIN
from giamngheo.report.drawing.letters import unknown_letter

ROOT = Path(__file__).parents[2]


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def renamed(path: Path, name: str) -> str:
    """Give the last unit of a workbook another name; return its cell."""
    book = openpyxl.load_workbook(path)
    sheet = book["Đơn vị"]
    row = max(cell.row for cell in sheet["B"] if cell.value)
    sheet[f"B{row}"] = name
    book.save(path)
    return f"B{row}"


def test_letters_taken_as_shown_are_in_the_font() -> None:
    plain = re.compile(f"[{PLAIN}]")
    assert [letter for letter in map(chr, range(0x3000)) if plain.fullmatch(letter) and unknown_letter(letter)] == []


@pytest.mark.parametrize(("name", "letter"), [("Xã 村", "村"), ("Xã \u0e01", "\u0e01"), ("Xã 😀", "😀")])
def test_validate_tells_what_stops_the_report(name: str, letter: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "demo" / "ngan-ha", tmp_path / "ngan-ha")
    cell = renamed(tmp_path / "ngan-ha" / "2023.xlsx", name)
    told = run("validate", "ngan-ha", "2023-12", "--data", tmp_path)
    assert told.exit_code == 1
    assert f"[unknown-letter] 2023.xlsx, trang 'Đơn vị', ô {cell}" in told.output
    assert letter in told.output


def test_check_of_a_household_file_tells_it_too(tmp_path: Path) -> None:
    _, now, _, workbook = make_household_demo(tmp_path, 700, year=2023, seed=1)
    cell = renamed(workbook, "Thôn 村")
    told = run("households", "check", now, workbook)
    assert told.exit_code == 1
    assert f"trang 'Đơn vị', ô {cell}" in told.output
    assert f"{now.name}: 1 loại lỗi." in told.output


CELLS = {
    "Hoạt động": "B5",
    "Thể thức": "B8",
    "Nơi nhận": "B5",
    "Văn bản": "F5",
    "Phân công": "B6",
    "Giải pháp": "A6",
    "Phương hướng": "B5",
    "Kế hoạch": "D5",
    "Vốn giao": "B5",
    "Giải ngân": "F5",
}
"""A cell of each sheet with text that is printed."""


def written(folder: Path, cells: dict[str, str], text: str) -> None:
    """Write a text into cells of a copy of a workbook, by sheet."""
    shutil.copytree(ROOT / "data" / "tu-mo-rong", folder / "tu-mo-rong")
    path = folder / "tu-mo-rong" / "2023.xlsx"
    book = openpyxl.load_workbook(path)
    for sheet, cell in cells.items():
        book[sheet][cell] = text
    book.save(path)


def test_validate_tells_a_letter_of_any_text_that_the_pdf_cannot_show(tmp_path: Path) -> None:
    written(tmp_path, CELLS, "Đã xong ✅")
    told = run("validate", "tu-mo-rong", "--data", tmp_path)
    places = re.findall(r"\[unknown-letter\] 2023.xlsx, trang '(.+)', ô (\w+)", told.output)
    assert dict(places) == CELLS
    assert told.output.count("'Đã xong ✅' có ký tự '✅' mà báo cáo không in được") == len(CELLS)


def test_signs_that_another_font_of_the_report_has_are_no_fault(tmp_path: Path) -> None:
    written(tmp_path, CELLS, "➢ Đã xong ✔ → ● ☐ ½ “xã” – ‘thôn’… \uf0b7")
    assert "unknown-letter" not in run("validate", "tu-mo-rong", "--data", tmp_path).output


def test_what_is_not_printed_may_have_any_letter(tmp_path: Path) -> None:
    written(tmp_path, {"Đơn vị": "I5", "Vốn giao": "H5"}, "✅")
    assert "unknown-letter" not in run("validate", "tu-mo-rong", "2023-08", "--data", tmp_path).output


def test_texts_of_another_period_stop_no_report(tmp_path: Path) -> None:
    written(tmp_path, {"Hoạt động": "B5"}, "✅")
    book = openpyxl.load_workbook(tmp_path / "tu-mo-rong" / "2023.xlsx")
    book["Hoạt động"]["A5"] = "2023-03"
    book.save(tmp_path / "tu-mo-rong" / "2023.xlsx")
    assert "unknown-letter" in run("validate", "tu-mo-rong", "2023-03", "--data", tmp_path).output
    assert "unknown-letter" not in run("validate", "tu-mo-rong", "2023-08", "--data", tmp_path).output
