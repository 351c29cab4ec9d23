"""What if the income lines or the cut-off of deprivations moved."""

import pandas as pd
from ipywidgets import VBox

from giamngheo.households.disclosure.edition import with_total
from giamngheo.households.measures.alkire_foster import cutoff_sensitivity
from giamngheo.households.measures.income import at_line, line_sensitivity
from giamngheo.households.places import counts_at
from giamngheo.report.drawing import CLASS_LOOKS, Series, curves, figure, sheet, stacked_bars
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.explore.controls import Choices, controls
from giamngheo.report.explore.facts import FACTORS, Exploration, of_year, patterns_of, unit_choices
from giamngheo.report.language.numbers import count, percent
from giamngheo.report.parameters import UnknownChoiceError
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.results import named
from giamngheo.statistics.ratio import percentage

_WORDS = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}


def moved_table(
    explored: Exploration, year: int, *, unit: str = "", line: float = 1.0, cutoff: int = 0
) -> DataTable | Prose:
    """Return households poor and near-poor by income at a moved line and cut-off, by unit, and the change.

    line: by what the income lines are multiplied, one of FACTORS; cutoff: 0 is that of the standard. Words where no
    household gives its income. Raises UnknownChoiceError.
    """
    frame = _moved(explored, year, unit=unit, line=line, cutoff=cutoff)
    if not frame["households"].sum():
        return Prose(_NO_INCOME)
    columns = [Column("name", ("Đơn vị",), "text", 2.2), Column("households", ("Tổng số hộ",), "count")]
    for name, words in _WORDS.items():
        columns.append(Column(f"{name}_households", (words, "Số hộ"), "count"))
        columns.append(Column(f"{name}_rate_pct", (words, "Tỷ lệ"), "percent"))
        columns.append(Column(f"{name}_more", (words, "Tăng, giảm"), "count"))
    note = (
        f"Tăng, giảm: so với chuẩn hiện hành, cùng phân loại theo thu nhập. {_left_out(explored, year, unit)}".strip()
    )
    caption = f"Nếu {_words(explored, year, line, cutoff)}, {_place(explored, year, unit)}"
    return DataTable(frame, tuple(columns), caption, strong_rows=(len(frame) - 1,), note=note)


def moved_figure(
    explored: Exploration, year: int, *, unit: str = "", line: float = 1.0, cutoff: int = 0
) -> Figure | Prose:
    """Return the rates of the same as bars; nothing where no household gives its income."""
    frame = _moved(explored, year, unit=unit, line=line, cutoff=cutoff)
    if not frame["households"].sum():
        return Prose("")
    both = frame["poor_rate_pct"] + frame["near_poor_rate_pct"]
    series = [
        Series(words, [float(rate) for rate in frame[f"{name}_rate_pct"].fillna(0)], [], CLASS_LOOKS[name])
        for name, words in _WORDS.items()
    ]
    series[-1] = Series(series[-1].name, series[-1].values, [percent(rate) for rate in both], CLASS_LOOKS["near_poor"])
    caption = f"Tỷ lệ hộ nghèo, hộ cận nghèo nếu {_words(explored, year, line, cutoff)}, {_place(explored, year, unit)}"
    alt = f"{caption}: " + "; ".join(
        f"{row['name']} {percent(row['poor_rate_pct'])}, {percent(row['near_poor_rate_pct'])}"
        for _, row in frame.iterrows()
    )
    with sheet() as axes:
        return figure(stacked_bars(axes, list(frame["name"]), series, "Tỷ lệ (%)"), alt=alt, caption=caption)


def line_table(explored: Exploration, year: int) -> DataTable | Prose:
    """Return households poor and near-poor by income if the income lines were higher or lower.

    Words where no household gives its income.
    """
    if explored.lines[year].empty:
        return Prose(_NO_INCOME)
    frame = _line_rows(explored, year)
    columns = [Column("factor_pct", ("Chuẩn thu nhập so với hiện hành",), "percent", 1.6)]
    for name, words in _WORDS.items():
        columns.append(Column(f"{name}_households", (words, "Số hộ"), "count"))
        columns.append(Column(f"{name}_rate_pct", (words, "Tỷ lệ"), "percent"))
    caption = f"Nếu chuẩn thu nhập thay đổi, {_place(explored, year)} (phân loại theo thu nhập)"
    return DataTable(frame, tuple(columns), caption, note=_left_out(explored, year))


def line_figure(explored: Exploration, year: int) -> Figure | Prose:
    """Return the same as lines; nothing where no household gives its income."""
    if explored.lines[year].empty:
        return Prose("")
    frame = _line_rows(explored, year)
    values = {words: list(frame[f"{name}_rate_pct"]) for name, words in _WORDS.items()}
    caption = f"Tỷ lệ hộ nghèo, hộ cận nghèo khi chuẩn thu nhập thay đổi, {_place(explored, year)}"
    alt = f"{caption}: " + "; ".join(f"{name} " + ", ".join(map(percent, line)) for name, line in values.items())
    with sheet() as axes:
        drawn = curves(axes, FACTORS, values, ("Chuẩn thu nhập so với hiện hành (lần)", "Tỷ lệ (%)"))
        return figure(drawn, alt=alt, caption=caption)


