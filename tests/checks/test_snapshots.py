"""Snapshots of a province and its communes: whose are old, which lack a row, and how old they may be."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from giamngheo.checks.consistency import findings
from giamngheo.core.finding import Finding
from giamngheo.core.period import Period
from giamngheo.workbook.read.workbook import reading
from tests.checks.conftest import Records, day

COMMUNES = ("99001", "99002", "99003")
FOUND = ("stale-snapshot", "unit-behind", "row-missing")
SHEETS = {"disbursements": "Giải ngân", "mobilised": "Huy động", "works": "Công trình"}


def paid(date: str, unit: str, vnd: int = 0) -> dict[str, Any]:
    row = {"date": day(date), "unit_code": unit, "project_code": "HP1.1", "source": "central_investment"}
    return row | {"fund_year": 2026, "disbursed_vnd": vnd}


def raised(date: str, unit: str, vnd: int | None = 10**6, **cells: str) -> dict[str, Any]:
    row = {"date": day(date), "unit_code": unit, "project_code": "HP1.1", "source": "credit"}
    return row | {"planned_vnd": 10**9, "mobilised_vnd": vnd} | cells


def done(date: str, unit: str, vnd: int | None = 0, work: str = "transport") -> dict[str, Any]:
    return {"date": day(date), "unit_code": unit, "work": work, "planned_vnd": 10**9, "done_vnd": vnd}


ROWS: dict[str, Callable[..., dict[str, Any]]] = {"disbursements": paid, "mobilised": raised, "works": done}


@pytest.fixture
def of_province(records: Records) -> Records:
    units = [{"code": "99", "name": "Thiên Hà", "level": "province"}]
    units += [{"code": code, "name": f"Xã {code[-1]}", "level": "commune", "parent_code": "99"} for code in COMMUNES]
    allocated = {"date": day("2026-02-10"), "decision": "01/QĐ-UBND", "project_code": "HP1.1", "fund_year": 2026}
    allocated |= {"source": "central_investment", "planned_vnd": 10**9}
    form = records["form"][0] | {"unit_code": "99", "marking": "Số liệu giả lập"}
    return {"form": [form], "units": units, "capital": [allocated | {"unit_code": code} for code in COMMUNES]}


@pytest.fixture
def told(written: Callable[[Records], Path]) -> Callable[..., list[Finding]]:
    """What is said of the snapshots of a workbook of 2026."""

    def find(content: Records, period: str | None) -> list[Finding]:
        path = written(content).with_name("2026.xlsx")
        path.with_name("2023.xlsx").rename(path)
        dataset = reading(path, "thien-ha", 2026).dataset
        found = findings(dataset, Period.parse(period) if period else None)
        return [finding for finding in found if finding.code in FOUND]

    return find


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("period", ["2026-06", "2026-H1", None])
def test_communes_without_the_latest_month_are_named_once_with_their_days(name, period, of_province, told):
    row = ROWS[name]
    of_province[name] = [row("2026-03-31", code) for code in COMMUNES] + [row("2026-06-28", COMMUNES[1])]

    (found,) = told(of_province, period)

    assert (found.code, found.severity, found.sheet, found.cell) == ("unit-behind", "warning", SHEETS[name], "A2")
    words = (
        "2/3 đơn vị chưa có số liệu tháng 6/2026, chậm đến 3 tháng: 99001 Xã 1 (31/03/2026), 99003 Xã 3 (31/03/2026)"
    )
    assert words in str(found.found)
    assert found.contradiction is not None
    assert (found.contradiction.unit_code, found.contradiction.figures) == (COMMUNES[0], "2; 3; 3")


@pytest.mark.parametrize("name", SHEETS)
def test_snapshots_of_one_month_are_as_old_as_one_another(name, of_province, told):
    days = ("2026-06-02", "2026-06-28", "2026-06-30")
    of_province[name] = [ROWS[name](date, code) for date, code in zip(days, COMMUNES, strict=True)]

    assert told(of_province, "2026-H1") == []


@pytest.mark.parametrize("name", SHEETS)
def test_a_commune_that_ended_has_no_later_snapshot(name, of_province, told):
    of_province["units"][1] |= {"valid_to": day("2026-03-31"), "merged_into": COMMUNES[1]}
    of_province[name] = [ROWS[name]("2026-03-31", code) for code in COMMUNES]
    of_province[name] += [ROWS[name]("2026-06-30", code) for code in COMMUNES[1:]]

    assert told(of_province, "2026-H1") == []


def test_a_commune_has_its_name_of_the_day_where_another_had_its_code(of_province, told):
    ended = of_province["units"][1] | {"name": "Xã Cũ", "valid_to": day("2026-02-28"), "merged_into": COMMUNES[0]}
    of_province["units"][1] |= {"valid_from": day("2026-03-01")}
    of_province["units"].append(ended)
    of_province["mobilised"] = [raised("2026-03-31", COMMUNES[0]), raised("2026-06-30", COMMUNES[1])]

    (found,) = told(of_province, "2026-H1")

    assert "1/2 đơn vị chưa có số liệu tháng 6/2026, chậm đến 3 tháng: 99001 Xã 1 (31/03/2026)" in str(found.found)


def test_the_own_money_of_a_province_may_be_behind_and_that_of_a_commune_beside_it_too(of_province, told):
    of_province["disbursements"] = [paid("2026-05-31", ""), paid("2026-05-31", COMMUNES[0])]
    of_province["disbursements"] += [paid("2026-06-30", code) for code in COMMUNES[1:]]

    (found,) = told(of_province, "2026-06")

    words = "2/4 đơn vị chưa có số liệu tháng 6/2026, chậm đến 1 tháng: 99 (31/05/2026), 99001 Xã 1 (31/05/2026)"
    assert words in str(found.found)


@pytest.mark.parametrize(
    ("name", "date", "period", "due"),
    [
        ("disbursements", "2026-07-31", "2026-08", "8/2026"),
        ("mobilised", "2026-03-31", "2026-12", "12/2026"),
        ("mobilised", "2026-03-31", "2026", "12/2026"),
        ("mobilised", "2026-05-31", "2026-H1", "6/2026"),
        ("mobilised", "2026-05-31", "2026-08", "6/2026"),
        ("works", "2026-06-30", "2026", "12/2026"),
        ("works", "2026-05-31", "2026-08", "6/2026"),
    ],
)
def test_figures_older_than_their_rhythm_allows_are_stale(name, date, period, due, of_province, told):
    of_province[name] = [ROWS[name](date, code) for code in COMMUNES]

    (found,) = told(of_province, period)

    assert (found.code, found.sheet, found.cell) == ("stale-snapshot", SHEETS[name], "A2")
    assert f"{dt.date.fromisoformat(date):%d/%m/%Y}" in str(found.found)
    assert str(found.expected).endswith(f"tháng {due}")


@pytest.mark.parametrize(
    ("name", "date", "period"),
    [
        ("disbursements", "2026-08-01", "2026-08"),
        ("mobilised", "2026-06-01", "2026-08"),
        ("mobilised", "2026-01-31", "2026-02"),
        ("works", "2026-06-01", "2026-11"),
        ("works", "2026-02-28", "2026-05"),
    ],
)
def test_figures_of_the_last_quarter_or_half_year_are_new_enough(name, date, period, of_province, told):
    of_province[name] = [ROWS[name](date, code) for code in COMMUNES]

    assert told(of_province, period) == []


MOVED: dict[str, list[dict[str, Any]]] = {
    "mobilised": [
        raised("2026-03-31", "99001", 128_000_000),
        raised("2026-06-30", "99001", 488_000_000, project_code="HP1.2"),
    ],
    "works": [done("2026-03-31", "99001", 128_000_000), done("2026-06-30", "99001", 488_000_000, "power")],
}


@pytest.mark.parametrize("name", MOVED)
def test_a_row_that_the_latest_snapshot_lacks_is_told_for_it_is_added_still(name, of_province, told):
    of_province[name] = [dict(row) for row in MOVED[name]]

    (found,) = told(of_province, "2026-H1")

    assert (found.code, found.sheet) == ("row-missing", SHEETS[name])
    words = "128.000.000 đồng chốt ngày 31/03/2026 không có dòng trong lần chốt 30/06/2026 mà vẫn được cộng"
    assert words in str(found.found)


@pytest.mark.parametrize("now", [None, 0])
@pytest.mark.parametrize("name", MOVED)
def test_a_row_that_is_unchanged_or_nothing_any_more_is_there(name, now, of_province, told):
    old, new = (dict(row) for row in MOVED[name])
    amount = "mobilised_vnd" if name == "mobilised" else "done_vnd"
    of_province[name] = [old, old | {"date": day("2026-06-30"), amount: now}, new]

    assert told(of_province, "2026-H1") == []
