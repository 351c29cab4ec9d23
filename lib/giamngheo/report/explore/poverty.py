"""Poverty explored: one view of one unit, year and indicator."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import pandas as pd
from ipywidgets import VBox

from giamngheo.core.paths import located
from giamngheo.households.classification import By
from giamngheo.households.engine import households, narrowed, workspace
from giamngheo.households.measures.income import reach_counts
from giamngheo.households.measures.samples import Sample, sample
from giamngheo.report.drawing import LIGHT, Look, Series, figure, sheet, stacked_bars
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.explore.controls import Choices, controls
from giamngheo.report.language.numbers import percent
from giamngheo.report.parameters import UnknownChoiceError, as_code, as_written, chosen_code
from giamngheo.report.review.facts import LEVEL_WORDS, HouseholdFacts, facts_of_unit, household_facts
from giamngheo.report.review.flows import classes_figure as flows_figure
from giamngheo.report.review.profile import deprivation_map as profile_map
from giamngheo.report.review.results import named, summary_households

FACTORS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
"""By what the income lines are multiplied in "what if"."""

_CLASSES = {"Hộ nghèo": "poor", "Hộ cận nghèo": "near_poor"}


Element = TypeVar("Element", DataTable, Figure | Prose)


@dataclass(frozen=True)
class Exploration:
    """What is explored: by year the facts of its review, how far households are above the lines, the sample measures.

    lines: income.reach_counts; samples: of the households of the reporting unit.
    """

    years: Mapping[int, HouseholdFacts]
    lines: Mapping[int, pd.DataFrame]
    samples: Mapping[int, Sample]


def exploration(file: str, workbook: str, *, before: str = "", by: By = "score") -> Exploration:
    """The reviews of a household file and of the one before, for internal work. Raises GiamngheoError."""
    file, before = as_written(file, before)
    given = {file: before} | ({before: ""} if before else {})
    found = {name: household_facts(name, workbook, before=past, by=by) for name, past in given.items()}
    explored = Exploration({facts.review.day.year: facts for facts in found.values()}, {}, {})
    for name, facts in found.items():
        year = facts.review.day.year
        with workspace() as work:
            rows = narrowed(households(work, located(name)), _inside(facts))
            lines = reach_counts(rows, facts.review.standard, FACTORS)
            explored = replace(
                explored,
                lines={**explored.lines, year: lines},
                samples={**explored.samples, year: sample(rows, facts.review.standard)},
            )
    return explored


def _inside(facts: HouseholdFacts) -> str:
    """Query of the households of the reporting unit."""
    tree, level = facts.review.tree, facts.review.units.set_index("code")["level"][facts.unit]
    codes = (code.replace("'", "''") for code in tree.loc[tree[level] == facts.unit, "unit_code"])
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"select * from households where unit_code in ({listed})"


def overview(explored: Exploration, year: int, unit: str = "") -> DataTable:
    """The summary of a year by the units below one ("": the reporting unit)."""
    return _of(year, summary_households(of_year(explored, year, unit)))


def indicator_table(
    explored: Exploration, year: int, indicator: str, *, unit: str = "", kind: str = "poor"
) -> DataTable:
    """How many households of a class an indicator deprives, by the units below one ("": the reporting unit)."""
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
    """The same as bars."""
    facts = of_year(explored, year, unit)
    indicator = _indicator(facts, indicator)
    frame = _indicator_rows(facts, indicator, kind)
    rates = [None if pd.isna(rate) else float(rate) for rate in frame["rate_pct"]]
    labels = [percent(rate) for rate in rates]
    words = f"Tỷ lệ thiếu hụt {_indicator_name(facts, indicator)}, năm {year}"
    alt = f"{words}: " + "; ".join(f"{n} {v}" for n, v in zip(frame["name"], labels, strict=True))
    with sheet() as axes:
        drawn = stacked_bars(axes, list(frame["name"]), [Series("Tỷ lệ", rates, labels, Look(LIGHT))], "%")
        return figure(drawn, alt=alt, caption=words)


def deprivation_map(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """All indicators and units of a year as a heat map."""
    return _of(year, profile_map(of_year(explored, year, unit)))


def classes_figure(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """From the classes of the year before to those of a year."""
    return _of(year, flows_figure(of_year(explored, year, unit)))


def explorer(explored: Exploration) -> VBox:
    """Lists of years, units, classes and indicators over their table and figure; nothing on paper."""
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


def unit_choices(facts: HouseholdFacts) -> dict[str, str]:
    """The reporting unit and those below it by what a list calls them: level, name, and code where two are the same."""
    level = facts.review.units.set_index("code")["level"]
    codes = [facts.unit, *(code for code in facts.rows if code != facts.unit)]
    words = {code: f"{LEVEL_WORDS[level[code]]} {facts.names[code]}" for code in codes}
    twice = Counter(words.values())
    return {f"{words[code]} ({code})" if twice[words[code]] > 1 else words[code]: code for code in codes}


def of_year(explored: Exploration, year: int, unit: str = "") -> HouseholdFacts:
    """The facts of a year, of a unit ("": the reporting unit). Raises UnknownChoiceError, NoHouseholdsHereError."""
    if year not in explored.years:
        raise UnknownChoiceError("Năm", year, list(explored.years))
    facts = explored.years[year]
    unit = as_code(unit, set(facts.names))
    return facts_of_unit(facts, unit) if unit not in {"", facts.unit} else facts


def _of(year: int, element: Element) -> Element:
    """Return a table or figure of a review whose caption says the year."""
    return element if isinstance(element, Prose) else replace(element, caption=f"{element.caption}, năm {year}")


def _indicator(facts: HouseholdFacts, indicator: str) -> str:
    """Code of an indicator as a parameter has it. Raises UnknownChoiceError."""
    return chosen_code("Chỉ số", indicator, [entry.code for entry in facts.indicators])


def _indicator_name(facts: HouseholdFacts, indicator: str) -> str:
    return next(entry.name for entry in facts.indicators if entry.code == indicator).lower()


def _indicator_rows(facts: HouseholdFacts, indicator: str, kind: str) -> pd.DataFrame:
    table = facts.printed.parts["indicator"]
    rows = table[(table["indicator"] == indicator) & (table["class"] == kind)].set_index("unit_code")
    return named(facts, rows.reindex([code for code in facts.rows if code in rows.index]).reset_index())
