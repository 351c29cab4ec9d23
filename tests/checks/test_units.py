"""The commune Tu Mơ Rông, made of two whole communes on 1 July 2025, and units that are no more."""

import datetime as dt

import pytest

from giamngheo.checks.consistency import findings
from giamngheo.core.period import Period
from giamngheo.regulation.units import unit
from giamngheo.workbook.new_year import fresh
from giamngheo.workbook.read.workbook import reading
from tests.checks.conftest import day, flow, stock, write_plainly


def commune(*reviews, **tables):
    """The records of xã Tu Mơ Rông in 2025, with reviews."""
    return fresh(unit("23425", on=dt.date(2025, 7, 1)), 2025) | {"reviews": list(reviews)} | tables


OLD = (stock("2024-12-31", "23422", 810, 300, 90), stock("2024-12-31", "23425", 910, 400, 60))
NEW = stock("2025-12-31", "23425", 1725, 600, 140)
WHOLE_YEAR = (
    stock("2023-12-31", "23422", 800, 310, 95),
    stock("2023-12-31", "23425", 900, 410, 65),
    *OLD,
    NEW,
)


@pytest.fixture
def told(tmp_path):
    """Codes and words of what is found in a workbook of 2025 that speaks of units and stocks."""

    def find(records, period=None, year=2025):
        path = tmp_path / f"{year}.xlsx"
        path.unlink(missing_ok=True)
        write_plainly(path, records)
        read = reading(path, "tu-mo-rong", year)
        found = findings(read.dataset, Period.parse(period) if period else None, broken=read.broken)
        form = {"blank-cell", "missing-column"}
        return {entry.code: str(entry) for entry in found if entry.code not in form}

    return find


QUIET = {"no-plan", "nothing-known", "difference-off-by-rounding", "parts-off-by-rounding", "after-cut-off"}


def test_a_year_across_the_merger_is_sound(told):
    assert set(told(commune(*WHOLE_YEAR))) <= QUIET
    assert set(told(commune(*WHOLE_YEAR), "2025-08")) <= QUIET
    assert set(told(commune(*WHOLE_YEAR), "2025-05")) <= QUIET


def test_half_of_the_predecessors_stops_and_names_the_other(told):
    found = told(commune(OLD[1], NEW), "2025-08")

    assert "ngày 31/12/2024 còn 1 đơn vị nhập thành '23425' chưa có số liệu" in found["predecessors-missing"]
    assert "23422 Tu Mơ Rông" in found["predecessors-missing"]
    assert "no-review" in found


def test_before_the_merger_one_of_the_two_is_enough(told):
    assert "predecessors-missing" not in told(commune(OLD[1]), "2025-05")


def test_figures_of_the_first_day_stand_in_for_the_sum(told):
    found = told(commune(OLD[1], stock("2025-07-01", "23425", 1722, 650, 145), NEW), "2025-08")
    assert "predecessors-missing" not in found


def test_the_households_of_the_new_unit_are_held_against_the_sum(told):
    assert "households-leap" not in told(commune(*WHOLE_YEAR))
    jump = told(commune(*OLD, stock("2025-12-31", "23425", 915, 300, 60)))["households-jump"]
    assert "cần khoảng 1.720" in jump


def test_the_opening_of_the_flows_is_the_sum(told):
    flows = flow("23425", 700, 60, 50, 0, 5, 0, 5, 0, 600) | {"date": day("2025-12-31")}
    assert "opening-differs" not in told(commune(*WHOLE_YEAR, poor_flows=[flows]))

    wrong = told(commune(*WHOLE_YEAR, poor_flows=[flows | {"opening_households": 400}]))
    assert "400" in wrong["opening-differs"]
    assert "700" in wrong["opening-differs"]


def test_of_a_divided_unit_figures_by_the_new_borders_are_asked_for(told):
    records = commune(*OLD, NEW)
    records["units"][3]["merged_into"] = "một phần 23425, 23416"

    found = told(records, "2025-08")

    assert "gồm một phần của 23422 Tu Mơ Rông" in found["unit-divided"]
    assert "ghi ngày 01/07/2025" in found["unit-divided"]
    assert "'23425'" in found["merged-into"], "the register knows it whole"


