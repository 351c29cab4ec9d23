import pytest

from giamngheo.report.elements.layout import LANDSCAPE, PORTRAIT, fits_page, landscape_size, shares, type_size


@pytest.mark.parametrize(("columns", "size"), [(1, 12), (6, 12), (7, 10), (8, 10), (9, 9), (10, 9), (11, 8), (30, 8)])
def test_more_columns_have_smaller_type(columns, size):
    assert type_size(columns) == size


def test_widths_are_as_preferred_where_there_is_room():
    assert shares([3, 1], [["dự án"], ["1.234"]], 12) == [75, 25]


def test_column_is_as_wide_as_its_longest_word():
    wide, narrow = shares([10, 0.1], [["dự án"], ["41.870,518"]], 12)
    number = 12 * (8 * 0.5 + 2 * 0.34) + 7  # eight digits, two signs, the space beside them
    assert narrow == pytest.approx(100 * number / PORTRAIT.width_pt, abs=0.01)
    assert wide + narrow == pytest.approx(100, abs=0.01)


def test_letters_with_horns_have_the_room_of_fonts_that_draw_them_wide():
    tight = shares([10, 0.1], [["dự án"], ["phương"]], 8)[1]
    assert tight * PORTRAIT.width_pt / 100 - 7 >= 8 * 3.5


def test_one_endless_word_does_not_take_the_table():
    assert shares([1, 1], [["x" * 500], ["a"]], 12) == [50, 50]


def test_too_many_columns_share_what_there_is():
    assert sum(shares([1] * 40, [["1.234.567"]] * 40, 8)) == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize(("number", "size"), [("41,5", 12), ("12,345", 10), ("1.234,567", 7), ("1.234.567,891", 6)])
def test_a_form_of_many_columns_has_the_largest_type_that_a_page_on_its_side_has_room_for(number, size):
    texts = [["TT"], ["Nội dung"], *[[number]] * 18]
    assert landscape_size(texts) == size
    narrow = shares([0.5, 3, *[1] * 18], texts, size, LANDSCAPE)[2]
    assert narrow >= 100 * (size * 0.5 * len(number.replace(".", "").replace(",", ""))) / LANDSCAPE.width_pt


def test_table_with_room_to_spare_fits_a_page():
    assert fits_page([[("Xã Đăk Hà", 40), ("1.234", 60)]] * 30, 12, "Bảng 1", "Đơn vị tính: hộ.")


@pytest.mark.parametrize(
    ("rows", "caption"),
    [
        ([[("Xã Đăk Hà", 40), ("1.234", 60)]] * 40, "Bảng 1"),
        ([[("hộ nghèo " * 25, 40), ("1.234", 60)]] * 8, "Bảng 1"),
        ([[("hộ\n" * 50, 40), ("1.234", 60)]], "Bảng 1"),
        ([[("x" * 1300, 40), ("1.234", 60)]], "Bảng 1"),
        ([[("Xã Đăk Hà", 100)]], "hộ nghèo " * 500),
    ],
    ids=["many rows", "long texts", "lines", "an endless word", "a long caption"],
)
def test_table_that_may_not_fit_a_page_is_measured(rows, caption):
    assert not fits_page(rows, 12, caption, "")
