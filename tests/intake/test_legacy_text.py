import pytest

from giamngheo.intake.legacy_text import from_tcvn3, from_vni


@pytest.mark.parametrize(
    ("old", "unicode"),
    [
        ("M· hé", "Mã hộ"),
        ("ThiÕu hôt n­íc s¹ch", "Thiếu hụt nước sạch"),
        ("§¨k Hµ, Tu M¬ R«ng", "Đăk Hà, Tu Mơ Rông"),
    ],
)
def test_tcvn3_letters_read_as_latin_1_are_turned_into_unicode(old, unicode):
    assert from_tcvn3(old) == unicode


@pytest.mark.parametrize(
    ("old", "unicode"),
    [
        ("Maõ hoä", "Mã hộ"),
        ("Thieáu huït nöôùc saïch", "Thiếu hụt nước sạch"),
        ("Ñaêk Haø, Tu Mô Roâng", "Đăk Hà, Tu Mơ Rông"),
    ],
)
def test_vni_letters_read_as_latin_1_are_turned_into_unicode(old, unicode):
    assert from_vni(old) == unicode