def test_the_report_of_a_province_names_the_communes_that_it_cannot_compare(told):
    """It says so in words: validate does, too."""
    records = fresh(unit("51", on=dt.date(2025, 7, 1)), 2025)
    spoken = {"51", "23416", "23422", "23425"}
    records["units"] = [entry for entry in records["units"] if entry["code"] in spoken]
    next(one for one in records["units"] if one["code"] == "23422")["merged_into"] = "một phần 23425, 23416"

    found = told(records | {"reviews": [*OLD, NEW]}, "2025-12")["parts-divided"]

    assert "gồm một phần của đơn vị cũ: 23425 Tu Mơ Rông" in found
    assert "báo cáo không so sánh các đơn vị này với ngày 31/12/2024" in found


def test_a_predecessor_that_is_not_listed_would_be_missing_in_the_sum(told):
    records = commune(OLD[1], NEW)
    del records["units"][3]

    found = told(records, "2025-08")

    assert "trang Đơn vị có 1 trong 2 đơn vị nhập thành '23425'" in found["predecessors-unlisted"]
    assert "23422 Tu Mơ Rông" in found["predecessors-unlisted"]


def test_where_a_unit_went_is_filled_in_or_told(told):
    records = commune(*OLD, NEW)
    records["units"][3]["merged_into"] = None
    assert "cần '23425'" in told(records, "2025-08")["merged-into"]


def test_a_unit_without_its_first_day_has_no_figures_before_it(told):
    records = fresh(unit("23425", on=dt.date(2025, 7, 1)), 2026) | {"reviews": [OLD[1], NEW]}
    records["units"] = [entry | {"valid_from": None} for entry in records["units"] if "valid_to" not in entry]

    assert "đơn vị '23425' không tồn tại ngày 31/12/2024" in told(records, year=2026)["unit-not-valid"]


def test_a_unit_that_is_no_more_has_no_report_and_its_successors_are_named(told):
    district = fresh(unit("617", on=dt.date(2025, 6, 30)), 2025)

    assert "report-unit-ended" not in told(district, "2025-06")
    words = told(district, "2025-07")["report-unit-ended"]
    assert "đơn vị '617 Tu Mơ Rông' chỉ có đến hết ngày 30/06/2025" in words
    assert "23416 Đăk Sao, 23419 Đăk Tờ Kan, 23425 Tu Mơ Rông, 23446 Măng Ri" in words
    assert "report-unit-ended" not in told(district)


def test_a_workbook_of_a_year_after_its_unit_is_told(told):
    records = fresh(unit("617", on=dt.date(2025, 6, 30)), 2025)
    assert "chỉ có đến hết ngày 30/06/2025" in told(records, year=2026)["report-unit-ended"]


def test_a_unit_has_no_report_before_it_begins(told):
    records = commune(*OLD)
    records["units"] = [entry for entry in records["units"] if entry["code"] != "23425" or "valid_to" not in entry]
    assert "đơn vị '23425' có từ ngày 01/07/2025" in told(records, "2025-05")["report-unit-ended"]


def test_a_commune_below_whose_predecessors_are_half_there_has_no_base(told):
    records = fresh(unit("51", on=dt.date(2025, 7, 1)), 2025)
    old = [entry["code"] for entry in records["units"] if entry["parent_code"] == "617"]
    reviews = [stock("2024-12-31", code, 500, 200, 50) for code in old if code != "23422"]
    wholes = [
        stock("2024-12-31", "617", 6000, 2400, 600),
        *(stock("2024-12-31", code, 9000, 4000, 900) for code in ("51", "62")),
    ]

    found = told(records | {"reviews": [*wholes, *reviews]}, "2025-08")

    assert "23422 Tu Mơ Rông" in found["parts-without-base"]
    assert "predecessors-missing" not in found


def money(code, amount, date):
    row = {"decision": "1/QĐ", "project_code": "1.1", "source": "investment", "budget_level": "central"}
    return row | {"date": date and day(date), "fund_year": 2025, "planned_vnd": amount * 1_000_000, "unit_code": code}


