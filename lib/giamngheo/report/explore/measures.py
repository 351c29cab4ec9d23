"""Multidimensional poverty explored: any weights and cut-off, by unit and indicator, its change, its errors."""

from typing import get_args

import pandas as pd

from giamngheo.core.errors import WrongUseError
from giamngheo.households.measures.alkire_foster import (
    Poverty,
    indicator_measures,
    measures,
    scored,
    shapley_change,
    with_contributions,
)
from giamngheo.households.measures.samples import Errors, sample_measures
from giamngheo.households.measures.survey import ALKIRE_FOSTER, linearized, linearized_change
from giamngheo.report.elements import Column, DataTable, Prose
from giamngheo.report.explore.facts import Exploration, of_year, patterns_of
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
    facts, patterns = of_year(explored, year, unit), patterns_of(explored, year, unit)
    poverty = poverty_of(facts, weights, cutoff)
    if patterns.empty:
        return Prose("")
    frame = named(facts, with_contributions(_by_unit(patterns, poverty), facts.unit))
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
    patterns = patterns_of(explored, year, unit)
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
    now = of_year(explored, year, unit)
    poverty = poverty_of(now, weights, cutoff)
    counts = [patterns_of(explored, at, unit) for at in (year - 1, year)]
    if any(patterns.empty for patterns in counts):
        return Prose("")
    old, new = (_by_unit(patterns, poverty) for patterns in counts)
    effects = shapley_change(old, new, ["unit_code"]).set_index("unit_code")
    both = {name: table.set_index("unit_code")["adjusted_headcount"] for name, table in (("before", old), ("now", new))}
    counted = [code for code in now.rows if code in both["now"].index]  # villages are not
    frame = 100 * pd.DataFrame(both).join(effects).reindex(counted).rename_axis("unit_code")
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


def unit_errors(
    explored: Exploration, year: int, *, unit: str = "", weights: str = "", cutoff: float = 0
) -> DataTable | Prose:
    """Return H and M0 of the units below one with errors and intervals; empty for a full review, or with B2 only.

    Errors are by linearization, of each unit as a part of the whole sample. Raises LonelyClusterError.
    """
    facts, patterns = of_year(explored, year, unit), patterns_of(explored, year, unit)
    poverty = poverty_of(facts, weights, cutoff)
    if patterns.empty or not explored.samples[year].is_drawn:
        return Prose("")
    found = linearized(scored(patterns, poverty), ALKIRE_FOSTER, ["unit_code"])
    caption = _caption("H, M0 theo đơn vị, có sai số mẫu", facts, poverty)
    return _errors(facts, found, ["estimate"], caption)


def change_errors(
    explored: Exploration, year: int, *, unit: str = "", weights: str = "", cutoff: float = 0
) -> DataTable | Prose:
    """Return how H and M0 changed since the year before, with errors; empty where one of the years is no sample.

    The two samples count as drawn apart from each other. Raises LonelyClusterError.
    """
    if year - 1 not in explored.years or not all(explored.samples[at].is_drawn for at in (year - 1, year)):
        return Prose("")
    facts = of_year(explored, year, unit)
    poverty = poverty_of(facts, weights, cutoff)
    counts = [patterns_of(explored, at, unit) for at in (year - 1, year)]
    if any(patterns.empty for patterns in counts):
        return Prose("")
    old, new = (scored(patterns, poverty) for patterns in counts)
    found = linearized_change(old, new, ALKIRE_FOSTER, ["unit_code"])
    caption = _caption("Thay đổi của H, M0 so với năm trước, có sai số mẫu", facts, poverty)
    return _errors(facts, found, ["before", "now", "estimate"], caption)


def _by_unit(patterns: pd.DataFrame, poverty: Poverty) -> pd.DataFrame:
    """Return the measures of each unit, without what is outside all of them."""
    return measures(patterns[patterns["unit_code"] != ""], poverty, ["unit_code"])


_SHOWN = {"incidence": "H", "adjusted_headcount": "M0"}
_ESTIMATES = {"before": "Năm trước", "now": "Năm nay", "estimate": "Ước lượng"}


def _errors(facts: HouseholdFacts, found: pd.DataFrame, estimates: list[str], caption: str) -> DataTable:
    """Return estimates of H and M0 by unit with errors and intervals of 95 %, from survey.linearized or its change."""
    ends = ["standard_error", "low", "high"]
    own = found[found["measure"].isin(_SHOWN)].set_index("unit_code")
    frame = pd.DataFrame(index=[code for code in facts.rows if code in own.index])
    columns = [Column("name", ("Đơn vị",), "text", 2.0)]
    for measure, words in _SHOWN.items():
        of_measure = 100 * own.loc[own["measure"] == measure, [*estimates, *ends]]
        frame = frame.join(of_measure.add_prefix(f"{measure}_"))
        heads = [_ESTIMATES[name] if len(estimates) > 1 else "Ước lượng" for name in estimates]
        heads = [*heads[:-1], "Tăng, giảm"] if len(estimates) > 1 else heads
        names = [
            *zip(estimates, heads, strict=True),
            ("standard_error", "Sai số chuẩn"),
            ("low", "Từ"),
            ("high", "Đến"),
        ]
        columns += [
            Column(f"{measure}_{name}", (words, head), "points" if name == "standard_error" else "percent")
            for name, head in names
        ]
    shown = named(facts, frame.rename_axis("unit_code").reset_index())
    note = "Từ, Đến: khoảng tin cậy 95%. Sai số tính bằng tuyến tính hóa theo tầng, cụm của cả mẫu."
    return DataTable(shown, tuple(columns), caption, strong_rows=(len(shown) - 1,), note=note)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        return []


def _caption(words: str, facts: HouseholdFacts, poverty: Poverty) -> str:
    cutoff = f"{poverty.cutoff:g}".replace(".", ",")
    return f"{words}, {facts.unit_name}, năm {facts.review.day.year} (k = {cutoff} trong {len(poverty.weights)})"
