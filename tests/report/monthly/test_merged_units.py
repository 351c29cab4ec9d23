"""Reports of xã Tu Mơ Rông, made on 1 July 2025 of the communes 23422 Tu Mơ Rông and 23425 Đăk Hà."""

import datetime as dt

import pytest

from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.regulation.units import unit
from giamngheo.report import monthly
from giamngheo.report.reading import facts
from giamngheo.statistics.disclosure.stocks import COMING, LEAVING
from giamngheo.workbook.new_year import fresh
from giamngheo.workbook.write.template import write_workbook
from tests.checks.conftest import day, stock
from tests.report.monthly.changed import said

OLD = {"23422": (810, 300, 90), "23425": (910, 400, 60)}
"""Households, poor and near-poor at the end of 2024: together 1,720, 700 and 150."""
BEFORE = [stock("2024-12-31", code, *counts) for code, counts in OLD.items()]
NEW = stock("2025-12-31", "23425", 1725, 600, 140)


def plan(code, date, households, poor, near_poor):
    return {
        "date": date and day(date),
        "year": 2025,
        "unit_code": code,
        "expected_households": households,
        "poor_reduction_households": poor,
        "near_poor_reduction_households": near_poor,
    }


@pytest.fixture
def report(tmp_path):
    """Facts of a month of the commune's folder, from its workbooks by year."""

    def of(period, audience="internal", **by_year):
        for name, tables in by_year.items():
            year = int(name.removeprefix("of_"))
            records = fresh(unit("23425", on=dt.date(2025, 7, 1)), year) | tables
            path = tmp_path / "tu-mo-rong" / f"{year}.xlsx"
            path.parent.mkdir(exist_ok=True)
            path.unlink(missing_ok=True)
            write_workbook(path, records, year=year)
        return facts("tu-mo-rong", period, str(tmp_path), audience)

    return of


def stock_of(frame):
    return tuple(frame[["households", "poor_households", "near_poor_households"]].iloc[0])


def test_the_base_of_the_year_of_the_merger_is_the_sum_of_both(report):
    plans = [plan("23422", None, 815, 40, 10), plan("23425", None, 915, 50, 10)]

    found = report("2025-12", of_2025={"reviews": [*BEFORE, NEW], "plans": plans})

    assert found.unit == "xã Tu Mơ Rông"
    assert stock_of(found.review_base) == (810 + 910, 300 + 400, 90 + 60)
    assert stock_of(found.review_now) == (1725, 600, 140)
    target = found.targets.iloc[0]
    assert target["expected_households"] == 815 + 915
    assert target["poor_remaining_households"] == 700 - (40 + 50)
    words = said(monthly.poverty(found))
    assert "Hộ nghèo: 700/1.720 hộ" in words
    assert "thành lập từ ngày 01/7/2025 trên cơ sở nhập xã Tu Mơ Rông, xã Đăk Hà" in words


def test_before_the_merger_the_code_is_the_old_commune(report):
    found = report("2025-05", of_2025={"reviews": [*BEFORE, NEW]})

    assert found.unit == "xã Đăk Hà"
    assert stock_of(found.review_base) == OLD["23425"]
    assert "thành lập" not in said(monthly.poverty(found))


def test_the_year_after_compares_with_the_sum(report):
    found = report("2026-10", of_2026={"reviews": [*BEFORE, NEW]})

    assert stock_of(found.review_before) == (1720, 700, 150)
    assert stock_of(found.review_base) == (1725, 600, 140)


def test_the_workbook_of_the_year_before_is_read_by_its_own_list_and_that_of_the_year(report):
    monthly_reviews = [stock("2025-05-31", code, *counts) for code, counts in OLD.items()]
    found = report(
        "2026-05",
        of_2025={"reviews": [*BEFORE, *monthly_reviews, NEW]},
        of_2026={"reviews": [*BEFORE, NEW, stock("2026-05-31", "23425", 1730, 590, 135)]},
    )

    (since,) = found.change.since_year.to_dict("records")
    assert (since["poor_households"], since["poor_change_households"]) == (590, 590 - 700)


