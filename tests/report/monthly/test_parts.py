"""The units below the reporting one."""

import re
from dataclasses import replace

import pandas as pd

from giamngheo.report import monthly
from giamngheo.report.elements import DataTable, Figure
from giamngheo.report.facts import Facts
from tests.report.monthly.changed import Change, demo_report, empty, only_district, said


def ended(code: str, day: str) -> Change:
    """A unit that ends on a day."""
    return lambda units: units.assign(
        valid_to=units["valid_to"].mask(units["code"] == code, pd.Timestamp(day)).astype("datetime64[us]")
    )


def renamed(code: str, name: str, day: str) -> Change:
    """A unit that has another name from a day on."""

    def change(units: pd.DataFrame) -> pd.DataFrame:
        first = pd.Timestamp(day)
        new = units[units["code"] == code].assign(name=name, valid_from=first)
        both = [ended(code, str(first - pd.Timedelta(days=1)))(units), new]
        return pd.concat(both, ignore_index=True).astype(units.dtypes)

    return change


def test_communes_in_words() -> None:
    text = said(monthly.parts(demo_report("2024-08")))
    assert "d) Kết quả theo xã" in text
    assert "cao nhất: Ma Kết (55,39%), Bắc Đẩu (52,16%), Bạch Dương (48,97%); thấp nhất: Thiên Cầm Sao (30,03%)" in text
    assert "So với cuối năm 2023, tỷ lệ nghèo đa chiều: 07 xã giảm, 04 xã tăng." in text
    assert "Giảm nhiều nhất: Bạch Dương (giảm 1,89%)" in text
    assert "Chuyển biến chậm nhất: Sao Thổ (tăng 0,98%)" in text


def test_the_workbook_has_the_codes_of_the_units() -> None:
    table = monthly.parts_table(demo_report("2024-08"))
    assert isinstance(table, DataTable)
    assert table.resource()["data"][0]["unit_code"] == "99001"


def test_a_commune_without_figures_is_named_and_blank() -> None:
    def lacking(frame: pd.DataFrame) -> pd.DataFrame:
        gone = (frame["unit_code"] == "99003") & (frame["date"] == pd.Timestamp("2024-08-31"))
        return frame[~gone].reset_index(drop=True)

    facts = demo_report("2024-08", reviews=lacking)
    assert "Chưa có kết quả rà soát tháng 8 năm 2024 của 01 xã: Kim Ngưu." in said(monthly.parts(facts))
    table = monthly.parts_table(facts)
    assert isinstance(table, DataTable)
    assert pd.isna(table.frame.loc[2, "households"])
    assert table.frame["rate_rank"].max() == 10


def only_codes(*codes: str) -> Change:
    """The rows of some units alone."""
    return lambda frame: frame[frame["unit_code"].isin(["980", *codes])].reset_index(drop=True)


def test_of_one_commune_with_figures_nothing_is_highest_or_lowest() -> None:
    text = said(monthly.parts(demo_report("2024-08", reviews=only_codes("99003"))))
    assert "cao nhất" not in text
    assert "thấp nhất" not in text
    assert "Giảm nhiều nhất" not in text
    assert "Chuyển biến chậm nhất" not in text
    assert "Chưa đủ số liệu để so tỷ lệ nghèo đa chiều tháng 8 năm 2024 giữa các xã." in text
    assert "So với cuối năm 2023, tỷ lệ nghèo đa chiều: 01 xã" in text
    alone = said(monthly.parts(some_of(demo_report("2024-08"), 1)))
    assert "nhất" not in alone
    assert "Chưa đủ số liệu" not in alone, "nothing lacks where there is one commune"


def some_of(facts: Facts, count: int, **columns: object) -> Facts:
    """Facts of so many of the communes, with figures of theirs changed."""
    parts = facts.change.parts.dropna(subset="date").head(count).reset_index(drop=True)
    return replace(facts, change=replace(facts.change, parts=parts.assign(**columns)))


