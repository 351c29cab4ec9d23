"""Documents and activities."""

from giamngheo.report import monthly
from tests.report.monthly.changed import demo_report, empty, official_report, said


def test_new_documents_of_the_month() -> None:
    assert (
        "Riêng trong tháng 8 năm 2024 ban hành 02 văn bản: Công văn số 902/UBND-LĐTBXH; Kế hoạch số 136/KH-UBND."
        in (said(monthly.direction(demo_report("2024-08"))))
    )


def test_a_report_without_documents_says_so_and_no_more() -> None:
    none = "hết kỳ báo cáo chưa có văn bản nào được ban hành để triển khai Chương trình."
    assert f" Đến {none}" in said(monthly.direction(official_report(documents=empty)))
    directives = official_report(documents=lambda frame: frame[frame["role"] == "directive"])
    text = said(monthly.direction(directives))
    assert " Thực hiện " in text
    assert f", đến {none}" in text
