"""Poverty explored: one view of one unit, year and indicator."""

from dataclasses import replace
from typing import TypeVar

import pandas as pd
from ipywidgets import VBox

from giamngheo.report.drawing import LIGHT, Look, Series, figure, sheet, stacked_bars
from giamngheo.report.elements import Column, DataTable, Figure, Marking, Prose
from giamngheo.report.explore.controls import Choices, controls
from giamngheo.report.explore.facts import Exploration, exploration, of_year, unit_choices, unweighted_note
from giamngheo.report.language import words
from giamngheo.report.language.numbers import known_number, percent
from giamngheo.report.parameters import UnknownChoiceError, chosen_code
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
    "marking",
    "overview",
]

_CLASSES = {"Hộ nghèo": "poor", "Hộ cận nghèo": "near_poor"}


Element = TypeVar("Element", DataTable, Figure | Prose)


def marking(explored: Exploration) -> Marking:
    """Return what is printed on every page where the figures are made up."""
    return Marking(next(iter(explored.years.values())).data.form.get("marking", ""))


def overview(explored: Exploration, year: int, unit: str = "") -> DataTable:
    """Return the summary of a year by the units below one ("": the reporting unit)."""
    facts = of_year(explored, year, unit)
    table = summary_households(facts)
    note = " ".join(filter(None, (table.note, unweighted_note(explored, year))))
    return _of(facts, year, replace(table, note=note))


def indicator_table(
    explored: Exploration, year: int, indicator: str, *, unit: str = "", kind: str = "poor"
) -> DataTable:
    """Return how many households of a class an indicator deprives, by the units below one ("": the reporting unit)."""
    facts = of_year(explored, year, unit)
    indicator = _indicator(facts, indicator)
    columns = (
        Column("name", ("Đơn vị",), "text", 2.2),
        Column("of_households", (f"Số {_class(kind)}",), "count"),
        Column("households", ("Thiếu hụt",), "count"),
        Column("rate_pct", ("Tỷ lệ",), "percent", missing="-"),
    )
    frame = _indicator_rows(facts, indicator, kind)
    caption = f"Thiếu hụt {_indicator_name(facts, indicator)} của {_class(kind)}, {facts.unit_name}, năm {year}"
    note = unweighted_note(explored, year)
    return DataTable(frame, columns, caption, strong_rows=(len(frame) - 1,), note=note)


def indicator_figure(explored: Exploration, year: int, indicator: str, *, unit: str = "", kind: str = "poor") -> Figure:
    """Return the same as bars."""
    facts = of_year(explored, year, unit)
    indicator = _indicator(facts, indicator)
    frame = _indicator_rows(facts, indicator, kind)
    rates = [known_number(rate) for rate in frame["rate_pct"]]
    labels = [percent(rate, missing="-") for rate in rates]
    caption = f"Tỷ lệ {_class(kind)} thiếu hụt {_indicator_name(facts, indicator)}, {facts.unit_name}, năm {year}"
    alt = f"{caption}: {words.pairs(frame['name'], labels)}"
    with sheet() as axes:
        drawn = stacked_bars(axes, list(frame["name"]), [Series("Tỷ lệ", rates, labels, Look(LIGHT))], "%")
        return figure(drawn, alt=alt, caption=caption)


def deprivation_map(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """Return all indicators and units of a year as a heat map."""
    facts = of_year(explored, year, unit)
    return _of(facts, year, profile_map(facts))


def classes_figure(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """Return how households moved from the classes of the year before to those of a year."""
    facts = of_year(explored, year, unit)
    return _of(facts, year, flows_figure(facts))


def explorer(explored: Exploration, year: int, indicator: str, *, unit: str = "") -> VBox:
    """Return lists of years, units, classes and indicators over their table and figure; nothing on paper.

    The lists begin with the year, unit and indicator that are given. Raises UnknownChoiceError.
    """
    here = of_year(explored, year, unit)
    facts = next(iter(explored.years.values()))
    choices: Choices = {
        "year": ("Năm", {str(year): year for year in explored.years}),
        "unit": ("Đơn vị", unit_choices(facts)),
        "kind": ("Nhóm", _CLASSES),
        "indicator": ("Chỉ số", {entry.name: entry.code for entry in facts.indicators}),
    }
    return controls(
        lambda **chosen: (indicator_table(explored, **chosen), indicator_figure(explored, **chosen)),
        choices,
        year=year,
        unit=here.unit,
        indicator=_indicator(here, indicator),
    )


def _of(facts: HouseholdFacts, year: int, element: Element) -> Element:
    """Return a table or figure of a review whose caption says the unit and the year."""
    if isinstance(element, Prose):
        return element
    return replace(element, caption=f"{element.caption}, {facts.unit_name}, năm {year}")


def _class(kind: str) -> str:
    """Return what a text calls the households of a class: "hộ nghèo". Raises UnknownChoiceError."""
    if kind not in _CLASSES.values():
        raise UnknownChoiceError("Nhóm", kind, list(_CLASSES.values()))
    return next(words for words, name in _CLASSES.items() if name == kind).lower()


def _indicator(facts: HouseholdFacts, indicator: str) -> str:
    """Return the code of an indicator as a parameter has it. Raises UnknownChoiceError."""
    return chosen_code("Chỉ số", indicator, [entry.code for entry in facts.indicators])


def _indicator_name(facts: HouseholdFacts, indicator: str) -> str:
    return next(entry.name for entry in facts.indicators if entry.code == indicator).lower()


def _indicator_rows(facts: HouseholdFacts, indicator: str, kind: str) -> pd.DataFrame:
    """Return a row a unit; one without a household of the class has none of it, and no rate.

    What the file has no column of is blank.
    """
    table = facts.printed.parts["indicator"]
    rows = table[(table["indicator"] == indicator) & (table["class"] == kind)].set_index("unit_code")
    every = rows.reindex(list(facts.rows)).reset_index(names="unit_code")
    every = every.fillna({"of_households": 0, "households": 0})
    if not facts.given("indicator", {indicator: ""}):
        every = every.assign(**dict.fromkeys(("households", "rate_pct"), pd.array([pd.NA] * len(every), "Int64")))
    return named(facts, every)
