import datetime as dt
import unicodedata

import pytest

from giamngheo.workbook.forms.figures import Answers
from giamngheo.workbook.forms.layout import declared, forms_in, named, reduced
from giamngheo.workbook.forms.plan import plan


def names(form):
    return {heading.column: heading.name for heading in form.headings}


def test_a_form_is_recognised_wherever_its_table_stands(review):
    (form,) = forms_in(review)

    assert (form.kind, form.day) == ("reviews", dt.date(2023, 12, 31)), "the letter's day is not that of the figures"
    assert names(form) == {
        3: "households",
        4: "poor_households",
        5: "poor_households/households",
        6: "near_poor_households",
        7: "near_poor_households/households",
    }
    assert [(line.row, line.name) for line in form.lines] == [
        (7, "Huyện Sao Mai"),
        (8, "TT. Sao Mai"),
        (9, "Xã Đăk Hòa"),
        (10, "Xã Mĩ Lí"),
    ]


def test_groups_of_headings_that_are_not_merged_reach_to_the_right(made, review):
    (form,) = forms_in(made(*review.rows))

    assert names(form)[5] == "poor_households/households"
    assert names(form)[6] == "near_poor_households"


FLOW = "Hộ cận nghèo vượt chuẩn cận nghèo", "Hộ cận nghèo trở thành hộ nghèo", "Giảm khác", "Số hộ cận nghèo cuối kỳ"


def test_columns_go_by_their_words_and_rows_of_pairs_by_what_they_count(made):
    rows = [
        ("DIỄN BIẾN HỘ CẬN NGHÈO NĂM 2023",),
        ("Stt", "Xã, thị trấn", "Phân tổ", *FLOW),
        (None, None, None, "(1)", "(2)", "(3)", "(4)"),
        (1, "Đắk Hoà", "Hộ", 5, 2, 0, 12),
        (None, None, "Nhân khẩu", 20, 8, 0, 50),
    ]
    (form,) = forms_in(made(*rows))

    assert form.kind == "near_poor_flows"
    assert [heading.name for heading in form.headings][1:3] == [
        "left_above_households",
        "left_to_other_class_households",
    ]
    assert [(line.name, line.measure) for line in form.lines] == [("Đắk Hoà", "households"), ("Đắk Hoà", "persons")]


def test_households_and_persons_may_stand_side_by_side(made):
    heads = ("Số hộ nghèo đầu kỳ", None, "Hộ nghèo trở thành hộ cận nghèo", None, "Hộ tái nghèo", None)
    parts = ("Hộ", "Khẩu") * 3
    (form,) = forms_in(made(("Đơn vị", *heads), (None, *parts), ("Mỹ Lý", 10, 40, 2, 8, 0, 0)), dt.date(2023, 12, 31))

    assert [heading.name for heading in form.headings] == [
        "opening_households",
        "opening_persons",
        "left_to_other_class_households",
        "left_to_other_class_persons",
        "fell_back_households",
        "fell_back_persons",
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Hộ nghèo không có khả năng lao động",
        "Hộ nghèo năm 2022",
        "Hộ nghèo đầu năm",
        "Hộ nghèo và hộ cận nghèo",
        "Hộ nghèo có thành viên là người có công",
        "Hộ nghèo thiếu hụt bảo hiểm y tế",
    ],
)
def test_a_heading_with_words_that_are_not_known_is_not_taken_for_another(heading):
    assert named({1: (heading,)}, "reviews", dt.date(2023, 12, 31)) == {}


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("3. HỘ NGHÈO (hộ)", "poor_households"),
        (unicodedata.normalize("NFD", "Hộ nghèo"), "poor_households"),
        ("Hộ nghèo cuối năm 2023", "poor_households"),
        ("Tổng số hộ nghèo đa chiều", "poor_households"),
        ("Số nhân khẩu thuộc hộ cận nghèo", "near_poor_persons"),
        ("Hộ nghèo là đồng bào dân tộc thiểu số", ""),
        ("Hộ nghèo dân tộc thiểu số", "poor_ethnic_minority_households"),
        ("Hé nghÌo", "poor_households"),
    ],
)
def test_spellings_of_a_heading(heading, name):
    assert named({1: (heading,)}, "reviews", dt.date(2023, 12, 31)).get(1, "") == name


@pytest.mark.parametrize("words", [("Giảm khác (khẩu)",), ("Giảm khác", "Tỷ lệ (%)"), ("Tăng khác", "Tỷ lệ")])
def test_other_changes_in_persons_or_per_cent_are_not_households(words):
    for kind in ("poor_flows", "near_poor_flows"):
        assert named({1: words}, kind, None) == {}
        assert named({1: (words[0].split(" (")[0], "Số hộ")}, kind, None)[1].endswith("_households")


def test_no_pattern_of_a_form_fits_the_example_of_another_column():
    for kind, entry in declared()["forms"].items():
        plain = [way for ways in entry["columns"].values() for way in ways]
        assert len(plain) == len(set(plain)), kind


def test_a_blank_row_among_headings_gives_no_column_the_words_of_its_neighbour(made, review):
    rows = [list(row) for row in review.rows]
    areas = [(3, 4, 3, 6) if area == (3, 4, 3, 5) else area for area in review.merged]
    (form,) = forms_in(made(*rows[:4], [None] * 7, *rows[4:], merged=[a for a in areas if a[1] == 4]))
    assert [heading.name for heading in form.headings][1] == "poor_households"


def test_headings_repeated_on_the_next_page_take_no_row(made, review):
    forms = forms_in(made(*review.rows[:8], *review.rows[3:6], *review.rows[8:]))
    names = [line.name for form in forms for line in form.lines]
    assert (len(forms), names) == (1, ["Huyện Sao Mai", "TT. Sao Mai", "Xã Đăk Hòa", "Xã Mĩ Lí"])


def test_a_column_of_figures_without_any_words_is_told(workbook, made, review):
    rows = [list(row) for row in review.rows]
    rows[3][5] = rows[4][5] = None
    table = made(*rows, merged=[area for area in review.merged if area[0] != 6])
    assert "cột F 'không có tiêu đề'" in plan([[table]], workbook, Answers(), replace=False).doubts[0]


def test_two_forms_one_below_the_other(made, review):
    below = [tuple(row) for row in review.rows]
    both = made(
        *below, (), *[tuple(str(cell).replace("2023", "2022") if cell else cell for cell in row) for row in below]
    )
    assert [form.day.year for form in forms_in(both)] == [2023, 2022]


def test_a_table_with_other_headings_is_no_form(made):
    assert forms_in(made(("TT", "Đơn vị", "Số trường", "Số lớp"), (1, "Mỹ Lý", 3, 20))) == []
    assert forms_in(made(("Họ tên", "Chức vụ"), ("A", "B"))) == []
    assert forms_in(made()) == []


def test_reduced_words_have_no_numbers_of_columns():
    assert reduced("(9) Số hộ nghèo cuối kỳ (hộ)") == "ho ngheo cuoi ho"


def test_a_table_without_headings_is_no_form(made):
    assert forms_in(made(("Biểu số 1",), (1, 2, 3, 4), ())) == []
