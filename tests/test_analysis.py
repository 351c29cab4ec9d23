"""What `import giamngheo` offers: the tables of all workbooks, the review in a household file, statistics by name."""

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import giamngheo
from giamngheo.analysis import Data, NoTableError
from giamngheo.demo.households import make_household_demo

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """The workbooks of Tu Mơ Rông and of the made-up district, in one folder."""
    folder = tmp_path_factory.mktemp("analysis") / "data"
    shutil.copytree(ROOT / "data" / "tu-mo-rong", folder / "tu-mo-rong")
    shutil.copytree(ROOT / "data" / "demo" / "ngan-ha", folder / "ngan-ha")
    return giamngheo.open(str(folder))


def test_everything_that_is_offered_is_there_and_told() -> None:
    assert set(giamngheo.__all__) == set(dir(giamngheo))
    for name in giamngheo.__all__:
        assert getattr(giamngheo, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        giamngheo.nothing  # noqa: B018


def test_the_package_loads_nothing_before_it_is_used() -> None:
    look = "import sys, giamngheo; print(sorted(set(sys.modules) & {'pandas', 'duckdb', 'giamngheo.analysis'}))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"


def test_reviews_of_all_units_have_names_and_rates(data: Data) -> None:
    own = data.reviews[data.reviews["unit"] == "tu-mo-rong"].set_index("date")
    assert list(own["unit_name"]) == ["Tu Mơ Rông"] * 2
    assert list(own["poor_households"]) == [3546, 2859]
    assert own["poor_rate_pct"][dt.datetime(2022, 12, 31)] == 100 * 2859 / 6963  # noqa: DTZ001
    assert set(data.reviews["level"]) == {"district", "commune"}


def test_a_review_that_two_workbooks_repeat_is_there_once(data: Data) -> None:
    keys = ["unit", "unit_code", "date"]
    assert not data.reviews.duplicated(keys).any()
    assert set(data.units["year"]) > {2023}


def test_money_is_whole_dong_with_the_names_of_its_contents(data: Data) -> None:
    lines = data.execution[(data.execution["unit"] == "tu-mo-rong") & (data.execution["source"] == "")]
    line = lines.set_index("project_code").loc["1.1"]
    assert (line["planned_vnd"], line["disbursed_vnd"]) == (46_440_000_000, 4_569_482_000)
    assert line["rate_pct"] == 100 * 4_569_482_000 / 46_440_000_000
    assert line["project_name"] == "Hạ tầng huyện nghèo, xã bãi ngang"
    planned = data.capital[data.capital["unit"] == "tu-mo-rong"]["planned_vnd"]
    assert planned.sum() == lines["planned_vnd"].sum() == 71_972_000_000


def test_flows_of_both_classes_stand_in_one_table(data: Data) -> None:
    own = data.flows[data.flows["unit"] == "tu-mo-rong"].set_index("class")
    assert own["left_households"].to_dict() == {"poor": 742, "near_poor": 228}


def test_what_was_known_on_a_day_has_no_later_row(data: Data) -> None:
    early = data.on("2022-06-30")
    assert early.reviews["date"].max() == pd.Timestamp(2022, 6, 30)
    assert len(early.disbursements) < len(data.disbursements)
    assert "known on 30/06/2022" in repr(early)


def test_reprs_are_short(data: Data) -> None:
    assert len(repr(data)) < 200
    assert data._repr_html_().count("<tr>") == 10
    assert len(data._repr_html_()) < 2000


def test_other_tables_have_their_names_in_the_guide(data: Data) -> None:
    assert {"unit", "year", "agency", "text", "row"} <= set(data.table("tasks"))
    with pytest.raises(NoTableError, match="không có bảng nothing"):
        data.table("nothing")


def test_a_workbook_is_read_again_only_when_it_changes(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("giamngheo.analysis.read_workbook", lambda *_: pytest.fail("read again"))
    assert len(giamngheo.open(str(data.folder)).books) == len(data.books)


def test_a_household_file_gives_the_same_tables(tmp_path: Path) -> None:
    before, now, _, workbook = make_household_demo(tmp_path, 700, year=2023, seed=2)
    review = giamngheo.household_review(str(now), str(workbook), before=str(before))
    district = review.summary[review.summary["level"] == "district"].iloc[0]
    assert (district["households"], repr(review)) == (700, "<giamngheo review of 31/12/2023: 700 households>")
    assert district["poor_rate_pct"] == 100 * district["poor_households"] / 700
    flows = review.flows[review.flows["unit_code"] == district["unit_code"]].set_index("class")
    assert flows["closing_households"]["poor"] == district["poor_households"]


def test_curves_say_what_each_month_had_disbursed(data: Data) -> None:
    own = data.curves[data.curves["unit"] == "tu-mo-rong"].set_index("month")
    assert own.loc[8, ["fund_year", "planned_vnd", "disbursed_vnd"]].tolist() == [2023, 71_972_000_000, 4_569_482_000]
    assert not data.curves.isna().any(axis=None)
