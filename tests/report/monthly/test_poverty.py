"""Words, table and figure of review results, in cases that the real workbook does not have."""

import re

import pandas as pd

from giamngheo.report import monthly
from tests.report.monthly.changed import demo_report, empty, official_report, said, without


def test_stocks_since_the_month_and_the_year_before() -> None:
    text = said(monthly.poverty_change(demo_report("2024-08")))
    assert "c) Biến động trong tháng 8 năm 2024" in text
    assert "hộ nghèo 2.569/8.325 hộ, chiếm tỷ lệ 30,86%" in text
    assert (
        "So với tháng 7 năm 2024: hộ nghèo giảm 14 hộ, tỷ lệ giảm 0,21%; hộ cận nghèo tăng 11 hộ, tỷ lệ tăng 0,11%;"
        " tỷ lệ nghèo đa chiều giảm 0,10%." in text
    )
    assert "So với cùng kỳ năm trước (tháng 8 năm 2023): hộ nghèo giảm 406 hộ" in text


def test_the_month_before_january_is_the_yearly_review() -> None:
    text = said(monthly.poverty_change(demo_report("2024-01")))
    assert "So với cuối năm 2023: hộ nghèo giảm" in text
    assert "cùng kỳ năm trước (tháng 01 năm 2023)" in text


def test_a_year_is_compared_with_the_last_once() -> None:
    text = said(monthly.poverty_change(demo_report("2024")))
    assert "Biến động trong năm 2024" in text
    assert text.count("So với") == 1


def test_a_year_says_how_many_left_poverty_in_it() -> None:
    """From the flows of the district's own row: 483, and 237 that rose above the line of the near-poor."""
    assert "Trong năm 2024 có 483 hộ thoát nghèo, 237 hộ thoát cận nghèo." in said(monthly.poverty(demo_report("2024")))
    assert "Trong năm 2024 có" not in said(monthly.poverty(demo_report("2024-08")))


def test_no_review_in_the_month_no_section() -> None:
    facts = demo_report("2024-08", reviews=without(8))
    assert said(monthly.poverty_change(facts)) == ""
    assert "### c) Kết quả theo xã" in said(monthly.parts(facts))


def test_households_that_became_poor_have_not_escaped_near_poverty() -> None:
    def split(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(left_households=pd.NA, left_to_other_class_households=7, left_above_households=40).astype(
            frame.dtypes
        )

    text = said(monthly.poverty(demo_report("2024-08", near_poor_flows=split)))
    assert re.search(r"có \d+ hộ thoát cận nghèo", text)
    (escaped,) = re.findall(r"có (\d+) hộ thoát cận nghèo", text)
    flows = demo_report("2024-08", near_poor_flows=split).data["near_poor_flows"]
    assert int(escaped) in set(flows["left_above_households"])


def test_no_plan() -> None:
    facts = official_report(plans=empty)
    assert "chưa có số liệu giao kế hoạch giảm nghèo năm 2023" in said(monthly.poverty(facts))
    monthly.poverty_table(facts)
    monthly.poverty_figure(facts)


def test_first_year_without_history() -> None:
    facts = official_report(reviews=lambda frame: frame.iloc[1:])
    text = said(monthly.poverty(facts))
    assert "So với" not in text
    assert "báo cáo không so sánh mức tăng, giảm" in text
    assert "Hộ nghèo: 2.859/6.963 hộ, chiếm tỷ lệ 41,06%" in text


def test_no_review_at_all() -> None:
    facts = official_report(reviews=empty, poor_flows=empty, near_poor_flows=empty)
    assert "chưa có kết quả rà soát hộ nghèo, hộ cận nghèo" in said(monthly.poverty(facts))
    assert said(monthly.poverty_table(facts)) == ""


def test_a_review_within_the_year_is_set_against_the_plan() -> None:
    def with_july(frame: pd.DataFrame) -> pd.DataFrame:
        july = frame.iloc[[1]].assign(
            date=pd.Timestamp("2023-07-31"), poor_households=2859 - 281, near_poor_households=440
        )
        return pd.concat([frame, july.astype(frame.dtypes)], ignore_index=True)

    text = said(monthly.poverty(official_report(reviews=with_july)))
    assert "Kết quả rà soát tháng 7 năm 2023 so với cuối năm 2022" in text
    assert "hộ nghèo giảm 281 hộ, đạt 50,00% kế hoạch" in text
    assert "hộ nghèo giảm 281 hộ, đạt 50,00% kế hoạch; hộ cận nghèo tăng 8 hộ, chưa đạt kế hoạch." in text
