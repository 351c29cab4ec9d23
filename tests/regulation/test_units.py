import datetime as dt

import pytest

from giamngheo.regulation import NoRuleInForceError, UnknownRuleError
from giamngheo.regulation.lookup import load
from giamngheo.regulation.units import children, known, unit

THE_DAY = dt.date(2025, 7, 1)
DAY_BEFORE = dt.date(2025, 6, 30)


def test_the_district_has_eleven_communes_the_day_before_and_is_no_unit_on_the_day():
    communes = children("617", on=DAY_BEFORE)

    assert len(communes) == 11
    assert {commune.level for commune in communes} == {"commune"}
    assert children("617", on=THE_DAY) == ()
    with pytest.raises(NoRuleInForceError, match="từ ngày 01/07/2025 đã sáp nhập vào 23416, 23419, 23425, 23446"):
        unit("617", on=THE_DAY)


def test_four_communes_stand_directly_under_the_new_province():
    assert [(commune.code, commune.name) for commune in children("51", on=THE_DAY)] == [
        ("23416", "Đăk Sao"),
        ("23419", "Đăk Tờ Kan"),
        ("23425", "Tu Mơ Rông"),
        ("23446", "Măng Ri"),
    ]
    assert children("51", on=DAY_BEFORE) == ()


def test_a_code_is_another_unit_after_the_day():
    before, after = unit("23425", on=DAY_BEFORE), unit("23425", on=THE_DAY)

    assert (before.name, before.parent, before.ends) == ("Đăk Hà", "617", DAY_BEFORE)
    assert (after.name, after.parent, after.ends) == ("Tu Mơ Rông", "51", None)
    assert after.merges == ("23422", "23425")


def test_every_commune_of_the_day_before_is_merged_once():
    merged = [code for commune in children("51", on=THE_DAY) for code in commune.merges]

    assert sorted(merged) == [commune.code for commune in children("617", on=DAY_BEFORE)]


def test_both_spellings_are_names_of_the_unit():
    assert unit("23404", on=DAY_BEFORE).names == ("Ngọk Lây", "Ngọc Lây")
    assert unit("23446", on=DAY_BEFORE).names == ("Tê Xăng",)


def test_the_province_of_kon_tum_ends_with_the_district():
    assert unit("62", on=DAY_BEFORE).name == "Kon Tum"
    with pytest.raises(NoRuleInForceError, match="sáp nhập vào 51"):
        unit("62", on=THE_DAY)


def test_a_code_that_never_was_is_unknown():
    assert not known("99999")
    with pytest.raises(UnknownRuleError, match="units/99999"):
        unit("99999", on=THE_DAY)


def test_every_law_is_in_the_bibliography():
    laws = {block["law"] for entry in load("units").values() for block in entry["from"].values()}

    assert laws <= set(load("laws"))
