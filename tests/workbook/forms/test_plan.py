import dataclasses
import datetime as dt

import pandas as pd
import pytest

from giamngheo.workbook.forms.figures import Answers
from giamngheo.workbook.forms.plan import plan
from giamngheo.workbook.schema import table


def planned(workbook, *tables, replace=False, **answers):
    return plan([[one] for one in tables], workbook, Answers(**answers), replace=replace)


def test_figures_come_with_their_unit_day_and_column(workbook, review):
    found = planned(workbook, review)

    assert (found.errors, found.doubts) == ((), ())
    frame = found.frames()["reviews"].set_index("unit_code")
    assert list(frame.index) == ["990", "991", "992", "993"]
    assert list(frame["poor_households"]) == [30, 5, 10, 15]
    assert set(frame["date"]) == {pd.Timestamp(2023, 12, 31)}


def with_cell(form, row, column, value):
    rows = [list(cells) for cells in form.rows]
    rows[row - 1][column - 1] = value
    return dataclasses.replace(form, rows=rows)


def test_a_published_rate_unlike_its_counts_is_told(workbook, review):
    (doubt,) = planned(workbook, with_cell(review, 10, 5, 16.5)).doubts
    assert doubt == (
        "bieu.xlsx, trang 'Biểu', ô E10: tỷ lệ đã công bố 16,5%, tính từ 15 / 100 là 15.00%".replace("15.00", "15,00")
    )


def test_rates_may_be_shares_or_rounded_more(workbook, review):
    assert planned(workbook, with_cell(review, 7, 7, 6.7)).doubts == ()
    assert planned(workbook, with_cell(review, 7, 7, 0.0667)).doubts == ()
    assert planned(workbook, with_cell(review, 7, 7, "6,67%")).doubts == ()


def test_a_cell_that_cannot_be_read_keeps_everything_out(workbook, review):
    (error,) = planned(workbook, with_cell(review, 9, 3, "khoảng 100")).errors
    assert error.startswith("bieu.xlsx, trang 'Biểu', ô C9: có 'khoảng 100'; cần số nguyên")


@pytest.mark.parametrize(
    ("area", "cells"),
    [
        ((4, 8, 4, 9), "D8:D9"),  # two communes
        ((3, 9, 4, 9), "C9:D9"),  # two figures of one
        ((2, 9, 3, 9), ""),  # the name reaches over a figure, which is blank then
        ((4, 10, 4, 11), ""),  # the row below has no name and no figure, and is none
        ((4, 10, 4, 15), ""),  # and so have those below the last
        ((4, 9, 4, 15), "D9:D15"),
    ],
)
def test_one_number_in_merged_cells_is_nobodys(workbook, review, area, cells):
    rows = [*review.rows[:10], (), ()]
    found = planned(workbook, dataclasses.replace(review, rows=rows, merged=[*review.merged, area]))
    words = f"bieu.xlsx, trang 'Biểu', ô {cells}: một số ở ô gộp, chưa rõ của dòng, cột nào; bỏ gộp, ghi số vào từng ô"
    assert found.errors == ((words,) if cells else ())


def test_a_merged_figure_of_a_row_without_others_is_told(workbook, made):
    rows = [
        ["KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023"],
        ["TT", "Đơn vị", "Tổng số hộ", "Hộ nghèo"],
        [1, "Xã Mỹ Lý", 1000, 300],
        [2, "Xã Đăk Hòa", None, None],
    ]
    (error,) = planned(workbook, made(*rows, merged=[(3, 3, 3, 4)])).errors
    assert "ô C3:C4: một số ở ô gộp" in error


def test_a_rate_may_stand_once_beside_households_and_persons(workbook, made):
    rows = [
        ["KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023"],
        ["TT", "Đơn vị", "Hộ, khẩu", "Tổng số", "Hộ nghèo", "Tỷ lệ hộ nghèo"],
        [1, "Xã Mỹ Lý", "Hộ", 1000, 300, 30],
        [None, None, "Khẩu", 4000, 1200, None],
    ]
    assert planned(workbook, made(*rows, merged=[(6, 3, 6, 4), (2, 3, 2, 4), (1, 3, 1, 4)])).errors == ()


def test_a_day_that_the_title_states_is_not_answered_otherwise(workbook, review, made):
    of_day = made(("KẾT QUẢ RÀ SOÁT ĐẾN NGÀY 31/12/2022",), *review.rows[3:])
    (error,) = planned(workbook, of_day, day=dt.date(2023, 12, 31)).errors
    assert error.endswith("tiêu đề nêu ngày 31/12/2022, --date ghi 31/12/2023; bỏ --date, hoặc sửa tiêu đề")
    assert planned(workbook, of_day, day=dt.date(2022, 12, 31)).errors == ()
    assert planned(workbook, review, day=dt.date(2023, 12, 14)).errors == (), "its title states a year"


