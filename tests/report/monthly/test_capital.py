"""The capital allocated."""

import pandas as pd

from giamngheo.report import monthly
from tests.report.monthly.changed import demo_report, empty, official_report, said


def test_new_capital_of_the_month() -> None:
    june = said(monthly.capital_change(demo_report("2024-06")))
    assert june.strip() == (
        "Trong tháng 6 năm 2024, giao 1.123 triệu đồng vốn năm 2024 theo Quyết định số 702/QĐ-UBND."
    )
    march = said(monthly.capital_change(demo_report("2024-03")))
    assert "giao 2.568,504 triệu đồng vốn năm 2023 chuyển sang theo Quyết định số 211/QĐ-UBND" in march
    assert said(monthly.capital_change(demo_report("2024-08"))) == ""


def test_no_capital() -> None:
    facts = official_report(capital=empty, disbursements=empty)
    assert "chưa có số liệu giao vốn năm 2023" in said(monthly.allocation(facts))
    assert "Chưa có vốn giao năm 2023" in said(monthly.disbursement(facts))
    for empty_element in (monthly.funding_table(facts), monthly.allocation_figure(facts)):
        assert said(empty_element) == ""


def test_money_carried_over_is_told_apart() -> None:
    def with_2022(frame: pd.DataFrame) -> pd.DataFrame:
        earlier = frame[frame["project_code"] == "2"].assign(fund_year=2022, planned_vnd=1_000_000_000)
        return pd.concat([frame, earlier.astype(frame.dtypes)], ignore_index=True)

    facts = official_report(capital=with_2022)
    assert "Vốn năm 2022 chuyển sang thực hiện trong năm 2023 là 1.000 triệu đồng" in said(monthly.allocation(facts))
    assert "71.972 triệu đồng" in said(monthly.allocation(facts))
    assert "Vốn năm 2022 chuyển sang: chưa có đủ số liệu giải ngân" in said(monthly.disbursement(facts))
    assert "chuyển sang năm 2023" in monthly.carried_table(facts).caption
