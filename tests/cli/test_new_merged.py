"""New workbooks of units made on 1 July 2025, from those of the district or the communes before."""

import datetime as dt

import pytest

from giamngheo.regulation.units import unit
from giamngheo.workbook.new_year import fresh
from giamngheo.workbook.read.workbook import read_workbook, reading
from giamngheo.workbook.schema import commune_tables
from giamngheo.workbook.write.template import write_workbook
from tests.checks.conftest import day, flow, stock

EVE = dt.date(2024, 12, 31)
STOCKS = {"23422": (810, 300, 90), "23425": (910, 400, 60)}


def capital(source, amount):
    row = {"decision": "1/QĐ", "project_code": "1.1", "source": source, "budget_level": "central"}
    return row | {"date": day("2024-01-10"), "fund_year": 2024, "planned_vnd": amount}


def paid(source, amount):
    row = {"date": day("2024-12-31"), "project_code": "1.1", "source": source}
    return row | {"fund_year": 2024, "disbursed_vnd": amount}


def stocks(*codes):
    return [stock(date, code, *STOCKS[code]) for date in ("2023-12-31", "2024-12-31") for code in codes]


@pytest.fixture
def run(called, tmp_path):
    """Runs the command with the data folder of the test, its output and errors in one text."""

    def command(*words):
        done = called(*words, "--data", tmp_path / "data")
        return done.returncode, done.stdout + done.stderr

    return command


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def written(folder, name, code, **tables):
    path = folder / name / "2024.xlsx"
    path.parent.mkdir()
    write_workbook(path, fresh(unit(code, on=EVE), 2024) | tables, year=2024)
    return path


def begun(folder):
    return read_workbook(folder / "xa-tu-mo-rong/2025.xlsx", "xa-tu-mo-rong", 2025)


def openings(dataset, name="poor_flows"):
    flows = dataset[name]
    return flows[flows["date"] == "2025-12-31"].set_index("unit_code")["opening_households"].to_dict()


def test_a_commune_goes_on_from_the_districts_workbook(run, folder):
    district = written(
        folder,
        "tu-mo-rong",
        "617",
        reviews=[*stocks("23422", "23425"), stock("2024-12-31", "23404", 500, 100, 50)],
        poor_flows=[
            flow(code, STOCKS[code][1], 5, 5, 0, 5, 0, 5, 0, STOCKS[code][1]) | {"date": day("2024-12-31")}
            for code in STOCKS
        ],
        capital=[capital("investment", 1000)],
        disbursements=[paid("investment", 400)],
    )

    code, said = run("new", "xã Tu Mơ Rông", "2025", "--code", "23425", "--from", district)

    assert code == 0, said
    assert "không chia được cho đơn vị mới" in said
    assert "Chưa có kết quả rà soát" not in said
    dataset = begun(folder)
    reviews = dataset["reviews"]
    assert sorted(zip(reviews["date"].dt.year, reviews["unit_code"], reviews["households"], strict=True)) == [
        (2023, "23422", 810),
        (2023, "23425", 910),
        (2024, "23422", 810),
        (2024, "23425", 910),
    ]
    assert openings(dataset) == {"23425": 300 + 400}
    assert openings(dataset, "near_poor_flows") == {"23425": 90 + 60}
    assert dataset["capital"].empty
    assert dataset.form["issuing_body"] == "PHÒNG KINH TẾ"
    code, said = run("validate", "xa-tu-mo-rong", "2025-08")
    assert code == 0, said


def test_a_commune_goes_on_from_the_workbooks_of_those_it_was_made_from(run, folder):
    one = written(
        folder,
        "mot",
        "23422",
        reviews=stocks("23422"),
        capital=[capital("investment", 1000)],
        disbursements=[paid("investment", 400)],
    )
    other = written(
        folder,
        "hai",
        "23425",
        reviews=stocks("23425"),
        capital=[capital("investment", 50)],
        disbursements=[paid("investment", 0)],
    )

    code, said = run("new", "xa-tu-mo-rong", "2025", "--code", "23425", "--from", one, "--from", other)

    assert code == 0, said
    dataset = begun(folder)
    assert openings(dataset) == {"23425": 700}
    assert dataset["capital"]["planned_vnd"].tolist() == [600 + 50]
    assert dataset["capital"]["fund_year"].tolist() == [2024]


def test_half_of_the_predecessors_is_told_and_opens_nothing(run, folder):
    other = written(folder, "hai", "23425", reviews=stocks("23425"), capital=[capital("investment", 50)])

    _, said = run("new", "xa-tu-mo-rong", "2025", "--code", "23425", "--from", other)

    assert "Chưa có kết quả rà soát ngày 31/12/2024 của: 23422 Tu Mơ Rông." in said
    assert openings(begun(folder)) == {}
    assert begun(folder)["capital"].empty


def test_a_district_that_still_stands_goes_on_until_its_last_day(run, folder):
    district = written(folder, "tu-mo-rong", "617", reviews=stocks("23422", "23425"))

    code, said = run("new", "tu-mo-rong", "2025", "--from", district)
    assert code == 0, said

    dataset = read_workbook(folder / "tu-mo-rong/2025.xlsx", "tu-mo-rong", 2025)
    assert dataset.form["unit_code"] == "617"


def test_a_unit_that_is_no_more_says_where_it_went(run, folder):
    path = folder / "van-phong" / "2025.xlsx"
    path.parent.mkdir()
    write_workbook(path, fresh(unit("617", on=dt.date(2025, 6, 30)), 2025), year=2025)

    code, said = run("new", "van-phong", "2026", "--from", path)

    assert code == 2
    assert "huyện Tu Mơ Rông (mã 617) chỉ có đến hết ngày 30/06/2025" in said
    assert "23416, 23419, 23425, 23446" in said


def test_communes_of_a_province_open_with_the_sums_of_those_they_were_made_from(run, folder):
    path = folder / "quang-ngai" / "2025.xlsx"
    path.parent.mkdir()
    records = fresh(unit("51", on=dt.date(2025, 7, 1)), 2025)
    few = [each for each in records["units"] if each["code"] in {"51", "62", "617", "23422", "23425", "23416"}]
    write_workbook(path, records | {"units": few, "reviews": stocks("23422", "23425")[2:]}, year=2025)

    code, said = run("new", "quang-ngai", "2025", "--for-communes")

    assert code == 0, said
    files = sorted((folder / "quang-ngai/2025-xa").glob("*.xlsx"))
    assert len(files) == 2
    (file,) = [each for each in files if each.stem.startswith("23425")]
    dataset = reading(file, "x", 2025, commune_tables()).dataset
    assert dataset["poor_flows"]["opening_households"].tolist() == [700]
