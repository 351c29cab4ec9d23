"""What `import giamngheo` offers: the tables of all workbooks, the review in a household file, statistics by name."""

import datetime as dt
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import giamngheo
from giamngheo.analysis import Data, NoTableError
from giamngheo.core.period import MalformedPeriodError
from giamngheo.demo.households import make_household_demo
from giamngheo.report import monthly
from giamngheo.report.parameters import UnknownChoiceError

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
    assert data.reviews.groupby("unit")["date"].is_monotonic_increasing.all()
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
    assert [data.on(told).day for told in ("2022-06", "2022-Q2", "2022-H1")] == [early.day] * 3
    assert data.on(2022).day == data.on(dt.date(2022, 12, 31)).day
    with pytest.raises(MalformedPeriodError, match="2022-13"):
        data.on("2022-13")


def test_reprs_are_short(data: Data) -> None:
    assert len(repr(data)) < 200
    assert repr(data.of("tu-mo-rong").books[0]).startswith("<giamngheo workbook tu-mo-rong/2023.xlsx: ")
    assert repr(monthly.facts("tu-mo-rong", "2023-08", str(ROOT / "data"))).startswith(
        "<giamngheo facts of huyện Tu Mơ Rông, 2023-08, internal"
    )
    assert data._repr_html_().count("<tr>") == 12
    assert len(data._repr_html_()) < 2000


def test_other_tables_have_their_names_in_the_guide(data: Data) -> None:
    assert {"unit", "year", "agency", "text", "row"} <= set(data.table("tasks"))
    with pytest.raises(NoTableError, match="không có bảng nothing") as raised:
        data.table("nothing")
    assert raised.value._render_traceback_() == [str(raised.value)]


def test_a_table_that_one_changes_is_as_it_was_for_the_next(data: Data) -> None:
    changed = data.reviews
    changed["poor_households"] = 0
    assert giamngheo.open(str(data.folder)) is data
    assert data.reviews["poor_households"].sum() > 0


def test_codes_have_names_and_levels_beside_them(data: Data) -> None:
    assert set(data.reviews["level_name"]) == {"Huyện", "Xã"}
    sources = data.execution.drop_duplicates("source").set_index("source")["source_name"]
    assert sources[""] == "Tất cả nguồn"
    assert sources.notna().all()
    assert data.disbursements["source_name"].notna().all()


def test_one_unit_is_found_by_a_number_too(data: Data) -> None:
    book = replace(data.books[0], unit="9000003")
    assert list(replace(data, books=(book, *data.books)).of(9000003).units["unit"].unique()) == ["9000003"]
    for choose in (data.of, lambda name: giamngheo.open(str(data.folder), name)):
        with pytest.raises(UnknownChoiceError, match="Đơn vị 'không'"):
            choose("không")


def test_deprivations_are_a_row_an_indicator(data: Data) -> None:
    day, blank = pd.Timestamp(2023, 12, 31), {f"lacking_{n:02}_households": pd.NA for n in range(1, 13)}
    book = data.books[-1]
    own = {"date": day, "unit_code": book.form["unit_code"], "row": 4, "note": ""}
    lacks = pd.DataFrame([own | blank | {"lacking_03_households": 7}]).astype({"date": "datetime64[us]"})
    filled = replace(data, books=(replace(book, tables={**book.tables, "poor_lacks": lacks}),))
    table = filled.deprivations.set_index("indicator")
    assert (table["households"]["03"], table["indicator_name"]["03"]) == (7, "Dinh dưỡng")
    assert pd.isna(table["households"]["04"])
    assert set(table["class"]) == {"poor"}
    assert len(data.deprivations) == 0


def test_resources_beyond_the_budget_are_a_table() -> None:
    demo = giamngheo.open(str(ROOT / "data" / "demo"), "nhan-ma")
    assert {book.unit for book in demo.books} == set(demo.curves["unit"]) == {"nhan-ma"}
    resources = demo.resources
    assert {"project_name", "source_name", "mobilised_vnd"} <= set(resources)
    assert len(resources) > 0
    assert resources["source_name"].notna().all()


def test_curves_of_units_without_a_workbook_are_those_of_the_file() -> None:
    demo = giamngheo.open(str(ROOT / "data" / "demo"))
    assert {"ngan-ha", "hoang-dao"} <= set(demo.curves["unit"])
    assert not demo.curves.duplicated(["unit", "fund_year", "month"]).any()
    assert set(demo.of("ngan-ha").curves["unit"]) == {"ngan-ha"}
    known = demo.on("2023-06").curves.set_index("unit").loc["hoang-dao"]
    assert known.loc[known["fund_year"] == 2023, "month"].max() == 6


def test_texts_are_kept_as_they_are_without_pyarrow(data: Data) -> None:
    assert {str(data.reviews.dtypes[name]) for name in ("unit", "unit_code", "unit_name")} == {"str"}
    assert pd.get_option("mode.string_storage") == "python"


def test_made_up_data_say_so(data: Data) -> None:
    assert data.of("ngan-ha").marking.marking == "SỐ LIỆU GIẢ LẬP"
    assert data.of("tu-mo-rong").marking.marking == ""


def test_a_workbook_is_read_again_only_when_it_changes(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("giamngheo.analysis._OPENED", {})
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
