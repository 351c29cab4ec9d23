import datetime as dt

import pytest

from giamngheo.core.text import text
from giamngheo.workbook.read.cells import Typed, amounts_in_millions, cell_value
from giamngheo.workbook.read.sheets import Fraction
from giamngheo.workbook.read.typed import CellError
from giamngheo.workbook.schema import Column, table

DAY = dt.datetime(2022, 12, 31)  # noqa: DTZ001


def column(kind, **given):
    return Column("x", "Cột", kind, "", **given)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (12, "count", Typed(12)),
        (12.0, "money", Typed(12)),
        (0.0, "count", Typed(0)),
        ("12", "count", Typed(12, converted=True)),
        (2023, "year", Typed(2023)),
        (DAY, "date", Typed(DAY)),
        (dt.datetime(2022, 12, 31, 8, 30), "date", Typed(DAY)),  # noqa: DTZ001
        ("31/12/2022", "date", Typed(DAY, converted=True)),
        (617.0, "code", Typed("617")),
        (float("inf"), "code", Typed("inf")),
        (1.1, "code", Typed("1.1")),
        (" 1.1 ", "code", Typed("1.1")),
        (DAY, "period", Typed("2022-12")),
        *((written, "period", Typed(written)) for written in ("2023-08", "2023-Q3", "2023-H1", "2023-9M", "2023")),
        (2023, "period", Typed("2023")),
        (2023.0, "period", Typed("2023")),
        (41.06, "percent", Typed(41.06)),
        (Fraction(0.4106), "percent", Typed(41.06)),
        (Fraction(1), "percent", Typed(100.0)),
        ("41,06%", "percent", Typed(41.06, converted=True)),
        ("6.2", "percent", Typed(6.2, converted=True)),
        (None, "percent", Typed(None)),
        (5, "text", Typed("5")),
        (None, "text", Typed("")),
        ("  ", "count", Typed(None)),
        (None, "date", Typed(None)),
    ],
)
def test_a_cell_is_read_by_the_kind_of_its_column(value, kind, expected):
    assert cell_value(value, column(kind)) == expected


@pytest.mark.parametrize(
    ("value", "kind", "why"),
    [
        (-1, "count", "một số không âm"),
        (0.5, "count", "một số nguyên"),
        (4569.482, "money", "một số nguyên"),
        (True, "count", "một số nguyên"),
        (DAY, "count", "một số nguyên"),
        ("12\u202e34", "count", "một số nguyên"),  # is seen as 1243
        ("12\n345", "count", "một số nguyên"),  # two numbers, in two lines
        ("12\t345", "money", "một số nguyên"),
        ("41\n,06", "percent", "tỷ lệ phần trăm"),
        (1e16, "money", "không quá một tỷ"),
        (float("inf"), "count", "không quá một tỷ"),
        (23, "year", "năm có bốn chữ số"),
        (44926, "date", "ví dụ 31/12/2022"),
        (dt.datetime(1900, 1, 1), "date", "các năm 1990 đến 2100"),  # noqa: DTZ001
        ("quý 3", "period", "2023-08, 2023-Q3, 2023-H1, 2023-9M hoặc 2023"),
        (DAY, "code", "Excel đã đổi mã thành ngày"),
        ("#REF!", "text", "thay cho công thức bị lỗi"),
        ("#DIV/0!", "count", "thay cho công thức bị lỗi"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(value, kind, why):
    with pytest.raises(CellError) as refused:
        cell_value(value, column(kind))
    assert why in str(refused.value)


def test_money_in_million_is_refused_with_the_amount_in_dong():
    with pytest.raises(CellError) as refused:
        cell_value(4569.482, column("money", unit="đồng"))
    assert "nếu tính bằng triệu đồng thì ghi 4569482000" in str(refused.value)


@pytest.mark.parametrize(
    ("cells", "places"),
    [
        ([42218.5, 4222, "5.831,25", 3482], [0, 1, 2, 3]),
        ([42218.5, 4222, 5831, 3482, 2_771_000_000, None, 0, True, "x"], [0, 1, 2, 3]),
        ([42218, 4222, 5831, 3482], []),
        ([42218.5, 4222, 5831], []),
        ([42218.5, 2_771_000_000, 4_222_000_000, 5_831_000_000, 3_482_000_000], []),
    ],
)
def test_a_column_is_in_millions_where_most_amounts_are_small_and_some_have_a_fraction(cells, places):
    assert list(amounts_in_millions(cells)) == places


@pytest.mark.parametrize(
    ("typed", "name", "field", "value"),
    [
        ("Kính gửi: UBND huyện", "form", "addressee", "UBND huyện"),
        ("Kính gửi UBND huyện", "form", "addressee", "UBND huyện"),
        ("UBND huyện", "form", "addressee", "UBND huyện"),
        ("Số: …/BC-LĐTBXH", "form", "number_symbol", "BC-LĐTBXH"),
        ("số 25/KH-UBND", "documents", "number", "25/KH-UBND"),
        ("Về việc giao vốn", "documents", "subject", "giao vốn"),
        ("V/v: giao vốn", "documents", "subject", "giao vốn"),
        ("- Tuyên truyền.", "solutions", "text", "Tuyên truyền."),
        ("• Tuyên truyền.", "next_steps", "text", "Tuyên truyền."),
        ("-5 xã", "activities", "text", "-5 xã"),
        ("Kính gửi:", "form", "addressee", "Kính gửi:"),
        ("Sốp Cộp", "documents", "number", "Sốp Cộp"),
    ],
)
def test_words_that_the_report_prints_before_a_text_are_left_out_of_it(typed, name, field, value):
    assert cell_value(typed, table(name).column(field)).value == value


def test_a_required_cell_is_not_blank():
    with pytest.raises(CellError) as refused:
        cell_value(" ", column("count", required=True))
    assert str(refused.value).startswith("'Cột', không được để trống (")


@pytest.mark.parametrize("typed", ["-", "không", "chưa có", "…"])
def test_a_word_in_place_of_a_number_that_may_be_blank_is_told_what_blank_and_0_mean(typed):
    with pytest.raises(CellError) as refused:
        cell_value(typed, column("count"))
    assert str(refused.value) == "chữ số; chưa có số liệu thì để trống, không có thì ghi 0"


@pytest.mark.parametrize("typed", ["năm 2024", 24, 2024.5])
def test_a_year_has_four_digits_and_nothing_else(typed):
    with pytest.raises(CellError) as refused:
        cell_value(typed, column("year"))
    assert str(refused.value) == "năm có bốn chữ số, ví dụ 2023"


def test_a_choice_is_known_by_its_word_whatever_its_capitals():
    source = column("choice", choices="source")

    assert cell_value("vốn ĐẦU TƯ", source) == Typed("investment")
    with pytest.raises(CellError) as refused:
        cell_value("vốn vay", source)
    assert str(refused.value).startswith(
        "một trong: Vốn đầu tư, Vốn sự nghiệp, Ngân sách trung ương, Vốn đầu tư công, "
    )


def test_text_is_composed_stands_on_one_line_and_has_no_control_characters():
    decomposed = "Đa\u0306k"
    assert text(f" {decomposed}\n Hà\u200b\x07 ") == "Đăk Hà"
    assert text("Đăk\u202e Hà") == "Đăk? Hà"
