import dataclasses
import datetime as dt

import pandas as pd
import pytest

from giamngheo.workbook.forms.figures import Answers
from giamngheo.workbook.forms.plan import plan

ROWS = (
    ("TÌNH HÌNH GIẢI NGÂN CHƯƠNG TRÌNH ĐẾN NGÀY 31/8/2023",),
    ("Đơn vị tính: triệu đồng",),
    ("TT", "Nội dung", "Kế hoạch vốn giao", None, "Giải ngân", None, None, "Tỷ lệ (%)"),
    (None, None, "Vốn đầu tư", "Vốn sự nghiệp", "Tổng số", "Vốn đầu tư", "Vốn sự nghiệp", None),
    (None, "TỔNG CỘNG", None, 50, 19.569482, None, 19.569482, 40),
    ("I", "Dự án 2: Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo", None, 20, 4.569482, None, 4.569482, None),
    ("II", "Dự án 3: Hỗ trợ phát triển sản xuất, cải thiện dinh dưỡng", None, 30, 15, None, 15, None),
    ("1", "Tiểu dự án 1: Hỗ trợ phát triển sản xuất trong lĩnh vực nông nghiệp", None, 20, 10, None, 10, None),
    ("2", "Tiểu dự án 2", None, 10, "5", "-", "5", None),
)


def planned(workbook, rows, made, **answers):
    return plan([[made(*rows)]], workbook, Answers(**{"budget_level": "-", **answers}), replace=False)


def changed(row, column, value):
    rows = [list(cells) for cells in ROWS]
    rows[row - 1][column - 1] = value
    return rows


def test_a_snapshot_of_the_treasury_by_project_and_source(workbook, made):
    found = planned(workbook, ROWS, made)

    assert (found.errors, found.doubts) == ((), ())
    frame = found.frames()["disbursements"]
    assert set(frame["date"].dt.date) == {dt.date(2023, 8, 31)}
    assert set(frame["fund_year"]) == {2023}
    rows = frame[["project_code", "source", "disbursed_vnd"]].itertuples(index=False, name=None)
    assert list(rows) == [
        ("2", "recurrent", 4_569_482),
        ("3.1", "recurrent", 10_000_000),
        ("3.2", "recurrent", 5_000_000),
    ], "project 3 is the sum of its parts, the column of totals that of the sources"


def test_sums_unlike_their_parts_are_told(workbook, made):
    total, whole = planned(workbook, changed(7, 7, 16), made).doubts
    assert total.endswith("ô E7: ghi 15000000 đồng, các phần cộng lại là 16000000 đồng; tổng không được ghi")
    assert whole.endswith("ô G7: ghi 16000000 đồng, các phần cộng lại là 15000000 đồng; tổng không được ghi")


@pytest.mark.parametrize(
    ("row", "column", "value", "words"),
    [
        (1, 1, "TÌNH HÌNH GIẢI NGÂN NĂM 2023", "không nêu ngày chốt của Kho bạc; ghi --date"),
        (1, 1, "GIẢI NGÂN VỐN KÉO DÀI ĐẾN NGÀY 31/8/2023", "chưa rõ vốn của năm nào; ghi --fund-year"),
        (2, 1, "(Kèm theo báo cáo)", "không nêu đơn vị tính"),
        (6, 2, "Hỗ trợ khác", "chưa rõ 'Hỗ trợ khác' là dự án nào"),
        (6, 2, "Dự án 3: Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo", "là dự án nào"),
        (6, 7, "1.234", "ô G6: có '1.234'; cần"),
        (6, 7, 0.0000001, "ô G6"),
    ],
)
def test_what_is_not_sure_is_asked(workbook, made, row, column, value, words):
    errors = planned(workbook, changed(row, column, value), made).errors
    assert any(words in error for error in errors), errors


def test_answers_say_the_day_the_year_of_the_funds_and_the_content(workbook, made):
    rows = [list(cells) for cells in changed(1, 1, "GIẢI NGÂN VỐN KÉO DÀI NĂM 2022")]
    rows[5][1] = "Nuôi bò"
    found = planned(workbook, rows, made, day=dt.date(2023, 8, 31), fund_year=2022, units={"Nuôi bò": "2"})

    assert found.errors == ()
    assert set(found.frames()["disbursements"]["fund_year"]) == {2022}
    assert found.frames()["disbursements"]["project_code"].iloc[0] == "2"


