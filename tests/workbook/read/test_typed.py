import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giamngheo.workbook.read.typed import CellError, readings, typed_date, whole_number


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("71,972", "hộ", 71_972),
        ("42.218", "hộ", 42_218),
        ("42 218", "hộ", 42_218),
        ("１２３", "hộ", 123),
        (" 12 ", "hộ", 12),
        ("12\u00a0", "hộ", 12),
        ("12 hộ", "hộ", 12),
        ("2.859 hộ", "hộ", 2_859),
        ("15 khẩu", "khẩu", 15),
        ("15 người", "khẩu", 15),
        ("12,0", "hộ", 12),
        ("+7", "hộ", 7),
        ("4.569.482.000", "đồng", 4_569_482_000),
        ("4,569,482,000.00", "đồng", 4_569_482_000),
        ("4.569,482 triệu đồng", "đồng", 4_569_482_000),
        ("42218 triệu", "đồng", 42_218_000_000),
        ("1,5 tỷ", "đồng", 1_500_000_000),
        ("1.702 tỷ 417 triệu đồng", "đồng", 1_702_417_000_000),
        ("1.702 tỉ 417 tr", "đồng", 1_702_417_000_000),
        ("71,972 tỷ", "đồng", 71_972_000_000),
        ("1.5 tỷ", "đồng", 1_500_000_000),
        ("417 ngàn", "đồng", 417_000),
        ("417 tr", "đồng", 417_000_000),
        ("4 tỷ 569 triệu 482 nghìn đồng", "đồng", 4_569_482_000),
        ("1 tỷ 417,5 triệu", "đồng", 1_417_500_000),
        ("2 triệu 500 nghìn 300 đ", "đồng", 2_500_300),
        ("500.000.000đ", "đồng", 500_000_000),
        ("2023", "", 2023),
    ],
)
def test_what_can_be_read_in_one_way_is_taken(text, unit, number):
    assert whole_number(text, unit) == number


@pytest.mark.parametrize(
    ("text", "unit", "why"),
    [
        ("4.569,482", "hộ", "một số nguyên"),
        ("4.569,482", "đồng", "nếu tính bằng triệu đồng thì ghi 4569482000"),
        ("71,972", "đồng", "ghi 71972 nếu là đồng, ghi 71972000000 nếu là triệu đồng"),
        ("42.218 tỷ", "đồng", "có thể hiểu là 42.218.000.000 hoặc 42.218.000.000.000"),
        ("1 tỷ 417", "đồng", "số nguyên, đơn vị tính 'đồng'"),
        ("4.569.482,5", "đồng", "nếu tính bằng nghìn đồng thì ghi 4569482500"),
        ("42.218,5", "đồng", "triệu đồng thì ghi 42218500000, nếu tính bằng nghìn đồng thì ghi 42218500"),
        ("42.218 triệu", "đồng", "có thể hiểu là 42.218.000 hoặc 42.218.000.000"),
        ("12,000", "hộ", "có thể hiểu là 12 hoặc 12.000"),
        ("12.000", "hộ", "có thể hiểu là 12 hoặc 12.000"),
        ("1e3", "hộ", "số viết dạng mũ có thể đã mất chữ số"),
        ("4.57E+09", "đồng", "số viết dạng mũ"),
        ("12 khẩu", "hộ", "số nguyên, đơn vị tính 'hộ', ghi bằng chữ số"),
        ("12 triệu", "hộ", "số nguyên, đơn vị tính 'hộ'"),
        ("khoảng 100", "hộ", "ghi bằng chữ số"),
        ("1O0", "hộ", "ghi bằng chữ số"),
        ("1.23.456", "hộ", "ghi bằng chữ số"),
        ("-5", "hộ", "một số không âm"),
        ("0,5", "hộ", "một số nguyên"),
        ("1 tỷ 1.500 triệu", "đồng", "số nguyên, đơn vị tính 'đồng'"),
        ("417 triệu 1 tỷ", "đồng", "số nguyên, đơn vị tính 'đồng'"),
        ("1,5 tỷ 417 triệu", "đồng", "số nguyên, đơn vị tính 'đồng'"),
        ("99999999999999999", "đồng", "không quá một trăm nghìn tỷ đồng"),
        ("100000000000001", "đồng", "không quá một trăm nghìn tỷ đồng"),
        ("100001 tỷ", "đồng", "không quá một trăm nghìn tỷ đồng"),
        ("1000000001", "khẩu", "một số không quá một tỷ"),
        ("9" * 30_000, "hộ", "một số không quá một tỷ"),
        ("mười", "", "một số nguyên, ghi bằng chữ số"),
        ("234¹", "hộ", "ghi bằng chữ số"),
        ("234①", "hộ", "ghi bằng chữ số"),
        ("1.702₂ triệu", "đồng", "số nguyên, đơn vị tính 'đồng'"),
    ],
)
def test_what_can_be_read_otherwise_is_refused_with_the_reason(text, unit, why):
    with pytest.raises(CellError) as refused:
        whole_number(text, unit)
    assert why in str(refused.value)


def test_a_number_is_read_in_the_way_of_vietnam_and_in_the_english_way():
    assert readings("71,972") == {Decimal("71.972"), Decimal(71972)}
    assert readings("4.569,482") == {Decimal("4569.482")}
    assert readings("1.2.3") == set()


@given(st.integers(0, 10**14))
def test_digits_are_read_as_they_stand(number):
    assert whole_number(str(number), "đồng") == number


@given(st.integers(10**6, 10**14))
def test_groups_of_three_are_read_in_both_ways(number):
    assert whole_number(f"{number:,}", "đồng") == number
    assert whole_number(f"{number:,}".replace(",", "."), "đồng") == number


def read_or_refused(text):
    """The number read from a text, or the words with which it is refused."""
    try:
        return whole_number(text, "đồng")
    except CellError as refused:
        return str(refused)


@given(st.text(max_size=12))
def test_any_text_is_a_whole_number_or_refused(text):
    outcome = read_or_refused(text)
    assert outcome >= 0 if isinstance(outcome, int) else outcome


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
