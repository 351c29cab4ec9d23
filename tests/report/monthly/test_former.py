"""A report of 2026: the money of the integrated programme, and beside it what is carried over of the former one."""

import re
from functools import cache

import pandas as pd

from giamngheo.core.period import Period
from giamngheo.demo.places import districts
from giamngheo.demo.workbook import dataset, datasets
from giamngheo.report import monthly
from giamngheo.report.book import Book
from giamngheo.report.elements import DataTable, Figure, Prose
from giamngheo.report.facts import Facts, facts_of

MILLION = 1_000_000

CAPITAL = [
    ("HP1.1", "central_investment", 2026, 4000),
    ("HP1.1", "local_commune", 2026, 200),
    ("HP1.4", "central_recurrent", 2026, 700),
    ("HP2.3", "local_province", 2026, 100),
    ("1.1", "investment", 2025, 900),
    ("2", "recurrent", 2025, 300),
    ("3.1", "recurrent", 2024, 50),
]
PAID = [
    ("HP1.1", "central_investment", 2026, 1000),
    ("HP1.1", "local_commune", 2026, 50),
    ("HP1.4", "central_recurrent", 2026, 100),
    ("HP2.3", "local_province", 2026, 60),
    ("1.1", "investment", 2025, 300),
    ("2", "recurrent", 2025, 280),
    ("3.1", "recurrent", 2024, 50),
]
PLANNED_2026, PAID_2026 = 4000 + 200 + 700 + 100, 1000 + 50 + 100 + 60
PLANNED_FORMER, PAID_FORMER = 900 + 300 + 50, 300 + 280 + 50


def frame(rows: list[tuple[str, str, int, int]], amount: str, date: str) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["project_code", "source", "fund_year", amount])
    return table.assign(**{amount: table[amount] * MILLION, "date": pd.Timestamp(date)})


@cache
def report(capital: tuple[int, ...] = (), paid: tuple[int, ...] = ()) -> Facts:
    """Facts of October 2026, without some rows of capital and of the snapshot."""
    (district,) = districts(1, 1)
    *_, before = datasets(district)
    frames = dict(before.tables) | {
        "capital": frame(CAPITAL, "planned_vnd", "2026-02-10").drop(index=[*capital]),
        "disbursements": frame(PAID, "disbursed_vnd", "2026-10-31").drop(index=[*paid]),
    }
    return facts_of(Book(dataset(district, 2026, frames)), Period(2026, 10), "internal")


def said(element: object) -> str:
    assert isinstance(element, Prose)
    return re.sub(r"\s+", " ", element.markdown.replace("\\", ""))


def shown(element: object, *columns: str) -> list[list[object]]:
    assert isinstance(element, DataTable)
    return element.frame[[*columns]].to_numpy().tolist()


def test_the_report_is_of_the_programme_of_its_year() -> None:
    subject = monthly.letterhead(report()).subject
    assert subject.startswith("Kết quả thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới, giảm nghèo")
    assert "Chương trình mục tiêu quốc gia xây dựng nông thôn mới" in said(monthly.opening(report()))


def test_the_capital_of_the_year_is_told_by_group_of_sources_with_their_parts() -> None:
    text = said(monthly.allocation(report()))
    assert "Tổng vốn giao năm 2026 là 5.000 triệu đồng, gồm:" in text
    assert (
        "- Ngân sách trung ương: 4.700 triệu đồng, chiếm 94,00%"
        " (vốn đầu tư công 4.000 triệu đồng, kinh phí thường xuyên 700 triệu đồng);"
    ) in text
    assert "Phân theo hợp phần, nội dung: - **Hợp phần thứ nhất.**" in text
    assert "4.200 triệu đồng (vốn đầu tư công 4.000 triệu đồng, ngân sách xã 200 triệu đồng)" in text
    assert "Vốn năm 2025 của Chương trình mục tiêu quốc gia giảm nghèo bền vững giai đoạn 2021-2025 chuyển sang" in text


