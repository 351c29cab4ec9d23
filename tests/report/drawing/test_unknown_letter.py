"""A letter that the figures cannot show ends the report in a sentence."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[3]

Command = Callable[..., subprocess.CompletedProcess[str]]


def test_a_commune_with_a_letter_that_the_font_lacks_ends_the_report(called: Command, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "demo" / "ngan-ha", tmp_path / "data" / "ngan-ha")
    path = tmp_path / "data" / "ngan-ha" / "2023.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "Ma Kết"]
    for cell in cells:
        cell.value = "Ma Kết 村"
    book.save(path)
    done = called("report", "ngan-ha", "2023-12", "--data", tmp_path / "data", "--out", tmp_path / "out")
    assert cells
    assert (done.returncode, done.stdout) == (1, "")
    assert "không có ký tự '村' (U+6751) trong “Ma Kết 村”" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob("report.*"))
