"""A letter that no figure can show is told by what checks the workbook, before the report stops at it."""

import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from giamngheo.cli import main
from giamngheo.demo.households import make_household_demo
from giamngheo.report.drawing.letters import unknown_letter
from giamngheo.report.language.names import LATIN

ROOT = Path(__file__).parents[3]


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
    assert [letter for letter in map(chr, range(0x3000)) if LATIN.fullmatch(letter) and unknown_letter(letter)] == []


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
