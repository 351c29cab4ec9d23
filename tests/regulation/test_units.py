import datetime as dt
import unicodedata
from collections import defaultdict

import pytest

from giamngheo.regulation import NoRuleInForceError, UnknownRuleError, register
from giamngheo.regulation.register import all_states
from giamngheo.regulation.units import (
    Part,
    children,
    complete,
    destination_words,
    destinations,
    find,
    known,
    merged_into,
    predecessors,
    standing,
    successors,
    unit,
)

THE_DAY = dt.date(2025, 7, 1)
DAY_BEFORE = dt.date(2025, 6, 30)
TODAY = dt.date(2026, 11, 26)
NEW_YEAR_2024 = dt.date(2024, 1, 1)


def found(name, day):
    return [(entry.kind, entry.code) for entry in find(name, on=day)]


def test_the_district_has_eleven_communes_the_day_before_and_is_no_unit_on_the_day():
    assert [(commune.code, commune.name) for commune in children("617", on=DAY_BEFORE)] == [
        ("23404", "Ngọk Lây"),
        ("23407", "Đăk Na"),
        ("23410", "Măng Ri"),
        ("23413", "Ngọk Yêu"),
        ("23416", "Đăk Sao"),
        ("23417", "Đăk Rơ Ông"),
        ("23419", "Đăk Tờ Kan"),
        ("23422", "Tu Mơ Rông"),
        ("23425", "Đăk Hà"),
        ("23446", "Tê Xăng"),
        ("23449", "Văn Xuôi"),
    ]
    assert children("617", on=THE_DAY) == ()
    with pytest.raises(NoRuleInForceError, match="từ ngày 01/07/2025 đã sáp nhập vào 23416, 23419, 23425, 23446"):
        unit("617", on=THE_DAY)


@pytest.mark.parametrize(
    ("code", "name", "parts"),
    [
        ("23416", "Đăk Sao", ["23407", "23416"]),
        ("23419", "Đăk Tờ Kan", ["23417", "23419"]),
        ("23425", "Tu Mơ Rông", ["23422", "23425"]),
        ("23446", "Măng Ri", ["23404", "23410", "23413", "23446", "23449"]),
    ],
)
def test_the_four_communes_of_today_are_made_of_whole_ones(code, name, parts):
    assert (unit(code, on=THE_DAY).name, unit(code, on=THE_DAY).parent) == (name, "51")
    assert predecessors(code, on=TODAY) == tuple(Part(part, whole=True) for part in parts)
    for part in parts:
        assert successors(part, on=DAY_BEFORE) == (Part(code, whole=True),)


def test_a_code_is_another_unit_after_the_day():
    before, after = unit("23425", on=DAY_BEFORE), unit("23425", on=THE_DAY)

    assert (before.name, before.parent, before.ends) == ("Đăk Hà", "617", DAY_BEFORE)
    assert (after.name, after.parent, after.begins, after.ends) == ("Tu Mơ Rông", "51", THE_DAY, None)
    assert after.area_km2 == 152.13
    assert after.centre == pytest.approx((14.82, 107.97), abs=0.01)


def test_a_district_went_where_its_communes_went_and_an_island_whole():
    assert successors("617", on=DAY_BEFORE) == tuple(
        Part(code, whole=False) for code in ("23416", "23419", "23425", "23446")
    )
    assert successors("536", on=DAY_BEFORE) == (Part("21548", whole=True),), "Lý Sơn had no communes"
    assert unit("21548", on=THE_DAY).full_name == "đặc khu Lý Sơn"


def test_a_divided_commune_is_not_whole_anywhere():
    assert successors("00016", on=DAY_BEFORE) == (Part("00004", whole=False), Part("00008", whole=False))
    assert Part("00016", whole=False) in predecessors("00004", on=TODAY)


def test_communes_of_one_name_in_one_new_province_are_not_taken_for_each_other():
    assert successors("31378", on=DAY_BEFORE) == (Part("31378", whole=True),), "Phú Hữu, Hậu Giang"
    assert successors("31657", on=DAY_BEFORE) == (Part("31654", whole=True),), "Phú Hữu, Sóc Trăng"


def test_provinces_merge_whole_or_go_on():
    assert predecessors("51", on=THE_DAY) == (Part("51", whole=True), Part("62", whole=True))
    assert unit("51", on=DAY_BEFORE).ends == DAY_BEFORE
    assert (unit("01", on=TODAY).begins, unit("01", on=DAY_BEFORE).ends) == (dt.date(2021, 1, 1), None)
    assert predecessors("01", on=TODAY) == ()
    with pytest.raises(NoRuleInForceError, match="sáp nhập vào 51"):
        unit("62", on=THE_DAY)


