import pytest

from giamngheo.core.folded_text import accented, plain


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Đăk Mỹ", "dakmi"), ("dak-mi", "dakmi"), ("Ea H'Leo", "eahleo"), ("Ea H’leo", "eahleo"), ("Phường 1", "phuong1")],
)
def test_a_plain_name_has_letters_and_digits_only(typed, folded):
    assert plain(typed) == folded


@pytest.mark.parametrize(
    ("one", "other"), [("Hòa  Bình", "Hoà Bình"), ("Thuỷ", "Thủy"), ("Mỹ Tho", "Mĩ Tho"), ("M'Drắk", "M’Drắk")]
)
def test_spellings_of_one_name_are_the_same(one, other):
    assert accented(one) == accented(other)


def test_another_accent_is_another_name():
    assert len({accented(name) for name in ("Đăk Hà", "Đắk Hà", "Dak Ha", "Đăk Hạ")}) == 4
