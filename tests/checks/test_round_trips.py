"""A workbook opened and saved again by another program says the same."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from giamngheo.workbook.new_year import commune_records, fits, fresh
from giamngheo.workbook.read.workbook import reading
from giamngheo.workbook.schema import commune_tables
from giamngheo.workbook.write.template import workbook, write_workbook

DATA = Path(__file__).parents[2] / "data"
REAL, DEMO = DATA / "tu-mo-rong" / "2023.xlsx", DATA / "demo" / "ngan-ha" / "2024.xlsx"
NAMES = ("real", "demo", "new", "commune", "careless")


def small(of: str) -> tuple:
    return commune_tables() if of == "commune" else None


def careless(path: Path) -> None:
    """The real workbook with numbers and dates typed as text, a note beside the table, a row and a sheet hidden."""
    book = openpyxl.load_workbook(REAL)
    sheet = book["Rà soát"]
    for reference, typed in {
        "A5": "31/12/2021",
        "C5": " 6.882 ",
        "C6": "６９６３",
        "F5": "nhiều",
        "Z5": "xem lại",
    }.items():
        sheet[reference].value, sheet[reference].data_type = typed, "s"
    sheet.row_dimensions[6].hidden = True
    book["Giải pháp"].sheet_state = "hidden"
    book.save(path)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sources")
    paths = {name: folder / f"{name}.xlsx" for name in NAMES}
    shutil.copy(REAL, paths["real"])
    shutil.copy(DEMO, paths["demo"])
    write_workbook(paths["new"], fresh(*fits("tu-mo-rong", 2024), 2024), year=2024)
    district = reading(DEMO, "ngan-ha", 2024).dataset
    code = district["units"].query("level == 'commune'")["code"].iloc[0]
    records = commune_records(district, code, {})
    paths["commune"].write_bytes(workbook(records, small("commune"), year=2024, kind="commune"))
    careless(paths["careless"])
    return paths


@pytest.fixture(scope="module")
def by_openpyxl(sources, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("openpyxl")
    for source in sources.values():
        openpyxl.load_workbook(source).save(folder / source.name)
    return {name: folder / source.name for name, source in sources.items()}


@pytest.fixture(scope="module")
def by_libreoffice(sources, tmp_path_factory) -> dict[str, Path]:
    if shutil.which("localc") is None:  # soffice may be Writer alone
        pytest.skip("LibreOffice Calc is not installed")
    folder = tmp_path_factory.mktemp("libreoffice")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["localc", profile, "--headless", "--convert-to", "xlsx", "--outdir", folder, *sources.values()]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {name: folder / source.name for name, source in sources.items()}


def assert_says_the_same(copy: Path, source: Path) -> None:
    found, plain = (reading(path, "x", 2023, small(source.stem)) for path in (copy, source))
    assert found.dataset.form == plain.dataset.form
    assert found.dataset.letters == plain.dataset.letters
    assert found.findings == plain.findings
    assert found.broken == plain.broken
    for name, frame in plain.dataset.tables.items():
        pd.testing.assert_frame_equal(found.dataset[name], frame)


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_saved_by_openpyxl_says_the_same(name, sources, by_openpyxl):
    assert_says_the_same(by_openpyxl[name], sources[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_saved_by_libreoffice_says_the_same(name, sources, by_libreoffice):
    assert_says_the_same(by_libreoffice[name], sources[name])


def test_the_workbooks_have_something_to_say(sources):
    told = {name: reading(path, "x", 2023, small(name)) for name, path in sources.items()}
    rows = {name: sum(map(len, read.dataset.tables.values())) for name, read in told.items()}
    assert rows["demo"] > rows["real"] > rows["new"] > rows["commune"] > 0
    assert {(finding.code, finding.cell) for finding in told["careless"].findings} >= {
        ("typed-as-text", "A5"),
        ("typed-as-text", "C5"),
        ("typed-as-text", "C6"),
        ("bad-cell", "F5"),
        ("hidden-row", "A6"),
        ("hidden-sheet", ""),
    }
