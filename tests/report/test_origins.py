"""Every number of a report leads to cells of the workbook that give it."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from giamngheo.report import monthly
from giamngheo.report.elements import DataTable, Prose
from giamngheo.report.facts import Facts
from tests.conftest import ROOT
from tests.report.calculator import Calculator

REPORTS = {
    "tu-mo-rong": ("tu-mo-rong", "2023-08", ROOT / "data"),
    "ngan-ha": ("ngan-ha", "2024-08", ROOT / "data" / "demo"),
    "nhan-ma": ("nhan-ma", "2026-10", ROOT / "data" / "demo"),
}

NUMBERS = {"count", "money", "percent", "points"}

RANKS = {"rate_rank", "change_rank"}
"""Places in the order of another column of the same table."""

TYPED = {"direction", "tasks", "next_steps", "annex"}
"""Sections whose words are those of the workbook."""

FIGURE = re.compile(
    r"(\d[\d.]*(?:,\d+)?)(%| điểm phần trăm)|(\d[\d.]*(?:,\d+)?)(?=(?:/[\d.,]+)? (?:triệu đồng|hộ\b|khẩu\b))"
)


@pytest.fixture(scope="module", params=REPORTS)
def facts(request: pytest.FixtureRequest) -> Facts:
    unit, period, data = REPORTS[request.param]
    return monthly.facts(unit, period, str(data), "internal")


@cache
def elements(facts: Facts) -> tuple[tuple[str, Any], ...]:
    """Return the tables and texts of the notebook, by their names."""
    notebook = json.loads((ROOT / "notebooks" / "monthly_report.ipynb").read_text("utf-8"))
    source = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    names = re.findall(r"^monthly\.(\w+)\(report\)", source, re.MULTILINE)
    return tuple((name, getattr(monthly, name)(facts)) for name in names if not name.endswith(("figure", "map")))


def told(facts: Facts) -> Iterator[tuple[str, str, Any, str, str]]:
    """Yield table, column, number, how it is shown and the origin of each number of the tables."""
    for name, table in elements(facts):
        if isinstance(table, DataTable) and name != "stated_table":
            for column in table.columns:
                if column.kind in NUMBERS and column.name not in RANKS:
                    origins = table.origins.get(column.name, [""] * len(table.frame))
                    for value, origin in zip(table.frame[column.name], origins, strict=True):
                        if not pd.isna(value):
                            yield name, column.name, value, column.shown(value), origin


def calculator(facts: Facts) -> Calculator:
    """Return what calculates with the cells of the workbooks, read by openpyxl alone."""
    unit = next(unit for unit, *_ in REPORTS.values() if unit == facts.data.unit)
    folder = next(data for name, _, data in REPORTS.values() if name == unit) / unit
    books: dict[str, Any] = {}

    def value(place: tuple[str, str]) -> Fraction:
        file, sheet = re.fullmatch(r"(?:\[(.+)\])?(.+)", place[0]).groups()  # type: ignore[union-attr]
        name = file or facts.data.file
        if name not in books:
            books[name] = openpyxl.load_workbook(Path(folder) / name, data_only=True)
        found = books[name][sheet][place[1]].value
        assert isinstance(found, int | float), place
        return Fraction(found)

    return Calculator(value)


def test_every_number_of_the_tables_has_an_origin(facts: Facts) -> None:
    assert [entry for entry in told(facts) if not entry[-1]] == []


def test_the_formulas_give_the_numbers_from_the_cells_of_the_workbook(facts: Facts) -> None:
    calculate, count = calculator(facts), 0
    for table, column, number, _, origin in told(facts):
        if origin.startswith("="):
            found = float(calculate.result(origin))
            assert abs(found - float(number)) <= 1e-9 * max(1.0, abs(found)), (table, column, number, origin)
            count += 1
        else:
            assert number == 0
            assert origin == "Sổ không có khoản này"
    assert count > 100


def test_every_number_that_sentences_state_stands_in_a_table_or_among_the_stated(facts: Facts) -> None:
    table = monthly.stated_table(facts)
    assert isinstance(table, DataTable)
    known = {shown.lstrip("-+") for *_, shown, origin in told(facts) if origin}
    known |= {re.split(" (?:triệu|hộ)", shown)[0] for shown in table.frame["shown"]}
    for name, element in elements(facts):
        if isinstance(element, Prose) and name not in TYPED:
            for found in FIGURE.finditer(element.markdown.replace("\\", "")):
                shown = f"{found[1]}%" if found[1] else found[3]
                assert shown in known or shown == "100%", (name, found[0])


def test_stated_formulas_give_the_numbers(facts: Facts) -> None:
    table, calculate = monthly.stated_table(facts), calculator(facts)
    assert isinstance(table, DataTable)
    formulas = table.frame[table.frame["formula"].str.startswith("=")]
    assert len(formulas) > 10
    for shown, formula in zip(formulas["shown"], formulas["formula"], strict=True):
        digits = re.match(r"[\d.]+(,\d+)?", shown)
        assert digits, shown
        printed = Fraction(digits[0].replace(".", "").replace(",", "."))
        scale, places = (10**6, 3) if "triệu đồng" in shown else (1, 2)
        found = abs(calculate.result(formula)) / scale
        assert abs(found - printed) <= Fraction(1, 2 * 10**places), (shown, formula)


def test_the_rate_that_the_seed_prints_is_that_of_two_cells() -> None:
    facts = monthly.facts("tu-mo-rong", "2023-08", str(ROOT / "data"), "internal")
    table = monthly.funding_table(facts)
    assert isinstance(table, DataTable)
    row = list(table.frame["code"]).index("1.1")
    assert table.columns[-2].shown(table.frame["rate_pct"].iloc[row]) == "9,84%"
    assert table.origins["rate_pct"][row] == "=100*'Giải ngân'!E5/SUM('Vốn giao'!G5:G6)"


def test_a_public_reader_is_told_no_cells() -> None:
    facts = monthly.facts("ngan-ha", "2024-08", str(ROOT / "data" / "demo"), "public")
    tables = [element for _, element in elements(facts) if isinstance(element, DataTable)]
    assert len(tables) > 3
    assert not any(any(texts) for table in tables for texts in table.origins.values())