def test_a_new_kind_or_name_is_not_another_unit():
    eve, city = unit("75", on=dt.date(2026, 4, 29)), unit("75", on=dt.date(2026, 4, 30))
    assert (eve.full_name, city.full_name) == ("tỉnh Đồng Nai", "thành phố Đồng Nai")
    assert (eve.begins, eve.ends) == (city.begins, city.ends) == (THE_DAY, None)
    assert unit("46", on=dt.date(2024, 12, 31)).full_name == "tỉnh Thừa Thiên Huế"
    assert unit("46", on=dt.date(2025, 1, 1)).full_name == "thành phố Huế"


def test_both_spellings_are_names_of_the_unit():
    assert unit("23404", on=DAY_BEFORE).names == ("Ngọk Lây", "Ngọc Lây")
    assert unit("23416", on=THE_DAY).names == ("Đăk Sao", "Đắk Sao")
    assert unit("23446", on=DAY_BEFORE).names == ("Tê Xăng",)


def test_a_code_that_never_was_is_unknown():
    assert not known("99999")
    assert not complete("99", on=TODAY)
    with pytest.raises(UnknownRuleError, match="units/99999"):
        unit("99999", on=THE_DAY)
    with pytest.raises(NoRuleInForceError, match="có từ ngày 01/07/2025"):
        unit("20333", on=DAY_BEFORE)


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [
        (NEW_YEAR_2024, 63, 705, 10598),
        (DAY_BEFORE, 63, 696, 10035),
        (THE_DAY, 34, 0, 3321),
        (TODAY, 34, 0, 3321),
    ],
)
def test_the_whole_country_stands_in_the_register(day, provinces, districts, communes):
    levels = [entry.level for entry in standing(on=day)]
    assert [levels.count(level) for level in ("province", "district", "commune")] == [provinces, districts, communes]


DAYS = [dt.date(2021, 1, 1), NEW_YEAR_2024, dt.date(2024, 10, 31), dt.date(2025, 1, 1), DAY_BEFORE, THE_DAY, TODAY]


@pytest.mark.parametrize("day", DAYS)
def test_on_every_day_a_code_is_one_unit_below_a_parent_that_stands(day):
    units = standing(on=day)
    codes = [entry.code for entry in units]
    by_code = dict(zip(codes, units, strict=True))
    above = {"commune": "province" if day >= THE_DAY else "district", "district": "province"}

    assert len(by_code) == len(codes)
    assert all(by_code[entry.parent].level == above[entry.level] for entry in units if entry.level in above)
    assert all(entry.parent == "" for entry in units if entry.level == "province")


def test_the_communes_of_today_come_from_all_communes_of_before():
    today = [entry.code for entry in standing(on=THE_DAY) if entry.level == "commune"]
    ended = [state for state in all_states() if state.ends == str(DAY_BEFORE) and state.level != "province"]
    taken_in = {state.code for state in ended if state.went_into}
    before = {entry.code for entry in standing(on=DAY_BEFORE) if entry.level == "commune"}
    whole = [state.code for state in ended if state.went_into and not state.divided]

    assert {code for state in ended for code in state.went_into} == set(today)
    assert {code for code in taken_in if len(code) == 5} == before
    assert {unit(code, on=DAY_BEFORE).name for code in taken_in - before} == {
        "Bạch Long Vĩ",
        "Cồn Cỏ",
        "Hoàng Sa",
        "Lý Sơn",
        "Côn Đảo",
    }
    assert len(whole) == len(set(whole)), "what went whole into one is part of no other"


def test_between_two_lists_nobody_claims_to_know_all_units():
    """The register has lists of 01/05/2024 and 01/09/2024: what changed in between has the later day."""
    earlier, between, later = dt.date(2024, 5, 1), dt.date(2024, 7, 1), dt.date(2024, 9, 1)
    listed = {day: _codes_below(day) for day in (earlier, later)}
    districts = [entry.code for entry in standing(on=later) if entry.level == "district"]
    changed = {code for code in districts if listed[earlier][code] != listed[later][code]}

    assert changed
    sample = sorted(changed | set(districts[::20]))
    assert {code for code in sample if not complete(code, on=between)} == changed


def _codes_below(day):
    below = defaultdict(set)
    for entry in standing(on=day):
        below[entry.parent].add(entry.code)
    return below


def test_the_register_has_all_units_below_one_that_stands():
    assert complete("617", on=dt.date(2024, 7, 1))
    assert complete("617", on=DAY_BEFORE)
    assert not complete("617", on=THE_DAY)
    assert complete("51", on=THE_DAY)