def test_half_of_the_predecessors_is_refused(report):
    with pytest.raises(InvalidWorkbookError, match="23422 Tu Mơ Rông"):
        report("2025-08", of_2025={"reviews": [BEFORE[1]]})


def test_figures_of_the_first_day_are_the_base_where_there_is_no_sum(report):
    first = stock("2025-07-01", "23425", 1722, 690, 145)
    assert stock_of(report("2025-08", of_2025={"reviews": [first]}).review_base) == (1722, 690, 145)


def test_of_a_divided_unit_nothing_is_added_up_and_the_text_says_so(report):
    records = fresh(unit("23425", on=dt.date(2025, 7, 1)), 2025)["units"]
    records[3]["merged_into"] = "một phần 23425, 23416"

    found = report("2025-08", of_2025={"reviews": BEFORE, "units": records})

    assert found.review_base.empty
    words = said(monthly.poverty(found))
    assert "chỉ nhập một phần (xã Tu Mơ Rông, xã Đăk Hà)" in words
    assert "1.720" not in words


def test_a_sum_would_tell_what_a_public_reader_was_not_shown_of_a_part(report):
    """Of 23422 two near-poor households are hidden; the other commune's 60 were published: 62 would tell them."""
    small = [stock("2024-12-31", "23422", 810, 300, 2), BEFORE[1]]

    found = report("2025-12", "public", of_2025={"reviews": [*small, NEW]})

    assert found.review_base["near_poor_households"].isna().all()
    assert found.review_base["poor_households"].tolist() == [700]
    assert stock_of(report("2025-12", of_2025={"reviews": [*small, NEW]}).review_base) == (1720, 700, 62)


def made_up(unit, *units):
    """Tables of a workbook of a unit of a made-up province, whose last units are given, by name."""
    texts = ("parent_body", "issuing_body", "author_name", "number_symbol", "place", "addressee", "signatory_office")
    province = {"code": "900", "name": "Tỉnh", "level": "province", "parent_code": ""}
    return {
        "form": [{"unit_code": unit, "marking": "SỐ LIỆU GIẢ LẬP"} | dict.fromkeys(texts, "x")],
        "units": [province, *({"name": f"Tên {one['code']}"} | one for one in units)],
    }


ENDED = {"valid_to": day("2025-06-30")}


@pytest.mark.parametrize("parent", ["90000", "90001", ""])
def test_a_sum_tells_nothing_of_the_unit_that_kept_its_code(report, parent):
    """Of 9000001 three poor households were hidden; of the one that it took in 40 were shown: 43 would tell them."""
    districts = [{"code": code, "level": "district", "parent_code": "900"} for code in ("90000", "90001")]
    kept = {"code": "9000001", "level": "commune", "parent_code": "90000"}
    lost = {"code": "9000002", "level": "commune", "parent_code": parent, "merged_into": "9000001"} | ENDED
    tables = made_up("9000001", *districts, kept, lost)
    tables["reviews"] = [
        stock("2024-12-31", "9000001", 1000, 3, 60),
        stock("2024-12-31", "9000002", 900, 40, 50),
    ]

    before, after = (report(period, "public", of_2025=tables).review_base for period in ("2025-03", "2025-08"))

    assert [stock_of(one)[0] for one in (before, after)] == [1000, 1900]
    assert before["poor_households"].isna().all()
    assert after["poor_households"].isna().all()


