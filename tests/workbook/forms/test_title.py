import datetime as dt

import pytest

from giamngheo.workbook.forms.title import day_of


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("KẾT QUẢ RÀ SOÁT CUỐI NĂM 2023", dt.date(2023, 12, 31)),
        ("Tính đến ngày 14/12/2023", dt.date(2023, 12, 14)),
        ("đến ngày 30 tháng 6 năm 2023", dt.date(2023, 6, 30)),
        ("Tháng 02/2024", dt.date(2024, 2, 29)),
        ("6 tháng đầu năm 2023", None),
        ("Quý III năm 2023", None),
        ("So sánh năm 2022 và năm 2023", None),
        ("Biểu số 1", None),
        ("ngày 31/02/2023", None),
    ],
)
def test_the_day_is_read_only_where_the_title_says_one(title, day):
    assert day_of(title) == day