def test_a_unit_that_began_between_two_lists_is_found_from_the_earlier():
    stood = {entry.code for entry in standing(on=dt.date(2024, 10, 31))}
    new = [entry for entry in standing(on=dt.date(2025, 1, 1)) if entry.begins == dt.date(2025, 1, 1)]
    fresh = next(entry for entry in new if entry.code not in stood)
    assert unit(fresh.code, on=dt.date(2024, 12, 1)) == fresh
    assert predecessors(new[0].code, on=dt.date(2025, 1, 1)) is None


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("tu-mo-rong", NEW_YEAR_2024, [("huyện", "617"), ("xã", "23422")]),
        ("tu-mo-rong", TODAY, [("xã", "23425")]),
        ("Tu Mơ Rông", TODAY, [("xã", "23425")]),
        ("TU MO RONG", TODAY, [("xã", "23425")]),
        ("xa-tu-mo-rong", NEW_YEAR_2024, [("xã", "23422")]),
        ("huyện Tu Mơ Rông", NEW_YEAR_2024, [("huyện", "617")]),
        ("Đắk Sao", TODAY, [("xã", "23416")]),
        ("dak-sao", TODAY, [("xã", "23416")]),
        ("Thuỷ Nguyên", TODAY, [("phường", "11560")]),
        ("mĩ-tho", NEW_YEAR_2024, [("thành phố", "815")]),
        ("Tp Hồ Chí Minh", TODAY, [("thành phố", "79")]),
        ("Bà Rịa - Vũng Tàu", NEW_YEAR_2024, [("tỉnh", "77")]),
        ("Cư M’gar", TODAY, [("xã", "24280")]),
        ("quan-1", NEW_YEAR_2024, [("quận", "760")]),
        ("đặc khu Phú Quốc", TODAY, [("đặc khu", "31078")]),
        ("ngan-ha", TODAY, []),
        ("", TODAY, []),
        ("tu-mo-rong", dt.date(2020, 1, 1), []),
    ],
)
def test_a_unit_is_found_by_its_name_however_it_is_typed(name, day, expected):
    assert found(name, day) == expected


def test_all_units_of_a_name_are_offered_unless_accents_say_which():
    assert [code for _, code in found("hoa-binh", TODAY)] == ["04795", "11533", "27211", "29830", "31891"]
    assert [code for _, code in found("phuong-hoa-binh", TODAY)] == ["04795", "11533", "27211"]
    assert [code for _, code in found("Đăk Hà", NEW_YEAR_2024)] == ["615", "23425", "23500"]
    assert ("xã", "24646") not in found("Đăk Hà", NEW_YEAR_2024)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Đăk Mar", "23512"),
        ("Đắk Mar", "23512"),
        ("ĐĂK MAR", "23512"),
        ("\u00d0\u0103k Mar", "23512"),
        (unicodedata.normalize("NFD", "xã Đăk Mar"), "23512"),
        ("Phường Hoà Khánh", "20200"),
        ("Phường Hòa Khánh", "20200"),
        ("xa  MY LY", "16816"),
        ("xã Mĩ Lí", "16816"),
    ],
)
def test_spellings_of_a_name_are_one(typed, code):
    assert code in [entry.code for entry in find(typed, on=TODAY)]


def test_a_look_up_reads_only_the_lines_asked_for(monkeypatch):
    read = []
    whole = register._state
    monkeypatch.setattr(register, "_state", lambda line: read.append(line) or whole(line))

    find("tu-mo-rong", on=TODAY)
    unit("23425", on=TODAY)
    predecessors("23425", on=TODAY)

    assert len(read) < 40


def test_a_code_that_is_no_code_finds_nothing():
    for text in ("", ",", "51,2", "\n00004", "|hanoi|", "00004,commune"):
        assert not known(text)
        assert children(text, on=TODAY) == ()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("23425", (("23425",), True)),
        ("một phần 00004, 00008", (("00004", "00008"), False)),
        ("Một  phần 00004", (("00004",), False)),
        ("00004; 00008", (("00004", "00008"), False)),
        ("", ((), False)),
    ],
)
def test_what_a_list_says_of_where_a_unit_went(words, expected):
    assert destinations(words) == expected
    assert destinations(destination_words(*expected[:1], whole=expected[1])) == expected


def test_what_went_into_what_itself_is_not_what_its_parts_did():
    assert merged_into("23422", on=DAY_BEFORE) == (Part("23425", whole=True),)
    assert merged_into("617", on=DAY_BEFORE) == ()
    assert merged_into("536", on=DAY_BEFORE) == (Part("21548", whole=True),), "Lý Sơn had no communes"
    assert merged_into("23425", on=TODAY) == ()
