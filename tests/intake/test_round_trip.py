"""A workbook reads the same when another program has saved it, and as it was written."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from giamngheo.cli.new import command as new
from giamngheo.intake.fill import fill_workbook
from giamngheo.intake.reader import Reading, reading
from giamngheo.intake.schema import Column, Table, choices, tables
from giamngheo.intake.template import write_workbook

DATA = Path(__file__).parents[2] / "data"
YEAR = 2024
OF_ROWS = [table for table in tables() if table.layout == "rows"]


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> dict[str, Path]:
    """The real workbook, a made-up one and an empty one, each under a name of its own."""
    folder = tmp_path_factory.mktemp("sources")
    new.callback(unit="tu-mo-rong", year=YEAR, data=str(folder), before=None, for_communes=False)
    found = {
        "real": DATA / "tu-mo-rong" / "2023.xlsx",
        "demo": DATA / "demo" / "ngan-ha" / "2024.xlsx",
        "new": folder / "tu-mo-rong" / f"{YEAR}.xlsx",
    }
    return {name: Path(shutil.copy(path, folder / f"{name}.xlsx")) for name, path in found.items()}


@pytest.fixture(scope="module")
def office(sources, tmp_path_factory) -> Path:
    """The folder of the workbooks as LibreOffice saves them."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", folder, *sources.values()]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder


@pytest.mark.parametrize("name", ["real", "demo", "new"])
def test_a_workbook_that_openpyxl_saved_reads_the_same(name, sources, tmp_path):
    copy = tmp_path / f"{name}.xlsx"
    openpyxl.load_workbook(sources[name]).save(copy)
    assert_same(reading(copy, "x", YEAR), reading(sources[name], "x", YEAR))


@pytest.mark.parametrize("name", ["real", "demo", "new"])
def test_a_workbook_that_libreoffice_saved_reads_the_same(name, sources, office):
    assert_same(reading(office / f"{name}.xlsx", "x", YEAR), reading(sources[name], "x", YEAR))


def assert_same(found: Reading, expected: Reading) -> None:
    assert (found.dataset.form, found.findings) == (expected.dataset.form, expected.findings)
    assert found.dataset.letters == expected.dataset.letters
    for name, frame in expected.dataset.tables.items():
        pd.testing.assert_frame_equal(found.dataset[name], frame)


def value(column: Column, number: int) -> object:
    """A value that fits a column, another one for each number."""
    if column.choices and column.kind == "choice":
        words = list(choices(column.choices))
        return words[number % len(words)]
    return {
        "text": f'=HYPERLINK("x") & {number}, "ngoặc", <b>, Đắk Hà',
        "code": f"0{number}",
        "date": dt.datetime(YEAR, 1 + number, 28),  # noqa: DTZ001
        "year": 2020 + number,
        "period": ("2024-08", "2024-Q3", "2024-H1", "2024-9M", "2024")[number % 5],
        "count": number,
        "money": 4_569_482_000 + number,
    }[column.kind]


def records(table: Table, count: int) -> list[dict[str, object]]:
    return [{column.name: value(column, number) for column in table.columns} for number in range(count)]


@pytest.mark.parametrize("filled", [False, True], ids=["written", "filled"])
def test_every_column_of_every_table_is_read_as_it_was_written(filled, tmp_path):
    path, count = tmp_path / "2024.xlsx", 7
    typed = {table.name: records(table, 1 if table.layout == "record" else count) for table in tables()}
    if filled:
        write_workbook(path, {"form": typed["form"]}, year=YEAR)
        fill_workbook(path, {table.name: pd.DataFrame(typed[table.name]) for table in OF_ROWS})
    else:
        write_workbook(path, typed, year=YEAR)

    found = reading(path, "x", YEAR)

    assert found.findings == ()
    assert found.dataset.form == typed["form"][0]
    for table in OF_ROWS:
        read = found.dataset[table.name].drop(columns="row").to_dict("records")
        assert read == typed[table.name]