def test_a_dash_is_a_blank_and_counted(workbook, review):
    found = planned(workbook, with_cell(review, 9, 6, "-"))

    assert found.parts[0].blanks == 1
    assert found.frames()["reviews"].set_index("unit_code")["near_poor_households"].isna()["992"]


def test_two_forms_that_differ_are_an_error_and_two_that_agree_are_not(workbook, review):
    other = dataclasses.replace(with_cell(review, 9, 3, 101), file="khac.xlsx")

    assert planned(workbook, review, review).errors == ()
    (error,) = planned(workbook, review, other).errors
    assert error == "khac.xlsx, trang 'Biểu', ô C9: ghi 101, nhưng bieu.xlsx, trang 'Biểu', ô C9 ghi 100"


def test_a_figure_of_the_workbook_is_written_over_only_when_asked(workbook, review):
    row = {"row": 7, "date": pd.Timestamp(2023, 12, 31), "unit_code": "992", "households": 99, "poor_households": 10}
    known = dataclasses.replace(
        workbook, tables=workbook.tables | {"reviews": workbook["reviews"].reindex(index=[0]).assign(**row)}
    )

    kept = planned(known, review)
    assert kept.kept == 1
    assert kept.doubts[0].endswith("sổ ghi 99 ở trang 'Rà soát', ô F7: giữ nguyên; --replace để ghi đè")
    assert kept.frames()["reviews"].set_index("unit_code")["households"].isna()["992"]
    replaced = planned(known, review, replace=True)
    assert replaced.kept == 0
    assert replaced.frames()["reviews"].set_index("unit_code")["households"]["992"] == 100


def test_a_form_without_a_day_or_of_another_year_is_told(workbook, review, made):
    untitled = made(*review.rows[3:], merged=[])
    assert planned(workbook, untitled).errors == (
        "bieu.xlsx, trang 'Biểu': tiêu đề không nêu rõ ngày chốt; ghi --date 31/12/2023",
    )
    assert planned(workbook, untitled, day=dt.date(2023, 12, 14)).errors == ()
    (error,) = planned(workbook, untitled, day=dt.date(2021, 12, 31)).errors
    assert "không thuộc sổ năm 2023" in error


def test_rows_without_a_name_and_columns_of_one_meaning_are_told(workbook, review):
    found = planned(workbook, with_cell(with_cell(review, 9, 2, None), 5, 5, "Số lượng"))
    assert found.errors[0] == "bieu.xlsx, trang 'Biểu', dòng 9: có số mà không có tên đơn vị; ghi tên ở dòng ấy"
    assert "cột D 'Hộ nghèo / Số lượng' và cột E 'Hộ nghèo / Số lượng' cùng một nghĩa" in found.errors[1]


def test_rows_of_persons_fill_the_columns_of_persons(workbook, made):
    rows = [
        ("DIỄN BIẾN HỘ NGHÈO NĂM 2023",),
        ("Đơn vị", "Phân tổ", "Số hộ nghèo đầu kỳ", "Hộ tái nghèo", "Giảm khác", "Số hộ nghèo cuối kỳ"),
        ("Mỹ Lý", "Hộ", 10, 1, None, 11),
        (None, "Khẩu", 40, 4, None, 44),
    ]
    frame = planned(workbook, made(*rows)).frames()["poor_flows"]
    assert frame.iloc[0].drop(["date", "unit_code"]).to_dict() == {
        "opening_households": 10,
        "fell_back_households": 1,
        "closing_households": 11,
        "opening_persons": 40,
        "fell_back_persons": 4,
        "closing_persons": 44,
    }


def test_a_file_without_a_form_is_an_error_a_sheet_without_one_is_not(workbook, review, made):
    other = made(("TT", "Đơn vị", "Số trường", "Số lớp"), (1, "Mỹ Lý", 3, 20))
    assert "không nhận ra biểu nào" in planned(workbook, other).errors[0]
    both = plan([[review, other]], workbook, Answers(), replace=False)
    assert both.errors == ()
    assert "không nhận ra biểu nào" in both.doubts[0]


def deprivations(title, unit, values):
    heads = [column.header.split(") ")[1] for column in table("poor_lacks").columns if column.unit]
    return [
        (title,),
        (f"Đơn vị tính: {unit}",),
        ("TT", "Đơn vị", "Tổng số hộ nghèo", "Chỉ số thiếu hụt", *[None] * 11),
        (None, None, None, *(f"{number} - {head}" for number, head in enumerate(heads, start=1))),
        ("1", "Xã Mỹ Lý", 15, *values),
    ]


