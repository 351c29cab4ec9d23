"""Capital that a later decision assigns once more: told where rows before have it, also those of merged communes."""

import dataclasses

import pandas as pd
import pytest

from giamngheo.checks.consistency import findings
from giamngheo.core.finding import Finding
from giamngheo.core.period import Period
from giamngheo.demo.today import today
from giamngheo.workbook.dataset import Dataset

PROVINCE = "thien-ha"
LATER = {"date": pd.Timestamp(2025, 7, 15), "decision": "500/QĐ-UBND"}


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, int], Dataset]:
    return {(data.unit, data.year): data for data in today(1, 2)}


def told(data: Dataset, *more: pd.DataFrame, until: str = "2025-08") -> list[Finding]:
    """What is found of capital assigned again, and of nothing else in money, where rows are added."""
    capital = pd.concat([data["capital"], *more], ignore_index=True)
    capital = capital.assign(row=range(5, 5 + len(capital))).astype(data["capital"].dtypes)
    changed = dataclasses.replace(data, tables={**data.tables, "capital": capital})
    return [one for one in findings(changed, Period.parse(until)) if one.code == "capital-assigned-again"]


def summed(rows: pd.DataFrame, unit: str, lines: int = 99) -> pd.DataFrame:
    """What some rows have together, a row a line, as the decision of July assigns it to a unit."""
    line = ["project_code", "source", "budget_level", "fund_year"]
    sums = rows.groupby(line, as_index=False, sort=False)["planned_vnd"].sum().head(lines)
    return sums.assign(**LATER, unit_code=unit, note="")


def merged(data: Dataset) -> tuple[pd.DataFrame, str]:
    """The rows of the communes of which the last new one was made, and its code."""
    units = data["units"]
    old = units.loc[units["merged_into"].ne("") & units["valid_to"].notna(), ["code", "merged_into"]]
    target = old["merged_into"].iloc[-1]
    return data["capital"][data["capital"]["unit_code"].isin(old.loc[old["merged_into"] == target, "code"])], target


@pytest.mark.parametrize("lines", [1, 3])
def test_capital_of_merged_communes_assigned_to_the_new_one_is_told_once(lines, made):
    data = made[PROVINCE, 2025]
    rows, new = merged(data)
    (found,) = told(data, summed(rows, new, lines))

    assert (found.severity, found.sheet, found.cell[0]) == ("warning", "Vốn giao", "G")
    assert f"{lines} trong {lines} khoản của '500/QĐ-UBND' ngày 15/07/2025 đúng bằng tổng các dòng trước" in str(found)
    assert "vốn bị tính hai lần" in str(found)
    assert "khoản tăng ghi một dòng phần tăng thêm, khoản giảm thì sửa số ở dòng trước" in str(found)
    assert found.contradiction is not None


def test_the_new_commune_is_told_of_its_own_capital_too(made):
    data = made["nhan-ma", 2025]
    assert len(told(data, summed(data["capital"], ""))) == 1


def test_what_was_known_before_the_decision_tells_nothing(made):
    data = made["nhan-ma", 2025]
    assert told(data, summed(data["capital"], ""), until="2025-06") == []


def test_a_commune_that_lists_the_whole_year_once_more_is_told(made):
    data = made["nhan-ma", 2026]
    again = summed(data["capital"], "").assign(date=pd.Timestamp(2026, 9, 1))

    assert len(told(data, again, until="2026-10")) == 1
    assert len(told(data, again.head(3), until="2026-10")) == 1


def test_the_sum_of_several_earlier_decisions_counts(made):
    data = made["nhan-ma", 2026]
    added = summed(data["capital"], "").assign(date=pd.Timestamp(2026, 5, 4), planned_vnd=70_000_000, decision="9")
    both = pd.concat([data["capital"], added])
    again = summed(both, "").assign(date=pd.Timestamp(2026, 9, 1))

    assert told(data, added, until="2026-10") == []
    assert len(told(data, added, again, until="2026-10")) == 1


def test_more_money_is_no_money_assigned_again(made):
    commune, province = made["nhan-ma", 2026], made[PROVINCE, 2025]
    again = summed(commune["capital"], "").assign(date=pd.Timestamp(2026, 9, 1))
    raised = again.assign(planned_vnd=again["planned_vnd"] // 3)
    rows, new = merged(province)
    more = summed(rows, new)

    assert told(commune, again.head(2), until="2026-10") == [], "two second parts as large as the first"
    assert told(commune, pd.concat([again.head(3), raised.tail(4)]), until="2026-10") == [], "most lines have more"
    assert told(province, more.assign(planned_vnd=more["planned_vnd"] // 3)) == []
    assert told(commune) == told(province) == []
