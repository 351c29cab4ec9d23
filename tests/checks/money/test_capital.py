"""The money of 2026: the integrated programme's beside what is carried over of Decision 90's."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from giamngheo.checks.consistency import findings
from giamngheo.core.finding import Finding
from giamngheo.core.period import Period
from giamngheo.workbook.read.workbook import reading

Records = dict[str, list[dict[str, Any]]]
UNIT = "99001"
PLAN = {"expected_households": 100, "poor_reduction_households": 4, "near_poor_reduction_households": 2}


def capital(project: str, source: str, fund_year: int, vnd: int, level: str | None = None) -> dict[str, Any]:
    row = {"date": dt.datetime(2026, 2, 10), "decision": "01/QĐ-UBND", "project_code": project}  # noqa: DTZ001
    return row | {"source": source, "budget_level": level, "fund_year": fund_year, "planned_vnd": vnd}


def paid(project: str, source: str, fund_year: int, vnd: int) -> dict[str, Any]:
    row = {"date": dt.datetime(2026, 10, 31), "project_code": project, "source": source}  # noqa: DTZ001
    return row | {"fund_year": fund_year, "disbursed_vnd": vnd}


@pytest.fixture
def of_2026(records: Records) -> Records:
    form = records["form"][0] | {"unit_code": UNIT, "marking": "Số liệu giả lập"}
    ends = {2024: records["reviews"][1], 2025: records["reviews"][4]}
    return {
        "form": [form],
        "reviews": [row | {"unit_code": UNIT, "date": dt.datetime(year, 12, 31)} for year, row in ends.items()],  # noqa: DTZ001
        "units": [{"code": UNIT, "name": "Sao Mai", "level": "commune"}],
        "plans": [records["plans"][0] | PLAN | {"unit_code": UNIT, "date": dt.datetime(2026, 1, 15), "year": 2026}],  # noqa: DTZ001
        "capital": [
            capital("HP1.1", "central_investment", 2026, 4_000_000_000),
            capital("HP1.1", "local_commune", 2026, 200_000_000),
            capital("HP2.3", "central_recurrent", 2026, 500_000_000, "central"),
            capital("1.1", "investment", 2025, 900_000_000, "central"),
        ],
        "disbursements": [
            paid("HP1.1", "central_investment", 2026, 1_000_000_000),
            paid("HP1.1", "local_commune", 2026, 50_000_000),
            paid("HP2.3", "central_recurrent", 2026, 0),
            paid("1.1", "investment", 2025, 300_000_000),
        ],
    }


@pytest.fixture
def told(written: Callable[[Records], Path]) -> Callable[[Records], list[Finding]]:
    """What is found in a workbook of 2026 as of October."""

    def find(content: Records) -> list[Finding]:
        path = written(content)
        found = reading(path.rename(path.with_name("2026.xlsx")), "sao-mai", 2026)
        return findings(found.dataset, Period.parse("2026-10"), broken=found.broken)

    return find


def test_both_programmes_stand_side_by_side(of_2026, told):
    assert told(of_2026) == []


@pytest.mark.parametrize(
    ("table", "row", "code", "cell", "words"),
    [
        (
            "capital",
            capital("1.1", "central_investment", 2026, 10**9),
            "unknown-project",
            "C6",
            "năm 2026 không có nội dung",
        ),
        (
            "capital",
            capital("HP1.2", "investment", 2025, 10**9),
            "unknown-project",
            "C6",
            "năm 2025 không có dự án 'HP1.2'",
        ),
        (
            "capital",
            capital("HP1.2", "investment", 2026, 10**9),
            "unknown-source",
            "D6",
            "không có nguồn vốn 'Vốn đầu tư'",
        ),
        (
            "disbursements",
            paid("HP1.2", "credit", 2026, 0),
            "unknown-source",
            "C6",
            "'Vốn tín dụng chính sách'; cần một trong",
        ),
        (
            "capital",
            capital("HP1.2", "local_commune", 2026, 10**9, "province"),
            "budget-level",
            "E6",
            "có 'Tỉnh'; cần Xã theo nguồn vốn, hoặc để trống",
        ),
        (
            "disbursements",
            paid("HP1.1", "local_province", 2026, 10**9),
            "disbursed-without-plan",
            "C6",
            "một dòng của trang Vốn giao cho mã, nguồn vốn và năm này",
        ),
    ],
)
def test_an_amount_outside_the_trees_of_its_year_is_an_error_in_its_cell(table, row, code, cell, words, of_2026, told):
    of_2026[table].append(row)

    found = next(finding for finding in told(of_2026) if finding.code == code)

    assert (found.severity, found.cell) == ("error", cell)
    assert words in str(found)


def test_a_year_of_funds_that_no_money_is_of_is_told_once(of_2026, told):
    of_2026["capital"].append(capital("1.1", "investment", 2020, 10**9, "central"))
    errors = [finding.code for finding in told(of_2026) if finding.severity == "error"]
    assert errors == ["fund-year"]


def test_a_source_beside_its_parts_is_an_error(of_2026, told):
    of_2026["capital"].append(capital("HP1.1", "central", 2026, 5_000_000_000))

    found = {finding.code: finding for finding in told(of_2026)}

    assert found["source-and-parts"].cell == "D6"
    assert "nội dung HP1.1 có cả 'Ngân sách trung ương' và nguồn thành phần" in str(found["source-and-parts"])


def test_more_paid_of_one_source_than_it_has_is_an_error_though_the_others_have_enough(of_2026, told):
    of_2026["disbursements"][1]["disbursed_vnd"] = 201_000_000

    (found,) = (finding for finding in told(of_2026) if finding.severity == "error")

    assert (found.code, found.cell) == ("disbursed-above-plan", "E3")


def row(code: str, name: str = "", parent: str = "", **cells: str) -> dict[str, str]:
    return {"code": code, "name": name, "parent_code": parent} | cells


def test_a_sheet_of_contents_names_them_and_adds_levels_below(of_2026, told):
    of_2026["contents"] = [
        row("HP1.1", "Đường liên thôn"),
        row("HP1.4", "Nội dung thành phần 4 (chưa có tên chính thức)"),
        row("HP1.1.a", "Cầu treo", "HP1.1", ministry="Phòng Kinh tế"),
    ]
    of_2026["capital"][0]["project_code"] = of_2026["capital"][1]["project_code"] = "HP1.1.a"
    of_2026["disbursements"][0]["project_code"] = of_2026["disbursements"][1]["project_code"] = "HP1.1.a"

    found = told(of_2026)

    assert {finding.code for finding in found} == {"own-names"}
    assert [finding.cell for finding in found] == ["B2", "B4"]
    assert "tên, cấp của HP1.1.a theo danh mục của đơn vị" in str(found[1])


@pytest.mark.parametrize(
    ("rows", "cell", "words"),
    [
        ([row("X", "", "HP1.1")], "B2", "mã mới 'X' chưa có tên"),
        ([row("X", "Lạc")], "D2", "mã mới 'X' chưa ghi thuộc mã nào"),
        ([row("X", "Lạc", "HP9")], "D2", "mã 'HP9' không có trong danh mục"),
        ([row("X", "Lạc", "Y"), row("Y", "Vòng", "X")], "D2", "'X' ghi thuộc chính nó"),
        ([row("HP1.1", "Đường", "HP2")], "D2", "'HP1.1' ghi thuộc 'HP2'; cần HP1, theo quy định"),
        (
            [row(f"X{n}", "Lạc", "HP1.1") for n in range(1001)],
            "A2",
            "1.001 mã mới (và 1.000 ô nữa: A3:A1002); cần nhiều nhất 1.000 mã mới",
        ),
    ],
)
def test_what_the_sheet_of_contents_adds_without_a_place_is_an_error(rows, cell, words, of_2026, told):
    of_2026["contents"] = rows

    found = next(finding for finding in told(of_2026) if finding.code == "own-content")

    assert (found.severity, found.sheet, found.cell) == ("error", "Danh mục", cell)
    assert words in str(found)


def test_a_code_that_stands_twice_is_an_error(of_2026, told):
    of_2026["contents"] = [row("X", "Một", "HP1.1"), row("X", "Hai", "HP1.1")]

    assert [finding.cell for finding in told(of_2026) if finding.code == "duplicate-row"] == ["A3"]


@pytest.fixture
def of_province(of_2026):
    """The same money, of two communes of a province."""
    units = [{"code": "99", "name": "Thiên Hà", "level": "province"}]
    units += [{"code": code, "name": code, "level": "commune", "parent_code": "99"} for code in (UNIT, "99002")]
    money = {
        name: [entry | {"unit_code": UNIT} for entry in of_2026[name]]
        + [entry | {"unit_code": "99002"} for entry in of_2026[name]]
        for name in ("capital", "disbursements")
    }
    reviews = [entry | {"unit_code": "99"} for entry in of_2026["reviews"]]
    plans = [entry | {"unit_code": "99"} for entry in of_2026["plans"]]
    form = [of_2026["form"][0] | {"unit_code": "99"}]
    return of_2026 | money | {"units": units, "form": form, "reviews": reviews, "plans": plans}


def test_the_money_of_communes_is_judged_commune_by_commune(of_province, told):
    assert told(of_province) == []
    of_province["disbursements"][0]["disbursed_vnd"] = 4_100_000_000

    (found,) = (finding for finding in told(of_province) if finding.severity == "error")

    assert (found.code, found.cell) == ("disbursed-above-plan", "E2")


@pytest.mark.parametrize(
    ("unit", "words"),
    [("99", "'99' là đơn vị báo cáo; cần để trống"), ("98", "đơn vị '98' không thuộc '99'")],
)
def test_money_names_a_unit_below_or_none(unit, words, of_province, told):
    of_province["capital"][0]["unit_code"] = unit

    found = next(finding for finding in told(of_province) if finding.code == "money-unit")

    assert (found.severity, found.cell) == ("error", "I2")
    assert words in str(found)


def test_communes_with_more_money_than_their_province_says_are_an_error(of_province, told):
    of_province["capital"].append(capital("HP1.1", "central_investment", 2026, 7_000_000_000))
    of_province["disbursements"].append(paid("HP1.1", "central_investment", 2026, 2_500_000_000))

    (found,) = (finding for finding in told(of_province) if finding.code == "units-above-whole")

    assert (found.sheet, found.cell) == ("Vốn giao", "G10")
    assert "cộng lại là 8.000.000.000 đồng; cần không quá 7.000.000.000 đồng" in str(found)


def resource(project: str, source: str, vnd: int, month: int = 10, **cells: Any) -> dict[str, Any]:
    row = {"date": dt.datetime(2026, month, 28), "project_code": project, "source": source}  # noqa: DTZ001
    return row | {"planned_vnd": 10**9, "mobilised_vnd": vnd} | cells


def test_resources_beyond_the_budget_stand_on_their_own_sheet(of_2026, told):
    of_2026["mobilised"] = [resource("HP1.1", "credit", 10**8), resource("", "community_cash", 10**7)]
    assert told(of_2026) == []


@pytest.mark.parametrize(
    ("rows", "code", "cell"),
    [
        ([resource("1.1", "credit", 1)], "mobilised-place", "B2"),
        ([resource("HP1.1", "central", 1)], "mobilised-place", "C2"),
        ([resource("HP1.1", "community", 1), resource("HP1.2", "community_cash", 1)], "mobilised-twice", "C2"),
        ([resource("HP1", "credit", 1), resource("HP1.2", "credit", 1)], "mobilised-twice", "B2"),
        ([resource("", "credit", 1), resource("HP1.2", "credit", 1)], "mobilised-twice", "B2"),
        (
            [resource("HP1.2", "credit", 5 * 10**7, month=9), resource("HP1.2", "credit", 4 * 10**7)],
            "mobilised-falls",
            "E3",
        ),
        ([resource("HP1.2", "credit", 5, unit_code="99009")], "money-unit", "G2"),
    ],
)
def test_resources_that_have_no_place_count_twice_or_fall_are_told(rows, code, cell, of_2026, told):
    of_2026["mobilised"] = rows

    found = next(finding for finding in told(of_2026) if finding.code == code)

    assert (found.sheet, found.cell) == ("Huy động", cell)


def work(kind: str, planned: int | None, done: int | None, month: int = 10, **cells: Any) -> dict[str, Any]:
    row = {"date": dt.datetime(2026, month, 31 if month == 10 else 30), "work": kind}  # noqa: DTZ001
    return row | {"planned_vnd": planned, "done_vnd": done} | cells


BUDGET = [work("transport", 3 * 10**9, 600_000_000), work("water", 10**9, 400_000_000)]
"""As much as the budget has: 4,000 million allocated, 1,000 million disbursed."""


@pytest.mark.parametrize("rows", [BUDGET, [work("transport", 4 * 10**9, None)]])
def test_kinds_of_work_that_have_what_the_budget_has_are_right(rows, of_2026, told):
    of_2026["works"] = rows
    assert told(of_2026) == []


@pytest.mark.parametrize(
    ("rows", "code", "cell", "words"),
    [
        (
            [*BUDGET, work("power", 10**7, 2 * 10**7)],
            "works-above-plan",
            "D4",
            "20.000.000 đồng; cần không quá kế hoạch vốn 10.000.000 đồng",
        ),
        (
            [work("water", 10**9, 600_000_000, month=9), *BUDGET],
            "works-fall",
            "D4",
            "400.000.000 đồng; cần ít nhất 600.000.000",
        ),
        (
            [work("transport", 3 * 10**9, 10**9)],
            "works-unlike-budget",
            "C2",
            "cộng lại là 3.000.000.000 đồng; cần 4.000.000.000 đồng như số của 'Vốn đầu tư công'",
        ),
        (
            [work("transport", 4 * 10**9, 999_000_000)],
            "works-unlike-budget",
            "D2",
            "cộng lại là 999.000.000 đồng; cần 1.000.000.000 đồng như số của 'Vốn đầu tư công'",
        ),
        ([work("transport", 4 * 10**9, 10**9, unit_code="99009")], "money-unit", "F2", "'99009'"),
    ],
)
def test_kinds_of_work_that_contradict_the_budget_fall_or_exceed_are_told(rows, code, cell, words, of_2026, told):
    of_2026["works"] = rows

    found = next(finding for finding in told(of_2026) if finding.code == code)

    assert (found.sheet, found.cell) == ("Công trình", cell)
    assert words in str(found)


def test_kinds_of_work_are_compared_with_the_money_of_their_day_but_in_a_report_of_the_forms(of_2026, written):
    of_2026["works"] = [work("transport", 4 * 10**9, 600_000_000, month=6)]
    of_2026["disbursements"] += [
        paid(*line) | {"date": dt.datetime(2026, 6, 28)}  # noqa: DTZ001
        for line in [("HP1.1", "central_investment", 2026, 600_000_000), ("HP1.1", "local_commune", 2026, 0)]
    ]
    path = written(of_2026)
    dataset = reading(path.rename(path.with_name("2026.xlsx")), "sao-mai", 2026).dataset

    def codes(period: str | None) -> set[str]:
        found = findings(dataset, Period.parse(period) if period else None)
        return {finding.code for finding in found} & {"works-unlike-budget"}

    assert codes(None) == codes("2026-H1") == set()
    assert codes("2026") == {"works-unlike-budget"}, "the money of October stands beside the works of June"


def test_kinds_of_work_of_a_year_whose_programme_has_none_are_an_error(records, written):
    records["works"] = []
    path = written(records)
    dataset = reading(path, "sao-mai", 2023).dataset
    row = {"row": 5, "date": pd.Timestamp("2023-06-30"), "work": "water", "unit_code": "", "note": ""}
    amounts = {"planned_vnd": 1, "done_vnd": 1}
    works = pd.DataFrame([row | amounts]).astype(dict.fromkeys(amounts, "Int64"))

    found = findings(replace(dataset, tables={**dataset.tables, "works": works}))

    assert [str(one.found) for one in found if one.code == "works-place"] == [
        "chương trình của vốn năm 2023 không có loại công trình 'Nước sạch tập trung'"
    ]


@pytest.mark.parametrize(("year", "note", "is_told"), [(2025, None, False), (2024, None, True), (2024, "NQ 1", False)])
def test_money_past_its_extension_is_told_unless_the_note_says_by_which_act(year, note, is_told, of_2026, told):
    """Money of 2024 is paid until 31 December 2025, that of 2025 until the end of 2026."""
    rows = [capital("2", "recurrent", year, 10**9, "central"), paid("2", "recurrent", year, 0)]
    of_2026["capital"].append(rows[0] | {"note": note})
    of_2026["disbursements"].append(rows[1] | {"note": note})

    found = [finding for finding in told(of_2026) if finding.code == "past-extension"]

    assert [(finding.sheet, finding.cell) for finding in found] == [("Vốn giao", "F6"), ("Giải ngân", "D6")] * is_told
    assert all("vốn năm 2024 chỉ được giải ngân đến hết ngày 31/12/2025" in str(finding) for finding in found)
