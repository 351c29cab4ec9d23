"""What the report says of change, read from the demo district and from changed copies of it."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from giamngheo.core.finding import InvalidWorkbookError
from giamngheo.core.period import Period
from giamngheo.demo.places import districts
from giamngheo.demo.workbook import datasets
from giamngheo.report import monthly
from giamngheo.report.elements import DataTable, Figure, Prose
from giamngheo.report.facts import Facts, added_up, facts_of
from giamngheo.workbook.dataset import Dataset, as_of

DEMO = Path(__file__).parents[3] / "data" / "demo" / "ngan-ha"


@cache
def demo() -> dict[int, Dataset]:
    (district,) = districts(1, 1)
    return {data.year: data for data in datasets(district)}


@cache
def report(period: str, **tables: Callable[[pd.DataFrame], pd.DataFrame]) -> Facts:
    """Facts of a period of the demo district after `tables` of its year were changed."""
    asked = Period.parse(period)
    data = demo()[asked.year]
    frames = {name: change(data[name].copy()) for name, change in tables.items()}
    changed = added_up(replace(data, tables={**data.tables, **frames}))
    earlier = demo().get(asked.year - 1)
    return facts_of(changed, asked, "internal", earlier and added_up(earlier))


def said(element: object) -> str:
    assert isinstance(element, Prose)
    return re.sub(r"\s+", " ", element.markdown.replace("\\", ""))


def without(month: int) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame[frame["date"].dt.month != month].reset_index(drop=True)


def only_district(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["unit_code"] == "980"].reset_index(drop=True)


@pytest.mark.parametrize("month", [1, 6, 12])
def test_sums_of_the_whole_year_say_of_a_month_what_its_own_sums_say(month: int) -> None:
    """So they may be made once for all months of a workbook."""
    data, period = demo()[2024], Period(2024, month)
    data = replace(data, tables={**data.tables, "reviews": data["reviews"].query("unit_code != '980'")})
    once, each = as_of(added_up(data), period), added_up(as_of(data, period))
    assert "980" in set(once["reviews"]["unit_code"])
    for name in ("reviews", "poor_flows", "near_poor_flows"):
        pd.testing.assert_frame_equal(once[name], each[name])


def test_stocks_since_the_month_and_the_year_before() -> None:
    text = said(monthly.poverty_change(report("2024-08")))
    assert "c) Biến động trong tháng 8 năm 2024" in text
    assert "hộ nghèo 2.569/8.325 hộ, chiếm tỷ lệ 30,86%" in text
    assert (
        "So với tháng 7 năm 2024: hộ nghèo giảm 14 hộ, tỷ lệ giảm 0,21%; hộ cận nghèo tăng 11 hộ, tỷ lệ tăng 0,11%;"
        " tỷ lệ nghèo đa chiều giảm 0,10%." in text
    )
    assert "So với cùng kỳ năm trước (tháng 8 năm 2023): hộ nghèo giảm 406 hộ" in text


def test_the_month_before_january_is_the_yearly_review() -> None:
    text = said(monthly.poverty_change(report("2024-01")))
    assert "So với cuối năm 2023: hộ nghèo giảm" in text
    assert "cùng kỳ năm trước (tháng 01 năm 2023)" in text


def test_a_year_is_compared_with_the_last_once() -> None:
    text = said(monthly.poverty_change(report("2024")))
    assert "Biến động trong năm 2024" in text
    assert text.count("So với") == 1


def test_no_review_in_the_month_no_section() -> None:
    facts = report("2024-08", reviews=without(8))
    assert said(monthly.poverty_change(facts)) == ""
    assert "### c) Kết quả theo xã" in said(monthly.parts(facts))


def test_communes_in_words() -> None:
    text = said(monthly.parts(report("2024-08")))
    assert "d) Kết quả theo xã" in text
    assert "cao nhất: Ma Kết (55,39%), Bắc Đẩu (52,16%), Bạch Dương (48,97%); thấp nhất: Thiên Cầm Sao (30,03%)" in text
    assert "So với cuối năm 2023, tỷ lệ nghèo đa chiều: 07 xã giảm, 04 xã tăng." in text
    assert "Giảm nhiều nhất: Bạch Dương (giảm 1,89%)" in text
    assert "Chuyển biến chậm nhất: Sao Thổ (tăng 0,98%)" in text


def test_a_commune_without_figures_is_named_and_blank() -> None:
    def lacking(frame: pd.DataFrame) -> pd.DataFrame:
        gone = (frame["unit_code"] == "99003") & (frame["date"] == pd.Timestamp("2024-08-31"))
        return frame[~gone].reset_index(drop=True)

    facts = report("2024-08", reviews=lacking)
    assert "Chưa có kết quả rà soát tháng 8 năm 2024 của 01 xã: Kim Ngưu." in said(monthly.parts(facts))
    table = monthly.parts_table(facts)
    assert isinstance(table, DataTable)
    assert pd.isna(table.frame.loc[2, "households"])
    assert table.frame["rate_rank"].max() == 10


def test_table_of_communes_ends_with_the_district() -> None:
    table = monthly.parts_table(report("2024-08"))
    assert isinstance(table, DataTable)
    assert list(table.frame["name"])[-1] == "Toàn huyện"
    assert table.strong_rows == (11,)
    assert table.frame["change"].iloc[-1] == -0.59
    assert table.frame["households"].iloc[:-1].sum() == table.frame["households"].iloc[-1]


def test_figure_of_many_units_shows_the_highest_so_that_it_fits_on_a_page() -> None:
    facts = report("2024-08")
    parts = pd.concat([facts.change.parts] * 9, ignore_index=True)
    figure = monthly.parts_figure(replace(facts, change=replace(facts.change, parts=parts)))
    assert isinstance(figure, Figure)
    assert "theo xã, 30 xã cao nhất" in figure.alt
    rates = [float(rate.replace(",", ".")) for rate in re.findall(r"(\d+,\d+)%", figure.alt)][1:]
    assert rates == sorted(rates, reverse=True)
    assert (len(rates), rates[0]) == (30, round(parts["multidimensional_rate_pct"].max(), 2))


def test_district_rows_alone_have_no_commune_sections() -> None:
    tables = dict.fromkeys(("reviews", "poor_flows", "near_poor_flows"), only_district)
    facts = report("2022-08", **tables)
    assert said(monthly.parts(facts)) == ""
    assert said(monthly.parts_table(facts)) == ""
    assert said(monthly.parts_figure(facts)) == ""


def test_communes_reviewed_yearly_are_shown_as_of_their_review() -> None:
    def yearly(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["unit_code"] == "980") | (frame["date"].dt.month == 12)].reset_index(drop=True)

    facts = report("2024-08", reviews=yearly)
    assert "Tỷ lệ nghèo đa chiều cuối năm 2023 cao nhất: Ma Kết (56,13%)" in said(monthly.parts(facts))
    assert "So với cuối năm 2022, tỷ lệ nghèo đa chiều: 11 xã giảm." in said(monthly.parts(facts))
    table = monthly.parts_table(facts)
    assert isinstance(table, DataTable)
    assert table.caption.endswith("theo xã cuối năm 2023")
    assert (table.frame["households"].iloc[-1], table.frame["change"].iloc[-1]) == (8256, -5.61)
    assert "Toàn huyện 44,78%" in monthly.parts_figure(facts).alt


def test_an_unreadable_workbook_of_the_year_before_is_said(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "ngan-ha"))
    (folder / "2023.xlsx").write_bytes(b"PK not a workbook")
    with pytest.raises(InvalidWorkbookError, match=r"2023\.xlsx"):
        monthly.facts("ngan-ha", "2024-08", str(tmp_path))


def test_without_the_workbook_of_the_year_before_nothing_is_said_of_that_year(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "ngan-ha"))
    (folder / "2023.xlsx").unlink()
    facts = monthly.facts("ngan-ha", "2024-08", str(tmp_path))
    assert "cùng kỳ" not in said(monthly.poverty_change(facts))
    assert "Cùng kỳ" not in said(monthly.disbursement_change(facts))
    assert "Năm 2023" not in monthly.months_figure(facts).alt


def test_what_a_month_disbursed() -> None:
    text = said(monthly.disbursement_change(report("2024-08")))
    assert (
        "Trong tháng 8 năm 2024 giải ngân 4.696,352 triệu đồng vốn năm 2024, bằng 9,05% kế hoạch vốn; tăng 2.919,426"
        " triệu đồng so với tháng 7 năm 2024 (1.776,926 triệu đồng). Vốn năm 2023 chuyển sang: giải ngân 131,277"
        in text
    )
    assert "Cùng kỳ năm 2023 (tính đến ngày 31/8/2023), lũy kế giải ngân vốn năm 2023 là 26.335,971/46.669" in text
    assert "tỷ lệ giải ngân năm nay thấp hơn 26,93 điểm phần trăm" in text


def test_nothing_disbursed_in_the_month() -> None:
    def as_in_july(frame: pd.DataFrame) -> pd.DataFrame:
        july = frame[frame["date"] == pd.Timestamp("2024-07-31")]
        return pd.concat([frame[frame["date"] <= "2024-07-31"], july.assign(date=pd.Timestamp("2024-08-31"))])

    text = said(monthly.disbursement_change(report("2024-08", disbursements=as_in_july)))
    assert "Trong tháng 8 năm 2024 không phát sinh giải ngân vốn năm 2024; giảm 1.776,926 triệu đồng" in text


@pytest.mark.parametrize(("missing", "named"), [(7, "tháng 7 năm 2024"), (8, "tháng 8 năm 2024")])
def test_a_missing_snapshot_is_said_not_counted_as_nothing(missing: int, named: str) -> None:
    facts = report("2024-08", disbursements=without(missing))
    text = said(monthly.disbursement_change(facts))
    assert (
        f"Số giải ngân riêng trong tháng 8 năm 2024 chưa xác định được vì thiếu số liệu giải ngân đến {named}." in text
    )
    assert said(monthly.period_table(facts)) == ""
    assert isinstance(monthly.months_figure(facts), Figure)


def test_a_single_snapshot_says_nothing_of_the_month() -> None:
    def august(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["date"].dt.month == 8].reset_index(drop=True)

    facts = report("2024-08", disbursements=august)
    assert "Số giải ngân riêng" not in said(monthly.disbursement_change(facts))
    assert said(monthly.months_figure(facts)) == ""


def test_a_quarter_is_set_beside_the_quarter_before() -> None:
    facts = report("2024-Q3")
    text = said(monthly.disbursement_change(facts))
    assert "Trong quý III năm 2024 giải ngân" in text
    assert "so với quý II năm 2024" in text
    assert "trong quý III năm 2024" in monthly.period_table(facts).caption
    assert "So với tháng 6 năm 2024: hộ nghèo" in said(monthly.poverty_change(facts))


@pytest.mark.parametrize("period", ["2024-01", "2024-Q1", "2024-H1", "2024-9M", "2024"])
def test_what_began_with_the_year_has_no_table_of_its_own(period: str) -> None:
    facts = report(period)
    assert said(monthly.period_table(facts)) == ""
    assert "Trong" not in said(monthly.disbursement_change(facts))


def test_new_capital_and_documents_of_the_month() -> None:
    june = said(monthly.capital_change(report("2024-06")))
    assert june.strip() == (
        "Trong tháng 6 năm 2024, giao 1.123 triệu đồng vốn năm 2024 theo Quyết định số 702/QĐ-UBND."
    )
    march = said(monthly.capital_change(report("2024-03")))
    assert "giao 2.568,504 triệu đồng vốn năm 2023 chuyển sang theo Quyết định số 211/QĐ-UBND" in march
    assert said(monthly.capital_change(report("2024-08"))) == ""
    assert (
        "Riêng trong tháng 8 năm 2024 ban hành 02 văn bản: Công văn số 902/UBND-LĐTBXH; Kế hoạch số 136/KH-UBND."
        in (said(monthly.direction(report("2024-08"))))
    )


@pytest.mark.parametrize("period", ["2022-03", "2022-08", "2023-01", "2024-08", "2024-Q3", "2024-H1", "2024"])
def test_every_cell_can_be_made_in_every_period(period: str) -> None:
    facts = report(period)
    for name in (name for name in monthly.__all__ if name.endswith(("_table", "_figure"))):
        element = getattr(monthly, name)(facts)
        assert element == Prose("") or (element.name, element.number) == (name, 0)
    for name in ("letterhead", "opening", "direction", "poverty", "parts", "allocation", "disbursement", "next_steps"):
        data, _ = getattr(monthly, name)(facts)._repr_mimebundle_()
        assert "None" not in data["text/html"]
        assert "nan" not in data["text/html"].replace("nan>", "")


def test_figure_of_months_says_what_it_shows() -> None:
    figure = monthly.months_figure(report("2024-08"))
    assert isinstance(figure, Figure)
    assert "Năm 2024: tháng 01 0,64%" in figure.alt
    assert "Tiến độ cần có để đạt 95%: tháng 8 29,50%, tháng 01 năm sau 95,00%" in figure.alt
    assert "Năm 2023: tháng 01 0,21%" in figure.alt


def test_no_pace_is_drawn_where_the_aim_is_reached() -> None:
    def smaller(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(planned_vnd=frame["planned_vnd"] * 8 // 10)  # 79.547 % of the plan is 99.43 % of this

    figure = monthly.months_figure(report("2024-12", capital=smaller))
    assert isinstance(figure, Figure)
    assert "tháng 12 99,43%" in figure.alt
    assert "Tiến độ cần có" not in figure.alt


def ended(code: str, day: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A unit that ends on a day."""
    return lambda units: units.assign(
        valid_to=units["valid_to"].mask(units["code"] == code, pd.Timestamp(day)).astype("datetime64[us]")
    )