def test_a_project_and_its_part_of_one_name_are_told_apart_by_their_numbers(workbook, made):
    name = workbook.catalogue.programme(2023).contents[0].name
    rows = [
        ("GIẢI NGÂN ĐẾN NGÀY 31/8/2023",),
        ("Đơn vị tính: đồng",),
        ("TT", "Tên dự án", "Giải ngân vốn đầu tư", "Giải ngân vốn sự nghiệp"),
        ("1", name, 5_000_000_000, 1_000_000_000),
        ("1.1", name, 5_000_000_000, 1_000_000_000),
    ]
    found = planned(workbook, rows, made)
    assert (found.errors, found.doubts) == ((), ())
    assert list(found.frames()["disbursements"]["project_code"]) == ["1.1", "1.1"]


DECISION = ("25/QĐ-UBND", dt.date(2023, 1, 10))


def test_allocations_come_with_their_decision_and_budget(workbook, made):
    found = planned(workbook, ROWS, made, budget_level="central", decision=DECISION)

    assert found.errors == ()
    frame = found.frames()["capital"]
    rows = frame[["project_code", "source", "planned_vnd"]].itertuples(index=False, name=None)
    assert list(rows) == [
        ("2", "recurrent", 20_000_000),
        ("3.1", "recurrent", 20_000_000),
        ("3.2", "recurrent", 10_000_000),
    ]
    assert set(frame["date"].dt.date) == {DECISION[1]}
    assert {*frame["decision"], *frame["budget_level"]} == {DECISION[0], "central"}
    assert set(frame["fund_year"]) == {2023}


def test_the_budget_of_allocations_is_asked(workbook, made):
    (asked,) = planned(workbook, ROWS, made, budget_level="").errors
    assert "3 số kế hoạch vốn chưa có trong sổ; ghi --budget-level" in asked


def with_capital(workbook, *rows):
    names = ["project_code", "source", "planned_vnd"]
    frame = pd.DataFrame(rows, columns=names).assign(fund_year=2023, unit_code="", date=pd.NaT, decision="", row=5)
    return dataclasses.replace(workbook, tables={**workbook.tables, "capital": frame})


def test_allocations_that_are_there_are_compared_and_never_added_to(workbook, made):
    standing = [("2", "recurrent", 15_000_000), ("2", "recurrent", 5_000_000), ("3", "recurrent", 31_000_000)]
    found = planned(with_capital(workbook, *standing), ROWS, made, budget_level="central", decision=DECISION)

    assert "capital" not in found.frames()
    assert len(found.doubts) == 2, "each part of project 3, of which the workbook has the whole"
    assert all("sổ ghi 31000000 đồng (1 dòng, trang 'Vốn giao'): giữ nguyên" in doubt for doubt in found.doubts)


def test_a_table_of_nothing_but_allocations_needs_no_day(workbook, made):
    rows = [
        ("KẾ HOẠCH VỐN CHƯƠNG TRÌNH NĂM 2023",),
        ("Đơn vị tính: đồng",),
        ("TT", "Nội dung", "Kế hoạch vốn đầu tư", "Dự toán giao vốn sự nghiệp"),
        ("1", "Tiểu dự án 1.1", 5_000_000_000, 1_000_000_000),
    ]
    found = planned(workbook, rows, made, budget_level="central")

    assert found.errors == ()
    assert [doubt.rpartition(": ")[2] for doubt in found.doubts] == [
        "chưa ghi quyết định giao vốn; ghi --decision nếu biết"
    ]
    frame = found.frames()["capital"]
    assert list(frame["planned_vnd"]) == [5_000_000_000, 1_000_000_000]
    assert frame["date"].isna().all()


def test_sources_that_the_programme_of_the_year_does_not_have_are_told(workbook, made):
    found = planned(workbook, ROWS, made, fund_year=2026)
    assert any("các nguồn khác" in error for error in found.errors)


def test_a_row_of_totals_unlike_its_contents_is_told(workbook, made):
    (told,) = planned(workbook, changed(5, 7, 20), made).doubts
    assert told.endswith("ô G5: dòng cộng ghi 20000000 đồng, các dự án cộng lại là 19569482 đồng; không ghi dòng cộng")


def test_a_table_of_money_that_is_not_read_whole_is_refused(workbook, made):
    (words,) = planned(workbook, [*ROWS, *ROWS[-1:] * 5_000], made).errors
    assert words.endswith("bảng dài hơn 5000 dòng; chia thành nhiều tệp, mỗi tệp một phần của bảng")
