import datetime as dt

import pytest

from giamngheo.workbook.read.typed_date import typed_date
from giamngheo.workbook.read.typed_number import CellError


@pytest.mark.parametrize("text", ["31/12/2022", "31-12-2022", "31.12.2022", "2022-12-31", "ngày 31 tháng 12 năm 2022"])
def test_a_day_is_read_with_the_day_before_the_month(text):
    assert typed_date(text) == dt.datetime(2022, 12, 31)  # noqa: DTZ001


def test_a_short_day_is_still_the_day():
    assert typed_date("5/6/2023") == dt.datetime(2023, 6, 5)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12/31/2022", "ghi ngày trước tháng sau: 31/12/2022, nếu đó là ngày muốn ghi"),
        ("30/2/2023", "ngày có thật"),
        ("31/12/22", "năm bốn chữ số"),
        ("cuối năm 2022", "ví dụ 31/12/2022"),
        ("", "ví dụ 31/12/2022"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(text, why):
    with pytest.raises(CellError) as refused:
        typed_date(text)
    assert why in str(refused.value)