def renamed(code: str, name: str, day: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A unit that has another name from a day on."""

    def change(units: pd.DataFrame) -> pd.DataFrame:
        first = pd.Timestamp(day)
        new = units[units["code"] == code].assign(name=name, valid_from=first)
        both = [ended(code, str(first - pd.Timedelta(days=1)))(units), new]
        return pd.concat(both, ignore_index=True).astype(units.dtypes)

    return change


def test_a_unit_renamed_within_the_year_has_its_name_of_the_day_of_its_figures() -> None:
    new = report("2024-12", units=renamed("99001", "Tên Mới", "2024-07-01"))
    old = report("2024-06", units=renamed("99001", "Tên Mới", "2024-07-01"))
    assert "Tên Mới" in set(new.change.parts["name"])
    assert len(new.change.parts) == len(old.change.parts)
    assert "Tên Mới" not in set(old.change.parts["name"])
    began = new.change.parts.set_index("unit_code").loc["99001"]
    assert began["poor_households"] > 0
    assert pd.isna(began["poor_change_households"])


def test_a_commune_that_is_no_more_is_neither_missing_nor_listed() -> None:
    def gone(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["unit_code"] != "99001") | (frame["date"] < "2024-07-01")].reset_index(drop=True)

    facts = report("2024-12", units=ended("99001", "2024-06-30"), reviews=gone)
    assert "99001" not in set(facts.change.parts["unit_code"])
    assert "Chưa có kết quả rà soát" not in said(monthly.parts(facts))
    assert "99001" in set(report("2024-06", units=ended("99001", "2024-06-30")).change.parts["unit_code"])


def test_a_source_that_the_newest_snapshot_lacks_keeps_its_money_and_is_named_below_the_table() -> None:
    """Its money vanished from the total, which was printed as fallen."""

    def lacking(frame: pd.DataFrame) -> pd.DataFrame:
        last = frame["date"] == "2024-08-31"
        return frame[~(last & (frame["project_code"] == "1.1") & (frame["source"] == "recurrent"))].reset_index(
            drop=True
        )

    whole, part = report("2024-08"), report("2024-08", disbursements=lacking)
    july = report("2024-07")
    for name in ("disbursed_vnd/recurrent", "disbursed_vnd"):
        of_july, found, complete = (
            facts.funds[2024].set_index("project_code")[name]["1.1"] for facts in (july, part, whole)
        )
        assert of_july <= found <= complete
    table = monthly.funding_table(part)
    assert isinstance(table, DataTable)
    assert "Tiểu dự án 1 (Dự án 1), vốn sự nghiệp lấy theo lần chốt ngày 31/7/2024" in table.note
    assert "lần chốt ngày" not in monthly.funding_table(whole).note


def test_households_that_became_poor_have_not_escaped_near_poverty() -> None:
    def split(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(left_households=pd.NA, left_to_other_class_households=7, left_above_households=40).astype(
            frame.dtypes
        )

    text = said(monthly.poverty(report("2024-08", near_poor_flows=split)))
    assert re.search(r"có \d+ hộ thoát cận nghèo", text)
    (escaped,) = re.findall(r"có (\d+) hộ thoát cận nghèo", text)
    flows = report("2024-08", near_poor_flows=split).data["near_poor_flows"]
    assert int(escaped) in set(flows["left_above_households"])


def test_tables_of_funds_are_in_the_order_of_the_programme() -> None:
    for table in (monthly.funding_table(report("2024-08")), monthly.period_table(report("2024-08"))):
        assert isinstance(table, DataTable)
        codes = list(table.frame["code"])
        assert codes == sorted(codes)
        assert [codes[place] for place in table.indented_rows] == [code for code in codes if "." in code]