def test_of_one_commune_that_a_public_edition_shows_nothing_is_highest_or_lowest() -> None:
    facts = demo_report("2024-08")
    shown = [True, *([False] * 10)]
    rates = ("multidimensional_rate_pct", "multidimensional_rate_before_pct", "multidimensional_change_pp")
    kept = {name: facts.change.parts[name].where(shown) for name in rates}
    hidden = {pd.Timestamp("2024-08-31"): frozenset({("class", "99003", "poor")})}
    public = replace(some_of(facts, 11, **kept), hidden=hidden)
    text = said(monthly.parts(public))
    assert "nhất" not in text
    assert "Bản công khai không nêu" not in text
    assert "So với cuối năm 2023, tỷ lệ nghèo đa chiều của xã nêu số liệu: 01 xã" in text
    none = dict.fromkeys(rates, float("nan"))
    of_none = said(monthly.parts(replace(some_of(facts, 11, **none), hidden=hidden)))
    assert "Bản công khai không nêu số liệu tháng 8 năm 2024 của từng xã" in of_none


def test_communes_of_one_rate_are_neither_highest_nor_lowest() -> None:
    same = {"multidimensional_rate_pct": 8.29, "multidimensional_rate_before_pct": 8.29}
    text = said(monthly.parts(some_of(demo_report("2024-08"), 3, **same, multidimensional_change_pp=0.0)))
    assert "Tỷ lệ nghèo đa chiều tháng 8 năm 2024 của các xã đều là 8,29%." in text
    assert "nhất" not in text
    assert "03 xã không thay đổi." in text


def test_no_commune_is_both_of_the_highest_and_of_the_lowest() -> None:
    rates = [50.0] + [10.0] * 8
    text = said(monthly.parts(some_of(demo_report("2024-08"), 9, multidimensional_rate_pct=rates)))
    found = re.search(r"cao nhất: (.*?); thấp nhất: (.*?)\. ", text)
    assert found is not None
    highest, lowest = (set(named.split(", ")) for named in found.groups())
    assert (len(highest), len(lowest), highest & lowest) == (3, 3, set())


def test_a_commune_made_of_a_part_is_not_compared_and_named() -> None:
    def divided(units: pd.DataFrame) -> pd.DataFrame:
        old = units[units["code"] == "99003"].assign(
            code="99777", valid_to=pd.Timestamp("2024-06-30"), merged_into="một phần 99003, 99004"
        )
        begun = ("99003", "99004")
        units["valid_from"] = units["valid_from"].mask(units["code"].isin(begun), pd.Timestamp("2024-07-01"))
        return pd.concat([units, old], ignore_index=True).astype(units.dtypes)

    def of_old(frame: pd.DataFrame) -> pd.DataFrame:
        earlier = frame["date"] < pd.Timestamp("2024-07-01")
        kept = frame[~(earlier & (frame["unit_code"] == "99004"))]
        codes = kept["unit_code"].mask(earlier & (kept["unit_code"] == "99003"), "99777")
        return kept.assign(unit_code=codes).reset_index(drop=True)

    facts = demo_report("2024-08", units=divided, reviews=of_old)
    text = said(monthly.parts(facts))
    assert "Chưa so sánh được 02 xã với cuối năm 2023: Kim Ngưu, " in text
    assert "đơn vị cũ chỉ nhập một phần" in text
    assert "đơn vị cũ chỉ nhập một phần" not in said(monthly.parts(demo_report("2024-08")))


def test_a_list_of_some_communes_tells_their_share_of_the_district() -> None:
    def some(units: pd.DataFrame) -> pd.DataFrame:
        kept = units[units["code"].isin(["980", "99001", "99003"])]
        return kept.assign(parts_listed=["some" if code == "980" else "" for code in kept["code"]])

    def of_some(frame: pd.DataFrame) -> pd.DataFrame:
        kept = frame[frame["unit_code"].isin(["99001", "99003"])].reset_index(drop=True)
        whole = kept.drop_duplicates("date").assign(unit_code="980", poor_households=1000, near_poor_households=600)
        return pd.concat([kept, whole], ignore_index=True).astype(frame.dtypes)

    facts = demo_report("2024-08", units=some, reviews=of_some, poor_flows=empty, near_poor_flows=empty)
    table = monthly.parts_table(facts)
    assert isinstance(table, DataTable)
    counts = facts.change.parts["multidimensional_households"]
    assert list(table.frame["share_pct"]) == [count / 16 for count in counts] + [100.0]
    assert "02 xã có số liệu chiếm" in said(monthly.parts(facts))
    assert "không đủ toàn huyện. Tỷ trọng là phần của từng xã" in table.note


