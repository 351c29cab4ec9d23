"""Files that everybody can read: pages by axe-core and the contrast of their colours, sheets of data by their form."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

import nbformat
import openpyxl
import pytest

from giamngheo.export.document import document
from giamngheo.export.html import html
from giamngheo.site.index import make_site
from giamngheo.site.page import INDEX, site_pages

ROOT = Path(__file__).parents[2]
LIB = ROOT / "lib" / "giamngheo"
STYLES = [LIB / "export" / "templates" / "document.css", LIB / "site" / "templates" / "site.css"]
LOCATED = ["23417", "23422", "23425"]
"""Communes that the register has a place of, so that the list has a map."""

LEAST_OF_TEXT, LEAST_OF_SIGNS = 4.5, 3.0
"""Contrast that WCAG 2.2 asks for, 1.4.3 and 1.4.11."""


def palettes(style: str) -> list[Mapping[str, str]]:
    """Colours of a style sheet by their names, in the light and in the dark."""
    found = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    told = [dict(re.findall(r"--(\w+): (#\w+);", block)) for block in found]
    return [colours for colours in told if colours]


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_text_stands_out_from_what_it_stands_on(path: Path) -> None:
    both = palettes(path.read_text("utf-8"))
    assert len(both) == 2, "light and dark"
    for colours in both:
        inks = [colours[name] for name in ("ink", "soft", "blue", "red") if name in colours]
        papers = [colours[name] for name in ("paper", "desk", "shade", "hover") if name in colours]
        assert min(contrast(ink, paper) for ink, paper in product(inks, papers)) >= LEAST_OF_TEXT
        if "drawn" in colours:
            assert contrast(colours["drawn"], colours["paper"]) >= LEAST_OF_SIGNS


@pytest.fixture(scope="module")
def pages(report_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    out = tmp_path_factory.mktemp("outputs")
    (out / "tu-mo-rong").mkdir()
    (out / "tu-mo-rong" / "2023-08").symlink_to(report_folder, target_is_directory=True)
    made = document(nbformat.read(report_folder / "report.ipynb", as_version=4))
    report = html(replace(made, running_head="SỐ LIỆU GIẢ LẬP", note="Khác bản đã phát hành."))
    (listed,) = make_site(out).reports
    figures = [replace(listed.figures, code=code, unit=f"xã {code}") for code in LOCATED]
    units = [replace(listed, unit=each.code, figures=each) for each in figures]
    return {"report": report, "site": site_pages(units)[INDEX]}


@pytest.mark.parametrize("page", ["report", "site"])
@pytest.mark.parametrize("flag", ["--window-size=390,900", "--blink-settings=preferredColorScheme=0"])
def test_axe_finds_nothing(pages: Mapping[str, str], axe: Callable[..., list[object]], page: str, flag: str) -> None:
    assert axe(pages[page], flag) == []


def test_sheets_of_data_are_fit_for_screen_readers(report_folder: Path) -> None:
    book = openpyxl.load_workbook(report_folder / "tables.xlsx")
    first = book.sheetnames.index("Ghi chú")
    notes, *data = book.worksheets[first:]
    assert [row[0].value for row in notes.iter_rows(min_row=3)] == [sheet.title for sheet in data]
    assert len(data) == first
    for sheet in (notes, *data):
        headings = [cell.value for cell in sheet[1]]
        assert all(headings)
        assert len(set(headings)) == len(headings)
        assert not sheet.merged_cells.ranges
        assert all(any(cell.value is not None for cell in row) for row in sheet.iter_rows())
        assert not any(side.hidden for side in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()))
        assert (sheet.dimensions.partition(":")[0], sheet.freeze_panes) == ("A1", "A2")
