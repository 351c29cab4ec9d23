"""What a new workbook is begun with: the words of the office of its level and day, and where units went."""

import datetime as dt

import pytest

from giamngheo.regulation.units import standing, unit
from giamngheo.workbook.new_year import form_of, fresh

TODAY = dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("code", "year", "parent_body", "issuing_body", "symbol", "addressee", "second"),
    [
        (
            "23425",
            2026,
            "UBND XÃ TU MƠ RÔNG",
            "PHÒNG KINH TẾ",
            "BC-KT",
            "Ủy ban nhân dân xã Tu Mơ Rông",
            "Sở Nông nghiệp và Môi trường tỉnh Quảng Ngãi (b/c)",
        ),
        (
            "23293",
            2026,
            "UBND PHƯỜNG KON TUM",
            "PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ",
            "BC-KTHTĐT",
            "Ủy ban nhân dân phường Kon Tum",
            "Sở Nông nghiệp và Môi trường tỉnh Quảng Ngãi (b/c)",
        ),
        (
            "21548",
            2025,
            "UBND ĐẶC KHU LÝ SƠN",
            "PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ",
            "BC-KTHTĐT",
            "Ủy ban nhân dân đặc khu Lý Sơn",
            "Sở Nông nghiệp và Môi trường tỉnh Quảng Ngãi (b/c)",
        ),
        (
            "75",
            2026,
            "UBND THÀNH PHỐ ĐỒNG NAI",
            "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
            "BC-SNNMT",
            "Ủy ban nhân dân thành phố Đồng Nai",
            "Bộ Nông nghiệp và Môi trường (b/c)",
        ),
        (
            "617",
            2024,
            "UBND HUYỆN TU MƠ RÔNG",
            "PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
            "BC-LĐTBXH",
            "Ủy ban nhân dân huyện Tu Mơ Rông",
            "Sở Lao động - Thương binh và Xã hội tỉnh Kon Tum (b/c)",
        ),
        (
            "617",
            2025,
            "UBND HUYỆN TU MƠ RÔNG",
            "PHÒNG NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
            "BC-NNMT",
            "Ủy ban nhân dân huyện Tu Mơ Rông",
            "Sở Nông nghiệp và Môi trường tỉnh Kon Tum (b/c)",
        ),
        (
            "23404",
            2024,
            "UBND HUYỆN TU MƠ RÔNG",
            "ỦY BAN NHÂN DÂN XÃ NGỌK LÂY",
            "BC-UBND",
            "Ủy ban nhân dân huyện Tu Mơ Rông",
            "Phòng Lao động - Thương binh và Xã hội huyện Tu Mơ Rông",
        ),
    ],
)
def test_the_form_has_the_words_of_the_level_and_the_day(
    code, year, parent_body, issuing_body, symbol, addressee, second
):
    on = dt.date(year, 1, 1) if code in {"617", "23404"} else dt.date(year, 12, 31)

    records = form_of(unit(code, on=on), year)

    (form,) = records["form"]
    assert (form["parent_body"], form["issuing_body"], form["number_symbol"]) == (parent_body, issuing_body, symbol)
    assert form["addressee"] == addressee
    assert [entry["text"] for entry in records["recipients"]] == ["Như trên", second, "Lưu: VT"]


@pytest.mark.parametrize("year", [2021, 2024, 2025, 2026])
def test_every_kind_of_unit_has_a_form_without_words_of_another_time(year):
    kinds = {}
    for entry in standing(on=dt.date(year, 12, 31)):
        kinds.setdefault((entry.level, entry.kind), entry)
    for entry in kinds.values():
        words = str(form_of(entry, year))
        assert "{" not in words.replace("{'", "")
        assert ("Lao động" in words or "LAO ĐỘNG" in words) == ((year < 2025 and "BC-UBND" not in words) or year < 2025)
        if year > 2025:
            assert "uyện" not in words


def test_the_units_of_before_stand_below_those_of_the_year_with_where_they_went():
    listed = fresh(unit("00004", on=TODAY), 2026)["units"]

    went = {entry["code"]: entry.get("merged_into") for entry in listed if entry["level"] == "commune"}
    assert went["00016"] == "một phần 00004, 00008"
    assert went["00004"] in {None, "00004"}
    assert [entry["kind"] for entry in listed if entry["code"] == "00004"] == ["phường", "phường"]


def test_a_unit_of_long_ago_has_no_first_day_and_no_predecessors():
    listed = fresh(unit("23425", on=TODAY), 2028)["units"]
    assert [(entry["code"], entry.get("valid_from")) for entry in listed] == [("51", None), ("23425", None)]
