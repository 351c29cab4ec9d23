"""Amounts beyond the budget and of works in thousands or millions of đồng: told once, whatever is in another unit."""

import dataclasses
from collections.abc import Callable

import pandas as pd
import pytest

from giamngheo.checks.consistency import findings
from giamngheo.core.finding import Finding
from giamngheo.core.period import Period
from giamngheo.demo.today import today
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.schema import table, tables

THOUSAND, MILLION = 1000, 10**6
UNITS = [(THOUSAND, "nghìn đồng"), (MILLION, "triệu đồng")]
Rows = Callable[[pd.DataFrame], pd.Series]


@pytest.fixture(scope="module")
def commune() -> Dataset:
    """A made-up commune of 2026, which has money of every kind."""
    return next(data for data in today(1, 2) if (data.unit, data.year) == ("nhan-ma", 2026))


@pytest.fixture(scope="module")
def told(commune: Dataset) -> Callable[..., list[Finding]]:
    """What is found in December where columns of amounts are changed in some rows."""

    def find(name: str, change: Callable[[int], int], rows: Rows, columns: list[str] | None = None) -> list[Finding]:
        frame = commune[name].copy()
        for column in columns or [each.name for each in table(name).amounts]:
            frame.loc[rows(frame), column] = frame.loc[rows(frame), column].map(change)
        return findings(dataclasses.replace(commune, tables={**commune.tables, name: frame}), Period.parse("2026-12"))

    return find


def everywhere(frame: pd.DataFrame) -> pd.Series:
    return frame["date"].notna()


def of(name: str, value: str, *others: Rows) -> Rows:
    """The rows with a value in a column, and for which the others hold."""

    def rows(frame: pd.DataFrame) -> pd.Series:
        return pd.concat([frame[name].eq(value), *(other(frame) for other in others)], axis=1).all(axis=1)

    return rows


def last(frame: pd.DataFrame) -> pd.Series:
    return frame["date"] == frame["date"].max()


def first(frame: pd.DataFrame) -> pd.Series:
    return frame["date"] == frame["date"].min()


def divided(by: int) -> Callable[[int], int]:
    return lambda vnd: vnd // by


@pytest.mark.parametrize("name", [entry.name for entry in tables() if entry.amounts])
@pytest.mark.parametrize(("divisor", "words"), UNITS)
def test_a_table_in_another_unit_is_one_error(name, divisor, words, told):
    (found,) = told(name, divided(divisor), everywhere)

    assert (found.code, found.severity, found.sheet) == ("column-in-other-unit", "error", table(name).sheet)
    assert f"tính bằng {words}" in str(found)
    assert all(column.header in str(found) for column in table(name).amounts)


@pytest.mark.parametrize(
    ("name", "column"), [(entry.name, column.name) for entry in tables() for column in entry.amounts]
)
def test_a_column_in_millions_is_one_error(name, column, told):
    (found,) = told(name, divided(MILLION), everywhere, [column])

    assert (found.code, found.sheet) == ("column-in-other-unit", table(name).sheet)
    assert table(name).column(column).header in str(found)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mobilised", of("source", "integrated")),
        ("works", of("work", "transport")),
        ("mobilised", last),
        ("works", last),
    ],
)
@pytest.mark.parametrize("divisor", [THOUSAND, MILLION])
def test_a_source_work_or_snapshot_in_another_unit_is_one_warning(name, rows, divisor, told):
    (found,) = told(name, divided(divisor), rows)

    assert (found.code, found.severity, found.sheet) == ("amount-too-small", "warning", table(name).sheet)


def test_the_source_that_is_in_another_unit_is_named(told):
    (found,) = told("mobilised", divided(MILLION), of("source", "integrated"))
    assert "của 'Vốn lồng ghép'" in str(found)
    assert found.contradiction is not None


def test_a_row_in_another_unit_is_told_once_with_what_it_probably_is(told):
    (found,) = told("mobilised", divided(MILLION), of("source", "credit", last))
    assert (found.code, found.severity) == ("amount-too-small", "warning")

    (found,) = told("mobilised", divided(MILLION), of("source", "credit", last), ["mobilised_vnd"])
    assert (found.code, found.severity) == ("amount-too-small", "warning")
    assert "nếu số đã ghi tính bằng triệu đồng" in str(found)


@pytest.mark.parametrize("times", [THOUSAND, MILLION])
def test_a_plan_far_below_that_of_the_other_snapshots_is_told(times, commune, told):
    large = dataclasses.replace(commune, tables={**commune.tables, "mobilised": _times(commune["mobilised"], 10**4)})
    frame = large["mobilised"].copy()
    rows = last(frame) & frame["source"].eq("credit")
    frame.loc[rows, ["planned_vnd", "mobilised_vnd", "rest_vnd"]] //= times
    (found,) = findings(
        dataclasses.replace(large, tables={**large.tables, "mobilised": frame}), Period.parse("2026-12")
    )

    assert (found.code, found.sheet) == ("amount-too-small", "Huy động")


def _times(frame: pd.DataFrame, times: int) -> pd.DataFrame:
    return frame.assign(**{each.name: frame[each.name] * times for each in table("mobilised").amounts})


@pytest.mark.parametrize(
    ("columns", "vnd"),
    [
        (["mobilised_vnd"], 500_000),
        (["rest_vnd"], 0),
        (["mobilised_vnd"], 0),
    ],
)
def test_little_of_a_plan_is_no_other_unit(columns, vnd, told):
    rows = of("source", "community_in_kind", lambda frame: frame["project_code"] == "HP1.1", first)
    found = told("mobilised", lambda _: vnd, rows, columns)
    assert [finding.code for finding in found] == []


def test_little_of_a_plan_of_works_is_no_other_unit(told):
    found = told("works", lambda _: 600_000, of("work", "minority", first), ["done_vnd"])
    assert [finding.code for finding in found] == []


def test_what_is_left_of_a_plan_may_be_little(commune, told):
    frame = commune["mobilised"].copy()
    rows = last(frame) & frame["source"].eq("credit")
    frame.loc[rows, "mobilised_vnd"] = frame.loc[rows, "planned_vnd"] - 300_000
    frame.loc[rows, "rest_vnd"] = 300_000
    assert findings(dataclasses.replace(commune, tables={**commune.tables, "mobilised": frame})) == []


def test_small_contributions_and_nothing_else_stop_no_report(commune):
    frame = commune["mobilised"]
    few = frame[frame["source"] == "community_cash"].assign(
        planned_vnd=900_000, mobilised_vnd=400_000, rest_vnd=500_000
    )
    found = findings(dataclasses.replace(commune, tables={**commune.tables, "mobilised": few}))

    assert {(finding.code, finding.severity) for finding in found} == {("amount-too-small", "warning")}
    assert all(finding.contradiction for finding in found)


@pytest.mark.parametrize("name", [entry.name for entry in tables() if entry.is_of_money])
def test_a_table_of_nothing_but_zeros_is_judged_as_any_other(told: Callable[..., list[Finding]], name: str) -> None:
    found = told(name, lambda _: 0, everywhere)
    assert not {"column-in-other-unit", "amount-too-small"} & {finding.code for finding in found}
