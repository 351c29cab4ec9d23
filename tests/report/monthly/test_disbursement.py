"""What was disbursed, in cases that the real workbook does not have."""

import pandas as pd
import pytest

from giamngheo.report import monthly
from giamngheo.report.elements import DataTable, Figure
from tests.report.monthly.changed import Change, demo_report, empty, official_report, said


def paid(vnd: int) -> Change:
    return lambda frame: frame.assign(disbursed_vnd=frame["disbursed_vnd"].where(frame["project_code"] != "1.1", vnd))


def test_nothing_disbursed() -> None:
    text = said(monthly.disbursement(official_report(disbursements=paid(0))))
    assert "vốn giao năm 2023 (71.972 triệu đồng) chưa được giải ngân" in text
    assert "Bình quân mỗi tháng từ đầu năm" not in text
    assert "bình quân 13.674,68 triệu đồng mỗi tháng" in text


def test_more_disbursed_than_planned() -> None:
    text = said(monthly.disbursement(official_report(disbursements=paid(72_000_000_000))))
    assert "vượt kế hoạch vốn 28 triệu đồng" in text
    assert "Mức 95% kế hoạch đã đạt." in text
    assert "cao hơn 58,74 điểm phần trăm" in text


def test_no_snapshot() -> None:
    text = said(monthly.disbursement(official_report(disbursements=empty)))
    assert "Đến hết ngày 31/8/2023 chưa có số liệu giải ngân vốn năm 2023." in text
    assert "bình quân" not in text.lower()


def test_some_lines_without_snapshot() -> None:
    text = said(monthly.disbursement(official_report(disbursements=lambda frame: frame.iloc[:1])))
    assert "chưa có đủ số liệu giải ngân vốn năm 2023, cụ thể:" in text
    assert "Chưa có số liệu giải ngân: Dự án 2;" in text


def test_a_source_that_the_newest_snapshot_lacks_keeps_its_money_and_is_named_below_the_table() -> None:
    """Its money vanished from the total, which was printed as fallen."""

    def lacking(frame: pd.DataFrame) -> pd.DataFrame:
        last = frame["date"] == "2024-08-31"
        return frame[~(last & (frame["project_code"] == "1.1") & (frame["source"] == "recurrent"))].reset_index(
            drop=True
        )

    whole, part = demo_report("2024-08"), demo_report("2024-08", disbursements=lacking)
    july = demo_report("2024-07")
    for name in ("disbursed_vnd/recurrent", "disbursed_vnd"):
        of_july, found, complete = (
            facts.funds[2024].set_index("project_code")[name]["1.1"] for facts in (july, part, whole)
        )
        assert of_july <= found <= complete
    table = monthly.funding_table(part)
    assert isinstance(table, DataTable)
    assert "Tiểu dự án 1 (Dự án 1), vốn sự nghiệp lấy theo lần chốt ngày 31/7/2024" in table.note
    assert "lần chốt ngày" not in monthly.funding_table(whole).note


def test_tables_of_funds_are_in_the_order_of_the_programme() -> None:
    for table in (monthly.funding_table(demo_report("2024-08")), monthly.period_table(demo_report("2024-08"))):
        assert isinstance(table, DataTable)
        codes = list(table.frame["code"])
        assert codes == sorted(codes)
        assert [codes[place] for place in table.indented_rows] == [code for code in codes if "." in code]


def test_an_aim_and_the_national_rate_have_their_decimals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("giamngheo.report.yardsticks.aim_pct", lambda period: 97.5)
    facts = official_report()
    drawn, annex = monthly.disbursement_figure(facts), monthly.stated_table(facts)
    assert isinstance(drawn, Figure)
    assert isinstance(annex, DataTable)
    assert "Để đạt 97,5% kế hoạch" in said(monthly.disbursement(facts))
    assert "Mục tiêu cả năm (97,5%)" in drawn.svg
    told = annex.frame.set_index("name")["formula"]
    assert "*97,5%" in told["Còn phải giải ngân để đạt 97,5%"]
    assert told["Tỷ lệ giải ngân so với cả nước"].endswith("-ROUND(41,3;2)")