def test_a_province_hides_of_a_day_what_it_hid_when_it_had_districts(report):
    """Ten poor households in eight districts: of each the reader would know that they are one to three."""
    poor = (1, 2, 1, 1, 2, 1, 1, 1)
    districts = [{"code": f"9000{i}", "level": "district", "parent_code": "900"} | ENDED for i in range(8)]
    old = [
        {"code": f"900{i:02}01", "level": "commune", "parent_code": f"9000{i}", "merged_into": f"9009{i // 2}"} | ENDED
        for i in range(8)
    ]
    new = {"level": "commune", "parent_code": "900", "valid_from": day("2025-07-01")}
    tables = made_up("900", *districts, *old, *({"code": f"9009{j}"} | new for j in range(4)))
    tables["reviews"] = [stock("2024-12-31", f"900{i:02}01", 1000, count, 30) for i, count in enumerate(poor)]

    for period in ("2025-03", "2025-08"):
        assert report(period, of_2025=tables).review_base["poor_households"].tolist() == [10]
        assert report(period, "public", of_2025=tables).review_base["poor_households"].isna().all()


def test_the_sum_of_flows_would_tell_what_a_public_reader_was_not_shown_of_a_part(report):
    """Of 23422 three households that left poverty are hidden; the other commune's 10 were published: 13 tells them."""
    earlier = [stock("2023-12-31", code, *counts) for code, counts in OLD.items()]
    none = {f"{flow}_households": 0 for flow in ("left", *LEAVING, *COMING)}

    def flows(end, code, left, new):
        moved = {"left_households": left, "left_above_households": left, "new_households": new}
        return none | moved | {"date": day(end), "unit_code": code}

    tables = {
        "reviews": [*earlier, *BEFORE, NEW],
        "poor_flows": [flows("2024-12-31", "23422", 3, 3), flows("2024-12-31", "23425", 10, 10)],
        "near_poor_flows": [flows("2024-12-31", code, 0, 0) for code in OLD],
    }

    assert "10 hộ thoát nghèo" in said(monthly.poverty(report("2025-05", "public", of_2025=tables)))
    assert "13 hộ thoát nghèo" in said(monthly.poverty(report("2025-12", of_2025=tables)))
    assert "thoát nghèo" not in said(monthly.poverty(report("2025-12", "public", of_2025=tables)))
    spanning = {
        "poor_flows": [flows("2025-12-31", "23425", 100, 0)],
        "near_poor_flows": [flows("2025-12-31", "23425", 10, 0)],
    }
    of_2026 = {"reviews": [*BEFORE, NEW], **spanning}
    assert "100 hộ thoát nghèo" in said(monthly.poverty(report("2026-02", "public", of_2026=of_2026)))


def test_the_money_of_both_is_that_of_the_new_commune(report):
    def money(code, vnd, date, **more):
        line = {"project_code": "1.1", "source": "investment", "fund_year": 2025, "unit_code": code, "date": day(date)}
        return line | more | vnd

    tables = {
        "reviews": [*BEFORE, NEW],
        "capital": [
            money(code, {"planned_vnd": vnd}, "2025-01-15", budget_level="central", decision="1/QĐ")
            for code, vnd in {"23422": 300_000_000, "23425": 200_000_000}.items()
        ],
        "disbursements": [
            money("23422", {"disbursed_vnd": 30_000_000}, "2025-05-31"),
            money("23425", {"disbursed_vnd": 20_000_000}, "2025-05-31"),
            money(None, {"disbursed_vnd": 90_000_000}, "2025-08-31"),
        ],
    }

    may, july, august = (report(period, of_2025=tables) for period in ("2025-05", "2025-07", "2025-08"))

    def of_year(found):
        return found.funds[2025].iloc[0][["planned_vnd", "disbursed_vnd"]].tolist()

    assert of_year(may) == [200_000_000, 20_000_000]
    assert of_year(july) == [500_000_000, 50_000_000]
    assert of_year(august) == [500_000_000, 90_000_000]
    months = august.change.months.set_index("month")
    assert months.loc[[5, 8], "disbursed_vnd"].tolist() == [50_000_000, 90_000_000]
    assert may.change.months.set_index("month").loc[5, "disbursed_vnd"] == 20_000_000
