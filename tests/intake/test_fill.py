import datetime as dt

import openpyxl
import pandas as pd
import pytest

from giamngheo.intake.fill import Filled, fill_workbook
from giamngheo.intake.reader import read_workbook
from giamngheo.intake.template import write_workbook

DAY = dt.datetime(2022, 12, 31)  # noqa: DTZ001
FORM = {
    "unit_code": "617",
    "parent_body": "UBND",
    "issuing_body": "PHÒNG",
    "author_name": "Phòng",
    "number_symbol": "BC",
    "place": "Nơi",
    "addressee": "UBND",
    "signatory_office": "TRƯỞNG PHÒNG",
}
TYPED = {"date": DAY, "unit_code": "617", "households": 10, "poor_households": 3, "near_poor_households": 1}


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "2023.xlsx"
    units = [{"code": "617", "name": "Huyện", "level": "district"}]
    write_workbook(path, {"form": [FORM], "units": units, "reviews": [TYPED | {"note": "ghi tay"}]}, year=2023)
    return path


def reviews(*rows):
    frame = pd.DataFrame(rows).assign(date=pd.Timestamp(DAY))
    return {"reviews": frame.astype({name: "Int64" for name in frame if name.endswith("households")})}


def test_a_row_with_the_same_key_is_written_over_and_its_other_cells_stay(workbook):
    done = fill_workbook(workbook, reviews({"unit_code": "617", "households": 12, "poor_households": None}))
    row = read_workbook(workbook, "x", 2023)["reviews"].iloc[0]
    assert done == (Filled("reviews", replaced=1, added=0),)
    assert (row["households"], row["poor_households"], row["note"]) == (12, 3, "ghi tay")


def test_a_new_row_goes_below_the_last(workbook):
    row = {"unit_code": "23404", "households": 5, "poor_households": 1, "near_poor_households": 0}
    assert fill_workbook(workbook, reviews(row)) == (Filled("reviews", replaced=0, added=1),)
    table = read_workbook(workbook, "x", 2023)["reviews"]
    assert table[["row", "unit_code", "households"]].values.tolist() == [[5, "617", 10], [6, "23404", 5]]


def test_an_empty_sheet_is_filled_below_its_header(workbook):
    flows = pd.DataFrame({"date": [pd.Timestamp(DAY)], "unit_code": ["617"], "opening_households": [9]})
    fill_workbook(workbook, {"poor_flows": flows})
    assert read_workbook(workbook, "x", 2023)["poor_flows"]["row"].tolist() == [5]


def test_the_workbook_before_stays_beside_and_formats_stay_in(workbook):
    before = workbook.read_bytes()
    fill_workbook(workbook, reviews({"unit_code": "617", "households": 12}))
    assert workbook.with_suffix(".xlsx.bak").read_bytes() == before
    sheet = openpyxl.load_workbook(workbook)["Rà soát"]
    assert sheet["C5"].number_format == "#,##0"
    assert sheet.freeze_panes == "A5"
    assert sheet.data_validations.dataValidation


def test_a_text_that_looks_like_a_formula_stays_a_text(workbook):
    row = {"unit_code": "=1+1", "households": 5, "poor_households": 1, "near_poor_households": 0}
    fill_workbook(workbook, reviews(row))
    assert openpyxl.load_workbook(workbook)["Rà soát"]["B6"].data_type == "s"