def test_table_of_communes_ends_with_the_district() -> None:
    table = monthly.parts_table(demo_report("2024-08"))
    assert isinstance(table, DataTable)
    assert list(table.frame["name"])[-1] == "Toàn huyện"
    assert table.strong_rows == (11,)
    assert table.frame["change"].iloc[-1] == -0.59
    assert table.frame["households"].iloc[:-1].sum() == table.frame["households"].iloc[-1]


def test_figure_of_many_units_shows_the_highest_so_that_it_fits_on_a_page() -> None:
    facts = demo_report("2024-08")
    parts = pd.concat([facts.change.parts] * 9, ignore_index=True)
    figure = monthly.parts_figure(replace(facts, change=replace(facts.change, parts=parts)))
    assert isinstance(figure, Figure)
    assert "theo xã, 30 xã cao nhất" in figure.alt
    rates = [float(rate.replace(",", ".")) for rate in re.findall(r"(\d+,\d+)%", figure.alt)][1:]
    assert rates == sorted(rates, reverse=True)
    assert (len(rates), rates[0]) == (30, round(parts["multidimensional_rate_pct"].max(), 2))


def test_district_rows_alone_have_no_commune_sections() -> None:
    tables = dict.fromkeys(("reviews", "poor_flows", "near_poor_flows"), only_district)
    facts = demo_report("2022-08", **tables)
    assert said(monthly.parts(facts)) == ""
    assert said(monthly.parts_table(facts)) == ""
    assert said(monthly.parts_figure(facts)) == ""


def test_communes_reviewed_yearly_are_shown_as_of_their_review() -> None:
    def yearly(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["unit_code"] == "980") | (frame["date"].dt.month == 12)].reset_index(drop=True)

    facts = demo_report("2024-08", reviews=yearly)
    assert "Tỷ lệ nghèo đa chiều cuối năm 2023 cao nhất: Ma Kết (56,13%)" in said(monthly.parts(facts))
    assert "So với cuối năm 2022, tỷ lệ nghèo đa chiều: 11 xã giảm." in said(monthly.parts(facts))
    table = monthly.parts_table(facts)
    assert isinstance(table, DataTable)
    assert table.caption.endswith("theo xã cuối năm 2023")
    assert (table.frame["households"].iloc[-1], table.frame["change"].iloc[-1]) == (8256, -5.61)
    assert "Toàn huyện 44,78%" in monthly.parts_figure(facts).alt


def test_a_unit_renamed_within_the_year_has_its_name_of_the_day_of_its_figures() -> None:
    new = demo_report("2024-12", units=renamed("99001", "Tên Mới", "2024-07-01"))
    old = demo_report("2024-06", units=renamed("99001", "Tên Mới", "2024-07-01"))
    assert "Tên Mới" in set(new.change.parts["name"])
    assert len(new.change.parts) == len(old.change.parts)
    assert "Tên Mới" not in set(old.change.parts["name"])
    began = new.change.parts.set_index("unit_code").loc["99001"]
    assert began["poor_households"] > 0
    assert pd.isna(began["poor_change_households"])


def test_a_commune_that_is_no_more_is_neither_missing_nor_listed() -> None:
    def gone(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["unit_code"] != "99001") | (frame["date"] < "2024-07-01")].reset_index(drop=True)

    facts = demo_report("2024-12", units=ended("99001", "2024-06-30"), reviews=gone)
    assert "99001" not in set(facts.change.parts["unit_code"])
    assert "Chưa có kết quả rà soát" not in said(monthly.parts(facts))
    assert "99001" in set(demo_report("2024-06", units=ended("99001", "2024-06-30")).change.parts["unit_code"])
