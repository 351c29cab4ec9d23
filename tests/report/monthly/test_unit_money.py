"""The money of communes in the report of the unit above them."""

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


@cache
def report(*rows: tuple[str, str, int, int | None], old: frozenset[str] = frozenset()) -> Facts:
    """Facts of October 2026 of rows of unit, content, plan and disbursed, in millions; of old units as of 30 June."""
    (district,) = districts(1, 1)
    *_, before = datasets(district)
    columns = ["unit_code", "project_code", "planned_vnd", "disbursed_vnd"]
    money = pd.DataFrame(rows, columns=columns).assign(source="central_recurrent", fund_year=2026)
    money[columns[2:]] = money[columns[2:]].astype("Int64") * MILLION
    days = [pd.Timestamp("2026-06-30" if unit in old else "2026-10-31") for unit in money["unit_code"]]
    frames = dict(before.tables) | {
        "capital": money.assign(date=pd.Timestamp("2026-02-10")).drop(columns="disbursed_vnd"),
        "disbursements": money.assign(date=days).dropna(subset="disbursed_vnd"),
    }
    return facts_of(Book(dataset(district, 2026, frames)), Period(2026, 10), "internal")


def said(element: object) -> str:
    assert isinstance(element, Prose)
    return re.sub(r"\s+", " ", element.markdown.replace("\\", ""))


def table(element: object) -> dict[str, list[object]]:
    assert isinstance(element, DataTable)
    frame = element.frame[["name", "planned_vnd", "disbursed_vnd", "rate_pct", "rate_rank"]]
    return {row[0]: [None if pd.isna(value) else value for value in row[1:]] for row in frame.to_numpy().tolist()}


def test_without_units_nothing_is_said() -> None:
    assert said(monthly.unit_money(report(("", "HP1.1", 10, 1)))) == ""
    assert isinstance(monthly.unit_money_table(report(("", "HP1.1", 10, 1))), Prose)


def test_the_sum_of_units_says_of_how_many_and_ranks_them() -> None:
    facts = report(("99001", "HP1.1", 10, 4), ("99002", "HP1.1", 20, 2), ("99003", "HP2.1", 5, 0))
    count = len(facts.unit_money)
    assert facts.funds[2026].iloc[0]["planned_vnd"] == 35 * MILLION
    assert facts.funds[2026].iloc[0]["disbursed_vnd"] == 6 * MILLION
    text = said(monthly.unit_money(facts))
    assert f"Vốn năm 2026 của mọi nội dung được cộng từ số của 3/{count} xã có số liệu." in text
    shown = table(monthly.unit_money_table(facts))
    *units, total = shown.items()
    assert total == (f"Cộng 3/{count} xã có số liệu", [35 * MILLION, 6 * MILLION, 100 * 6 / 35, None])
    assert [row for _, row in units[:3]] == [
        [10 * MILLION, 4 * MILLION, 40, 1],
        [20 * MILLION, 2 * MILLION, 10, 2],
        [5 * MILLION, 0, 0, 3],
    ]
    assert units[3][1] == [None] * 4


def test_the_figure_ranks_the_units_of_which_a_rate_is_known() -> None:
    facts = report(("99001", "HP1.1", 10, 4), ("99002", "HP1.1", 20, 12), ("99003", "HP1.1", 20, None))
    figure = monthly.unit_money_figure(facts)
    assert isinstance(figure, Figure)
    first, second = facts.unit_money["name"].iloc[[1, 0]]
    assert f"{first} 60,00%; {second} 40,00%" in figure.alt
    assert facts.unit_money["name"].iloc[2] not in figure.alt
    assert isinstance(monthly.unit_money_figure(report(("99001", "HP1.1", 10, 4))), Prose)


def test_highest_and_lowest_are_said_of_units_that_differ() -> None:
    few = monthly.unit_money(report(("99001", "HP1.1", 10, 4), ("99002", "HP1.1", 20, None)))
    same = monthly.unit_money(report(("99001", "HP1.1", 10, 0), ("99002", "HP1.1", 20, 0)))
    assert "nhất" not in said(few).replace("Hợp phần thứ nhất", "")
    assert "nhất" not in said(same).replace("Hợp phần thứ nhất", "")
    facts = report(*((f"9900{number}", "HP1.1", 10, int(number == 4)) for number in range(1, 5)))
    names = list(facts.unit_money["name"])
    assert f"cao nhất: {names[3]} (10,00%), {names[0]} (0,00%); thấp nhất: {names[1]} (0,00%), {names[2]}" in said(
        monthly.unit_money(facts)
    )


def test_a_unit_that_says_nothing_of_disbursement_leaves_the_sum_blank_and_is_named() -> None:
    facts = report(("99001", "HP1.1", 10, 4), ("99002", "HP1.1", 20, None))
    name = facts.unit_money["name"].iloc[1]
    assert f"Chưa đủ số liệu giải ngân: {name}." in said(monthly.unit_money(facts))
    *_, total = table(monthly.unit_money_table(facts)).values()
    assert total == [30 * MILLION, None, None, None]
    assert pd.isna(facts.funds[2026].iloc[0]["disbursed_vnd"])


def test_what_is_of_the_unit_itself_and_what_is_a_sum_is_told() -> None:
    facts = report(("", "HP1.1", 100, 50), ("99001", "HP1.1", 10, 4), ("99001", "HP1.2", 8, 2))
    assert facts.funds[2026].iloc[0]["planned_vnd"] == 108 * MILLION
    text = said(monthly.unit_money(facts))
    assert "Vốn năm 2026 của Nội dung 2 (Hợp phần thứ nhất) được cộng từ số của 1/" in text
    assert "của Nội dung 1 (Hợp phần thứ nhất) theo số của huyện Ngân Hà" in text
    only_own = report(("", "HP1.1", 100, 50), ("99001", "HP1.1", 10, 4))
    assert said(monthly.unit_money(only_own)).startswith("Tổng số theo số của huyện Ngân Hà; dưới đây là số của 1/")


def test_units_whose_money_is_of_an_earlier_month_are_named_with_their_day_beside_the_ranking() -> None:
    rows = ("99001", "HP1.1", 10, 4), ("99002", "HP1.1", 20, 2), ("99003", "HP1.1", 20, 1)
    facts = report(*rows, old=frozenset({"99001", "99003"}))
    first, _, third = facts.unit_money["name"].iloc[:3]
    words = f"Giải ngân: chưa có số liệu tháng 10/2026 của {first}, {third} (tính theo số chốt ngày 30/6/2026)."
    assert words in said(monthly.unit_money(facts))
    element = monthly.unit_money_table(facts)
    assert isinstance(element, DataTable)
    assert words in element.note
    assert "chưa có số liệu tháng" not in said(monthly.unit_money(report(*rows)))
