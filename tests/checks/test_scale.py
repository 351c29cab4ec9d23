"""Amounts in thousands or millions of đồng, and counts that lost a digit: told once, with what they probably are."""

import dataclasses
from collections.abc import Callable

import pandas as pd
import pytest

from giamngheo.checks.consistency import findings
from giamngheo.checks.money.amounts import likely
from giamngheo.core.finding import Finding
from giamngheo.demo.places import districts
from giamngheo.demo.workbook import datasets
from giamngheo.workbook.dataset import Dataset

MILLION = 1_000_000


@pytest.fixture(scope="module")
def of_2024() -> Dataset:
    (district,) = districts(5, 1)
    return next(data for data in datasets(district) if data.year == 2024)


@pytest.fixture(scope="module")
def told(of_2024: Dataset) -> Callable[..., list[Finding]]:
    """What is found where a column of a made-up workbook is changed in some rows."""

    def find(
        name: str, column: str | list[str], change: Callable[[int], int], rows: Callable[[pd.DataFrame], pd.Series]
    ):
        frame = of_2024[name].copy()
        for one in [column] if isinstance(column, str) else column:
            frame.loc[rows(frame), one] = frame.loc[rows(frame), one].map(change)
        return findings(dataclasses.replace(of_2024, tables={**of_2024.tables, name: frame}))

    return find


def everywhere(frame: pd.DataFrame) -> pd.Series:
    return frame["fund_year"].notna()


def last(frame: pd.DataFrame) -> pd.Series:
    return frame["date"] == frame["date"].max()


@pytest.mark.parametrize("name", ["capital", "disbursements"])
@pytest.mark.parametrize(("divisor", "words"), [(1000, "nghìn đồng"), (MILLION, "triệu đồng")])
def test_a_column_in_another_unit_is_one_error_with_its_name_and_value(told, of_2024, name, divisor, words):
    column = {"capital": "planned_vnd", "disbursements": "disbursed_vnd"}[name]
    (found,) = told(name, column, lambda vnd: vnd // divisor, everywhere)

    assert (found.code, found.severity) == ("column-in-other-unit", "error")
    largest = f"{int(of_2024[name][column].max()) // divisor * divisor:,}".replace(",", ".")
    assert f"là {largest}, nếu số đã ghi tính bằng {words}" in str(found)
    assert {"capital": "'Kế hoạch vốn (đồng)'", "disbursements": "'Giải ngân lũy kế (đồng)'"}[name] in str(found)


def test_a_snapshot_in_thousands_is_told_once(told):
    (found,) = told("disbursements", "disbursed_vnd", lambda vnd: vnd // 1000, last)

    assert (found.code, found.severity) == ("amount-too-small", "warning")
    assert "quá nhỏ so với đơn vị đồng, ngày 31/12/2024" in str(found)


def test_disbursements_a_thousand_times_too_large_are_told_once(told):
    (found,) = told("disbursements", "disbursed_vnd", lambda vnd: vnd * 1000, everywhere)

    assert (found.code, found.severity) == ("disbursed-above-plan", "error")
    assert "cùng tính bằng đồng" in str(found)


def test_capital_a_thousand_times_too_large_is_told_by_the_largest_of_a_district(told):
    (found,) = told("capital", "planned_vnd", lambda vnd: vnd * 1000, everywhere)

    assert (found.code, found.severity) == ("capital-out-of-scale", "warning")
    assert "32.823.000.000, nếu số đã ghi lớn gấp nghìn lần" in str(found)


def of_project(code: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: (frame["project_code"] == code) & (frame["fund_year"] == 2024)


@pytest.mark.parametrize(
    ("times", "words"), [(1000, "782.000.000, nếu số đã ghi lớn gấp nghìn lần"), (10**6, "lớn gấp triệu lần")]
)
def test_one_amount_too_large_is_told_beside_its_fellows(told, times, words):
    found = told("capital", "planned_vnd", lambda vnd: vnd * times, of_project("7.1"))

    assert {finding.code for finding in found} <= {"amount-out-of-scale", "capital-out-of-scale"}
    assert words in str(next(finding for finding in found if finding.code == "amount-out-of-scale"))


@pytest.mark.parametrize(("divisor", "words"), [(1000, "nghìn đồng"), (MILLION, "triệu đồng")])
def test_one_amount_too_small_is_told_with_what_it_probably_is(told, divisor, words):
    found = told("capital", "planned_vnd", lambda vnd: vnd // divisor, of_project("7.1"))

    assert all("782.000.000, nếu" in str(finding) for finding in found)
    assert all(words in str(finding) for finding in found)
    assert "disbursed-above-plan" in {finding.code for finding in found}


def test_what_is_left_of_an_earlier_year_may_be_little(told):
    def carried(frame: pd.DataFrame) -> pd.Series:
        return (frame["project_code"] == "7.2") & (frame["fund_year"] == 2023)

    found = told("capital", "planned_vnd", lambda vnd: 2 * MILLION, carried)
    assert "amount-out-of-scale" not in {finding.code for finding in found}


def test_a_count_with_a_digit_too_many_is_told(of_2024):
    reviews = of_2024["reviews"]
    ends = reviews[reviews["date"].dt.month.eq(12) & reviews["unit_code"].eq(of_2024.form["unit_code"])].copy()
    ends.loc[ends["date"] == ends["date"].max(), "persons"] *= 10
    found = findings(dataclasses.replace(of_2024, tables={**of_2024.tables, "reviews": ends}))

    (leap,) = (finding for finding in found if finding.code == "stock-out-of-scale")
    assert "'Tổng số khẩu' ghi 452.270; cần khoảng 44.903 như lần rà soát trước" in str(leap)


@pytest.mark.parametrize(
    ("names", "headers"),
    [(["poor_households"], "'Hộ nghèo'"), (["households", "persons"], "'Tổng số hộ', 'Tổng số khẩu'")],
)
def test_a_review_that_lost_a_digit_is_told_once_and_what_follows_from_it_is_not(told, names, headers):
    (found,) = told("reviews", names, lambda count: count // 10, last)

    assert (found.code, found.severity, found.cell[0]) == (
        "review-out-of-scale",
        "error",
        "F" if len(names) == 1 else "C",
    )
    assert f"{14 * len(names)} số của {headers} ngày 31/12/2024 ít hoặc nhiều gấp khoảng mười lần" in str(found)
    assert found.contradiction is not None


@pytest.mark.parametrize(
    ("amount", "within", "amounts"),
    [
        (42_218, (10**9, 10**12), [42_218 * MILLION]),
        (42_218, (10**7, 10**12), [42_218_000, 42_218 * MILLION]),
        (42_218_000_000_000, (10**8, 10**12), [42_218_000_000]),
        (42_218_000_000_000, (10**7, 10**9), [42_218_000]),
        (5_001, (1, 10), []),
    ],
)
def test_what_an_amount_may_be_in_another_unit(amount, within, amounts):
    assert list(likely(amount, within)) == amounts
