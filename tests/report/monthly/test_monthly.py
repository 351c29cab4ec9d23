"""Words agree with numbers, in the cases the real workbook does not have."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from giamngheo.core.period import Period
from giamngheo.report import monthly
from giamngheo.report.elements import Prose
from giamngheo.report.facts import Facts, added_up, facts_of
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.workbook import read_workbook

WORKBOOK = Path(__file__).parents[3] / "data" / "tu-mo-rong" / "2023.xlsx"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return read_workbook(WORKBOOK, "tu-mo-rong", 2023)


def changed(dataset: Dataset, **tables: Callable[[pd.DataFrame], pd.DataFrame]) -> Facts:
    """Facts of August 2023 after `tables` were changed, each by its function."""
    frames = {name: change(dataset[name].copy()) for name, change in tables.items()}
    return facts_of(added_up(replace(dataset, tables={**dataset.tables, **frames})), Period(2023, 8), "internal")


def said(element: object) -> str:
    assert isinstance(element, Prose)
    return element.markdown.replace("\\", "")


def empty(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0]


def paid(vnd: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.assign(disbursed_vnd=frame["disbursed_vnd"].where(frame["project_code"] != "1.1", vnd))


def test_nothing_disbursed(dataset: Dataset) -> None:
    text = said(monthly.disbursement(changed(dataset, disbursements=paid(0))))
    assert "vốn giao năm 2023 (71.972 triệu đồng) chưa được giải ngân" in text
    assert "Bình quân mỗi tháng từ đầu năm" not in text
    assert "bình quân 13.674,68 triệu đồng mỗi tháng" in text


def test_more_disbursed_than_planned(dataset: Dataset) -> None:
    text = said(monthly.disbursement(changed(dataset, disbursements=paid(72_000_000_000))))
    assert "vượt kế hoạch vốn 28 triệu đồng" in text
    assert "Mức 95% kế hoạch đã đạt." in text
    assert "cao hơn 58,74 điểm phần trăm" in text


def test_no_snapshot(dataset: Dataset) -> None:
    text = said(monthly.disbursement(changed(dataset, disbursements=empty)))
    assert "Đến hết ngày 31/8/2023 chưa có số liệu giải ngân vốn năm 2023." in text
    assert "bình quân" not in text.lower()


def test_some_lines_without_snapshot(dataset: Dataset) -> None:
    text = said(monthly.disbursement(changed(dataset, disbursements=lambda frame: frame.iloc[:1])))
    assert "chưa có đủ số liệu giải ngân vốn năm 2023, cụ thể:" in text
    assert "Chưa có số liệu giải ngân: Dự án 2;" in text


def test_no_capital(dataset: Dataset) -> None:
    facts = changed(dataset, capital=empty, disbursements=empty)
    assert "chưa có số liệu giao vốn năm 2023" in said(monthly.allocation(facts))
    assert "Chưa có vốn giao năm 2023" in said(monthly.disbursement(facts))
    for empty_element in (monthly.funding_table(facts), monthly.allocation_figure(facts)):
        assert said(empty_element) == ""


def test_no_plan(dataset: Dataset) -> None:
    facts = changed(dataset, plans=empty)
    assert "chưa có số liệu giao kế hoạch giảm nghèo năm 2023" in said(monthly.poverty(facts))
    monthly.poverty_table(facts)
    monthly.poverty_figure(facts)


def test_first_year_without_history(dataset: Dataset) -> None:
    facts = changed(dataset, reviews=lambda frame: frame.iloc[1:])
    text = said(monthly.poverty(facts))
    assert "So với" not in text
    assert "báo cáo không so sánh mức tăng, giảm" in text
    assert "Hộ nghèo: 2.859/6.963 hộ, chiếm tỷ lệ 41,06%" in text


def test_no_review_at_all(dataset: Dataset) -> None:
    facts = changed(dataset, reviews=empty, poor_flows=empty, near_poor_flows=empty)
    assert "chưa có kết quả rà soát hộ nghèo, hộ cận nghèo" in said(monthly.poverty(facts))
    assert said(monthly.poverty_table(facts)) == ""


def test_a_review_within_the_year_is_set_against_the_plan(dataset: Dataset) -> None:
    def with_july(frame: pd.DataFrame) -> pd.DataFrame:
        july = frame.iloc[[1]].assign(
            date=pd.Timestamp("2023-07-31"), poor_households=2859 - 281, near_poor_households=440
        )
        return pd.concat([frame, july.astype(frame.dtypes)], ignore_index=True)

    text = said(monthly.poverty(changed(dataset, reviews=with_july)))
    assert "Kết quả rà soát tháng 7 năm 2023 so với cuối năm 2022" in text
    assert "hộ nghèo giảm 281 hộ, đạt 50,00% kế hoạch" in text
    assert "hộ nghèo giảm 281 hộ, đạt 50,00% kế hoạch; hộ cận nghèo tăng 8 hộ, chưa đạt kế hoạch." in text


def test_money_carried_over_is_told_apart(dataset: Dataset) -> None:
    def with_2022(frame: pd.DataFrame) -> pd.DataFrame:
        earlier = frame[frame["project_code"] == "2"].assign(fund_year=2022, planned_vnd=1_000_000_000)
        return pd.concat([frame, earlier.astype(frame.dtypes)], ignore_index=True)

    facts = changed(dataset, capital=with_2022)
    assert "Vốn năm 2022 chuyển sang thực hiện trong năm 2023 là 1.000 triệu đồng" in said(monthly.allocation(facts))
    assert "71.972 triệu đồng" in said(monthly.allocation(facts))
    assert "Vốn năm 2022 chuyển sang: chưa có đủ số liệu giải ngân" in said(monthly.disbursement(facts))
    assert "chuyển sang năm 2023" in monthly.carried_table(facts).caption


def test_a_report_without_documents_says_so_and_no_more(dataset: Dataset) -> None:
    none = "hết kỳ báo cáo chưa có văn bản nào được ban hành để triển khai Chương trình."
    assert f"\nĐến {none}" in said(monthly.direction(changed(dataset, documents=empty)))
    directives = changed(dataset, documents=lambda frame: frame[frame["role"] == "directive"])
    text = said(monthly.direction(directives))
    assert "\nThực hiện " in text
    assert f", đến {none}" in text
