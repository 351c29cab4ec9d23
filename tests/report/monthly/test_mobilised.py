"""Resources beyond the budget in the report."""

import re
from dataclasses import replace
from functools import cache

import pandas as pd

from giamngheo.core.period import Period
from giamngheo.demo.places import districts
from giamngheo.demo.workbook import dataset, datasets
from giamngheo.report import monthly
from giamngheo.report.book import Book
from giamngheo.report.elements import DataTable, Prose
from giamngheo.report.facts import Facts, facts_of

MILLION = 1_000_000


@cache
def report(*rows: tuple[str, str, int, int | None]) -> Facts:
    """Return facts of October 2026 of rows of content, source, plan and mobilised, in millions."""
    (district,) = districts(1, 1)
    *_, before = datasets(district)
    columns = ["project_code", "source", "planned_vnd", "mobilised_vnd"]
    resources = pd.DataFrame(rows, columns=columns).assign(date=pd.Timestamp("2026-10-28"))
    resources[columns[2:]] = resources[columns[2:]].astype("Int64") * MILLION
    frames = dict(before.tables) | {name: before[name][:0] for name in ("capital", "disbursements")}
    return facts_of(Book(dataset(district, 2026, frames | {"mobilised": resources})), Period(2026, 10), "internal")


def with_rows(facts: Facts, rows: pd.DataFrame) -> Facts:
    return replace(facts, data=replace(facts.data, tables={**facts.data.tables, "mobilised": rows}))


def said(element: object) -> str:
    assert isinstance(element, Prose)
    return re.sub(r"\s+", " ", element.markdown.replace("\\", ""))


def rows(element: object, name: str) -> dict[str, list[object]]:
    assert isinstance(element, DataTable)
    frame = element.frame[[name, "planned_vnd", "mobilised_vnd", "rate_pct"]]
    return {row[0]: [None if pd.isna(value) else value for value in row[1:]] for row in frame.to_numpy().tolist()}


def test_nothing_typed_is_nothing_printed() -> None:
    assert said(monthly.resources(report())) == ""
    for element in (monthly.resources_table(report()), monthly.resources_by_content(report())):
        assert isinstance(element, Prose)


def test_resources_are_told_by_source_and_by_content() -> None:
    facts = report(("HP1.1", "credit", 200, 150), ("", "community_cash", 8, 6), ("", "community_in_kind", 5, 2))
    text = said(monthly.resources(facts))
    assert (
        "Theo số liệu chốt ngày 28/10/2026, đã huy động 158/213 triệu đồng năm 2026, đạt 74,18% kế hoạch, gồm:" in text
    )
    assert "- Vốn tín dụng chính sách: 150/200 triệu đồng, đạt 75,00%;" in text
    assert "- Huy động từ cộng đồng và người dân: 8/13 triệu đồng, đạt 61,54%." in text
    assert rows(monthly.resources_table(facts), "name") == {
        "Tổng số": [213 * MILLION, 158 * MILLION, 100 * 158 / 213],
        "Vốn tín dụng chính sách": [200 * MILLION, 150 * MILLION, 75],
        "Huy động từ cộng đồng và người dân": [13 * MILLION, 8 * MILLION, 100 * 8 / 13],
        "Tiền mặt": [8 * MILLION, 6 * MILLION, 75],
        "Ngày công và hiện vật quy đổi": [5 * MILLION, 2 * MILLION, 40],
    }
    by_content = rows(monthly.resources_by_content(facts), "short")
    assert list(by_content) == ["Tổng số", "Hợp phần 1", "Nội dung 1, hợp phần 1", "Chưa tách theo nội dung"]
    assert by_content["Chưa tách theo nội dung"][:2] == [13 * MILLION, 8 * MILLION]


def test_a_source_of_which_nothing_is_known_leaves_the_sum_out() -> None:
    text = said(monthly.resources(report(("", "credit", 200, 150), ("", "enterprise", 8, None))))
    assert "chưa đủ số liệu để cộng nguồn lực huy động năm 2026" in text
    assert "- Vốn doanh nghiệp: chưa có đủ số liệu." in text
    assert "158" not in text


def test_as_of_which_day_resources_are_is_told() -> None:
    facts = report(("", "credit", 200, 150))
    rows = facts.data["mobilised"]
    march, october = rows.assign(date=pd.Timestamp("2026-03-31")), rows.assign(date=pd.Timestamp("2026-10-31"))
    told = [said(monthly.resources(with_rows(facts, each))) for each in (march, october)]
    assert "Theo số liệu chốt ngày 31/3/2026, đã huy động 150/200 triệu đồng năm 2026" in told[0]
    assert "Đến hết ngày 31/10/2026, đã huy động 150/200 triệu đồng năm 2026" in told[1]


def test_communes_whose_resources_are_of_an_earlier_month_are_named() -> None:
    facts = report(("", "credit", 200, 150))
    below = facts.units[facts.units["parent_code"] == facts.data.form["unit_code"]]
    first, second = below[["code", "name"]].to_numpy()[:2]
    march = facts.data["mobilised"].assign(date=pd.Timestamp("2026-03-31"), unit_code=first[0])
    both = pd.concat([march, facts.data["mobilised"].assign(unit_code=second[0])], ignore_index=True)
    late = with_rows(facts, both)
    words = f"Nguồn lực huy động: chưa có số liệu tháng 10/2026 của {first[1]} (tính theo số chốt ngày 31/3/2026)."
    assert words in said(monthly.resources(late))
    for element in (monthly.resources_table(late), monthly.resources_table(with_rows(facts, march))):
        assert isinstance(element, DataTable)
        assert (words in element.note) == (element.frame["mobilised_vnd"].iloc[0] == 300 * MILLION)
