"""Poverty explored: one view of one unit, year and indicator, and what if the lines or the cut-off moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from ipywidgets import VBox

from giamngheo.errors import WrongUseError
from giamngheo.intake.locate import located
from giamngheo.report import household_charts as charts
from giamngheo.report import household_tables as tables
from giamngheo.report.controls import Choices, controls
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.figures import Series, stacked_bars
from giamngheo.report.figures_households import curves
from giamngheo.report.household_facts import HouseholdFacts, facts_of_unit, household_facts
from giamngheo.report.numbers import percent
from giamngheo.statistics.households.alkire_foster import cutoff_sensitivity
from giamngheo.statistics.households.classification import By
from giamngheo.statistics.households.engine import households, workspace
from giamngheo.statistics.households.income import line_sensitivity
from giamngheo.statistics.ratio import percentage

FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
"""By what the income lines are multiplied in "what if"."""

_CLASSES = {"Hộ nghèo": "poor", "Hộ cận nghèo": "near_poor"}


class UnknownChoiceError(WrongUseError):
    """A parameter names a year or an indicator that there is not."""

    def __init__(self, what: str, found: object, known: Sequence[object]) -> None:
        super().__init__(f"{what} {found!r} không có; các giá trị có: {', '.join(map(str, known))}.")


@dataclass(frozen=True)
class Exploration:
    """What is explored: the facts of each year's review, and poor households at moved lines by year."""

    years: Mapping[int, HouseholdFacts]
    lines: Mapping[int, pd.DataFrame]


def exploration(file: str, workbook: str, *, before: str = "", by: By = "score") -> Exploration:
    """The reviews of a household file and of the one before, for internal work. Raises GiamngheoError."""
    given = {file: before} | ({before: ""} if before else {})
    found = {name: household_facts(name, workbook, before=past, by=by) for name, past in given.items()}
    return Exploration(
        years={facts.review.day.year: facts for facts in found.values()},
        lines={facts.review.day.year: _moved_lines(name, facts) for name, facts in found.items()},
    )


def overview(explored: Exploration, year: int, unit: str = "") -> DataTable:
    """The summary of a year by the units below one ("": the reporting unit)."""
    return tables.summary_table(_of(explored, year, unit), "households", f"Kết quả rà soát năm {year} (hộ)")


def indicator_table(
    explored: Exploration, year: int, indicator: str, *, unit: str = "", kind: str = "poor"
) -> DataTable:
    """How many households of a class an indicator deprives, by the units below one ("": the reporting unit)."""
    facts = _of(explored, year, unit)
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
    facts = _of(explored, year, unit)
    frame = _indicator_rows(facts, indicator, kind)
    rates = [None if pd.isna(rate) else float(rate) for rate in frame["rate_pct"]]
    labels = [percent(rate) for rate in rates]
    words = f"Tỷ lệ thiếu hụt {_indicator_name(facts, indicator)}, năm {year}"
    alt = f"{words}: " + "; ".join(f"{n} {v}" for n, v in zip(frame["name"], labels, strict=True))
    return stacked_bars(list(frame["name"]), [Series("Tỷ lệ", rates, labels, "#9dc3e6")], "%", alt=alt, caption=words)