def cutoff_table(explored: Exploration, year: int) -> DataTable | Prose:
    """Return H, A and M0 at each cut-off: what if the poor were those with more or fewer deprivations."""
    facts = of_year(explored, year)
    patterns = patterns_of(explored, year)
    if patterns.empty:
        return Prose("")
    cutoffs = range(1, len(facts.indicators) + 1)
    frame = cutoff_sensitivity(patterns[patterns["unit_code"] == facts.unit], facts.poverty, list(cutoffs))
    frame["m0_pct"] = 100 * frame["adjusted_headcount"]
    columns = (
        Column("cutoff", ("Số chỉ số thiếu hụt từ",), "count"),
        Column("poor", ("Số hộ nghèo đa chiều",), "count"),
        Column("incidence_pct", ("Tỷ lệ H",), "percent"),
        Column("intensity_pct", ("Mức độ A",), "percent", missing="-"),
        Column("m0_pct", ("M0 = H × A",), "percent"),
    )
    return DataTable(frame, columns, f"Nếu ngưỡng số chỉ số thiếu hụt thay đổi, {_place(explored, year)}")


def what_if(explored: Exploration, year: int, *, unit: str = "", line: float = 1.0, cutoff: int = 0) -> VBox:
    """Return lists of years, units, lines and cut-offs over what would be then; nothing on paper.

    The lists begin with what is given, as in moved_table. Raises UnknownChoiceError.
    """
    facts = next(iter(explored.years.values()))
    _moved(explored, year, unit=unit, line=line, cutoff=cutoff)
    standard = facts.review.standard.deprivation_cutoff
    cutoffs = [standard, *(k for k in range(1, len(facts.indicators) + 1) if k != standard)]
    choices: Choices = {
        "year": ("Năm", {str(year): year for year in explored.years}),
        "unit": ("Đơn vị", unit_choices(facts)),
        "line": ("Chuẩn", {percent(100 * line): line for line in sorted(FACTORS, key=lambda line: line != 1.0)}),
        "cutoff": ("Ngưỡng k", {f"từ {k} chỉ số": k for k in cutoffs}),
    }
    return controls(
        lambda **chosen: (moved_table(explored, **chosen), moved_figure(explored, **chosen)),
        choices,
        year=year,
        unit=of_year(explored, year, unit).unit,
        line=line,
        cutoff=cutoff or standard,
    )


_NO_INCOME = "Tệp hộ không ghi thu nhập nên không tính được khi chuẩn thu nhập thay đổi."


def _left_out(explored: Exploration, year: int, unit: str = "") -> str:
    """Return how many households of a unit give no income and so do not count; "" where all do."""
    classes = of_year(explored, year, unit).classes
    lacking = int(classes["households"].sum() - classes["income_households"].sum())
    return f"Không tính {count(lacking)} hộ không ghi thu nhập." if lacking else ""


def _moved(explored: Exploration, year: int, *, unit: str, line: float, cutoff: int) -> pd.DataFrame:
    facts = of_year(explored, year, unit)
    if line not in FACTORS:
        raise UnknownChoiceError("Mức chuẩn thu nhập (lần)", line, list(FACTORS))
    standard = facts.review.standard.deprivation_cutoff
    then, now = (
        with_total(_below(explored, facts, year, at), facts.unit)
        for at in ((line, cutoff or standard), (1.0, standard))
    )
    for name in _WORDS:
        then[f"{name}_rate_pct"] = percentage(then[f"{name}_households"], then["households"])
        then[f"{name}_more"] = then[f"{name}_households"] - now[f"{name}_households"]
    return named(facts, then)


def _below(explored: Exploration, facts: HouseholdFacts, year: int, at: tuple[float, int]) -> pd.DataFrame:
    """Return the counts of the units below one, or of itself where it is shown alone, at a line and cut-off."""
    table = counts_at(at_line(explored.lines[year], *at), facts.review.tree, facts.below)
    return table[table["unit_code"].isin(facts.rows)].reset_index(drop=True)


def _place(explored: Exploration, year: int, unit: str = "") -> str:
    """Return the end of a caption: the unit and the year."""
    return f"{of_year(explored, year, unit).unit_name}, năm {year}"


def _words(explored: Exploration, year: int, line: float, cutoff: int) -> str:
    k = cutoff or of_year(explored, year).review.standard.deprivation_cutoff
    return f"chuẩn thu nhập bằng {percent(100 * line)} hiện hành và nghèo là thiếu hụt từ {k} chỉ số"


def _line_rows(explored: Exploration, year: int) -> pd.DataFrame:
    standard = of_year(explored, year).review.standard
    frame = line_sensitivity(explored.lines[year], FACTORS, standard.deprivation_cutoff)
    rates = {
        f"{name}_rate_pct": percentage(frame[f"{name}_households"], frame["households"])
        for name in ("poor", "near_poor")
    }
    return frame.assign(factor_pct=100 * frame["factor"], **rates)