def test_deprivations_are_counts_or_rates_by_what_the_form_says_it_counts(workbook, review, made):
    counts = made(*deprivations("HỘ NGHÈO THEO CHỈ SỐ THIẾU HỤT NĂM 2023", "hộ", [6] * 12))
    rates = made(*deprivations("TỶ LỆ THIẾU HỤT CỦA HỘ NGHÈO NĂM 2023", "%", [40] * 8 + [50, 40, 40, 40]))

    found = planned(workbook, review, counts, rates)
    assert found.errors == ()
    assert found.doubts == ("bieu.xlsx, trang 'Biểu', ô L5: tỷ lệ đã công bố 50%, tính từ 6 / 15 là 40,00%",)
    row = found.frames()["poor_lacks"].iloc[0]
    assert (row["unit_code"], row["lacking_12_households"]) == ("993", 6)


def test_a_total_that_another_form_tells_otherwise_is_told(workbook, review, made):
    other = made(*deprivations("HỘ NGHÈO THEO CHỈ SỐ THIẾU HỤT NĂM 2023", "hộ", [6] * 12))
    (doubt,) = planned(workbook, review, with_cell(other, 5, 3, 14)).doubts
    assert doubt == "bieu.xlsx, trang 'Biểu', ô C5: ghi 14, nơi khác ghi 15"


def test_a_form_that_counts_thousands_is_not_read(workbook, review):
    assert "đơn vị tính 'nghin ho'" in planned(workbook, with_cell(review, 3, 1, "Đơn vị tính: nghìn hộ")).errors[0]


def test_a_workbook_of_ours_is_no_form_and_told_once(workbook, made):
    sheets = [
        dataclasses.replace(made(("Mã đơn vị",)), sheet=name) for name in ("Thể thức", "Đơn vị", "Rà soát", "Vốn giao")
    ]
    found = plan([sheets], workbook, Answers(), replace=False)
    assert found.errors == (
        "bieu.xlsx: là sổ của chương trình, không phải biểu; sổ xã gửi về thì dùng giamngheo collect, sổ năm trước thì "
        "dùng giamngheo new --from",
    )


def test_headings_of_three_rows_a_total_last_and_a_signature_below(workbook, made):
    rows = [
        ("KẾT QUẢ RÀ SOÁT (Số liệu tính đến ngày 31 tháng 12 năm 2023)",),
        ("Tên đơn vị", "Tổng số", None, "Hộ nghèo", None, None, None, "Ghi nhận"),
        (None, None, None, "Số hộ", None, "Nhân khẩu", None, None),
        (None, "Hộ", "Khẩu", "Số lượng", "Tỷ lệ %", "Số lượng", "Tỷ lệ %", None),
        ("Thị trấn Sao Mai", 100, 400, 5, 5, 20, 5, 1),
        ("Xã Mỹ Lý", 200, 800, 30, 15, 120, 15, 2),
        ("TỔNG CỘNG", 300, 1200, 35, 11.67, 140, 11.67, 3),
        ("Người lập biểu", None, None, None, None, "KT. CHỦ TỊCH"),
    ]
    merged = [(1, 2, 1, 4), (2, 2, 3, 3), (4, 2, 7, 2), (4, 3, 5, 3), (6, 3, 7, 3), (8, 2, 8, 4)]
    found = planned(workbook, made(*rows, merged=merged))

    assert found.errors == ()
    assert found.doubts == (
        "bieu.xlsx, trang 'Biểu': biểu không có dòng của Đắk Hoà (992) ở trang 'Đơn vị'",
        "bieu.xlsx, trang 'Biểu': có số mà không nhận ra tiêu đề, không đọc: cột H 'Ghi nhận'",
    )
    frame = found.frames()["reviews"].set_index("unit_code")
    columns = ["households", "persons", "poor_households", "poor_persons"]
    assert frame.loc[["991", "993", "990"], columns].to_numpy().tolist() == [
        [100, 400, 5, 20],
        [200, 800, 30, 120],
        [300, 1200, 35, 140],
    ]


def test_published_rates_are_kept_beside_their_counts(workbook, review):
    figures = {key[2:]: one.value for key, one in planned(workbook, review).figures.items()}
    assert figures[(("unit_code", "990"),), "published_near_poor_rate_pct"] == 6.67
    assert figures[(("unit_code", "991"),), "published_poor_rate_pct"] == 5.0


def test_a_rate_published_as_a_share_of_one_is_kept_in_percent(workbook, review):
    found = planned(workbook, with_cell(review, 9, 5, 0.1)).figures
    (rate,) = (one for key, one in found.items() if key[2:] == ((("unit_code", "992"),), "published_poor_rate_pct"))
    assert rate.value == 10
