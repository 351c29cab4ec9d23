"""Poverty explored: one view of one unit, year and indicator."""

from dataclasses import replace
from typing import TypeVar

import pandas as pd
from ipywidgets import VBox

from giamngheo.report.drawing import LIGHT, Look, Series, figure, sheet, stacked_bars
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.explore.controls import Choices, controls
from giamngheo.report.explore.facts import Exploration, exploration, of_year, unit_choices
from giamngheo.report.language import words
from giamngheo.report.language.numbers import known_number, percent
from giamngheo.report.parameters import chosen_code
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.flows import classes_figure as flows_figure
from giamngheo.report.review.profile import deprivation_map as profile_map
from giamngheo.report.review.results import named, summary_households

__all__ = [
    "classes_figure",
    "deprivation_map",
    "exploration",
    "explorer",
    "indicator_figure",
    "indicator_table",
    "overview",
]

_CLASSES = {"Hộ nghèo": "poor", "Hộ cận nghèo": "near_poor"}


Element = TypeVar("Element", DataTable, Figure | Prose)


def overview(explored: Exploration, year: int, unit: str = "") -> DataTable:
    """Return the summary of a year by the units below one ("": the reporting unit)."""
    return _of(year, summary_households(of_year(explored, year, unit)))


def indicator_table(
    explored: Exploration, year: int, indicator: str, *, unit: str = "", kind: str = "poor"
) -> DataTable:
    """Return how many households of a class an indicator deprives, by the units below one ("": the reporting unit)."""
    facts = of_year(explored, year, unit)
    indicator = _indicator(facts, indicator)
    columns = (
        Column("name", ("Đơn vị",), "text", 2.2),
        Column("of_households", ("Số hộ",), "count"),
        Column("households", ("Thiếu hụt",), "count"),
        Column("rate_pct", ("Tỷ lệ",), "percent"),
    )
    frame = _indicator_rows(facts, indicator, kind)
    caption = f"Thiếu hụt {_indicator_name(facts, indicator)}, năm {year}"
    return DataTable(frame, columns, caption, strong_rows=(len(frame) - 1,))


def indicator_figure(explored: Exploration, year: int, indicator: str, *, unit: str = "", kind: str = "poor") -> Figure:
    """Return the same as bars."""
    facts = of_year(explored, year, unit)
    indicator = _indicator(facts, indicator)
    frame = _indicator_rows(facts, indicator, kind)
    rates = [known_number(rate) for rate in frame["rate_pct"]]
    labels = [percent(rate) for rate in rates]
    caption = f"Tỷ lệ thiếu hụt {_indicator_name(facts, indicator)}, năm {year}"
    alt = f"{caption}: {words.pairs(frame['name'], labels)}"
    with sheet() as axes:
        drawn = stacked_bars(axes, list(frame["name"]), [Series("Tỷ lệ", rates, labels, Look(LIGHT))], "%")
        return figure(drawn, alt=alt, caption=caption)


def deprivation_map(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """Return all indicators and units of a year as a heat map."""
    return _of(year, profile_map(of_year(explored, year, unit)))


def classes_figure(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """Return how households moved from the classes of the year before to those of a year."""
    return _of(year, flows_figure(of_year(explored, year, unit)))


def explorer(explored: Exploration) -> VBox:
    """Return lists of years, units, classes and indicators over their table and figure; nothing on paper."""
    facts = next(iter(explored.years.values()))
    choices: Choices = {
        "year": ("Năm", {str(year): year for year in explored.years}),
        "unit": ("Đơn vị", unit_choices(facts)),
        "kind": ("Nhóm", _CLASSES),
        "indicator": ("Chỉ số", {entry.name: entry.code for entry in facts.indicators}),
    }
    return controls(
        lambda **chosen: (indicator_table(explored, **chosen), indicator_figure(explored, **chosen)), choices
    )


def _of(year: int, element: Element) -> Element:
    """Return a table or figure of a review whose caption says the year."""
    return element if isinstance(element, Prose) else replace(element, caption=f"{element.caption}, năm {year}")


def _indicator(facts: HouseholdFacts, indicator: str) -> str:
    """Return the code of an indicator as a parameter has it. Raises UnknownChoiceError."""
    return chosen_code("Chỉ số", indicator, [entry.code for entry in facts.indicators])


def _indicator_name(facts: HouseholdFacts, indicator: str) -> str:
    return next(entry.name for entry in facts.indicators if entry.code == indicator).lower()


def _indicator_rows(facts: HouseholdFacts, indicator: str, kind: str) -> pd.DataFrame:
    table = facts.printed.parts["indicator"]
    rows = table[(table["indicator"] == indicator) & (table["class"] == kind)].set_index("unit_code")
    return named(facts, rows.reindex([code for code in facts.rows if code in rows.index]).reset_index())
