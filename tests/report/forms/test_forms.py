"""The review forms of a small district, every figure computed by hand."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from giamngheo.core.period import Period
from giamngheo.report import forms
from giamngheo.report.elements import Prose
from giamngheo.report.facts import Facts
from giamngheo.workbook.schema import table
from giamngheo.workbook.write.template import write_workbook

ROOT = Path(__file__).parents[3]
DAY = dt.datetime(2023, 12, 31)  # noqa: DTZ001 - a day of the calendar, not a moment
FORM = {
    "unit_code": "990",
    "parent_body": "UBND TỈNH MẪU",
    "issuing_body": "UBND HUYỆN SAO MAI",
    "author_name": "UBND huyện",
    "number_symbol": "BC-UBND",
    "place": "Sao Mai",
    "addressee": "UBND tỉnh",
    "signatory_office": "CHỦ TỊCH",
    "marking": "SỐ LIỆU GIẢ LẬP",
}
UNITS = [
    {"code": "990", "name": "Sao Mai", "level": "district"},
    {"code": "991", "name": "Mỹ Lý", "level": "commune", "parent_code": "990"},
    {"code": "992", "name": "Đắk Hoà", "level": "commune", "parent_code": "990"},
]


def review(unit: str, households: int, poor: int, near_poor: int) -> dict[str, Any]:
    counts = {"households": households, "poor_households": poor, "near_poor_households": near_poor}
    return {"date": DAY, "unit_code": unit, **counts}


def flow(unit: str, opening: int, above: int, closing: int) -> dict[str, Any]:
    counts = {"opening": opening, "left_above": above, "closing": closing}
    return {"date": DAY, "unit_code": unit, **{f"{name}_households": count for name, count in counts.items()}}


def lacks(unit: str, households: int) -> dict[str, Any]:
    names = [column.name for column in table("poor_lacks").columns if column.unit]
    return {"date": DAY, "unit_code": unit, **dict.fromkeys(names, households)}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """The forms of communes: the district is their sum."""
    data = tmp_path_factory.mktemp("data")
    (data / "sao-mai").mkdir()
    records = {
        "form": [FORM],
        "units": UNITS,
        "reviews": [review("991", 100, 10, 5), review("992", 300, 20, 15)],
        "poor_flows": [flow("991", 12, 2, 10), flow("992", 25, 5, 20)],
        "poor_lacks": [lacks("991", 4), lacks("992", 5)],
    }
    write_workbook(data / "sao-mai/2023.xlsx", records, year=2023)
    return forms.facts("sao-mai", "2023", str(data))


def rows(element: Any) -> list[list[Any]]:
    shown = element.frame[[column.name for column in element.columns]]
    return [list(row) for row in shown.astype(object).itertuples(index=False)]


def test_the_review_has_the_units_and_their_sum_with_rates(facts: Facts) -> None:
    shown = forms.review_households(facts)
    assert shown.caption == "Kết quả rà soát (hộ), cuối năm 2023"
    assert [column.name for column in shown.columns] == [
        "name",
        "households",
        "poor_households",
        "poor_households_pct",
        "near_poor_households",
        "near_poor_households_pct",
    ], "nobody counted average households"
    assert rows(shown) == [
        ["Mỹ Lý", 100, 10, 10.0, 5, 5.0],
        ["Đắk Hoà", 300, 20, 100 * 20 / 300, 15, 5.0],
        ["Toàn huyện", 400, 30, 7.5, 20, 5.0],
    ]
    assert shown.strong_rows == (2,)


def test_flows_have_the_columns_of_which_something_is_known(facts: Facts) -> None:
    shown = forms.poor_flow_households(facts)
    assert [column.header[0] for column in shown.columns[1:]] == [
        "(1) Đầu kỳ",
        "(3) Vượt chuẩn cận nghèo",
        "(9) Cuối kỳ",
    ]
    assert rows(shown)[-1] == ["Toàn huyện", 37, 7, 30]


def test_deprivations_are_shown_as_counts_and_as_shares_of_the_class(facts: Facts) -> None:
    assert rows(forms.poor_lacking_households(facts))[-1] == ["Toàn huyện", *[9] * 12]
    assert rows(forms.poor_lacking_rates(facts))[0] == ["Mỹ Lý", *[40.0] * 12]
    assert rows(forms.poor_lacking_rates(facts))[-1] == ["Toàn huyện", *[30.0] * 12]


@pytest.mark.parametrize(
    "name",
    [
        "review_persons",
        "review_minorities",
        "poor_groups",
        "poor_flow_persons",
        "near_poor_flow_households",
        "near_poor_lacking_rates",
    ],
)
def test_a_form_of_which_nothing_is_known_is_not_printed(facts: Facts, name: str) -> None:
    assert getattr(forms, name)(facts) == Prose("")


def test_the_notebook_has_a_cell_for_each_form(facts: Facts) -> None:
    notebook = json.loads((ROOT / "notebooks" / "review_forms.ipynb").read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"][2:]
    assert cells == [f"forms.{cell.removeprefix('forms.').removesuffix('(report)')}(report)" for cell in cells]
    assert {cell[len("forms.") : -len("(report)")] for cell in cells} == set(forms.__all__) - {"facts", "year_annex"}
    for cell in cells:
        element = eval(cell, {"forms": forms, "report": facts})
        assert "nan" not in element._repr_mimebundle_()[0]["text/html"].replace("nan>", "")
    assert "năm 2023 trên địa bàn huyện Sao Mai" in forms.letterhead(facts).subject


def test_minorities_and_deprivations_are_counted_with_their_shares(facts: Facts) -> None:
    counts = {
        "ethnic_minority_households": 80,
        "poor_ethnic_minority_households": 8,
        "near_poor_ethnic_minority_households": 2,
        "poor_no_labour_households": 4,
        "poor_merit_households": 1,
        "poor_deprivations": 33,
        "near_poor_deprivations": 7,
    }
    own = facts.data["reviews"]["unit_code"].eq("991")
    reviews = facts.data["reviews"].assign(
        **{name: facts.data["reviews"][name].mask(own, count) for name, count in counts.items()}
    )
    counted = replace(facts, data=replace(facts.data, tables={**facts.data.tables, "reviews": reviews}))

    assert rows(forms.review_minorities(counted))[0] == ["Mỹ Lý", 80, 80.0, 8, 10.0, 2, 2.5]
    assert rows(forms.poor_groups(counted))[0] == ["Mỹ Lý", 8, 80.0, 4, 40.0, 1, 10.0]
    assert forms.near_poor_groups(counted) == Prose(""), "of its groups only minorities are known"
    assert rows(forms.deprivation_totals(counted))[0] == ["Mỹ Lý", 10, 33, 5, 7]


def test_the_report_of_a_year_has_every_form_and_that_of_a_month_or_the_public_none(facts: Facts) -> None:
    notebook = json.loads((ROOT / "notebooks" / "monthly_report.ipynb").read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names = {cell[len("forms.") : -len("(report)")] for cell in cells if cell.startswith("forms.")}
    of_monthly = {"annex", "closing", "facts", "letterhead", "opening", "record"}
    assert names == set(forms.__all__) - of_monthly
    assert "BIỂU KẾT QUẢ RÀ SOÁT NĂM 2023" in forms.year_annex(facts).markdown
    for other in (replace(facts, period=Period(2023, 12)), replace(facts, audience="public")):
        assert {getattr(forms, name)(other) for name in names} == {Prose("")}


def test_figures_say_which_cells_they_come_from(facts: Facts) -> None:
    reviewed, moved = forms.review_households(facts).origins, forms.poor_flow_households(facts).origins
    lacking = forms.poor_lacking_households(facts).origins
    assert reviewed["poor_households"] == ["='Rà soát'!F5", "='Rà soát'!F6", "=SUM('Rà soát'!F5:F6)"]
    assert reviewed["poor_households_pct"][2] == "=100*SUM('Rà soát'!F5:F6)/SUM('Rà soát'!C5:C6)"
    assert moved["opening_households"][1:] == ["='Biến động hộ nghèo'!C6", "=SUM('Biến động hộ nghèo'!C5:C6)"]
    assert lacking["lacking_01_households"][2] == "=SUM('Thiếu hụt hộ nghèo'!C5:C6)"
