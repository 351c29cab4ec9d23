"""Facts of the demo district and of Tu Mơ Rông after some of their tables were changed, and the words made of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from giamngheo.core.period import Period
from giamngheo.demo.places import districts
from giamngheo.demo.workbook import datasets
from giamngheo.report.elements import Prose
from giamngheo.report.facts import Facts, book_of, facts_of
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.workbook import read_workbook

Change = Callable[[pd.DataFrame], pd.DataFrame]

DATA = Path(__file__).parents[3] / "data"


@cache
def demo() -> dict[int, Dataset]:
    """The workbooks of the demo district by year."""
    (district,) = districts(1, 1)
    return {data.year: data for data in datasets(district)}


@cache
def official() -> Dataset:
    """The workbook of Tu Mơ Rông."""
    return read_workbook(DATA / "tu-mo-rong" / "2023.xlsx", "tu-mo-rong", 2023)


@cache
def demo_report(period: str, **tables: Change) -> Facts:
    """Facts of a period of the demo district after `tables` of its year were changed."""
    asked = Period.parse(period)
    earlier = demo().get(asked.year - 1)
    return facts_of(book_of(with_changed(demo()[asked.year], tables)), asked, "internal", earlier and book_of(earlier))


def official_report(**tables: Change) -> Facts:
    """Facts of Tu Mơ Rông in August 2023 after `tables` were changed."""
    return facts_of(book_of(with_changed(official(), tables)), Period(2023, 8), "internal")


def with_changed(data: Dataset, tables: Mapping[str, Change]) -> Dataset:
    frames = {name: change(data[name].copy()) for name, change in tables.items()}
    return replace(data, tables={**data.tables, **frames})


def said(element: object) -> str:
    """The words of an element that is nothing but words."""
    assert isinstance(element, Prose)
    return re.sub(r"\s+", " ", element.markdown.replace("\\", ""))


def empty(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0]


def without(month: int) -> Change:
    return lambda frame: frame[frame["date"].dt.month != month].reset_index(drop=True)


def only_district(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["unit_code"] == "980"].reset_index(drop=True)
