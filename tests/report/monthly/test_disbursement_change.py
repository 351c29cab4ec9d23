"""What the period itself disbursed, and the way of disbursement through the year."""

import pandas as pd
import pytest

from giamngheo.report import monthly
from giamngheo.report.elements import Figure
from tests.report.monthly.changed import demo_report, said, without


def test_what_a_month_disbursed() -> None:
    text = said(monthly.disbursement_change(demo_report("2024-08")))
    assert (
        "Trong tháng 8 năm 2024 giải ngân 4.696,352 triệu đồng vốn năm 2024, bằng 9,05% kế hoạch vốn; tăng 2.919,426"
        " triệu đồng so với tháng 7 năm 2024 (1.776,926 triệu đồng). Vốn năm 2023 chuyển sang: giải ngân 131,277"
        in text
    )
    assert "Cùng kỳ năm 2023 (tính đến ngày 31/8/2023), lũy kế giải ngân vốn năm 2023 là 26.335,971/46.669" in text
    assert "tỷ lệ giải ngân năm nay thấp hơn 26,93 điểm phần trăm" in text


def test_nothing_disbursed_in_the_month() -> None:
    def as_in_july(frame: pd.DataFrame) -> pd.DataFrame:
        july = frame[frame["date"] == pd.Timestamp("2024-07-31")]
        return pd.concat([frame[frame["date"] <= "2024-07-31"], july.assign(date=pd.Timestamp("2024-08-31"))])

    text = said(monthly.disbursement_change(demo_report("2024-08", disbursements=as_in_july)))
    assert "Trong tháng 8 năm 2024 không phát sinh giải ngân vốn năm 2024; giảm 1.776,926 triệu đồng" in text


@pytest.mark.parametrize(("missing", "named"), [(7, "tháng 7 năm 2024"), (8, "tháng 8 năm 2024")])
def test_a_missing_snapshot_is_said_not_counted_as_nothing(missing: int, named: str) -> None:
    facts = demo_report("2024-08", disbursements=without(missing))
    text = said(monthly.disbursement_change(facts))
    assert (
        f"Số giải ngân riêng trong tháng 8 năm 2024 chưa xác định được vì thiếu số liệu giải ngân đến {named}." in text
    )
    assert said(monthly.period_table(facts)) == ""
    assert isinstance(monthly.months_figure(facts), Figure)


def test_a_single_snapshot_says_nothing_of_the_month() -> None:
    def august(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["date"].dt.month == 8].reset_index(drop=True)

    facts = demo_report("2024-08", disbursements=august)
    assert "Số giải ngân riêng" not in said(monthly.disbursement_change(facts))
    assert said(monthly.months_figure(facts)) == ""


def test_a_quarter_is_set_beside_the_quarter_before() -> None:
    facts = demo_report("2024-Q3")
    text = said(monthly.disbursement_change(facts))
    assert "Trong quý III năm 2024 giải ngân" in text
    assert "so với quý II năm 2024" in text
    assert "trong quý III năm 2024" in monthly.period_table(facts).caption
    assert "So với tháng 6 năm 2024: hộ nghèo" in said(monthly.poverty_change(facts))


@pytest.mark.parametrize("period", ["2024-01", "2024-Q1", "2024-H1", "2024-9M", "2024"])
def test_what_began_with_the_year_has_no_table_of_its_own(period: str) -> None:
    facts = demo_report(period)
    assert said(monthly.period_table(facts)) == ""
    assert "Trong" not in said(monthly.disbursement_change(facts))


def test_figure_of_months_says_what_it_shows() -> None:
    figure = monthly.months_figure(demo_report("2024-08"))
    assert isinstance(figure, Figure)
    assert "Năm 2024: tháng 01 0,64%" in figure.alt
    assert "Tiến độ cần có để đạt 95%: tháng 8 29,50%, tháng 01 năm sau 95,00%" in figure.alt
    assert "Năm 2023: tháng 01 0,21%" in figure.alt


def test_no_pace_is_drawn_where_the_aim_is_reached() -> None:
    def smaller(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(planned_vnd=frame["planned_vnd"] * 8 // 10)  # 79.547 % of the plan is 99.43 % of this

    figure = monthly.months_figure(demo_report("2024-12", capital=smaller))
    assert isinstance(figure, Figure)
    assert "tháng 12 99,43%" in figure.alt
    assert "Tiến độ cần có" not in figure.alt