def test_the_table_of_the_year_has_its_own_programme_and_groups_only() -> None:
    table = monthly.funding_table(report())
    assert shown(table, "code", "planned_vnd")[0] == ["", PLANNED_2026 * MILLION]
    assert {row[0] for row in shown(table, "code")} == {"", "HP1", "HP1.1", "HP1.4", "HP2", "HP2.3"}
    assert isinstance(table, DataTable)
    assert [column.name for column in table.columns if column.name.startswith("planned_vnd/")] == [
        "planned_vnd/central",
        "planned_vnd/local",
    ]


def test_each_source_and_group_has_a_rate_of_its_own() -> None:
    rows = {row[0]: row[1:] for row in shown(monthly.sources_table(report()), "name", "planned_vnd", "rate_pct")}
    assert list(rows) == [
        "Tổng số",
        "Ngân sách trung ương",
        "Vốn đầu tư công",
        "Kinh phí thường xuyên",
        "Ngân sách địa phương",
        "Ngân sách tỉnh",
        "Ngân sách xã",
    ]
    assert rows["Ngân sách trung ương"] == [4700 * MILLION, 100 * 1100 / 4700]
    assert rows["Ngân sách địa phương"] == [300 * MILLION, 100 * 110 / 300]
    assert rows["Ngân sách xã"] == [200 * MILLION, 25]


def test_money_of_the_former_programme_stands_apart_and_the_sum_says_what_it_adds() -> None:
    text = said(monthly.former(report()))
    assert (
        "giải ngân 580/1.200 triệu đồng, đạt 48,33%; còn lại 620 triệu đồng;"
        " vốn đầu tư được giải ngân chậm nhất đến hết ngày 31/12/2026." in text
    )
    assert "Vốn năm 2024: giải ngân 50/50 triệu đồng" in text
    assert "thời hạn kéo dài giải ngân vốn đầu tư theo Luật Đầu tư công đã hết ngày 31/12/2025" in text
    planned, paid = PLANNED_2026 + PLANNED_FORMER, PAID_2026 + PAID_FORMER
    assert (planned, paid) == (6250, 1840)
    assert (
        "Tính chung vốn năm 2026 của Chương trình tích hợp 2026-2035 và vốn năm 2025, 2024 của Chương trình giảm nghèo"
        " bền vững 2021-2025: giải ngân 1.840/6.250 triệu đồng, đạt 29,44%."
    ) in text
    table = monthly.former_table(report())
    assert [row for row in shown(table, "code", "name") if not row[0]] == [["", "Vốn năm 2025"], ["", "Vốn năm 2024"]]
    assert isinstance(monthly.former_figure(report()), Figure)
    assert isinstance(monthly.carried_table(report()), Prose)


def test_a_sum_over_programmes_of_which_a_part_is_not_known_is_not_made() -> None:
    text = said(monthly.former(report(paid=(4,))))
    assert "Vốn năm 2025: kế hoạch 1.200 triệu đồng, chưa có đủ số liệu giải ngân" in text
    assert "Chưa tính chung được vốn năm 2026" in text
    assert "Tính chung" not in text


def test_without_money_of_the_former_programme_nothing_is_said_of_it() -> None:
    alone = report(capital=(4, 5, 6), paid=(4, 5, 6))
    assert said(monthly.former(alone)) == ""
    assert all(isinstance(element, Prose) for element in (monthly.former_table(alone), monthly.former_figure(alone)))
    assert "## 1." not in said(monthly.disbursement(alone))


def test_only_money_carried_over_is_told_though_the_new_programme_has_none() -> None:
    old = report(capital=(0, 1, 2, 3), paid=(0, 1, 2, 3))
    assert "chưa có số liệu giao vốn năm 2026" in said(monthly.allocation(old))
    assert isinstance(monthly.funding_table(old), Prose)
    assert "giải ngân 630/1.250 triệu đồng" in said(monthly.former(old))
