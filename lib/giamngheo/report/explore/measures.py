"""Multidimensional poverty explored: any weights and cut-off, by unit and indicator, its change, its errors."""

from typing import get_args

import pandas as pd

from giamngheo.core.errors import WrongUseError
from giamngheo.households.measures.alkire_foster import (
    Poverty,
    indicator_measures,
    measures,
    shapley_change,
    with_contributions,
)
from giamngheo.households.measures.samples import Errors, sample_measures
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.explore.facts import Exploration, of_year
from giamngheo.report.review.facts import HouseholdFacts
from giamngheo.report.review.results import named

BY_DIMENSION = "dimension"

_MEASURES = {
    "incidence": "H: tỷ lệ hộ nghèo đa chiều",
    "intensity": "A: mức độ thiếu hụt của hộ đó",
    "adjusted_headcount": "M0 = H × A",
    "fgt0": "FGT(0): tỷ lệ hộ nghèo thu nhập",
    "fgt1": "FGT(1): khoảng cách nghèo",
    "fgt2": "FGT(2): bình phương khoảng cách nghèo",
}


class UnknownMethodError(WrongUseError):
    """A parameter of the measures is none of what it may be."""


def poverty_of(facts: HouseholdFacts, weights: str = "", cutoff: float = 0) -> Poverty:
    """Return the way to identify the poor that the parameters say.

    weights: "" every indicator the same; "dimension" every dimension the same, and its indicators; or as many numbers
    as indicators, with commas between. They are scaled to add up to the number of indicators, so that cutoff (0: that
    of the standard) is a number of indicators. Raises UnknownMethodError.
    """
    known = facts.indicators
    if weights == BY_DIMENSION:
        dimensions = [entry.dimension for entry in known]
        raw = [1 / dimensions.count(name) for name in dimensions]
    else:
        raw = _numbers(weights) if weights else [1.0] * len(known)
    if len(raw) != len(known) or min(raw) < 0 or sum(raw) == 0:
        raise UnknownMethodError(f"Trọng số {weights!r} không dùng được: cần {len(known)} số không âm, hoặc dimension.")
    scale = len(known) / sum(raw)
    return Poverty(tuple(weight * scale for weight in raw), cutoff or facts.review.standard.deprivation_cutoff)


def unit_table(
    explored: Exploration, year: int, *, unit: str = "", weights: str = "", cutoff: float = 0
) -> DataTable | Prose:
    """Return H, A and M0 of the units below one and what each adds to its M0; empty where the file has B2 only."""
    facts = of_year(explored, year, unit)
    poverty = poverty_of(facts, weights, cutoff)
    if facts.printed.patterns.empty:
        return Prose("")
    frame = named(facts, with_contributions(measures(facts.printed.patterns, poverty, ["unit_code"]), facts.unit))
    frame["m0_pct"] = 100 * frame["adjusted_headcount"]
    columns = (
        Column("name", ("Đơn vị",), "text", 2.2),
        Column("poor", ("Số hộ nghèo đa chiều",), "count"),
        Column("incidence_pct", ("H",), "percent"),
        Column("intensity_pct", ("A",), "percent", missing="-"),
        Column("m0_pct", ("M0",), "percent"),
        Column("population_share_pct", ("Tỷ trọng hộ",), "percent"),
        Column("contribution_pct", ("Đóng góp vào M0",), "percent", missing="-"),
    )
    return DataTable(frame, columns, _caption("H, A, M0 theo đơn vị", facts, poverty), strong_rows=(len(frame) - 1,))


def indicator_table(
    explored: Exploration, year: int, *, unit: str = "", weights: str = "", cutoff: float = 0
) -> DataTable | Prose:
    """Return uncensored and censored headcounts and contributions by indicator; empty where the file has B2 only."""
    facts = of_year(explored, year, unit)
    poverty = poverty_of(facts, weights, cutoff)
    patterns = facts.printed.patterns
    if patterns.empty:
        return Prose("")
    frame = indicator_measures(patterns[patterns["unit_code"] == facts.unit], poverty)
    frame = frame.assign(
        dimension=[entry.dimension for entry in facts.indicators],
        name=[entry.name for entry in facts.indicators],
        weight_pct=[100 * weight / sum(poverty.weights) for weight in poverty.weights],
    )
    columns = (
        Column("dimension", ("Chiều",), "text", 1.6),
        Column("name", ("Chỉ số",), "text", 2.4),
        Column("weight_pct", ("Trọng số",), "percent"),
        Column("uncensored_pct", ("Tỷ lệ hộ thiếu hụt", "Mọi hộ"), "percent"),
        Column("censored_pct", ("Tỷ lệ hộ thiếu hụt", "Nghèo đa chiều"), "percent"),
        Column("contribution_pct", ("Đóng góp vào M0",), "percent", missing="-"),
    )
    note = "“Nghèo đa chiều”: hộ vừa nghèo đa chiều vừa thiếu hụt chỉ số đó, tính trên tổng số hộ."
    return DataTable(frame, columns, _caption("Thiếu hụt theo chỉ số", facts, poverty), note=note)


