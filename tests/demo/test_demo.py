"""The made-up province holds what Decision 24/2021 and the Treasury hold true, whatever the seed."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giamngheo.checks.consistency import findings
from giamngheo.demo.households import make_household_demo
from giamngheo.demo.places import FEWEST_COMMUNES, MOST_COMMUNES, TooManyDistrictsError, districts, folder_name
from giamngheo.demo.workbook import datasets, make_province
from giamngheo.regulation import units as register
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.workbook import read_workbook

SEEDS = range(0, 10_000, 800)
ANY_SEED = st.sampled_from(SEEDS)
SLOW = settings(max_examples=10, deadline=None, derandomize=True)


@cache
def made(seed: int) -> list[Dataset]:
    (district,) = districts(seed, 1)
    return list(datasets(district))


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Those of the province of seed 1."""
    return list(make_province(tmp_path_factory.mktemp("province"), seed=1, count=1))


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_data_has_no_finding(seed: int) -> None:
    assert findings(made(seed)[seed % 3]) == []


def test_a_single_year_has_no_finding() -> None:
    (district,) = districts(4, 1)
    (data,) = datasets(district, 1)
    assert findings(data) == []


@SLOW
@given(ANY_SEED)
def test_flows_close_and_lead_from_stock_to_stock(seed: int) -> None:
    data = made(seed)[-1]
    poor, near = data["poor_flows"], data["near_poor_flows"]
    for unit in ("households", "persons"):
        assert poor[f"left_to_other_class_{unit}"].equals(near[f"entered_from_other_class_{unit}"])
        assert near[f"left_to_other_class_{unit}"].equals(poor[f"entered_from_other_class_{unit}"])
        for flows, name in ((poor, "poor"), (near, "near_poor")):
            out = sum(flows[f"{flow}_{unit}"] for flow in ("left_to_other_class", "left_above", "other_decrease"))
            come = sum(
                flows[f"{flow}_{unit}"] for flow in ("entered_from_other_class", "fell_back", "new", "other_increase")
            )
            assert (flows[f"closing_{unit}"] == flows[f"opening_{unit}"] - out + come).all()
            stocks = data["reviews"].set_index(["unit_code", "date"])[f"{name}_{unit}"]
            known = flows[flows["date"].dt.year >= 2023]
            keys = pd.MultiIndex.from_frame(known[["unit_code", "date"]])
            assert (known[f"closing_{unit}"].array == stocks.reindex(keys).array).all()


@SLOW
@given(ANY_SEED)
def test_communes_add_up_to_the_district(seed: int) -> None:
    for data in made(seed):
        for name in ("reviews", "poor_flows", "near_poor_flows", "plans"):
            frame = data[name]
            figures = [column for column in frame if column.endswith(("households", "persons", "deprivations"))]
            whole = frame[frame["unit_code"] == data.form["unit_code"]].set_index("date")[figures]
            parts = frame[frame["unit_code"] != data.form["unit_code"]]
            summed = parts.groupby("date")[figures].sum(min_count=1)
            pd.testing.assert_frame_equal(whole, summed, check_names=False)


@SLOW
@given(ANY_SEED)
def test_years_follow_each_other(seed: int) -> None:
    for before, now in pairwise(made(seed)):
        day = pd.Timestamp(before.year, 12, 31)
        closing, opening = (
            data["reviews"][data["reviews"]["date"] == day].drop(columns="row") for data in (before, now)
        )
        pd.testing.assert_frame_equal(closing.reset_index(drop=True), opening.reset_index(drop=True))
        paid = before["disbursements"].query("date == @day and fund_year == @before.year")["disbursed_vnd"].sum()
        planned = before["capital"].query("fund_year == @before.year")["planned_vnd"].sum()
        carried = now["capital"].query("fund_year == @before.year")["planned_vnd"].sum()
        assert 0 <= planned - paid - carried < 20_000_000 * 15


@SLOW
@given(ANY_SEED)
def test_disbursement_grows_within_the_plan(seed: int) -> None:
    for data in made(seed):
        lines = data["disbursements"].groupby(["project_code", "source", "fund_year"])["disbursed_vnd"]
        assert (lines.diff().dropna() >= 0).all()
        planned = data["capital"].groupby(["project_code", "source", "fund_year"])["planned_vnd"].sum()
        assert (lines.max() <= planned).all()


def test_no_unit_is_a_real_one() -> None:
    made_up = districts(1, 20)
    codes = [code for district in made_up for code in (district.code, *district.codes)]
    assert len(set(codes)) == len(codes)
    assert all(FEWEST_COMMUNES <= len(district.communes) <= MOST_COMMUNES for district in made_up)
    assert not any(register.known(code) for code in ["99", *codes])
    assert all(int(code) >= (980 if len(code) == 3 else 99_000) for code in codes)
    names = [name for district in made_up for name in (district.name, *(name for _, name in district.communes))]
    assert len(set(names)) == len(names)


def test_more_districts_than_names() -> None:
    with pytest.raises(TooManyDistrictsError, match="từ 1 đến 20 huyện"):
        districts(1, 21)


def test_a_district_does_not_depend_on_how_many_there_are() -> None:
    assert districts(5, 3)[:2] == districts(5, 2)


def test_the_file_reads_as_it_was_made(workbooks: list[Path]) -> None:
    data = made(1)[1]
    read = read_workbook(workbooks[1], data.unit, data.year)
    assert read.findings == ()
    assert (read.form, read.letters, read.file) == (data.form, data.letters, data.file)
    for name, frame in data.tables.items():
        pd.testing.assert_frame_equal(read[name], frame)


def test_the_same_seed_gives_the_same_bytes(workbooks: list[Path], tmp_path: Path) -> None:
    again = make_province(tmp_path / "again", seed=1, count=1)
    assert [path.read_bytes() for path in workbooks] == [path.read_bytes() for path in again]
    other = next(make_province(tmp_path / "other", seed=2, count=1))
    assert other.name == workbooks[0].name
    assert other.read_bytes() != workbooks[0].read_bytes()


def test_the_district_in_the_data_folder_is_the_first_of_seed_1(workbooks: list[Path]) -> None:
    kept = Path(__file__).parents[2] / "data" / "demo" / "ngan-ha"
    for path in workbooks:
        data = read_workbook(kept / path.name, "ngan-ha", int(path.stem))
        fresh = read_workbook(path, "ngan-ha", int(path.stem))
        assert data.form == fresh.form
        for name, frame in fresh.tables.items():
            pd.testing.assert_frame_equal(data[name], frame)


def test_names_of_folders_are_plain_letters() -> None:
    assert folder_name("Ngân Hà") == "ngan-ha"
    assert folder_name("Đại Hùng") == "dai-hung"


def test_a_demo_of_several_districts_has_a_workbook_of_their_province(tmp_path: Path) -> None:
    """The files of 300,000 households are read with it as those of 7,000 are."""
    *files, _, book = make_household_demo(tmp_path, 8_000, year=2023, seed=1)
    data = read_workbook(book, "households", 2024)
    levels = data["units"].set_index("code")["level"]
    assert levels[data.form["unit_code"]] == "province"
    assert list(levels).count("district") == 2
    assert sum(path.suffix == ".parquet" for path in files) == 2