@pytest.mark.parametrize(
    ("code", "date", "words"),
    [
        ("21142", "2025-01-15", "đơn vị '21142' chấm dứt ngày 30/06/2025, chia vào 21136, 21157"),
        ("617", "2025-01-15", "đơn vị '617' chấm dứt ngày 30/06/2025"),
        ("23425", None, "mã '23425' là của hai đơn vị trong năm"),
        ("21548", None, "đơn vị '21548' có từ ngày 01/07/2025"),
    ],
)
def test_money_that_is_of_no_unit_of_today_is_told(told, province, code, date, words):
    """A part of a divided unit's money would be made up; an undated amount of a code of two units is of either."""
    assert words in told(province | {"capital": [money(code, 5000, date)]}, "2025-08")["money-of-days"]


@pytest.fixture(scope="module")
def province():
    """The records of Quảng Ngãi in 2025, with the units that the tests speak of."""
    records = fresh(unit("51", on=dt.date(2025, 7, 1)), 2025)
    spoken = {"51", "62", "617", "23416", "23422", "23425", "525", "21142", "21136", "21157", "21548"}
    return records | {"units": [entry for entry in records["units"] if entry["code"] in spoken]}


@pytest.mark.parametrize("period", ["2025-05", "2025-08"])
def test_money_of_units_that_went_whole_into_one_is_taken(told, province, period):
    """Each is what it was until June, and part of the new commune's money since."""
    capital = [money(code, 5000, "2025-01-15") for code in ("23422", "23425")]
    paid = [snapshot("23422", 200, "2025-05-31"), snapshot("23425", 900, "2025-05-31")]
    after = [snapshot("23425", 4000, "2025-08-31")]
    found = told(province | {"capital": capital, "disbursements": paid + after}, period)
    assert not {code for code in found if code.startswith(("money", "disbursed", "unit", "line"))}


def test_no_more_is_disbursed_than_both_had_together(told, province):
    capital = [money(code, 5000, "2025-01-15") for code in ("23422", "23425")]
    found = told(province | {"capital": capital, "disbursements": [snapshot("23425", 10001, "2025-08-31")]}, "2025-08")
    assert "cần không quá kế hoạch vốn 10.000.000.000 đồng" in found["disbursed-above-plan"]


def snapshot(code, amount, date):
    row = {"project_code": "1.1", "source": "investment", "fund_year": 2025, "date": day(date), "unit_code": code}
    return row | {"disbursed_vnd": amount * 1_000_000}


def test_money_of_communes_since_the_merger_is_below_the_province(told, province):
    found = told(province | {"capital": [money("23416", 5000, "2025-08-01")]}, "2025-08")
    assert not {"money-unit", "money-of-days"} & set(found)


def of_some_units(records):
    """The small workbook with one of its communes only, and a list that says so."""
    records["units"] = [records["units"][0] | {"parts_listed": "some"}, records["units"][1]]
    for name in ("reviews", "poor_flows", "near_poor_flows", "poor_lacks", "near_poor_lacks"):
        records[name] = [row for row in records[name] if row["unit_code"] != "992"]
    return records


def test_some_of_the_units_do_not_add_up_to_the_whole_and_need_not(records, written, said):
    assert said(written(of_some_units(records))) == []


def test_some_of_the_units_are_no_more_than_the_whole(records, written, said):
    of_some_units(records)["reviews"][2]["average_households"] = 30
    records["reviews"][3]["average_households"] = 31
    (found,) = said(written(records))
    assert (found.code, found.sheet) == ("parts-above-whole", "Rà soát")
    assert "ghi 30; cần ít nhất 31, tổng các đơn vị trực thuộc có trong sổ" in str(found)


def test_money_of_some_of_the_units_is_no_sum(records, written, said):
    of_some_units(records)["capital"][2]["unit_code"] = "991"
    found = {finding.code: str(finding) for finding in said(written(records)) if finding.severity == "error"}
    assert "dự án 2 chỉ có vốn của đơn vị trực thuộc" in found["money-of-some-units"]