def change_table(
    explored: Exploration, year: int, *, unit: str = "", weights: str = "", cutoff: float = 0
) -> DataTable | Prose:
    """Return the change of M0 since the year before, and how much is fewer poor and how much their intensity (Shapley).

    Empty without that year, or where a file has B2 only.
    """
    if year - 1 not in explored.years:
        return Prose("")
    now, before = (of_year(explored, at, unit) for at in (year, year - 1))
    poverty = poverty_of(now, weights, cutoff)
    if now.printed.patterns.empty or before.printed.patterns.empty:
        return Prose("")
    old, new = (measures(facts.printed.patterns, poverty, ["unit_code"]) for facts in (before, now))
    effects = shapley_change(old, new, ["unit_code"]).set_index("unit_code")
    both = {name: table.set_index("unit_code")["adjusted_headcount"] for name, table in (("before", old), ("now", new))}
    frame = 100 * pd.DataFrame(both).join(effects).reindex(list(now.rows)).rename_axis("unit_code")
    columns = (
        Column("name", ("Đơn vị",), "text", 2.2),
        Column("before", ("M0", f"Năm {year - 1}"), "percent"),
        Column("now", ("M0", f"Năm {year}"), "percent"),
        Column("change", ("Tăng, giảm",), "points"),
        Column("incidence_effect", ("Trong đó do", "Tỷ lệ H"), "points"),
        Column("intensity_effect", ("Trong đó do", "Mức độ A"), "points"),
    )
    shown = named(now, frame.reset_index())
    caption = _caption("Thay đổi của M0 so với năm trước", now, poverty)
    return DataTable(shown, columns, caption, strong_rows=(len(shown) - 1,))


def error_table(
    explored: Exploration, year: int, *, weights: str = "", cutoff: float = 0, errors: Errors = "linearization"
) -> DataTable:
    """Return H, A, M0 and the income measures of the reporting unit, weighted; of a sample with their errors.

    Raises UnknownMethodError, LonelyClusterError.
    """
    if errors not in get_args(Errors):
        raise UnknownMethodError(f"Cách tính sai số {errors!r} không có; có: {', '.join(get_args(Errors))}.")
    facts = of_year(explored, year)
    poverty = poverty_of(facts, weights, cutoff)
    drawn = explored.samples[year]
    found = sample_measures(drawn, poverty, errors)
    frame = found.assign(name=found["measure"].map(_MEASURES))
    for column in ("estimate", "standard_error", "low", "high"):
        frame[column] = 100 * frame[column].astype("Float64")
    columns = [Column("name", ("Chỉ tiêu",), "text", 2.6), Column("estimate", ("Ước lượng",), "percent")]
    if drawn.is_drawn:
        columns.append(Column("standard_error", ("Sai số chuẩn",), "points"))
        columns += [
            Column(end, ("Khoảng tin cậy 95%", words), "percent") for end, words in (("low", "Từ"), ("high", "Đến"))
        ]
    note = (
        f"Sai số tính bằng {errors}."
        if drawn.is_drawn
        else "Tệp không có quyền số, tầng, cụm: rà soát toàn bộ, không có sai số mẫu."
    )
    return DataTable(frame, tuple(columns), _caption("Chỉ tiêu nghèo", facts, poverty), note=note)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        return []


def _caption(words: str, facts: HouseholdFacts, poverty: Poverty) -> str:
    cutoff = f"{poverty.cutoff:g}".replace(".", ",")
    return f"{words}, {facts.unit_name}, năm {facts.review.day.year} (k = {cutoff} trong {len(poverty.weights)})"