def deprivation_map(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """All indicators and units of a year as a heat map."""
    caption = f"Tỷ lệ hộ nghèo thiếu hụt theo chỉ số và đơn vị, năm {year} (%)"
    return charts.deprivation_map(_of(explored, year, unit), caption)


def classes_figure(explored: Exploration, year: int, unit: str = "") -> Figure | Prose:
    """From the classes of the year before to those of a year."""
    return charts.class_flow_figure(_of(explored, year, unit), f"Hộ chuyển giữa các nhóm, năm {year}")


def line_table(explored: Exploration, year: int) -> DataTable:
    """What if the income lines were higher or lower: households poor and near-poor by income."""
    frame = _line_rows(explored, year)
    columns = [Column("factor_pct", ("Chuẩn thu nhập so với hiện hành",), "percent", 1.6)]
    for name, words in {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}.items():
        columns.append(Column(f"{name}_households", (words, "Số hộ"), "count"))
        columns.append(Column(f"{name}_rate_pct", (words, "Tỷ lệ"), "percent"))
    return DataTable(frame, tuple(columns), f"Nếu chuẩn thu nhập thay đổi, năm {year} (phân loại theo thu nhập)")


def line_figure(explored: Exploration, year: int) -> Figure:
    """The same as lines."""
    frame = _line_rows(explored, year)
    values = {"Hộ nghèo": list(frame["poor_rate_pct"]), "Hộ cận nghèo": list(frame["near_poor_rate_pct"])}
    caption = f"Tỷ lệ hộ nghèo, hộ cận nghèo khi chuẩn thu nhập thay đổi, năm {year}"
    alt = f"{caption}: " + "; ".join(f"{name} " + ", ".join(map(percent, line)) for name, line in values.items())
    return curves(
        list(FACTORS), values, ("Chuẩn thu nhập so với hiện hành (lần)", "Tỷ lệ (%)"), alt=alt, caption=caption
    )


def cutoff_table(explored: Exploration, year: int) -> DataTable | Prose:
    """What if the poor were those with more or fewer deprivations: H, A and M0 at each cut-off."""
    facts = _of(explored, year)
    patterns = facts.printed.patterns
    if patterns.empty:
        return Prose("")
    patterns = patterns[patterns["unit_code"] == facts.unit]
    cutoffs = range(1, len(facts.indicators) + 1)
    frame = cutoff_sensitivity(patterns, facts.poverty, list(cutoffs))
    frame["m0_pct"] = 100 * frame["adjusted_headcount"]
    columns = (
        Column("cutoff", ("Số chỉ số thiếu hụt từ",), "count"),
        Column("poor", ("Số hộ",), "count"),
        Column("incidence_pct", ("Tỷ lệ H",), "percent"),
        Column("intensity_pct", ("Mức độ A",), "percent", missing="-"),
        Column("m0_pct", ("M0 = H × A",), "percent"),
    )
    return DataTable(frame, columns, f"Nếu ngưỡng số chỉ số thiếu hụt thay đổi, năm {year}")


def explorer(explored: Exploration) -> VBox:
    """Lists of years, units, classes and indicators over their table and figure; nothing on paper."""
    facts = next(iter(explored.years.values()))
    choices: Choices = {
        "year": ("Năm", {str(year): year for year in explored.years}),
        "unit": ("Đơn vị", {facts.names[code]: code for code in (facts.unit, *facts.rows[:-1])}),
        "kind": ("Nhóm", _CLASSES),
        "indicator": ("Chỉ số", {entry.name: entry.code for entry in facts.indicators}),
    }
    return controls(
        lambda **chosen: (indicator_table(explored, **chosen), indicator_figure(explored, **chosen)), choices
    )


def what_if(explored: Exploration) -> VBox:
    """A list of years over what a moved income line and a moved cut-off would give; nothing on paper."""
    choices: Choices = {"year": ("Năm", {str(year): year for year in explored.years})}
    return controls(
        lambda year: (line_figure(explored, year), line_table(explored, year), cutoff_table(explored, year)), choices
    )


def _of(explored: Exploration, year: int, unit: str = "") -> HouseholdFacts:
    if year not in explored.years:
        raise UnknownChoiceError("Năm", year, list(explored.years))
    facts = explored.years[year]
    return facts_of_unit(facts, unit) if unit not in {"", facts.unit} else facts


def _indicator_name(facts: HouseholdFacts, indicator: str) -> str:
    names = {entry.code: entry.name for entry in facts.indicators}
    if indicator not in names:
        raise UnknownChoiceError("Chỉ số", indicator, list(names))
    return names[indicator].lower()


def _indicator_rows(facts: HouseholdFacts, indicator: str, kind: str) -> pd.DataFrame:
    table = facts.printed.parts["indicator"]
    rows = table[(table["indicator"] == indicator) & (table["class"] == kind)].set_index("unit_code")
    return tables.named(facts, rows.reindex([code for code in facts.rows if code in rows.index]).reset_index())


def _line_rows(explored: Exploration, year: int) -> pd.DataFrame:
    _of(explored, year)
    frame = explored.lines[year]
    rates = {
        f"{name}_rate_pct": percentage(frame[f"{name}_households"], frame["households"])
        for name in ("poor", "near_poor")
    }
    return frame.assign(factor_pct=100 * frame["factor"], **rates)


def _moved_lines(file: str, facts: HouseholdFacts) -> pd.DataFrame:
    with workspace() as work:
        return line_sensitivity(households(work, located(file)), facts.review.standard, FACTORS)
