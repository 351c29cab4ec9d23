"""Units compared over the years of the demo district."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from giamngheo.core.paths import UnknownUnitError
from giamngheo.report.elements import DataTable, Figure, Prose
from giamngheo.report.explore import compare
from giamngheo.report.explore.compare import Comparison
from giamngheo.report.parameters import UnknownChoiceError

ROOT = Path(__file__).parents[3]
DATA = str(ROOT / "data" / "demo")


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return compare.comparison(DATA, units="ngan-ha", level="commune")


def test_every_commune_has_a_row_and_every_year_a_column(compared: Comparison) -> None:
    table = compare.trend_table(compared)
    assert compared.years == (2021, 2022, 2023, 2024)
    assert repr(compared) == "<giamngheo comparison of 11 units, 2021–2024>"
    assert len(table.frame) == len(set(compared.ends["unit_code"])) == 11
    row = table.frame.iloc[0]
    assert row["reduced_pp"] == pytest.approx(row["y2021"] - row["y2024"])
    assert row["yearly_pp"] == pytest.approx(row["reduced_pp"] / 3)
    assert "các năm 2021-2024" in table.caption


def test_the_reporting_unit_alone_and_fewer_years() -> None:
    whole = compare.comparison(DATA, units="ngan-ha", years="2023-2024", indicator="poor")
    frame = compare.trend_table(whole).frame
    assert frame["unit_name"].tolist() == ["Ngân Hà"]
    assert list(whole.years) == [2023, 2024]
    assert compare.speed_table(whole).frame["year"].tolist() == [2024]


def test_ranks_and_bars_are_of_the_same_order(compared: Comparison) -> None:
    ranks = compare.ranks_table(compared).frame
    assert ranks["y2024"].tolist() == sorted(ranks["y2024"])
    bars = compare.side_figure(compared, 2024)
    assert isinstance(bars, Figure)
    assert bars.alt.split(": ", 1)[1].startswith(f"{ranks['unit_name'].iloc[0]} ")


def test_the_plan_stands_beside_what_was_done(compared: Comparison) -> None:
    table = compare.speed_table(compared)
    assert "1–1,5 điểm phần trăm mỗi năm" in table.note
    frame = table.frame.dropna(subset="done_pct")
    assert (frame["reduced_pp"] / frame["planned_pp"] * 100 - frame["done_pct"]).abs().max() < 1e-9
    assert set(table.frame["year"]) == {2022, 2023, 2024}


def test_no_line_and_no_speed_crosses_another_standard(compared: Comparison) -> None:
    other = replace(compared, breaks={2023: "Nghị định giả"})
    drawn = compare.trend_figure(other)
    assert isinstance(drawn, Figure)
    assert ">chuẩn của Nghị định giả<" in drawn.svg
    assert "từ năm 2023 theo Nghị định giả" in drawn.alt
    frame = compare.trend_table(other).frame
    assert frame["reduced_pp"].iloc[0] == pytest.approx(frame["y2023"].iloc[0] - frame["y2024"].iloc[0])
    assert 2023 not in set(compare.speed_table(other).frame["year"])
    assert "2023*" in [column.header[-1] for column in compare.trend_table(other).columns]


def test_two_folders_with_the_same_unit_are_told_apart(compared: Comparison) -> None:
    twice = pd.concat([compared.ends, compared.ends.assign(unit="khac")], ignore_index=True)
    names = compare.trend_table(replace(compared, ends=twice)).frame["unit_name"]
    assert names.is_unique
    assert names.iloc[-1].endswith(", ngan-ha)")


def test_money_and_gap_and_map(compared: Comparison) -> None:
    drawn = compare.curves_figure(compared)
    assert isinstance(drawn, Figure)
    assert "huyện Ngân Hà, các năm vốn 2022-2024" in drawn.caption
    alone = replace(compared, alike=compared.alike[compared.alike["unit"] == "ngan-ha"])
    assert compare.back_test_table(alone) == Prose("")
    (row,) = compare.outlook_table(alone).frame.to_dict("records")
    assert (row["unit"], row["month"]) == ("huyện Ngân Hà", 12)
    assert pd.isna(row["estimate_pct"]), "three curves are too few"
    assert compare.outlook_table(compared).frame["estimate_pct"].notna().all(), "the file has those of five districts"
    assert compare.back_test_table(compared).frame["projections"].max() == 5
    assert compare.places_figure(compared) == Prose("")
    assert compare.gap_table(compared).frame["y2024"].notna().all()


def test_the_lists_change_what_is_shown(compared: Comparison) -> None:
    box = compare.explorer(compared)
    indicator, year = box.children[0].children
    assert (indicator.value, year.value) == ("multidimensional", 2024)
    indicator.value = "poor"
    assert "hộ nghèo" in box.children[1].outputs[0]["data"]["text/html"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"indicator": "x"}, "poor, near_poor, multidimensional"),
        ({"level": "village"}, "Cấp 'village' không có; các giá trị có: commune"),
        ({"years": "2030"}, "Các năm '2030'"),
        ({"years": "nay"}, "Các năm 'nay'"),
    ],
)
def test_a_choice_that_is_none_is_said(given: dict[str, str], words: str) -> None:
    with pytest.raises(UnknownChoiceError, match=words):
        compare.comparison(DATA, units="nhan-ma", **given)


def test_a_year_or_unit_that_is_none_is_said(compared: Comparison) -> None:
    with pytest.raises(UnknownChoiceError, match="Năm 2030"):
        compare.side_figure(compared, 2030)
    with pytest.raises(UnknownChoiceError, match="Đơn vị 'x'"):
        compare.curves_figure(compared, "x")
    with pytest.raises(UnknownUnitError):
        compare.comparison(DATA, units="x")


def test_every_cell_of_the_notebook_shows_something_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    cells = json.loads((ROOT / "notebooks" / "compare_units.ipynb").read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names: dict[str, object] = {}
    for cell in code[:2]:
        exec(cell, names)
    shown = [eval(cell, names) for cell in code[2:]]
    assert sum(isinstance(element, Figure) for element in shown) == 3
    assert all("text/html" in each._repr_mimebundle_()[0] for each in shown if isinstance(each, Figure | DataTable))


def test_money_is_projected_from_curves_of_the_same_programme() -> None:
    """2026 is the first year of another programme: no curve of the district's years before it counts."""
    both = compare.comparison(DATA)
    assert set(both.curves["fund_year"]) == {2022, 2023, 2024, 2026}
    assert set(both.alike["fund_year"]) == {2026}
