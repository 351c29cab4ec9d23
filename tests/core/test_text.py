import datetime as dt

import pytest

from giamngheo.core.text import accented, from_tcvn3, from_vni, legacy_encoding_of, plain, unicode_of
from giamngheo.regulation.units import standing


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


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Hç trî hé nghÌo söa nhµ ë, ®· bµn giao", "TCVN3 (ABC)"),
        ("UBND HUYÖN TU M¬ R¤NG", "TCVN3 (ABC)"),
        ("Lª V¨n Hïng", "TCVN3 (ABC)"),
        ("Vèn ®Çu t\xad", "TCVN3 (ABC)"),
        ("X·", "TCVN3 (ABC)"),
        ("Nguyeãn Vaên An", "VNI"),
        ("Thieáu huït nöôùc saïch", "VNI"),
        ("Huyeän", "VNI"),
        ("Nhaân Maõ", "VNI"),
        ("Ñoâng Haø", "VNI"),
        ("Naêm 2023", "VNI"),
    ],
)
def test_a_text_in_an_old_encoding_is_known(text, encoding):
    assert legacy_encoding_of(text) == encoding


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Hỗ trợ hộ nghèo sửa nhà ở",
            "Hà Nam, xã Hà",
            "TỶ LỆ HỘ NGHÈO",
            "Ô tô",
            "Ông Tạ, bà Lý",
            "Đa\u0306k Ha\u0300",
        ),
        *("· Hỗ trợ", "§ 5", "£ 500", "50 m²", "5 µm", "Xã¹", "«nhà ở»", "30 % ± 2", "Windows®"),
        *("Krông Búk", "Brâu", "Hrê", "Kông Chro", "Ê Đê", "H’Mông", "thôn Kon Hơ Nông", "Tê Xăng", "Plei Rơ Hai"),
        *("François Hollande", "René Müller où été", "Loïc Durand", "Thaï", "Noël", "Crème brûlée à la mode"),
        *("Köln", "Bön", "Straße und Größe", "São Paulo", "El Niño", "Løgstør", "Zürich für Öl"),
        "Banque de développement à Genève où il était né",
    ],
)
def test_proper_vietnamese_and_other_languages_are_not_taken_for_it(text):
    assert legacy_encoding_of(text) is None


def test_no_name_of_the_register_is_taken_for_it():
    names = {name for year in (2021, 2026) for unit in standing(on=dt.date(year, 1, 1)) for name in unit.names}
    assert [name for name in names if legacy_encoding_of(name)] == []


@pytest.mark.parametrize(
    ("text", "encoding", "meant"),
    [
        ("UBND HUYÖN TU M¬ R¤NG", "TCVN3 (ABC)", "UBND HUYỆN TU MƠ RÔNG"),
        ("Lª V¨n Hïng, X· §¨k Hµ", "TCVN3 (ABC)", "Lê Văn Hùng, Xã Đăk Hà"),
        ("Nguyeãn Vaên An", "VNI", "Nguyễn Văn An"),
    ],
)
def test_capitals_stay_capitals(text, encoding, meant):
    assert unicode_of(text, encoding) == meant
